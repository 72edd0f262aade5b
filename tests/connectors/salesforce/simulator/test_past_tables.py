"""What the simulated org keeps of the past: histories of fields, of opportunities, and the recycle bin."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync_salesforce.simulator import converting
from sla_sync_salesforce.simulator.queries.query import run_query
from sla_sync_salesforce.simulator.refusals import RefusedError
from tests.connectors.salesforce.simulator.live import Live, live


@pytest.fixture
def org(tmp_path: Path) -> Live:
    return live(tmp_path)


def found(org: Live, text: str, *, everything: bool = False) -> list[dict[str, Any]]:
    return run_query(org.desk, org.admin, text, tooling=False, everything=everything)[1]


HISTORY = "SELECT LeadId, Field, OldValue, NewValue, CreatedDate, CreatedBy.Name FROM LeadHistory"


def told(org: Live) -> list[tuple[str, Any, Any]]:
    return [(each["Field"], each["OldValue"], each["NewValue"]) for each in found(org, HISTORY)]


def test_only_fields_that_are_tracked_have_a_history_and_a_new_lead_has_none_of_its_values(org: Live) -> None:
    org.field("Lead.Kept__c", trackHistory="true")
    org.field("Lead.Lost__c")
    lead = org.lead(Kept__c="a", Lost__c="a", Country="US")
    org.until(org.now + timedelta(minutes=1))
    org.lead(lead, Kept__c="b", Lost__c="b", Country="DE", Status="Working - Contacted")
    changes = [("Kept__c", "a", "b"), ("Status", "Open - Not Contacted", "Working - Contacted")]
    first, *rest = told(org)
    assert first == ("created", None, None)
    assert sorted(rest) == changes
    where = "EntityDefinition.QualifiedApiName = 'Lead' AND IsFieldHistoryTracked = true"
    tracked = {
        each["QualifiedApiName"] for each in found(org, f"SELECT QualifiedApiName FROM FieldDefinition WHERE {where}")
    }
    assert tracked == {"Status", "OwnerId", "LeadSource", "Kept__c"}


def test_without_an_administrator_who_chose_fields_only_the_making_of_a_lead_is_told(tmp_path: Path) -> None:
    org = live(tmp_path, lead_history=False)
    lead = org.lead()
    org.until(org.now + timedelta(minutes=1))
    org.lead(lead, Status="Working - Contacted", OwnerId=org.user("ana").id)
    assert told(org) == [("created", None, None)]


def test_a_change_of_owner_is_told_by_ids_and_by_names(org: Live) -> None:
    ana, lead = org.user("ana"), org.lead()
    org.until(org.now + timedelta(minutes=1))
    org.lead(lead, OwnerId=ana.id)
    assert told(org)[1:] == [("Owner", org.admin.id, ana.id), ("Owner", org.admin.name, ana.name)]


def test_the_values_of_a_history_cannot_be_filtered_by(org: Live) -> None:
    with pytest.raises(RefusedError, match="can not be filtered"):
        found(org, f"{HISTORY} WHERE NewValue = 'MQL'")


def test_an_opportunity_keeps_each_of_its_stages(org: Live) -> None:
    lead = org.lead()
    became = converting.convert_lead(org.desk, org.admin, lead, status="Closed - Converted")
    begun = org.now
    org.until(begun + timedelta(days=3))
    org.save("Opportunity", became.opportunity, Amount=100, StageName="Closed Won")
    org.save("Opportunity", became.opportunity, Description="no stage")
    rows = found(org, "SELECT StageName, Amount, CreatedDate FROM OpportunityHistory ORDER BY CreatedDate")
    assert [(each["StageName"], each["Amount"]) for each in rows] == [("Prospecting", None), ("Closed Won", 100)]
    ends = found(org, "SELECT MasterLabel FROM OpportunityStage WHERE IsClosed = true AND IsWon = false")
    assert [each["MasterLabel"] for each in ends] == ["Closed Lost"]
    assert ("leadConverted", None, None) in told(org)


def test_who_asks_for_all_finds_what_was_deleted_or_merged_for_fifteen_days(org: Live) -> None:
    winner, loser, deleted = org.lead(), org.lead(), org.lead()
    converting.merge_leads(org.desk, org.admin, winner, [loser])
    converting.delete(org.desk, org.admin, "Lead", deleted)
    text = "SELECT Id, IsDeleted, MasterRecordId FROM Lead"
    assert [each["Id"] for each in found(org, text)] == [winner]
    state = {each["Id"]: (each["IsDeleted"], each["MasterRecordId"]) for each in found(org, text, everything=True)}
    assert state == {winner: (False, None), loser: (True, winner), deleted: (True, None)}
    org.until(org.now + timedelta(days=16))
    assert [each["Id"] for each in found(org, text, everything=True)] == [winner]


def test_a_deletion_that_is_taken_back_leaves_nothing_in_the_bin(org: Live) -> None:
    lead = org.lead()
    store = org.desk.organization.store
    before = store.copy()
    store.bury("Lead", lead, {}, by=org.admin.id, at=org.now)
    store.restore(before)
    assert [each["IsDeleted"] for each in found(org, "SELECT IsDeleted FROM Lead", everything=True)] == [False]
