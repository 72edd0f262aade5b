"""Packages that are valid but for one change: what the org says of lists, reports, dashboards, mails, flows and classes."""

from __future__ import annotations

from collections.abc import Mapping

from tests.connectors.salesforce.simulator.packages import document, swap
from tests.connectors.salesforce.simulator.refusals import Case, all_of, renamed
from tests.connectors.salesforce.simulator.whole import (
    ALERTS,
    DASHBOARD,
    FLOW,
    KIND,
    LEAD,
    LEG,
    REPORT,
    TEMPLATE,
)

ATTAINMENT, HEALTH, BREACH = "SLA_Sync/SLA_Attainment", "SLA_Sync/SLA_Health", "SLA_Sync/SLA_Breach"
_CLASS = "classes/SlaDeadline.cls"
_META = document("ApexClass", "<apiVersion>63.0</apiVersion><status>Active</status>")
WITH_CLASS = swap(
    "package.xml",
    "<name>Flow</name>",
    "<name>Flow</name></types><types><members>SlaDeadline</members><name>ApexClass</name>",
)

VIEWS: Mapping[str, Case] = {
    "a list with a column that is a field and not a column": (
        swap(LEAD, "<columns>LEAD.STATUS<", "<columns>Status<"),
        "Lead.SLA_Waiting",
        "Could not resolve list view column: Status",
    ),
    "a list with a column that is not there": (
        swap(LEG, "<columns>Due_At__c<", "<columns>Due__c<"),
        "SLA_Leg__c.SLA_Open",
        "Could not resolve list view column: Due__c",
    ),
    "a list with a filter on nothing": (
        swap(LEG, "<filters><field>Cycle__c<", "<filters><field>Cycles__c<"),
        "SLA_Leg__c.SLA_Open",
        "Could not resolve list view column: Cycles__c",
    ),
    "a list of a queue that is not there": (
        swap(LEAD, "<queue>SLA_Overflow<", "<queue>SLA_Nobody<"),
        "Lead.SLA_Waiting",
        "In field: queue - no Queue named SLA_Nobody found",
    ),
    "a list of a queue without its name": (
        swap(LEAD, "<queue>SLA_Overflow</queue>", ""),
        "Lead.SLA_Waiting",
        "filterScope: the scope Queue and the name of a queue belong together",
    ),
    "a list without a scope": (
        swap(LEG, "<filterScope>Mine</filterScope>", ""),
        "SLA_Leg__c.SLA_Open",
        "Required field is missing: filterScope",
    ),
    "a list with a label of 41 characters": (
        swap(LEG, "My open assignments", "L" * 41),
        "SLA_Leg__c.SLA_Open",
        "label: data value too large",
    ),
    "a list that compares a number with a word": (
        swap(LEG, "<operation>greaterThan</operation><value>0<", "<operation>greaterThan</operation><value>none<"),
        "SLA_Leg__c.SLA_Open",
        "Cycle__c: The value 'none' is not a number",
    ),
    "a list shared with a group that is not there": (
        swap(
            LEG, "<label>My open assignments</label>", "<label>Mine</label><sharedTo><group>SLA_All</group></sharedTo>"
        ),
        "SLA_Leg__c.SLA_Open",
        "In field: sharedTo - no Group named SLA_All found",
    ),
    "a report type of an object that is not there": (
        swap(KIND, "<baseObject>SLA_Leg__c<", "<baseObject>SLA_Legs__c<"),
        "SLA_Legs",
        "baseObject: no CustomObject named SLA_Legs__c found",
    ),
    "a report type of an object that has no reports": (
        swap(LEG, "<enableReports>true<", "<enableReports>false<"),
        "SLA_Legs",
        "baseObject: reports are not allowed on SLA_Leg__c",
    ),
    "a report type with a column that is not there": (
        swap(KIND, "<field>Cycle__c<", "<field>Cycles__c<"),
        "SLA_Legs",
        "Invalid field name: Cycles__c in SLA_Leg__c",
    ),
    "a report type that looks up what is not there": (
        swap(KIND, "<field>Lead__c.Status<", "<field>Lead__c.Stage<"),
        "SLA_Legs",
        "Invalid field name: Lead__c.Stage in SLA_Leg__c",
    ),
    "a report type that does not say whether it is deployed": (
        swap(KIND, "<deployed>true</deployed>", ""),
        "SLA_Legs",
        "Required field is missing: deployed",
    ),
    "a report of a type that is not there": (
        swap(REPORT, "<reportType>SLA_Legs__c<", "<reportType>SLA_Turns__c<"),
        ATTAINMENT,
        "reportType: the report type SLA_Turns__c is not implemented by this simulator",
    ),
    "a report with a column that its type lacks": (
        swap(REPORT, "SLA_Leg__c$Name", "SLA_Leg__c$Due_At__c"),
        ATTAINMENT,
        "columns-field: Invalid value specified: SLA_Leg__c$Due_At__c",
    ),
    "a report that sums what is not there": (
        swap(REPORT, "SLA_Leg__c.Cycle__c:SUM", "SLA_Leg__c.Late__c:SUM"),
        ATTAINMENT,
        "aggregates-calculatedFormula: Field SLA_Leg__c.Late__c does not exist. Check spelling.",
    ),
    "a report with a name of 41 characters": (
        swap(REPORT, "SLA attainment", "N" * 41),
        ATTAINMENT,
        "name: data value too large",
    ),
    "a dashboard of a report that is not there": (
        swap(DASHBOARD, "<report>SLA_Sync/SLA_Attainment<", "<report>SLA_Sync/SLA_Ageing<"),
        HEALTH,
        "In field: report - no Report named SLA_Sync/SLA_Ageing found",
    ),
    "a dashboard grouped by nothing": (
        swap(DASHBOARD, "SLA_Leg__c$Priority__c", "OWNER"),
        HEALTH,
        "groupingColumn: Invalid value specified: OWNER",
    ),
    "a dashboard wider than its grid": (
        swap(DASHBOARD, "<colSpan>6<", "<colSpan>13<"),
        HEALTH,
        "The component Attainment does not fit into the 12 columns of the grid",
    ),
    "a dashboard seen through nobody's eyes": (
        swap(DASHBOARD, "<dashboardType>LoggedInUser</dashboardType>", ""),
        HEALTH,
        "In field: runningUser - no User named (none) found",
    ),
    "a dashboard without a colour": (
        swap(DASHBOARD, "<textColor>#000000<", "<textColor>black<"),
        HEALTH,
        "textColor: 'black' is not a colour such as #FFFFFF",
    ),
    "an alert with a template that is not there": (
        swap(ALERTS, "<template>SLA_Sync/SLA_Breach<", "<template>SLA_Sync/SLA_Late<"),
        "Lead.SLA_Breach",
        "In field: template - no EmailTemplate named SLA_Sync/SLA_Late found",
    ),
    "an alert that nobody gets": (
        swap(ALERTS, "<recipients><type>owner</type></recipients>", ""),
        "Lead.SLA_Breach",
        "An e-mail alert needs at least one recipient",
    ),
    "an old workflow rule": (
        swap(
            ALERTS,
            "</Workflow>",
            "<rules><fullName>R</fullName><active>true</active><triggerType>onAllChanges</triggerType></rules></Workflow>",
        ),
        "Lead",
        "'rules' of a Workflow is not implemented by this simulator",
    ),
    "a template of another kind": (
        swap(f"{TEMPLATE}-meta.xml", "<type>text<", "<type>visualforce<"),
        BREACH,
        "An e-mail template of the type visualforce is not implemented by this simulator",
    ),
    "a flow that updates an object that is not there": (
        swap(FLOW, "<object>Lead</object>", "<object>Leed</object>"),
        "SLA_Leg_Stamps",
        "field integrity exception: unknown (The element Stamp_Lead is about Leed, which does not exist",
    ),
    "a flow that writes a field that is not there": (
        swap(FLOW, "<field>SLA_Due_At__c<", "<field>SLA_Due__c<"),
        "SLA_Leg_Stamps",
        "field integrity exception: unknown (",
    ),
    "a flow that reads a field that is not there": (
        swap(FLOW, "$Record.Due_At__c", "$Record.Due__c"),
        "SLA_Leg_Stamps",
        "field integrity exception: unknown (",
    ),
    "a flow that begins after a save when something is deleted": (
        swap(FLOW, "<recordTriggerType>CreateAndUpdate<", "<recordTriggerType>Delete<"),
        "SLA_Leg_Stamps",
        "field integrity exception: unknown (The start element has a triggerType that doesn't go with its",
    ),
    "a flow with a name of 81 characters": (
        renamed(FLOW, "SLA_Leg_Stamps", "F" * 81),
        "F" * 81,
        "Flow API Name: data value too large",
    ),
    "Apex that is not known here": (
        all_of(
            lambda files: files.update({_CLASS: "public class SlaDeadline {}", f"{_CLASS}-meta.xml": _META}),
            WITH_CLASS,
        ),
        "SlaDeadline",
        "Apex is not executed by this simulator: the text of SlaDeadline is not that of a class",
    ),
    "a class without its description": (
        all_of(lambda files: files.update({_CLASS: "public class SlaDeadline {}"}), WITH_CLASS),
        "SlaDeadline",
        f"No {_CLASS}-meta.xml was found in the zip",
    ),
    "a layout": (
        swap(
            "package.xml",
            "<name>Flow</name>",
            "<name>Flow</name></types><types><members>Lead-L</members><name>Layout</name>",
        ),
        "package.xml",
        "The metadata type Layout is not implemented by this simulator",
    ),
    "a type that does not exist": (
        swap("package.xml", "<name>ReportType</name>", "<name>ReportKind</name>"),
        "package.xml",
        "Unknown type name 'ReportKind' specified in package.xml",
    ),
    "a file that package.xml does not name": (
        swap("package.xml", "<members>SLA_Legs</members>", ""),
        "SLA_Legs",
        "Not in package.xml",
    ),
    "a name without a file": (
        swap("package.xml", "<members>SLA_Legs</members>", "<members>SLA_Legs</members><members>SLA_More</members>"),
        "SLA_More",
        "An object 'SLA_More' of type ReportType was named in package.xml, but was not found in zipped directory",
    ),
}
