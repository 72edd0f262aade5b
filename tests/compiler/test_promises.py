"""Promises, clocks, routing and the rest of what lives: as resources, word for word what was agreed."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any

import pytest

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.source import read_source, read_text_source
from sla_sync.compiler import compile_agreement
from sla_sync.resources import Destination, Resources
from tests.agreement.documents import ACME, FIRST, SMALL, acme
from tests.compiler.test_compile import exists

TIMED = {"by": "vp_sales", "clock": {"starts": "assigned", "stops": "touch"}, "within": "2 hours"}


def compiled(**sections: object) -> Resources:
    data: dict[str, Any] = dict(read_text_source(SMALL).data or {})
    return compile_agreement(Agreement.model_validate({**data, **sections}), {})


@pytest.mark.parametrize("path", [ACME, FIRST], ids=["acme", "first"])
def test_every_limit_rung_and_line_has_an_origin_in_the_document_and_a_name_of_its_own(path: Any) -> None:
    data = read_source(path, root=path.parent).data
    resources = compile_agreement(Agreement.model_validate(data), {})
    lines = resources.routing.lines if resources.routing else ()
    limits = [each.origin for clock in resources.clocks for each in clock.limits]
    rungs = [each.origin for clock in resources.clocks for each in clock.rungs]
    for origin in (*limits, *rungs, *(each.origin for each in lines)):
        assert exists(data, origin), origin
    for kind in ("sources", "priorities", "calendars", "teams", "queues", "clocks", "promises"):
        names = [each.name for each in getattr(resources, kind)]
        assert len(set(names)) == len(names)


def test_nothing_of_acme_is_left_unsaid() -> None:
    resources = compile_agreement(acme(), {})
    left_out = [each.name for each in fields(resources) if not getattr(resources, each.name)]
    assert left_out == ["groups", "scope"]


def test_a_promise_that_is_only_measured_has_no_clock_and_keeps_its_sentence() -> None:
    resources = compile_agreement(acme(), {"first-response": Mode.MEASURE})
    assert [each.name for each in resources.clocks] == ["verdict"]
    assert resources.deadline == "verdict"
    (promise,) = [each for each in resources.promises if each.name == "first-response"]
    assert (promise.sentence, promise.mode) == ("A rep touches every MQL in time.", Mode.MEASURE)


def test_a_clock_of_something_that_is_no_lead_is_left_to_others() -> None:
    of_a_list = {**TIMED, "clock": {"of": "list_upload", "starts": "asked", "stops": "done"}}
    assert compiled(commitments={"upload": of_a_list}).clocks == ()


@pytest.mark.parametrize(
    ("runs_in", "calendar", "wall_clock"),
    [("owner calendar", None, False), ("wall clock", None, True), ("office", "office", False)],
)
def test_a_clock_says_in_whose_hours_it_runs(runs_in: str, calendar: str | None, wall_clock: bool) -> None:
    timed = {**TIMED, "clock": {"starts": "assigned", "stops": "touch", "runs_in": runs_in}}
    (clock,) = compiled(commitments={"c": timed}, calendars={"office": {"open": {"mon": "09:00-17:00"}}}).clocks
    assert (clock.calendar, clock.wall_clock) == (calendar, wall_clock)


def test_limits_keep_apart_priorities_and_opening_hours_and_leave_out_what_is_undecided() -> None:
    within = {"inside hours": "1 hour", "outside hours": "undecided", "hot": "5 minutes"}
    (clock,) = compiled(commitments={"c": {**TIMED, "within": within}}).clocks
    assert [(each.priority, each.inside_hours, str(each.within)) for each in clock.limits] == [
        (None, True, "1 hour"),
        ("hot", None, "5 minutes"),
    ]


@pytest.mark.parametrize(
    ("warn", "found"),
    [("at 50%", 0.5), ("at 10 minutes", Duration(10, Unit.MINUTE)), ("undecided", None), (None, None)],
)
def test_a_warning_is_a_share_a_time_or_none(warn: str | None, found: object) -> None:
    (clock,) = compiled(commitments={"c": {**TIMED, **({"warn": warn} if warn else {})}}).clocks
    assert clock.warn == found


def test_a_rung_whose_time_is_undecided_is_left_out_and_the_others_keep_their_places() -> None:
    steps = [{"notify": "owner"}, {"after": "undecided", "close": True}, {"at": "3 days", "reassign": "by routing"}]
    (clock,) = compiled(commitments={"c": {**TIMED, "on_breach": steps}}).clocks
    assert [(each.index, each.reassign) for each in clock.rungs] == [(0, None), (2, "by routing")]


def test_a_route_leads_to_a_team_a_queue_a_stage_or_the_person_in_a_field() -> None:
    lines = [{"to": "sdr"}, {"to": "waiting"}, {"to": "account_owner"}, {"stage": "sal", "reason": "bad_fit"}]
    agreed = compiled(
        teams={"sdr": {}}, queues={"waiting": {}}, routing={"first_match": lines, "when_owner_leaves": "waiting"}
    ).routing
    assert agreed is not None
    assert [each.destination for each in agreed.lines] == [
        Destination.TEAM,
        Destination.QUEUE,
        Destination.FIELD,
        Destination.STAGE,
    ]
    assert [each.to for each in agreed.when_owner_leaves] == ["waiting"]


def test_conditions_are_spelled_out_in_plain_fields() -> None:
    territories = {"territory": {"emea": "country is DE", "rest": "country is known"}}
    resources = compiled(
        segments=territories,
        priorities={"near": {"when": "territory is emea"}},
        teams={"sdr": {}},
        routing={"first_match": [{"when": "territory is rest", "to": "sdr"}]},
        stages={"mql": {"next": [{"sal": "territory is emea"}]}, "sal": {"end": "won"}},
        commitments={"c": {**TIMED, "where": "territory is emea"}},
    )
    (line,) = resources.routing.lines if resources.routing else ()
    found = (resources.priorities[0].when, line.when, resources.stages[0].next["sal"], resources.clocks[0].where)
    assert [print_expression(each) if each else None for each in found] == [
        "country is DE",
        "country is known and country is not DE",
        "country is DE",
        "country is DE",
    ]


def test_a_priority_leaves_out_none_of_the_earlier_for_the_first_that_holds_counts() -> None:
    assert print_expression(compile_agreement(acme(), {}).priorities[1].when) == "stage is mql"


def test_stages_say_where_a_cycle_opens_and_where_it_closes() -> None:
    stages = compile_agreement(acme(), {}).stages
    assert [each.name for each in stages if each.qualifies] == ["mql"]
    assert [each.name for each in stages if each.closes] == ["won", "lost", "recycled", "disqualified"]


def test_a_reason_says_when_to_come_back_at_the_soonest() -> None:
    reasons = {"why": {"a": {"revisit": "30 to 90 days"}, "b": {"revisit": "ask"}, "c": {"revisit": "undecided"}}}
    stages = {"mql": {"next": ["sal", "no"]}, "sal": {"end": "won"}, "no": {"reasons": "why"}}
    (found,) = compiled(reasons=reasons, stages=stages).reason_sets
    assert (found.revisits, found.revisits_asked) == ({"a": Duration(30, Unit.DAY)}, ("b",))


def test_the_agreement_is_in_force_by_the_days_of_its_own_zone() -> None:
    resources = compile_agreement(acme(), {})
    assert resources.policy == "acme-inbound@2026-10-01"
    assert resources.in_force == (datetime(2026, 10, 1, 4, tzinfo=UTC), datetime(2027, 1, 1, 5, tzinfo=UTC))
