import base64
import io
import json
import zipfile
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Connection,
    Consequence,
    Desired,
    Live,
    LockTicket,
    Manifest,
    Outcome,
    PlatformError,
    Reason,
    RejectedError,
    Snapshot,
    Status,
    UnreachableError,
    Values,
    manifest_to_json,
)
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.package import Component, mdapi_package, zipped
from sla_sync_salesforce.writer import SalesforceWriter
from tests.connectors.salesforce.canned import TOKEN, Answer, Asked, canned, fault, records, soap
from tests.connectors.salesforce.stories import SETUP

pytestmark = pytest.mark.slow

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TICKET = LockTicket("revops on a laptop", "ours", NOON + timedelta(minutes=30))
MANIFEST = Manifest("digest", {})
FIELD = Address("CustomField", "Lead.SLA_Due_At__c")
MQL = Address("LeadStatusValue", "MQL")


def standing(*components: Component) -> tuple[Answer, Answer]:
    """Return the two answers of a retrieve that finds these files."""
    content = base64.b64encode(zipped(mdapi_package(components))).decode()
    ended = f"<done>true</done><status>Succeeded</status><success>true</success><zipFile>{content}</zipFile>"
    return soap("retrieve", "<done>false</done><id>09S</id>"), soap("checkRetrieveStatus", ended)


NEW: Values = {"fullName": "New", "default": True, "label": "New"}
LEAD_STATUS = standing(Component("StandardValueSet", "LeadStatus", {"sorted": False, "standardValue": [NEW]}))
FLOW = Address("Flow", "SLA_Stamp_Qualified")
ASSIGNED = Address("PermissionSetAssignment", "SLA_Sync/ana")
STARTED = soap("deploy", "<id>0Af</id>")
EMPTY = json.dumps({"done": True, "records": []})


def ended(status: str, details: str = "") -> Answer:
    return soap(
        "checkDeployStatus",
        f"<details>{details}</details><done>true</done><status>{status}</status><success>true</success>",
    )


CHECKED = (STARTED, ended("Succeeded"))
"""The two answers of a rehearsal that found nothing."""


def failure(kind: str, name: str, problem: str) -> str:
    return (
        f"<componentFailures><componentType>{kind}</componentType><fileName>objects/Lead.object</fileName>"
        f"<fullName>{name}</fullName><lineNumber>4</lineNumber><problem>{problem}</problem></componentFailures>"
    )


def change(address: Address, values: Values, action: Action = Action.CREATE, live: Values | None = None) -> Change:
    return Change(
        action,
        address,
        (),
        Reason.ABSENT,
        Consequence.BREACH,
        desired=Desired(address, values),
        live=Live(address, live, handle="0X1") if live is not None else None,
    )


def writer(client: Client, asked: Asked, ticket: LockTicket | None = TICKET) -> SalesforceWriter:
    options = SalesforceOptions.model_validate({"url": asked.url, "token": TOKEN})
    connection = Connection("staging", options, SETUP, lambda: NOON, ticket)
    return SalesforceWriter(connection, client, Snapshot({}))


def carried_out(asked: Asked, *changes: Change, manifest: Manifest = MANIFEST) -> list[Outcome]:
    return list(writer(asked.client(may_write=True), asked).apply(changes, manifest))


def package(body: str) -> dict[str, str]:
    """Return the files of the package inside a deploy request."""
    content = base64.b64decode(body.partition("<ZipFile>")[2].partition("</ZipFile>")[0])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


LABEL = {"label": "Due", "type": "DateTime"}


def test_the_part_that_was_refused_failed_and_the_rest_was_skipped() -> None:
    details = failure("CustomField", "Lead.SLA_Due_At__c", "Label is taken")
    with canned(STARTED, ended("Failed", details)) as asked:
        outcomes = carried_out(asked, change(FIELD, LABEL), change(FLOW, {"label": "A"}))
    assert [each.status for each in outcomes] == [Status.FAILED, Status.SKIPPED]
    assert outcomes[0].detail == (
        "Salesforce refused CustomField/Lead.SLA_Due_At__c: Label is taken (objects/Lead.object, line 4)"
    )


def test_a_refusal_that_names_no_change_fails_them_all() -> None:
    with canned(STARTED, ended("Failed", failure("", "package.xml", "Unknown type"))) as asked:
        outcomes = carried_out(asked, change(FIELD, LABEL), change(FLOW, {"label": "A"}))
    assert {each.status for each in outcomes} == {Status.FAILED}
    assert "Unknown type" in outcomes[0].detail


def test_a_value_of_lead_status_fails_with_its_whole_list() -> None:
    refused = ended("Failed", failure("StandardValueSet", "LeadStatus", "No default"))
    with canned(*LEAD_STATUS, STARTED, refused) as asked:
        outcomes = carried_out(asked, change(MQL, {"label": "MQL"}))
    assert outcomes[0].status is Status.FAILED
    assert "No default" in outcomes[0].detail


def test_lead_status_is_read_again_just_before_it_is_replaced() -> None:
    with canned(*LEAD_STATUS, *CHECKED, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(MQL, {"label": "MQL"}))
        sent = package(asked.requests[2][2])["standardValueSets/LeadStatus.standardValueSet"]
    assert sent.index("<fullName>New</fullName>") < sent.index("<fullName>MQL</fullName>")


def test_lead_status_is_not_replaced_by_ours_alone() -> None:
    with (
        canned(*standing()) as asked,
        pytest.raises(RejectedError, match="does not show the values of Lead Status"),
    ):
        carried_out(asked, change(MQL, {"label": "MQL"}))


def test_an_assignment_waits_for_a_deployment_that_succeeds() -> None:
    details = failure("CustomField", "Lead.SLA_Due_At__c", "Label is taken")
    with canned(STARTED, ended("Failed", details)) as asked:
        outcomes = carried_out(asked, change(FIELD, LABEL), change(ASSIGNED, {}))
    assert outcomes[1].status is Status.SKIPPED
    assert outcomes[1].detail == "The deployment before it was refused."


def test_a_flow_that_was_deployed_asleep_counts_as_failed() -> None:
    asleep = records({"DeveloperName": FLOW.key, "ActiveVersionId": "301a", "LatestVersionId": "301b"})
    with canned(*CHECKED, STARTED, ended("Succeeded"), asleep) as asked:
        outcomes = carried_out(asked, change(FLOW, {"label": "A"}))
    assert outcomes[0].status is Status.FAILED
    assert "activate it in Setup > Flows" in outcomes[0].detail


def test_a_flow_whose_latest_version_is_active_is_done() -> None:
    awake = records({"DeveloperName": FLOW.key, "ActiveVersionId": "301b", "LatestVersionId": "301b"})
    with canned(*CHECKED, STARTED, ended("Succeeded"), awake) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A"}))[0].status is Status.DONE


def definition(active: int, latest: int) -> Answer:
    """Return what an org tells of a flow's versions."""
    return records(
        {
            "Id": "300a",
            "DeveloperName": FLOW.key,
            "ActiveVersionId": f"301{active}" if active else None,
            "LatestVersionId": f"301{latest}",
            "LatestVersion": {"VersionNumber": latest},
        }
    )


def test_a_flow_that_was_deployed_asleep_is_put_in_force() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded"), definition(1, 2), Answer(204), definition(2, 2)) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A", "status": "Active"}))[0].status is Status.DONE
        method, path, body = asked.requests[5]
    assert (method, path) == ("PATCH", "/services/data/v63.0/tooling/sobjects/FlowDefinition/300a")
    assert json.loads(body) == {"Metadata": {"activeVersionNumber": 2}}


def test_a_flow_that_the_org_will_not_put_in_force_counts_as_failed() -> None:
    refusal = Answer(400, '[{"errorCode": "FIELD_INTEGRITY_EXCEPTION", "message": "no coverage"}]')
    with canned(*CHECKED, STARTED, ended("Succeeded"), definition(1, 2), refusal) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A"}))[0].status is Status.FAILED


def test_a_flow_that_is_agreed_as_a_draft_stays_asleep() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded"), definition(0, 1)) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A", "status": "Draft"}))[0].status is Status.DONE
        assert len(asked.requests) == 5


def test_of_old_versions_the_last_two_stay() -> None:
    versions = [
        {
            "Id": f"301{number}",
            "VersionNumber": number,
            "Status": "Active" if number == 5 else "Obsolete",
            "Definition": {"DeveloperName": FLOW.key},
        }
        for number in (5, 4, 3, 2, 1)
    ]
    held = Answer(400, '[{"errorCode": "DELETE_FAILED", "message": "an interview waits in it"}]')
    answers = (*CHECKED, STARTED, ended("Succeeded"), definition(5, 5), records(*versions), held, Answer(204))
    with canned(*answers) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A"}))[0].status is Status.DONE
        deleted = [path for method, path, _ in asked.requests if method == "DELETE"]
    assert [path.rpartition("/")[2] for path in deleted] == ["3012", "3011"]


CLASSES = tuple(
    change(Address("ApexClass", name), {"apiVersion": "63.0", "status": "Active", "content": f"class {name} {{}}"})
    for name in ("SlaDeadline", "SlaDeadlineTest")
)
QUICK = soap("deployRecentValidation", "0Afq")


def test_what_was_checked_with_its_tests_is_deployed_quickly() -> None:
    with canned(STARTED, ended("Succeeded"), QUICK, ended("Succeeded")) as asked:
        assert {each.status for each in carried_out(asked, *CLASSES)} == {Status.DONE}
        validation, quick = asked.requests[0][2], asked.requests[2][2]
    assert "<checkOnly>true</checkOnly>" in validation
    assert "<runTests>SlaDeadlineTest</runTests>" in validation
    assert "<testLevel>RunSpecifiedTests</testLevel>" in validation
    assert "<validationId>0Af</validationId>" in quick


def test_a_rehearsal_of_the_same_package_is_not_repeated() -> None:
    with canned(STARTED, ended("Succeeded"), QUICK, ended("Succeeded")) as asked:
        bound = writer(asked.client(may_write=True), asked)
        assert list(bound.rehearse(CLASSES, MANIFEST)) == []
        assert {each.status for each in bound.apply(CLASSES, MANIFEST)} == {Status.DONE}
        assert len(asked.requests) == 4


def test_what_no_test_was_run_for_is_rehearsed_once_and_then_deployed_whole() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded")) as asked:
        bound = writer(asked.client(may_write=True), asked)
        assert list(bound.rehearse((change(FIELD, LABEL),), MANIFEST)) == []
        assert [each.status for each in bound.apply((change(FIELD, LABEL),), MANIFEST)] == [Status.DONE]
        sent = [body for _, _, body in asked.requests if "<ZipFile>" in body]
    assert [said in body for said, body in zip(("<checkOnly>true<", "<checkOnly>false<"), sent, strict=True)] == [
        True
    ] * 2
    assert package(sent[0]) == package(sent[1])


def test_what_the_rehearsal_of_an_apply_finds_is_never_deployed() -> None:
    details = failure("CustomField", "Lead.SLA_Due_At__c", "Label is taken")
    with canned(STARTED, ended("Failed", details)) as asked:
        assert carried_out(asked, change(FIELD, LABEL))[0].status is Status.FAILED
        assert "<checkOnly>true</checkOnly>" in asked.requests[0][2]
        assert len(asked.requests) == 2


def test_a_validation_that_became_void_is_followed_by_a_whole_deployment() -> None:
    void = fault("INVALID_ID_FIELD", "another deployment came between")
    with canned(STARTED, ended("Succeeded"), void, STARTED, ended("Succeeded")) as asked:
        assert {each.status for each in carried_out(asked, *CLASSES)} == {Status.DONE}
        assert "<checkOnly>false</checkOnly>" in asked.requests[3][2]


def test_a_test_that_failed_fails_its_class() -> None:
    broken = (
        "<runTestResult><failures><name>SlaDeadlineTest</name><methodName>adds</methodName>"
        "<message>System.AssertException: Expected 1</message></failures></runTestResult>"
    )
    with canned(STARTED, ended("Failed", broken)) as asked:
        outcomes = carried_out(asked, *CLASSES)
        assert len(asked.requests) == 2
    assert [each.status for each in outcomes] == [Status.SKIPPED, Status.FAILED]
    assert "System.AssertException: Expected 1 (test SlaDeadlineTest.adds)" in outcomes[1].detail


def test_a_queue_is_sent_with_everybody_who_is_in_it() -> None:
    queue = Address("Queue", "SLA_Sdr")
    told: Values = {"queueMembers": {"publicGroups": {"publicGroup": ["All"]}, "users": {"user": ["zoe@x"]}}}
    live = standing(Component("Queue", "SLA_Sdr", {"name": "SDR", **told}))
    members = records({"Group": {"DeveloperName": "SLA_Sdr"}, "UserOrGroupId": "005ana"})
    users = records({"Id": "005ana", "Username": "ana@x"})
    with canned(*live, members, users, *CHECKED, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(queue, {"name": "SDR team"}))
        sent = package(asked.requests[4][2])["queues/SLA_Sdr.queue"]
    assert "<name>SDR team</name>" in sent
    assert [each in sent for each in ("<user>ana@x</user>", "<user>zoe@x</user>", "<publicGroup>All")] == [True] * 3


def test_what_was_created_has_the_platforms_id() -> None:
    made = (
        "<componentSuccesses><componentType>CustomField</componentType><fullName>Lead.SLA_Due_At__c</fullName>"
        "<id>00N1</id></componentSuccesses>"
    )
    with canned(*CHECKED, STARTED, ended("Succeeded", made)) as asked:
        assert carried_out(asked, change(FIELD, LABEL))[0].handle == "00N1"


@pytest.mark.parametrize("answers", [(Answer(0),), (STARTED, Answer(0), Answer(0), Answer(0))])
def test_a_deployment_whose_end_nobody_saw_is_unknown(answers: tuple[Answer, ...]) -> None:
    with canned(*answers) as asked:
        told = writer(asked.client(may_write=True), asked).apply((change(FIELD, LABEL),), MANIFEST)
        assert next(told).status is Status.UNKNOWN
        with pytest.raises(UnreachableError):
            next(told)


def test_keys_that_we_do_not_name_survive_an_update() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded")) as asked:
        live: Values = {"label": "Old", "type": "DateTime", "trackHistory": True}
        carried_out(asked, change(FIELD, LABEL, Action.UPDATE, live))
        sent = package(asked.requests[0][2])["objects/Lead.object"]
    assert "<trackHistory>true</trackHistory>" in sent
    assert "<label>Due</label>" in sent


def test_the_manifest_travels_in_the_same_deployment() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(FIELD, LABEL))
        sent = package(asked.requests[0][2])
    assert sent["staticresources/SLA_Sync_Manifest_Acme_Inbound.resource"] == manifest_to_json(MANIFEST)


def test_a_deletion_is_part_of_the_deployment() -> None:
    with canned(*CHECKED, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(FIELD, {}, Action.DELETE, {"label": "A"}))
        sent = package(asked.requests[0][2])
    assert "Lead.SLA_Due_At__c" in sent["destructiveChangesPost.xml"]
    assert "objects/Lead.object" not in sent


def test_a_manifest_that_stands_already_is_not_deployed_again() -> None:
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    with canned(*known) as asked:
        assert carried_out(asked, change(FIELD, {}, Action.RELEASE, {}))[0].status is Status.DONE
        assert [method for method, _, _ in asked.requests] == ["GET", "GET"]


def test_a_manifest_that_changed_is_deployed_alone() -> None:
    with canned(records(), STARTED, ended("Succeeded")) as asked:
        assert carried_out(asked) == []
        assert set(package(asked.requests[1][2])) == {
            "package.xml",
            "staticresources/SLA_Sync_Manifest_Acme_Inbound.resource",
            "staticresources/SLA_Sync_Manifest_Acme_Inbound.resource-meta.xml",
        }


def test_a_manifest_that_is_refused_is_an_error() -> None:
    refused = ended("Failed", failure("StaticResource", "SLA_Sync", "too large"))
    with canned(records(), STARTED, refused) as asked, pytest.raises(PlatformError, match="too large"):
        carried_out(asked)


def test_an_assignment_that_failed_does_not_count_as_applied() -> None:
    nobody = records({"Id": "0051", "Username": "ana@acme.example", "Alias": "ana", "IsActive": False})
    full = Manifest("digest", {ASSIGNED: {"assignee": "ana"}}, created=frozenset({ASSIGNED}))
    with canned(*CHECKED, STARTED, ended("Succeeded"), nobody, records(), STARTED, ended("Succeeded")) as asked:
        outcomes = carried_out(asked, change(FIELD, LABEL), change(ASSIGNED, {}), manifest=full)
        sent = package(asked.requests[6][2])
    assert outcomes[1].detail == "The user «ana» (ana@acme.example) is not active."
    assert "PermissionSetAssignment" not in sent["staticresources/SLA_Sync_Manifest_Acme_Inbound.resource"]


def test_an_assignment_is_taken_away_by_its_id() -> None:
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    with canned(Answer(204), *known) as asked:
        outcomes = carried_out(asked, change(ASSIGNED, {}, Action.DELETE, {}))
        assert asked.requests[0][:2] == ("DELETE", "/services/data/v63.0/sobjects/PermissionSetAssignment/0X1")
    assert outcomes[0].status is Status.DONE


def test_a_record_that_is_refused_failed_with_the_platforms_words() -> None:
    ana = records({"Id": "0051", "Username": "ana@acme.example", "Alias": "ana", "IsActive": True})
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    refusal = Answer(400, '[{"errorCode": "LICENSE_LIMIT_EXCEEDED", "message": "no licence"}]')
    answers = (*known, ana, records({"Id": "0PS1", "Name": "SLA_Sync"}), refusal, STARTED, ended("Succeeded"))
    with canned(*answers) as asked:
        outcomes = carried_out(asked, change(ASSIGNED, {}))
    assert outcomes[0].status is Status.FAILED
    assert "LICENSE_LIMIT_EXCEEDED: no licence" in outcomes[0].detail


def test_an_assignment_without_its_permission_set_failed() -> None:
    ana = records({"Id": "0051", "Username": "ana@acme.example", "Alias": "ana", "IsActive": True})
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    with canned(*known, ana, records(), STARTED, ended("Succeeded")) as asked:
        assert carried_out(asked, change(ASSIGNED, {}))[0].detail == "The permission set SLA_Sync is not in the org."


def test_an_assignment_that_stood_there_is_adopted_without_a_call() -> None:
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    with canned(*known) as asked:
        outcomes = carried_out(asked, change(ASSIGNED, {}, Action.ADOPT, {}))
        assert len(asked.requests) == 2
    assert (outcomes[0].status, outcomes[0].handle) == (Status.DONE, "0X1")


def test_a_record_whose_fate_nobody_saw_stops_the_run() -> None:
    with canned(Answer(0)) as asked, pytest.raises(UnreachableError):
        carried_out(asked, change(ASSIGNED, {}, Action.DELETE, {}))


def test_an_assignment_that_cannot_be_deleted_says_why() -> None:
    known = (records({"Id": "081"}), Answer(200, manifest_to_json(MANIFEST)))
    refusal = Answer(400, '[{"errorCode": "DEPENDENCY_EXISTS", "message": "in use"}]')
    nameless = change(ASSIGNED, {}, Action.DELETE)
    with canned(refusal, *known, STARTED, ended("Succeeded")) as asked:
        outcomes = carried_out(asked, change(ASSIGNED, {}, Action.DELETE, {}), nameless)
    assert [each.status for each in outcomes] == [Status.FAILED, Status.FAILED]
    assert "DEPENDENCY_EXISTS: in use" in outcomes[0].detail
    assert outcomes[1].detail == "PermissionSetAssignment/SLA_Sync/ana has no id, so it cannot be deleted."


def test_an_assignment_that_could_not_be_deleted_stays_ours() -> None:
    refusal = Answer(400, '[{"errorCode": "DEPENDENCY_EXISTS", "message": "in use"}]')
    with canned(refusal, *CHECKED, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(ASSIGNED, {}, Action.DELETE, {"assignee": "ana"}), change(FIELD, LABEL))
        sent = package(asked.requests[1][2])["staticresources/SLA_Sync_Manifest_Acme_Inbound.resource"]
    assert json.loads(sent)["applied"] == {str(ASSIGNED): {"assignee": "ana"}}
    assert json.loads(sent)["created"] == [str(ASSIGNED)]


def test_a_rehearsal_that_failed_without_naming_a_part_is_no_success() -> None:
    timed_out = soap(
        "checkDeployStatus", "<done>true</done><errorMessage>too busy</errorMessage><status>Failed</status>"
    )
    with canned(STARTED, timed_out) as asked:
        found = list(writer(asked.client(may_write=True), asked).rehearse((change(FIELD, LABEL),), MANIFEST))
    assert [each.message for each in found] == ["Salesforce would refuse the deployment: too busy"]


def test_without_a_ticket_a_writer_only_rehearses() -> None:
    with canned(STARTED, ended("Failed", failure("Flow", "A", "No such field"))) as asked:
        bare = writer(asked.client(may_write=True), asked, None)
        found = list(bare.rehearse((change(FIELD, LABEL),), MANIFEST))
        assert "<checkOnly>true</checkOnly>" in asked.requests[0][2]
        with pytest.raises(RuntimeError, match="may rehearse and not apply"):
            next(bare.apply((), MANIFEST))
    assert found[0].message == "Salesforce would refuse Flow A: No such field (objects/Lead.object, line 4)"
