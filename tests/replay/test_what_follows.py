"""To whom those who qualify would have gone, whom sales would have accepted, and what no history can tell."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.replay.acceptance import predicted
from sla_sync.replay.counts import interval_of_count
from sla_sync.replay.hand_offs import AS_RECORDED
from sla_sync.replay.limits_of_knowledge import Part, unknowns
from sla_sync.replay.replay import Replay, replay
from sla_sync.replay.revisions import Revision
from tests.attainment.test_runs import turn
from tests.measures.pasts import past_of
from tests.replay.sides import OCTOBER, UNTIMED, scored, side
from tests.semantics.leads import at

NOW = at("12-20 00:00")
Row = dict[str, object]


def told(lead: str, field: str, value: str, when: str = "10-05 09:00") -> Row:
    return {"lead": lead, "at": at(when), "field": field, "value": value}


def past_with(under: Revision, facts: list[Row], **others: list[Row]) -> Past:
    leads = sorted({str(row["lead"]) for row in facts})
    born = [{"lead": each, "created_at": at("10-01 00:00")} for each in leads]
    return past_of(under.agreement, NOW, agreements=None, files=None, leads=born, facts=facts, **others)


def routed(*lines: Row, otherwise: str = "pool") -> Revision:
    routing = {"first_match": list(lines), "otherwise": otherwise}
    plain = scored(100)
    stages = {name: each.model_dump(by_alias=True, exclude_unset=True) for name, each in plain.agreement.stages.items()}
    stages["mql"]["enter_when"] = "score reaches threshold"
    teams = {"sdr": {"calendar": "office", "members": 2}, "iberia": {"calendar": "madrid"}}
    scoring = {"person": {"threshold": 100}}
    return side(stages=stages, scoring=scoring, routing=routing, teams=teams, commitments=UNTIMED)


def test_hand_offs_follow_the_first_line_that_holds_when_somebody_qualifies() -> None:
    before = routed({"when": "country is ES", "to": "iberia"}, {"when": "stage is mql", "to": "sdr"})
    after = routed({"when": "account_owner is known", "to": "account_owner"}, {"when": "country is ES", "to": "sdr"})
    facts = [told(lead, "score", "100") for lead in "abcd"]
    facts += [told("a", "country", "ES"), told("b", "country", "DE"), told("c", "account_owner", "eva")]
    facts += [told("d", "country", "ES", "10-06 09:00")]
    found = replay(past_with(before, facts), before, after, OCTOBER)
    assert found.handed is not None
    went = {each.to: (each.before, each.after) for each in found.handed.to}
    assert went == {"iberia": (1, 0), "sdr": (3, 1), "account_owner": (0, 1), "pool": (0, 2)}
    shares = {each.to: each.per_member(30, after=False) for each in found.handed.to}
    assert shares == {"iberia": None, "sdr": 1.5, "account_owner": None, "pool": None}


def test_a_routing_that_stays_and_cannot_be_told_spreads_people_as_they_were_spread_and_one_that_changes_has_no_number() -> (
    None
):
    before = routed({"when": "account_owner is known", "to": "account_owner"}, {"when": "stage is mql", "to": "sdr"})
    cycles: list[Row] = [
        {"lead": lead, "qualified_at": at("10-05 09:01"), "team": "sdr" if lead < "d" else "iberia"} for lead in "abcd"
    ]
    past = past_with(before, [told(lead, "score", "100") for lead in "abcd"], cycles=cycles)
    found = replay(past, before, before, OCTOBER)
    assert found.handed is not None
    assert found.handed.definition == AS_RECORDED
    assert {each.to: (each.before, each.after) for each in found.handed.to} == {"sdr": (3, 3), "iberia": (1, 1)}
    other = replay(past, before, routed({"when": "account_owner is known", "to": "sdr"}), OCTOBER)
    assert other.handed is None
    assert "Who would have got whom: History holds nothing of `account_owner`." in other.unknown


def test_acceptance_is_carried_over_by_the_score_and_of_scores_that_were_never_handed_over_nobody_knows() -> None:
    bands = {100: Share(20, 40), 120: Share(36, 40), 90: Share(1, 2)}
    found = predicted(bands, {100: 10, 120: 30, None: 2}, {90: 7, 100: 20, 120: 20}, 14)
    assert found.before.value == pytest.approx(0.8)
    assert found.after.value == pytest.approx(0.7)
    assert (found.before.n, found.unseen_before, found.after.n, found.unseen_after) == (40, 2, 40, 7)
    assert found.before.interval is not None
    low, high = found.before.interval
    assert low < 0.8 < high
    assert predicted({}, {100: 3}, {}, 14).before.value is None


def test_who_left_to_a_stage_of_acceptance_in_time_was_accepted() -> None:
    under = scored(100)
    stays: list[Row] = []
    facts: list[Row] = []
    for number in range(30):
        lead = f"L{number:02}"
        facts.append(told(lead, "score", "105", "10-01 00:00"))
        went = "sal" if number < 15 else "recycled" if number < 20 else None
        left = None if went is None else at("10-06 09:00") if number else at("10-30 09:00")
        stays.append({"lead": lead, "stage": "mql", "entered_at": at("10-05 09:00"), "went_to": went, "left_at": left})
    found = replay(past_with(under, facts, stays=stays), under, under, OCTOBER)
    assert found.accepted is not None
    assert found.accepted.bands == {100: Share(14, 30)}
    assert found.accepted.before.value == found.accepted.after.value == pytest.approx(14 / 30)


def replayed(after: Revision, before: Revision | None = None) -> Replay:
    old = before or scored(100)
    return replay(small(old), old, after, OCTOBER)


def small(under: Revision) -> Past:
    return past_with(under, [told("a", "score", "100")], legs=[turn(leg="T", lead="a")])


def with_points(points: int) -> Revision:
    fit = {"add": {"here": {"when": "country is DE", "points": points}}}
    plain = scored(100)
    model = plain.agreement.scoring["person"].model_copy(update={"fit": None})
    agreed = plain.agreement.model_copy(update={"scoring": {"person": model}})
    found = type(model).model_validate({"threshold": 100, "fit": fit})
    return replace(plain, agreement=agreed.model_copy(update={"scoring": {"person": found}}))


NO_NUMBER: tuple[tuple[Revision, Revision, str], ...] = (
    (
        scored(100),
        with_points(20),
        "What people would have scored by the other points of `person`: history holds scores and not what people did.",
    ),
    (
        scored(100),
        scored(100, "did visit pricing_page"),
        "Who would have qualified: History does not hold what people did",
    ),
    (scored(100), scored(100, "phone is known"), "Who would have qualified: History holds nothing of `phone`."),
    (
        replace(scored(100), bindings={"somewhere": {"stages": {"mql": "A"}}}),
        replace(scored(100), bindings={"somewhere": {"stages": {"mql": "B"}}}),
        "What `stages` means on somewhere changes",
    ),
)


@pytest.mark.parametrize(("before", "after", "because"), NO_NUMBER)
def test_what_of_a_change_cannot_be_replayed_is_said(before: Revision, after: Revision, because: str) -> None:
    found = tuple(unknowns(small(before), before, after))
    assert any(each.said.startswith(because) for each in found), found
    assert {each.part for each in found} <= {Part.MQLS, Part.EVERYTHING}


def test_who_would_have_qualified_has_no_number_where_that_cannot_be_replayed() -> None:
    found = replayed(with_points(20))
    assert found.qualified.before.value is None
    assert found.qualified.after.value is None
    assert found.qualified.recorded.value == 0
    assert (found.handed, found.accepted, found.changing) == (None, None, ())


@pytest.mark.slow
def test_another_touch_leaves_no_number_to_promises_that_stop_at_one() -> None:
    before, after = (replace(side(), bindings={"somewhere": {"touch": each}}) for each in ("call", "email"))
    found = replayed(after, before)
    assert [each.commitment for each in found.kept] == ["verdict"]
    assert "What counts as a touch on somewhere changes; history holds what counted before." in found.unknown


def test_a_clock_that_turns_cannot_tell_is_said_where_it_changes_and_not_where_it_stays() -> None:
    clock = {"starts": "assigned", "stops": "meeting booked"}
    promise = {"by": "vp_sales", "clock": clock, "within": "2 days"}
    old, new = (
        replace(scored(100), agreement=side(commitments={"booked": {**promise, "within": within}}).agreement)
        for within in ("2 days", "3 days")
    )
    found = replayed(new, old)
    assert not found.kept
    assert "How `booked` would have been kept: Turns do not record when `meeting booked` happened." in found.unknown
    assert not any("booked" in each for each in replayed(old, old).unknown)


@pytest.mark.parametrize(("count", "low", "high"), [(0, 0, 3.7), (10, 4.8, 18.4), (100, 81.4, 121.6)])
def test_a_count_has_the_interval_of_a_poisson_count(count: int, low: float, high: float) -> None:
    assert interval_of_count(count) == pytest.approx((low, high), abs=0.1)
