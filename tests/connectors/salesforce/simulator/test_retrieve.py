from __future__ import annotations

import re

from tests.connectors.salesforce.simulator.org import Org
from tests.connectors.salesforce.simulator.packages import (
    FLOW,
    OBJECT,
    PERMISSIONS,
    REPORT,
    STATUS,
    manifest,
    sample,
    swap,
)

EVERYTHING = {
    "CustomObject": ["Lead"],
    "Flow": ["*"],
    "PermissionSet": ["*"],
    "Report": ["SLA_Sync", "SLA_Sync/SLA_Qualified_Leads"],
    "StandardValueSet": ["LeadStatus"],
    "StaticResource": ["*"],
}


def test_what_was_deployed_comes_back_byte_for_byte(org: Org) -> None:
    org.deploy_sample()
    files, sent = org.retrieve(EVERYTHING), sample()
    assert files.keys() == sent.keys()
    for path in (STATUS, PERMISSIONS, FLOW, REPORT):
        assert files[path] == sent[path]
    assert re.sub(r"\s+", "", files[OBJECT]) == re.sub(r"\s+", "", sent[OBJECT])


def test_a_field_is_retrieved_alone(org: Org) -> None:
    org.deploy_sample()
    files = org.retrieve({"CustomField": ["Lead.SLA_Score__c"]})
    assert re.findall("<fullName>(.*)</fullName>", files[OBJECT]) == ["SLA_Score__c"]
    assert "<members>Lead.SLA_Score__c</members>" in files["package.xml"]


def test_defaults_of_the_platform_are_written_in_and_quotes_escaped(org: Org) -> None:
    files = sample()
    for member in ("<externalId>false</externalId>", "<unique>false</unique>"):
        swap(OBJECT, member, "")(files)
    files[OBJECT] = files[OBJECT].replace("<trackHistory>false</trackHistory>", "").replace("&quot;", '"')
    org.deploy(files)
    back = org.retrieve({"CustomObject": ["Lead"]})[OBJECT]
    assert back.count("<externalId>false</externalId>") == 1
    assert back.count("<trackHistory>false</trackHistory>") == 5
    assert "&quot;Overdue&quot;" in back


def test_members_come_back_in_the_order_of_the_wsdl(org: Org) -> None:
    files = sample()
    swap(OBJECT, "<type>DateTime</type>", "")(files)
    swap(OBJECT, "<fullName>SLA_Due_At__c</fullName>", "<type>DateTime</type><fullName>SLA_Due_At__c</fullName>")(files)
    org.deploy(files)
    back = org.retrieve({"CustomField": ["Lead.SLA_Due_At__c"]})[OBJECT]
    members = re.findall(r"\n        <(\w+)>", back)
    assert members == ["fullName", "label", "required", "trackHistory", "type"]


def test_what_does_not_exist_is_told_and_not_an_error(org: Org) -> None:
    result = org.retrieved({"CustomField": ["Lead.SLA_Gone__c"], "Flow": ["SLA_Gone"]})
    texts = [each.text for each in result.iter() if each.tag.endswith("problem")]
    assert texts == [
        "Entity of type 'CustomField' named 'Lead.SLA_Gone__c' cannot be found",
        "Entity of type 'Flow' named 'SLA_Gone' cannot be found",
    ]


def test_a_wildcard_reaches_neither_value_sets_nor_reports_nor_standard_objects(org: Org) -> None:
    org.deploy_sample()
    files = org.retrieve({"StandardValueSet": ["*"], "Report": ["*"], "CustomObject": ["*"]})
    assert list(files) == ["package.xml"]


def test_dates_and_authors_are_told_but_not_of_value_sets(org: Org) -> None:
    org.deploy_sample()
    found = org.properties({"StandardValueSet": ["LeadStatus"], "Flow": ["SLA_Qualified_Stamp"]})
    assert found["LeadStatus"]["lastModifiedDate"] == "1970-01-01T00:00:00.000Z"
    assert found["SLA_Qualified_Stamp"]["lastModifiedDate"] == "2026-10-01T00:00:00.000Z"
    assert found["SLA_Qualified_Stamp"]["lastModifiedByName"] == "Integration"


def test_value_sets_are_not_listed(org: Org) -> None:
    org.deploy_sample()
    assert org.listed("StandardValueSet") == []
    assert [each["fullName"] for each in org.listed("ReportFolder", "PermissionSet")] == ["SLA_Sync", "SLA_Access"]


def test_types_that_are_not_implemented_are_refused_by_name(org: Org) -> None:
    layout = "<listMetadata><queries><type>Layout</type></queries><asOfVersion>63.0</asOfVersion></listMetadata>"
    assert "The metadata type Layout is not implemented by this simulator" in org.soap(layout).text
    assert "Unknown type name" in org.soap(layout.replace("Layout", "Kew")).text


def test_the_manifest_of_a_retrieve_can_be_deployed_again(org: Org) -> None:
    org.deploy_sample()
    files = org.retrieve(EVERYTHING)
    assert org.deploy(files)["status"] == "Succeeded"
    assert manifest({}).splitlines()[-1] == files["package.xml"].splitlines()[-1]
