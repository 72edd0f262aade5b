from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, copied, furnish, made, open_portal

SEARCH = f"{OBJECTS}/contacts/search"


def found(portal: Portal, *filters: dict[str, Any], kind: str = "contacts", **more: Any) -> list[str]:
    """Return the ids that a search of one group answers, a virtual minute later."""
    portal.application.run_until(portal.application.now + timedelta(minutes=1))
    body = {"filterGroups": [{"filters": list(filters)}] if filters else []} | more
    return [each["id"] for each in portal.done("POST", f"{OBJECTS}/{kind}/search", body)["results"]]


def by(name: str, operator: str, *values: str) -> dict[str, Any]:
    """Return a filter."""
    said: dict[str, Any] = {"propertyName": name, "operator": operator}
    if operator in ("IN", "NOT_IN"):
        return said | {"values": list(values)}
    return said | dict(zip(("value", "highValue"), values, strict=False))


def gather(portal: Portal) -> tuple[str, str, str]:
    """Create three contacts and return their ids; the third has next to nothing."""
    furnish(portal)
    one = made(
        portal, "contacts", email="kim@acme.example", firstname="Kim", sla_fit="60", sla_reason="budget",
        sla_at="2026-12-01T09:00:00Z", company="Acme Holding",
    )  # fmt: skip
    two = made(
        portal, "contacts", email="ben@other.example", firstname="Ben", sla_fit="7", sla_reason="need",
        sla_at="2026-12-03T00:00:00Z", company="Other",
    )  # fmt: skip
    return one, two, made(portal, "contacts", lastname="None")


@pytest.fixture
def people(tmp_path: Path) -> tuple[Portal, str, str, str]:
    """Return a portal with three contacts, and their ids."""
    portal, ids = copied(tmp_path, gather)
    return (portal, *ids)


OPERATORS: tuple[tuple[str, str, tuple[str, ...], str], ...] = (
    ("sla_fit", "EQ", ("60.0",), "1"),
    ("sla_fit", "NEQ", ("60",), "2"),
    ("sla_fit", "LT", ("60",), "2"),
    ("sla_fit", "LTE", ("60",), "12"),
    ("sla_fit", "GT", ("7",), "1"),
    ("sla_fit", "GTE", ("7",), "12"),
    ("sla_fit", "BETWEEN", ("8", "60"), "1"),
    ("sla_reason", "IN", ("budget", "x"), "1"),
    ("sla_reason", "NOT_IN", ("budget", "x"), "2"),
    ("sla_fit", "HAS_PROPERTY", (), "12"),
    ("sla_fit", "NOT_HAS_PROPERTY", (), "3"),
    ("company", "CONTAINS_TOKEN", ("acme",), "1"),
    ("company", "CONTAINS_TOKEN", ("acm",), ""),
    ("company", "CONTAINS_TOKEN", ("acm*",), "1"),
    ("email", "CONTAINS_TOKEN", ("*@other.example",), "2"),
    ("company", "NOT_CONTAINS_TOKEN", ("acme",), "2"),
    ("firstname", "EQ", ("kIM",), "1"),
    ("sla_at", "GTE", ("1796256000000",), "2"),
    ("sla_at", "LT", ("2026-12-02",), "1"),
    ("createdate", "GT", ("2026-01-01T00:00:00Z",), "123"),
)


def test_each_operator_finds_its_records(people: tuple[Portal, str, str, str]) -> None:
    portal, *ids = people
    for name, operator, values, expected in OPERATORS:
        wanted = [ids[int(each) - 1] for each in expected]
        assert found(portal, by(name, operator, *values)) == wanted, (name, operator, values)
    assert {operator for _, operator, _, _ in OPERATORS} >= {"EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN"}


def test_a_search_sees_a_write_after_a_while_and_not_before(portal: Portal) -> None:
    (portal.data / "switches.json").write_text(json.dumps({"search_seconds": 30}))
    identifier = made(portal, "contacts", email="kim@acme.example")
    assert portal.done("POST", SEARCH, {})["total"] == 0
    portal.application.run_until(portal.application.now + timedelta(seconds=31))
    assert portal.done("POST", SEARCH, {})["total"] == 1
    portal.done("PATCH", f"{OBJECTS}/contacts/{identifier}", {"properties": {"email": "new@acme.example"}})
    old = portal.done("POST", SEARCH, {})["results"][0]
    assert old["properties"]["email"] == "kim@acme.example"
    portal.done("DELETE", f"{OBJECTS}/contacts/{identifier}")
    assert portal.done("POST", SEARCH, {})["total"] == 1
    portal.application.run_until(portal.application.now + timedelta(seconds=31))
    assert portal.done("POST", SEARCH, {})["total"] == 0


def test_groups_are_alternatives_and_filters_of_a_group_are_not(people: tuple[Portal, str, str, str]) -> None:
    portal, one, two, three = people
    high, need = by("sla_fit", "GT", "50"), by("sla_reason", "EQ", "need")
    assert found(portal, high, need) == []
    assert found(portal, filterGroups=[{"filters": [high]}, {"filters": [need]}]) == [one, two]
    assert found(portal) == [one, two, three]
    assert found(portal, query="ACME") == [one]


def test_records_come_in_the_order_asked_for(people: tuple[Portal, str, str, str]) -> None:
    portal, one, two, three = people
    assert found(portal, sorts=[{"propertyName": "sla_fit", "direction": "ASCENDING"}]) == [two, one, three]
    assert found(portal, sorts=[{"propertyName": "sla_fit", "direction": "DESCENDING"}]) == [one, two, three]
    assert found(portal, sorts=["-createdate"]) == [three, two, one]


@settings(max_examples=10, deadline=None)
@given(total=st.integers(0, 8), page=st.integers(1, 4))
def test_pages_of_a_search_hold_every_record_once(tmp_path_factory: Any, total: int, page: int) -> None:
    folder: Path = tmp_path_factory.mktemp("portal")
    portal = open_portal(folder)
    there = [made(portal, "contacts", lastname=str(number)) for number in range(total)]
    seen: list[str] = []
    after: str | None = "0"
    while after is not None:
        portal.application.run_until(portal.application.now + timedelta(minutes=1))
        answer = portal.done("POST", SEARCH, {"limit": page, "after": after})
        assert answer["total"] == total
        seen += [each["id"] for each in answer["results"]]
        after = answer.get("paging", {}).get("next", {}).get("after")
    assert seen == there


ONE = by("sla_fit", "EQ", "1")


@pytest.mark.parametrize(
    "body",
    [
        {"filterGroups": [{"filters": [ONE]}] * 6},
        {"filterGroups": [{"filters": [ONE] * 7}]},
        {"filterGroups": [{"filters": [ONE] * 5}] * 4},
        {"sorts": ["createdate", "email"]},
        {"sorts": ["nothing"]},
        {"query": "x" * 3001},
        {"limit": 201},
        {"limit": 200, "after": "9801"},
        {"after": "next"},
        {"filterGroups": [{"filters": [by("nothing", "EQ", "1")]}]},
        {"filterGroups": [{"filters": [by("sla_fit", "EQ", "many")]}]},
        {"filterGroups": [{"filters": [by("sla_fit", "BETWEEN", "1")]}]},
        {"filterGroups": [{"filters": [by("sla_fit", "IN")]}]},
        {"filterGroups": [{"filters": [by("sla_fit", "LIKE", "1")]}]},
        {"filterGroups": [{"filters": [ONE | {"values": "1"}]}]},
        {"unknown": 1},
    ],
)
def test_a_search_beyond_a_limit_or_with_a_wrong_filter_is_refused(
    furnished: tuple[Portal, str], body: dict[str, Any]
) -> None:
    answer = furnished[0].ask("POST", SEARCH, body)
    assert (answer.status_code, answer.get_json()["category"]) == (400, "VALIDATION_ERROR")


def test_a_search_at_its_limits_is_answered(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    for body in (
        {"filterGroups": [{"filters": [ONE] * 6}] * 3},
        {"filterGroups": [{"filters": [ONE]}] * 5},
        {"limit": 200, "after": "9800"},
    ):
        assert portal.ask("POST", SEARCH, body).status_code == 200


def test_the_sixth_search_of_a_second_is_refused_and_the_next_one_is_not(portal: Portal) -> None:
    statuses = [portal.ask("POST", SEARCH, {}).status_code for _ in range(7)]
    assert statuses == [200] * 5 + [429, 200]
    for _ in range(4):
        portal.ask("POST", SEARCH, {})
    answer = portal.ask("POST", SEARCH, {})
    assert answer.get_json()["policyName"] == "SECONDLY"
    assert not [name for name in answer.headers if name[0].startswith("X-HubSpot-RateLimit")]


def test_a_search_changes_nothing(people: tuple[Portal, str, str, str]) -> None:
    portal = people[0]
    before = portal.application.state_changes
    portal.done("POST", SEARCH, {})
    portal.done("POST", f"{OBJECTS}/contacts/batch/read", {"inputs": [{"id": people[1]}]})
    assert portal.application.state_changes == before
