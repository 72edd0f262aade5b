"""A story that is acted out in a portal, and what people were told in it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.connector.simulation import Deed, Move, Running, serve
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import Record
from tests.connectors.hubspot.simulator.portal import CHOICE, CLOCK, CONTACTS, FLOWS, GROUP, branch, tested
from tests.connectors.hubspot.simulator.portal import Portal as Asked

START = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
ADA = "Ada Byron"
ANA, BEN = "41000005", "41000006"
WORDS: dict[str, Any] = yaml.safe_load("""
prefix: SLA_
stages:
  inquiry: {hs_lead_status: [NEW, OPEN]}
  mql: {hs_lead_status: [CONNECTED]}
  recycled: {hs_lead_status: [BAD_TIMING]}
  won: {dealstage: [closedwon]}
sources: {from: [sla_source], values: {demo: [Demo Request, Demo Again], webinar: [Webinar]}}
fields:
  email: {field: email}
  employees: {field: numemployees}
  score: {field: sla_score}
  account_owner: {field: hubspot_owner_id, through: companies}
touch: {any: [{activity: call, by: owner}]}
""")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serve(simulator, tmp_path, clock=CLOCK) as served:
        asked = Asked(served.application, tmp_path)  # type: ignore[arg-type]
        asked.done("POST", f"{CONTACTS}/groups", GROUP)
        text = {"groupName": "sla_sync", "type": "string", "fieldType": "text"}
        for name in ("sla_source", "sla_queue", "sla_reason_note"):
            asked.done("POST", CONTACTS, {"name": name, "label": name, **text})
        asked.done("POST", CONTACTS, {"name": "sla_score", "label": "Score", "groupName": "sla_sync", "type": "number",
                                      "fieldType": "number"})  # fmt: skip
        asked.done("POST", CONTACTS, CHOICE)
        yield served


def acted(running: Running, *moves: Move) -> Record:
    assert simulator.play is not None
    identifier = simulator.play(running, moves, WORDS)[ADA]
    found = portal_of(running).records.get("0-1", identifier)
    assert found is not None
    return found


def portal_of(running: Running) -> Portal:
    application: Any = running.application
    found: Portal = application.portal
    return found


def move(deed: Deed, minutes: int = 0, **more: Any) -> Move:
    return Move(START + timedelta(minutes=minutes), ADA, deed, **more)


ARRIVES = move(
    Deed.ARRIVES,
    source="demo",
    facts={"email": "ada@example.com", "score": 80, "employees": 60, "account_owner": "ben"},
)


def test_a_lead_arrives_as_a_contact_in_its_first_stage(running: Running) -> None:
    contact = acted(running, ARRIVES)
    names = ("firstname", "lastname", "email", "hs_lead_status", "sla_source", "sla_score", "numemployees")
    assert [contact.get(each) for each in names] == [
        "Ada", "Byron", "ada@example.com", "NEW", "Demo Request", "80", "50-100",
    ]  # fmt: skip
    (company,) = portal_of(running).records.links_of("0-1", contact.id, "0-2")
    found = portal_of(running).records.get("0-2", company)
    assert found is not None
    assert found.get("hubspot_owner_id") == BEN
    assert timedelta(0) <= contact.created - START < timedelta(seconds=5)


def test_people_act_in_their_own_names(running: Running) -> None:
    contact = acted(
        running, ARRIVES, move(Deed.TAKES, 5, by="ana"),
        move(Deed.MOVES, 10, by="owner", stage="recycled", reason="budget", note="Next year"),
    )  # fmt: skip
    assert [contact.get(each) for each in ("hubspot_owner_id", "hs_lead_status", "sla_reason", "sla_reason_note")] == [
        ANA, "BAD_TIMING", "budget", "Next year",
    ]  # fmt: skip
    newest = contact.history["hs_lead_status"][0]
    assert (newest.source.kind, newest.source.user) == ("CRM_UI", "9000006")


def test_a_touch_is_a_call_of_its_owner_on_the_contact(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.TAKES, 5, by="ana"), move(Deed.TOUCHES, 10, by="owner"))
    (call,) = portal_of(running).records.links_of("0-1", contact.id, "0-48")
    found = portal_of(running).records.get("0-48", call)
    assert found is not None
    assert (found.get("hubspot_owner_id"), found.get("hs_timestamp")) == (ANA, "2026-12-01T10:10:00Z")
    assert contact.get("num_contacted_notes") == "1"


def test_a_colleague_is_another_of_the_same_team(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.TAKES, 5, by="ana"), move(Deed.TOUCHES, 10, by="colleague"))
    (call,) = portal_of(running).records.links_of("0-1", contact.id, "0-48")
    found = portal_of(running).records.get("0-48", call)
    assert found is not None
    assert found.get("hubspot_owner_id") not in (ANA, None)


def test_a_machine_writes_within_a_sequence(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.MAILS, 10, by="ana"))
    (mail,) = portal_of(running).records.links_of("0-1", contact.id, "0-49")
    found = portal_of(running).records.get("0-49", mail)
    assert found is not None
    assert found.get("hs_sequence_id")


def test_a_contact_that_is_given_back_is_nobodys_and_stands_in_the_queue(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.TAKES, 5, by="ana"), move(Deed.RETURNS, 9, by="ana", to="parking"))
    assert (contact.get("hubspot_owner_id"), contact.get("sla_queue")) == ("", "parking")


def test_who_asks_again_fills_in_a_form_with_another_value_of_the_source(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.ASKS, 60, source="demo"))
    assert [each.text for each in contact.history["sla_source"]] == ["Demo Again", "Demo Request"]
    assert contact.get("num_conversion_events") == "1"


def test_facts_become_known(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.CHANGES, 5, facts={"score": 95}))
    assert contact.get("sla_score") == "95"


def test_a_conversion_is_a_deal_that_a_later_stage_moves(running: Running) -> None:
    contact = acted(running, ARRIVES, move(Deed.CONVERTS, 5, by="ana"), move(Deed.MOVES, 9, by="ana", stage="won"))
    (deal,) = portal_of(running).records.links_of("0-1", contact.id, "0-3")
    found = portal_of(running).records.get("0-3", deal)
    assert found is not None
    assert [each.text for each in found.history["dealstage"]] == ["closedwon", "appointmentscheduled"]


def test_an_owner_cannot_act_where_there_is_none(running: Running) -> None:
    with pytest.raises(RuntimeError, match="Ada Byron has no owner"):
        acted(running, ARRIVES, move(Deed.TOUCHES, 10, by="owner"))


def test_what_the_portal_refuses_is_told(running: Running) -> None:
    with pytest.raises(RuntimeError, match="INVALID_EMAIL"):
        acted(running, move(Deed.ARRIVES, facts={"email": "nowhere"}))


def test_what_people_were_told_is_heard_with_the_name_of_the_lead(running: Running) -> None:
    hot = tested("sla_score", operationType="NUMBER", operator="IS_GREATER_THAN", value=70)
    notice = {"subject": "Call {{ enrolled_object.firstname }}", "body": "Now", "user_ids": ["9000007"]}
    mail = {"content_id": "77"}
    asked = Asked(running.application, Path())  # type: ignore[arg-type]
    asked.done("POST", FLOWS, {
        "name": "Hot", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": True, "objectTypeId": "0-1",
        "startActionId": "1", "enrollmentCriteria": {"type": "LIST_BASED", "listFilterBranch": branch(hot),
            "shouldReEnroll": False, "unEnrollObjectsNotMeetingCriteria": False},
        "actions": [
            {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-8", "fields": notice,
             "connection": {"edgeType": "STANDARD", "nextActionId": "2"}},
            {"type": "SINGLE_CONNECTION", "actionId": "2", "actionTypeId": "0-4", "fields": mail},
        ],
    })  # fmt: skip
    acted(running, ARRIVES)
    assert simulator.heard is not None
    (told,) = simulator.heard(running)
    assert (told.to, told.lead, told.title) == (("ben",), ADA, "Call Ada")
