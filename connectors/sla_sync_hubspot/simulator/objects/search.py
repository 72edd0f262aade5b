"""Searching records: filters, one sort, pages, and an index that sees a write only after a while.

Inferred: a record without a value meets no test but NOT_HAS_PROPERTY; how long the index takes, which is a switch; and
that a token is a word of letters and digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from math import inf
from typing import Any, TypeAlias

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import Answer, Call
from sla_sync_hubspot.simulator.object_types import COMPANY, CONTACT, DEAL, LEAD, TICKET, object_type
from sla_sync_hubspot.simulator.objects import one_by_one as objects
from sla_sync_hubspot.simulator.ordering import milliseconds, order_of
from sla_sync_hubspot.simulator.records import ID, Record
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, missing

RESULTS = 10_000
_PAGE, _DEFAULT_PAGE = 200, 10
_GROUPS, _FILTERS, _ALL_FILTERS, _SORTS, _TEXT = 5, 6, 18, 1, 3_000
_OPERATORS = (
    "EQ", "NEQ", "LT", "LTE", "GT", "GTE", "BETWEEN", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY",
    "CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN",
)  # fmt: skip
_FILTER = shapes.record(
    {"propertyName": shapes.filled, "operator": shapes.one_of(_OPERATORS)},
    {"value": shapes.text, "highValue": shapes.text, "values": shapes.list_of(shapes.text)},
)
_SHAPE = shapes.record(
    {},
    {"filterGroups": shapes.list_of(shapes.record({"filters": shapes.list_of(_FILTER)})),
     "sorts": shapes.list_of(shapes.anything), "query": shapes.text, "properties": shapes.list_of(shapes.text),
     "limit": shapes.between(0, _PAGE), "after": shapes.text},
)  # fmt: skip
_SORT = shapes.record({"propertyName": shapes.filled}, {"direction": shapes.one_of(("ASCENDING", "DESCENDING"))})
_QUERIED: Mapping[str, tuple[str, ...]] = {
    CONTACT.identifier: ("firstname", "lastname", "email", "phone", "company", "hs_object_id"),
    COMPANY.identifier: ("name", "domain", "website", "phone"),
    DEAL.identifier: ("dealname",),
    TICKET.identifier: ("subject",),
    LEAD.identifier: ("hs_lead_name",),
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ASSOCIATED = "associations."
_TOKENS = re.compile(r"[^\W_]+|\*")
_VALUE_OF: Mapping[str, tuple[str, ...]] = {
    "BETWEEN": ("value", "highValue"),
    "IN": ("values",),
    "NOT_IN": ("values",),
    "HAS_PROPERTY": (),
    "NOT_HAS_PROPERTY": (),
}
_NEGATED: Mapping[str, str] = {"NEQ": "EQ", "NOT_IN": "IN", "NOT_CONTAINS_TOKEN": "CONTAINS_TOKEN"}

_OF_ITSELF: Mapping[str, Callable[[Record], float]] = {
    ID: lambda record: int(record.id),
    "createdate": lambda record: milliseconds(record.created),
    "hs_createdate": lambda record: milliseconds(record.created),
    "lastmodifieddate": lambda record: milliseconds(record.updated),
    "hs_lastmodifieddate": lambda record: milliseconds(record.updated),
}
"""What every record has, and no text of it needs to be read."""
_UPDATED = frozenset({"lastmodifieddate", "hs_lastmodifieddate"})

_Key: TypeAlias = "float | str"


def search_records(call: Call) -> Answer:
    """Answer a page of the records that meet every filter of any group."""
    _SHAPE(call.body, "")
    _check_limits(call.body)
    kind = call.object_type
    known = call.state["properties"][kind.identifier]
    for group in call.body.get("filterGroups") or ():
        for each in group["filters"]:
            _check_filter(known, each)
    found = _found(call, known)
    start = _start(call.body)
    limit = call.body.get("limit") or _DEFAULT_PAGE
    if start + limit > RESULTS:
        raise invalid(f"A search answers at most {RESULTS} results; after and limit lead beyond them", where="after")
    page = found[start : start + limit]
    results = [objects.spell(call, each, call.body.get("properties") or (), (), ()) for each in page]
    body: Json = {"total": len(found), "results": results}
    if start + limit < len(found):
        body["paging"] = {"next": {"after": str(start + limit)}}
    return Answer(body=body)


def _found(call: Call, known: Mapping[str, Json]) -> Sequence[Record]:
    stretch = _stretch(call)
    if stretch is None:
        seen = call.now - timedelta(seconds=call.switches.search_seconds)
        there = (each.at(seen) for each in call.records.rows.get(call.object_type.identifier, {}).values())
        rows: Sequence[Record] = [each for each in there if each and not each.archived]
    elif _asks_for_a_stretch_alone(call.body):
        return stretch
    else:
        rows = stretch
    matches = _matching(call, known)
    return _sorted(call, [each for each in rows if matches(each)], known)


def _stretch(call: Call) -> Sequence[Record] | None:
    """Return the records, in the order of their changes, among which all are that a search finds; None where it may be any.

    So it is too where the search has not seen the last change yet.
    """
    groups = call.body.get("filterGroups") or []
    tests = groups[0]["filters"] if len(groups) == 1 else []
    tested = next((each for each in tests if each["propertyName"] in _UPDATED and each["operator"] in _BOUNDS), None)
    if tested is None:
        return None
    order = order_of(call.records, call.object_type.identifier)
    if order.instants and order.instants[-1] >= milliseconds(
        call.now - timedelta(seconds=call.switches.search_seconds)
    ):
        return None
    since, until = _BOUNDS[tested["operator"]](tested)
    return order.stretch(since, until)


def _asks_for_a_stretch_alone(body: Json) -> bool:
    filters = body["filterGroups"][0]["filters"]
    order = [{"propertyName": filters[0]["propertyName"], "direction": "ASCENDING"}]
    return len(filters) == 1 and body.get("sorts") == order and not body.get("query")


def _check_limits(body: Json) -> None:
    groups = body.get("filterGroups") or []
    filters = [each for group in groups for each in group["filters"]]
    most = max((len(group["filters"]) for group in groups), default=0)
    limits = (
        (len(groups), _GROUPS, "filterGroups", "filter groups"),
        (most, _FILTERS, "filterGroups.filters", "filters in a group"),
        (len(filters), _ALL_FILTERS, "filterGroups.filters", "filters in all"),
        (len(body.get("sorts") or ()), _SORTS, "sorts", "sorts"),
        (len(body.get("query") or ""), _TEXT, "query", "characters of query"),
    )
    for count, limit, where, what in limits:
        if count > limit:
            raise invalid(f"A search has at most {limit} {what}, not {count}", where=where)


def _check_filter(known: Mapping[str, Json], tested: Json) -> None:
    name, operator = tested["propertyName"], tested["operator"]
    absent = [each for each in _VALUE_OF.get(operator, ("value",)) if not tested.get(each)]
    if absent:
        raise missing(absent, f"the filter {operator} of {name}")
    if name.startswith(_ASSOCIATED):
        if operator not in ("EQ", "IN"):
            raise invalid(f"The operator {operator} does not fit {name}", where="operator")
        object_type(name.removeprefix(_ASSOCIATED))
        return
    if name not in known:
        raise _no_property(name)
    for each in _wanted(tested):
        _key(known[name]["type"], each, name)


def _no_property(name: str) -> RefusalError:
    # Inferred: the code, which is that of a write.
    return invalid(f'Property "{name}" does not exist', where="propertyName", code="PROPERTY_DOESNT_EXIST")


def _wanted(tested: Json) -> list[str]:
    told = [tested[each] for each in _VALUE_OF.get(tested["operator"], ("value",))]
    return [one for each in told for one in (each if isinstance(each, list) else [each])]


_Test: TypeAlias = Callable[[Record], bool]


def _matching(call: Call, known: Mapping[str, Json]) -> _Test:
    """Return the test for all that a search asks; each filter is read once, however many records there are."""
    query = (call.body.get("query") or "").casefold()
    groups = [
        [_passing(call, known, each) for each in group["filters"]] for group in call.body.get("filterGroups") or ()
    ]

    def matches(record: Record) -> bool:
        if query and not any(
            query in (record.get(name) or "").casefold() for name in _QUERIED.get(record.object_id, (ID,))
        ):
            return False
        return not groups or any(all(test(record) for test in group) for group in groups)

    return matches


def _passing(call: Call, known: Mapping[str, Json], tested: Json) -> _Test:
    name, operator = tested["propertyName"], tested["operator"]
    if name.startswith(_ASSOCIATED):
        other = object_type(name.removeprefix(_ASSOCIATED)).identifier
        ids = _wanted(tested)
        return lambda record: any(each in call.records.links_of(record.object_id, record.id, other) for each in ids)
    if operator in ("HAS_PROPERTY", "NOT_HAS_PROPERTY"):
        return lambda record: bool(record.get(name)) is (operator == "HAS_PROPERTY")
    kind, several = known[name]["type"], known[name]["fieldType"] == "checkbox"
    wanted = [_key(kind, each, name) for each in _wanted(tested)]
    test, negated = _TESTS[_NEGATED.get(operator, operator)], operator in _NEGATED
    own = _OF_ITSELF.get(name)
    if own is not None:
        return lambda record: test(own(record), wanted) is not negated

    def passes(record: Record) -> bool:
        text = record.get(name)
        if not text:
            return False
        held = text.split(";") if several else [text]
        return any(test(_key(kind, each, name), wanted) for each in held) is not negated

    return passes


def _has_token(held: _Key, wanted: list[_Key]) -> bool:
    """Return whether a word fits; an asterisk at either end of the wanted one stands for any letters."""
    words = _TOKENS.findall(str(held))
    sought = str(wanted[0]).split()
    return all(any(fnmatchcase(word, each) for word in (*words, str(held))) for each in sought)


_TESTS: Mapping[str, Callable[[Any, list[Any]], bool]] = {
    "EQ": lambda held, wanted: bool(held == wanted[0]),
    "IN": lambda held, wanted: held in wanted,
    "LT": lambda held, wanted: bool(held < wanted[0]),
    "LTE": lambda held, wanted: bool(held <= wanted[0]),
    "GT": lambda held, wanted: bool(held > wanted[0]),
    "GTE": lambda held, wanted: bool(held >= wanted[0]),
    "BETWEEN": lambda held, wanted: bool(wanted[0] <= held <= wanted[1]),
    "CONTAINS_TOKEN": _has_token,
}


def _key(kind: str, text: str, name: str) -> _Key:
    """Return a value as it is compared: numbers, times in milliseconds, texts without regard to case."""
    try:
        if kind == "number":
            return float(text)
        if kind in ("date", "datetime"):
            return _milliseconds(text)
    except ValueError:
        raise invalid(f"The value {text!r} does not fit property {name}, which is of type {kind}") from None
    return text.casefold()


def _milliseconds(text: str) -> float:
    if text.removeprefix("-").isdecimal():
        return float(text)
    moment = datetime.fromisoformat(text) if "T" in text else datetime.combine(date.fromisoformat(text), time.min, UTC)
    return (moment.replace(tzinfo=moment.tzinfo or UTC) - _EPOCH) / timedelta(milliseconds=1)


_BOUNDS: Mapping[str, Callable[[Json], tuple[float, float]]] = {
    "GTE": lambda tested: (_milliseconds(tested["value"]), inf),
    "BETWEEN": lambda tested: (_milliseconds(tested["value"]), _milliseconds(tested["highValue"])),
}
"""The tests of an instant that leave a stretch, and how far it reaches in milliseconds."""


def _sorted(call: Call, found: list[Record], known: Mapping[str, Json]) -> list[Record]:
    """Return the records in the order asked for; those without a value stand last, and first created is first."""
    found = sorted(found, key=lambda each: (each.created, int(each.id)))
    for asked in call.body.get("sorts") or ():
        sort = {"propertyName": asked.removeprefix("-")} if isinstance(asked, str) else asked
        _SORT(sort, "sorts[0]")
        name = sort["propertyName"]
        if name not in known:
            raise _no_property(name)
        kind = known[name]["type"]
        down = sort.get("direction") == "DESCENDING" or (isinstance(asked, str) and asked.startswith("-"))
        own = _OF_ITSELF.get(name)
        if own is not None:
            return sorted(found, key=own, reverse=down)
        valued = [(_key(kind, each.get(name) or "", name), each) for each in found if each.get(name)]
        ordered = sorted(valued, key=lambda pair: pair[0], reverse=down)
        return [each for _, each in ordered] + [each for each in found if not each.get(name)]
    return found


def _start(body: Json) -> int:
    after = body.get("after") or "0"
    if not after.isdecimal():
        raise invalid(f"after must be a number that an answer gave, not {after!r}", where="after")
    return int(after)
