"""What our client makes of everything that can go wrong with a request: repeated where that is safe, else one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from sla_sync.connector import (
    LONGEST_PAUSE,
    ExhaustedError,
    FaultError,
    PlatformError,
    UnauthorizedError,
    UnreachableError,
)
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.failures import Failure, error_of, pause
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import Api
from tests.connectors.hubspot.stories import Portal, portal, stamped

PATIENCE = 0.25
"""Seconds for which the client waits for an answer, within which a busy machine has taken the request."""
ALWAYS = 1000
GROUPS = "/contacts/groups"


@dataclass(frozen=True)
class Fate:
    """What becomes of a request: the waits before it is repeated where it is, and the error where that does not help."""

    error: type[PlatformError]
    read: tuple[float, ...] = ()
    write: tuple[float, ...] = ()


LOST = Fate(UnreachableError, read=(0.25, 0.75))
FAILED = Fate(FaultError, read=(1.0, 2.0, 4.0, 8.0))
SPOILT = Fate(FaultError)
ENDS = Fate(ExhaustedError)


def refused(seconds: float) -> Fate:
    """Return the fate of what was refused at the door, so that also a write may be repeated."""
    return Fate(ExhaustedError, read=(seconds,) * 4, write=(seconds,) * 4)


FATES: Mapping[str, Fate] = {
    **{f"{loss}-{side}": LOST for loss in ("cut", "reset", "silence") for side in ("before", "after")},
    **{f"{status}-{side}": FAILED for status in (500, 502, 503, 504) for side in ("before", "after")},
    "page-before": SPOILT, "page-after": SPOILT, "shortened": SPOILT, "emptied": SPOILT, "truncated": LOST,
    "limit-secondly": refused(1.0), "limit-ten-secondly": refused(10.0), "limit-daily": ENDS,
    "limit-retry-after": refused(2.0), "limit-retry-date": refused(2.0), "limit-retry-day": ENDS,
    "locked": refused(2.0), "migrating": ENDS, "token-expired": Fate(UnauthorizedError),
}  # fmt: skip
ANSWERED = {"clock-ahead", "clock-behind", "stale", "search-lags", "others-create", "others-delete"}
"""Faults after which there is an answer like any other, which is only not the newest."""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal(tmp_path_factory.mktemp("portal")) as served:
        yield served


@pytest.fixture
def served(kept: Portal) -> Portal:
    kept.running.trouble = None
    kept.running.happened.clear()
    return kept


def patient(served: Portal, waits: list[float], fault: str = "") -> HubSpotClient:
    """Return a client that does not sleep, and does not wait for long where nothing is to come."""
    timeout = PATIENCE if fault.startswith("silence") else 30
    options = HubSpotOptions.model_validate(
        {"url": served.running.url, "token": served.running.token, "timeout": timeout}
    )
    return HubSpotClient(options, target="acme", writes=True, wait=waits.append)


def test_every_fault_has_a_fate(served: Portal) -> None:
    assert {*FATES, *ANSWERED} == set(served.running.faults)


def whole(error: PlatformError, call: str) -> None:
    """Assert that an error is one sentence that names target and call, and a way out."""
    assert error.message.startswith("Target 'acme': HubSpot")
    assert error.message.endswith(".")
    assert call in error.message
    assert "\n" not in error.message
    assert "pat-na1" not in error.message
    assert error.hint.endswith(".")
    assert error.hint[0].isupper()


@pytest.mark.parametrize("name", sorted(FATES))
def test_a_read_is_repeated_where_the_fault_may_pass_and_ends_in_one_sentence_where_it_stays(
    served: Portal, name: str
) -> None:
    waits: list[float] = []
    fate = FATES[name]
    if fate.read:
        served.running.trouble = Scripted((Line(name),))
        assert patient(served, waits, name).call("GET", Api.PROPERTIES, GROUPS)["results"]
        assert waits == [fate.read[0]]
    waits.clear()
    served.running.trouble = Scripted((Line(name, times=ALWAYS),))
    before = served.running.requests
    with pytest.raises(PlatformError) as raised:
        patient(served, waits, name).call("GET", Api.PROPERTIES, GROUPS)
    assert type(raised.value) is fate.error
    assert tuple(waits) == fate.read
    assert served.running.requests == before + 1 + len(fate.read)
    whole(raised.value, "GET /crm/v3/properties/contacts/groups")


@pytest.mark.parametrize("name", sorted(FATES))
def test_a_write_is_repeated_only_where_hubspot_says_that_it_did_not_begin(served: Portal, name: str) -> None:
    waits: list[float] = []
    fate = FATES[name]
    group = {"name": f"sla_{name.replace('-', '_')}", "label": name}
    served.running.trouble = Scripted((Line(name),))
    before = served.running.requests
    if fate.write:
        assert patient(served, waits, name).call("POST", Api.PROPERTIES, GROUPS, body=group)["label"] == name
        assert waits == [fate.write[0]]
    else:
        with pytest.raises(PlatformError) as raised:
            patient(served, waits, name).call("POST", Api.PROPERTIES, GROUPS, body=group)
        assert type(raised.value) is fate.error
        assert (waits, served.running.requests) == ([], before + 1)
        whole(raised.value, "POST /crm/v3/properties/contacts/groups")
    (happened,) = served.running.happened
    served.running.trouble = None
    found = [each["name"] for each in served.client().call("GET", Api.PROPERTIES, GROUPS)["results"]]
    assert (group["name"] in found) is (bool(fate.write) or happened.carried_out)


def test_a_token_that_expired_is_renewed_where_the_target_can_and_nothing_is_done_twice(served: Portal) -> None:
    auth = {
        "method": "oauth", "client_id": "simulator-client", "client_secret": "simulator-secret",
        "refresh_token": "simulator-refresh",
    }  # fmt: skip
    options = HubSpotOptions.model_validate({"url": served.running.url, "auth": auth})
    client = HubSpotClient(options, target="acme", writes=True, wait=lambda _: None)
    client.call("GET", Api.OWNERS)
    served.running.trouble = Scripted((Line("token-expired"),))
    client.call("POST", Api.PROPERTIES, GROUPS, body={"name": "sla_renewed", "label": "Renewed"})
    assert [each.fault for each in served.running.happened] == ["token-expired"]


def test_who_is_asked_to_come_again_tomorrow_is_told_so_and_does_not_wait(served: Portal) -> None:
    for name in ("limit-retry-day", "migrating"):
        served.running.trouble = Scripted((Line(name),))
        with pytest.raises(ExhaustedError, match="HubSpot asks to come again in 24 hours"):
            served.client().call("GET", Api.OWNERS)


def test_nobody_at_the_address_is_told_with_the_address(served: Portal) -> None:
    waits: list[float] = []
    with served.running.away(), pytest.raises(UnreachableError) as raised:
        patient(served, waits).call("POST", Api.PROPERTIES, GROUPS, body={"name": "sla_x", "label": "x"})
    assert waits == []
    assert served.running.url in raised.value.message
    whole(raised.value, "POST /crm/v3/properties/contacts/groups")


@pytest.mark.parametrize(("status", "reading"), [(429, False), (423, False), (503, True)])
def test_no_answer_makes_us_wait_for_longer_than_a_minute(status: int, *, reading: bool) -> None:
    asked = {LONGEST_PAUSE: LONGEST_PAUSE, LONGEST_PAUSE + 1: None}
    for seconds, waited in asked.items():
        failure = Failure(status, {}, {"retry-after": f"{seconds:.0f}"})
        assert pause(failure, 0, reading=reading) == waited
    assert "come again" not in error_of(Failure(status), target="acme", call="GET /x").message


def test_a_search_that_lags_finds_nothing_new_and_the_next_one_does(tmp_path: Path) -> None:
    with portal(tmp_path) as served:
        client = served.client()
        client.call("POST", Api.OBJECTS, "/contacts", body={"properties": {"email": "new@acme.example"}})
        served.running.run_until(served.running.now.replace(hour=1))
        asked = {"filterGroups": [{"filters": [{"propertyName": "email", "operator": "HAS_PROPERTY"}]}], "limit": 10}
        served.running.trouble = Scripted((Line("search-lags"),))
        found = [client.call("POST", Api.OBJECTS, "/contacts/search", body=asked)["total"] for _ in range(2)]
        assert found == [0, 1]


@pytest.mark.slow
def test_a_workflow_of_ours_that_pages_miss_while_others_delete_theirs_is_not_taken_for_missing(tmp_path: Path) -> None:
    with portal(tmp_path) as served:
        flow = {
            "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "actions": [], "objectTypeId": "0-1", "isEnabled": False,
            "timeWindows": [], "blockedDates": [], "customProperties": {},
        }  # fmt: skip
        for number in range(100):
            served.client().call("POST", Api.FLOWS, body=flow | {"name": f"Passing by {number}"})
        served.apply(stamped())
        served.running.trouble = Scripted((Line("others-delete"),))
        assert served.changes(stamped()) == ()
        assert [each.fault for each in served.running.happened] == ["others-delete"]


SIGN_IN = ["cut-before", "503-before", "page-before", "emptied", "shortened", "truncated", "limit-retry-after"]


@pytest.mark.parametrize("name", SIGN_IN)
def test_a_sign_in_is_repeated_as_reads_are_and_what_stays_wrong_is_one_sentence_without_a_secret(
    served: Portal, name: str
) -> None:
    auth = {
        "method": "oauth", "client_id": "simulator-client", "client_secret": "simulator-secret",
        "refresh_token": "simulator-refresh",
    }  # fmt: skip
    options = HubSpotOptions.model_validate({"url": served.running.url, "auth": auth})
    waits: list[float] = []
    client = HubSpotClient(options, target="acme", writes=False, wait=waits.append)
    if FATES[name].read:
        served.running.trouble = Scripted((Line(name),))
        assert client.call("GET", Api.OWNERS)["results"]
        assert waits == [FATES[name].read[0]]
    served.running.trouble = Scripted((Line(name, times=ALWAYS),))
    with pytest.raises(PlatformError) as raised:
        HubSpotClient(options, target="acme", writes=False, wait=lambda _: None).call("GET", Api.OWNERS)
    whole(raised.value, "POST /oauth/v1/token")
    assert "simulator-secret" not in raised.value.message
    assert "simulator-refresh" not in raised.value.message
