import json

from sla_sync.connector import Address, Manifest, Translation, manifest_from_json
from sla_sync_salesforce import connector
from tests.connectors.salesforce.stories import AGREEMENT, translation

FIELD = Address("CustomField", "Lead.SLA_Need__c")
ASSIGNED = Address("PermissionSetAssignment", "SLA_Sync/ana")
MANIFEST = Manifest("digest", {FIELD: {"label": "Need"}, ASSIGNED: {}}, created=frozenset({FIELD, ASSIGNED}))
RESOURCE = "staticresources/SLA_Sync_Manifest_Acme_Inbound"


def test_a_project_can_be_dropped_into_a_teams_own() -> None:
    built = connector.build["source"](translation(), MANIFEST)
    project = json.loads(built["sfdx-project.json"])
    assert project["sourceApiVersion"] == "63.0"
    assert "force-app/main/default/objects/Lead/fields/SLA_Need__c.field-meta.xml" in built
    assert "force-app/main/default/reports/SLA_Sync.reportFolder-meta.xml" in built


def test_a_package_holds_nothing_but_what_package_xml_lists() -> None:
    built = connector.build["mdapi"](translation(), MANIFEST)
    assert [path for path in built if not path.startswith("src/")] == ["README.md"]
    assert "src/objects/Lead.object" in built
    assert "src/reports/SLA_Sync-meta.xml" in built


def test_the_manifest_speaks_only_of_what_the_package_carries() -> None:
    for form, path in (("source", f"force-app/main/default/{RESOURCE}.json"), ("mdapi", f"src/{RESOURCE}.resource")):
        found = manifest_from_json(connector.build[form](translation(), MANIFEST)[path].decode())
        assert set(found.applied) == {FIELD}
        assert found.created == {FIELD}


def test_lead_status_is_written_with_the_values_of_a_new_org_and_the_readme_says_so() -> None:
    built = connector.build["source"](translation(), MANIFEST)
    listed = built["force-app/main/default/standardValueSets/LeadStatus.standardValueSet-meta.xml"].decode()
    assert listed.index("Open - Not Contacted") < listed.index("<fullName>MQL</fullName>")
    assert "Put in every other value that your org has" in built["README.md"].decode()


def test_the_readme_says_what_is_left_to_people() -> None:
    text = connector.build["mdapi"](translation(), MANIFEST)["README.md"].decode()
    assert "- SLA_Manager to ana" in text
    assert f"1. {translation().gaps[0].advice}" in text


def test_what_is_not_asked_for_is_not_spoken_of() -> None:
    built = connector.build["source"](Translation((), (), AGREEMENT), Manifest("digest", {}))
    assert set(built) == {
        "sfdx-project.json",
        f"force-app/main/default/{RESOURCE}.json",
        f"force-app/main/default/{RESOURCE}.resource-meta.xml",
        "README.md",
    }
    assert "##" not in built["README.md"].decode()


def test_json_holds_every_setting_assignments_too() -> None:
    whole = json.loads(connector.build["json"](translation(), MANIFEST)["settings.json"])
    assert whole["agreement"] == AGREEMENT
    assert {each["address"] for each in whole["settings"]} == {str(each.address) for each in translation().desired}
    assert len(whole["gaps"]) == len(translation().gaps)
