"""What the criteria of a workflow look at: properties, lists and the clock; and which changes begin an event."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sla_sync_hubspot.simulator.looks import is_timed, lists_in, properties_in, reach
from sla_sync_hubspot.simulator.refusals import Json


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
    named = {one for each in lists_in(branch) for one in reach(each, lists)}.union(
        *(reach(each, lists) for each in suppression)
    )
    branches = [branch, *(lists[each].get("filterBranch") for each in sorted(named) if each in lists)]
    watched = {_watched(each) for each in (*events, *triggers)}
    looks = Looks(
        frozenset(watched.union(*(set(properties_in(each)) for each in branches))),
        frozenset(named),
        any(is_timed(each) for each in branches),
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
