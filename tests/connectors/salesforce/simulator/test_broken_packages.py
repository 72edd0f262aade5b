"""Packages that are valid but for one change, and what the org says of each."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from tests.connectors.salesforce.simulator.org import Org, problems
from tests.connectors.salesforce.simulator.packages import (
    FLOW,
    FOLDER,
    OBJECT,
    PERMISSIONS,
    REPORT,
    RESOURCE,
    STATUS,
    Files,
    sample,
    swap,
)

DUE = "<fullName>SLA_Due_At__c</fullName>"
DATE_TIME = "<type>DateTime</type>"
SECOND = "<locationX>0</locationX>\n        <locationY>0</locationY>\n        <assignmentItems>"
RULE_FORMULA = "ISBLANK(TEXT(SLA_Reason__c))"
OBJECT_PERMISSION = (
    "<objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>true</allowEdit>"
    "<allowRead>{read}</allowRead><modifyAllRecords>false</modifyAllRecords><object>{name}</object>"
    "<viewAllRecords>false</viewAllRecords></objectPermissions></PermissionSet>"
)
INTEGRITY = "SLA_Qualified_Stamp: field integrity exception: unknown "


def drop(path: str) -> Callable[[Files], None]:
    """Return a change that leaves a file out."""
    return lambda files: files.__delitem__(path)


def together(*changes: Callable[[Files], None]) -> Callable[[Files], None]:
    """Return a change that makes several, which are one mistake."""

    def change(files: Files) -> None:
        for each in changes:
            each(files)

    return change


def add(path: str, content: str) -> Callable[[Files], None]:
    """Return a change that adds a file."""
    return lambda files: files.__setitem__(path, content)


# Name: change, problem expected (its beginning).
BROKEN: dict[str, tuple[Callable[[Files], None], str]] = {
    # the package
    "no manifest": (drop("package.xml"), "package.xml: No package.xml found"),
    "a member that the zip lacks": (
        swap("package.xml", "<members>LeadStatus</members>", "<members>LeadStatus</members><members>X</members>"),
        "X: An object 'X' of type StandardValueSet was named in package.xml, but was not found in zipped directory",
    ),
    "a file that the manifest does not name": (
        swap("package.xml", "<members>SLA_Access</members>", ""),
        "SLA_Access: Not in package.xml",
    ),
    "a field that the manifest does not name": (
        swap("package.xml", "<members>Lead.SLA_Score__c</members>", ""),
        "Lead.SLA_Score__c: Not in package.xml",
    ),
    "a type that does not exist": (
        swap("package.xml", "<name>Flow</name>", "<name>Flo</name>"),
        "package.xml: Unknown type name 'Flo' specified in package.xml",
    ),
    "a type that is not executed here": (
        swap("package.xml", "<name>Flow</name>", "<name>Layout</name>"),
        "package.xml: The metadata type Layout is not implemented by this simulator",
    ),
    "another version": (
        swap("package.xml", "<version>63.0<", "<version>58.0<"),
        "package.xml: The API version 58.0 of package.xml is not implemented by this simulator; use 63.0",
    ),
    "a folder that is not known": (
        add("layouts/L.layout", "<Layout/>"),
        "layouts/L.layout: The folder layouts of a package is not implemented by this simulator",
    ),
    "the ending of a source file": (
        add("flows/SLA_X.flow-meta.xml", "<Flow/>"),
        "SLA_X.flow-meta.xml: A file with the ending -meta.xml does not belong into flows",
    ),
    "a static resource without its description": (
        drop(f"{RESOURCE}-meta.xml"),
        f"SLA_Manifest: No {RESOURCE}-meta.xml was found in the zip",
    ),
    # the files
    "text that is not XML": (
        swap(STATUS, "</StandardValueSet>", ""),
        "LeadStatus: Error parsing file: no element found",
    ),
    "a document type": (
        swap(STATUS, "<StandardValueSet", "<!DOCTYPE x>\n<StandardValueSet"),
        "LeadStatus: DOCTYPE is disallowed",
    ),
    "another root": (
        lambda files: files.__setitem__(STATUS, files[STATUS].replace("StandardValueSet", "GlobalValueSet")),
        "LeadStatus: Error parsing file: the root element is GlobalValueSet, and StandardValueSet is expected",
    ),
    "another namespace": (
        swap(STATUS, "2006/04/metadata", "2006/04/partner"),
        "LeadStatus: Error parsing file: the root element StandardValueSet is not in the namespace",
    ),
    "an unknown member": (
        swap(OBJECT, DUE, f"{DUE}<colour>red</colour>"),
        "Lead.SLA_Due_At__c: Property 'colour' not valid in version 63.0",
    ),
    "a member twice": (
        swap(OBJECT, DUE, f"{DUE}<label>Again</label>"),
        "Lead.SLA_Due_At__c: Error parsing file: Element label is duplicated at this location in type CustomField",
    ),
    "elements of one name that are not together": (
        swap(REPORT, "<description>", "<name>x</name><columns><field>EMAIL</field></columns><description>"),
        "SLA_Sync/SLA_Qualified_Leads: Error parsing file: Element columns is duplicated at this location in type Report",
    ),
    "a boolean with a capital": (
        swap(OBJECT, "<active>true</active>", "<active>True</active>"),
        "Lead.SLA_Reason_Required: 'True' is not a valid value for the type xsd:boolean",
    ),
    "a number that is none": (
        swap(OBJECT, "<precision>5</precision>", "<precision>five</precision>"),
        "Lead.SLA_Score__c: 'five' is not a valid value for the type xsd:int",
    ),
    "a value outside its enumeration": (
        swap(OBJECT, DATE_TIME, "<type>Datetime</type>"),
        "Lead.SLA_Due_At__c: 'Datetime' is not a valid value for the enum 'FieldType'",
    ),
    "a required member left out": (
        swap(STATUS, "<sorted>false</sorted>", ""),
        "LeadStatus: Required field is missing: sorted",
    ),
    "a member of an object that is not executed here": (
        swap(OBJECT, "<fields>", "<sharingModel>ReadWrite</sharingModel><fields>"),
        "Lead: 'sharingModel' of a custom object is not implemented by this simulator",
    ),
    # fields
    "a field without the ending": (
        together(
            swap(OBJECT, "SLA_Score__c</fullName>", "SLA_Score</fullName>"),
            swap("package.xml", "SLA_Score__c", "SLA_Score"),
        ),
        "Lead.SLA_Score: fullName must end with: __c",
    ),
    "a name with two underscores": (
        together(
            swap(OBJECT, "SLA_Score__c</fullName>", "SLA__Score__c</fullName>"),
            swap("package.xml", "SLA_Score__c", "SLA__Score__c"),
        ),
        "Lead.SLA__Score__c: DeveloperName: The DeveloperName can only contain underscores and alphanumeric characters",
    ),
    "a name of 41 characters": (
        together(
            swap(OBJECT, "SLA_Score__c</fullName>", f"{'S' * 41}__c</fullName>"),
            swap("package.xml", "SLA_Score__c", f"{'S' * 41}__c"),
        ),
        f"Lead.{'S' * 41}__c: DeveloperName: data value too large: {'S' * 41} (max length=40)",
    ),
    "a field without a label": (
        swap(OBJECT, "<label>SLA Due At</label>", ""),
        "Lead.SLA_Due_At__c: Required field is missing: label",
    ),
    "a label of 41 characters": (
        swap(OBJECT, "SLA Due At</label>", f"{'L' * 41}</label>"),
        f"Lead.SLA_Due_At__c: label: data value too large: {'L' * 41} (max length=40)",
    ),
    "a checkbox without a default": (
        swap(OBJECT, "<defaultValue>false</defaultValue>", ""),
        "Lead.SLA_Breached__c: Must specify 'defaultValue' for a CustomField of type Checkbox",
    ),
    "a number without a scale": (
        swap(OBJECT, "<scale>0</scale>", ""),
        "Lead.SLA_Score__c: Must specify 'scale' for a CustomField of type Number",
    ),
    "more digits than the platform keeps": (
        swap(OBJECT, "<precision>5</precision>", "<precision>19</precision>"),
        "Lead.SLA_Score__c: precision must be between 1 and 18",
    ),
    "a length for a date": (
        swap(OBJECT, DATE_TIME, f"<length>20</length>{DATE_TIME}"),
        "Lead.SLA_Due_At__c: Can not specify 'length' for a CustomField of type DateTime",
    ),
    "a text without a length": (
        swap(OBJECT, DATE_TIME, "<type>Text</type>"),
        "Lead.SLA_Due_At__c: Must specify 'length' for a CustomField of type Text",
    ),
    "a value twice": (
        swap(OBJECT, "<fullName>Bad fit</fullName>", "<fullName>no budget</fullName>"),
        "Lead.SLA_Reason__c: Duplicate value specified: no budget",
    ),
    "a field twice": (
        swap(OBJECT, "SLA_Score__c</fullName>", "SLA_Status__c</fullName>"),
        "Lead.SLA_Status__c: Duplicate fullName specified: Lead.SLA_Status__c",
    ),
    "a picklist without values": (
        lambda files: files.__setitem__(OBJECT, re.sub(r"<value>.*</value>", "", files[OBJECT], flags=re.DOTALL)),
        "Lead.SLA_Reason__c: Must specify at least one value in 'valueSetDefinition'",
    ),
    "a formula with an unknown field": (
        swap(OBJECT, "NOW() &gt; SLA_Due_At__c", "NOW() &gt; SLA_Due__c"),
        "Lead.SLA_Status__c: Field SLA_Due__c does not exist. Check spelling.",
    ),
    "a formula of another type": (
        swap(OBJECT, "IF(ISBLANK(SLA_Due_At__c), &quot;Not started&quot;,", "IF(TRUE, 5,"),
        "Lead.SLA_Status__c: Formula result is data type (Number), incompatible with expected data type (Text).",
    ),
    "a formula that compares with the record before": (
        swap(OBJECT, "NOW() &gt; SLA_Due_At__c", "ISCHANGED(SLA_Due_At__c)"),
        "Lead.SLA_Status__c: The ISCHANGED function cannot be used in this type of formula",
    ),
    "a formula that is too long": (
        swap(OBJECT, "NOW() &gt; SLA_Due_At__c", f"NOW() &gt; SLA_Due_At__c{' ' * 3900}"),
        "Lead.SLA_Status__c: Formula is too long",
    ),
    # validation rules
    "a rule with an open parenthesis": (
        swap(OBJECT, RULE_FORMULA, "ISBLANK(TEXT(SLA_Reason__c)"),
        "Lead.SLA_Reason_Required: Syntax error. Missing ')'",
    ),
    "a rule with an unknown function": (
        swap(OBJECT, RULE_FORMULA, "ISEMPTY(SLA_Reason__c)"),
        "Lead.SLA_Reason_Required: Unknown function ISEMPTY. Check spelling.",
    ),
    "a rule that takes a picklist for text": (
        swap(OBJECT, RULE_FORMULA, "SLA_Reason__c = &quot;x&quot;"),
        "Lead.SLA_Reason_Required: Field SLA_Reason__c is a picklist field.",
    ),
    "a message of 256 characters": (
        swap(OBJECT, "Choose an SLA Reason", "x" * 256),
        "Lead.SLA_Reason_Required: errorMessage: data value too large",
    ),
    "a message at an unknown field": (
        swap(OBJECT, "<errorDisplayField>SLA_Reason__c<", "<errorDisplayField>SLA_Why__c<"),
        "Lead.SLA_Reason_Required: In field: errorDisplayField - no CustomField named Lead.SLA_Why__c found",
    ),
    # values of LeadStatus
    "no converted value": (
        swap(STATUS, "<converted>true</converted>", "<converted>false</converted>"),
        "LeadStatus: At least one value of LeadStatus must be converted",
    ),
    "no default value": (
        swap(STATUS, "<default>true</default>", "<default>false</default>"),
        "LeadStatus: Exactly one value of LeadStatus must be the default, and 0 are",
    ),
    "a value set that is not executed here": (
        together(
            lambda files: files.update({"standardValueSets/LeadSource.standardValueSet": files.pop(STATUS)}),
            swap("package.xml", "LeadStatus", "LeadSource"),
        ),
        "LeadSource: The standard value set LeadSource is not implemented by this simulator",
    ),
    "a member that opportunities have": (
        swap(STATUS, "<converted>true<", "<won>true</won><converted>true<"),
        "LeadStatus: Can not specify 'won' for a value of the standard value set LeadStatus",
    ),
    # permission sets
    "a permission on an unknown field": (
        swap(PERMISSIONS, "Lead.SLA_Score__c", "Lead.SLA_Points__c"),
        "SLA_Access: In field: field - no CustomField named Lead.SLA_Points__c found",
    ),
    "a permission on a required field": (
        swap(PERMISSIONS, "Lead.SLA_Score__c", "Lead.Company"),
        "SLA_Access: You cannot deploy to a required field: Lead.Company",
    ),
    "a formula that may be written": (
        swap(
            PERMISSIONS,
            "<editable>false</editable>\n        <field>Lead.SLA_Status__c",
            "<editable>true</editable>\n        <field>Lead.SLA_Status__c",
        ),
        "SLA_Access: The field Lead.SLA_Status__c cannot be editable: it is calculated",
    ),
    "a permission twice": (
        swap(PERMISSIONS, "<field>Lead.SLA_Score__c</field>", "<field>Lead.SLA_Due_At__c</field>"),
        "SLA_Access: Duplicate fieldPermissions specified: Lead.SLA_Due_At__c",
    ),
    "writing without reading": (
        swap(
            PERMISSIONS,
            "SLA_Reason__c</field>\n        <readable>true",
            "SLA_Reason__c</field>\n        <readable>false",
        ),
        "SLA_Access: Permission to edit Lead.SLA_Reason__c depends on permission(s): Read Lead.SLA_Reason__c",
    ),
    "a permission on an unknown object": (
        swap(PERMISSIONS, "</PermissionSet>", OBJECT_PERMISSION.format(name="Leed", read="true")),
        "SLA_Access: In field: object - no CustomObject named Leed found",
    ),
    "editing an object without reading it": (
        swap(PERMISSIONS, "</PermissionSet>", OBJECT_PERMISSION.format(name="Lead", read="false")),
        "SLA_Access: Permission on Lead depends on permission(s): Read Lead",
    ),
    "a permission that is not executed here": (
        swap(PERMISSIONS, "</PermissionSet>", "<license>X</license></PermissionSet>"),
        "SLA_Access: 'license' of a permission set is not implemented by this simulator",
    ),
    # flows
    "a connector that leads nowhere": (
        swap(FLOW, "<targetReference>Stamp_Qualified_At<", "<targetReference>Stamp<"),
        f"{INTEGRITY}(The element Stamp, to which a connector leads, does not exist.)",
    ),
    "a flow about an unknown object": (
        swap(FLOW, "<object>Lead</object>", "<object>Leed</object>"),
        f"{INTEGRITY}(The object Leed does not exist.)",
    ),
    "a flow that writes an unknown field": (
        swap(FLOW, "<assignToReference>$Record.SLA_Qualified_At__c", "<assignToReference>$Record.SLA_When__c"),
        f"{INTEGRITY}(The field $Record.SLA_When__c, which Stamp_Qualified_At writes, does not exist.)",
    ),
    "a flow that writes a formula": (
        swap(FLOW, "<assignToReference>$Record.SLA_Qualified_At__c", "<assignToReference>$Record.SLA_Status__c"),
        f"{INTEGRITY}(The field $Record.SLA_Status__c, which Stamp_Qualified_At writes, is not writeable.)",
    ),
    "a value of another type": (
        swap(FLOW, "<elementReference>$Flow.CurrentDateTime</elementReference>", "<stringValue>now</stringValue>"),
        f"{INTEGRITY}(The value that Stamp_Qualified_At gives to $Record.SLA_Qualified_At__c is of the type text, and datetime",
    ),
    "a name used twice": (
        swap(FLOW, "<name>First_Time</name>", "<name>Is_New</name>"),
        f"{INTEGRITY}(The API name Is_New is used more than once.)",
    ),
    "a flow without a way in": (
        swap(FLOW, "<connector>\n            <targetReference>Is_New</targetReference>\n        </connector>", ""),
        f"{INTEGRITY}(The flow can't run because nothing is connected to the Start element.)",
    ),
    "a record made before save": (
        swap(
            FLOW,
            "<start>",
            "<recordCreates><name>Make</name><label>Make</label><locationX>0</locationX><locationY>0</locationY>"
            "<object>Task</object></recordCreates><start>",
        ),
        f"{INTEGRITY}(The element Make (recordCreates) isn't allowed in a flow that runs before the record is saved.)",
    ),
    "an element without a label": (
        swap(FLOW, "<label>Stamp qualified at</label>", ""),
        f"{INTEGRITY}(The element Stamp_Qualified_At has no label.)",
    ),
    "a value that is none": (
        swap(FLOW, "<elementReference>$Flow.CurrentDateTime</elementReference>", ""),
        f"{INTEGRITY}(A value of Stamp_Qualified_At needs exactly one of",
    ),
    "logic that does not fit the conditions": (
        swap(FLOW, "<conditionLogic>and<", "<conditionLogic>1 AND 2<"),
        f"{INTEGRITY}(The condition logic '1 AND 2' of First_Time does not fit its 1 conditions.)",
    ),
    "a screen": (
        swap(
            FLOW,
            "<start>",
            "<screens><name>S</name><label>S</label><locationX>0</locationX><locationY>0</locationY></screens><start>",
        ),
        "SLA_Qualified_Stamp: 'screens' of a flow is not implemented by this simulator",
    ),
    # reports
    "a column that does not exist": (
        swap(REPORT, "<field>Lead.SLA_Due_At__c</field>", "<field>Lead.SLA_Due__c</field>"),
        "SLA_Sync/SLA_Qualified_Leads: columns-field: Invalid value specified: Lead.SLA_Due__c",
    ),
    "a filter on a column that does not exist": (
        swap(REPORT, "<column>STATUS</column>", "<column>STAGE</column>"),
        "SLA_Sync/SLA_Qualified_Leads: filter-criteriaItems-column: Invalid value specified: STAGE",
    ),
    "groupings in a list": (
        swap(REPORT, "<format>Summary<", "<format>Tabular<"),
        "SLA_Sync/SLA_Qualified_Leads: format: A tabular report cannot have groupings",
    ),
    "another report type": (
        swap(REPORT, "<reportType>LeadList<", "<reportType>AccountList<"),
        "SLA_Sync/SLA_Qualified_Leads: reportType: the report type AccountList is not implemented by this simulator",
    ),
    "a folder without a name": (
        swap(FOLDER, "<name>SLA Sync</name>", "<name></name>"),
        "SLA_Sync: Required field is missing: name",
    ),
    "a column twice": (
        swap(REPORT, "<field>COMPANY</field>", "<field>LAST_NAME</field>"),
        "SLA_Sync/SLA_Qualified_Leads: columns: The column LAST_NAME is used more than once",
    ),
    "filter logic that does not fit": (
        swap(REPORT, "<filter>", "<filter><booleanFilter>1 AND 2</booleanFilter>"),
        "SLA_Sync/SLA_Qualified_Leads: booleanFilter: '1 AND 2' must name each of the 1 filters by its number",
    ),
    "a period of a column that does not exist": (
        swap(REPORT, "<dateColumn>CREATED_DATE<", "<dateColumn>MADE<"),
        "SLA_Sync/SLA_Qualified_Leads: timeFrameFilter-dateColumn: Invalid value specified: MADE",
    ),
    "sorted by a column that does not exist": (
        swap(REPORT, "<timeFrameFilter>", "<sortColumn>MADE</sortColumn><timeFrameFilter>"),
        "SLA_Sync/SLA_Qualified_Leads: sortColumn: Invalid value specified: MADE",
    ),
    "a matrix without columns across": (
        swap(REPORT, "<format>Summary<", "<format>Matrix<"),
        "SLA_Sync/SLA_Qualified_Leads: format: A matrix report has one or two groupings down and across, not 1 and 0",
    ),
    "a joined report": (
        swap(REPORT, "<format>Summary<", "<format>MultiBlock<"),
        "SLA_Sync/SLA_Qualified_Leads: format: A joined report is not implemented by this simulator",
    ),
    "an unknown scope": (
        swap(REPORT, "<scope>org<", "<scope>planet<"),
        "SLA_Sync/SLA_Qualified_Leads: scope: the scope planet is not valid for the report type LeadList",
    ),
    "a member of a report that is not executed here": (
        swap(REPORT, "<columns>", "<numSubscriptions>1</numSubscriptions><columns>"),
        "SLA_Sync/SLA_Qualified_Leads: 'numSubscriptions' of a report is not implemented by this simulator",
    ),
    "a report in a folder that is not there": (
        together(
            swap("package.xml", "<members>SLA_Sync</members>", ""),
            drop(FOLDER),
        ),
        "SLA_Sync/SLA_Qualified_Leads: Cannot find folder:SLA_Sync",
    ),
    # static resources
    "a description that is too long": (
        swap(f"{RESOURCE}-meta.xml", "What was deployed last.", "x" * 256),
        "SLA_Manifest: description: data value too large",
    ),
    "a description without its resource": (
        drop(RESOURCE),
        f"SLA_Manifest.resource-meta.xml: {RESOURCE} is missing beside its -meta.xml file",
    ),
    "a resource without a content type": (
        swap(f"{RESOURCE}-meta.xml", "<contentType>application/json</contentType>", ""),
        "SLA_Manifest: Required field is missing: contentType",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_package_that_is_wrong_in_one_place_is_refused_for_that(name: str, untouched: Org) -> None:
    change, expected = BROKEN[name]
    files = sample()
    change(files)
    result = untouched.deploy(files, checkOnly=True)
    assert result["status"] == "Failed"
    assert any(each.startswith(expected) for each in problems(result)), problems(result)


def test_the_sample_itself_is_valid(untouched: Org) -> None:
    result = untouched.deploy_sample(checkOnly=True)
    assert (result["status"], problems(result)) == ("Succeeded", [])


def test_a_problem_says_line_and_column_of_its_file(untouched: Org) -> None:
    files = sample()
    swap(OBJECT, DUE, f"{DUE}\n        <colour>red</colour>")(files)
    result = untouched.deploy(files, checkOnly=True)
    (failure,) = [each for each in result["details"]["componentFailures"] if "colour" in each["problem"]]
    line = next(number for number, text in enumerate(files[OBJECT].splitlines(), 1) if "colour" in text)
    assert (failure["fileName"], failure["lineNumber"], failure["columnNumber"]) == (OBJECT, line, 9)
    assert (failure["componentType"], failure["problemType"]) == ("CustomField", "Error")


def test_what_depends_on_a_refused_component_is_refused_too(untouched: Org) -> None:
    result = untouched.deploy_sample(swap(OBJECT, "<label>SLA Due At</label>", ""), checkOnly=True)
    found = problems(result)
    assert "Lead.SLA_Status__c: Field SLA_Due_At__c does not exist. Check spelling." in found
    assert "SLA_Access: In field: field - no CustomField named Lead.SLA_Due_At__c found" in found


def test_a_zip_that_cannot_be_opened_fails_the_deployment(untouched: Org) -> None:
    result = untouched.deploy(b"not a zip", checkOnly=True)
    assert result["status"] == "Failed"
    assert "the zip file cannot be opened" in result["errorMessage"]
