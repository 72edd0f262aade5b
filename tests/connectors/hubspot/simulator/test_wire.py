from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sla_sync.connector import SlaSyncError
from sla_sync_hubspot.simulator.application import HubSpotApplication
from tests.connectors.hubspot.simulator.portal import (
    CLOCK,
    CONTACTS,
    FLOWS,
    GROUP,
    LISTS,
    NUMBER,
    Portal,
    furnish,
    open_portal,
)


def test_a_request_without_a_good_token_is_refused(portal: Portal) -> None:
    answer = portal.ask("GET", CONTACTS, token="pat-other")
    assert (answer.status_code, answer.get_json()["category"]) == (401, "INVALID_AUTHENTICATION")


def test_a_scope_that_was_not_granted_is_named(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"missing_scopes": ["crm.schemas.contacts.write"]}')
    assert portal.ask("GET", CONTACTS).status_code == 200
    answer = portal.ask("POST", CONTACTS, NUMBER)
    said = answer.get_json()
    assert (answer.status_code, said["category"]) == (403, "MISSING_SCOPES")
    assert said["errors"][0]["context"] == {"requiredGranularScopes": ["crm.schemas.contacts.write"]}
    assert portal.ask("POST", "/crm/v3/properties/deals/groups", GROUP).status_code == 201


def test_a_body_of_another_kind_is_refused(portal: Portal) -> None:
    answer = portal.ask("POST", CONTACTS, data=json.dumps(NUMBER), content_type="text/plain")
    assert answer.status_code == 415


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"a": NaN}', b"[" * 20_000])
def test_a_body_that_is_not_json_is_refused(portal: Portal, text: bytes) -> None:
    answer = portal.ask("POST", CONTACTS, data=text, content_type="application/json")
    assert answer.status_code == 400
    assert answer.get_json()["message"].startswith("Invalid input JSON")


def test_a_body_that_is_not_an_object_is_refused(portal: Portal) -> None:
    assert portal.ask("POST", CONTACTS, [NUMBER]).status_code == 400


def test_a_method_that_a_path_lacks_is_refused_with_those_it_has(portal: Portal) -> None:
    answer = portal.ask("PUT", CONTACTS, NUMBER)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/crm/v3/objects/contacts/gdpr-delete"),
        ("GET", "/crm/v3/limits/lists"),
        ("PUT", f"{LISTS}/1/memberships/add-from/2"),
        ("GET", f"{LISTS}/folders"),
        ("PUT", "/crm/v3/pipelines/deals/default"),
        ("GET", "/automation/v4/flows/performance/1"),
        ("POST", "/marketing/lead-scoring/2026-09-beta/scores"),
    ],
)
def test_what_is_not_built_is_refused_by_name(portal: Portal, method: str, path: str) -> None:
    answer = portal.ask(method, path, {} if method == "POST" else None)
    assert answer.status_code == 404
    assert answer.get_json()["message"] == f"The simulator does not implement {method} {path}."


def test_every_answer_tells_what_is_left_of_the_limits(portal: Portal) -> None:
    for path in (CONTACTS, "/crm/v3/nowhere"):
        headers = portal.ask("GET", path).headers
        assert headers["X-HubSpot-RateLimit-Max"] == "190"
        assert headers["X-HubSpot-RateLimit-Interval-Milliseconds"] == "10000"
    assert headers["X-HubSpot-RateLimit-Remaining"] == "188"
    assert headers["X-HubSpot-RateLimit-Daily-Remaining"] == "624998"


def test_too_many_requests_in_ten_virtual_seconds_are_refused_until_the_window_has_passed(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"burst_limit": 5}')
    statuses = [portal.ask("GET", CONTACTS).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert portal.ask("GET", CONTACTS).status_code == 200


def test_a_refusal_for_the_rate_has_its_own_body(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"burst_limit": 1, "daily_limit": 2}')
    portal.done("GET", CONTACTS)
    said = portal.ask("GET", CONTACTS).get_json()
    assert (said["errorType"], said["policyName"], "category" in said) == ("RATE_LIMIT", "TEN_SECONDLY_ROLLING", False)
    portal.done("GET", CONTACTS)
    assert [portal.ask("GET", CONTACTS).get_json()["policyName"] for _ in range(3)] == ["DAILY"] * 3


def test_an_unknown_switch_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "switches.json").write_text('{"teir": "free"}')
    with pytest.raises(ValueError, match="teir"):
        open_portal(tmp_path)


def test_reads_change_nothing_not_even_those_that_travel_as_post(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    before, kept = portal.application.state_changes, (portal.data / "state.json").read_bytes()
    portal.done("GET", f"{LISTS}/{list_id}")
    portal.done("POST", f"{LISTS}/search", {})
    portal.done("POST", f"{CONTACTS}/batch/read", {"inputs": [{"name": "email"}]})
    portal.done("POST", f"{FLOWS}/batch/read", {"inputs": []})
    portal.ask("POST", CONTACTS, {})
    assert portal.application.state_changes == before
    assert (portal.data / "state.json").read_bytes() == kept


def test_the_clock_moves_a_second_for_a_change_and_a_twentieth_for_a_read(portal: Portal) -> None:
    assert portal.application.now == CLOCK
    portal.done("GET", CONTACTS)
    assert (portal.application.now - CLOCK).total_seconds() == pytest.approx(0.05)
    portal.done("POST", f"{CONTACTS}/groups", GROUP)
    assert (portal.application.now - CLOCK).total_seconds() == pytest.approx(1.1)


def test_a_portal_opened_again_is_the_same(portal: Portal) -> None:
    list_id = furnish(portal)
    before = portal.done("GET", f"{LISTS}/{list_id}?includeFilters=true")
    again = open_portal(portal.data)
    assert again.done("GET", f"{LISTS}/{list_id}?includeFilters=true") == before
    assert again.done("GET", CONTACTS) == portal.done("GET", CONTACTS)
    assert again.application.now > CLOCK
    assert again.application.state_changes == 0


def test_the_same_requests_make_the_same_state(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        furnish(open_portal(tmp_path / name))
        texts.append((tmp_path / name / "state.json").read_text())
    assert texts[0] == texts[1]


@pytest.mark.parametrize("text", ["{", "[]", '{"format": 99}'])
def test_a_state_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "state.json").write_text(text)
    with pytest.raises(SlaSyncError, match=r"state\.json"):
        open_portal(tmp_path)


def test_a_change_that_cannot_be_kept_is_not_made(portal: Portal) -> None:
    (portal.data / "state.json").unlink()
    (portal.data / "state.json").mkdir()
    answer = portal.ask("POST", f"{CONTACTS}/groups", GROUP)
    assert (answer.status_code, portal.application.state_changes) == (500, 0)
    assert portal.ask("GET", f"{CONTACTS}/groups/sla_sync").status_code == 404


def test_the_count_of_the_day_ends_at_midnight_of_the_portal(tmp_path: Path) -> None:
    (tmp_path / "switches.json").write_text('{"daily_limit": 2}')
    portal = Portal(HubSpotApplication(tmp_path, datetime(2026, 12, 2, 4, 59, 59, 850_000, tzinfo=UTC)), tmp_path)
    assert [portal.ask("GET", CONTACTS).status_code for _ in range(5)] == [200, 200, 200, 200, 429]
