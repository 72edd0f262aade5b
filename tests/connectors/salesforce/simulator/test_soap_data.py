from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.connectors.salesforce.simulator.org import Org
from tests.connectors.salesforce.simulator.records_org import create, lead, living

CONVERTED = "<convertedStatus>Closed - Converted</convertedStatus>"
WITHOUT = "<doNotCreateOpportunity>true</doNotCreateOpportunity>"


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with living(tmp_path) as org:
        yield org


def soap(org: Org, operation: str, *, token: str | None = None) -> requests.Response:
    body = (
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
        ' xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:sobject.partner.soap.sforce.com"><soapenv:Header>'
        f"<SessionHeader><sessionId>{token or org.running.token}</sessionId></SessionHeader></soapenv:Header>"
        f"<soapenv:Body>{operation}</soapenv:Body></soapenv:Envelope>"
    )
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
    return org.http.post(f"{org.running.url}/services/Soap/u/63.0", data=body.encode(), headers=headers, timeout=30)


def convert(org: Org, identity: str, inside: str = CONVERTED + WITHOUT) -> str:
    return soap(
        org, f"<convertLead><leadConverts><leadId>{identity}</leadId>{inside}</leadConverts></convertLead>"
    ).text


def between(text: str, name: str) -> str:
    return text.partition(f"<{name}>")[2].partition(f"</{name}>")[0]


def test_a_lead_becomes_an_account_and_a_contact(org: Org) -> None:
    identity = lead(org, FirstName="Dana", Email="dana@acme.example")
    leg = create(org, "SLA_Leg__c", {"Lead__c": identity})
    text = convert(org, identity)
    assert between(text, "success") == "true"
    contact = org.get(f"/sobjects/Contact/{between(text, 'contactId')}")
    assert (contact["Name"], contact["Email"]) == ("Dana Reyes", "dana@acme.example")
    assert org.get(f"/sobjects/Account/{between(text, 'accountId')}")["Name"] == "Acme"
    found = org.get(f"/sobjects/Lead/{identity}")
    assert (found["IsConverted"], found["Status"], found["ConvertedContactId"]) == (
        True,
        "Closed - Converted",
        contact["Id"],
    )
    assert found["ConvertedOpportunityId"] is None
    assert org.get(f"/sobjects/SLA_Leg__c/{leg}")["Lead__c"] == identity


def test_an_opportunity_is_made_where_it_is_not_declined(org: Org) -> None:
    text = convert(org, lead(org), f"{CONVERTED}<opportunityName>Big</opportunityName>")
    assert org.get(f"/sobjects/Opportunity/{between(text, 'opportunityId')}")["Name"] == "Big"


def test_a_converted_lead_is_read_only(org: Org) -> None:
    identity = lead(org)
    convert(org, identity)
    refusal = org.refusal("PATCH", f"/services/data/v63.0/sobjects/Lead/{identity}", json={"Company": "Beta"})
    assert refusal[1:] == ("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    assert between(convert(org, identity), "statusCode") == "CANNOT_UPDATE_CONVERTED_LEAD"


def test_a_conversion_that_is_wrong_changes_nothing(org: Org) -> None:
    identity = lead(org)
    text = convert(org, identity, "<convertedStatus>Working - Contacted</convertedStatus>")
    assert (between(text, "success"), between(text, "statusCode")) == ("false", "INVALID_STATUS")
    assert between(convert(org, identity, WITHOUT), "statusCode") == "REQUIRED_FIELD_MISSING"
    assert org.query("SELECT Id FROM Contact") == []


def test_leads_are_merged_into_one(org: Org) -> None:
    winner, loser = lead(org, "Reyes"), lead(org, "Reyes-Old")
    leg = create(org, "SLA_Leg__c", {"Lead__c": loser})
    text = soap(
        org,
        f"<merge><request><masterRecord><sf:type>Lead</sf:type><sf:Id>{winner}</sf:Id><sf:City>Rome</sf:City>"
        f"</masterRecord><recordToMergeIds>{loser}</recordToMergeIds></request></merge>",
    ).text
    assert (between(text, "success"), between(text, "mergedRecordIds")) == ("true", loser)
    assert [each["City"] for each in org.query("SELECT City FROM Lead")] == ["Rome"]
    assert org.get(f"/sobjects/SLA_Leg__c/{leg}")["Lead__c"] == winner


def test_what_is_not_implemented_and_whoever_is_not_signed_in_is_refused(org: Org) -> None:
    answer = soap(org, "<query><queryString>SELECT Id FROM Lead</queryString></query>")
    assert answer.status_code == 500
    assert "The operation query of the data API over SOAP is not implemented by this simulator" in answer.text
    assert "<faultcode>sf:INVALID_SESSION_ID</faultcode>" in soap(org, "<convertLead/>", token="none").text
