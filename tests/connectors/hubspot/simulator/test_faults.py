"""What the portal says when something goes wrong that is no mistake of the request, and that it has changed nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import requests
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from sla_sync_hubspot.simulator.troubles import FAULTS, reads
from tests.connectors.hubspot.simulator.portal import CLOCK, GROUP

GROUPS, FLOWS = "/crm/v3/properties/contacts/groups", "/automation/v4/flows"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(simulator, tmp_path_factory.mktemp("portal"), clock=CLOCK) as served:
        yield served


def ask(running: Running, method: str, path: str, body: Any = None, token: str = "", **query: str) -> requests.Response:
    headers = {"Authorization": f"Bearer {token or running.token}"}
    return requests.request(method, running.url + path, json=body, headers=headers, params=query, timeout=10)


SAID: Mapping[str, tuple[int, Mapping[str, str], str | None]] = {
    "limit-secondly": (429, {"errorType": "RATE_LIMIT", "policyName": "SECONDLY"}, None),
    "limit-ten-secondly": (429, {"errorType": "RATE_LIMIT", "policyName": "TEN_SECONDLY_ROLLING"}, None),
    "limit-daily": (429, {"errorType": "RATE_LIMIT", "policyName": "DAILY"}, None),
    "limit-retry-after": (429, {"policyName": "TEN_SECONDLY_ROLLING"}, "2"),
    "limit-retry-date": (429, {"policyName": "TEN_SECONDLY_ROLLING"}, "Tue, 01 Dec 2026 09:00:02 GMT"),
    "limit-retry-day": (429, {"policyName": "TEN_SECONDLY_ROLLING"}, "86400"),
    "locked": (423, {}, None),
    "migrating": (477, {}, "86400"),
    "token-expired": (401, {"category": "EXPIRED_AUTHENTICATION"}, None),
}


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_refusal_has_the_shape_of_the_platforms_own_and_changes_nothing(running: Running, name: str) -> None:
    status, members, wait = SAID[name]
    running.trouble = Scripted((Line(name),))
    before = running.application.state_changes
    answer = ask(running, "POST", GROUPS, GROUP)
    said = answer.json()
    assert answer.status_code == status
    assert {"status": "error"} | dict(members) == {key: said[key] for key in ("status", *members)}
    assert said["message"].endswith(".")
    assert said["correlationId"]
    waits = answer.headers.get("Retry-After")
    assert waits == wait
    assert running.application.state_changes == before


def test_the_table_knows_every_refusal() -> None:
    assert set(SAID) == set(FAULTS) - {"search-lags", "others-create", "others-delete"}


def test_only_limits_of_the_portals_own_happen_to_those_who_sign_in(running: Running) -> None:
    running.happened.clear()
    running.trouble = Scripted(tuple(Line(name, times=9) for name in FAULTS if not name.startswith("limit-")))
    form = {
        "grant_type": "refresh_token", "client_id": "simulator-client", "client_secret": "simulator-secret",
        "refresh_token": "simulator-refresh",
    }  # fmt: skip
    assert requests.post(f"{running.url}/oauth/v1/token", data=form, timeout=10).ok
    assert running.happened == []
    running.trouble = Scripted((Line("limit-retry-after"),))
    assert requests.post(f"{running.url}/oauth/v1/token", data=form, timeout=10).headers["Retry-After"] == "2"


def test_workflows_of_others_come_and_go_between_two_pages_and_shift_them(running: Running) -> None:
    running.trouble = None
    for number in range(6):
        body = {"name": f"{'Passing by' if number < 2 else 'Ours'} {number}", "type": "CONTACT_FLOW", "actions": [],
                "flowType": "WORKFLOW", "objectTypeId": "0-1", "isEnabled": False, "timeWindows": [],
                "blockedDates": [], "customProperties": {}}  # fmt: skip
        assert ask(running, "POST", FLOWS, body, ADMINISTRATOR_TOKEN).ok
    running.trouble = Scripted((Line("others-delete"), Line("others-create", nth=2)))
    first = ask(running, "GET", FLOWS, limit="3").json()
    after = first["paging"]["next"]["after"]
    second = ask(running, "GET", FLOWS, limit="3", after=after).json()
    names = [each["name"] for each in [*first["results"], *second["results"]]]
    assert names == ["Passing by 0", "Passing by 1", "Ours 2", "Ours 4", "Ours 5"], "one was never on a page"
    third = ask(running, "GET", FLOWS, limit="3", after=after).json()
    assert [each.fault for each in running.happened][-2:] == ["others-delete", "others-create"]
    assert [each["name"].rpartition(" ")[0] for each in third["results"]] == ["Ours", "Ours", "Passing by"]


READ: tuple[tuple[str, str, bool], ...] = (
    ("GET", "/crm/v3/owners", True),
    ("GET", "/nowhere", True),
    ("POST", "/crm/v3/lists/search", True),
    ("POST", "/crm/v3/properties/contacts/batch/read", True),
    ("POST", "/crm/v3/objects/contacts/search", True),
    ("POST", "/crm/v3/lists", False),
    ("POST", "/nowhere", False),
    ("DELETE", "/crm/v3/owners", False),
    ("PUT", "/automation/v4/flows/1", False),
)


@pytest.mark.parametrize(("method", "path", "expected"), READ)
def test_a_read_is_told_from_a_write(method: str, path: str, *, expected: bool) -> None:
    assert reads(Request(EnvironBuilder(path, method=method).get_environ())) is expected
