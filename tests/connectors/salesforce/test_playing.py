"""Stories acted out in a simulated org: each deed is a call of the public API in the session of whoever acts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.simulation import Deed, Move, Running, serve
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.playing import heard, play
from sla_sync_salesforce.simulator.application import Application
from sla_sync_salesforce.simulator.outbox import put

START = datetime(2026, 10, 1, 13, tzinfo=UTC)
WORDS: Mapping[str, Any] = {
    "prefix": "SLA_",
    "stages": {
        "inquiry": {"Lead.Status": ["Open - Not Contacted"]},
        "sal": {"Lead.Status": ["Working - Contacted"]},
    },
    "sources": {
        "from": ["CampaignMember.Campaign.Type", "Lead.LeadSource"],
        "values": {"demo": ["Webinar"], "call": ["Phone Inquiry"]},
    },
    "fields": {"email": {"field": "Lead.Email"}, "employees": {"field": "Lead.NumberOfEmployees"}},
    "touch": {"any": [{"Task": {"Type": ["Call"], "Status": ["Completed"], "not": {"Subject": "Automatic*"}}}]},
    "queues": {},
}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serve(simulator, tmp_path, clock=START) as served:
        yield served


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def arrives(lead: str = "Kay Hill", hours: float = 1, **more: Any) -> Move:
    return Move(at(hours), lead, Deed.ARRIVES, facts={"email": "kay@hillside.example"}, **more)


def rows(running: Running, kind: str) -> Sequence[Mapping[str, Any]]:
    return tuple(org(running).desk.organization.store.of(kind).values())


def org(running: Running) -> Application:
    application = running.application
    assert isinstance(application, Application)
    return application


def login(running: Running, user: object) -> str:
    return next(each.username.partition("@")[0] for each in org(running).desk.organization.users if each.id == user)


def test_a_lead_arrives_at_its_time_in_the_first_stage_with_its_facts_and_its_source(running: Running) -> None:
    records = play(running, (arrives(source="call"),), WORDS)
    (lead,) = rows(running, "Lead")
    assert records == {"Kay Hill": lead["Id"]}
    assert running.now == at(1)
    assert {name: lead[name] for name in ("FirstName", "LastName", "Company", "Status", "LeadSource", "Email")} == {
        "FirstName": "Kay",
        "LastName": "Hill",
        "Company": "Hill Ltd",
        "Status": "Open - Not Contacted",
        "LeadSource": "Phone Inquiry",
        "Email": "kay@hillside.example",
    }


def test_moves_are_played_in_the_order_of_their_times(running: Running) -> None:
    later, sooner = arrives("Last Come", 3), arrives("First Come", 2)
    play(running, (later, sooner), WORDS)
    assert [each["Name"] for each in rows(running, "Lead")] == ["First Come", "Last Come"]


def test_somebody_who_is_known_asks_again_through_a_campaign(running: Running) -> None:
    records = play(running, (arrives(), Move(at(2), "Kay Hill", Deed.ASKS, source="demo")), WORDS)
    (campaign,), (member,) = rows(running, "Campaign"), rows(running, "CampaignMember")
    assert campaign["Type"] == "Webinar"
    assert (member["LeadId"], member["CampaignId"]) == (records["Kay Hill"], campaign["Id"])


def test_people_take_move_and_touch_a_lead_in_their_own_name(running: Running) -> None:
    moves = (
        arrives(),
        Move(at(2), "Kay Hill", Deed.TAKES, "ana"),
        Move(at(3), "Kay Hill", Deed.MOVES, "ben", stage="sal"),
        Move(at(4), "Kay Hill", Deed.CHANGES, "ana", facts={"employees": 40}),
        Move(at(5), "Kay Hill", Deed.TOUCHES, "ana"),
    )
    play(running, moves, WORDS)
    (lead,), (task,) = rows(running, "Lead"), rows(running, "Task")
    assert (login(running, lead["OwnerId"]), lead["Status"], lead["NumberOfEmployees"]) == (
        "ana",
        "Working - Contacted",
        40,
    )
    assert login(running, lead["LastModifiedById"]) == "ana"
    assert (login(running, task["CreatedById"]), login(running, task["OwnerId"])) == ("ana", "ana")
    assert (task["Type"], task["Status"], task["WhoId"]) == ("Call", "Completed", lead["Id"])


def test_a_machine_mails_under_a_subject_that_the_binding_says_never_counts(running: Running) -> None:
    play(running, (arrives(), Move(at(2), "Kay Hill", Deed.MAILS, "ana")), WORDS)
    (task,) = rows(running, "Task")
    assert (task["Subject"], task["Type"]) == ("Automatic reply", "Email")


def test_after_a_conversion_the_name_means_the_contact(running: Running) -> None:
    moves = (
        arrives(),
        Move(at(2), "Kay Hill", Deed.CONVERTS),
        Move(at(3), "Kay Hill", Deed.ASKS, source="demo"),
        Move(at(4), "Kay Hill", Deed.TOUCHES, "ana"),
    )
    records = play(running, moves, WORDS)
    (contact,), (member,), (task,) = (rows(running, kind) for kind in ("Contact", "CampaignMember", "Task"))
    assert records == {"Kay Hill": contact["Id"]} == {"Kay Hill": member["ContactId"]} == {"Kay Hill": task["WhoId"]}


def test_what_the_org_refuses_ends_the_story_with_who_did_what(running: Running) -> None:
    wrong = {**WORDS, "fields": {"email": {"field": "Lead.No_Such_Field__c"}}}
    with pytest.raises(RuntimeError, match=r"refused POST /sobjects/Lead by the integration: "):
        play(running, (arrives(),), wrong)


def test_what_people_heard_names_them_and_the_lead_and_leaves_out_who_is_gone(running: Running) -> None:
    play(running, (arrives(),), WORDS)
    store = org(running).desk.organization.store
    assert heard(running) == ()
    (lead,) = rows(running, "Lead")
    ana = next(each.id for each in org(running).desk.organization.users if each.username.startswith("ana@"))
    for target in (str(lead["Id"]), "00Q5g00000GONEAAA"):
        put(store, kind="notification", at=at(2), to=(ana, "gone"), title="Due", body="", target=target, flow="Any")
    (notice,) = heard(running)
    assert (notice.at, notice.to, notice.lead, notice.title) == (at(2), ("ana",), "Kay Hill", "Due")
