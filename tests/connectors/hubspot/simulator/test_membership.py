from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync_hubspot.simulator.filter_tests import shifted
from sla_sync_hubspot.simulator.lists.filter_operations import OPERATIONS
from sla_sync_hubspot.simulator.lists.filters import check_root
from sla_sync_hubspot.simulator.membership import is_member, meets
from sla_sync_hubspot.simulator.records import API, Source
from sla_sync_hubspot.simulator.saving import change_record
from tests.connectors.hubspot.simulator.portal import (
    CHOICE,
    CLOCK,
    CONTACTS,
    LISTS,
    OBJECTS,
    Portal,
    branch,
    copied,
    furnish,
    in_list,
    made,
    open_portal,
    tested,
)
from tests.haste import examples

PEOPLE = f"{OBJECTS}/contacts"


def listed(portal: Portal, *filters: dict[str, Any], kind: str = "DYNAMIC") -> str:
    """Create a list of these filters and return its id."""
    name = f"List {len(portal.application.portal.state['lists'])}"
    body: dict[str, Any] = {"name": name, "objectTypeId": "0-1", "processingType": kind}
    if kind != "MANUAL":
        body["filterBranch"] = branch(*filters)
    return str(portal.done("POST", LISTS, body)["list"]["listId"])


def members(portal: Portal, list_id: str) -> list[str]:
    """Return the ids of the members of a list."""
    return [each["recordId"] for each in portal.done("GET", f"{LISTS}/{list_id}/memberships")["results"]]


def write(portal: Portal, identifier: str, **properties: str) -> None:
    """Write values into a contact."""
    portal.done("PATCH", f"{PEOPLE}/{identifier}", {"properties": properties})


def gather(portal: Portal) -> Mapping[str, str]:
    """Create four contacts and name them: one has everything, one other things, one lost what it had, one has nothing."""
    furnish(portal)
    many = CHOICE | {"name": "sla_many", "label": "Many", "fieldType": "checkbox"}
    many["options"] = [{"label": each, "value": each} for each in ("a", "b", "c")]
    portal.done("POST", CONTACTS, many)
    full = {
        "sla_fit": "60", "sla_reason": "budget", "sla_many": "a;b", "sla_yes": "true", "company": "Acme Ltd",
        "sla_at": "2026-12-01T09:00:00Z",
    }  # fmt: skip
    other = {
        "sla_fit": "7.5", "sla_reason": "need", "sla_many": "c", "sla_yes": "false", "company": "Other",
        "sla_at": "2026-12-03T00:00:00Z",
    }  # fmt: skip
    named = {
        "full": made(portal, "contacts", lastname="full", **full),
        "other": made(portal, "contacts", lastname="other", **other),
        "lost": made(portal, "contacts", lastname="lost", **full),
        "none": made(portal, "contacts", lastname="none"),
    }
    write(portal, named["lost"], **dict.fromkeys(full, ""))
    return {identifier: name for name, identifier in named.items()}


@pytest.fixture
def people(tmp_path: Path) -> tuple[Portal, Mapping[str, str]]:
    """Return a portal with four contacts, and their names by id."""
    return copied(tmp_path, gather)


NUMBER, CHOICES, TEXT, TEXTS = "NUMBER", "ENUMERATION", "STRING", "MULTISTRING"
POINT = {"timeType": "DATE", "year": 2026, "month": 12, "day": 1, "hour": 4, "zoneId": "US/Eastern"}
LATER = {"timeType": "DATE", "year": 2026, "month": 12, "day": 2, "zoneId": "UTC"}
FULL, OTHER, HAD, WITHOUT = {"full"}, {"other"}, {"full", "lost"}, {"lost", "none"}
TESTS: tuple[tuple[str, str, str, dict[str, Any], set[str]], ...] = (
    ("sla_fit", "ALL_PROPERTY", "IS_KNOWN", {}, FULL | OTHER),
    ("sla_fit", "ALL_PROPERTY", "IS_UNKNOWN", {}, WITHOUT),
    ("sla_fit", NUMBER, "IS_EQUAL_TO", {"value": 60.0}, FULL),
    ("sla_fit", NUMBER, "IS_NOT_EQUAL_TO", {"value": 60}, OTHER),
    ("sla_fit", NUMBER, "IS_GREATER_THAN", {"value": 60}, set()),
    ("sla_fit", NUMBER, "IS_GREATER_THAN_OR_EQUAL_TO", {"value": "60"}, FULL),
    ("sla_fit", NUMBER, "IS_LESS_THAN", {"value": 60}, OTHER),
    ("sla_fit", NUMBER, "IS_LESS_THAN_OR_EQUAL_TO", {"value": 60}, FULL | OTHER),
    ("sla_fit", NUMBER, "HAS_EVER_BEEN_EQUAL_TO", {"value": 60}, HAD),
    ("sla_fit", NUMBER, "HAS_NEVER_BEEN_EQUAL_TO", {"value": 60}, OTHER),
    ("sla_fit", "NUMBER_RANGED", "IS_BETWEEN", {"lowerBound": 7.5, "upperBound": 59}, OTHER),
    ("sla_fit", "NUMBER_RANGED", "IS_NOT_BETWEEN", {"lowerBound": 7.5, "upperBound": 59}, FULL),
    ("sla_yes", "BOOL", "IS_EQUAL_TO", {"value": True}, FULL),
    ("sla_yes", "BOOL", "IS_NOT_EQUAL_TO", {"value": True}, OTHER),
    ("sla_yes", "BOOL", "HAS_EVER_BEEN_EQUAL_TO", {"value": True}, HAD),
    ("sla_yes", "BOOL", "HAS_NEVER_BEEN_EQUAL_TO", {"value": True}, OTHER),
    ("sla_reason", CHOICES, "IS_ANY_OF", {"values": ["budget", "x"]}, FULL),
    ("sla_reason", CHOICES, "IS_NONE_OF", {"values": ["budget", "x"]}, OTHER),
    ("sla_many", CHOICES, "IS_ANY_OF", {"values": ["a"]}, FULL),
    ("sla_many", CHOICES, "IS_EXACTLY", {"values": ["b", "a"]}, FULL),
    ("sla_many", CHOICES, "IS_EXACTLY", {"values": ["a"]}, set()),
    ("sla_many", CHOICES, "IS_NOT_EXACTLY", {"values": ["a"]}, FULL | OTHER),
    ("sla_many", CHOICES, "CONTAINS_ALL", {"values": ["a"]}, FULL),
    ("sla_many", CHOICES, "CONTAINS_ALL", {"values": ["a", "c"]}, set()),
    ("sla_many", CHOICES, "DOES_NOT_CONTAIN_ALL", {"values": ["a"]}, OTHER),
    ("sla_many", CHOICES, "HAS_EVER_BEEN_ANY_OF", {"values": ["a"]}, HAD),
    ("sla_many", CHOICES, "HAS_NEVER_BEEN_ANY_OF", {"values": ["a"]}, OTHER),
    ("sla_many", CHOICES, "HAS_EVER_BEEN_EXACTLY", {"values": ["a", "b"]}, HAD),
    ("sla_many", CHOICES, "HAS_NEVER_BEEN_EXACTLY", {"values": ["a"]}, HAD | OTHER),
    ("sla_many", CHOICES, "HAS_EVER_CONTAINED_ALL", {"values": ["b"]}, HAD),
    ("sla_many", CHOICES, "HAS_NEVER_CONTAINED_ALL", {"values": ["b"]}, OTHER),
    ("company", TEXT, "IS_EQUAL_TO", {"value": "acme ltd"}, FULL),
    ("company", TEXT, "IS_NOT_EQUAL_TO", {"value": "acme ltd"}, OTHER),
    ("company", TEXT, "CONTAINS", {"value": "ME L"}, FULL),
    ("company", TEXT, "DOES_NOT_CONTAIN", {"value": "me l"}, OTHER),
    ("company", TEXT, "STARTS_WITH", {"value": "oth"}, OTHER),
    ("company", TEXT, "ENDS_WITH", {"value": "ltd"}, FULL),
    ("company", TEXT, "HAS_EVER_CONTAINED", {"value": "acme"}, HAD),
    ("company", TEXT, "HAS_NEVER_CONTAINED", {"value": "acme"}, OTHER),
    ("company", TEXT, "HAS_EVER_BEEN_EQUAL_TO", {"value": "Acme Ltd"}, HAD),
    ("company", TEXT, "HAS_NEVER_BEEN_EQUAL_TO", {"value": "Acme Ltd"}, OTHER),
    ("company", TEXTS, "IS_EQUAL_TO", {"values": ["x", "other"]}, OTHER),
    ("company", TEXTS, "IS_NOT_EQUAL_TO", {"values": ["x", "other"]}, FULL),
    ("company", TEXTS, "CONTAINS", {"values": ["acme", "the"]}, FULL | OTHER),
    ("company", TEXTS, "DOES_NOT_CONTAIN", {"values": ["the"]}, FULL),
    ("company", TEXTS, "CONTAINS_EXACTLY", {"values": ["acme", "the"]}, FULL),
    ("company", TEXTS, "DOES_NOT_CONTAIN_EXACTLY", {"values": ["acme"]}, OTHER),
    ("company", TEXTS, "STARTS_WITH", {"values": ["a", "b"]}, FULL),
    ("company", TEXTS, "ENDS_WITH", {"values": ["er"]}, OTHER),
    ("sla_at", "TIME_POINT", "IS_BEFORE", {"timePoint": LATER}, FULL),
    ("sla_at", "TIME_POINT", "IS_BEFORE", {"timePoint": POINT}, set()),
    ("sla_at", "TIME_POINT", "IS_BEFORE", {"timePoint": POINT, "endpointBehavior": "INCLUSIVE"}, FULL),
    ("sla_at", "TIME_POINT", "IS_AFTER", {"timePoint": POINT}, OTHER),
    ("sla_at", "TIME_POINT", "IS_BEFORE", {"timePoint": LATER, "propertyParser": "UPDATED_AT"}, FULL | OTHER),
    (
        "sla_at", "TIME_RANGED", "IS_BETWEEN",
        {"lowerBoundTimePoint": POINT, "upperBoundTimePoint": LATER}, FULL,
    ),
    (
        "sla_at", "TIME_RANGED", "IS_BETWEEN",
        {"lowerBoundTimePoint": POINT, "upperBoundTimePoint": LATER, "lowerBoundEndpointBehavior": "EXCLUSIVE"}, set(),
    ),
    (
        "sla_at", "TIME_RANGED", "IS_NOT_BETWEEN",
        {"lowerBoundTimePoint": POINT, "upperBoundTimePoint": LATER}, OTHER,
    ),
    (
        "sla_at", "TIME_POINT", "IS_AFTER",
        {"timePoint": {"timeType": "PROPERTY_REFERENCED", "property": "createdate", "zoneId": "UTC",
                       "referenceType": "VALUE"}}, OTHER,
    ),
)  # fmt: skip


@pytest.mark.parametrize("included", [False, True])
def test_each_operator_finds_its_members_and_no_value_counts_as_the_filter_says(
    people: tuple[Portal, Mapping[str, str]], included: bool
) -> None:
    portal, names = people
    inside = portal.application.portal
    for name, kind, operator, more, expected in TESTS:
        operation = {"operationType": kind, "operator": operator, "includeObjectsWithNoValueSet": included, **more}
        root = check_root(inside.state, "0-1", branch(tested(name, **operation)), "filterBranch")
        never = {"none"} if "_EVER_" in operator or "_NEVER_" in operator else WITHOUT
        wanted = expected | (never if included and kind != "ALL_PROPERTY" else set())
        assert {names[each.id] for each in inside.records.of("0-1") if meets(inside, each, root)} == wanted, operation


def test_the_table_holds_every_operator_of_every_operation() -> None:
    there = {(kind, operator) for kind, each in OPERATIONS.items() for operator in each.operators}
    assert {(kind, operator) for _, kind, operator, _, _ in TESTS} == there


FIT = st.one_of(st.none(), st.integers(-3, 3).map(str))
REASON = st.one_of(st.none(), st.sampled_from(("budget", "need")))
YES = st.one_of(st.none(), st.sampled_from(("true", "false")))
PEOPLE_VALUES = st.lists(st.fixed_dictionaries({"sla_fit": FIT, "sla_reason": REASON, "sla_yes": YES}), max_size=5)
COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "IS_GREATER_THAN": lambda one, other: one > other,
    "IS_LESS_THAN_OR_EQUAL_TO": lambda one, other: one <= other,
    "IS_NOT_EQUAL_TO": lambda one, other: one != other,
}
_FLAG = st.booleans()
FILTERS = st.one_of(
    st.builds(
        lambda operator, value, flag: tested(
            "sla_fit", operationType="NUMBER", operator=operator, value=value, includeObjectsWithNoValueSet=flag
        ),
        st.sampled_from(sorted(COMPARED)), st.integers(-3, 3), _FLAG,
    ),
    st.builds(
        lambda operator, values, flag: tested(
            "sla_reason", operationType="ENUMERATION", operator=operator, values=values,
            includeObjectsWithNoValueSet=flag,
        ),
        st.sampled_from(("IS_ANY_OF", "IS_NONE_OF")),
        st.lists(st.sampled_from(("budget", "need")), max_size=2, unique=True), _FLAG,
    ),
    st.builds(
        lambda value, flag: tested(
            "sla_yes", operationType="BOOL", operator="IS_EQUAL_TO", value=value, includeObjectsWithNoValueSet=flag
        ),
        _FLAG, _FLAG,
    ),
    st.builds(
        lambda name, operator: tested(name, operationType="ALL_PROPERTY", operator=operator),
        st.sampled_from(("sla_fit", "sla_reason")), st.sampled_from(("IS_KNOWN", "IS_UNKNOWN")),
    ),
)  # fmt: skip
BRANCHES = st.lists(st.lists(FILTERS, min_size=1, max_size=3), min_size=1, max_size=3)


def _holds(values: Mapping[str, str | None], one: dict[str, Any]) -> bool:
    """Return whether a contact passes a filter, worked out apart from the simulator."""
    value, operation = values[one["property"]], one["operation"]
    operator = operation["operator"]
    if operator in ("IS_KNOWN", "IS_UNKNOWN"):
        return (value is not None) is (operator == "IS_KNOWN")
    if value is None:
        return bool(operation["includeObjectsWithNoValueSet"])
    if operation["operationType"] == "NUMBER":
        return COMPARED[operator](int(value), operation["value"])
    if operation["operationType"] == "BOOL":
        return value == ("true" if operation["value"] else "false")
    return (value in operation["values"]) is (operator == "IS_ANY_OF")


@settings(max_examples=examples(25), deadline=None)
@given(before=PEOPLE_VALUES, after=PEOPLE_VALUES, groups=BRANCHES)
def test_membership_is_what_the_filters_say_before_and_after_a_write(
    tmp_path_factory: pytest.TempPathFactory,
    before: list[dict[str, str | None]],
    after: list[dict[str, str | None]],
    groups: list[list[dict[str, Any]]],
) -> None:
    folder = tmp_path_factory.mktemp("portal")
    portal, _ = copied(folder, furnish)
    ids = [
        made(portal, "contacts", lastname="x", **{key: text for key, text in each.items() if text}) for each in before
    ]
    root = branch() | {"filterBranches": [branch(*each)["filterBranches"][0] for each in groups]}
    body = {"name": "Law", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": root}
    list_id = portal.done("POST", LISTS, body)["list"]["listId"]

    def expected(values: list[dict[str, str | None]]) -> list[str]:
        met = [any(all(_holds(each, one) for one in group) for group in groups) for each in values]
        return [identifier for identifier, meets in zip(ids, met, strict=True) if meets]

    assert members(portal, list_id) == expected(before)
    now = [*after, *before[len(after) :]][: len(before)]
    for identifier, values in zip(ids, now, strict=True):
        write(portal, identifier, **{key: text or "" for key, text in values.items()})
    assert members(portal, list_id) == expected(now)
    assert portal.done("GET", f"{LISTS}/{list_id}")["list"]["size"] == len(expected(now))
    assert members(open_portal(folder), list_id) == expected(now)


def test_a_list_may_be_made_of_lists_and_follows_them_at_once(people: tuple[Portal, Mapping[str, str]]) -> None:
    portal, names = people
    ids = {name: identifier for identifier, name in names.items()}
    high = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN", value=50)
    inner = listed(portal, high)
    outer = listed(portal, in_list(listed(portal, in_list(inner))))
    others = listed(portal, in_list(inner) | {"operator": "NOT_IN_LIST"})
    assert members(portal, outer) == [ids["full"]]
    write(portal, ids["none"], sla_fit="99")
    assert members(portal, outer) == [ids["full"], ids["none"]]
    assert members(portal, others) == [ids["other"], ids["lost"]]
    manual = listed(portal, kind="MANUAL")
    follows = listed(portal, in_list(manual))
    portal.done("PUT", f"{LISTS}/{manual}/memberships/add", [ids["lost"]])
    assert members(portal, follows) == [ids["lost"]]


def test_a_list_may_ask_for_one_that_was_made_after_it(people: tuple[Portal, Mapping[str, str]]) -> None:
    portal, names = people
    identifier = next(each for each, name in names.items() if name == "none")
    high = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN", value=50)
    chain = [listed(portal, high) for _ in range(4)]
    for one, after in itertools.pairwise(chain):
        portal.done("PUT", f"{LISTS}/{one}/update-list-filters", {"filterBranch": branch(in_list(after))})
    inside = portal.application.portal
    for value, expected in (("99", True), ("1", False)):
        change_record(inside, "0-1", identifier, {"sla_fit": value}, Source(API))
        assert [is_member(inside, each, identifier) for each in chain] == [expected] * 4


def test_a_snapshot_stays_as_it_was_and_new_filters_fill_a_list_anew(people: tuple[Portal, Mapping[str, str]]) -> None:
    portal, names = people
    ids = {name: identifier for identifier, name in names.items()}
    high = tested("sla_fit", operationType="NUMBER", operator="IS_GREATER_THAN", value=50)
    snapshot, active = listed(portal, high, kind="SNAPSHOT"), listed(portal, high)
    write(portal, ids["full"], sla_fit="1")
    assert (members(portal, snapshot), members(portal, active)) == ([ids["full"]], [])
    low = tested("sla_fit", operationType="NUMBER", operator="IS_LESS_THAN", value=50)
    answer = portal.done("PUT", f"{LISTS}/{active}/update-list-filters", {"filterBranch": branch(low)})
    assert answer["updatedList"]["size"] == 2
    assert members(portal, active) == [ids["full"], ids["other"]]
    portal.done("DELETE", f"{PEOPLE}/{ids['full']}")
    assert (members(portal, snapshot), members(portal, active)) == ([], [ids["other"]])


def _due(portal: Portal, **offset: int) -> str:
    point = {"timeType": "INDEXED", "zoneId": "US/Eastern", "indexReference": {"referenceType": "NOW"}}
    operation = {"operationType": "TIME_POINT", "operator": "IS_BEFORE", "timePoint": point | {"offset": offset}}
    return listed(portal, tested("sla_at", **operation))


def test_what_only_the_clock_changes_is_seen_when_it_runs_and_in_the_portals_own_turn(
    furnished: tuple[Portal, str],
) -> None:
    portal, _ = furnished
    (portal.data / "switches.json").write_text(json.dumps({"segment_minutes": 60}))
    identifier = made(portal, "contacts", lastname="x", sla_at="2026-12-01T11:30:00Z")
    list_id = _due(portal, hours=-2)
    portal.application.run_until(CLOCK + timedelta(hours=4, minutes=59))
    assert members(portal, list_id) == []
    portal.application.run_until(CLOCK + timedelta(hours=8))
    joined = portal.done("GET", f"{LISTS}/{list_id}/memberships/join-order")["results"]
    assert [each["recordId"] for each in joined] == [identifier]
    since = datetime.fromisoformat(joined[0]["membershipTimestamp"])
    assert timedelta(0) <= since - datetime(2026, 12, 1, 14, tzinfo=UTC) < timedelta(hours=1)


def test_a_clock_does_not_run_by_switches_that_cannot_be_read(portal: Portal) -> None:
    (portal.data / "switches.json").write_text('{"segment_minutes": 0}')
    with pytest.raises(ValueError, match="segment_minutes"):
        portal.application.run_until(CLOCK + timedelta(days=1))


@pytest.mark.parametrize(
    ("offset", "local", "expected"),
    [
        ({"months": 1}, "2026-01-31T10:00", "2026-02-28T10:00"),
        ({"quarters": -1}, "2026-05-31T10:00", "2026-02-28T10:00"),
        ({"years": 1}, "2024-02-29T10:00", "2025-02-28T10:00"),
        ({"days": 1}, "2026-03-07T10:00", "2026-03-08T10:00"),
        ({"hours": 24}, "2026-03-07T10:00", "2026-03-08T11:00"),
        ({"weeks": -1, "minutes": 30}, "2026-11-05T10:00", "2026-10-29T10:30"),
    ],
)
def test_an_offset_of_days_keeps_the_hour_of_the_zone_and_one_of_hours_does_not(
    offset: dict[str, int], local: str, expected: str
) -> None:
    zone = ZoneInfo("US/Eastern")
    found = shifted(datetime.fromisoformat(local).replace(tzinfo=zone), offset)
    assert found.astimezone(zone).replace(tzinfo=None) == datetime.fromisoformat(expected)


def test_what_is_not_built_of_a_time_is_refused_by_name(furnished: tuple[Portal, str]) -> None:
    portal, _ = furnished
    operation = {"operationType": "TIME_POINT", "operator": "IS_AFTER", "timePoint": POINT}
    for more, status in (
        ({"propertyParser": "ANNIVERSARY"}, 404),
        ({"timePoint": POINT | {"month": 2, "day": 30}}, 400),
    ):
        body = {"name": "Wrong", "objectTypeId": "0-1", "processingType": "DYNAMIC"}
        wrong = tested("sla_at", **(operation | more))
        assert portal.ask("POST", LISTS, body | {"filterBranch": branch(wrong)}).status_code == status


def test_records_join_and_leave_a_static_list_and_no_other(people: tuple[Portal, Mapping[str, str]]) -> None:
    portal, names = people
    one, two, three, _ = names
    manual = listed(portal, kind="MANUAL")
    path = f"{LISTS}/{manual}/memberships"
    assert portal.done("PUT", f"{path}/add", [two, one, "999"]) == {
        "recordsIdsAdded": [two, one], "recordIdsRemoved": [], "recordIdsMissing": ["999"],
    }  # fmt: skip
    assert portal.done("PUT", f"{path}/add", [one])["recordsIdsAdded"] == []
    both = {"recordIdsToAdd": [three], "recordIdsToRemove": [one]}
    assert portal.done("PUT", f"{path}/add-and-remove", both)["recordIdsRemoved"] == [one]
    assert members(portal, manual) == [two, three]
    assert portal.done("GET", f"{LISTS}/{manual}")["list"]["size"] == 2
    assert portal.done("PUT", f"{path}/remove", [two])["recordIdsRemoved"] == [two]
    assert portal.ask("DELETE", path).status_code == 204
    assert members(portal, manual) == []
    known = tested("sla_fit", operationType="ALL_PROPERTY", operator="IS_KNOWN")
    assert portal.ask("PUT", f"{LISTS}/{listed(portal, known)}/memberships/add", [one]).status_code == 400
    assert portal.ask("PUT", f"{LISTS}/999/memberships/add", [one]).status_code == 404


def test_the_lists_of_a_record_and_the_pages_of_a_list_are_told(people: tuple[Portal, Mapping[str, str]]) -> None:
    portal, names = people
    manual = listed(portal, kind="MANUAL")
    for identifier in reversed(list(names)):
        portal.done("PUT", f"{LISTS}/{manual}/memberships/add", [identifier])
    first = portal.done("GET", f"{LISTS}/{manual}/memberships?limit=3")
    rest = portal.done("GET", f"{LISTS}/{manual}/memberships?limit=3&after={first['paging']['next']['after']}")
    assert [each["recordId"] for each in first["results"] + rest["results"]] == list(names)
    assert (first["total"], "paging" in rest) == (4, False)
    joined = portal.done("GET", f"{LISTS}/{manual}/memberships/join-order")["results"]
    assert [each["recordId"] for each in joined] == list(reversed(list(names)))
    for identifier in names:
        told = portal.done("GET", f"{LISTS}/records/0-1/{identifier}/memberships")
        assert manual in [each["listId"] for each in told["results"]]
    assert portal.ask("GET", f"{LISTS}/records/0-1/999/memberships").status_code == 404
