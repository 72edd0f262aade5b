"""Settings that are rows: read by few queries, written two hundred in a call, each with an outcome of its own."""

from __future__ import annotations

import json

import pytest

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Consequence,
    Desired,
    Live,
    Outcome,
    Reason,
    Status,
    UnreachableError,
    Values,
)
from sla_sync_salesforce.people import People, User
from sla_sync_salesforce.record_settings import (
    COLLECTION,
    Ends,
    delete_rows,
    find_ends,
    member_object,
    read_rows,
    write_rows,
)
from tests.connectors.salesforce.canned import Answer, Asked, canned, records

ANA = User("005000000000001AAA", "ana@acme.example", "ana", active=True)
PEOPLE = People({"ana": (ANA,)})
ENDS = Ends(PEOPLE, {"SLA_Rep": "0PS1"}, {"SLA_Sdr": "00G1"})


def saved(*answers: dict[str, object]) -> Answer:
    return Answer(200, json.dumps(answers))


def made(kind: str, key: str, values: Values | None = None, action: Action = Action.CREATE) -> Change:
    address = Address(kind, key)
    live = None if action is Action.CREATE else Live(address, {}, handle="a00X")
    wish = Desired(address, values or {})
    return Change(action, address, (), Reason.ABSENT, Consequence.BREACH, desired=wish, live=live)


def written(asked: Asked, *changes: Change, ends: Ends = ENDS) -> list[Outcome]:
    return list(write_rows(asked.client(may_write=True), changes, ends))


def test_members_of_a_team_carry_their_place() -> None:
    with canned(saved({"id": "a001", "success": True, "errors": []})) as asked:
        outcomes = written(asked, made("TeamMember", "sdr/ana", {"place": 2}))
        method, path, body = asked.requests[0]
    assert (method, path) == ("POST", "/services/data/v63.0/composite/sobjects")
    assert json.loads(body)["records"] == [
        {"attributes": {"type": "SLA_Member__c"}, "Person__c": ANA.id, "Team__c": "sdr", "Place__c": 2}
    ]
    assert (outcomes[0].status, outcomes[0].handle) == (Status.DONE, "a001")


def test_a_member_whose_row_nobody_could_see_is_not_written_twice() -> None:
    ends = Ends(PEOPLE, there={("sdr", ANA.id): "a009"})
    with canned(saved({"id": "a009", "success": True, "errors": []})) as asked:
        written(asked, made("TeamMember", "sdr/ana", {"place": 1}), ends=ends)
        method, _, body = asked.requests[0]
    assert method == "PATCH"
    assert json.loads(body)["records"][0]["Id"] == "a009"


def test_a_changed_place_is_written_by_id() -> None:
    with canned(saved({"id": "a00X", "success": True, "errors": []})) as asked:
        written(asked, made("TeamMember", "sdr/ana", {"place": 3}, Action.UPDATE))
        method, _, body = asked.requests[0]
    assert method == "PATCH"
    assert json.loads(body)["records"][0] == {"attributes": {"type": "SLA_Member__c"}, "Id": "a00X", "Place__c": 3}


def test_rows_travel_two_hundred_to_a_call() -> None:
    people = {
        f"p{number}": (User(f"005{number:015}", f"p{number}@x", f"p{number}", active=True),) for number in range(201)
    }
    fine = {"id": "011", "success": True, "errors": []}
    with canned(saved(*[fine] * COLLECTION), saved(fine)) as asked:
        outcomes = written(
            asked,
            *(made("GroupMember", f"SLA_Sdr/{name}") for name in people),
            ends=Ends(People(people), {}, {"SLA_Sdr": "00G1"}),
        )
        assert len(asked.requests) == 2
    assert {each.status for each in outcomes} == {Status.DONE}


def test_one_row_that_is_refused_fails_alone() -> None:
    refused = {"success": False, "errors": [{"statusCode": "LICENSE_LIMIT_EXCEEDED", "message": "no licence"}]}
    with canned(saved({"id": "0Pa1", "success": True, "errors": []}, refused)) as asked:
        outcomes = written(
            asked, made("PermissionSetAssignment", "SLA_Rep/ana"), made("PermissionSetAssignment", "SLA_Rep/ana")
        )
    assert [each.status for each in outcomes] == [Status.DONE, Status.FAILED]
    assert "LICENSE_LIMIT_EXCEEDED: no licence" in outcomes[1].detail


def test_a_row_that_an_interrupted_run_wrote_is_done() -> None:
    twice = {"success": False, "errors": [{"statusCode": "DUPLICATE_VALUE", "message": "already assigned"}]}
    with canned(saved(twice)) as asked:
        assert written(asked, made("GroupMember", "SLA_Sdr/ana"))[0].status is Status.DONE


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (made("GroupMember", "SLA_Sdr/zoe"), "No user of the org has the user name or alias «zoe»."),
        (made("GroupMember", "SLA_Lost/ana"), "The group or queue SLA_Lost is not in the org."),
        (made("PermissionSetAssignment", "SLA_Lost/ana"), "The permission set SLA_Lost is not in the org."),
    ],
)
def test_a_row_without_its_ends_is_not_sent(change: Change, why: str) -> None:
    with canned() as asked:
        outcomes = written(asked, change)
        assert not asked.requests
    assert (outcomes[0].status, outcomes[0].detail) == (Status.FAILED, why)


@pytest.mark.parametrize("action", [Action.ADOPT, Action.RELEASE])
def test_what_joins_two_ends_and_says_no_more_is_adopted_without_a_call(action: Action) -> None:
    with canned() as asked:
        assert written(asked, made("GroupMember", "SLA_Sdr/ana", {}, action))[0].status is Status.DONE
        assert not asked.requests


def test_rows_whose_fate_nobody_saw_are_unknown_and_stop_the_run() -> None:
    with canned(Answer(0)) as asked:
        told = write_rows(asked.client(may_write=True), [made("TeamMember", "sdr/ana", {"place": 1})], ENDS)
        assert next(told).status is Status.UNKNOWN
        with pytest.raises(UnreachableError):
            next(told)


def test_a_holiday_is_deleted_as_a_row_by_its_name() -> None:
    gone = made("Holiday", "Easter 2027", {}, Action.DELETE)
    with canned(records({"Id": "0C01"}), Answer(204)) as asked:
        assert next(delete_rows(asked.client(may_write=True), [gone])).status is Status.DONE
        assert asked.requests[1][:2] == ("DELETE", "/services/data/v63.0/sobjects/Holiday/0C01")


def test_a_member_is_deleted_from_the_object_of_the_bindings_prefix() -> None:
    kept = [Address("CustomObject", "ACME_Member__c"), Address("CustomObject", "ACME_Leg__c")]
    with canned(Answer(204)) as asked:
        list(delete_rows(asked.client(may_write=True), [made("TeamMember", "sdr/ana", {}, Action.DELETE)], kept))
        assert asked.requests[0][1].endswith("/sobjects/ACME_Member__c/a00X")
    assert member_object([]) == "SLA_Member__c"


def test_ends_are_asked_for_once_for_each_sort() -> None:
    ana = {"Id": ANA.id, "Username": ANA.username, "Alias": "ana", "IsActive": True}
    changes = [
        made("PermissionSetAssignment", "SLA_Rep/ana"),
        made("GroupMember", "SLA_Sdr/ana"),
        made("TeamMember", "sdr/ana"),
    ]
    with canned(
        records(ana),
        records({"Id": "0PS1", "Name": "SLA_Rep"}),
        records({"Id": "00G1", "DeveloperName": "SLA_Sdr"}),
        records(),
    ) as asked:
        ends = find_ends(asked.client(), changes)
        assert len(asked.requests) == 4
    assert ends == ENDS


def test_rows_are_read_by_three_queries_at_most() -> None:
    wanted = [
        Address("PermissionSet", "SLA_Rep"),
        Address("GroupMember", "SLA_Sdr/ana"),
        Address("TeamMember", "sdr/ana"),
    ]
    assigned = {
        "Id": "0Pa1",
        "AssigneeId": "005zoe",
        "Assignee": {"Username": "zoe@x"},
        "PermissionSet": {"Name": "SLA_Rep"},
    }
    grouped = {"Id": "0111", "UserOrGroupId": ANA.id, "Group": {"DeveloperName": "SLA_Sdr"}}
    teamed = {"Id": "a001", "Person__c": ANA.id, "Team__c": "sdr", "Place__c": 1.0}
    with canned(records(assigned), records(grouped), records(teamed)) as asked:
        found = {str(each.address): each for each in read_rows(asked.client(), wanted, lambda: PEOPLE)}
        assert len(asked.requests) == 3
    assert found.keys() == {"PermissionSetAssignment/SLA_Rep/zoe@x", "GroupMember/SLA_Sdr/ana", "TeamMember/sdr/ana"}
    assert found["TeamMember/sdr/ana"].values == {"team": "sdr", "person": "ana", "place": 1.0}
    assert found["GroupMember/SLA_Sdr/ana"].handle == "0111"


def test_whoever_has_the_set_that_passes_the_gates_is_too_much_but_for_the_user_of_the_session() -> None:
    wanted = [Address("PermissionSet", "SLA_Integration"), Address("PermissionSet", "SLA_Rep")]
    rows = [
        {
            "Id": f"0Pa{number}",
            "AssigneeId": f"005{who}",
            "Assignee": {"Username": who},
            "PermissionSet": {"Name": name},
        }
        for number, (who, name) in enumerate(
            [("own", "SLA_Integration"), ("zoe", "SLA_Integration"), ("zoe", "SLA_Rep")]
        )
    ]
    with canned(records(*rows), Answer(200, json.dumps({"user_id": "005own"}))) as asked:
        found = {each.address.key: each.inside for each in read_rows(asked.client(), wanted, lambda: PEOPLE)}
    assert found == {"SLA_Integration/own": None, "SLA_Integration/zoe": wanted[0], "SLA_Rep/zoe": None}


def test_whoever_applied_has_the_set_that_passes_the_gates_from_us_when_an_auditor_looks() -> None:
    wanted = [Address("PermissionSet", "SLA_Integration")]
    rows = [
        {
            "Id": f"0Pa{who}",
            "AssigneeId": f"005{who}",
            "Assignee": {"Username": who},
            "PermissionSet": {"Name": "SLA_Integration"},
        }
        for who in ("applier", "zoe")
    ]
    manifest = {"CreatedById": "005applier", "LastModifiedById": "005applier"}
    with canned(records(*rows), Answer(200, json.dumps({"user_id": "005audit"})), records(manifest)) as asked:
        read = read_rows(asked.client(), wanted, lambda: PEOPLE, agreement="acme")
        found = {each.address.key: each.inside for each in read}
    assert found == {"SLA_Integration/applier": None, "SLA_Integration/zoe": wanted[0]}


@pytest.mark.parametrize("code", ["INVALID_TYPE", "INVALID_FIELD"])
def test_members_that_nobody_may_see_yet_are_missing(code: str) -> None:
    refusal = Answer(400, json.dumps([{"errorCode": code, "message": "not supported"}]))
    with canned(refusal) as asked:
        assert list(read_rows(asked.client(), [Address("TeamMember", "sdr/ana")], lambda: PEOPLE)) == []
