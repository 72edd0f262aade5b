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
    LockedError,
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
from sla_sync_salesforce import lock
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.writer import SalesforceWriter
from tests.connectors.salesforce.canned import TOKEN, Answer, Asked, canned, soap
from tests.connectors.salesforce.stories import SETUP

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TICKET = LockTicket("revops on a laptop", "ours", NOON + timedelta(minutes=30))
MANIFEST = Manifest("digest", {})
FIELD = Address("CustomField", "Lead.SLA_Due_At__c")
MQL = Address("LeadStatusValue", "MQL")
LEAD_STATUS = soap(
    "readMetadata",
    '<records xsi:type="StandardValueSet"><fullName>LeadStatus</fullName><sorted>false</sorted>'
    "<standardValue><fullName>New</fullName><default>true</default><label>New</label></standardValue></records>",
)
FLOW = Address("Flow", "SLA_Stamp_Qualified")
ASSIGNED = Address("PermissionSetAssignment", "SLA_Sync/ana")
STARTED = soap("deploy", "<id>0Af</id>")
EMPTY = json.dumps({"done": True, "records": []})


def records(*found: dict[str, object]) -> Answer:
    return Answer(200, json.dumps({"done": True, "records": found}))


def ended(status: str, details: str = "") -> Answer:
    return soap(
        "checkDeployStatus",
        f"<details>{details}</details><done>true</done><status>{status}</status><success>true</success>",
    )


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
    with canned(LEAD_STATUS, STARTED, refused) as asked:
        outcomes = carried_out(asked, change(MQL, {"label": "MQL"}))
    assert outcomes[0].status is Status.FAILED
    assert "No default" in outcomes[0].detail


def test_lead_status_is_read_again_just_before_it_is_replaced() -> None:
    with canned(LEAD_STATUS, STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(MQL, {"label": "MQL"}))
        sent = package(asked.requests[1][2])["standardValueSets/LeadStatus.standardValueSet"]
    assert sent.index("<fullName>New</fullName>") < sent.index("<fullName>MQL</fullName>")


def test_lead_status_is_not_replaced_by_ours_alone() -> None:
    with (
        canned(soap("readMetadata", '<records xsi:nil="true"/>')) as asked,
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
    with canned(STARTED, ended("Succeeded"), asleep) as asked:
        outcomes = carried_out(asked, change(FLOW, {"label": "A"}))
    assert outcomes[0].status is Status.FAILED
    assert "activate it in Setup > Flows" in outcomes[0].detail


def test_a_flow_whose_latest_version_is_active_is_done() -> None:
    awake = records({"DeveloperName": FLOW.key, "ActiveVersionId": "301b", "LatestVersionId": "301b"})
    with canned(STARTED, ended("Succeeded"), awake) as asked:
        assert carried_out(asked, change(FLOW, {"label": "A"}))[0].status is Status.DONE


def test_what_was_created_has_the_platforms_id() -> None:
    made = (
        "<componentSuccesses><componentType>CustomField</componentType><fullName>Lead.SLA_Due_At__c</fullName>"
        "<id>00N1</id></componentSuccesses>"
    )
    with canned(STARTED, ended("Succeeded", made)) as asked:
        assert carried_out(asked, change(FIELD, LABEL))[0].handle == "00N1"


@pytest.mark.parametrize("answers", [(Answer(0),), (STARTED, Answer(0), Answer(0), Answer(0))])
def test_a_deployment_whose_end_nobody_saw_is_unknown(answers: tuple[Answer, ...]) -> None:
    with canned(*answers) as asked:
        told = writer(asked.client(may_write=True), asked).apply((change(FIELD, LABEL),), MANIFEST)
        assert next(told).status is Status.UNKNOWN
        with pytest.raises(UnreachableError):
            next(told)


def test_keys_that_we_do_not_name_survive_an_update() -> None:
    with canned(STARTED, ended("Succeeded")) as asked:
        live: Values = {"label": "Old", "type": "DateTime", "trackHistory": True}
        carried_out(asked, change(FIELD, LABEL, Action.UPDATE, live))
        sent = package(asked.requests[0][2])["objects/Lead.object"]
    assert "<trackHistory>true</trackHistory>" in sent
    assert "<label>Due</label>" in sent


def test_the_manifest_travels_in_the_same_deployment() -> None:
    with canned(STARTED, ended("Succeeded")) as asked:
        carried_out(asked, change(FIELD, LABEL))
        sent = package(asked.requests[0][2])
    assert sent["staticresources/SLA_Sync_Manifest_Acme_Inbound.resource"] == manifest_to_json(MANIFEST)


def test_a_deletion_is_part_of_the_deployment() -> None:
    with canned(STARTED, ended("Succeeded")) as asked:
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
    with canned(STARTED, ended("Succeeded"), nobody, records(), STARTED, ended("Succeeded")) as asked:
        outcomes = carried_out(asked, change(FIELD, LABEL), change(ASSIGNED, {}), manifest=full)
        sent = package(asked.requests[4][2])
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
    with canned(refusal, STARTED, ended("Succeeded")) as asked:
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


def held(token: str, expires: datetime) -> Answer:
    body = {"who": "kim", "since": "2026-11-02T11:50:00+00:00", "expires": expires.isoformat(), "token": token}
    return Answer(200, json.dumps(body))


TAKEN = Answer(400, '[{"errorCode": "DUPLICATE_DEVELOPER_NAME", "message": "already used"}]')
MADE = Answer(201, '{"id": "081n", "success": true}')
FOUND = records({"Id": "081"})
LATER, EARLIER = NOON + timedelta(minutes=5), NOON - timedelta(minutes=5)


def take(client: Client) -> str:
    return lock.take(client, TICKET, lambda: NOON)


def test_the_lock_says_who_holds_it_and_until_when() -> None:
    with canned(MADE) as asked:
        assert take(asked.client(may_write=True)) == "081n"
        sent = json.loads(asked.requests[0][2])
    assert sent["Name"] == LOCK_NAME
    assert json.loads(base64.b64decode(sent["Body"]))["who"] == "revops on a laptop"


def test_a_lock_of_somebody_else_is_respected_and_named() -> None:
    with canned(TAKEN, FOUND, held("theirs", LATER)) as asked, pytest.raises(LockedError) as raised:
        take(asked.client(may_write=True))
    assert "is locked by kim since 2026-11-02T11:50:00+00:00" in raised.value.message


@pytest.mark.parametrize(("token", "expires"), [("ours", LATER), ("theirs", EARLIER)])
def test_our_own_lock_and_one_whose_time_is_up_are_taken_over(token: str, expires: datetime) -> None:
    with canned(TAKEN, FOUND, held(token, expires), Answer(204), MADE) as asked:
        assert take(asked.client(may_write=True)) == "081n"
        assert [method for method, _, _ in asked.requests] == ["POST", "GET", "GET", "DELETE", "POST"]


def test_a_lock_that_is_gone_when_we_look_is_tried_again() -> None:
    with canned(TAKEN, records(), MADE) as asked:
        assert take(asked.client(may_write=True)) == "081n"


def test_a_lock_that_nobody_can_read_is_respected() -> None:
    with canned(TAKEN, FOUND, Answer(200, "scribble")) as asked, pytest.raises(LockedError, match="by somebody"):
        take(asked.client(may_write=True))


def test_a_lock_that_changes_hands_all_the_time_is_given_up() -> None:
    with canned(*(TAKEN, records()) * 3) as asked, pytest.raises(LockedError, match="changes hands"):
        take(asked.client(may_write=True))


def test_another_refusal_is_no_lock() -> None:
    refusal = Answer(400, '[{"errorCode": "STORAGE_LIMIT_EXCEEDED", "message": "full"}]')
    with canned(refusal) as asked, pytest.raises(RejectedError, match="full"):
        take(asked.client(may_write=True))


def test_giving_back_a_lock_that_is_gone_is_no_failure() -> None:
    gone = Answer(404, '[{"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]')
    with canned(gone) as asked:
        lock.release(asked.client(may_write=True), "081")
