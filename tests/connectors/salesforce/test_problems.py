"""What an org says when it refuses a setting, put into words that help."""

from __future__ import annotations

import re

import pytest

from sla_sync_salesforce.problems import PROBLEMS, explained, known

# What orgs say → how what we say of it begins.
SAID = [
    ("There is already a field named SLA_Due_At on Lead.", "Something else in the org has this developer name"),
    ("duplicate developer name on CustomField: SLA_Due_At__c", "Something else in the org has this developer name"),
    ("Label: data value too large: A very long label (max length=40)", "A name or label is longer"),
    (
        "The object name you provided  is not valid on an object; it can only contain alphanumeric characters",
        "A developer",
    ),
    ("Group is a reserved word", "The platform keeps this name"),
    ("Cannot update a field to a Text from something else", "The field is there with another type"),
    ("Cannot change field type from Number to Picklist", "The field is there with another type"),
    (
        "Compiled formula is too big to execute (21,312 characters). Maximum size is 15,000 characters",
        "The formula grows",
    ),
    ("Error: Syntax error. Missing ')'", "The platform cannot read a formula"),
    ("Incorrect parameter type for function 'AND()'. Expected Boolean, received Text", "A formula compares"),
    (
        "Field Status is a picklist field. Picklist fields are only supported in certain functions.",
        "A condition treats",
    ),
    ("Field SLA_Score__c does not exist. Check spelling.", "A setting names a field"),
    ("You cannot deploy to a required field: Lead.SLA_Need__c", "Access to a required field"),
    ("You have reached the maximum number of custom fields", "The object holds as many custom fields"),
    ("Object: Lead has reached the limit of 20 history tracked fields", "Twenty fields of an object"),
    (
        "This custom field is referenced elsewhere in salesforce.com. : Validation Rule - X.",
        "Something else in the org",
    ),
    ("Must specify 'precision' for a CustomField of type Number", "A field lacks a measure"),
    ("bad value for restricted picklist field: Nurtured", "A value is not in the list"),
    ("Picklist value: Nurture in Lead.Status not found", "A value is not in the list"),
    ("At least one value of LeadStatus must be converted", "Lead Status needs one value"),
    ("There must be exactly one default value", "A list of choices needs one default"),
    ("PICKLIST_INACTIVE_VALUES_EXCEEDED: too many", "The list holds more inactive values"),
    ("Could not find controlling field Status", "The field that a list of choices depends on"),
    ("In field: assignedTo - no User named ana@acme.example found", "The org has no active user"),
    ("In field: assignedTo - no Queue named SLA_Emea found", "The org has no queue"),
    ("operation performed with inactive user [005xx]", "A user who is named is not active"),
    ("Only one active rule is allowed", "One assignment rule of an object"),
    ("You can't delete an active version of a flow", "A flow in force cannot be deleted"),
    ("You've reached the maximum number of versions for this flow version limit", "A flow holds fifty versions"),
    ("You have exceeded the maximum number of active flows", "The edition allows no more active flows"),
    ("The flow test coverage is 0%, at least 75% of flow is required", "In production, tests must run through three"),
    ("field integrity exception: unknown (The field X for object Lead doesn't exist.)", "A flow names a field"),
    ("In field: customNotifTypeId - no CustomNotificationType named SLA_Notice found", "A flow sends a notice"),
    ("In field: field - no CustomField named Lead.SLA_Due_At__c found", "A setting names another one"),
    ("In field: report - no Report named SLA_Sync/SLA_Open found", "A setting names another one"),
    ("Permission Edit Leads depends on permission(s): Read Leads", "A permission needs another one"),
    ("The user license doesn't allow the permission: Manage Leads", "The licence of a user"),
    ("INSUFFICIENT_ACCESS: use of the Metadata API requires ModifyMetadata", "The user of this token may not"),
    ("Entity of type 'Flow' is not available in this organization", "The edition or the version"),
    ("Not available for deploy for this organization", "This org takes no such setting"),
    ("Cannot find folder:SLA_Sync", "The folder of a report"),
    ("You have exceeded the number of dynamic dashboards", "The edition allows no more dashboards"),
    (
        "Average test coverage across all Apex Classes and Triggers is 40%, at least 75% is required",
        "In production, tests",
    ),
    ("System.DmlException: Insert failed. First exception on row 0", "An Apex test failed"),
    ("Dependent class is invalid and needs recompilation", "Apex that the org holds"),
    ("Property 'isFancy' not valid in version 63.0", "The platform does not know a part"),
    ("Element decisions is duplicated at this location in type Flow", "The same thing is said twice"),
    ("Required field is missing: label", "A part that the platform asks for"),
    ("An object 'X' of type Flow was named in package.xml, but was not found in zipped directory", "The package names"),
    ("UNABLE_TO_LOCK_ROW: unable to obtain exclusive access to this record", "Somebody else was changing"),
    (
        "An unexpected error occurred. Please include this ErrorId if you contact support: 1-2",
        "Salesforce itself failed",
    ),
    ("LIMIT_EXCEEDED: too much", "A limit of the org"),
    ("invalid cross reference id", "A setting names something that is not in the org"),
]


@pytest.mark.parametrize(("said", "means"), SAID)
def test_what_an_org_says_is_told_in_words_that_help(said: str, means: str) -> None:
    problem = known(said)
    assert problem is not None
    assert problem.means.startswith(means)
    assert explained(said, " (flows/A.flow, line 3)").startswith(f"{said} (flows/A.flow, line 3). {means}")


def test_at_least_forty_refusals_are_known() -> None:
    assert len(PROBLEMS) >= 40
    assert len({known(said) for said, _ in SAID}) >= 40


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda each: each.means[:30])
def test_every_explanation_is_a_sentence_and_a_thing_to_do(problem: object) -> None:
    means, cure = problem.means, problem.cure  # type: ignore[attr-defined]
    assert re.fullmatch(r"[A-Z].+\.", means)
    assert re.fullmatch(r"[A-Z][a-z]+ .+\.", cure)


def test_what_nobody_knows_is_passed_on_as_it_is() -> None:
    assert known("Colour out of space") is None
    assert explained("Colour out of space", " (a.xml)") == "Colour out of space (a.xml)"
