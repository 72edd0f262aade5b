from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sla_sync.connector import Address, Manifest, Values
from sla_sync_salesforce import connector
from sla_sync_salesforce.containers import merged
from sla_sync_salesforce.markup import NAMESPACE, from_xml, to_xml
from sla_sync_salesforce.package import Component, mdapi_package, package_xml, static_json, unzipped, zipped
from sla_sync_salesforce.types import CONTAINERS, RECORDS
from sla_sync_salesforce.wsdl import members, wsdl_path
from tests.connectors.salesforce.example import acme
from tests.connectors.salesforce.stories import translation
from tests.haste import examples

XSD = "http://www.w3.org/2001/XMLSchema"
ROOTS = (
    "ApexClass",
    "AssignmentRules",
    "BusinessHoursSettings",
    "BusinessProcess",
    "CustomField",
    "CustomMetadata",
    "CustomNotificationType",
    "CustomObject",
    "CustomPermission",
    "Dashboard",
    "DashboardFolder",
    "Flow",
    "Group",
    "LeadConvertSettings",
    "ListView",
    "Queue",
    "RecordType",
    "ReportType",
    "Package",
    "PermissionSet",
    "Report",
    "ReportFolder",
    "StandardValueSet",
    "StaticResource",
    "ValidationRule",
)
SPOKEN = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), include_characters="\n\t"), min_size=1, max_size=30
)


@cache
def schema() -> etree.XMLSchema:
    """Return the platform's own schema, with an element for each kind of file that we write."""
    shipped = etree.parse(str(wsdl_path())).getroot().find(f".//{{{XSD}}}schema")
    assert shipped is not None
    whole = etree.Element(shipped.tag, dict(shipped.attrib), nsmap={"xsd": XSD, "tns": NAMESPACE})
    whole.extend(list(shipped))
    for name in ROOTS:
        etree.SubElement(whole, f"{{{XSD}}}element", name=name, type=f"tns:{name}")
    return etree.XMLSchema(etree.fromstring(etree.tostring(whole)))


@pytest.mark.parametrize("layout", ["mdapi", "source"])
def test_every_file_that_is_built_is_valid_by_the_platforms_own_schema(layout: str) -> None:
    built = connector.build[layout](translation(), Manifest("digest", {}))
    checked = [path for path, content in built.items() if content.startswith(b"<?xml")]
    for path in checked:
        document = etree.fromstring(built[path])
        assert schema().validate(document), (path, schema().error_log)
    assert len(checked) >= 8


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["mdapi", "source"])
def test_every_file_of_the_whole_example_is_valid_by_the_platforms_own_schema(layout: str) -> None:
    built = connector.build[layout](acme(), Manifest("digest", {}))
    for path, content in built.items():
        if content.startswith(b"<?xml"):
            assert schema().validate(etree.fromstring(content)), (path, schema().error_log)


def test_what_the_whole_example_packs_is_what_is_unpacked() -> None:
    packed = [
        Component(each.address.type, each.address.key, each.values)
        for each in acme().desired
        if each.address.type not in CONTAINERS and each.address.type not in RECORDS
    ]
    unpacked = {(each.type, each.name): each.values for each in unzipped(zipped(mdapi_package(packed)))}
    assert unpacked == {(each.type, each.name): each.values for each in packed}


def test_a_row_of_custom_metadata_says_the_type_of_each_value() -> None:
    values: Values = {
        "label": "Hot",
        "protected": False,
        "values": [
            {"field": "Minutes__c", "value": 15},
            {"field": "Share__c", "value": 0.5},
            {"field": "Calendar__c", "value": "15"},
            {"field": "Opens_At__c", "value": "2026-11-23T14:00:00.000Z"},
            {"field": "Away__c", "value": True},
            {"field": "Note__c", "value": None},
        ],
    }
    text = to_xml("CustomMetadata", values).decode()
    for spelled in (
        '"xsd:double">15.0<',
        '"xsd:double">0.5<',
        '"xsd:string">15<',
        '"xsd:dateTime">2026-11-23T14:00:00.000Z<',
        '"xsd:boolean">true<',
        '<value xsi:nil="true"/>',
    ):
        assert spelled in text
    assert from_xml(text.encode()) == ("CustomMetadata", values)


def test_the_text_of_a_class_stands_in_a_file_of_its_own() -> None:
    made = Component(
        "ApexClass", "SlaDeadline", {"apiVersion": 63.0, "status": "Active", "content": "public class A {}"}
    )
    content = mdapi_package([made])
    assert content["classes/SlaDeadline.cls"] == b"public class A {}"
    assert b"content" not in content["classes/SlaDeadline.cls-meta.xml"]
    assert unzipped(zipped(content)) == [made]


def test_settings_are_listed_by_what_they_set_and_written_under_another_name() -> None:
    hours = Component("Settings", "BusinessHours", {"businessHours": [{"active": True, "default": False, "name": "A"}]})
    content = mdapi_package([hours])
    assert b"<BusinessHoursSettings " in content["settings/BusinessHours.settings"]
    assert b"<members>BusinessHours</members>\n        <name>Settings</name>" in content["package.xml"]
    assert unzipped(zipped(content)) == [hours]


def test_the_schema_refuses_members_in_another_order() -> None:
    wrong = f'<ReportFolder xmlns="{NAMESPACE}"><name>A</name><accessType>Public</accessType></ReportFolder>'
    assert not schema().validate(etree.fromstring(wrong))


@settings(max_examples=examples(60))
@given(SPOKEN, SPOKEN)
def test_any_text_comes_back_from_a_file_as_it_was(label: str, formula: str) -> None:
    values: Values = {"label": label, "formula": formula, "required": True, "length": 255}
    assert from_xml(to_xml("CustomField", values)) == ("CustomField", values)


def test_a_carriage_return_survives_the_parser() -> None:
    assert from_xml(to_xml("CustomField", {"label": "a\r\nb"}))[1] == {"label": "a\r\nb"}


def test_quotes_and_brackets_are_escaped_as_the_platform_escapes_them() -> None:
    text = to_xml("CustomField", {"formula": """a < "b" & 'c' > d"""}).decode()
    assert "<formula>a &lt; &quot;b&quot; &amp; &apos;c&apos; &gt; d</formula>" in text


def test_a_control_character_is_refused_before_it_reaches_the_platform() -> None:
    with pytest.raises(ValueError, match="control character"):
        to_xml("CustomField", {"label": "bell\x07"})


def test_a_member_that_the_type_lacks_is_refused() -> None:
    with pytest.raises(ValueError, match="CustomField has no member 'colour'"):
        to_xml("CustomField", {"colour": "red"})


def test_a_retrieved_file_that_declares_entities_is_refused() -> None:
    hostile = (
        b'<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'
        b'<CustomField xmlns="http://soap.sforce.com/2006/04/metadata"><label>&secret;</label></CustomField>'
    )
    with pytest.raises(ValueError, match="declares a document type"):
        from_xml(hostile)


def test_what_is_no_xml_is_refused() -> None:
    with pytest.raises(ValueError, match="not XML"):
        from_xml(b"<html><body>Down for maintenance</html>")


def test_inherited_members_stand_before_own_ones() -> None:
    assert list(members("StandardValue"))[:6] == ["fullName", "color", "default", "description", "isActive", "label"]


def test_an_element_that_may_repeat_is_a_list_also_when_it_stands_once() -> None:
    _, values = from_xml(to_xml("PermissionSet", {"label": "A", "fieldPermissions": [{"field": "Lead.A__c"}]}))
    assert values["fieldPermissions"] == [{"field": "Lead.A__c"}]


def test_what_is_packed_is_what_is_unpacked() -> None:
    packed = [
        Component(each.address.type, each.address.key, each.values)
        for each in translation().desired
        if each.address.type not in CONTAINERS and each.address.type not in RECORDS
    ]
    unpacked = unzipped(zipped(mdapi_package([*packed, static_json("SLA_X", "{}", "text")])))
    assert sorted(unpacked, key=lambda each: (each.type, each.name)) == sorted(
        packed, key=lambda each: (each.type, each.name)
    )


def test_the_same_settings_make_the_same_bytes() -> None:
    components = [Component("CustomField", "Lead.A__c", {"label": "A"}), Component("Flow", "B", {"label": "B"})]
    assert zipped(mdapi_package(components)) == zipped(mdapi_package(reversed(components)))


def test_deletions_follow_what_still_refers_to_them() -> None:
    content = mdapi_package([], [("CustomField", "Lead.SLA_Old__c")])
    assert b"<members>Lead.SLA_Old__c</members>" in content["destructiveChangesPost.xml"]
    assert b"SLA_Old__c" not in content["package.xml"]


def test_a_report_folder_is_listed_under_reports() -> None:
    listed = package_xml([("ReportFolder", "SLA_Sync"), ("Report", "SLA_Sync/A")]).decode()
    assert listed.count("<name>") == 1
    assert "<members>SLA_Sync</members>" in listed


def test_our_values_join_lead_status_and_others_stay_in_their_order() -> None:
    live: Values = {
        "groupingStringEnum": "kept",
        "sorted": False,
        "standardValue": [
            {"fullName": "New", "default": True, "label": "New", "color": "#fff"},
            {"fullName": "MQL", "default": False, "label": "Old words", "isActive": False, "probability": 5},
            {"fullName": "Won", "default": False, "label": "Won", "converted": True},
        ],
    }
    wanted: dict[Address, Values] = {
        Address("LeadStatusValue", "SQL"): {"label": "SQL"},
        Address("LeadStatusValue", "MQL"): {"label": "MQL", "isActive": True},
    }
    assert merged(CONTAINERS["LeadStatusValue"], live, wanted) == {
        "groupingStringEnum": "kept",
        "sorted": False,
        "standardValue": [
            {"fullName": "New", "default": True, "label": "New", "color": "#fff"},
            {"fullName": "MQL", "default": False, "label": "MQL", "isActive": True, "probability": 5},
            {"fullName": "Won", "default": False, "label": "Won", "converted": True},
            {"fullName": "SQL", "default": False, "label": "SQL"},
        ],
    }
