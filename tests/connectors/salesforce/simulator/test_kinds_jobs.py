"""What is described, listed, tested, queued and removed: the Metadata API and the Tooling API over all kinds."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sla_sync_salesforce.simulator.kinds.apex_class import APEX_DIGESTS, recognised
from sla_sync_salesforce.simulator.kinds.table import KINDS
from sla_sync_salesforce.simulator.packages.catalogue import CHILDREN, TYPES
from sla_sync_salesforce.translate.apex import CLASS, CLASS_TEXT, TEST, TEST_TEXT
from tests.connectors.salesforce.simulator.org import DATA, Org, problems, serving
from tests.connectors.salesforce.simulator.packages import Files, document, manifest
from tests.connectors.salesforce.simulator.whole import MEMBERS, whole

_MET = "{http://soap.sforce.com/2006/04/metadata}"
_META = document("ApexClass", "<apiVersion>63.0</apiVersion><status>Active</status>")


def classes(*names: str) -> Files:
    """Return a package with these of the two generated classes."""
    texts = {CLASS: CLASS_TEXT, TEST: TEST_TEXT}
    files = {"package.xml": manifest({"ApexClass": names})}
    for name in names:
        files |= {f"classes/{name}.cls": texts[name], f"classes/{name}.cls-meta.xml": _META}
    return files


def test_the_generated_classes_are_known_and_others_are_not() -> None:
    assert (recognised(CLASS_TEXT), recognised(TEST_TEXT)) == (CLASS, TEST)
    assert recognised(CLASS_TEXT.replace("60000", "60001")) is None
    assert set(APEX_DIGESTS.values()) == {CLASS, TEST}


def test_classes_are_deployed_with_their_named_tests_and_then_deployed_quickly(org: Org) -> None:
    checked = org.deploy(classes(CLASS, TEST), checkOnly=True, testLevel="RunSpecifiedTests", runTests=[TEST])
    assert (checked["status"], checked["numberTestsCompleted"], checked["runTestsEnabled"]) == ("Succeeded", 1, True)
    path = f"{DATA}/metadata/deployRequest/{checked['id']}"
    started = org.ask("POST", path, json={"validatedDeployRequestId": checked["id"]})
    assert started.ok, started.text
    rows = org.query("SELECT Name, Status FROM ApexClass ORDER BY Name", tooling=True)
    assert [each["Name"] for each in rows] == [CLASS, TEST]
    assert org.retrieve({"ApexClass": [CLASS]})[f"classes/{CLASS}.cls"] == CLASS_TEXT


@pytest.mark.parametrize(
    ("names", "tests", "expected"),
    [
        ((CLASS, TEST), ["Other"], "The test class Other cannot be found, or holds no tests"),
        ((CLASS, TEST), [CLASS], f"The test class {CLASS} cannot be found, or holds no tests"),
        ((CLASS,), [TEST], f"The test class {TEST} cannot be found, or holds no tests"),
    ],
)
def test_tests_that_cannot_run_fail_the_deployment(
    names: tuple[str, ...], tests: list[str], expected: str, org: Org
) -> None:
    result = org.deploy(classes(*names), testLevel="RunSpecifiedTests", runTests=tests)
    assert result["status"] == "Failed"
    assert f": {expected}" in problems(result)
    assert org.query("SELECT Id FROM ApexClass", tooling=True) == []


def test_one_deployment_is_carried_out_at_a_time_and_the_others_wait(org: Org) -> None:
    first, second = org.start(whole()), org.start(whole(), checkOnly=True)
    seen = [org.status(second)["status"] for _ in range(6)]
    assert seen == ["Pending", "Pending", "Pending", "Pending", "InProgress", "Succeeded"]
    assert org.status(first)["status"] == "Succeeded"


def test_every_kind_is_described_and_has_a_row(org: Org) -> None:
    (result,) = org.results("<describeMetadata><asOfVersion>63.0</asOfVersion></describeMetadata>")
    objects = result.findall(f"{_MET}metadataObjects")
    told = {each.findtext(f"{_MET}xmlName"): each for each in objects}
    assert told.keys() == TYPES.keys()
    children = {child.text for each in objects for child in each.findall(f"{_MET}childXmlNames")}
    assert children == CHILDREN.keys()
    assert (TYPES.keys() | CHILDREN.keys()) - {"AssignmentRules", "Workflow"} <= KINDS.keys()


def test_every_deployed_component_is_listed_with_its_author(org: Org) -> None:
    org.deploy(whole())
    for type_name, names in MEMBERS.items():
        if type_name in ("Report", "Dashboard", "EmailTemplate"):
            continue
        listed = {each["fullName"]: each for each in org.listed(type_name)}
        assert set(names) <= listed.keys(), type_name
        if type_name not in ("Settings", "LeadConvertSettings", "CustomObject"):
            assert listed[names[0]]["lastModifiedByName"] == "Integration"


def test_every_deployed_component_leaves_a_line_in_the_audit_trail(org: Org) -> None:
    result = org.deploy(whole())
    changed = [each for each in result["details"]["componentSuccesses"] if each["changed"]]
    lines = org.query("SELECT Display, CreatedBy.Username FROM SetupAuditTrail")
    assert len(lines) == len(changed) > len(MEMBERS)
    assert {each["CreatedBy"]["Username"] for each in lines} == {"integration@acme.example"}


def test_everything_can_be_removed_together(org: Org) -> None:
    org.deploy(whole())
    off = "<activeVersionNumber>0</activeVersionNumber>"
    org.deploy(
        {
            "package.xml": manifest({"FlowDefinition": ["SLA_Leg_Stamps"]}),
            "flowDefinitions/SLA_Leg_Stamps.flowDefinition": document("FlowDefinition", off),
        }
    )
    members = {name: [*each] for name, each in MEMBERS.items()}
    for kept in ("Settings", "LeadConvertSettings", "AssignmentRules", "Workflow"):
        del members[kept]
    members["CustomObject"].remove("Lead")
    members |= {
        "AssignmentRule": ["Lead.SLA_Routing"],
        "WorkflowAlert": ["Lead.SLA_Breach"],
        "CustomField": [f"Lead.{each}__c" for each in ("SLA_Due_At", "SLA_Policy", "SLA_Late", "SLA_Reason")],
        "ValidationRule": ["Lead.SLA_Reason_Needed"],
        "RecordType": ["Lead.SLA_Lead"],
        "BusinessProcess": ["Lead.SLA Leads"],
        "ListView": ["Lead.SLA_Waiting"],
    }
    files = {"package.xml": manifest({}), "destructiveChanges.xml": manifest(members)}
    result = org.deploy(files)
    assert (result["status"], problems(result)) == ("Succeeded", [])
    organization = org.application.desk.organization
    left = {name for name in KINDS if organization.of(name)}
    assert left == {"StandardValueSet", "Settings", "LeadConvertSettings"}
    assert organization.store.of("GroupMember") == {}


def test_a_version_is_put_in_force_and_another_deleted_through_the_tooling_api(tmp_path: Path) -> None:
    (tmp_path / "switches.json").write_text(json.dumps({"activate_flows": False}), "utf-8")
    with serving(tmp_path) as org:
        org.deploy(whole())
        (flow,) = org.query("SELECT Id, ActiveVersionId, LatestVersionId FROM FlowDefinition", tooling=True)
        assert flow["ActiveVersionId"] is None
        address = f"{DATA}/tooling/sobjects/FlowDefinition/{flow['Id']}"
        refused = org.refusal("PATCH", address, json={"Metadata": {"activeVersionNumber": 7}})
        assert refused == (400, "FIELD_INTEGRITY_EXCEPTION", "The flow SLA_Leg_Stamps has no version 7")
        assert org.ask("PATCH", address, json={"Metadata": {"activeVersionNumber": 1}}).status_code == 204
        (now,) = org.query("SELECT ActiveVersionId FROM FlowDefinition", tooling=True)
        assert now["ActiveVersionId"] == flow["LatestVersionId"]
        version = f"{DATA}/tooling/sobjects/Flow/{flow['LatestVersionId']}"
        assert org.refusal("DELETE", version)[1] == "DELETE_FAILED"
        org.ask("PATCH", address, json={"Metadata": {"activeVersionNumber": 0}})
        assert org.ask("DELETE", version).status_code == 204
        assert org.query("SELECT Id FROM FlowDefinition", tooling=True) == []


def test_the_org_tells_how_many_fields_an_object_may_still_have(org: Org) -> None:
    where = "WHERE EntityDefinition.QualifiedApiName = 'SLA_Leg__c' AND Type = 'CustomFields'"
    org.deploy(whole())
    (row,) = org.query(f"SELECT Max, Remaining FROM EntityLimit {where}", tooling=True)
    assert (row["Max"], row["Remaining"]) == (500, 493)


@pytest.mark.parametrize(("activates", "said"), [(True, "true"), (False, "false")])
def test_the_settings_of_flows_say_whether_a_deployed_flow_is_active(
    tmp_path: Path, *, activates: bool, said: str
) -> None:
    (tmp_path / "switches.json").write_text(json.dumps({"activate_flows": activates}), "utf-8")
    body = "<readMetadata><type>FlowSettings</type><fullNames>Flow</fullNames></readMetadata>"
    with serving(tmp_path) as org:
        (result,) = org.results(body)
    assert result.findtext(f".//{_MET}enableFlowDeployAsActiveEnabled") == said


def test_one_row_of_metadata_is_read_with_the_types_of_its_values(org: Org) -> None:
    org.deploy(whole())
    name = "SLA_Threshold.First_Response_hot"
    answer = org.soap(f"<readMetadata><type>CustomMetadata</type><fullNames>{name}</fullNames></readMetadata>")
    ET.fromstring(answer.content)
    assert '<value xsi:type="xsd:double">60.0</value>' in answer.text


def test_settings_are_read_by_the_type_of_their_kind(org: Org) -> None:
    body = "<readMetadata><type>{}</type><fullNames>BusinessHours</fullNames></readMetadata>"
    (result,) = org.results(body.format("BusinessHoursSettings"))
    assert result.findtext(f".//{_MET}name") == "Default"
    assert "INVALID_TYPE" in org.soap(body.format("Settings")).text
