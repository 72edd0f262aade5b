"""What a lead goes through besides a save: assignment rules, conversion, merge, deletion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sla_sync_salesforce.simulator.converting import convert_lead, delete, merge_leads
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.save_options import SaveOptions
from tests.connectors.salesforce.simulator.live import MONDAY, Live, begin, create, live, path, ref, update


@pytest.fixture
def org(tmp_path: Path) -> Live:
    org = live(tmp_path)
    org.field("Lead.Points__c", "Number")
    org.keep("Queue", "Overflow", {"name": "Overflow", "queueSobject": [{"sobjectType": "Lead"}]})
    return org


def entry(to: str, *items: tuple[str, str, str], kind: str = "User", **more: Any) -> dict[str, Any]:
    criteria = [{"field": f"Lead.{name}", "operation": operation, "value": value} for name, operation, value in items]
    return {"assignedTo": to, "assignedToType": kind, "criteriaItems": criteria, **more}


def routing(org: Live, *entries: dict[str, Any], name: str = "Routing", active: str = "true") -> str:
    return org.keep("AssignmentRule", f"Lead.{name}", {"active": active, "ruleEntry": list(entries)}).id


def owner(org: Live, **values: Any) -> str:
    row = org.row("Lead", org.lead(**values))
    people = {each.id: each.username.partition("@")[0] for each in org.desk.organization.users}
    return people.get(str(row["OwnerId"]), "queue")


CRITERIA: list[tuple[tuple[tuple[str, str, str], ...], dict[str, Any], dict[str, Any], bool]] = [
    ((), {}, {}, True),
    ((("Country", "equals", "Germany,France"),), {}, {"Country": "france"}, True),
    ((("Country", "equals", "Germany,France"),), {}, {"Country": "Spain"}, False),
    ((("Country", "notEqual", "Germany,France"),), {}, {"Country": "Spain"}, True),
    ((("Country", "notEqual", "Germany,France"),), {}, {"Country": "France"}, False),
    ((("Country", "equals", ""),), {}, {}, True),
    ((("Country", "notEqual", ""),), {}, {}, False),
    ((("Company", "contains", "hill"),), {}, {}, True),
    ((("Company", "startsWith", "side"),), {}, {}, False),
    ((("Company", "notContain", "hill"),), {}, {}, False),
    ((("Points__c", "greaterOrEqual", "50"),), {}, {"Points__c": 50}, True),
    ((("Points__c", "greaterThan", "50"),), {}, {"Points__c": 50}, False),
    ((("Points__c", "lessThan", "50"),), {}, {}, False),
    ((("DoNotCall", "equals", "true"),), {}, {"DoNotCall": True}, True),
    ((("DoNotCall", "equals", "false"),), {}, {}, True),
    (
        (("Country", "equals", "x"), ("City", "equals", "y"), ("State", "equals", "z")),
        {"booleanFilter": "1 AND (2 OR 3)"},
        {"Country": "x", "State": "z"},
        True,
    ),
    ((("Country", "equals", "x"), ("City", "equals", "y")), {"booleanFilter": "1 OR 2"}, {"City": "y"}, True),
    ((("Country", "equals", "x"), ("City", "equals", "y")), {}, {"City": "y"}, False),
]


@pytest.mark.parametrize(("items", "more", "values", "expected"), CRITERIA)
def test_an_entry_is_met_as_its_criteria_say(
    items: tuple[tuple[str, str, str], ...], more: dict[str, Any], values: dict[str, Any], expected: bool, org: Live
) -> None:
    routing(org, entry("sam@acme.example", *items, **more), entry("kim@acme.example"))
    assert owner(org, **values) == ("sam" if expected else "kim")


def test_an_entry_may_be_met_by_a_formula(org: Live) -> None:
    routing(org, {**entry("Overflow", kind="Queue"), "criteriaItems": [], "formula": "Points__c > 10"})
    assert (owner(org, Points__c=11), owner(org, Points__c=10)) == ("queue", "integration")


def test_only_the_active_rule_runs_or_the_one_that_is_asked_for(org: Live) -> None:
    routing(org, entry("sam@acme.example"))
    other = routing(org, entry("kim@acme.example"), name="Other", active="false")
    assert owner(org) == "sam"
    for asked, expected in ((other, "kim"), (False, "integration"), (True, "sam"), (None, "sam")):
        identity = org.save("Lead", options=SaveOptions(auto_assign=asked), LastName="Shaw", Company="Hillside")
        assert org.row("Lead", identity)["OwnerId"] == org.user(expected).id


def test_a_change_is_assigned_only_where_it_is_asked_for(org: Live) -> None:
    lead = org.lead()
    routing(org, entry("sam@acme.example"))
    org.lead(lead, City="Boston")
    assert org.row("Lead", lead)["OwnerId"] == org.admin.id
    org.save("Lead", lead, options=SaveOptions(auto_assign=True), City="Berlin")
    assert org.row("Lead", lead)["OwnerId"] == org.user("sam").id


def test_flows_after_the_save_see_the_owner_that_the_rule_has_chosen(org: Live) -> None:
    routing(org, entry("sam@acme.example"))
    org.flow("Tells", begin("Tell"), recordCreates=[create("Tell", "Task", {"OwnerId": ref("$Record.OwnerId")})])
    org.lead()
    assert [row["OwnerId"] for row in org.rows("Task")] == [org.user("sam").id]


def test_a_conversion_makes_account_contact_and_opportunity_of_the_mapped_fields(org: Live) -> None:
    org.field("Contact.Score__c", "Number")
    pairs = [{"inputField": "Points__c", "outputField": "Score__c"}]
    mapping = {"inputObject": "Lead", "outputObject": "Contact", "mappingFields": pairs}
    org.keep("LeadConvertSettings", "LeadConvertSettings", {"objectMapping": [mapping]})
    lead = org.lead(FirstName="Ada", Email="ada@hillside.example", Points__c=70, Country="France")
    task = org.save("Task", WhoId=lead, Subject="Call")
    done = convert_lead(org.desk, org.admin, lead, status="Closed - Converted")
    contact, account = org.row("Contact", done.contact), org.row("Account", done.account)
    assert done.opportunity is not None
    assert (contact["Name"], contact["Email"], contact["Score__c"]) == ("Ada Shaw", "ada@hillside.example", 70)
    assert (account["Name"], account["BillingCountry"], contact["AccountId"]) == ("Hillside", "France", done.account)
    assert org.row("Opportunity", done.opportunity)["Name"] == "Hillside"
    row = org.row("Lead", lead)
    assert (row["IsConverted"], row["ConvertedContactId"], row["Status"]) == (True, done.contact, "Closed - Converted")
    assert org.row("Task", task)["WhoId"] == done.contact


def test_a_conversion_runs_the_flows_of_the_lead(org: Live) -> None:
    start = begin("Tell", ("IsConverted", "EqualTo", True), newly=True)
    org.flow("Tells", start, recordCreates=[create("Tell", "Task", {"WhoId": ref("$Record.ConvertedContactId")})])
    done = convert_lead(org.desk, org.admin, org.lead(), status="Closed - Converted", without_opportunity=True)
    assert done.opportunity is None
    assert [row["WhoId"] for row in org.rows("Task")] == [done.contact]


def test_a_conversion_into_a_contact_that_is_there_fills_only_what_is_blank(org: Live) -> None:
    account = org.save("Account", Name="Hillside")
    contact = org.save("Contact", LastName="Shaw", Email="old@hillside.example", AccountId=account)
    lead = org.lead(Email="new@hillside.example", Title="CTO")
    done = convert_lead(
        org.desk,
        org.admin,
        lead,
        status="Closed - Converted",
        account=account,
        contact=contact,
        without_opportunity=True,
    )
    row = org.row("Contact", done.contact)
    assert (done.contact, row["Email"], row["Title"]) == (contact, "old@hillside.example", "CTO")


def test_a_conversion_that_a_rule_forbids_is_taken_back_as_a_whole(org: Live) -> None:
    org.rule("Lead.Never", "IsConverted", "Never.")
    lead = org.lead()
    with pytest.raises(RefusedError, match="Never"):
        convert_lead(org.desk, org.admin, lead, status="Closed - Converted")
    assert (org.rows("Account"), org.rows("Contact"), org.row("Lead", lead)["IsConverted"]) == ([], [], False)


def test_what_cannot_be_converted_is_refused(org: Live) -> None:
    queue = next(row["Id"] for row in org.rows("Group"))
    waiting, lead = org.lead(OwnerId=queue), org.lead()
    for identity, status, complaint in (
        (waiting, "Closed - Converted", "can only be owned by users"),
        (lead, "Open - Not Contacted", "invalid convertedStatus"),
        ("00Q5g0000000999EAA", "Closed - Converted", "invalid lead id"),
    ):
        with pytest.raises(RefusedError, match=complaint):
            convert_lead(org.desk, org.admin, identity, status=status)
    convert_lead(org.desk, org.admin, waiting, status="Closed - Converted", owner=org.user("sam").id)
    with pytest.raises(RefusedError, match="cannot reference converted lead"):
        convert_lead(org.desk, org.admin, waiting, status="Closed - Converted")


def legs(org: Live) -> None:
    org.keep(
        "CustomObject", "Leg__c", {"label": "Leg", "nameField": {"type": "AutoNumber", "displayFormat": "L-{000}"}}
    )
    org.field("Leg__c.Lead__c", "Lookup", referenceTo="Lead", relationshipName="Legs", deleteConstraint="SetNull")


def test_lookups_survive_a_conversion_and_follow_a_merge(org: Live) -> None:
    legs(org)
    winner, loser = org.lead(), org.lead(City="Boston")
    first, second = org.save("Leg__c", Lead__c=winner), org.save("Leg__c", Lead__c=loser)
    convert_lead(org.desk, org.admin, org.lead(), status="Closed - Converted")
    merged = merge_leads(org.desk, org.admin, winner, [loser], {"City": "Boston"})
    assert (merged, org.row("Lead", winner)["City"]) == (winner, "Boston")
    assert org.desk.organization.store.get("Lead", loser) is None
    assert [org.row("Leg__c", each)["Lead__c"] for each in (first, second)] == [winner, winner]
    assert [row["Name"] for row in org.rows("Leg__c")] == ["L-001", "L-002"]


@pytest.mark.parametrize("losers", [0, 3])
def test_a_merge_takes_one_or_two_others(losers: int, org: Live) -> None:
    with pytest.raises(RefusedError, match="one or two"):
        merge_leads(org.desk, org.admin, org.lead(), [org.lead() for _ in range(losers)])


def test_a_deletion_empties_the_lookups_to_the_record(org: Live) -> None:
    legs(org)
    lead = org.lead()
    leg = org.save("Leg__c", Lead__c=lead)
    delete(org.desk, org.admin, "Lead", lead)
    assert org.row("Leg__c", leg)["Lead__c"] is None
    org.desk.organization.of("CustomField")["Leg__c.Lead__c"].values["deleteConstraint"] = "Restrict"
    org.settled()
    kept = org.lead()
    org.save("Leg__c", leg, Lead__c=kept)
    with pytest.raises(RefusedError, match="records of Leg__c"):
        delete(org.desk, org.admin, "Lead", kept)


def test_paths_of_a_lead_that_was_merged_away_do_not_run(org: Live) -> None:
    org.field("Lead.Due__c", "DateTime")
    org.flow(
        "Watches",
        begin(None, paths=(path("At_Due", "Tell", "Due__c", number=1),)),
        recordCreates=[create("Tell", "Task", {"WhoId": ref("$Record.Id")})],
    )
    winner, loser = org.lead(Due__c=MONDAY), org.lead(Due__c=MONDAY)
    merge_leads(org.desk, org.admin, winner, [loser])
    org.until(MONDAY.replace(hour=20))
    assert [row["WhoId"] for row in org.rows("Task")] == [winner]


def going(object_name: str = "Lead") -> dict[str, Any]:
    return {**begin("Tell", of=object_name, on="Delete"), "triggerType": "RecordBeforeDelete"}


def test_flows_before_a_deletion_run_for_the_losers_of_a_merge_and_for_no_other_save(org: Live) -> None:
    org.flow("Tells", going(), recordCreates=[create("Tell", "Task", {"Subject": ref("$Record.LastName")})])
    winner, loser, other = (org.lead(LastName=each) for each in ("Winner", "Loser", "Other"))
    org.lead(winner, City="Boston")
    merge_leads(org.desk, org.admin, winner, [loser])
    delete(org.desk, org.admin, "Lead", other)
    assert [row["Subject"] for row in org.rows("Task")] == ["Loser", "Other"]


def test_a_record_that_is_being_deleted_cannot_be_saved(org: Live) -> None:
    saves = update("Tell", {"City": "Boston"}, ("Id", "EqualTo", ref("$Record.Id")), of="Lead")
    org.flow("Saves", going(), recordUpdates=[saves])
    lead = org.lead()
    with pytest.raises(RefusedError, match="currently being deleted"):
        delete(org.desk, org.admin, "Lead", lead)
    assert org.row("Lead", lead)["Id"] == lead
