"""Packages that are valid but for one change: what the org says of objects, fields, processes and rows of metadata."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from tests.connectors.salesforce.simulator.packages import Files, swap
from tests.connectors.salesforce.simulator.whole import LEAD, LEG, ROW, SWITCH, THRESHOLD

Change: TypeAlias = Callable[[Files], None]
Case: TypeAlias = tuple[Change, str, str]
"""What is changed, the component that is refused, and how the problem begins."""

CASE_LEG = "SLA_Leg__c"
HOT = "SLA_Threshold.First_Response_hot"


def all_of(*changes: Change) -> Change:
    """Return a change that makes several, which are one mistake."""

    def change(files: Files) -> None:
        for each in changes:
            each(files)

    return change


def renamed(path: str, old: str, new: str) -> Change:
    """Return a change of the name of a component, in its file's path and in package.xml."""

    def change(files: Files) -> None:
        files[path.replace(old, new)] = files.pop(path)
        files["package.xml"] = files["package.xml"].replace(f"<members>{old}</members>", f"<members>{new}</members>")

    return change


OBJECTS: Mapping[str, Case] = {
    "an object without a label": (
        swap(LEG, "<label>SLA Assignment</label>", ""),
        CASE_LEG,
        "Must specify a non-empty label for the CustomObject",
    ),
    "an object without a plural": (
        swap(LEG, "<pluralLabel>SLA Assignments</pluralLabel>", ""),
        CASE_LEG,
        "Must specify 'pluralLabel' for a CustomObject",
    ),
    "an object without a name field": (
        swap(
            LEG,
            "<nameField><displayFormat>SLA-{000000}</displayFormat><label>Number</label><type>AutoNumber</type></nameField>",
            "",
        ),
        CASE_LEG,
        "Must specify 'nameField' for a CustomObject",
    ),
    "an object without a sharing model": (
        swap(LEG, "<sharingModel>ReadWrite</sharingModel>", ""),
        CASE_LEG,
        "Must specify 'sharingModel' for a CustomObject",
    ),
    "a label of 41 characters": (
        swap(LEG, "<label>SLA Assignment</label>", f"<label>{'L' * 41}</label>"),
        CASE_LEG,
        "label: data value too large",
    ),
    "a number without its format": (
        swap(LEG, "<displayFormat>SLA-{000000}</displayFormat><label>Number", "<label>Number"),
        CASE_LEG,
        "Must specify 'displayFormat' for a CustomField of type AutoNumber",
    ),
    "a format without a number": (
        swap(LEG, "SLA-{000000}", "SLA-"),
        CASE_LEG,
        "Display Format: the format SLA- must hold one number",
    ),
    "a status of deployment that does not exist": (
        swap(LEG, "<deploymentStatus>Deployed<", "<deploymentStatus>Done<"),
        CASE_LEG,
        "'Done' is not a valid value for the enum 'DeploymentStatus'",
    ),
    "a member that comes again": (
        swap(LEG, "<pluralLabel>", "<label>Again</label><pluralLabel>"),
        CASE_LEG,
        "Error parsing file: Element label is duplicated at this location in type CustomObject",
    ),
    "fields that are not together": (
        swap(LEG, "<sharingModel>", "<fields><fullName>X__c</fullName></fields><sharingModel>"),
        CASE_LEG,
        "Error parsing file: Element fields is duplicated at this location in type CustomObject",
    ),
    "a member that objects do not have": (
        swap(LEG, "<sharingModel>", "<colour>red</colour><sharingModel>"),
        CASE_LEG,
        "Property 'colour' not valid in version 63.0",
    ),
    "a setting of a metadata type on an object": (
        swap(THRESHOLD, "<visibility>", "<sharingModel>ReadWrite</sharingModel><visibility>"),
        "SLA_Threshold__mdt",
        "Can not specify 'sharingModel' for a CustomObject that is a custom metadata",
    ),
    "an object with a reserved name": (
        all_of(
            lambda files: files.update({"objects/Order__c.object": files[LEG]}),
            swap(
                "package.xml",
                "<members>SLA_Leg__c</members>",
                "<members>SLA_Leg__c</members><members>Order__c</members>",
            ),
        ),
        "Order__c",
        "The Object Name 'Order' is a reserved keyword",
    ),
    "a field with a reserved name": (
        swap(LEG, "<fullName>Serial__c<", "<fullName>Limit__c<"),
        f"{CASE_LEG}.Limit__c",
        "The DeveloperName 'Limit' is a reserved keyword",
    ),
    "a look-up of an object that is not there": (
        swap(LEG, "<referenceTo>Lead<", "<referenceTo>Leed<"),
        f"{CASE_LEG}.Lead__c",
        "referenceTo value of 'Leed' does not resolve to a valid sObject type",
    ),
    "a look-up without the name of its relationship": (
        swap(LEG, "<relationshipName>SLA_Legs</relationshipName>", ""),
        f"{CASE_LEG}.Lead__c",
        "Must specify 'relationshipName' for a CustomField of type Lookup",
    ),
    "a required look-up that may be emptied": (
        swap(LEG, "<relationshipName>", "<required>true</required><relationshipName>"),
        f"{CASE_LEG}.Lead__c",
        "Must specify either cascade delete or restrict delete for a required lookup foreign key",
    ),
    "a master-detail field": (
        swap(LEG, "<type>Lookup</type>", "<type>MasterDetail</type>"),
        f"{CASE_LEG}.Lead__c",
        "A CustomField of type MasterDetail is not implemented by this simulator",
    ),
    "a picklist in a custom setting": (
        swap(SWITCH, "<defaultValue>false</defaultValue><type>Checkbox</type>", "<type>Picklist</type>"),
        "SLA_Switch__c.Silent__c",
        "A CustomField of type Picklist is not allowed on a custom setting",
    ),
    "a look-up in a metadata type": (
        swap(
            THRESHOLD,
            "<precision>18</precision><scale>4</scale><type>Number</type>",
            "<referenceTo>Lead</referenceTo><relationshipName>T</relationshipName><type>Lookup</type>",
        ),
        "SLA_Threshold__mdt.Minutes__c",
        "A CustomField of type Lookup is not allowed on a custom metadata",
    ),
    "a setting that is a list": (
        swap(SWITCH, "Hierarchy", "List"),
        "SLA_Switch__c",
        "A custom setting of the type List is not implemented by this simulator",
    ),
    "a list that depends on a field that is not there": (
        swap(LEAD, "<controllingField>Status<", "<controllingField>Stage__c<"),
        "Lead.SLA_Reason__c",
        "In field: controllingField - no picklist or checkbox named Lead.Stage__c found",
    ),
    "a list that depends on a value that is not there": (
        swap(LEAD, "<controllingFieldValue>Closed - Not Converted<", "<controllingFieldValue>Closed<"),
        "Lead.SLA_Reason__c",
        "Picklist value: Closed in Lead.Status not found",
    ),
    "a dependent value that the list lacks": (
        swap(LEAD, "<valueName>No budget<", "<valueName>No money<"),
        "Lead.SLA_Reason__c",
        "Picklist value: No money in valueSettings not found",
    ),
    "a formula that reads a row that is not there": (
        swap(LEAD, "First_Response_hot.Minutes__c", "First_Response_cold.Minutes__c"),
        "Lead.SLA_Late__c",
        "Field $CustomMetadata.SLA_Threshold__mdt.First_Response_cold.Minutes__c does not exist",
    ),
    "a formula that reads a setting that is not there": (
        swap(LEAD, "$Setup.SLA_Switch__c", "$Setup.SLA_Swich__c"),
        "Lead.SLA_Late__c",
        "Field $Setup.SLA_Swich__c.Silent__c does not exist",
    ),
    "a rule that asks for a permission that is not there": (
        swap(LEAD, "$Permission.SLA_Bypass_Gates", "$Permission.SLA_Bypass"),
        "Lead.SLA_Reason_Needed",
        "Field $Permission.SLA_Bypass does not exist",
    ),
    "a custom field of tasks": (
        all_of(
            lambda files: files.__setitem__("objects/Task.object", files[SWITCH].replace("SLA Switch", "")),
            lambda files: files.__setitem__(
                "objects/Task.object",
                '<CustomObject xmlns="http://soap.sforce.com/2006/04/metadata"><fields><fullName>X__c</fullName>'
                "<label>X</label><type>Date</type></fields></CustomObject>",
            ),
            swap("package.xml", "<members>Lead</members>", "<members>Lead</members><members>Task</members>"),
        ),
        "Task.X__c",
        "Custom fields of Task are fields of Activity: deploy Activity.X__c",
    ),
    "a lead process with an unknown status": (
        swap(LEAD, "<values><fullName>Closed - Converted<", "<values><fullName>Won<"),
        "Lead.SLA Leads",
        "Picklist value: Won not found",
    ),
    "a lead process with two defaults": (
        swap(LEAD, "Closed - Converted</fullName><default>false", "Closed - Converted</fullName><default>true"),
        "Lead.SLA Leads",
        "Exactly one value of the business process must be the default, and 2 are",
    ),
    "a record type without a process": (
        swap(LEAD, "<businessProcess>SLA Leads</businessProcess>", ""),
        "Lead.SLA_Lead",
        "Must specify 'businessProcess' for a RecordType of Lead",
    ),
    "a record type with an unknown process": (
        swap(LEAD, "<businessProcess>SLA Leads<", "<businessProcess>Leads<"),
        "Lead.SLA_Lead",
        "In field: businessProcess - no BusinessProcess named Lead.Leads found",
    ),
    "a record type with an unknown picklist": (
        swap(LEAD, "<picklist>SLA_Reason__c<", "<picklist>SLA_Why__c<"),
        "Lead.SLA_Lead",
        "Picklist: SLA_Why__c not found on Lead",
    ),
    "more tracked fields than the platform keeps": (
        lambda files: files.__setitem__(
            LEG,
            files[LEG].replace(
                "<fields><fullName>Cycle__c",
                "".join(
                    f"<fields><fullName>T{number}__c</fullName><label>T{number}</label>"
                    "<trackHistory>true</trackHistory><type>Date</type></fields>"
                    for number in range(21)
                )
                + "<fields><fullName>Cycle__c",
                1,
            ),
        ),
        f"{CASE_LEG}.T0__c",
        "You can track the history of at most 20 fields",
    ),
}

ROWS: Mapping[str, Case] = {
    "a row of a type that is not there": (
        renamed(ROW, HOT, "SLA_Limit.First_Response_hot"),
        "SLA_Limit.First_Response_hot",
        "Invalid custom metadata type: SLA_Limit__mdt",
    ),
    "a row with an unknown field": (
        swap(ROW, "Minutes__c", "Seconds__c"),
        HOT,
        "Invalid field Seconds__c for the custom metadata type SLA_Threshold__mdt",
    ),
    "a text where a number belongs": (
        swap(ROW, "xsd:double", "xsd:string"),
        HOT,
        "The value of Minutes__c has the type string, and a field of the type Number takes double",
    ),
    "a value without a type": (
        swap(ROW, ' xsi:type="xsd:double"', ""),
        HOT,
        "The value of Minutes__c has no type (xsi:type)",
    ),
    "a number that is none": (
        swap(ROW, ">60.0<", ">sixty<"),
        HOT,
        "'sixty' is not a valid value for the type xsd:double",
    ),
    "a number with too many places": (
        swap(ROW, ">60.0<", ">60.12345<"),
        HOT,
        "Minutes__c: 60.12345 has more than 4 places after the point",
    ),
    "a type of no known namespace": (
        swap(ROW, "xsd:double", "xs:double"),
        HOT,
        "Error parsing file: the type double of value is not of the namespace",
    ),
    "a row without a label": (
        swap(ROW, "<label>First response hot</label>", ""),
        HOT,
        "Required field is missing: label",
    ),
    "a row with a label of 41 characters": (
        swap(ROW, "First response hot<", f"{'L' * 41}<"),
        HOT,
        "label: data value too large",
    ),
    "a truth with a capital": (
        swap(ROW, "<protected>false<", "<protected>False<"),
        HOT,
        "'False' is not a valid value for the type xsd:boolean",
    ),
}
