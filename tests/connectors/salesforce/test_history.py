"""The past of an org in neutral rows: what was lived there comes out as it was lived, also where a run is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sla_sync.connector.history import Piece
from sla_sync_salesforce.session import ReadOnlyError
from sla_sync_salesforce.simulator import converting
from tests.connectors.salesforce.exporting import Kept, Told, asked_for_its_past
from tests.connectors.salesforce.living import DEMO, FIT, living

CALL: Mapping[str, Any] = {"Subject": "Call", "Type": "Call", "Status": "Completed", "Priority": "Normal"}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with asked_for_its_past(living(tmp_path_factory.mktemp("org"))) as found:
        yield found


def called(told: Told, lead: str, **more: str) -> str:
    owner = str(told.org.values(lead)["OwnerId"])
    return told.org.org.save("Task", WhoId=lead, OwnerId=owner, **{**CALL, **more})


def test_a_lead_is_told_as_it_was_lived(told: Told) -> None:
    lead = told.org.lead(**DEMO, **FIT)
    came = told.org.org.now
    told.later(5)
    call = called(told, lead)
    touched = told.org.org.now
    told.later(60)
    told.org.lead(lead, Status="Nurture", SLA_Reason__c="no_budget")
    left = told.org.org.now
    told.later(1)
    kept = told.export()
    (row,) = kept.of("leads", lead)
    assert {name: value for name, value in row.items() if value is not None} == {"lead": lead, "created_at": came}
    stages = [(each["at"], each["stage"], each["reason"]) for each in kept.of("stages", lead)]
    assert stages == [(came, "mql", None), (left, "recycled", "no_budget")]
    (owner,) = {each["owner"] for each in kept.of("owners", lead)}
    assert owner == told.org.values(lead)["OwnerId"]
    assert [(each["at"], each["source"]) for each in kept.of("raises", lead)] == [(came, "contact_sales")]
    (activity,) = kept.of("activities", lead)
    assert (activity["activity"], activity["at"], activity["kind"], activity["by"]) == (call, touched, "call", owner)
    assert (activity["counts"], activity["inbound"]) == (True, False)
    facts = {each["field"]: each["value"] for each in kept.of("facts", lead)}
    assert (facts["country"], facts["score"], facts["test"], facts["need"]) == ("US", "120", "false", None)
    (leg,) = kept.of("legs", lead)
    assert (leg["assigned_at"], leg["touched_at"], leg["decided_at"], leg["ended_by"]) == (
        came,
        touched,
        left,
        "recycled",
    )
    assert (leg["owner"], leg["team"], leg["stage"], leg["touches"], leg["channels"]) == (owner, "sdr", "mql", 1, 1)


def test_a_lead_without_an_owner_waits_in_a_queue_as_the_agreement_calls_it(told: Told) -> None:
    lead = told.org.lead(**DEMO, **FIT)
    told.later(5)
    told.org.lead(lead, OwnerId=told.org.queue("Marketing_Queue"))
    returned = told.org.org.now
    last = told.export().of("owners", lead)[-1]
    assert (last["at"], last["owner"], last["queue"]) == (returned, None, "marketing_queue")


def test_an_automatic_mail_is_no_touch_and_one_that_came_in_is_the_buyers(told: Told) -> None:
    lead = told.org.lead(**DEMO, **FIT)
    called(told, lead, Subject="Automatic reply", Type="Email")
    reply = called(told, lead, Subject="Re: your question", Type="Email", TaskSubtype="Email")
    told.org.org.save("EmailMessage", ActivityId=reply, Subject="Re: your question", Incoming=True)
    called(told, lead, Type="Call", Status="Not Started")
    found = {each["activity"] == reply: each for each in told.export().of("activities", lead)}
    assert len(found) == 2
    assert (found[False]["kind"], found[False]["counts"], found[False]["inbound"]) == ("email", False, False)
    assert (found[True]["kind"], found[True]["counts"], found[True]["inbound"]) == ("email", False, True)


def test_a_meeting_is_told_once_and_that_the_buyer_chose_it_when_nobody_of_the_team_wrote_it(told: Told) -> None:
    lead, ana = told.org.lead(**DEMO), told.org.id_of("ana")
    at = told.org.org.now + timedelta(days=1)
    booked = told.org.org.save("Event", WhoId=lead, OwnerId=ana, Subject="Demo", StartDateTime=at, DurationInMinutes=30)
    told.org.org.save(
        "Event", WhoId=lead, OwnerId=told.org.id_of("ben"), Subject="Demo", StartDateTime=at, IsChild=True
    )
    (row,) = told.export().of("activities", lead)
    assert (row["activity"], row["at"], row["kind"], row["by"]) == (booked, told.org.org.now, "meeting", ana)
    assert (row["counts"], row["inbound"]) == (True, True)


def test_a_lead_that_was_converted_goes_on_as_the_deal_and_the_contact_that_it_became(told: Told) -> None:
    org = told.org.org
    lead = told.org.lead(**DEMO, **FIT)
    told.later(30)
    became = converting.convert_lead(
        org.desk, org.admin, lead, status="Closed - Converted", owner=told.org.id_of("ana")
    )
    converted = org.now
    told.later(60 * 24)
    org.save("Task", WhoId=became.contact, OwnerId=told.org.id_of("ana"), **CALL)
    assert became.opportunity is not None
    org.save("Opportunity", became.opportunity, StageName="Closed Won", Amount=40000)
    won = org.now
    told.later(1)
    kept = told.export()
    (row,) = kept.of("leads", lead)
    assert (row["converted_at"], row["gone_at"]) == (converted, None)
    stages = [(each["at"], each["stage"]) for each in kept.of("stages", lead)]
    assert stages[-2:] == [(converted, "opportunity"), (won, "won")]
    assert None not in {stage for _, stage in stages}
    (deal,) = kept.of("deals", lead)
    assert (deal["opened_at"], deal["closed_at"], deal["won"], deal["amount"]) == (converted, won, True, 40000.0)
    assert [each["at"] for each in kept.of("activities", lead)] == [won]


def test_leads_that_are_gone_are_told_with_what_became_of_them(told: Told) -> None:
    org = told.org.org
    winner, loser, deleted = (told.org.lead(LastName=name, **DEMO) for name in ("Wie", "Wee", "Way"))
    told.later(10)
    converting.merge_leads(org.desk, org.admin, winner, [loser])
    converting.delete(org.desk, org.admin, "Lead", deleted)
    gone = org.now
    told.later(1)
    kept = told.export()
    state = {each: kept.of("leads", each)[0] for each in (winner, loser, deleted)}
    assert (state[winner]["merged_into"], state[winner]["gone_at"]) == (None, None)
    assert (state[loser]["merged_into"], state[loser]["gone_at"]) == (winner, gone)
    assert (state[deleted]["merged_into"], state[deleted]["gone_at"]) == (None, gone)


@pytest.mark.slow
def test_a_run_that_is_cut_off_anywhere_is_taken_up_and_tells_the_same(told: Told) -> None:
    pieces = [each for each in told.past(rows=3) if isinstance(each, Piece)]
    whole = told.export(rows=3)
    cuts = [cut for cut, each in enumerate(pieces, start=1) if each.stream != "leads" or cut % 9 == 0]
    assert len({each.stream for each in pieces}) < len(cuts)
    for cut in cuts:
        kept = Kept()
        for each in told.past(rows=3):
            kept.keep(each)
            if kept.pieces == cut:
                break
        assert told.export(kept, rows=3).rows == whole.rows, cut


@pytest.mark.slow
def test_a_run_goes_on_in_the_jobs_of_the_one_before_unless_the_org_has_forgotten_them(told: Told) -> None:
    jobs = told.org.org.desk.bulk
    for _ in range(5):
        told.org.lead(**DEMO)
    for forgotten in (False, True):
        kept = Kept()
        for each in told.past(rows=3):
            kept.keep(each)
            if isinstance(each, Piece) and each.stream == "leads":
                break
        known = set(jobs)
        if forgotten:
            jobs.clear()
        whole = told.export(kept).rows
        assert whole == told.export().rows
        asked = [str(job.settings["query"]) for name, job in jobs.items() if name not in known]
        assert sum(" FROM LeadHistory " in each for each in asked) == (2 if forgotten else 1)


@pytest.mark.slow
def test_a_later_run_tells_what_is_new_and_all_together_is_the_whole(told: Told) -> None:
    lead, other, still = told.org.lead(**DEMO, **FIT), told.org.lead(**DEMO), told.org.lead(**DEMO)
    told.later(30)
    told.org.lead(still, OwnerId=told.org.id_of("ben"), Status="Working - Contacted")
    told.later(60)
    kept = told.export()
    told.later(60)
    called(told, lead)
    told.org.lead(still, Title="CFO")
    told.org.lead(other, OwnerId=told.org.id_of("ben"))
    told.later(1)
    later = Kept(marks=dict(kept.marks))
    told.export(later)
    assert {str(row["lead"]) for row in later.rows["leads"].values()} <= {lead, other, still}
    assert later.of("owners", other)[0]["owner"] == told.org.id_of("ben")
    assert all(row["at"] > told.org.values(lead)["CreatedDate"] for row in later.of("owners", lead))
    assert [each["touches"] for each in later.of("legs", lead)] == [0, 1]  # given on by the ladder, then called
    whole, both = told.export(), told.export(kept)
    for table in set(whole.rows) - {"facts"}:
        assert both.rows[table] == whole.rows[table], table


def test_fields_without_a_history_are_named_and_observed_from_one_export_to_the_next(told: Told) -> None:
    lead = told.org.lead(**DEMO, **FIT)
    told.later(60)
    kept = told.export()
    silent = next(each for each in kept.untold if each.hint.startswith("Choose them"))
    assert "Country" in silent.what
    assert "OwnerId" not in silent.what
    assert "Status" not in silent.what
    told.later(60)
    told.org.lead(lead, Country="DE")
    changed = told.org.org.now
    told.later(1)
    countries = [
        (each["at"], each["value"]) for each in told.export(kept).of("facts", lead) if each["field"] == "country"
    ]
    assert [value for _, value in countries] == ["US", "DE"]
    assert countries[1][0] == changed


def test_stages_without_a_history_are_observed_from_one_export_to_the_next(told: Told) -> None:
    desk = told.org.org.desk
    tracking, desk.switches = desk.switches, replace(desk.switches, lead_history=False)
    try:
        lead = told.org.lead(**DEMO)
        came = told.org.org.now
        told.later(60)
        kept = told.export()
        told.later(60)
        told.org.lead(lead, Status="Closed - Not Converted", SLA_Reason__c="bad_fit")
        moved = told.org.org.now
        told.later(1)
        found = [(row["at"], row["stage"], row["reason"]) for row in told.export(kept).of("stages", lead)]
    finally:
        desk.switches = tracking
    assert found == [(came, "inquiry", None), (moved, "disqualified", "bad_fit")]
    assert any("Status" in each.what for each in kept.untold)


def test_the_past_is_asked_for_without_a_change_of_the_org(told: Told) -> None:
    before = told.org.org.desk.state_changes
    told.export()
    assert told.org.org.desk.state_changes == before
    with pytest.raises(ReadOnlyError):
        told.client.create("Lead", {"LastName": "Kay"})


def test_assignments_that_this_user_may_not_see_are_named_and_the_rest_is_told(told: Told) -> None:
    held = told.org.org.desk.organization.assignments
    own = [each for each in held if each.assignee == told.org.org.admin.id]
    told.org.org.desk.organization.assignments = [each for each in held if each not in own]
    try:
        kept = told.export()
    finally:
        told.org.org.desk.organization.assignments = held
    assert any(each.what == "turns as the org recorded them" for each in kept.untold)
    assert {"score", "test"} <= {each.what for each in kept.untold}
    assert "legs" not in kept.rows
    assert kept.rows["stages"]


def test_what_is_older_than_the_org_keeps_is_not_promised(told: Told) -> None:
    said = [each.what for each in told.export().untold]
    assert f"leads that were deleted before {told.org.org.now - timedelta(days=15):%Y-%m-%d}" in said
    assert "contacts that never were leads" in said
    assert not any(each.startswith("what fields held") for each in said)


def test_an_excluded_lead_and_an_import_are_told_as_such(told: Told) -> None:
    tested = told.org.lead(**DEMO, SLA_Test__c=True)
    employed = told.org.lead(**{**DEMO, "Email": "Kim@ACME.example"})
    told.later(60)
    imported = [told.org.lead(LastName=f"No {place}") for place in range(50)]
    told.later(1)
    kept = told.export()
    assert kept.of("leads", tested)[0]["excluded"] == "test"
    assert kept.of("leads", employed)[0]["excluded"] == "employee"
    assert len({kept.of("leads", each)[0]["batch"] for each in imported}) == 1
    assert kept.of("leads", imported[0])[0]["batch"] is not None
    assert kept.of("leads", tested)[0]["batch"] is None
