"""The apply lock: a static resource of the org that only one of two can create."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from sla_sync.connector import LockedError, LockTicket, RejectedError
from sla_sync_salesforce import lock
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from tests.connectors.salesforce.canned import Answer, canned, records, soap

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TICKET = LockTicket("revops on a laptop", "ours", NOON + timedelta(minutes=30))


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


def looked(done: str) -> Answer:
    return soap("checkDeployStatus", f"<done>{done}</done>")


def test_a_lock_lasts_as_long_again_while_a_deployment_is_waited_for() -> None:
    passed = [NOON]
    with canned(looked("false"), looked("false"), Answer(204), looked("false"), looked("true")) as asked:
        client = asked.client(may_write=True)
        renew = lock.renewal(client, "081n", TICKET, lambda: passed[-1])
        looks = iter((NOON + timedelta(minutes=9), NOON + timedelta(minutes=10), NOON + timedelta(minutes=11)))

        def meanwhile() -> None:
            passed.append(next(looks))
            renew()

        client.meanwhile(meanwhile)
        client.deploy_result("0Af1")
        sent = [(method, json.loads(body)) for method, path, body in asked.requests if "StaticResource/081n" in path]
    assert [method for method, _ in sent] == ["PATCH"]
    said = json.loads(base64.b64decode(sent[0][1]["Body"]))
    assert said == {
        "who": "revops on a laptop",
        "since": NOON.isoformat(),
        "expires": (NOON + timedelta(minutes=40)).isoformat(),
        "token": "ours",
    }


def test_a_lock_that_cannot_be_renewed_stops_no_deployment_and_is_tried_again_later() -> None:
    passed = [NOON]
    refusal = Answer(400, '[{"errorCode": "UNABLE_TO_LOCK_ROW", "message": "a deployment runs"}]')
    with canned(refusal, Answer(204)) as asked:
        renew = lock.renewal(asked.client(may_write=True), "081n", TICKET, lambda: passed[-1])
        for minutes in (10, 12, 20):
            passed.append(NOON + timedelta(minutes=minutes))
            renew()
        assert [method for method, _, _ in asked.requests] == ["PATCH", "PATCH"]
