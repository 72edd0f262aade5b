"""How a record goes through a workflow: branches, delays, waiting for events, and workflows that change meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sla_sync_hubspot.simulator.records import Source
from tests.connectors.hubspot.simulator.portal import event, tested
from tests.connectors.hubspot.simulator.workshop import (
    CONTACT,
    MONDAY,
    WEEK,
    Workshop,
    action,
    delay,
    open_workshop,
    put,
    split,
    stamp,
    switch,
    tick,
)

BUDGET = tested("sla_reason", operationType="ENUMERATION", operator="IS_ANY_OF", values=["budget"])
REASON = {"type": "OBJECT_PROPERTY", "propertyName": "sla_reason"}


def lead_of(shop: Workshop, **values: str) -> str:
    return shop.contact(email="lead@example.com", sla_fit="60", **values)


@pytest.mark.parametrize(("reason", "note"), [("budget", "yes"), ("need", "no"), ("", "no")])
def test_a_branch_takes_the_first_that_fits_or_the_default(reason: str, note: str) -> None:
    shop = open_workshop()
    shop.put(split(1, BUDGET, to=2, other=3), put(2, "sla_note", "yes"), put(3, "sla_note", "no"))
    assert shop.value(lead_of(shop, sla_reason=reason), "sla_note") == note


@pytest.mark.parametrize(("reason", "note"), [("budget", "b"), ("need", "n"), ("", "none")])
def test_a_branch_on_values_takes_that_of_the_value_or_the_default(reason: str, note: str) -> None:
    shop = open_workshop()
    shop.put(
        switch(1, REASON, budget=2, need=3, other=4),
        put(2, "sla_note", "b"),
        put(3, "sla_note", "n"),
        put(4, "sla_note", "none"),
    )
    assert shop.value(lead_of(shop, sla_reason=reason), "sla_note") == note


def test_a_branch_without_a_default_ends_for_those_that_fit_nowhere() -> None:
    shop = open_workshop()
    flow = shop.put(split(1, BUDGET, to=2), tick(2))
    lead_of(shop)
    assert shop.lines(flow) == [("ENROLLED", ""), ("FINISHED", "")]


def test_branches_meet_again_at_one_action() -> None:
    shop = open_workshop()
    shop.put(split(1, BUDGET, to=2, other=3), put(2, "sla_note", "yes", to=3), tick(3))
    assert shop.value(lead_of(shop, sla_reason="budget"), "sla_ticks") == "1"
    assert shop.value(shop.contact(email="b@example.com", sla_fit="60"), "sla_ticks") == "1"


DATE = {"type": "OBJECT_PROPERTY", "propertyName": "sla_at"}
DAY = {"type": "OBJECT_PROPERTY", "propertyName": "sla_day"}
STATIC = {"type": "STATIC_VALUE", "staticValue": str(int((MONDAY + timedelta(hours=3)).timestamp() * 1000))}
AT_NINE = {"time_of_day": {"hour": 9, "minute": 0}}


@pytest.mark.parametrize(
    ("kind", "fields", "ends"),
    [
        ("0-1", {"delta": "90", "time_unit": "MINUTES"}, "2026-11-30T16:30:00+00:00"),
        ("0-1", {"delta": "2", "time_unit": "DAYS"}, "2026-12-02T15:00:00+00:00"),
        ("0-1", {"delta": "0", "time_unit": "MINUTES"}, "2026-11-30T15:00:00+00:00"),
        ("0-35", {"date": DATE, "delta": "0", "time_unit": "MINUTES"}, "2026-12-01T12:30:00+00:00"),
        ("0-35", {"date": DATE, "delta": "-60", "time_unit": "MINUTES"}, "2026-12-01T11:30:00+00:00"),
        ("0-35", {"date": DATE, "delta": "1", "time_unit": "DAYS"} | AT_NINE, "2026-12-02T14:00:00+00:00"),
        ("0-35", {"date": DATE, "delta": "-30", "time_unit": "DAYS"}, "2026-11-30T15:00:00+00:00"),  # in the past
        ("0-35", {"date": DAY, "delta": "0", "time_unit": "DAYS"}, "2026-12-03T05:00:00+00:00"),  # midnight here
        ("0-35", {"date": DAY, "delta": "0", "time_unit": "DAYS"} | AT_NINE, "2026-12-03T14:00:00+00:00"),
        ("0-35", {"date": STATIC, "delta": "0", "time_unit": "MINUTES"}, "2026-11-30T18:00:00+00:00"),
    ],
)
def test_a_delay_ends_at_its_time(kind: str, fields: dict[str, Any], ends: str) -> None:
    shop = open_workshop()
    shop.put(action(1, kind, to=2, **fields), tick(2))
    lead = lead_of(shop, sla_at="2026-12-01T12:30:00Z", sla_day="2026-12-03")
    shop.run(days=7)
    assert [each.at.isoformat() for each in shop.told(lead, "sla_ticks")] == [ends]


def test_a_delay_until_a_date_that_nobody_gave_ends_at_once() -> None:
    shop = open_workshop()
    shop.put(action(1, "0-35", to=2, date=DATE, delta="0", time_unit="MINUTES"), tick(2))
    assert shop.value(lead_of(shop), "sla_ticks") == "1"


def test_what_is_due_first_comes_first_whoever_was_enrolled_first() -> None:
    shop = open_workshop()
    shop.put(delay(1, 120, to=2), put(2, "sla_note", "slow"))
    shop.put(delay(1, 60, to=2), put(2, "sla_note", "fast"))
    lead = lead_of(shop)
    shop.run(hours=3)
    assert [(each.text, each.at - MONDAY) for each in shop.told(lead, "sla_note")] == [
        ("slow", timedelta(hours=2)),
        ("fast", timedelta(hours=1)),
    ]


WAIT = action(1, "0-29", to=2, event_filter_branches=[event("sla_reason", "budget")], expiration_minutes="60")
MET = {"type": "FIELD_DATA", "actionId": "1", "dataKey": "hs_event_criteria_met"}


@pytest.mark.parametrize(
    ("before", "after", "note", "minutes"),
    [
        ((), ("budget",), "met", 30),
        ((), ("need",), "late", 60),
        (("budget",), (), "late", 60),  # what happened before the record waited does not count
        ((), (), "late", 60),
    ],
)
def test_a_record_waits_for_an_event_or_until_the_time_for_it_is_over(
    before: tuple[str, ...], after: tuple[str, ...], note: str, minutes: int
) -> None:
    shop = open_workshop()
    shop.put(WAIT, switch(2, MET, true=3, other=4), put(3, "sla_note", "met"), put(4, "sla_note", "late"))
    lead = lead_of(shop, **dict.fromkeys(["sla_reason"] * bool(before), *before or ("",)))
    shop.run(minutes=30)
    for reason in after:
        shop.change(lead, sla_reason=reason)
    shop.run(hours=2)
    (value,) = shop.told(lead, "sla_note")
    assert (value.text, value.at - MONDAY) == (note, timedelta(minutes=minutes))


def test_while_a_workflow_is_off_its_actions_are_passed_over_and_delays_and_branches_go_on() -> None:
    shop = open_workshop()
    steps = (delay(1, 60, to=2), tick(2, to=3), delay(3, 60, to=4), split(4, BUDGET, to=5), stamp(5))
    flow = shop.put(*steps)
    lead = lead_of(shop, sla_reason="budget")
    shop.replace(flow, *steps, isEnabled=False)
    shop.run(minutes=90)
    assert shop.value(lead, "sla_ticks") is None
    assert ("SKIPPED", "2") in shop.lines(flow)
    shop.replace(flow, *steps)
    shop.run(minutes=60)
    assert shop.value(lead, "sla_at") == "2026-11-30T17:00:00Z"


def test_nobody_is_enrolled_while_a_workflow_is_off() -> None:
    shop = open_workshop()
    flow = shop.put(tick(1), isEnabled=False)
    lead_of(shop)
    assert shop.lines(flow) == []


def test_a_record_goes_on_in_the_workflow_as_it_stands_when_its_delay_ends() -> None:
    shop = open_workshop()
    flow = shop.put(delay(1, 60, to=2), put(2, "sla_note", "old"))
    lead = lead_of(shop)
    shop.replace(flow, delay(1, 5, to=2), put(2, "sla_note", "new"))
    shop.run(minutes=59)
    assert shop.value(lead, "sla_note") is None, "a delay lasts as long as it said when it began"
    shop.run(minutes=1)
    assert shop.value(lead, "sla_note") == "new"


def test_a_record_leaves_where_its_action_was_removed() -> None:
    shop = open_workshop()
    flow = shop.put(delay(1, 60, to=2), tick(2))
    lead = lead_of(shop)
    shop.replace(flow, delay(1, 60))
    shop.run(hours=1)
    assert shop.value(lead, "sla_ticks") is None
    assert shop.log(flow)[-1].text == "the action 2 was removed"


def test_an_action_that_waits_for_its_hours_follows_hours_that_change() -> None:
    shop = open_workshop(datetime(2026, 12, 5, 20, 0, tzinfo=UTC))
    flow = shop.put(tick(1), timeWindows=list(WEEK))
    lead = lead_of(shop)
    shop.replace(flow, tick(1), timeWindows=[WEEK[1]])
    shop.run(days=2)
    assert shop.value(lead, "sla_ticks") is None
    shop.run(days=1)
    assert shop.value(lead, "sla_ticks") == "1"


def test_a_workflow_that_runs_in_a_circle_is_left_and_one_with_a_delay_in_the_circle_goes_on() -> None:
    shop = open_workshop()
    circle = shop.put(tick(1, to=2), split(2, BUDGET, to=1, other=1))
    lead_of(shop)
    assert shop.log(circle)[-1].text == "the workflow runs in a circle"
    shop.remove(circle)
    shop.put(tick(1, to=2), delay(2, 60, to=1))
    slow = shop.contact(email="b@example.com", sla_fit="60")
    shop.run(hours=5)
    assert shop.value(slow, "sla_ticks") == "6"


@pytest.mark.parametrize("length", [1, 7, 30, 480])
def test_it_makes_no_difference_how_far_the_clock_runs_at_a_time(length: int) -> None:
    def lived(step: int) -> list[tuple[str, str, datetime]]:
        shop = open_workshop()
        shop.put(delay(1, 45, to=2), tick(2, to=3), delay(3, 500, to=4), stamp(4), timeWindows=list(WEEK))
        for number in range(3):
            shop.contact(email=f"{number}@example.com", sla_fit="60")
            shop.run(minutes=20)
        end = MONDAY + timedelta(days=2)
        while shop.portal.now < end:
            shop.run_to(min(end, shop.portal.now + timedelta(minutes=step)))
        return [(each.record, each.event, each.at) for each in shop.log()]

    assert lived(length) == lived(2880)


def test_the_history_of_a_workflow_and_who_is_in_it_are_kept_with_the_records() -> None:
    shop = open_workshop()
    shop.put(delay(1, 60, to=2), stamp(2))
    point = shop.portal.records.savepoint()
    shop.portal.records.write(CONTACT, shop.portal.records.create(CONTACT, {}, Source("X"), MONDAY), {"sla_fit": "60"},
                              Source("X"), MONDAY)  # fmt: skip
    shop.portal.records.restore(point)
    lead = lead_of(shop)
    kinds = set(shop.portal.records.notes)
    assert {"flow-enrolment", "flow-enrolled", "flow-meeting", "flow-seen", "flow-log"} <= kinds
    shop.run(hours=1)
    assert shop.value(lead, "sla_at")
    assert not shop.portal.records.noted("flow-enrolment")
