"""Two contacts that are merged become a new one with the past of both."""

from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, made, open_portal

MERGE = f"{OBJECTS}/contacts/merge"


@pytest.fixture
def two(portal: Portal) -> tuple[str, str]:
    one = made(portal, "contacts", email="one@buyer.example", firstname="Nora")
    other = made(portal, "contacts", email="other@buyer.example", lastname="Field", hs_lead_status="NEW")
    return one, other


def merged(portal: Portal, one: str, other: str) -> str:
    return str(portal.done("POST", MERGE, {"primaryObjectId": one, "objectIdToMerge": other})["id"])


def read(portal: Portal, identifier: str, *names: str) -> Any:
    return portal.done("GET", f"{OBJECTS}/contacts/{identifier}?propertiesWithHistory={','.join(names)}")


def test_a_merger_makes_a_new_record_to_which_both_ids_lead(portal: Portal, two: tuple[str, str]) -> None:
    new = merged(portal, *two)
    assert new not in two
    assert [read(portal, each, "email")["id"] for each in (*two, new)] == [new] * 3
    listed = portal.done("GET", f"{OBJECTS}/contacts")["results"]
    assert [each["id"] for each in listed] == [new]
    assert portal.done("GET", f"{OBJECTS}/contacts?archived=true")["results"] == []


def test_the_primary_record_says_what_holds_and_the_histories_are_joined(portal: Portal, two: tuple[str, str]) -> None:
    portal.done("PATCH", f"{OBJECTS}/contacts/{two[1]}", {"properties": {"firstname": "Nico"}})
    told = read(portal, merged(portal, *two), "email", "firstname", "lastname", "hs_merged_object_ids")
    histories = {name: [each["value"] for each in values] for name, values in told["propertiesWithHistory"].items()}
    assert histories["firstname"] == ["Nora", "Nico", "Nora"]
    assert histories["email"][0] == "one@buyer.example"
    assert histories["lastname"] == ["Field"]
    assert histories["hs_merged_object_ids"] == [";".join(two)]


def test_what_was_associated_with_either_is_associated_with_the_new_one(portal: Portal, two: tuple[str, str]) -> None:
    calls = []
    for contact in two:
        call = made(portal, "calls", hs_timestamp="2026-12-01T08:00:00Z")
        portal.done("PUT", f"/crm/v4/objects/calls/{call}/associations/default/contacts/{contact}")
        calls.append(call)
    new = merged(portal, *two)
    linked = portal.done("GET", f"/crm/v4/objects/contacts/{new}/associations/calls")["results"]
    assert [str(each["toObjectId"]) for each in linked] == calls
    back = portal.done("GET", f"/crm/v4/objects/calls/{calls[1]}/associations/contacts")["results"]
    assert [str(each["toObjectId"]) for each in back] == [new]


def test_a_merger_is_there_when_the_portal_is_opened_again(portal: Portal, two: tuple[str, str]) -> None:
    new = merged(portal, *two)
    before = read(portal, two[0], "email", "lastname", "hs_merged_object_ids")
    for _ in range(2):
        again = open_portal(portal.data)
        assert read(again, two[0], "email", "lastname", "hs_merged_object_ids") == before
    assert before["id"] == new


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (MERGE, {"primaryObjectId": "{0}", "objectIdToMerge": "{0}"}, 400),
        (MERGE, {"primaryObjectId": "{0}", "objectIdToMerge": "4711"}, 404),
        (MERGE, {"primaryObjectId": "{0}"}, 400),
        (MERGE, {"primaryObjectId": "{0}", "objectIdToMerge": "{1}", "also": "1"}, 400),
        (f"{OBJECTS}/deals/merge", {"primaryObjectId": "1", "objectIdToMerge": "2"}, 404),
    ],
)
def test_a_wrong_merger_is_refused(
    portal: Portal, two: tuple[str, str], path: str, body: dict[str, str], status: int
) -> None:
    filled = {name: text.format(*two) for name, text in body.items()}
    assert portal.ask("POST", path, filled).status_code == status
