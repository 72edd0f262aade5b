"""An answer that is sound JSON or XML and means something else ends in one sentence that names the call."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest

from sla_sync.connector import (
    Address,
    Connection,
    LockTicket,
    Reader,
    RejectedError,
    Setup,
    misreading,
    onward,
    telling_misreadings,
)
from sla_sync.errors import FaultError, SlaSyncError
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.lock import locked as portal_lock
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import HubSpotReader
from sla_sync_salesforce.lock import locked as org_lock
from sla_sync_salesforce.reader import SalesforceReader
from tests.attackers.test_endless import saying
from tests.connectors.salesforce.canned import TOKEN, Answer, Asked, canned, soap

NOW = datetime(2026, 10, 5, tzinfo=UTC)
FIELD = Address("CustomField", "Lead.SLA_Due__c")
PROPERTY = Address("Property", "contacts/sla_due")


def _hubspot_client(asked: Asked, *, writes: bool = False) -> HubSpotClient:
    options = HubSpotOptions.model_validate({"url": asked.url, "token": TOKEN})
    return HubSpotClient(options, target="portal", writes=writes, wait=asked.pauses.append, environ={})


def _portal(asked: Asked) -> Reader:
    options = HubSpotOptions.model_validate({"url": asked.url, "token": TOKEN})
    return HubSpotReader(_hubspot_client(asked), Connection("portal", options, Setup("acme"), lambda: NOW))


def _org(asked: Asked) -> Reader:
    client = asked.client()
    return SalesforceReader(
        Connection("staging", HubSpotOptions.model_validate({"token": "t"}), Setup("acme"), lambda: NOW), client
    )


TICKET = LockTicket("ana", "token", NOW + timedelta(hours=1))


def _lock_of_a_portal(asked: Asked) -> AbstractContextManager[None]:
    return portal_lock(_hubspot_client(asked, writes=True), TICKET, target="portal", now=lambda: NOW)


def _lock_of_an_org(asked: Asked) -> AbstractContextManager[None]:
    return org_lock(asked.client(may_write=True), TICKET, lambda: NOW)


def _said(value: object) -> Answer:
    return Answer(200, json.dumps(value))


SHAPES: tuple[tuple[Callable[[Asked], Reader], Answer], ...] = (
    (_portal, _said([])),
    (_portal, _said("x")),
    (_portal, _said(None)),
    (_portal, _said({"results": [{"label": "no name"}]})),
    (_portal, _said({"results": "x"})),
    (_portal, _said({"results": [None]})),
    (_portal, _said({"results": [], "paging": ["x"]})),
    (_org, _said([])),
    (_org, _said({"done": True})),
    (_org, _said({"done": True, "records": [{"Name": "no id"}]})),
    (_org, _said({"done": True, "records": "x"})),
    (_org, _said({"done": False, "records": []})),
    (_org, soap("listMetadata", "<type>CustomField</type>")),
)


@pytest.mark.parametrize(
    ("reader", "answer"), SHAPES, ids=[f"{each[0].__name__} {each[1].body[:40]}" for each in SHAPES]
)
def test_an_answer_of_another_shape_is_an_error_of_the_platform_that_names_the_call(
    reader: Callable[[Asked], Reader], answer: Answer
) -> None:
    with canned(*[answer] * 40) as asked:
        talking = reader(asked)
        with pytest.raises(SlaSyncError) as refused:
            talking.manifest() if reader is _org else talking.read([PROPERTY])
    assert isinstance(refused.value, FaultError), refused.value.message
    assert refused.value.call
    assert refused.value.hint
    assert refused.value.message.endswith(".")
    assert TOKEN not in refused.value.message


@pytest.mark.parametrize(
    "answer", [_said([]), _said("x"), _said({"records": [{}], "done": True}), _said({"options": 7})]
)
@pytest.mark.parametrize("lock", [_lock_of_a_portal, _lock_of_an_org])
def test_no_answer_about_a_lock_ends_in_anything_but_a_sentence(
    lock: Callable[[Asked], AbstractContextManager[None]], answer: Answer
) -> None:
    with canned(*[answer] * 40) as asked, pytest.raises(SlaSyncError) as refused, lock(asked):
        pass
    assert refused.value.message


def test_pages_that_lead_in_a_circle_end_in_a_sentence() -> None:
    page = {"results": [], "paging": {"next": {"after": "7"}}}
    with canned(*[_said(page)] * 9) as asked, pytest.raises(SlaSyncError, match="which was read already"):
        list(_portal(asked).audit_trail(None))
    records = {"done": False, "nextRecordsUrl": "/services/data/v63.0/query/01g-7", "records": []}
    with canned(*[_said(records)] * 9) as asked, pytest.raises(SlaSyncError, match="which was read already"):
        asked.client().query("SELECT Id FROM Lead")
    with canned(*[_said(records)] * 9) as asked, pytest.raises(SlaSyncError, match="which was read already"):
        asked.client().tooling("SELECT Id FROM Flow")


def test_the_place_of_a_page_is_taken_once() -> None:
    seen: set[str] = set()
    assert [onward(seen, each) for each in (1, "2", 3)] == ["1", "2", "3"]
    with pytest.raises(ValueError, match="after 4 pages it leads to «2», which was read already"):
        onward(seen, 2)


def test_a_refusal_in_no_known_writing_is_a_refusal() -> None:
    page = b"<html>Indispon\xe9vel</html>"
    with saying(b"HTTP/1.1 404 No\r\nContent-Length: %d\r\n\r\n" % len(page) + page) as url:
        options = HubSpotOptions.model_validate({"url": url, "token": TOKEN})
        client = HubSpotClient(options, target="portal", writes=False, environ={})
        with pytest.raises(RejectedError, match="status 404"):
            client.call("GET", Api.OWNERS)


class _Client:
    """A client that was told something."""

    def __init__(self, *, told: bool = True) -> None:
        self._told = told

    def misread(self, said: str) -> FaultError | None:
        return FaultError(f"In a shape that is not known: {said}.") if self._told else None


@telling_misreadings(attrgetter("_client"))
class _Talk:
    """A conversation that stumbles."""

    def __init__(self, client: _Client) -> None:
        self._client = client

    def ask(self, work: Callable[[], Any]) -> Any:
        return work()

    def tell(self, work: Callable[[], Any]) -> Iterator[Any]:
        yield 1
        yield work()


NAME: Any = "x"
STUMBLES: tuple[Callable[[], Any], ...] = (
    lambda: json.loads("{}")["name"],
    lambda: json.loads("[]")[0],
    lambda: json.loads("null")["x"],
    lambda: NAME.get("y"),
    lambda: int(NAME),
    lambda: next(iter(())),
    lambda: datetime.fromisoformat(NAME),
    lambda: 1 / json.loads("0"),
)
CLIENT: Any = _Client
MISTAKES: tuple[Callable[[], Any], ...] = (
    lambda: CLIENT().nothing,
    lambda: CLIENT(1, 2, 3),
    lambda: _raise(NameError("x")),
    lambda: _raise(AssertionError("x")),
    lambda: _raise(RuntimeError("x")),
)


def _raise(error: Exception) -> None:
    raise error


@pytest.mark.parametrize("work", STUMBLES)
def test_a_stumble_over_an_answer_is_an_error_of_the_platform(work: Callable[[], Any]) -> None:
    with pytest.raises(FaultError, match=r"^In a shape that is not known: .+ \(.+\)\.$"):
        _Talk(_Client()).ask(work)
    told = _Talk(_Client()).tell(work)
    assert next(told) == 1
    with pytest.raises(FaultError, match="not known"):
        next(told)


@pytest.mark.parametrize("work", MISTAKES)
def test_a_mistake_of_the_program_stays_one(work: Callable[[], Any]) -> None:
    with pytest.raises(Exception, match=r".") as raised:
        _Talk(_Client()).ask(work)
    assert not isinstance(raised.value, SlaSyncError)
    assert misreading(raised.value) is None


@pytest.mark.parametrize("work", STUMBLES)
def test_before_anything_was_answered_no_stumble_is_the_platforms(work: Callable[[], Any]) -> None:
    with pytest.raises(Exception, match=r"|.") as raised:
        _Talk(_Client(told=False)).ask(work)
    assert not isinstance(raised.value, SlaSyncError)
