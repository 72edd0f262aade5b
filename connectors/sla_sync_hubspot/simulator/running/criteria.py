"""What the criteria of a workflow look at: properties, lists and the clock; and which changes begin an event."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sla_sync_hubspot.simulator.refusals import Json

_LOOKS_AT_CLOCK = "INDEXED"


@dataclass(frozen=True, slots=True)
class Looks:
    """What criteria depend on."""

    properties: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    timed: bool = False


@dataclass(frozen=True, slots=True)
class Criteria:
    """How a workflow enrols: `branch` for LIST_BASED, `events` for EVENT_BASED, neither where people enrol by hand."""

    branch: Json | None = None
    events: Sequence[Json] = ()
    triggers: Sequence[Json] = ()
    re_enrols: bool = False
    un_enrols: bool = False
    suppression: Sequence[str] = ()
    looks: Looks = field(default_factory=Looks)
    spelled: str = ""
    """What must stay the same for the criteria to be the same: the branch, and those of the lists that it names."""


def criteria_of(flow: Json, lists: Mapping[str, Json]) -> Criteria:
    """Return how a workflow enrols."""
    said = flow.get("enrollmentCriteria") or {}
    branch = said.get("listFilterBranch")
    events = tuple(said.get("eventFilterBranches") or ())
    triggers = tuple(said.get("reEnrollmentTriggersFilterBranches") or ())
    suppression = tuple(map(str, flow.get("suppressionListIds") or ()))
    named = set(_named_lists(branch, lists)).union(*(_reach(each, lists) for each in suppression))
    branches = [branch, *(lists[each].get("filterBranch") for each in sorted(named) if each in lists)]
    watched = {_watched(each) for each in (*events, *triggers)}
    looks = Looks(
        frozenset(watched.union(*(set(_properties(each)) for each in branches))),
        frozenset(named),
        any(_timed(each) for each in branches),
    )
    return Criteria(
        branch=branch,
        events=events,
        triggers=triggers,
        re_enrols=bool(said.get("shouldReEnroll")),
        un_enrols=bool(said.get("unEnrollObjectsNotMeetingCriteria")),
        suppression=suppression,
        looks=looks,
        spelled=json.dumps([branches, events], sort_keys=True),
    )


def watched_by(branch: Json) -> tuple[str, Json]:
    """Return the property that an event or a re-enrolment trigger watches, and the test of its new value."""
    test = next(each["operation"] for each in branch["filters"] if each["property"] == "hs_value")
    return _watched(branch), dict(test)


def _watched(branch: Json) -> str:
    return next(str(each["operation"]["value"]) for each in branch["filters"] if each["property"] == "hs_name")


def _members(part: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(part, list | tuple):
        for each in part:
            yield from _members(each)
    elif isinstance(part, dict):
        for key, value in part.items():
            yield key, value
            yield from _members(value)


def _properties(branch: Json | None) -> Iterator[str]:
    return (str(value) for key, value in _members(branch) if key == "property")


def _timed(branch: Json | None) -> bool:
    return any(key == "timeType" and value == _LOOKS_AT_CLOCK for key, value in _members(branch))


def _named_lists(branch: Json | None, lists: Mapping[str, Json]) -> Iterator[str]:
    for key, value in _members(branch):
        if key == "listId":
            yield from _reach(str(value), lists)


def _reach(list_id: str, lists: Mapping[str, Json]) -> Iterator[str]:
    """Yield a list and those that it is made of."""
    yield list_id
    if list_id in lists:
        yield from _named_lists(lists[list_id].get("filterBranch"), lists)
