"""What each action does to the record that reaches it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from sla_sync_hubspot.simulator.refusals import RefusalError
from tests.connectors.hubspot.simulator.workshop import (
    CONTACT,
    MONDAY,
    Workshop,
    action,
    open_workshop,
    put,
    tick,
)

TASK = "0-27"
ANA, BEN, KIM = "41000005", "41000006", "41000004"
USERS = {"ana": "9000006", "ben": "9000007", "kim": "9000005"}
SDR = "501001"


def lead_of(shop: Workshop, **values: str) -> str:
    return shop.contact(email="lead@example.com", sla_fit="60", **values)


def copied(name: str) -> dict[str, str]:
    return {"type": "OBJECT_PROPERTY", "propertyName": name}


def later(delta: int, unit: str, **more: Any) -> dict[str, Any]:
    return {"type": "RELATIVE_DATETIME", "timeDelay": {"delta": delta, "timeUnit": unit} | more}


NINE = {"timeOfDay": {"hour": 9, "minute": 0}}
BERLIN = {"timeZoneStrategy": {"type": "STATIC_TIME_ZONE", "timeZoneId": "Europe/Berlin"}}
NOW = {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("sla_note", {"type": "STATIC_VALUE", "staticValue": "hello"}, "hello"),
        ("sla_at", NOW, "2026-11-30T15:00:00Z"),
        ("sla_day", NOW, "2026-11-30"),
        ("sla_note", copied("email"), "lead@example.com"),
        ("sla_note", copied("sla_fit"), "60"),
        ("sla_day", copied("sla_at"), "2026-11-29"),
        ("sla_owner", copied("hubspot_owner_id"), ANA),
        ("sla_at", copied("createdate"), "2026-11-30T15:00:00Z"),
        ("sla_ticks", {"type": "INCREMENT", "incrementAmount": 1}, "1"),
        ("sla_fit", {"type": "INCREMENT", "incrementAmount": -2.5}, "57.5"),
        ("sla_at", later(4, "HOURS"), "2026-11-30T19:00:00Z"),
        ("sla_at", later(2, "DAYS", **NINE), "2026-12-02T14:00:00Z"),
        ("sla_at", later(2, "DAYS", **NINE, **BERLIN), "2026-12-02T08:00:00Z"),
        ("sla_day", later(1, "WEEKS"), "2026-12-07"),
    ],
)
def test_a_property_gets_what_the_value_comes_to(name: str, value: dict[str, Any], text: str) -> None:
    shop = open_workshop()
    shop.put(action(1, "0-5", property_name=name, value=value))
    lead = lead_of(shop, sla_at="2026-11-30T03:00:00Z", hubspot_owner_id=ANA)
    assert shop.value(lead, name) == text


def test_a_source_without_a_value_clears_the_target() -> None:
    shop = open_workshop()
    shop.put(action(1, "0-5", property_name="sla_note", value=copied("firstname")))
    lead = lead_of(shop, sla_note="old")
    assert not shop.value(lead, "sla_note")


def test_a_value_that_the_property_does_not_take_fails_the_action_and_the_record_goes_on() -> None:
    shop = open_workshop()
    flow = shop.put(put(1, "sla_reason", "weather", to=2), tick(2))
    lead = lead_of(shop)
    assert shop.value(lead, "sla_reason") is None
    assert shop.value(lead, "sla_ticks") == "1"
    (failed,) = [each for each in shop.log(flow) if each.event == "FAILED"]
    assert "weather" in failed.text


@pytest.mark.parametrize(
    ("who", "owners"),
    [
        ({"user_ids": [USERS["ana"], USERS["ben"]]}, [ANA, BEN, ANA, BEN, ANA]),
        ({"team_ids": [SDR]}, [KIM, ANA, BEN, KIM, ANA]),
        ({"team_ids": ["501002"]}, [None] * 5),  # nobody's main team
    ],
)
def test_owners_are_rotated_in_a_round(who: dict[str, Any], owners: list[str | None]) -> None:
    shop = open_workshop()
    fields: dict[str, Any] = {"target_property": "hubspot_owner_id", "overwrite_current_owner": "false"} | who
    shop.put(action(1, "0-11", **fields))
    leads = [shop.contact(email=f"{number}@example.com", sla_fit="60") for number in range(5)]
    assert [shop.value(each, "hubspot_owner_id") for each in leads] == owners


@pytest.mark.parametrize(("overwrite", "owners"), [("false", [KIM, ANA]), ("true", [ANA, BEN])])
def test_an_owner_is_replaced_only_if_the_action_says_so(overwrite: str, owners: list[str]) -> None:
    shop = open_workshop()
    users = [USERS["ana"], USERS["ben"]]
    shop.put(action(1, "0-11", target_property="hubspot_owner_id", overwrite_current_owner=overwrite, user_ids=users))
    owned = shop.contact(email="a@example.com", sla_fit="60", hubspot_owner_id=KIM)
    free = shop.contact(email="b@example.com", sla_fit="60")
    assert [shop.value(each, "hubspot_owner_id") for each in (owned, free)] == owners


LINK = {"target": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 204},
        "value": {"type": "ENROLLED_OBJECT"}}  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "linked"),
    [
        ({}, True),
        ({"use_explicit_associations": "true"}, False),
        ({"use_explicit_associations": "true", "associations": [LINK]}, True),
    ],
)
def test_a_task_is_created_about_the_record_and_for_its_owner(fields: dict[str, Any], linked: bool) -> None:
    shop = open_workshop()
    owner = {"type": "CUSTOM", "value": copied("hubspot_owner_id")}
    due = {"delta": 4, "timeUnit": "HOURS"}
    shop.put(
        action(1, "0-3", task_type="CALL", subject="Call {{ enrolled_object.firstname }}", body="<p>Now</p>",
               owner_assignment=owner, priority="HIGH", due_time=due, **fields)
    )  # fmt: skip
    lead = lead_of(shop, firstname="Ada", hubspot_owner_id=BEN)
    (task,) = shop.portal.records.of(TASK)
    assert {name: task.get(name) for name in ("hs_task_subject", "hs_task_type", "hs_task_status")} == {
        "hs_task_subject": "Call Ada",
        "hs_task_type": "CALL",
        "hs_task_status": "NOT_STARTED",
    }
    assert (task.get("hubspot_owner_id"), task.get("hs_task_priority")) == (BEN, "HIGH")
    assert datetime.fromisoformat(task.get("hs_timestamp") or "") == MONDAY + timedelta(hours=4)
    assert (task.id in shop.portal.records.links_of(CONTACT, lead, TASK)) is linked


@pytest.mark.parametrize(
    ("kind", "who", "sent"),
    [
        ("0-8", {"user_ids": [USERS["ana"]]}, ("EMAIL", ("ana@acme.example",))),
        ("0-8", {"owner_properties": ["hubspot_owner_id", "sla_owner"]}, ("EMAIL", ("ben@acme.example",))),
        ("0-9", {"team_ids": [SDR]}, ("APP", ("kim@acme.example", "ana@acme.example", "ben@acme.example"))),
        (
            "0-9",
            {"user_ids": [USERS["ben"]], "owner_properties": ["hubspot_owner_id"], "delivery_method": "APP_AND_EMAIL"},
            ("APP_AND_EMAIL", ("ben@acme.example",)),
        ),
    ],
)
def test_a_notice_goes_to_users_teams_and_owners_each_once(
    kind: str, who: dict[str, Any], sent: tuple[str, tuple[str, ...]]
) -> None:
    shop = open_workshop()
    flow = shop.put(action(1, kind, subject="Late: {{enrolled_object.email}}", body="It is late", **who))
    lead = lead_of(shop, hubspot_owner_id=BEN)
    (found,) = shop.outbox()
    assert (found.kind, found.to) == sent
    assert (found.subject, found.flow, found.record, found.at) == ("Late: lead@example.com", flow, lead, MONDAY)


def test_a_notice_for_nobody_fails() -> None:
    shop = open_workshop()
    flow = shop.put(action(1, "0-8", subject="Late", body="It is late", owner_properties=["hubspot_owner_id"]))
    lead_of(shop)
    assert shop.outbox() == ()
    assert ("FAILED", "1") in shop.lines(flow)


def test_an_e_mail_goes_to_the_contact_and_to_none_without_an_address() -> None:
    shop = open_workshop()
    shop.put(action(1, "0-4", content_id="77"))
    lead_of(shop)
    shop.contact(firstname="Ada", sla_fit="60")
    assert [(each.kind, each.to, each.subject) for each in shop.outbox()] == [
        ("MARKETING_EMAIL", ("lead@example.com",), "77")
    ]


def test_a_record_joins_a_static_list_and_leaves_it() -> None:
    shop = open_workshop()
    hot = shop.make_list()
    shop.put(action(1, "0-63809083", to=2, listId=hot), action(2, "0-1", to=3, delta="60", time_unit="MINUTES"),
             action(3, "0-63863438", listId=hot))  # fmt: skip
    lead = lead_of(shop)
    assert set(shop.portal.records.noted(f"members/{hot}")) == {lead}
    shop.run(hours=1)
    assert not shop.portal.records.noted(f"members/{hot}")


def test_a_list_that_was_deleted_meanwhile_fails_the_action() -> None:
    shop = open_workshop()
    hot = shop.make_list()
    flow = shop.put(action(1, "0-63809083", listId=hot))
    shop.portal.state["lists"][hot]["deletedAt"] = "2026-11-30T15:00:00.000Z"
    lead_of(shop)
    assert ("FAILED", "1") in shop.lines(flow)


NOTICE = {"subject": "Late", "body": "It is late", "user_ids": ["1"]}
REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("0-25", {"source_property": "hubspot_owner_id", "target_property": "hubspot_owner_id"}, "action type '0-25'"),
    ("0-14", {}, "action type '0-14'"),
    ("0-8", NOTICE | {"subject": "{{ _0_2.name }}"}, "the token '_0_2.name'"),
    ("0-8", NOTICE | {"body": "{{ enrolled_object.shoe_size }}"}, "shoe_size"),
    ("0-5", {"property_name": "sla_note", "value": NOW}, "TIMESTAMP for property sla_note"),
    ("0-5", {"property_name": "sla_note", "value": {"type": "INCREMENT", "incrementAmount": 1}}, "INCREMENT"),
    ("0-5", {"property_name": "sla_fit", "value": copied("email")}, "copying a property of type string"),
    ("0-5", {"property_name": "sla_at", "value": later(1, "DAYS", daysOfWeek=["MONDAY"])}, "daysOfWeek"),
    ("0-5", {"property_name": "sla_note", "value": {"type": "STATIC_VALUE", "staticValue": "{{ x }}"}}, "tokens"),
    (
        "0-5",
        {"property_name": "sla_note", "value": {"type": "STATIC_VALUE", "staticValue": "x"},
         "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}},
        "sla_note of object type 0-2 does not exist",
    ),
    (
        "0-5",
        {"property_name": "name", "value": {"type": "STATIC_VALUE", "staticValue": "x"},
         "association": {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}},
        "no association of the types: HUBSPOT_DEFINED 194",
    ),
    ("0-11", {"target_property": "sla_note", "overwrite_current_owner": "true", "user_ids": ["1"]}, "an owner"),
    ("0-35", {"date": copied("sla_note"), "delta": "0", "time_unit": "DAYS"}, "not a date"),
    ("0-35", {"date": NOW, "delta": "0", "time_unit": "DAYS"}, "a value of type TIMESTAMP"),
    ("0-1", {"delta": "-5", "time_unit": "MINUTES"}, "back in time"),
    ("0-29", {"event_filter_branches": [{"filterBranchType": "UNIFIED_EVENTS", "eventTypeId": "4-1639801",
                                         "operator": "HAS_COMPLETED", "filters": []}],
              "expiration_minutes": "5"}, "4-1639801"),
)  # fmt: skip


@pytest.mark.parametrize(("kind", "fields", "named"), REFUSED)
def test_what_is_not_executed_is_refused_by_name(kind: str, fields: dict[str, Any], named: str) -> None:
    with pytest.raises(RefusalError, match=named):
        open_workshop().put(action(1, kind, **fields))


@pytest.mark.parametrize("kind", ["WEBHOOK", "AB_TEST_BRANCH"])
def test_kinds_of_actions_that_reach_outside_are_refused_by_name(kind: str) -> None:
    with pytest.raises(RefusalError, match=kind):
        open_workshop().put({"type": kind, "actionId": "1"})
