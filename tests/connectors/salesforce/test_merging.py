"""`build --merge-with`: our files in a team's own project, our parts in their lists, their bytes as they were."""

import json
from collections.abc import Mapping

import pytest

from sla_sync.connector import Address, Manifest, SlaSyncError
from sla_sync_salesforce import connector
from sla_sync_salesforce.merging import merge_into
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.example import acme, compiled

MANIFEST = Manifest("digest", {})
ROOT = "force-app/main/default"
STATUSES = f"{ROOT}/standardValueSets/LeadStatus.standardValueSet-meta.xml"
CONVERSION = f"{ROOT}/LeadConvertSettings/LeadConvertSettings.LeadConvertSetting-meta.xml"
RULES = f"{ROOT}/assignmentRules/Lead.assignmentRules-meta.xml"
THEIR_RULES = b"""<?xml version="1.0" encoding="UTF-8"?>
<AssignmentRules xmlns="http://soap.sforce.com/2006/04/metadata">
    <assignmentRule>
        <fullName>Everything</fullName>
        <active>true</active>
    </assignmentRule>
</AssignmentRules>
"""
HOURS = f"{ROOT}/settings/BusinessHours.settings-meta.xml"
OURS = f"{ROOT}/objects/Lead/fields/SLA_Due_At__c.field-meta.xml"

# As a team keeps it: tabs, a comment, members in an order of its own, Windows line ends.
THEIR_STATUSES = (
    b'<?xml version="1.0" encoding="utf-8"?>\r\n'
    b'<StandardValueSet xmlns="http://soap.sforce.com/2006/04/metadata">\r\n'
    b"\t<!-- agreed with sales in 2024 -->\r\n"
    b"\t<sorted>false</sorted>\r\n"
    b"\t<standardValue>\r\n"
    b"\t\t<fullName>Brand New</fullName>\r\n"
    b"\t\t<default>true</default>\r\n"
    b"\t\t<label>Brand New</label>\r\n"
    b"\t\t<converted>false</converted>\r\n"
    b"\t</standardValue>\r\n"
    b"</StandardValueSet>\r\n"
)
THEIR_CONVERSION = b"""<?xml version="1.0" encoding="UTF-8"?>
<LeadConvertSettings xmlns="http://soap.sforce.com/2006/04/metadata">
    <allowOwnerChange>true</allowOwnerChange>
    <objectMapping>
        <inputObject>Lead</inputObject>
        <mappingFields>
            <inputField>Their_Field__c</inputField>
            <outputField>Their_Field__c</outputField>
        </mappingFields>
        <outputObject>Contact</outputObject>
    </objectMapping>
</LeadConvertSettings>
"""


def merged(tree: Mapping[str, bytes]) -> Mapping[str, bytes]:
    return merge_into(tree, acme(), MANIFEST)


def test_an_empty_folder_gets_the_files_of_a_project_and_no_more() -> None:
    built = connector.build["source"](acme(), MANIFEST)
    written = merged({})
    assert set(written) == set(built) - {"sfdx-project.json", "README.md"}
    assert all(written[path] == built[path] for path in written)


def test_what_was_merged_once_is_not_changed_again() -> None:
    tree = dict(merged({STATUSES: THEIR_STATUSES, CONVERSION: THEIR_CONVERSION}))
    assert merged({**tree, f"{ROOT}/classes/Theirs.cls": b"public class Theirs {}"}) == {}


def test_the_lines_of_others_stay_byte_for_byte_in_a_list_that_is_shared() -> None:
    written = merged({STATUSES: THEIR_STATUSES})[STATUSES]
    head, _, tail = THEIR_STATUSES.partition(b"</StandardValueSet>")
    assert written.startswith(head)
    assert written.endswith(b"</StandardValueSet>" + tail)
    assert b"<fullName>MQL</fullName>" in written[len(head) :]
    assert b"\n" not in written.replace(b"\r\n", b"")
    assert b"Open - Not Contacted" not in written


def test_a_rule_of_theirs_that_is_switched_on_is_never_switched_off_for_them() -> None:
    resources, binding, setup = compiled()
    ruled = translate(resources, binding.model_copy(update={"routing": "rules"}), setup)
    with pytest.raises(SlaSyncError) as raised:
        merge_into({RULES: THEIR_RULES}, ruled, MANIFEST)
    assert "has the assignment rule «Everything» switched on" in raised.value.message
    written = merge_into({RULES: THEIR_RULES.replace(b"<active>true<", b"<active>false<")}, ruled, MANIFEST)
    assert b"<fullName>Everything</fullName>" in written[RULES]
    assert merge_into({**written}, ruled, MANIFEST) == {}


def test_the_mapping_of_others_stays_where_ours_is_added() -> None:
    written = merged({CONVERSION: THEIR_CONVERSION})[CONVERSION].decode()
    for line in THEIR_CONVERSION.decode().splitlines():
        assert line in written.splitlines()
    assert "<inputField>SLA_Due_At__c</inputField>" in written


def test_business_hours_of_others_stay() -> None:
    theirs = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<BusinessHoursSettings xmlns="http://soap.sforce.com/2006/04/metadata">\n'
        b"    <businessHours>\n        <active>true</active>\n        <default>true</default>\n"
        b"        <name>Default</name>\n        <timeZoneId>Europe/Paris</timeZoneId>\n    </businessHours>\n"
        b"</BusinessHoursSettings>\n"
    )
    written = merged({HOURS: theirs})[HOURS].decode()
    assert "<name>Default</name>" in written
    assert written.count("<businessHours>\n") > 1


def test_a_file_of_somebody_else_under_our_name_is_refused_by_name() -> None:
    theirs = (
        b'<?xml version="1.0" encoding="UTF-8"?>\n<CustomField xmlns="http://soap.sforce.com/2006/04/metadata">\n'
        b"    <fullName>SLA_Due_At__c</fullName>\n    <label>Ours since 2019</label>\n    <type>Date</type>\n</CustomField>\n"
    )
    with pytest.raises(SlaSyncError, match=r"SLA_Due_At__c\.field-meta\.xml"):
        merged({OURS: theirs})


def test_a_file_of_ours_that_somebody_edited_is_written_again() -> None:
    edited = merged({})[OURS].replace(b"<label>Due At</label>", b"<label>Due</label>")
    assert merged({**merged({}), OURS: edited}) == {OURS: merged({})[OURS]}


def test_what_the_manifest_knows_is_ours_without_a_mark() -> None:
    view = f"{ROOT}/objects/SLA_Leg__c/listViews/SLA_My_Open.listView-meta.xml"
    edited = merged({})[view].replace(b"My open assignments", b"Mine")
    with pytest.raises(SlaSyncError, match="SLA_My_Open"):
        merged({view: edited})
    known = Manifest("digest", {Address("ListView", "SLA_Leg__c.SLA_My_Open"): {}})
    assert view in merge_into({view: edited}, acme(), known)


def test_files_go_where_the_project_keeps_its_metadata() -> None:
    project = {"packageDirectories": [{"path": "extra"}, {"path": "./app/", "default": True}]}
    moved = "extra/main/default/objects/Lead/fields/SLA_Due_At__c.field-meta.xml"
    there = merged({})[OURS].replace(b"<label>Due At</label>", b"<label>Due</label>")
    written = merged({"sfdx-project.json": json.dumps(project).encode(), moved: there})
    assert written[moved] == merged({})[OURS]
    assert f"app/main/default/{OURS.removeprefix(ROOT + '/')}" not in written
    assert "app/main/default/objects/SLA_Leg__c/SLA_Leg__c.object-meta.xml" in written


def test_a_list_that_cannot_be_read_is_refused_and_named() -> None:
    with pytest.raises(SlaSyncError, match="LeadStatus"):
        merged({STATUSES: b"<<<<<<< HEAD"})


def test_a_project_file_that_is_no_json_is_refused() -> None:
    with pytest.raises(SlaSyncError, match=r"sfdx-project\.json is not JSON"):
        merged({"sfdx-project.json": b"{"})
