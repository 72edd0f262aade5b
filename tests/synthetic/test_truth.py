"""The truth follows from the parameters, and every trap is there."""

from __future__ import annotations

from dataclasses import asdict, fields, replace
from math import sqrt

import numpy as np
import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.synthetic.chance import HOUR, MINUTE, NEVER, Chance, Curve
from sla_sync.synthetic.kept import Kept
from sla_sync.synthetic.parameters import NO_TRAPS, Member, Parameters, Policy, Team, Traps
from sla_sync.synthetic.truth import Truth, truth_of
from sla_sync.synthetic.turns import VOIDS
from sla_sync.synthetic.world import World, world_of

SIGMAS = 4.5


def all_cuts(truth: Truth) -> list[tuple[str, Kept]]:
    return [
        (f"{promise} {cut} {word}", each)
        for promise in ("first_response", "verdict_of_turns")
        for cut, words in getattr(truth, promise).items()
        for word, each in words.items()
        if each.judged
    ]


def test_shares_on_time_lie_where_the_curves_say_however_they_are_cut(crowd_truth: Truth) -> None:
    cuts = all_cuts(crowd_truth)
    off = [
        (name, each)
        for name, each in cuts
        if each.expected is None
        or each.deviation is None
        or abs(each.on_time / each.judged - each.expected) > SIGMAS * each.deviation + 0.5 / each.judged
    ]
    assert len(cuts) > 20
    assert off == []


def test_a_promise_at_a_point_of_the_curve_is_kept_as_often_as_the_curve_says() -> None:
    limits = {"hot": 15 * 60, "warm": 2 * 3600}
    parameters = Parameters(leads=20_000, policies=(Policy("1", Parameters().since, limits),), traps=NO_TRAPS)
    even = tuple(
        replace(team, members=tuple(replace(each, pace=1.0) for each in team.members)) for team in parameters.teams
    )
    kept = truth_of(world_of(replace(parameters, teams=even))).first_response["all"]["all"]
    assert kept.expected == pytest.approx(0.71)
    assert kept.on_time / kept.judged == pytest.approx(0.71, abs=SIGMAS * (kept.deviation or 0))


def test_conversions_have_the_shares_of_the_parameters(crowd_truth: Truth) -> None:
    known = [each for each in crowd_truth.conversions if each.expected is not None]
    assert [each.start for each in known] == ["sal", "sql", "opportunity"]
    for each in known:
        assert each.expected is not None
        everybody = max(each.mature, 1_500)
        assert each.share == pytest.approx(each.expected, abs=SIGMAS * sqrt(0.25 / everybody))


def test_a_naive_conversion_of_everybody_so_far_is_lower_than_that_of_mature_cohorts(crowd: World) -> None:
    sal = crowd.verdicts.accepted & (crowd.turns.void < 0) & (crowd.verdicts.decided < crowd.as_of)
    so_far = (sal & (crowd.verdicts.sql < crowd.as_of)).sum() / sal.sum()
    truth = truth_of(crowd).conversions[1]
    assert so_far < truth.share - 0.03
    assert truth.reached / truth.mature == pytest.approx(truth.share, abs=0.02)


def test_medians_of_the_answered_are_shorter_than_those_of_all(crowd_truth: Truth) -> None:
    for speed in crowd_truth.response.values():
        shown, real, curves = speed.answered_only[0], speed.sample[0], speed.population[0]
        assert shown is not None
        assert real is not None
        assert curves is not None
        assert shown < real
        assert real == pytest.approx(curves, rel=0.06)


def test_a_clock_that_runs_on_is_kept_by_fewer_than_one_that_begins_anew(crowd_truth: Truth) -> None:
    whole, anew = crowd_truth.verdict["all"]["all"], crowd_truth.verdict_of_turns["all"]["all"]
    assert whole.on_time / whole.judged < anew.on_time / anew.judged
    assert whole.judged < anew.judged
    assert whole.void < anew.void


def test_follow_up_is_kept_as_often_as_the_weights_of_touches_and_channels_say(crowd_truth: Truth) -> None:
    effort = crowd_truth.follow_up
    assert effort.kept / effort.exits == pytest.approx(effort.expected, abs=SIGMAS * sqrt(0.25 / effort.exits))


def test_volume_is_what_was_asked_for(quarter_truth: Truth) -> None:
    first = sum(each["first"] + each["merged"] for each in quarter_truth.volume.values())
    assert first == pytest.approx(3 * 110, abs=SIGMAS * sqrt(3 * 110))


def test_every_trap_is_in_the_quarter_of_the_example(quarter_truth: Truth) -> None:
    assert [name for name, number in quarter_truth.traps.items() if number < 1] == []


def test_without_traps_no_turn_is_void_and_nobody_comes_in_the_night_of_an_import() -> None:
    who_stays = Team("sdr", "office", (Member("ana"), Member("ben")))
    truth = truth_of(world_of(Parameters(teams=(who_stays,), traps=NO_TRAPS, imports=0)))
    kept = truth.first_response["all"]["all"]
    assert kept.void == 0 < kept.judged
    for trap in ("imported at night", "merged", "waited in a queue", "taken before its time was up", "machine's mails"):
        assert truth.traps[trap] == 0


@pytest.mark.parametrize(
    "trap", ["test", "duplicates", "taken", "returned", "queued", "automatic", "by_others", "flips"]
)
def test_a_trap_alone_appears_as_often_as_it_was_asked_for(trap: str) -> None:
    alone = replace(NO_TRAPS, **{trap: 0.2})
    truth = truth_of(world_of(Parameters(leads=8_000, traps=alone, imports=0)))
    names = {
        "test": "excluded: test",
        "duplicates": "merged",
        "taken": "taken before its time was up",
        "returned": "returned to the queue",
        "queued": "waited in a queue",
        "automatic": "machine's mails",
        "by_others": "calls by others",
        "flips": "stage set before a touch",
    }
    mqls = sum(each[word] for each in truth.volume.values() for word in ("first", "merged", "again", "excluded"))
    accepted = truth.conversions[0].share
    whole = {"test": 8_000, "flips": mqls * accepted}.get(trap, mqls)
    share = truth.traps[names[trap]] / whole
    assert share == pytest.approx(0.2, abs=SIGMAS * sqrt(0.16 / whole) + 0.02)


def test_what_a_trap_takes_away_leaves_the_share_of_the_rest_as_it_was() -> None:
    many = Traps(**{**asdict(NO_TRAPS), "duplicates": 0.2, "deleted": 0.1, "taken": 0.2, "returned": 0.1})
    kept = truth_of(world_of(Parameters(leads=40_000, traps=many))).first_response["all"]["all"]
    assert kept.void > kept.judged / 4
    assert kept.on_time / kept.judged == pytest.approx(kept.expected, abs=SIGMAS * (kept.deviation or 0))


def test_a_curve_is_drawn_as_it_stands_and_whole_numbers_are_exact() -> None:
    curve = Curve(((0, 10), (0.5, 60), (0.8, 3600)))
    draws = Chance(3, "curve").draws(200_000)
    times = curve.times(draws)
    for share, seconds in ((0.25, 35), (0.5, 60), (0.65, 1830)):
        assert (times <= seconds * 1000).mean() == pytest.approx(share, abs=0.005)
        assert curve.share_within(np.array([seconds * 1000]))[0] == pytest.approx(share)
    assert (times >= NEVER).mean() == pytest.approx(0.2, abs=0.005)
    assert curve.at_pace(2).share_within(np.array([2 * MINUTE]))[0] == pytest.approx(0.5)


@pytest.mark.parametrize(
    "points", [((0, 1),), ((0.1, 1), (1, 2)), ((0, 5), (0.5, 5)), ((0, 1), (1.2, 2)), ((0, 0), (1, 400 * HOUR))]
)
def test_a_curve_that_cannot_be_drawn_is_refused(points: tuple[tuple[float, float], ...]) -> None:
    with pytest.raises(SlaSyncError, match="cannot be drawn from"):
        Curve(points)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"to_won": 1.2}, "to_won is 1.2, which is no share"),
        ({"to_sql": 0.9}, "more than all"),
        ({"traps": replace(NO_TRAPS, test=-0.1)}, "traps.test is -0.1"),
        ({"until": Parameters().since}, "No day lies from 2026-10-01 to before 2026-10-01"),
        ({"policies": ()}, "No policy is in force on 2026-10-01"),
        ({"accepted": {"hot": 0.5}}, "accepted says nothing of warm"),
        ({"traps": replace(NO_TRAPS, duplicates=0.6, taken=0.6)}, "More turns end early"),
    ],
)
def test_a_world_that_cannot_be_is_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(SlaSyncError, match=message):
        replace(Parameters(), **changes)  # type: ignore[arg-type]


def test_each_share_of_a_trap_stands_in_the_list_of_voids_or_is_counted(quarter_truth: Truth) -> None:
    assert len(fields(Traps)) <= len(quarter_truth.traps)
    assert set(VOIDS) == {"test", "competitor", "merged", "deleted", "import", "queue"}
