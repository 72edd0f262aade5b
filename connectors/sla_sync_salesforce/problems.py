"""What an org says when it refuses a setting, in other words: what it means, and what a person can do about it.

The patterns are the platform's own sentences as deployments show them; the first that fits counts, so that a narrow one
stands before a wide one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal: how to know it, what it means, and what to do, which starts with a verb."""

    pattern: str
    means: str
    cure: str


PROBLEMS: Sequence[Problem] = (
    # Names and labels
    Problem(
        r"There is already a (?:field|component) named|duplicate developer name|DUPLICATE_DEVELOPER_NAME",
        "Something else in the org has this developer name already, perhaps in Deleted Fields.",
        "Rename it, erase it from Deleted Fields, or choose another prefix in the binding.",
    ),
    Problem(
        r"The relationship name .*(?:already|duplicate)|DUPLICATE_RELATIONSHIP_NAME|duplicate relationship name",
        "Another lookup gives its target a related list of the same name.",
        "Rename the other relationship, or choose another prefix in the binding.",
    ),
    Problem(
        r"(?:Label|Name).*(?:data value too large|too long)|STRING_TOO_LONG|Value too long for field",
        "A name or label is longer than the platform allows.",
        "Shorten the name in the agreement or its title in the binding.",
    ),
    Problem(
        (
            r"The (?:object|field) name you (?:provided|entered).*is not valid on|"
            r"can only contain (?:underscores and )?alphanum"
        ),
        "A developer name holds a character that the platform does not allow.",
        "Change the prefix of the binding to letters, digits and underscores.",
    ),
    Problem(
        r"is a reserved (?:word|name|keyword)|reserved developer name",
        "The platform keeps this name for itself.",
        "Choose another name in the agreement or another prefix in the binding.",
    ),
    # Fields and formulas
    Problem(
        (
            r"Cannot update a field (?:from|to)|CANNOT_CHANGE_FIELD_TYPE|Cannot change (?:the )?(?:field )?type|"
            r"change the type of"
        ),
        "The field is there with another type, and a type in use cannot be changed by a deployment.",
        "Point the binding to another field, or change the type of this one in Setup after you saved its data.",
    ),
    Problem(
        r"Compiled formula is too big|formula is too (?:big|long)|maximum size is 5,?000|exceeds.*15,?000",
        "The formula grows beyond what the platform compiles.",
        "Split the condition in the agreement into groups, or list fewer values.",
    ),
    Problem(
        r"Error: Syntax error|Formula.*Syntax error|Extra '|Missing '",
        "The platform cannot read a formula.",
        "Report it with this line; the agreement's condition was spelled wrongly for Salesforce.",
    ),
    Problem(
        r"Incorrect parameter type for (?:function|operator)",
        "A formula compares two kinds of value, such as a text with a list of choices.",
        "Bind the agreed field to a field of the kind that the condition needs.",
    ),
    Problem(
        r"Field (?P<field>\S+) is a picklist field\.? Picklist fields are only supported in certain functions",
        "A condition treats a list of choices as plain text.",
        "Bind the agreed field to a text field, or write the condition with «is».",
    ),
    Problem(
        (
            r"Field (?P<field>\S+) does not exist\.? Check spelling|No such column '|"
            r"Unknown field|Could not resolve field"
        ),
        "A setting names a field that the org does not have, or that this user may not see.",
        "Correct the field in the binding, or let the binding add it.",
    ),
    Problem(
        r"A required field cannot be (?:deployed|set|granted)|You cannot deploy to a required field",
        "Access to a required field cannot be granted: everybody has it.",
        "Make the field optional in Setup, or leave it out of the binding.",
    ),
    Problem(
        (
            r"(?:number of|too many) (?:custom )?fields.*(?:limit|maximum)|"
            r"CUSTOM_ENTITY_OR_FIELD_LIMIT|reached the (?:maximum|limit).*custom fields"
        ),
        "The object holds as many custom fields as the edition allows.",
        "Delete fields that nobody uses and erase them from Deleted Fields, or ask Salesforce for more.",
    ),
    Problem(
        r"(?:maximum number of|too many|limit of 20).*(?:history|tracked)|NUM_HISTORY_FIELDS_BY_SOBJECT_EXCEEDED",
        "Twenty fields of an object can be tracked, and as many are.",
        "Switch history tracking off for another field.",
    ),
    Problem(
        (
            r"Custom [Ff]ield.*is referenced|is in use by|referenced elsewhere in salesforce|"
            r"This .* is referenced|DEPENDENCY_EXISTS"
        ),
        "Something else in the org still uses it, so it cannot be deleted or changed.",
        "Open «Where is this used?» in Setup, change what is listed there, and apply again.",
    ),
    Problem(
        (
            r"must have (?:a )?(?:precision|scale|length)|Must specify (?:a )?(?:'|"
            r"\")?(?:precision|scale|length|visibleLines|labelFalse)"
        ),
        "A field lacks a measure that its type needs.",
        "Correct what the binding adds under this field.",
    ),
    # Choices
    Problem(
        (
            r"bad value for restricted picklist field|INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST|"
            r"Picklist value: .* not found"
        ),
        "A value is not in the list of choices of its field.",
        "Add the value to the field, or correct it in the binding.",
    ),
    Problem(
        r"(?:at least one|must have).*converted|converted (?:lead )?status",
        "Lead Status needs one value that stands for conversion.",
        "Mark a value as converted in Setup > Lead Status.",
    ),
    Problem(
        r"(?:only one|more than one|exactly one).*default|default value.*(?:exactly|required|already)",
        "A list of choices needs one default value, and one only.",
        "Look at the list in Setup and leave one default.",
    ),
    Problem(
        r"PICKLIST_INACTIVE_VALUES_EXCEEDED|inactive (?:picklist )?values.*(?:limit|exceed)",
        "The list holds more inactive values than the platform allows.",
        "Erase inactive values of this field in Setup.",
    ),
    Problem(
        r"controlling field|controllingField|dependent picklist",
        "The field that a list of choices depends on does not fit.",
        "Look at the field dependencies in Setup.",
    ),
    # People, queues, groups
    Problem(
        (
            r"no (?:User|user) named|In field: (?:assignedTo|user|recipient|"
            r"runningUser|caseOwner|lookupValue).*no User|Unknown user"
        ),
        "The org has no active user of this name.",
        "Correct the user name under `people` of the target; names of a sandbox end differently.",
    ),
    Problem(
        r"no (?:Queue|queue) named|In field: (?:assignedTo|queue|lookupValue).*no Queue",
        "The org has no queue of this name.",
        "Correct the queue in the binding, or create it in Setup.",
    ),
    Problem(
        r"inactive (?:user|owner)|INACTIVE_OWNER_OR_USER|operation performed with inactive user",
        "A user who is named is not active.",
        "Activate the user, or name another one under `people` of the target.",
    ),
    Problem(
        (
            r"(?:only|at most) one (?:active )?(?:assignment )?rule|more than one active.*rule|"
            r"already an active (?:assignment )?rule"
        ),
        "One assignment rule of an object can be active, and another one is.",
        "Deactivate the other rule in Setup > Lead Assignment Rules, or set `routing: flow` in the binding.",
    ),
    # Flows
    Problem(
        (
            r"(?:You can.t|Cannot) (?:delete|overwrite|edit).*(?:active|in use).*(?:flow|"
            r"version)|flow.*is active and can.t be"
        ),
        "A flow in force cannot be deleted or replaced in place.",
        "Deactivate it in Setup > Flows, and apply again.",
    ),
    Problem(
        (
            r"(?:maximum|limit|more than).*(?:50|fifty)?.*versions? of (?:a|"
            r"this|the) flow|flow version limit|reached the.*flow versions"
        ),
        "A flow holds fifty versions, and this one does.",
        "Delete old versions of it in Setup > Flows.",
    ),
    Problem(
        r"(?:maximum|limit|number of) .*active flows|active flows per flow type|exceeded.*flow limit",
        "The edition allows no more active flows of this type.",
        "Deactivate flows that nobody needs, or ask Salesforce for another edition.",
    ),
    Problem(
        r"Flow.*test coverage|flow coverage|insufficient coverage.*flow|75%.*flow",
        "In production, tests must run through three quarters of the active flows before one is deployed as active.",
        "Switch «Deploy processes and flows as active» off and activate the flow afterwards, or add tests.",
    ),
    Problem(
        (
            r"(?:The )?(?:element|connector|target).*(?:isn.t|is not|doesn.t|"
            r"does not) (?:connected|exist|found).*(?:flow)?|invalid (?:element )?reference|"
            r"targetReference"
        ),
        "An element of a flow points to another one that is not there.",
        "Report it with this line; the flow was put together wrongly.",
    ),
    Problem(
        r"(?:field integrity exception).*(?:flow|FlowDefinition)|field integrity exception: unknown \(The ",
        "A flow names a field, object or action that the org does not have or this user may not see.",
        "Look at the flow's part in the message and give the user of this token access to it.",
    ),
    Problem(
        r"no CustomNotificationType named|notification type.*(?:not found|does not exist|invalid)",
        "A flow sends a notice of a type that is not in the org.",
        "Apply again; if it stays, look at Setup > Custom Notifications.",
    ),
    # Access
    Problem(
        (
            r"no (?:CustomField|CustomObject|ApexClass|CustomPermission|Flow|"
            r"Report|Dashboard|ReportType|EmailTemplate|Group|RecordType|BusinessProcess) named"
        ),
        "A setting names another one that is neither in the org nor in this deployment.",
        "Take the agreement's line that needs it as a guide: bind it, or apply the whole agreement.",
    ),
    Problem(
        r"(?:permission|Permission) .*depends on permission|requires? (?:the )?permission|Permission Read .* depends",
        "A permission needs another one beside it.",
        "Give the permission set the one that is named.",
    ),
    Problem(
        (
            r"(?:user )?license.*(?:doesn.t|does not) (?:allow|support|include)|"
            r"LICENSE_LIMIT_EXCEEDED|not allowed for this license"
        ),
        "The licence of a user, or the number of licences, does not allow it.",
        "Give the user a licence that does, or leave them out under `people` of the target.",
    ),
    Problem(
        (
            r"INSUFFICIENT_ACCESS|insufficient access rights|You do not have (?:the level of access|"
            r"permission)|not have (?:sufficient )?(?:access|privileges)"
        ),
        "The user of this token may not do that.",
        "Give them «Modify Metadata Through Metadata API Functions» and «Customize Application».",
    ),
    Problem(
        (
            r"(?:entity type|component type|type).*(?:is not available|not supported|"
            r"is unknown|not available) (?:in|for) this (?:organization|org|"
            r"version)|Entity of type .* is not available"
        ),
        "The edition or the version of the API does not have such a setting.",
        "Switch the feature on in Setup, or leave out what needs it.",
    ),
    Problem(
        r"Not available for deploy for this (?:organization|API version)|Not available for deploy",
        "This org takes no such setting by deployment: a feature is switched off, or the API is too old.",
        "Switch the feature on in Setup, then apply again.",
    ),
    # Reports and views
    Problem(
        (
            r"filterlanguage|invalid report (?:column|filter|type)|(?:Report|"
            r"report).*(?:column|field).*(?:invalid|not found)|The (?:column|"
            r"field) .* (?:is|was) not found in the report"
        ),
        "A report shows a column that its report type does not have.",
        "Open the report type in Setup and add the field, or apply the whole agreement.",
    ),
    Problem(
        r"(?:Cannot find|no|Unknown) (?:report )?folder|folder .*(?:not found|does not exist)",
        "The folder of a report or dashboard is not in the org, or this user may not see it.",
        "Share the folder with the user of this token, or apply the whole agreement.",
    ),
    Problem(
        r"dynamic dashboards|(?:maximum|limit).*dashboards",
        "The edition allows no more dashboards that show what the viewer may see.",
        "Delete one in Dashboards, or let this one run as a certain user.",
    ),
    # Apex
    Problem(
        r"(?:Average|Code) (?:test )?coverage|at least 75%|code coverage (?:across|is)",
        "In production, tests must run through three quarters of the Apex code.",
        "Set `deadlines: calendar` in the binding, which needs no Apex, or add tests.",
    ),
    Problem(
        r"System\.(?:Assert|Dml|Query|Limit|NullPointer)\w*Exception|Test(?: method)? failure|run test",
        "An Apex test failed in this org, perhaps over a rule or a required field of its own.",
        "Read the message; set `deadlines: calendar` in the binding if Apex cannot be used here.",
    ),
    Problem(
        r"(?:Dependent class|Invalid type|Variable does not exist|Method does not exist|unexpected token)",
        "Apex that the org holds, or that was deployed, does not compile.",
        "Compile all classes in Setup > Apex Classes and repair what fails.",
    ),
    # Custom metadata, business hours, settings
    Problem(
        r"(?:custom metadata|CustomMetadata).*(?:limit|storage|characters)|exceeded.*custom metadata",
        "The org has no room for more rows of custom metadata.",
        "Delete rows that nobody uses, or let the calendar reach less far.",
    ),
    Problem(
        r"(?:BusinessHours|business hours).*(?:overlap|invalid|end time|start time)|End time must be",
        "Hours of a day do not begin before they end.",
        "Correct the calendar in the agreement.",
    ),
    Problem(
        r"[Hh]oliday.*(?:date|recurrence|required)|activityDate",
        "A holiday lacks its date, or repeats in a way that the platform does not know.",
        "Correct the closed days of the calendar in the agreement.",
    ),
    Problem(
        r"(?:mapping|Mapping|mapped).*(?:type|compatible|does not exist|invalid)|LeadConvert",
        "A field of a lead cannot be copied into that field when a lead is converted.",
        "Make both fields of one type and length, or map it by hand in Setup > Map Lead Fields.",
    ),
    Problem(
        r"record type.*(?:business process|lead process)|businessProcess.*(?:required|missing)|BusinessProcess",
        "A record type or its lead process does not fit the values of Lead Status.",
        "Look at Setup > Lead Processes, and check the binding's `lead_process`.",
    ),
    # The package itself
    Problem(
        (
            r"Property '(?P<member>\w+)' not valid in version|Element \S+ invalid at this location|"
            r"unknown (?:element|property)"
        ),
        "The platform does not know a part of the file in this version of its API.",
        "Set api_version of the target to 63.0, for which the files are written.",
    ),
    Problem(
        r"is duplicated at this location in type|duplicate (?:element|value found)|DUPLICATE_VALUE",
        "The same thing is said twice.",
        "Look for two names in the agreement or the binding that become one on Salesforce.",
    ),
    Problem(
        r"Required field(?:s)? (?:is|are) missing|REQUIRED_FIELD_MISSING",
        "A part that the platform asks for is not in the file.",
        "Report it with this line; the file was put together wrongly.",
    ),
    Problem(
        r"named in package\.xml, but was not found in zipped directory|not found in zipped|No package\.xml found",
        "The package names a file that it does not carry.",
        "Report it with this line; the package was put together wrongly.",
    ),
    Problem(
        r"UNABLE_TO_LOCK_ROW|unable to obtain exclusive access|(?:ALREADY_IN_PROCESS|another deployment)",
        "Somebody else was changing the same thing at that moment.",
        "Apply again in a minute.",
    ),
    Problem(
        r"An unexpected error occurred|UNKNOWN_EXCEPTION|ErrorId",
        "Salesforce itself failed and gives a number and no reason.",
        "Apply again; if it stays, give the number to Salesforce's support.",
    ),
    Problem(
        r"(?:LIMIT_EXCEEDED|limit exceeded|exceeds? the (?:maximum|limit)|reached the (?:maximum|limit))",
        "A limit of the org is used up.",
        "Look at Setup > System Overview for what is full.",
    ),
    Problem(
        r"FIELD_INTEGRITY_EXCEPTION|field integrity exception",
        "Two parts of a setting contradict each other.",
        "Look at the part that the message names, in Setup.",
    ),
    Problem(
        r"INVALID_CROSS_REFERENCE_KEY|invalid cross reference id",
        "A setting names something that is not in the org any more.",
        "Plan again and apply the new plan.",
    ),
)


@cache
def _patterns() -> Sequence[tuple[re.Pattern[str], Problem]]:
    return tuple((re.compile(each.pattern, re.IGNORECASE), each) for each in PROBLEMS)


def known(said: str) -> Problem | None:
    """Return what is known of a refusal, or None."""
    return next((problem for pattern, problem in _patterns() if pattern.search(said)), None)


def explained(said: str, where: str = "") -> str:
    """Return a refusal in the platform's words, and in ours where it is a known one; `where` follows the platform's."""
    problem = known(said)
    return f"{said}{where}" if problem is None else f"{said}{where}. {problem.means} {problem.cure}"
