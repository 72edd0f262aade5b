"""Packages that are valid but for one change: what the org says of assignment rules, queues, hours, mappings and access."""

from __future__ import annotations

from collections.abc import Mapping

from tests.connectors.salesforce.simulator.packages import swap
from tests.connectors.salesforce.simulator.refusals import Case, all_of, renamed
from tests.connectors.salesforce.simulator.whole import (
    ACCESS,
    CONVERSION,
    GROUP,
    HOURS,
    NOTICE,
    PERMISSION,
    QUEUE,
    RULES,
)

SECOND_RULE = "<assignmentRule><fullName>Other</fullName><active>true</active></assignmentRule></AssignmentRules>"

RULED: Mapping[str, Case] = {
    "two active rules": (
        swap(RULES, "</AssignmentRules>", SECOND_RULE),
        "Lead.Other",
        "Only one assignment rule of Lead may be active, and SLA_Routing of this package is active already",
    ),
    "a rule that assigns to a queue that is not there": (
        swap(RULES, "<assignedTo>SLA_Overflow<", "<assignedTo>SLA_Nobody<"),
        "Lead.SLA_Routing",
        "Rule entry 2: In field: assignedTo - no Queue named SLA_Nobody found",
    ),
    "a rule that assigns to a user who is not there": (
        swap(RULES, "ana@acme.example", "eve@acme.example"),
        "Lead.SLA_Routing",
        "Rule entry 1: In field: assignedTo - no User named eve@acme.example found",
    ),
    "a rule that assigns to a user who left": (
        swap(RULES, "ana@acme.example", "former@acme.example"),
        "Lead.SLA_Routing",
        "Rule entry 1: In field: assignedTo - the User former@acme.example is not active",
    ),
    "a rule that assigns to a queue for other records": (
        swap(QUEUE, "<queueSobject><sobjectType>Lead</sobjectType></queueSobject>", ""),
        "Lead.SLA_Routing",
        "Rule entry 2: In field: assignedTo - the queue SLA_Overflow does not take records of Lead",
    ),
    "a rule about an unknown field": (
        swap(RULES, "Lead.Country", "Lead.Land"),
        "Lead.SLA_Routing",
        "Rule entry 1: In field: field - no CustomField named Lead.Land found",
    ),
    "a rule with an unknown operator": (
        swap(RULES, "<operation>equals<", "<operation>is<"),
        "Lead.SLA_Routing",
        "'is' is not a valid value for the enum 'FilterOperation'",
    ),
    "a rule that searches a number for text": (
        swap(RULES, "<operation>greaterOrEqual<", "<operation>startsWith<"),
        "Lead.SLA_Routing",
        "Rule entry 1: Lead.NumberOfEmployees: The operator startsWith is not valid for a field of the type Number",
    ),
    "a rule whose logic forgets a filter": (
        swap(RULES, "1 AND 2", "1"),
        "Lead.SLA_Routing",
        "Rule entry 1: booleanFilter: '1' must name each of the 2 filters by its number",
    ),
    "rules of an object that has none here": (
        renamed(RULES, "Lead", "Case"),
        "Case.SLA_Routing",
        "Assignment rules of Case are not implemented by this simulator",
    ),
    "a queue of an object that is not there": (
        swap(QUEUE, "<sobjectType>SLA_Leg__c<", "<sobjectType>SLA_Legs__c<"),
        "SLA_Overflow",
        "In field: queueSobject - no CustomObject named SLA_Legs__c found",
    ),
    "a queue of accounts": (
        swap(QUEUE, "<sobjectType>SLA_Leg__c<", "<sobjectType>Account<"),
        "SLA_Overflow",
        "In field: queueSobject - no CustomObject named Account found, or it cannot be owned by a queue",
    ),
    "a queue with a member who is not there": (
        swap(QUEUE, "ben@acme.example", "eve@acme.example"),
        "SLA_Overflow",
        "In field: queueMembers - no User named eve@acme.example found",
    ),
    "a queue without a name": (
        swap(QUEUE, "<name>SLA Overflow</name>", ""),
        "SLA_Overflow",
        "Required field is missing: name",
    ),
    "a queue with the name of a group": (
        all_of(renamed(GROUP, "SLA_Role_Manager", "SLA_Overflow")),
        "SLA_Overflow",
        "The name SLA_Overflow is already used by a public group",
    ),
    "a group with a name of 41 characters": (
        swap(GROUP, "SLA Managers", "M" * 41),
        "SLA_Role_Manager",
        "name: data value too large",
    ),
    "two windows on one day": (
        swap(HOURS, "<name>SLA Hours", "<mondayStartTime>18:00:00.000Z</mondayStartTime><name>SLA Hours"),
        "BusinessHours",
        "Error parsing file: Element mondayStartTime is duplicated at this location in type BusinessHoursEntry",
    ),
    "a time in words": (
        swap(HOURS, "<mondayStartTime>09:00:00.000Z<", "<mondayStartTime>9 am<"),
        "BusinessHours",
        "'9 am' is not a valid value for the type xsd:time",
    ),
    "a day that ends before it begins": (
        swap(HOURS, "<mondayEndTime>17:00", "<mondayEndTime>08:00"),
        "BusinessHours",
        "SLA Hours: monday: the end time 08:00:00.000Z must be after the start time 09:00:00.000Z",
    ),
    "a day without an end": (
        swap(HOURS, "<mondayEndTime>17:00:00.000Z</mondayEndTime>", ""),
        "BusinessHours",
        "SLA Hours: monday: a start time and an end time belong together",
    ),
    "a time zone that does not exist": (
        swap(HOURS, "America/New_York", "America/Gotham"),
        "BusinessHours",
        "SLA Hours: timeZoneId: bad value for restricted picklist field: America/Gotham",
    ),
    "hours that do not say whether they are the default": (
        swap(HOURS, "<default>false</default>", ""),
        "BusinessHours",
        "Required field is missing: default",
    ),
    "a holiday without a date": (
        swap(HOURS, "<activityDate>2026-11-26</activityDate>", ""),
        "BusinessHours",
        "Thanksgiving 2026: Required field is missing: activityDate",
    ),
    "a holiday of hours that are not there": (
        swap(HOURS, "<businessHours>SLA Hours<", "<businessHours>Hours<"),
        "BusinessHours",
        "Thanksgiving 2026: In field: businessHours - no BusinessHours named Hours found",
    ),
    "a holiday that recurs nobody knows when": (
        swap(HOURS, "<isRecurring>false<", "<isRecurring>true<"),
        "BusinessHours",
        "Thanksgiving 2026: recurrenceType: bad value for restricted picklist field: (none)",
    ),
    "settings that are not executed here": (
        renamed(HOURS, "BusinessHours", "Account"),
        "Account",
        "The settings Account is not implemented by this simulator",
    ),
    "a mapping from a field that is not there": (
        swap(CONVERSION, "<inputField>Title<", "<inputField>SLA_When__c<"),
        "LeadConvertSettings",
        "In field: mappingFields - no CustomField named Lead.SLA_When__c found",
    ),
    "a mapping to a field that is not there": (
        swap(CONVERSION, "<outputField>Title<", "<outputField>SLA_When__c<"),
        "LeadConvertSettings",
        "In field: mappingFields - no CustomField named Contact.SLA_When__c found",
    ),
    "a mapping between unlike fields": (
        swap(CONVERSION, "<inputField>Title<", "<inputField>SLA_Due_At__c<"),
        "LeadConvertSettings",
        "Lead.SLA_Due_At__c is of the type DateTime and Contact.Title is of the type Text",
    ),
    "a mapping to an object that leads do not become": (
        swap(CONVERSION, "<outputObject>Contact<", "<outputObject>Case<"),
        "LeadConvertSettings",
        "outputObject: bad value for restricted picklist field: Case",
    ),
    "a notification that goes nowhere": (
        all_of(
            swap(NOTICE, "<desktop>true", "<desktop>false"),
            swap(NOTICE, "<mobile>true", "<mobile>false"),
        ),
        "SLA_Notice",
        "Select at least one channel: desktop or mobile",
    ),
    "a notification type with another name inside": (
        swap(NOTICE, "Name>SLA_Notice<", "Name>SLA_Note<"),
        "SLA_Notice",
        "customNotifTypeName: SLA_Note is not the name of the file, SLA_Notice",
    ),
    "a permission that does not say whether it is licensed": (
        swap(PERMISSION, "<isLicensed>false</isLicensed>", ""),
        "SLA_Bypass_Gates",
        "Required field is missing: isLicensed",
    ),
    "a permission set that names a custom permission that is not there": (
        swap(ACCESS, "<name>SLA_Bypass_Gates<", "<name>SLA_Bypass<"),
        "SLA_Rep",
        "In field: name - no CustomPermission named SLA_Bypass found",
    ),
    "a permission set that names an object that is not there": (
        swap(ACCESS, "<object>SLA_Leg__c<", "<object>SLA_Legs__c<"),
        "SLA_Rep",
        "In field: object - no CustomObject named SLA_Legs__c found",
    ),
    "a permission set that names a field that is not there": (
        swap(ACCESS, "SLA_Leg__c.Due_At__c", "SLA_Leg__c.Due__c"),
        "SLA_Rep",
        "In field: field - no CustomField named SLA_Leg__c.Due__c found",
    ),
    "a permission to write an automatic number": (
        swap(ACCESS, "SLA_Leg__c.Due_At__c", "SLA_Leg__c.Serial__c"),
        "SLA_Rep",
        "The field SLA_Leg__c.Serial__c cannot be editable",
    ),
    "a permission on a field of a custom setting": (
        swap(ACCESS, "SLA_Leg__c.Due_At__c", "SLA_Switch__c.Silent__c"),
        "SLA_Rep",
        "Fields of SLA_Switch__c have no field permissions",
    ),
    "a permission to delete what may not be edited": (
        all_of(
            swap(ACCESS, "<allowDelete>false", "<allowDelete>true"),
            swap(ACCESS, "<allowEdit>true", "<allowEdit>false"),
        ),
        "SLA_Rep",
        "Permission allowDelete on SLA_Leg__c depends on permission(s): allowEdit SLA_Leg__c",
    ),
    "a permission set that names a metadata type that is not there": (
        swap(ACCESS, "<name>SLA_Threshold__mdt<", "<name>SLA_Limit__mdt<"),
        "SLA_Rep",
        "In field: name - no CustomObject named SLA_Limit__mdt found",
    ),
    "a permission set that names a record type that is not there": (
        swap(ACCESS, "<recordType>Lead.SLA_Lead<", "<recordType>Lead.SLA<"),
        "SLA_Rep",
        "In field: recordType - no RecordType named Lead.SLA found",
    ),
}
