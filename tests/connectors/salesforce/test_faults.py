"""What our client makes of everything that can go wrong with a request: repeated where that is safe, else one sentence."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Consequence,
    ExhaustedError,
    FaultError,
    PlatformError,
    Reason,
    RejectedError,
    Status,
    UnauthorizedError,
    UnreachableError,
    Value,
)
from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.deployment import refusals
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.application import Application
from tests.connectors.salesforce.simulator.org import FIRST_DAY
from tests.connectors.salesforce.simulator.packages import sample, zipped

PATIENCE = 0.25
"""Seconds for which the client waits for an answer, within which a busy machine has taken the request."""
ALWAYS = 1000
WAITS = (0.25, 1.0)


@dataclass(frozen=True)
class Fate:
    """What becomes of a request: whether it is repeated, and the error where that does not help."""

    error: type[PlatformError]
    read: bool = False
    write: bool = False
    metadata: bool = False
    """Whether it is tried with the Metadata API, which alone meets it."""


LOST = Fate(UnreachableError, read=True)
FAILED = Fate(FaultError, read=True)
SPOILT = Fate(FaultError)

FATES: Mapping[str, Fate] = {
    **{f"{loss}-{side}": LOST for loss in ("cut", "reset", "silence") for side in ("before", "after")},
    **{f"{status}-{side}": FAILED for status in (500, 502, 503, 504) for side in ("before", "after")},
    "page-before": SPOILT,
    "page-after": SPOILT,
    "shortened": SPOILT,
    "emptied": SPOILT,
    "truncated": LOST,
    "limit-daily": Fate(ExhaustedError),
    "limit-concurrent": Fate(FaultError, read=True, write=True),
    "locked-row": Fate(RejectedError, write=True),
    "unavailable": FAILED,
    "session-ended": Fate(UnauthorizedError),
    "unexpected-before": Fate(FaultError, metadata=True),
    "unexpected-after": Fate(FaultError, metadata=True),
}
OF_WRITES = {"locked-row"}
ANSWERED = {
    "clock-ahead", "clock-behind", "stale", "others-create", "others-delete", "deploy-waits", "deploy-cancelled",
    "deploy-failed", "retrieve-waits", "retrieve-failed",
}  # fmt: skip
"""Faults of answers that are well-formed, each with a test of its own."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(simulator, tmp_path_factory.mktemp("org"), clock=FIRST_DAY) as running:
        _query(patient(running, []))  # what a first answer pays for is more than the patience below
        patient(running, []).describe_metadata()
        yield running


@pytest.fixture
def running(kept: Running) -> Running:
    kept.trouble = None
    kept.happened.clear()
    return kept


def patient(running: Running, waits: list[float], fault: str = "") -> Client:
    """Return a client that does not sleep, and does not wait for long where nothing is to come."""
    timeout = PATIENCE if fault.startswith("silence") else 30
    asked = SalesforceOptions(url=running.url, token=SecretStr(running.token), ca=running.ca, timeout=timeout)
    return Client("staging", asked, may_write=True, pause=waits.append)


def test_every_fault_has_a_fate(running: Running) -> None:
    assert {*FATES, *ANSWERED} == set(running.faults)


def whole(error: PlatformError, call: str) -> None:
    """Assert that an error is one sentence that names target and call, and shows no token."""
    assert "(staging)" in error.message
    assert call in error.message
    assert "\n" not in error.message
    assert "00D" not in error.message
    assert error.hint == "" or (error.hint.endswith(".") and error.hint[0].isupper())
    assert error.hint or type(error) is RejectedError


def _query(client: Client) -> object:
    return client.query("SELECT Id FROM User")


READS: Mapping[bool, tuple[Callable[[Client], object], str]] = {
    False: (_query, "the query «SELECT Id FROM User»"),
    True: (Client.describe_metadata, "describeMetadata of the Metadata API"),
}


@pytest.mark.parametrize("name", sorted({*FATES} - OF_WRITES))
@pytest.mark.parametrize("metadata", [False, True], ids=["query", "metadata"])
def test_a_read_is_repeated_where_the_fault_may_pass_and_ends_in_one_sentence_where_it_stays(
    running: Running, name: str, *, metadata: bool
) -> None:
    fate, waits = FATES[name], list[float]()
    if fate.metadata and not metadata:
        return
    read, call = READS[metadata]
    if fate.read:
        running.trouble = Scripted((Line(name),))
        assert read(patient(running, waits, name))
        assert waits == [WAITS[0]]
    waits.clear()
    running.trouble = Scripted((Line(name, times=ALWAYS),))
    before = running.requests
    with pytest.raises(PlatformError) as raised:
        read(patient(running, waits, name))
    assert type(raised.value) is fate.error
    assert tuple(waits) == (WAITS if fate.read else ())
    assert running.requests == before + 1 + len(waits)
    whole(raised.value, call)


@pytest.mark.parametrize("name", sorted(name for name, each in FATES.items() if not each.metadata))
def test_a_write_is_repeated_only_where_the_org_says_that_it_did_not_begin(running: Running, name: str) -> None:
    fate, waits = FATES[name], list[float]()
    record = {
        "Name": f"SLA_{name.replace('-', '_')}", "ContentType": "application/json", "CacheControl": "Private",
        "Body": base64.b64encode(b"{}").decode(),
    }  # fmt: skip
    running.trouble = Scripted((Line(name),))
    before = running.requests
    if fate.write:
        assert patient(running, waits, name).create("StaticResource", record)
        assert waits == [WAITS[0]]
    else:
        with pytest.raises(PlatformError) as raised:
            patient(running, waits, name).create("StaticResource", record)
        assert type(raised.value) is fate.error
        assert (waits, running.requests) == ([], before + 1)
        whole(raised.value, "POST /services/data/v63.0/sobjects/StaticResource")
    (happened,) = running.happened
    running.trouble = None
    found = patient(running, waits).query(f"SELECT Id FROM StaticResource WHERE Name = '{record['Name']}'")
    assert len(found) == int(fate.write or happened.carried_out)


PACKAGE = zipped(sample())
DUE = Address("CustomField", "Lead.SLA_Due_At__c")
CHANGE = Change(Action.CREATE, DUE, (), Reason.ABSENT, Consequence.BREACH)


def deployed(running: Running, *lines: Line, waits: list[float] | None = None) -> Mapping[str, Value]:
    """Return how a deployment ends in which these faults happen."""
    running.trouble = Scripted(lines)
    client = patient(running, [] if waits is None else waits)
    return client.deploy_result(client.start_deploy(PACKAGE, check_only=False))


def stands(running: Running) -> bool:
    """Return whether the sample was saved."""
    running.trouble = None
    found = patient(running, []).list_metadata([("ValidationRule", None)])
    return bool(found)


@pytest.mark.parametrize("name", sorted(name for name, each in FATES.items() if each.metadata))
def test_a_deployment_that_the_metadata_api_fails_on_is_not_sent_twice(running: Running, name: str) -> None:
    running.trouble = Scripted((Line(name),))
    before = running.requests
    with pytest.raises(FaultError, match="failed on deploy of the Metadata API"):
        patient(running, []).start_deploy(PACKAGE, check_only=True)
    assert running.requests == before + 1


def test_a_deployment_that_waits_behind_others_is_waited_for(tmp_path: Path) -> None:
    waits: list[float] = []
    with serve(simulator, tmp_path, clock=FIRST_DAY) as running:
        assert deployed(running, Line("deploy-waits", times=12), waits=waits)["status"] == "Succeeded"
        assert [each.fault for each in running.happened] == ["deploy-waits"] * 12
    assert len(waits) == 14, "a second and a third time it is asked, as of every deployment"
    assert waits == sorted(waits)
    assert max(waits) == 5.0


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("deploy-cancelled", "Admin cancelled it before it was carried out."),
        ("deploy-failed", "UNKNOWN_EXCEPTION: An unexpected error occurred."),
    ],
)
def test_a_deployment_that_ends_badly_has_changed_nothing_and_no_outcome_says_otherwise(
    tmp_path: Path, name: str, sentence: str
) -> None:
    with serve(simulator, tmp_path, clock=FIRST_DAY) as running:
        result = deployed(running, Line(name))
        (outcome,) = refusals([CHANGE], result)
        assert outcome.status is Status.FAILED
        assert outcome.detail.startswith("Salesforce did not carry out the deployment: ")
        assert sentence in outcome.detail
        assert not stands(running)
        assert deployed(running)["status"] == "Succeeded", "what failed for no fault of its own succeeds when repeated"
        assert stands(running)


def test_an_org_that_says_it_saved_a_part_is_believed_and_nothing_is_reported_done() -> None:
    (outcome,) = refusals([CHANGE], {"status": "SucceededPartial"})
    assert outcome.status is Status.UNKNOWN
    assert "plan again" in outcome.detail


def test_what_cannot_be_retrieved_is_the_orgs_fault_and_what_is_late_is_waited_for(running: Running) -> None:
    waits: list[float] = []
    running.trouble = Scripted((Line("retrieve-waits", times=5), Line("retrieve-failed", call="*#retrieve")))
    assert patient(running, waits).retrieve([("StandardValueSet", "LeadStatus")])["success"] is True
    assert len(waits) == 6
    running.trouble = Scripted((Line("retrieve-failed"),))
    with pytest.raises(FaultError, match="could not retrieve the settings: An unexpected error occurred") as raised:
        patient(running, []).retrieve([("StandardValueSet", "LeadStatus")])
    assert raised.value.hint


def test_half_a_table_is_not_taken_for_a_table(running: Running) -> None:
    client = patient(running, [])
    job = client.start_query("SELECT Id, Username FROM User")
    assert client.await_query(job)
    rows, _ = client.query_page(job, "", 1000)
    assert len(rows) > 4
    for name in ("shortened", "emptied"):
        running.trouble = Scripted((Line(name),))
        with pytest.raises(FaultError, match=rf"announces {len(rows)} rows and holds|cannot be read"):
            client.query_page(job, "", 1000)
    running.trouble = Scripted((Line("truncated"),))
    assert client.query_page(job, "", 1000)[0] == rows


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_web_page_that_says_all_is_well_does_not_make_a_change_a_change(running: Running, side: str) -> None:
    client = patient(running, [])
    record = {"LastName": "Page", "Company": f"Page {side}"}
    lead = client.create("Lead", record)
    writes: tuple[Callable[[], None], ...] = (
        lambda: client.update("Lead", lead, {"Company": "Changed"}),
        lambda: client.delete("Lead", lead),
    )
    for write in writes:
        running.trouble = Scripted((Line(f"page-{side}"),))
        with pytest.raises(FaultError, match="it is a web page"):
            write()


def test_a_session_that_ended_is_renewed_where_the_target_can_and_nothing_is_done_twice(running: Running) -> None:
    application = running.application
    assert isinstance(application, Application)
    auth = {
        "method": "client_credentials", "consumer_key": application.client_id,
        "consumer_secret": application.client_secret,
    }  # fmt: skip
    asked = SalesforceOptions.model_validate({"url": running.url, "auth": auth, "ca": running.ca})
    client = Client("staging", asked, may_write=True, pause=lambda _: None)
    running.trouble = Scripted(
        (Line("session-ended", call="POST *Lead*"), Line("session-ended", call="*#describeMetadata"))
    )
    client.create("Lead", {"LastName": "Renewed", "Company": "Renewed"})
    assert client.describe_metadata()
    assert [each.fault for each in running.happened] == ["session-ended"] * 2
    assert len(client.query("SELECT Id FROM Lead WHERE Company = 'Renewed'")) == 1


@pytest.mark.parametrize("name", ["cut-before", "503-before", "page-before", "emptied", "shortened", "truncated"])
def test_a_sign_in_is_repeated_as_reads_are_and_what_stays_wrong_is_one_sentence_without_a_secret(
    running: Running, name: str
) -> None:
    application = running.application
    assert isinstance(application, Application)
    auth = {
        "method": "client_credentials", "consumer_key": application.client_id,
        "consumer_secret": application.client_secret,
    }  # fmt: skip
    asked = SalesforceOptions.model_validate({"url": running.url, "auth": auth, "ca": running.ca})
    waits: list[float] = []
    if FATES[name].read:
        running.trouble = Scripted((Line(name),))
        assert Client("staging", asked, pause=waits.append).versions()
        assert waits == [WAITS[0]]
    waits.clear()
    running.trouble = Scripted((Line(name, times=ALWAYS),))
    with pytest.raises(PlatformError) as raised:
        Client("staging", asked, pause=waits.append)
    assert tuple(waits) == (WAITS if FATES[name].read else ())
    assert raised.value.message.endswith(".")
    assert application.client_secret not in raised.value.message
    assert raised.value.hint


def test_what_others_do_between_two_pages_is_theirs_and_leaves_ours_whole(running: Running) -> None:
    client = patient(running, [])
    names = [f"Of many {number}" for number in range(5)]
    client.save_all("Lead", [{"LastName": name, "Company": "Many"} for name in names], create=True)
    for fault, theirs in (("others-create", 1), ("others-delete", 0)):
        running.trouble = Scripted((Line(fault),))
        job = client.start_query("SELECT LastName, Company FROM Lead WHERE Company IN ('Many', 'Passing by')")
        assert client.await_query(job)
        rows, place = client.query_page(job, "", 2)
        while place:
            found, place = client.query_page(job, place, 2)
            rows += found
        assert sorted(each["LastName"] for each in rows if each["Company"] == "Many") == names
        assert [each.fault for each in running.happened][-1:] == [fault]
        running.trouble = None
        assert len(client.query("SELECT Id FROM Lead WHERE Company = 'Passing by'")) == theirs
