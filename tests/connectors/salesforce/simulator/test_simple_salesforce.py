"""A second client that nobody here wrote: simple-salesforce with the WSDL that it ships."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from simple_salesforce import Salesforce
from simple_salesforce.exceptions import SalesforceGeneralError, SalesforceMalformedRequest

from tests.connectors.salesforce.simulator.org import Org, serving
from tests.connectors.salesforce.simulator.packages import sample, zipped

pytestmark = pytest.mark.slow


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with serving(tmp_path, wire=True) as org:
        yield org


@pytest.fixture
def client(org: Org) -> Any:
    """Return a client that is signed in to an org with the sample in it."""
    org.deploy_sample()
    client = Salesforce(session_id=org.running.token, instance_url=org.running.url, session=org.http, version="63.0")
    client.mdapi._client.transport.session = org.http
    return client


def test_it_queries_describes_and_reads_limits(client: Any) -> None:
    assert client.query("SELECT Id FROM LeadStatus")["totalSize"] == 7
    assert client.Lead.describe()["name"] == "Lead"
    assert client.limits()["DailyApiRequests"]["Max"] == 15000
    assert client.api_usage["api-usage"].used > 0


def test_it_reads_components(client: Any) -> None:
    assert client.mdapi.CustomField.read("Lead.SLA_Reason__c").valueSet.restricted is True
    assert client.mdapi.ValidationRule.read("Lead.SLA_Reason_Required").active is True
    flow = client.mdapi.Flow.read("SLA_Qualified_Stamp")
    assert (flow.status, flow.start.object, len(flow.decisions)) == ("Active", "Lead", 1)
    statuses = client.mdapi.StandardValueSet.read("LeadStatus").standardValue
    assert [each.fullName for each in statuses if each.converted] == ["Closed - Converted"]
    assert client.mdapi.CustomField.read(["Lead.SLA_Gone__c"]).fullName is None


def test_it_lists_and_describes(client: Any) -> None:
    query = client.mdapi.ListMetadataQuery(type="CustomField")
    listed = client.mdapi.list_metadata([query])
    assert {each.fullName for each in listed} >= {"Lead.SLA_Due_At__c"}
    described = client.mdapi.describe_metadata()
    assert "Flow" in {each.xmlName for each in described.metadataObjects}


def test_its_own_deploy_and_retrieve_are_refused_for_their_booleans(client: Any) -> None:
    with pytest.raises(SalesforceGeneralError, match="is not a valid value for the type xsd:boolean"):
        client.deploy(io.BytesIO(zipped(sample())), sandbox=False)
    with pytest.raises(SalesforceGeneralError, match="is not a valid value for the type xsd:boolean"):
        client.mdapi.retrieve("", unpackaged={"Flow": ["SLA_Qualified_Stamp"]})


def test_it_writes_records_and_reads_their_errors(client: Any) -> None:
    assert client.StaticResource.create({"Name": "SLA_X", "ContentType": "text/plain", "Body": ""})["success"]
    with pytest.raises(SalesforceMalformedRequest) as refused:
        client.StaticResource.create({"Name": "SLA_X", "ContentType": "text/plain", "Body": ""})
    assert "DUPLICATE_DEVELOPER_NAME" in str(refused.value.content)


def test_it_works_on_leads_one_by_one_and_in_bulk(client: Any) -> None:
    made = client.Lead.create({"LastName": "Reyes", "Company": "Acme"})
    assert client.Lead.update(made["id"], {"City": "Rome"}) == 204
    assert client.Lead.get(made["id"])["City"] == "Rome"
    rows = [{"LastName": name, "Company": "Acme"} for name in ("Ada", "Bo")]
    (done,) = client.bulk2.Lead.insert(records=rows, wait=0)
    assert (done["numberRecordsProcessed"], done["numberRecordsFailed"]) == (2, 0)
    assert [
        each["LastName"] for each in client.query_all("SELECT LastName FROM Lead ORDER BY LastName")["records"]
    ] == [
        "Ada",
        "Bo",
        "Reyes",
    ]
    pages = list(client.bulk2.Lead.query("SELECT LastName FROM Lead ORDER BY LastName"))
    assert "Reyes" in "".join(pages)
    assert client.Lead.delete(made["id"]) == 204
