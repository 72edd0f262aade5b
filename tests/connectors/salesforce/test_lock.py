"""The apply lock: a static resource of the org that only one of two can create, and that its holder watches."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from sla_sync.connector import LockedError, LockTicket, RejectedError, UnreachableError
from sla_sync_salesforce import lock
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from tests.connectors.salesforce.canned import Answer, Asked, canned, records, soap

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
TICKET = LockTicket("revops on a laptop", "ours", NOON + timedelta(minutes=30))
LATER, EARLIER = NOON + timedelta(minutes=5), NOON - timedelta(minutes=5)
WRITTEN = "2026-11-02T11:50:00.000+0000"

TAKEN = Answer(400, '[{"errorCode": "DUPLICATE_DEVELOPER_NAME", "message": "already used"}]')
MADE = Answer(201, '{"id": "081n", "success": true}')
NOTHING = records()
FOUND = records({"Id": "081", "LastModifiedDate": WRITTEN})
OURS = records({"Id": "081n"})
DONE = Answer(204)


def held(token: str, expires: datetime, *, date: datetime | None = None) -> Answer:
    body = {"who": "kim", "since": "2026-11-02T11:50:00+00:00", "expires": expires.isoformat(), "token": token}
    told = (("Date", format_datetime(date, usegmt=True)),) if date else ()
    return Answer(200, json.dumps(body), (("Content-Type", "application/json"), *told))


@contextmanager
def taken(asked: Asked, now: list[datetime] | None = None) -> Iterator[Client]:
    client, passed = asked.client(may_write=True), now or [NOON]
    with lock.locked(client, TICKET, lambda: passed[-1]):
        yield client


def said(asked: Asked, method: str) -> list[dict[str, str]]:
    bodies = [json.loads(body) for verb, path, body in asked.requests if verb == method and "StaticResource" in path]
    return [json.loads(base64.b64decode(each["Body"])) for each in bodies]


def verbs(asked: Asked) -> list[str]:
    return [method for method, _, _ in asked.requests]


def test_the_lock_says_who_holds_it_and_until_when_and_is_given_back() -> None:
    with canned(NOTHING, MADE, DONE) as asked:
        with taken(asked):
            assert said(asked, "POST") == [
                {"who": "revops on a laptop", "since": NOON.isoformat(), "token": "ours",
                 "expires": TICKET.expires.isoformat()}
            ]  # fmt: skip
        assert json.loads(asked.requests[1][2])["Name"] == LOCK_NAME
        assert verbs(asked) == ["GET", "POST", "DELETE"]


def test_a_lock_of_somebody_else_is_respected_and_named() -> None:
    with canned(FOUND, held("theirs", LATER)) as asked, pytest.raises(LockedError) as raised, taken(asked):
        pass
    assert "is being applied to by kim since 2026-11-02T11:50:00+00:00" in raised.value.message
    assert LOCK_NAME in raised.value.hint
    assert set(verbs(asked)) == {"GET"}  # whoever finds it locked writes nothing


@pytest.mark.parametrize(("token", "expires"), [("ours", LATER), ("theirs", EARLIER)])
def test_our_own_lock_and_one_whose_time_is_up_are_taken_over(token: str, expires: datetime) -> None:
    with canned(FOUND, held(token, expires), DONE, MADE, DONE) as asked, taken(asked):
        assert verbs(asked) == ["GET", "GET", "DELETE", "POST"]


def test_a_lock_that_somebody_takes_while_we_look_is_looked_at_again() -> None:
    with canned(NOTHING, TAKEN, NOTHING, MADE, DONE) as asked, taken(asked):
        pass


def test_a_lock_that_vanishes_while_we_read_it_is_no_lock() -> None:
    gone = Answer(404, '[{"errorCode": "NOT_FOUND", "message": "gone"}]')
    with canned(FOUND, gone, MADE, DONE) as asked, taken(asked):
        pass


@pytest.mark.parametrize("scribble", ["scribble", "[]", '{"expires": "soon", "token": 7}', '{"expires": "2099-01-01"}'])
def test_a_lock_that_nobody_can_read_holds_for_two_hours_after_it_was_written_and_no_longer(scribble: str) -> None:
    with canned(FOUND, Answer(200, scribble)) as asked, pytest.raises(LockedError, match="by somebody"), taken(asked):
        pass
    over = [datetime(2026, 11, 2, 13, 50, tzinfo=UTC)]
    with canned(FOUND, Answer(200, scribble), DONE, MADE, DONE) as asked, taken(asked, over):
        pass


@pytest.mark.parametrize("wrong", [timedelta(hours=5), -timedelta(hours=5)])
def test_a_lock_ends_by_the_clock_of_the_org_however_wrong_ours_is(wrong: timedelta) -> None:
    ours = [NOON + wrong]
    with (
        canned(FOUND, held("theirs", LATER, date=NOON)) as asked,
        pytest.raises(LockedError) as raised,
        taken(asked, ours),
    ):
        pass
    assert f"until {(LATER + wrong).isoformat()}" in raised.value.message  # as the clock on this wall says
    with canned(FOUND, held("theirs", LATER, date=LATER), DONE, MADE, DONE) as asked, taken(asked, ours):
        assert said(asked, "POST")[0]["since"] == LATER.isoformat()


def test_a_lock_that_changes_hands_all_the_time_is_given_up() -> None:
    with canned(*(NOTHING, TAKEN) * 3) as asked, pytest.raises(LockedError, match="changes hands"), taken(asked):
        pass


def test_another_refusal_is_no_lock() -> None:
    refusal = Answer(400, '[{"errorCode": "STORAGE_LIMIT_EXCEEDED", "message": "full"}]')
    with canned(NOTHING, refusal) as asked, pytest.raises(RejectedError, match="full"), taken(asked):
        pass


def test_a_lock_that_is_gone_at_the_end_is_told() -> None:
    gone = Answer(404, '[{"errorCode": "ENTITY_IS_DELETED", "message": "entity is deleted"}]')
    told = pytest.raises(LockedError, match="not ours any more at the end")
    with canned(NOTHING, MADE, gone) as asked, told, taken(asked):
        pass


def test_a_lock_of_which_nobody_knows_whether_it_was_taken_is_given_back_where_it_is_ours() -> None:
    lost = Answer(0)
    with (
        canned(NOTHING, lost, records({"Id": "081"}), held("ours", LATER), DONE) as asked,
        pytest.raises(UnreachableError),
        taken(asked),
    ):
        pass
    assert asked.requests[-1][0] == "DELETE"


@pytest.mark.parametrize(
    ("found", "whose"),
    [((NOTHING,), "somebody deleted it"), ((FOUND, FOUND, held("theirs", LATER)), "it is held by kim")],
)
def test_a_lock_that_was_lost_stops_the_run_before_its_next_write(found: tuple[Answer, ...], whose: str) -> None:
    with (
        canned(NOTHING, MADE, *found, DONE) as asked,
        pytest.raises(LockedError, match=f"was lost: {whose}"),
        taken(asked) as client,
    ):
        client.create("Task", {"Subject": "never"})
    assert not any("Task" in path for _, path, _ in asked.requests)


def test_before_every_write_it_is_looked_whether_the_lock_is_still_ours() -> None:
    task = Answer(201, '{"id": "00T", "success": true}')
    with canned(NOTHING, MADE, OURS, task, OURS, task, DONE) as asked, taken(asked) as client:
        client.create("Task", {"Subject": "one"})
        client.create("Task", {"Subject": "two"})


def looked(done: str) -> Answer:
    return soap("checkDeployStatus", f"<done>{done}</done>")


def waited(asked: Asked, *minutes: int) -> list[datetime]:
    """Wait for a deployment under the lock, while so many minutes after noon pass, and return when it was renewed until."""
    passed, waits = [NOON], iter(minutes)

    def pause(_: float) -> None:
        passed.append(NOON + timedelta(minutes=next(waits)))

    client = Client("staging", asked.options(), may_write=True, pause=pause)
    with lock.locked(client, TICKET, lambda: passed[-1]):
        client.deploy_result("0Af1")
    assert {each["since"] for each in said(asked, "PATCH")} <= {NOON.isoformat()}
    return [datetime.fromisoformat(each["expires"]) for each in said(asked, "PATCH")]


def test_a_lock_lasts_as_long_again_while_a_deployment_is_waited_for() -> None:
    with canned(NOTHING, MADE, *[looked("false")] * 3, DONE, looked("true"), DONE) as asked:
        assert waited(asked, 9, 10, 11) == [NOON + timedelta(minutes=40)]


def test_a_lock_that_cannot_be_renewed_stops_no_deployment_and_is_tried_again_later() -> None:
    refusal = Answer(400, '[{"errorCode": "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY", "message": "a deployment runs"}]')
    polls = [looked("false"), looked("false"), refusal, looked("false"), looked("false"), DONE, looked("true")]
    with canned(NOTHING, MADE, *polls, DONE) as asked:
        assert waited(asked, 10, 12, 20, 21) == [NOON + timedelta(minutes=40), NOON + timedelta(minutes=50)]
