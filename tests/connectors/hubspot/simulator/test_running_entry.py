"""Who is enrolled, enrolled again and let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.connectors.hubspot.simulator.portal import event, in_list, tested
from tests.connectors.hubspot.simulator.workshop import (
    CONTACT,
    FITS,
    MONDAY,
    by_list,
    delay,
    open_workshop,
    put,
    stamp,
    tick,
    trigger,
)

BUDGET = tested("sla_reason", operationType="ENUMERATION", operator="IS_ANY_OF", values=["budget"])
KNOWN = {"operationType": "ALL_PROPERTY", "operator": "IS_KNOWN"}
IS_BUDGET = {"operationType": "ENUMERATION", "operator": "IS_ANY_OF", "values": ["budget"]}
IS_EITHER = IS_BUDGET | {"values": ["budget", "need"]}


def test_whoever_comes_to_meet_the_criteria_is_enrolled_and_only_the_first_time() -> None:
    shop = open_workshop()
    shop.put(tick(1))
    early = shop.contact(email="a@example.com", sla_fit="50")
    assert shop.value(early, "sla_ticks") is None
    for fit in ("60", "50", "70"):
        shop.change(early, sla_fit=fit)
    assert shop.value(early, "sla_ticks") == "1"


def test_what_a_workflow_writes_bears_its_id_in_the_history_of_the_property() -> None:
    shop = open_workshop()
    flow = shop.put(stamp(1))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    (value,) = shop.told(lead, "sla_at")
    assert (value.source.kind, value.source.identifier) == ("AUTOMATION_PLATFORM", flow)
    assert value.text == "2026-11-30T15:00:00Z"


@pytest.mark.parametrize(("enrols", "ticks"), [(False, None), (True, "1")])
def test_existing_records_are_enrolled_when_a_workflow_is_switched_on_only_if_the_switch_says_so(
    enrols: bool, ticks: str | None
) -> None:
    shop = open_workshop(enrols_existing=enrols)
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.put(tick(1))
    assert shop.value(lead, "sla_ticks") == ticks
    shop.change(lead, sla_fit="61")
    assert shop.value(lead, "sla_ticks") == ticks
    shop.change(lead, sla_fit="1")
    shop.change(lead, sla_fit="62")
    assert shop.value(lead, "sla_ticks") == "1"


def test_whoever_came_to_meet_the_criteria_while_a_workflow_was_off_is_not_enrolled_when_it_is_on_again() -> None:
    shop = open_workshop()
    flow = shop.put(tick(1))
    shop.replace(flow, tick(1), isEnabled=False)
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.replace(flow, tick(1))
    shop.change(lead, sla_fit="61")
    assert shop.value(lead, "sla_ticks") is None


def test_criteria_that_change_enrol_nobody_who_meets_them_already() -> None:
    shop = open_workshop()
    flow = shop.put(tick(1))
    lead = shop.contact(email="a@example.com", sla_fit="10", sla_reason="budget")
    shop.replace(flow, tick(1), enrollmentCriteria=by_list(BUDGET))
    shop.change(lead, sla_fit="11")
    assert shop.value(lead, "sla_ticks") is None


@pytest.mark.parametrize(
    ("test", "reasons", "ticks"),
    [
        (IS_BUDGET, ("need", "budget"), "2"),
        (IS_BUDGET, ("budget",), "1"),  # it stood there before
        (IS_BUDGET, ("need", "need"), "1"),
        (IS_EITHER, ("need",), "1"),  # it met the trigger with the value before
        (KNOWN, ("need",), "2"),  # one value after another is news to IS_KNOWN
        (KNOWN, ("need", "budget", "budget"), "3"),
    ],
)
def test_a_re_enrolment_trigger_enrols_each_time_that_a_record_comes_to_meet_it(
    test: dict[str, object], reasons: tuple[str, ...], ticks: str
) -> None:
    shop = open_workshop()
    criteria = by_list(FITS, again=True, triggers=[trigger("sla_reason", **test)])
    shop.put(tick(1), enrollmentCriteria=criteria)
    lead = shop.contact(email="a@example.com", sla_fit="60", sla_reason="budget")
    for reason in reasons:
        shop.change(lead, sla_reason=reason)
    assert shop.value(lead, "sla_ticks") == ticks


def test_a_re_enrolment_trigger_enrols_nobody_who_does_not_meet_the_criteria_or_is_still_enrolled() -> None:
    shop = open_workshop()
    criteria = by_list(FITS, again=True, triggers=[trigger("sla_reason", **KNOWN)])
    flow = shop.put(tick(1, to=2), delay(2, 60), enrollmentCriteria=criteria)
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.change(lead, sla_reason="need")
    assert shop.value(lead, "sla_ticks") == "1", "it waits in the delay"
    shop.run(hours=2)
    shop.change(lead, sla_fit="1")
    shop.change(lead, sla_reason="budget")
    assert shop.value(lead, "sla_ticks") == "1", "it does not meet the criteria"
    shop.change(lead, sla_fit="60")
    shop.change(lead, sla_reason="need")
    assert shop.lines(flow).count(("ENROLLED", "")) == 2


@pytest.mark.parametrize(("leaves", "note"), [(True, None), (False, "late")])
def test_a_record_that_no_longer_meets_the_criteria_leaves_if_the_workflow_says_so(
    leaves: bool, note: str | None
) -> None:
    shop = open_workshop()
    flow = shop.put(delay(1, 60, to=2), put(2, "sla_note", "late"), enrollmentCriteria=by_list(FITS, leaves=leaves))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    shop.run(minutes=30)
    shop.change(lead, sla_fit="1")
    shop.run(hours=1)
    assert shop.value(lead, "sla_note") == note
    assert (("LEFT", "2") in shop.lines(flow)) is leaves


def test_an_action_whose_own_write_ends_the_criteria_is_the_last_one() -> None:
    shop = open_workshop()
    unstamped = tested("sla_at", operationType="ALL_PROPERTY", operator="IS_UNKNOWN")
    criteria = by_list(FITS, unstamped, leaves=True)
    shop.put(stamp(1, to=2), put(2, "sla_note", "never"), enrollmentCriteria=criteria)
    lead = shop.contact(email="a@example.com", sla_fit="60")
    assert shop.value(lead, "sla_at")
    assert shop.value(lead, "sla_note") is None


def test_members_of_a_suppression_list_are_not_enrolled_and_leave() -> None:
    shop = open_workshop()
    barred = shop.make_list()
    shop.put(delay(1, 60, to=2), tick(2), suppressionListIds=[int(barred)])
    first = shop.contact(email="a@example.com", sla_fit="60")
    second = shop.contact(email="b@example.com")
    for each in (first, second):
        shop.portal.records.enlist(barred, CONTACT, each, shop.portal.now, member=True)
    shop.change(second, sla_fit="60")
    shop.run(hours=2)
    assert [shop.value(each, "sla_ticks") for each in (first, second)] == [None, None]
    assert [line[0] for line in shop.lines()].count("LEFT") == 1


def test_a_list_enrols_who_comes_to_be_its_member() -> None:
    shop = open_workshop()
    root = by_list(FITS)["listFilterBranch"]
    hot = shop.make_list("DYNAMIC", filterBranch=root)
    shop.put(tick(1), enrollmentCriteria=by_list(in_list(hot)))
    lead = shop.contact(email="a@example.com", sla_fit="10")
    shop.change(lead, sla_fit="60")
    assert shop.value(lead, "sla_ticks") == "1"


def test_criteria_that_look_at_the_clock_are_evaluated_while_it_runs() -> None:
    shop = open_workshop()
    now = {"timeType": "INDEXED", "zoneId": "UTC", "indexReference": {"referenceType": "NOW"}, "offset": {"hours": -4}}
    old = tested("sla_at", operationType="TIME_POINT", operator="IS_BEFORE", timePoint=now, type="TIME_POINT",
                 includeObjectsWithNoValueSet=False)  # fmt: skip
    flow = shop.put(tick(1), enrollmentCriteria=by_list(old))
    lead = shop.contact(email="a@example.com", sla_at="2026-11-30T15:00:00Z")
    shop.run(hours=4)
    assert shop.value(lead, "sla_ticks") is None
    shop.run(minutes=15)
    assert shop.value(lead, "sla_ticks") == "1"
    (began, *_) = shop.log(flow)
    assert began.at - MONDAY == timedelta(hours=4, minutes=15)


@pytest.mark.parametrize(("again", "ticks"), [(False, "1"), (True, "2")])
def test_an_event_enrols_when_a_property_gets_the_value(again: bool, ticks: str) -> None:
    shop = open_workshop()
    criteria = {"type": "EVENT_BASED", "eventFilterBranches": [event("sla_reason", "budget")], "shouldReEnroll": again}
    lead = shop.contact(email="a@example.com", sla_reason="budget")
    shop.put(tick(1), enrollmentCriteria=criteria)
    assert shop.value(lead, "sla_ticks") is None, "the event was before"
    for reason in ("need", "budget", "need", "budget"):
        shop.change(lead, sla_reason=reason)
    assert shop.value(lead, "sla_ticks") == ticks


def test_an_archived_record_leaves_and_what_is_left_of_a_deleted_workflow_does_nothing() -> None:
    shop = open_workshop()
    flow = shop.put(delay(1, 60, to=2), tick(2))
    gone = shop.contact(email="a@example.com", sla_fit="60")
    shop.archive(gone)
    lead = shop.contact(email="b@example.com", sla_fit="60")
    shop.remove(flow)
    shop.run(hours=2)
    assert shop.value(lead, "sla_ticks") is None
    assert [line.text for line in shop.log() if line.event == "LEFT"] == [
        "the record was deleted",
        "the workflow was deleted",
    ]


def test_two_workflows_that_write_the_same_property_run_in_the_order_of_their_ids() -> None:
    shop = open_workshop()
    first, second = shop.put(put(1, "sla_note", "one")), shop.put(put(1, "sla_note", "two"))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    assert [(each.text, each.source.identifier) for each in shop.told(lead, "sla_note")] == [
        ("two", second),
        ("one", first),
    ]


def test_workflows_that_begin_each_other_without_end_are_stopped() -> None:
    shop = open_workshop()
    for reason, other in (("budget", "need"), ("need", "budget")):
        criteria = {"type": "EVENT_BASED", "eventFilterBranches": [event("sla_reason", reason)], "shouldReEnroll": True}
        shop.put(tick(1, to=2), put(2, "sla_reason", other), enrollmentCriteria=criteria)
    lead = shop.contact(email="a@example.com", sla_reason="budget")
    assert shop.value(lead, "sla_ticks") == "40"
    assert shop.lines()[-1][0] in ("SKIPPED", "FINISHED")
    assert [line.text for line in shop.log() if line.event == "SKIPPED"] == [
        "not enrolled again: the workflows run in a circle"
    ]


def test_the_engine_may_be_late() -> None:
    shop = open_workshop(latency=timedelta(seconds=90))
    shop.put(stamp(1, to=2), delay(2, 60, to=3), stamp(3, "sla_day", to=4), tick(4))
    lead = shop.contact(email="a@example.com", sla_fit="60")
    assert shop.value(lead, "sla_at") is None
    shop.run(seconds=90)
    assert shop.value(lead, "sla_at") == "2026-11-30T15:01:30Z"
    shop.run(minutes=61)
    assert shop.value(lead, "sla_ticks") is None
    shop.run(seconds=30)
    assert shop.value(lead, "sla_ticks") == "1"
