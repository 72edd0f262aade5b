"""A valid package is refused for the one thing that is wrong with it, in the platform's words; so are wrong requests."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from tests.connectors.salesforce.simulator.org import DATA, Org, problems, serving
from tests.connectors.salesforce.simulator.packages import document, manifest
from tests.connectors.salesforce.simulator.refusals import OBJECTS, ROWS
from tests.connectors.salesforce.simulator.refusals_of_rules import RULED
from tests.connectors.salesforce.simulator.refusals_of_views import VIEWS
from tests.connectors.salesforce.simulator.whole import LEG, whole

BROKEN = {**OBJECTS, **ROWS, **RULED, **VIEWS}


def test_the_package_itself_is_valid(untouched: Org) -> None:
    result = untouched.deploy(whole(), checkOnly=True)
    assert (result["status"], problems(result)) == ("Succeeded", [])


def test_no_mistake_is_told_twice() -> None:
    assert len(BROKEN) == len(OBJECTS) + len(ROWS) + len(RULED) + len(VIEWS) >= 60


@pytest.mark.parametrize("name", BROKEN)
def test_one_mistake_is_refused_for_what_it_is(name: str, untouched: Org) -> None:
    change, component, expected = BROKEN[name]
    files = whole()
    change(files)
    result = untouched.deploy(files, checkOnly=True)
    failures = result["details"]["componentFailures"]
    told = [each["problem"] for each in failures if each["fullName"] == component]
    assert result["status"] == "Failed"
    assert any(each.startswith(expected) for each in told), problems(result)
    assert {each["problemType"] for each in failures} == {"Error"}


def test_a_problem_names_its_component_its_file_and_its_line(untouched: Org) -> None:
    files = whole()
    files[LEG] = files[LEG].replace("<referenceTo>Lead<", "<referenceTo>Leed<")
    failures = untouched.deploy(files, checkOnly=True)["details"]["componentFailures"]
    (failure,) = [each for each in failures if each["fullName"] == "SLA_Leg__c.Lead__c"]
    line = next(number for number, text in enumerate(files[LEG].splitlines(), 1) if "Lead__c</fullName>" in text)
    assert (failure["componentType"], failure["fileName"], failure["lineNumber"]) == ("CustomField", LEG, line)


# What is deleted: the type, the name, the component that is refused, how the problem begins.
KEPT: Mapping[str, tuple[str, str, str]] = {
    "a field that a formula reads": ("CustomField", "Lead.SLA_Due_At__c", "This custom field is referenced elsewhere"),
    "a field that a flow reads": ("CustomField", "SLA_Leg__c.Due_At__c", "This custom field is referenced elsewhere"),
    "an object that a flow starts from": ("CustomObject", "SLA_Leg__c", "This custom object is referenced elsewhere"),
    "a setting that a formula reads": ("CustomObject", "SLA_Switch__c", "This custom object is referenced elsewhere"),
    "a row that a formula reads": (
        "CustomMetadata",
        "SLA_Threshold.First_Response_hot",
        "This custom metadata record is referenced elsewhere",
    ),
    "a permission that a rule asks for": (
        "CustomPermission",
        "SLA_Bypass_Gates",
        "This custom permission is referenced elsewhere",
    ),
    "a queue that a rule assigns to": ("Queue", "SLA_Overflow", "This queue is referenced elsewhere"),
    "a process that a record type follows": (
        "BusinessProcess",
        "Lead.SLA Leads",
        "This business process is referenced",
    ),
    "a report on a dashboard": ("Report", "SLA_Sync/SLA_Attainment", "This report is referenced elsewhere"),
    "a report type with a report": ("ReportType", "SLA_Legs", "This report type is referenced elsewhere"),
    "a template that an alert sends": ("EmailTemplate", "SLA_Sync/SLA_Breach", "This email template is referenced"),
    "a folder that is not empty": (
        "Dashboard",
        "SLA_Sync",
        "The folder SLA_Sync cannot be deleted because it contains",
    ),
    "an active flow": ("Flow", "SLA_Leg_Stamps", "insufficient access rights on cross-reference id"),
    "the settings of hours": ("Settings", "BusinessHours", "Deleting a component of type Settings is not implemented"),
    "a standard object": ("CustomObject", "Lead", "Deleting a component of type CustomObject is not implemented"),
    "every rule at once": (
        "AssignmentRules",
        "Lead",
        "Deleting a component of type AssignmentRules is not implemented",
    ),
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Return an org that holds the whole package, and that the tests of this file share."""
    with serving(tmp_path_factory.mktemp("full")) as org:
        org.deploy(whole())
        yield org


@pytest.mark.parametrize("name", KEPT)
def test_what_others_refer_to_cannot_be_deleted(name: str, full: Org) -> None:
    type_name, component, expected = KEPT[name]
    result = full.deploy(removing({type_name: [component]}), checkOnly=True)
    assert result["status"] == "Failed"
    assert any(each.startswith(f"{component}: {expected}") for each in problems(result)), problems(result)


def removing(members: Mapping[str, list[str]]) -> dict[str, str]:
    """Return a package that removes these."""
    return {"package.xml": manifest({}), "destructiveChanges.xml": manifest(members)}


def test_a_component_that_is_not_there_is_warned_of_and_not_removed(full: Org) -> None:
    files = removing({"Queue": ["SLA_Nobody"]})
    refused = full.deploy(files, checkOnly=True)
    (failure,) = refused["details"]["componentFailures"]
    assert (failure["problemType"], failure["problem"]) == ("Warning", "No Queue named: SLA_Nobody found")
    assert full.deploy(files, checkOnly=True, ignoreWarnings=True)["status"] == "Succeeded"


def test_a_field_cannot_become_one_of_another_type(full: Org) -> None:
    files = whole()
    files[LEG] = files[LEG].replace("<length>40</length><type>Text</type>", "<type>Date</type>")
    told = problems(full.deploy(files, checkOnly=True))
    assert "SLA_Leg__c.Priority__c: Cannot update a field from a Text to something else" in told


def test_a_setting_cannot_become_an_object(full: Org) -> None:
    files = whole()
    files["objects/SLA_Switch__c.object"] = files[LEG].replace("SLA_Legs<", "SLA_Legs_Again<")
    told = problems(full.deploy(files, checkOnly=True))
    assert "SLA_Switch__c: Cannot change SLA_Switch__c from a custom setting to a custom object" in told


def test_two_look_ups_of_one_object_cannot_bear_one_relationship_name(full: Org) -> None:
    field = (
        "<fields><fullName>Second__c</fullName><label>Second</label><referenceTo>Lead</referenceTo>"
        "<relationshipName>SLA_Legs</relationshipName><type>Lookup</type></fields>"
    )
    files = {
        "package.xml": manifest({"CustomField": ["SLA_Leg__c.Second__c"]}),
        LEG: document("CustomObject", field),
    }
    assert problems(full.deploy(files, checkOnly=True)) == [
        "SLA_Leg__c.Second__c: There is already a Child Relationship named SLA_Legs on Lead"
    ]


def test_a_validation_that_did_not_run_the_tests_cannot_be_quick_deployed(full: Org) -> None:
    identity = full.deploy(whole(), checkOnly=True)["id"]
    told = full.refusal(
        "POST", f"{DATA}/metadata/deployRequest/{identity}", json={"validatedDeployRequestId": identity}
    )
    assert told == (404, "INVALID_ID_FIELD", f"The validation {identity} cannot be deployed: no tests ran")


def test_a_validation_that_is_not_known_cannot_be_quick_deployed(full: Org) -> None:
    identity = "0Af5g00000zzzzzzzz"
    status, code, text = full.refusal(
        "POST", f"{DATA}/metadata/deployRequest/{identity}", json={"validatedDeployRequestId": identity}
    )
    assert (status, code) == (404, "INVALID_ID_FIELD")
    assert "there is no such validation" in text


def soap_deploy(options: str) -> str:
    """Return the body of a request to deploy an empty zip."""
    return (
        f"<deploy><ZipFile>UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==</ZipFile><DeployOptions>{options}</DeployOptions></deploy>"
    )


def test_a_truth_in_the_words_of_python_is_no_truth(full: Org) -> None:
    answer = full.soap(soap_deploy("<checkOnly>True</checkOnly><rollbackOnError>true</rollbackOnError>"))
    assert answer.status_code == 500
    assert "&apos;True&apos; is not a valid value" in answer.text.replace("'", "&apos;")


def test_json_that_calls_itself_xml_is_refused(full: Org) -> None:
    answer = full.refusal("POST", f"{DATA}/sobjects/Lead", data="{}", headers={"Content-Type": "text/xml"})
    assert answer[:2] == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_who_may_not_change_the_org_may_not_deploy(full: Org) -> None:
    token = full.application.viewer_token
    answer = full.soap(soap_deploy("<singlePackage>true</singlePackage>"), token=token)
    assert "INSUFFICIENT_ACCESS" in answer.text


def test_a_session_that_is_not_open_may_not_deploy(full: Org) -> None:
    answer = full.soap(soap_deploy("<singlePackage>true</singlePackage>"), token="00D000000000000!closed")
    assert "INVALID_SESSION_ID" in answer.text


def test_a_zip_without_files_has_no_manifest(full: Org) -> None:
    assert problems(full.deploy({}, checkOnly=True)) == ["package.xml: No package.xml found"]


def test_tests_are_named_exactly_where_the_level_says_so(full: Org) -> None:
    options = "<runTests>SlaDeadlineTest</runTests><testLevel>RunLocalTests</testLevel>"
    assert "runTests can be used only with a testLevel of RunSpecifiedTests" in full.soap(soap_deploy(options)).text
