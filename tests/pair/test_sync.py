"""What the integration carries over, and what it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sla_sync_native_sync import Category
from tests.pair.conftest import TUESDAY, Open
from tests.pair.joined import Joined

pytestmark = pytest.mark.slow

QUARTER = timedelta(minutes=15)
FIRST_LOOK = datetime(2026, 10, 6, 13, 15, tzinfo=UTC)
FEW = {
    "email": {"field": "Email", "rule": "two-way"},
    "lastname": {"field": "LastName", "rule": "two-way"},
    "company": {"field": "Company", "rule": "two-way"},
    "country": {"field": "Country", "rule": "two-way"},
    "hs_lead_status": {"field": "Status", "rule": "two-way"},
}


def qualified(pair: Joined, email: str = "kay@hillside.example", **values: str) -> str:
    """Let somebody become a lead of sales in HubSpot."""
    facts = {"hs_lead_status": "MQL", "sla_source": "Demo Request", "sla_score": "120", "sla_engagement": "100"}
    return pair.contact(email, **{**facts, **values})


def carried(pair: Joined, **values: str) -> str:
    """Let somebody qualify and pass over, and both sides hear of it."""
    contact = qualified(pair, **values)
    pair.at(FIRST_LOOK + QUARTER)
    return contact


def test_a_contact_of_the_segment_becomes_a_lead_at_the_next_look_and_no_sooner(opened: Open) -> None:
    pair = opened()
    contact = qualified(pair)
    pair.at(FIRST_LOOK - timedelta(seconds=1))
    assert pair.org.rows("Lead") == ()
    pair.at(FIRST_LOOK)
    (lead,) = pair.org.rows("Lead")
    assert (lead["Email"], lead["Status"], lead["SLA_Score__c"]) == ("kay@hillside.example", "MQL", 120)
    assert lead["CreatedDate"] == FIRST_LOOK
    assert pair.pair.memory.links[contact].id == lead["Id"]


def test_a_contact_outside_the_segment_passes_in_neither_direction(opened: Open) -> None:
    pair = opened()
    contact = pair.contact("kay@hillside.example")
    lead = pair.org.create("Lead", {"LastName": "Hill", "Company": "Other", "Email": "kay@hillside.example"})
    pair.at(FIRST_LOOK + QUARTER)
    assert pair.of_contact(contact, "company") == {"company": "Hillside"}
    assert pair.org.row("Lead", lead)["Company"] == "Other"
    assert pair.pair.memory.links == {}


def test_a_lead_with_the_same_address_is_taken_and_none_is_made(opened: Open) -> None:
    pair = opened()
    lead = pair.org.create(
        "Lead", {"LastName": "Hill", "Company": "Hillside", "Email": "Kay@Hillside.example", "Country": "US"}
    )
    contact = qualified(pair)
    pair.at(FIRST_LOOK)
    assert len(pair.org.rows("Lead")) == 1
    assert pair.pair.memory.links[contact].id == lead


def test_what_salesforce_says_comes_back_at_the_look_after(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    lead = pair.lead(contact)
    shown = pair.of_contact(contact, "sla_due_at", "sla_priority", "hubspot_owner_id")
    assert shown["sla_due_at"] == lead["SLA_Due_At__c"].isoformat().replace("+00:00", "Z")
    assert shown["sla_priority"] == "hot"
    owners = {each["id"]: each["email"] for each in pair.hubspot("GET", "/crm/v3/owners")["results"]}
    assert owners[shown["hubspot_owner_id"]] == pair.org.row("User", lead["OwnerId"])["Username"]


def test_what_the_integration_writes_bears_its_name_on_both_sides(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    assert pair.history(contact, "sla_due_at")[0]["sourceType"] == "INTEGRATION"
    assert pair.lead(contact)["CreatedById"] == pair.org.user("integration")


def test_of_two_values_the_later_counts_where_a_mapping_is_two_way(opened: Open) -> None:
    pair = opened()
    # Of a warm lead no path of ours runs in the first hour, which would make its record the later one.
    one, other = (qualified(pair, f"{name}@hillside.example", sla_source="Webinar") for name in ("kay", "lee"))
    pair.at(FIRST_LOOK + timedelta(minutes=1))
    pair.change(one, company="Earlier")
    pair.save(other, Company="Earlier")
    pair.at(FIRST_LOOK + timedelta(minutes=5))
    pair.save(one, Company="Later")
    pair.change(other, company="Later")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    for each in (one, other):
        assert pair.of_contact(each, "company") == {"company": "Later"}
        assert pair.lead(each)["Company"] == "Later"


def test_hubspot_never_overwrites_what_salesforce_alone_writes(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    pair.save(contact, "ana", SLA_Need__c="A new line")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    pair.change(contact, sla_need="Nothing")
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert pair.of_contact(contact, "sla_need") == {"sla_need": "A new line"}
    assert pair.lead(contact)["SLA_Need__c"] == "A new line"


def test_a_value_that_is_deleted_in_salesforce_is_deleted_in_hubspot(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    pair.save(contact, "ana", SLA_Need__c="A new line")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    pair.save(contact, "ana", SLA_Need__c=None)
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert not pair.of_contact(contact, "sla_need")["sla_need"]


def test_an_owner_passes_both_ways_by_the_address(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    owners = {each["email"].partition("@")[0]: each["id"] for each in pair.hubspot("GET", "/crm/v3/owners")["results"]}
    pair.change(contact, hubspot_owner_id=owners["kim"])
    pair.at(FIRST_LOOK + 2 * QUARTER)
    assert pair.lead(contact)["OwnerId"] == pair.org.user("kim")
    pair.save(contact, OwnerId=pair.org.user("ana"))
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert pair.of_contact(contact, "hubspot_owner_id") == {"hubspot_owner_id": owners["ana"]}


def test_an_owner_set_in_hubspot_before_the_first_sync_is_the_leads_owner(opened: Open) -> None:
    pair = opened()
    owners = {each["email"].partition("@")[0]: each["id"] for each in pair.hubspot("GET", "/crm/v3/owners")["results"]}
    pair.contact("kay@hillside.example", hs_lead_status="MQL", hubspot_owner_id=owners["kim"])
    pair.at(FIRST_LOOK)
    (created,) = [each for each in pair.org.store.history if (each.object, each.field) == ("Lead", "OwnerId")][:1]
    assert created.new == pair.org.user("kim")


def test_a_queue_is_no_owner_in_hubspot(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    assert pair.of_contact(contact, "hubspot_owner_id")["hubspot_owner_id"]
    pair.save(contact, OwnerId=pair.org.queue("Marketing_Queue"))
    pair.at(FIRST_LOOK + 2 * QUARTER)
    assert not pair.of_contact(contact, "hubspot_owner_id")["hubspot_owner_id"]
    assert pair.lead(contact)["OwnerId"] == pair.org.queue("Marketing_Queue")


def test_a_user_who_is_no_owner_in_hubspot_is_nobody_there_and_is_written_once(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    pair.save(contact, OwnerId=pair.org.user("integration"))
    for looks in range(2, 5):
        pair.change(contact, city=f"Town {looks}")
        pair.at(FIRST_LOOK + looks * QUARTER)
    assert not pair.of_contact(contact, "hubspot_owner_id")["hubspot_owner_id"]
    assert pair.lead(contact)["OwnerId"] == pair.org.user("integration")
    own = [each.after for each in pair.pair.memory.written if each.field == "hubspot_owner_id"]
    assert len(own) == 2
    assert own[-1] is None


def test_a_value_that_a_restricted_picklist_does_not_have_blocks_the_whole_record(opened: Open) -> None:
    pair = opened(mappings={**FEW, "sla_priority": {"field": "SLA_Priority__c", "rule": "two-way"}})
    contact = qualified(pair)
    pair.at(FIRST_LOOK + QUARTER)
    pair.hubspot(
        "PATCH",
        "/crm/v3/properties/contacts/sla_priority",
        {"options": [{"label": each, "value": each} for each in ("hot", "warm", "scalding")]},
    )
    pair.change(contact, sla_priority="scalding", company="Uphill")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    (error,) = pair.pair.memory.errors
    assert (error.contact, error.category) == (contact, Category.VALUES)
    assert "scalding" in error.message
    assert pair.lead(contact)["Company"] == "Hillside"


def test_what_failed_is_tried_again_by_hand_and_not_by_itself(opened: Open) -> None:
    pair = opened()
    contact = pair.contact("kay@hillside.example", hs_lead_status="MQL", company="")
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert [each.category for each in pair.pair.memory.errors] == [Category.VALUES]
    assert pair.org.rows("Lead") == ()
    pair.change(contact, company="Hillside")
    pair.pair.sync(contact)
    assert len(pair.org.rows("Lead")) == 1


def test_a_field_that_the_integrations_user_may_not_edit_is_an_error_of_permissions(opened: Open) -> None:
    pair = opened(user="ana@acme.example")
    qualified(pair)
    pair.at(FIRST_LOOK)
    assert {each.category for each in pair.pair.memory.errors} & {Category.PERMISSIONS, Category.MAPPING}
    assert pair.org.rows("Lead") == ()


def test_a_validation_rule_of_salesforce_blocks_what_hubspot_says(opened: Open) -> None:
    pair = opened(user="ana@acme.example", mappings=FEW)
    contact = pair.contact("kay@hillside.example", hs_lead_status="MQL")
    pair.at(FIRST_LOOK)
    (error,) = pair.pair.memory.errors
    assert (error.contact, error.category) == (contact, Category.AUTOMATION)
    assert "source" in error.message


def test_a_value_that_hubspot_does_not_have_is_told_and_the_rest_passes(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    lead = pair.pair.memory.links[contact].id
    pair.save(contact, "ana", Company="Uphill")
    pair.hubspot(
        "PATCH",
        "/crm/v3/properties/contacts/sla_priority",
        {"options": [{"label": "Cold", "value": "cold"}]},
    )
    pair.change(contact, sla_priority="cold")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    (error,) = pair.pair.memory.errors
    assert (error.category, error.fields) == (Category.VALUES, ("sla_priority",))
    assert pair.of_contact(contact, "company") == {"company": "Uphill"}
    assert pair.org.row("Lead", lead)["SLA_Priority__c"] == "hot"


def test_a_lead_that_is_converted_goes_on_as_the_contact_that_it_became(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    assert pair.org.convert(pair.pair.memory.links[contact].id, "Closed - Converted", owner=pair.org.user("ana"))
    pair.at(FIRST_LOOK + 2 * QUARTER)
    link = pair.pair.memory.links[contact]
    assert link.object == "Contact"
    pair.change(contact, lastname="Dale")
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert pair.org.row("Contact", link.id)["LastName"] == "Dale"
    assert pair.pair.memory.errors == []


@pytest.mark.parametrize(("deleted", "archived"), [("keep", False), ("delete", True)])
def test_a_deleted_lead_leaves_its_contact_or_takes_it_along(opened: Open, deleted: str, archived: bool) -> None:
    pair = opened(deleted=deleted)
    contact = carried(pair)
    assert pair.org.delete("Lead", pair.pair.memory.links[contact].id)
    pair.at(FIRST_LOOK + 2 * QUARTER)
    assert contact not in pair.pair.memory.links
    found = pair.hubspot("GET", f"/crm/v3/objects/contacts?archived={str(archived).lower()}")["results"]
    assert [each["id"] for each in found] == [contact]


@pytest.mark.parametrize(("becomes", "there"), [("nothing", 0), ("contact", 1)])
def test_a_new_lead_becomes_a_contact_where_the_settings_say_so(opened: Open, becomes: str, there: int) -> None:
    pair = opened(creates={"salesforce": "lead", "hubspot": becomes})
    pair.org.create("Lead", {"LastName": "Hill", "Company": "Hillside", "Email": "kay@hillside.example"})
    pair.at(FIRST_LOOK)
    found = pair.hubspot("GET", "/crm/v3/objects/contacts?properties=company,hs_lead_status")["results"]
    assert len(found) == there
    assert [each["properties"]["company"] for each in found] == ["Hillside"] * there


def test_nothing_is_written_where_nothing_changes(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    pair.save(contact, "ana", Status="Nurture", SLA_Reason__c="no_budget")
    pair.at(FIRST_LOOK + 3 * QUARTER)
    written = len(pair.pair.memory.written)
    pair.at(TUESDAY + timedelta(days=1))
    assert pair.pair.memory.written[written:] == []
    assert pair.of_contact(contact, "hs_lead_status", "sla_reason") == {
        "hs_lead_status": "Nurture",
        "sla_reason": "no_budget",
    }


def test_what_starts_over_in_hubspot_starts_over_in_salesforce_at_the_next_look(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    pair.save(contact, "ana", Status="Nurture", SLA_Reason__c="no_budget")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    assert pair.of_contact(contact, "sla_engagement") == {"sla_engagement": "0"}
    assert pair.lead(contact)["SLA_Engagement__c"] == 100
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert pair.lead(contact)["SLA_Engagement__c"] == 0


def test_of_two_values_that_met_for_the_first_time_the_later_counts_and_a_blank_one_is_filled(opened: Open) -> None:
    pair = opened()
    pair.org.create("Lead", {"LastName": "Vale", "Company": "Elder", "Email": "kay@hillside.example", "Phone": "1"})
    pair.at(TUESDAY + timedelta(minutes=2))
    contact = qualified(pair)
    pair.at(FIRST_LOOK + QUARTER)
    assert pair.lead(contact)["Company"] == "Hillside"
    assert pair.lead(contact)["Country"] == "US"
    assert pair.lead(contact)["LastName"] == "Hill"


def test_a_mapping_of_types_that_do_not_fit_is_told_once_and_passes_nothing(opened: Open) -> None:
    pair = opened(mappings={**FEW, "sla_score": {"field": "Website", "rule": "two-way"}})
    contact = pair.contact("kay@hillside.example", hs_lead_status="MQL", sla_score="120")
    pair.at(FIRST_LOOK + QUARTER)
    pair.change(contact, sla_score="130")
    pair.at(FIRST_LOOK + 2 * QUARTER)
    (error,) = pair.pair.memory.errors
    assert error.category is Category.MAPPING
    assert "sla_score" in error.message
    assert pair.lead(contact).get("Website") is None


def test_a_merge_leads_the_contact_of_the_one_that_is_gone_to_the_one_that_stays(opened: Open) -> None:
    pair = opened()
    contact = carried(pair)
    winner = pair.org.create("Lead", {"LastName": "Hill", "Company": "Hillside", "Email": "kay@hillside.example"})
    assert isinstance(winner, str)
    assert pair.org.merge(winner, pair.pair.memory.links[contact].id)
    pair.at(FIRST_LOOK + 2 * QUARTER)
    pair.change(contact, company="Uphill")
    pair.at(FIRST_LOOK + 3 * QUARTER)
    assert pair.pair.memory.links[contact].id == winner
    assert pair.org.row("Lead", winner)["Company"] == "Uphill"


@pytest.mark.parametrize(("activities", "touched"), [("none", False), ("tasks", True)])
def test_a_call_that_is_logged_in_hubspot_is_a_touch_in_salesforce_from_the_next_look_on(
    opened: Open, activities: str, touched: bool
) -> None:
    pair = opened(activities=activities)
    contact = carried(pair, sla_source="Webinar")
    owner = pair.of_contact(contact, "hubspot_owner_id")["hubspot_owner_id"]
    pair.at(FIRST_LOOK + timedelta(minutes=20))
    link = {"to": {"id": contact}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 194}]}
    call = {"hs_timestamp": pair.pair.now.isoformat(), "hubspot_owner_id": owner, "hs_call_title": "Spoke"}
    pair.hubspot("POST", "/crm/v3/objects/calls", {"properties": call, "associations": [link]})
    pair.at(FIRST_LOOK + 4 * QUARTER)
    found = pair.lead(contact)["SLA_First_Touch_At__c"]
    assert found == (FIRST_LOOK + 2 * QUARTER if touched else None)
    assert len(pair.org.rows("Task")) == int(touched)
