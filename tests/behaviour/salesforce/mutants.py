"""Flows, rows and class with one mistake each, as a slip in the generator would make them.

Every mistake is made in what the org keeps after an apply, so that the test sees whether the histories tell it apart.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from tests.behaviour.salesforce.orgs import Org

_DAY = "SLA_Calendar_Day__mdt"
_OPPOSITE = {
    "EqualTo": "NotEqualTo",
    "NotEqualTo": "EqualTo",
    "GreaterThan": "LessThanOrEqualTo",
    "GreaterThanOrEqualTo": "LessThan",
    "LessThan": "GreaterThanOrEqualTo",
    "LessThanOrEqualTo": "GreaterThan",
}


@dataclass(frozen=True)
class Mutant:
    """One mistake: what it is, and what makes it in an org."""

    name: str
    make: Callable[[Org], None]


def of_flows(org: Org) -> Iterator[Mutant]:
    """Yield every mistake of these kinds in the flows: an inverted condition, a missing filter, a value not written."""
    for flow, component in sorted(org.application.desk.organization.of("Flow").items()):
        values = _active(component).values
        for member in ("decisions", "recordLookups", "recordUpdates", "recordCreates", "assignments"):
            for place, element in enumerate(values.get(member, [])):
                for path in _spots(member, element):
                    told = f"{flow}.{element['name']}: {_told(member, element, path)}"
                    yield Mutant(told, partial(_break, flow=flow, member=member, place=place, path=path))


def _active(component: Any) -> Any:
    return next(each for each in component.versions if each.number == component.active)


def _spots(member: str, element: Mapping[str, Any]) -> Iterator[tuple[int, ...]]:
    if member == "decisions":
        for rule_place, rule in enumerate(element.get("rules", [])):
            for place in range(len(rule.get("conditions", []))):
                yield rule_place, place
    else:
        kept = {"recordLookups": "filters", "assignments": "assignmentItems"}.get(member, "inputAssignments")
        for place in range(len(element.get(kept, []))):
            yield (place,)


def _told(member: str, element: Mapping[str, Any], path: tuple[int, ...]) -> str:
    if member == "decisions":
        condition = element["rules"][path[0]]["conditions"][path[1]]
        return f"{condition['leftValueReference']} {condition['operator']} inverted"
    if member == "recordLookups":
        return f"filter by {element['filters'][path[0]]['field']} missing"
    if member == "assignments":
        return f"{element['assignmentItems'][path[0]]['assignToReference']} not assigned"
    return f"{element['inputAssignments'][path[0]]['field']} not written"


def _break(org: Org, flow: str, member: str, place: int, path: tuple[int, ...]) -> None:
    version = _active(org.application.desk.organization.of("Flow")[flow])
    version.values = values = copy.deepcopy(version.values)
    element = values[member][place]
    if member == "decisions":
        condition = element["rules"][path[0]]["conditions"][path[1]]
        operator = condition["operator"]
        if operator in _OPPOSITE:
            condition["operator"] = _OPPOSITE[operator]
        else:
            right = condition["rightValue"]
            right["booleanValue"] = "false" if right.get("booleanValue") == "true" else "true"
    else:
        kept = {"recordLookups": "filters", "assignments": "assignmentItems"}.get(member, "inputAssignments")
        del element[kept][path[0]]
        if kept == "filters" and not element[kept]:
            del element[kept], element["filterLogic"]


def of_rows() -> Iterator[Mutant]:
    """Yield mistakes in the rows of calendars and thresholds."""
    yield Mutant("every window closes a minute late", lambda org: _shift(org, "Closes_At__c", timedelta(minutes=1)))
    yield Mutant("every window opens a minute late", lambda org: _shift(org, "Opens_At__c", timedelta(minutes=1)))
    yield Mutant("open minutes are counted from one", lambda org: _add(org, "Minutes_Before__c", 1))
    yield Mutant("days are counted from another one", _every_other_day)
    yield Mutant("a hot lead has a minute more", lambda org: _threshold(org, "Response_hot"))


def _rows(org: Org, object_name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows that flows look up; the org has made them from its settings when it was opened."""
    yield from org.store.of(object_name).values()


def _shift(org: Org, field: str, by: timedelta) -> None:
    for row in _rows(org, _DAY):
        row[field] += by


def _add(org: Org, field: str, by: float) -> None:
    for row in _rows(org, _DAY):
        row[field] = float(row[field]) + by


def _every_other_day(org: Org) -> None:
    for row in _rows(org, _DAY):
        row["Day_Number__c"] = float(row["Day_Number__c"]) * 2


def _threshold(org: Org, name: str) -> None:
    for row in _rows(org, "SLA_Threshold__mdt"):
        if row["DeveloperName"] == name:
            row["Minutes__c"] = float(row["Minutes__c"]) + 1
