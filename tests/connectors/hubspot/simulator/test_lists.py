from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.connectors.hubspot.simulator.portal import (
    FLOWS,
    LIST,
    LISTS,
    Portal,
    branch,
    copied,
    flow,
    furnish,
    in_list,
    tested,
)


def test_filters_are_shown_only_when_asked_for(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    assert "filterBranch" not in portal.done("GET", f"{LISTS}/{list_id}")["list"]
    assert "filterBranch" in portal.done("GET", f"{LISTS}/{list_id}?includeFilters=true")["list"]
    assert "filterBranch" not in portal.done("GET", f"{LISTS}?listIds={list_id}")["lists"][0]
    assert "filterBranch" in portal.done("GET", f"{LISTS}?listIds={list_id}&includeFilters=true")["lists"][0]


def test_the_portal_fills_in_what_a_filter_leaves_out(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    soon = tested(
        "sla_at", operationType="TIME_POINT", operator="IS_BEFORE",
        timePoint={"timeType": "INDEXED", "zoneId": "US/Eastern", "indexReference": {"referenceType": "NOW"},
                   "offset": {"days": -2}},
    )  # fmt: skip
    number = tested("sla_fit", operationType="NUMBER", operator="IS_EQUAL_TO", value="60")
    text = tested("company", operationType="STRING", operator="IS_EQUAL_TO", value="60")
    sent = branch(soon, number, text)
    kept = portal.done("POST", LISTS, LIST | {"name": "SLA | Soon", "filterBranch": sent})["list"]["filterBranch"]
    assert kept["filterBranchOperator"] == "OR"
    assert kept["filterBranches"][0]["filterBranchOperator"] == "AND"
    operations = [each["operation"] for each in kept["filterBranches"][0]["filters"]]
    assert [each["includeObjectsWithNoValueSet"] for each in operations] == [False] * 3
    assert operations[0]["type"] == "TIME_POINT"
    assert [each.get("value") for each in operations] == [None, 60, "60"]


def test_new_filters_raise_the_version_and_say_who_and_when(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    before = portal.done("GET", f"{LISTS}/{list_id}")["list"]
    portal.as_administrator("PUT", f"{LISTS}/{list_id}/update-list-filters", {"filterBranch": LIST["filterBranch"]})
    after = portal.done("GET", f"{LISTS}/{list_id}")["list"]
    assert after["listVersion"] == before["listVersion"] + 1
    assert after["filtersUpdatedAt"] > before["filtersUpdatedAt"]
    assert (before["updatedById"], after["updatedById"]) == ("9000000", "9000001")


def test_a_list_is_found_by_its_name_whatever_stands_in_it(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("PUT", f"{LISTS}/{list_id}/update-list-name?listName={quote('SLA | A/B | é')}")
    found = portal.done("GET", f"{LISTS}/object-type-id/0-1/name/{quote('SLA | A/B | é', safe='')}")
    assert found["list"]["listId"] == list_id
    assert portal.ask("GET", f"{LISTS}/object-type-id/0-1/name/SLA").status_code == 404


def test_a_deleted_list_leaves_a_tombstone_frees_its_name_and_can_come_back(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("DELETE", f"{LISTS}/{list_id}")
    assert "deletedAt" in portal.done("GET", f"{LISTS}/{list_id}")["list"]
    assert portal.done("POST", f"{LISTS}/search", {})["total"] == 0
    other = portal.done("POST", LISTS, LIST)["list"]["listId"]
    assert portal.ask("PUT", f"{LISTS}/{list_id}/restore").status_code == 400
    portal.done("DELETE", f"{LISTS}/{other}")
    assert portal.ask("PUT", f"{LISTS}/{list_id}/restore").status_code == 204
    assert "deletedAt" not in portal.done("GET", f"{LISTS}/{list_id}")["list"]


def test_a_list_that_a_workflow_or_another_list_names_cannot_be_deleted(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    inner = LIST | {"name": "SLA | Inner", "filterBranch": branch(in_list(list_id))}
    other = portal.done("POST", LISTS, inner)["list"]["listId"]
    workflow = portal.done("POST", FLOWS, flow(list_id))["id"]
    assert portal.ask("DELETE", f"{LISTS}/{list_id}").status_code == 400
    portal.done("DELETE", f"{FLOWS}/{workflow}")
    assert portal.ask("DELETE", f"{LISTS}/{list_id}").status_code == 400
    portal.done("DELETE", f"{LISTS}/{other}")
    assert portal.ask("DELETE", f"{LISTS}/{list_id}").status_code == 204


def test_only_a_dynamic_list_changes_its_filters(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    snapshot = LIST | {"name": "SLA | Then", "processingType": "SNAPSHOT"}
    identifier = portal.done("POST", LISTS, snapshot)["list"]["listId"]
    body = {"filterBranch": LIST["filterBranch"]}
    assert portal.ask("PUT", f"{LISTS}/{identifier}/update-list-filters", body).status_code == 400


def test_a_manual_list_has_no_filters(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    manual = {"name": "SLA | By hand", "objectTypeId": "0-1", "processingType": "MANUAL"}
    assert "filterBranch" not in portal.done("POST", LISTS, manual)["list"]
    both = manual | {"name": "SLA | Both", "filterBranch": LIST["filterBranch"]}
    assert portal.ask("POST", LISTS, both).status_code == 400


def test_the_search_looks_at_names_and_never_shows_filters(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    portal.done("POST", LISTS, LIST | {"name": "Newsletter"})
    found = portal.done("POST", f"{LISTS}/search", {"query": "sla |", "additionalProperties": [], "offset": 0})
    assert [each["listId"] for each in found["lists"]] == [list_id]
    assert "filterBranch" not in found["lists"][0]
    assert found["lists"][0]["additionalProperties"]["hs_list_size"] == "0"


@settings(max_examples=10, deadline=None)
@given(total=st.integers(0, 12), page=st.integers(1, 5))
def test_pages_of_a_search_hold_every_list_once(tmp_path_factory: object, total: int, page: int) -> None:
    portal, _ = copied(_folder(tmp_path_factory), furnish)
    for number in range(total):
        portal.done("POST", LISTS, LIST | {"name": f"Page {number}"})
    found: list[str] = []
    more, offset = True, 0
    while more:
        answer = portal.done("POST", f"{LISTS}/search", {"query": "page", "count": page, "offset": offset})
        found += [each["name"] for each in answer["lists"]]
        more, offset = answer["hasMore"], answer["offset"]
    assert sorted(found) == sorted(f"Page {number}" for number in range(total))


def _folder(factory: object) -> Path:
    made = factory.mktemp("portal")  # type: ignore[attr-defined]
    assert isinstance(made, Path)
    return made


def test_a_range_keeps_its_ends_as_numbers_and_a_time_needs_a_zone(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    between = tested("sla_fit", operationType="NUMBER_RANGED", operator="IS_BETWEEN", lowerBound="1.5", upperBound=9.0)
    made = portal.done("POST", LISTS, LIST | {"name": "SLA | Range", "filterBranch": branch(between)})["list"]
    operation = made["filterBranch"]["filterBranches"][0]["filters"][0]["operation"]
    assert (operation["lowerBound"], operation["upperBound"]) == (1.5, 9)
    point = {"timeType": "DATE", "year": 2026, "month": 12, "day": 1, "zoneId": "Mars/Olympus"}
    late = tested("sla_at", operationType="TIME_POINT", operator="IS_AFTER", timePoint=point)
    assert portal.ask("POST", LISTS, LIST | {"name": "SLA | Late", "filterBranch": branch(late)}).status_code == 400
    late["operation"]["timePoint"] = point | {"timeType": "SOON"}
    assert portal.ask("POST", LISTS, LIST | {"name": "SLA | Late", "filterBranch": branch(late)}).status_code == 400
    late["operation"]["timePoint"] = point | {"zoneId": "US/Eastern"}
    assert portal.ask("POST", LISTS, LIST | {"name": "SLA | Late", "filterBranch": branch(late)}).status_code == 200


def test_a_search_can_be_narrowed(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    manual = {"name": "SLA | By hand", "objectTypeId": "0-2", "processingType": "MANUAL"}
    other = portal.done("POST", LISTS, manual)["list"]["listId"]
    narrowed: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"processingTypes": ["MANUAL"]}, [other]),
        ({"listIds": [list_id]}, [list_id]),
        ({"objectTypeId": "0-2"}, [other]),
        ({}, [list_id, other]),
    )
    for body, wanted in narrowed:
        assert [each["listId"] for each in portal.done("POST", f"{LISTS}/search", body)["lists"]] == wanted
    assert portal.ask("POST", f"{LISTS}/search", {"sort": "HS_LIST_ID"}).status_code == 404


def test_an_account_holds_as_many_lists_as_its_tier_allows(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    (portal.data / "switches.json").write_text('{"tier": "free"}')
    answers = [portal.ask("POST", LISTS, LIST | {"name": f"List {number}"}).status_code for number in range(10)]
    assert answers == [200] * 9 + [400]


def test_a_list_that_is_not_deleted_cannot_be_restored_nor_lose_its_name(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    assert portal.ask("PUT", f"{LISTS}/{list_id}/restore").status_code == 400
    assert portal.ask("PUT", f"{LISTS}/{list_id}/update-list-name?listName=").status_code == 400
    assert portal.ask("GET", f"{LISTS}/999").status_code == 404


def test_a_list_is_processing_for_as_long_as_the_switch_says(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    read = f"{LISTS}/{list_id}"
    assert portal.done("GET", read)["list"]["processingStatus"] == "COMPLETE"
    (portal.data / "switches.json").write_text('{"filling_hours": 2}', encoding="utf-8")
    assert portal.done("GET", read)["list"]["processingStatus"] == "PROCESSING"
    portal.application.run_until(portal.application.now + timedelta(hours=2))
    assert portal.done("GET", read)["list"]["processingStatus"] == "COMPLETE"
