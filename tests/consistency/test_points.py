"""What each point finds on sides made by hand, for what a simulator does not show easily."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Clock,
    Consequence,
    DataType,
    Desired,
    FactKind,
    Facts,
    Field,
    FieldFact,
    Mode,
    Reason,
    Stage,
    StageValue,
    clock_events,
)
from sla_sync.consistency import Found, Outcome, Pair
from sla_sync.consistency.doers import escalation, writers
from sla_sync.consistency.fields import misfit
from sla_sync.consistency.hours import same_zone
from sla_sync.consistency.sides import Route, Way
from sla_sync.consistency.start import start
from sla_sync.consistency.syncing import direction
from sla_sync.consistency.thresholds import thresholds
from sla_sync.consistency.vocabulary import vocabulary
from tests.consistency.sides import RESOURCES, automation, pair, side, text

CLOCK = Clock(
    "answer", ("commitments", "answer"), "", "Answer", Mode.ACT, clock_events.Moment.ASSIGNED, clock_events.Moment.TOUCH
)


def worst(found: list[Found]) -> list[Outcome]:
    return [each.outcome for each in found]


def choice(*values: str) -> FieldFact:
    return text("c", holds=FactKind.CHOICE, choices=values)


@pytest.mark.parametrize(
    ("before", "after", "fits"),
    [
        (text("a", length=80), text("b", length=80), True),
        (text("a", length=81), text("b", length=80), False),
        (text("a"), text("b", length=80), True),
        (text("a", holds=FactKind.INSTANT), text("b", holds=FactKind.DATE), False),
        (text("a", holds=FactKind.DATE), text("b", holds=FactKind.INSTANT), False),
        (text("a", holds=FactKind.NUMBER), text("b"), False),
        (text("a"), text("b", holds=FactKind.CHECKBOX), False),
        (choice("x", "y"), text("b", length=80), True),
        (text("a"), choice("x"), False),
        (text("a"), text("b", holds=FactKind.CHOICE), True),
        (choice("x"), choice("x", "y"), True),
        (choice("x", "z"), choice("x", "y"), False),
        (text("a", holds=FactKind.PERSON), text("b", holds=FactKind.PERSON), True),
    ],
)
def test_a_field_takes_what_its_partner_holds(before: FieldFact, after: FieldFact, *, fits: bool) -> None:
    assert (misfit(before, after) == "") is fits


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("US/Eastern", "America/New_York", True),
        ("America/New_York", "America/Toronto", True),
        ("America/New_York", "America/Bogota", False),
        ("Europe/Berlin", "Europe/London", False),
        ("Nowhere/Atall", "Europe/London", False),
    ],
)
def test_zones_are_one_where_their_clocks_agree_all_year(one: str, other: str, *, same: bool) -> None:
    assert same_zone(one, other, 2026) is same


def test_a_missing_setting_that_holds_a_number_differs_and_one_without_numbers_does_not() -> None:
    def missing(value: float | str) -> list[Outcome]:
        wanted = Desired(Address("Row", "x"), {"values": [{"value": value}]}, origins={(): ("scoring", "person")})
        change = Change(Action.CREATE, wanted.address, (), Reason.ABSENT, Consequence.BREACH, desired=wanted)
        sides = side("hubspot", changes=(change,), desired=(wanted,)), side("salesforce")
        return worst(list(thresholds(pair(*sides))))

    assert missing(100) == [Outcome.DIFFERS]
    assert missing("a name") == [Outcome.GOOD]


def due(*automations: object, **said: object) -> Facts:
    return Facts(fields={"due_at": text("due")}, automations=tuple(automations), **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "second", "good"),
    [
        ([automation("w", writes="due", ours=True)], [], True),
        ([automation("w", writes="due", ours=True), automation("v", writes="due", ours=True)], [], True),
        ([automation("w", writes="due", ours=True)], [automation("f", writes="due", ours=True)], False),
        ([automation("w", writes="due", ours=True), automation("other", writes="due")], [], False),
        ([automation("other", writes="due")], [], False),
        ([automation("other", writes="name")], [], True),
    ],
    ids=["ours", "two of ours", "both platforms", "ours and another", "another", "another field"],
)
def test_one_platform_writes_a_stamp_by_our_automations(
    first: list[object], second: list[object], *, good: bool
) -> None:
    sides = side("hubspot", facts=due(*first)), side("salesforce", facts=due(*second))
    assert (worst(list(writers(pair(*sides)))) == [Outcome.GOOD]) is good


def test_the_writer_that_a_binding_names_is_the_only_one() -> None:
    bound = {"score": {"field": "score", "writer": "hubspot"}}
    facts = Facts(fields={"score": text("score")}, automations=(automation("theirs", writes="score"),))
    there = pair(side("hubspot", facts=facts, fields=bound), side("salesforce"))
    assert worst(list(writers(there))) == [Outcome.GOOD]
    elsewhere = pair(side("hubspot", fields=bound), side("salesforce", facts=facts))
    assert worst(list(writers(elsewhere))) == [Outcome.DIFFERS]


def test_whoever_escalates_without_running_the_clocks_is_found_also_where_it_is_ours() -> None:
    left_over = automation("SLA | small | answer.due", reads="state", acts=True, ours=True)
    facts = Facts(automations=(left_over,), clock_fields=frozenset({"state"}))
    beside = side("hubspot", facts=facts, timers="salesforce")
    assert worst(list(escalation(pair(beside, side("salesforce"))))) == [Outcome.DIFFERS]
    alone = pair(side("hubspot", facts=facts), side("salesforce", timers="hubspot"))
    assert worst(list(escalation(alone))) == [Outcome.GOOD]


def test_two_platforms_that_run_the_clocks_escalate_twice_and_none_runs_them_never() -> None:
    clocked = replace(RESOURCES, clocks=(CLOCK,))
    both = pair(side("hubspot"), side("salesforce"), resources=clocked)
    assert worst(list(escalation(both))) == [Outcome.DIFFERS]
    neither = pair(side("hubspot", timers="salesforce"), side("salesforce", timers="hubspot"), resources=clocked)
    assert worst(list(start(neither))) == [Outcome.DIFFERS]
    measured = replace(neither, measured=frozenset({"answer"}))
    assert list(start(measured)) == []


def shown(*values: tuple[str, str], place: str = "Status") -> Facts:
    return Facts(stages={stage: (StageValue(place, value, offered=True),) for stage, value in values})


def staged(first: Facts, second: Facts, *routes: Route) -> Pair:
    stages = tuple(Stage(each, ("stages", each), "", each, 0) for each in ("mql", "sal"))
    sides = side("hubspot", facts=first), side("salesforce", facts=second)
    return pair(*sides, *routes, resources=replace(RESOURCES, stages=stages))


def test_values_are_held_against_each_other_in_the_direction_in_which_they_pass() -> None:
    fields = {"hubspot": "Status", "salesforce": "Status"}
    unlike = shown(("mql", "A"), ("sal", "B")), shown(("mql", "A"), ("sal", "C"))
    one_way = Route(fields, Way.ONE, "always salesforce", "salesforce")
    both = [each.sentence for each in vocabulary(staged(*unlike, Route(fields, Way.BOTH, "two-way")))]
    assert [("«B»" in each, "«C»" in each) for each in both] == [(True, True), (True, True)]
    (one,) = vocabulary(staged(*unlike, one_way))
    assert one.sentence.startswith("Stage 'sal' is «C» on salesforce-one, and that means nothing on hubspot-one")
    assert worst(list(vocabulary(staged(*unlike)))) == [Outcome.UNKNOWN, Outcome.UNKNOWN]
    crossed = shown(("mql", "A"), ("sal", "B")), shown(("mql", "B"), ("sal", "A"))
    assert "means 'sal'" in next(iter(vocabulary(staged(*crossed, one_way)))).sentence


@pytest.mark.parametrize(
    ("writer", "way", "source", "good"),
    [
        ("salesforce", Way.ONE, "salesforce", True),
        ("salesforce", Way.BOTH, "", False),
        ("salesforce", Way.NONE, "", False),
        # No rule of the exchange lets HubSpot alone decide, so that both ways are the nearest to it.
        ("hubspot", Way.BOTH, "", True),
        ("hubspot", Way.ONE, "salesforce", False),
    ],
)
def test_a_rule_fits_the_writer_of_its_field(writer: str, way: Way, source: str, *, good: bool) -> None:
    facts = Facts(fields={"need": text("need")})
    bound = {"need": {"field": "need", "writer": writer}}
    sides = side("hubspot", facts=facts, fields=bound), side("salesforce", facts=facts)
    route = Route({"hubspot": "need", "salesforce": "need"}, way, "a rule", source, frozenset({"salesforce"}))
    assert (worst(list(direction(pair(*sides, route)))) == [Outcome.GOOD]) is good


def test_latencies_on_which_the_bindings_rely_are_kept_by_the_exchange() -> None:
    def found(first: str, second: str) -> list[Outcome]:
        sides = side("hubspot", expects={"sync_latency": first}), side("salesforce", expects={"sync_latency": second})
        route = Route({"hubspot": "a", "salesforce": "b"}, Way.BOTH, "two-way")
        return worst(list(start(pair(*sides, route))))

    assert found("15 minutes", "15 minutes") == []
    assert found("10 minutes", "10 minutes") == [Outcome.DIFFERS]
    assert found("20 minutes", "30 minutes") == [Outcome.DIFFERS]


def test_what_shows_a_clock_is_written_where_the_clocks_run_and_what_people_write_has_no_one_writer() -> None:
    people = Field("reason", ("reasons",), "", "Reason", DataType.CHOICE, written_by_people=True)
    facts = Facts(
        fields={"due_at": text("due"), "reason": text("reason")},
        clock_fields=frozenset({"due"}),
        automations=(automation("clears", writes="reason", ours=True),),
    )
    sides = side("hubspot", facts=facts), side("salesforce", facts=facts, timers="hubspot")
    both = pair(*sides, resources=replace(RESOURCES, fields=(people,)))
    assert both.writer_of("due_at") == "hubspot"
    assert both.writer_of("reason") is None
