"""A version of a flow prepared for running: its start, its elements and its resources by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync_salesforce.simulator.documents import Values

NODES = ("actionCalls", "assignments", "decisions", "loops", "recordCreates", "recordLookups", "recordUpdates")
RESOURCES = ("constants", "formulas", "textTemplates", "variables")


@dataclass(frozen=True)
class Element:
    """One element: the member it stands in (`decisions`) and its values."""

    kind: str
    values: Values
    place: int
    """Where it stands among the elements of the flow, which decides who goes first when interviews wait together."""

    @property
    def name(self) -> str:
        """The API name."""
        return str(self.values["name"])

    @property
    def next(self) -> str | None:
        """The element that follows, or None."""
        return target(self.values.get("connector"))


@dataclass(frozen=True)
class Path:
    """One scheduled path. `async_` is one that runs right after the commit."""

    name: str
    first: str | None
    async_: bool
    field: str | None
    """The date field that it counts from; None: from the save."""
    number: int
    unit: str


@dataclass(frozen=True, eq=False)
class Program:
    """One active version of a record-triggered flow."""

    name: str
    label: str
    object_name: str
    trigger: str
    on: str
    """Create, Update or CreateAndUpdate."""
    order: int
    start: Values
    newly: bool
    """Whether a change must have made the record meet the conditions."""
    first: str | None
    elements: Mapping[str, Element]
    resources: Mapping[str, tuple[str, Values]]
    paths: tuple[Path, ...]


def program_of(name: str, values: Values) -> Program:
    """Return a version of a flow as a program."""
    start = values["start"]
    nodes = [(kind, each) for kind in NODES for each in values.get(kind, [])]
    return Program(
        name=name,
        label=values.get("label", name),
        object_name=start["object"],
        trigger=start["triggerType"],
        on=start.get("recordTriggerType", "None"),
        order=int(values.get("triggerOrder", "0") or 0),
        start=start,
        newly=start.get("doesRequireRecordChangedToMeetCriteria") == "true",
        first=target(start.get("connector")),
        elements={each["name"]: Element(kind, each, place) for place, (kind, each) in enumerate(nodes)},
        resources={each["name"]: (kind, each) for kind in RESOURCES for each in values.get(kind, [])},
        paths=tuple(map(_path, start.get("scheduledPaths", []))),
    )


def _path(values: Values) -> Path:
    async_ = values.get("pathType") == "AsyncAfterCommit"
    return Path(
        name=str(values.get("name", values.get("pathType", ""))),
        first=target(values.get("connector")),
        async_=async_,
        field=values.get("recordField") if values.get("timeSource") == "RecordField" else None,
        number=int(values.get("offsetNumber", "0") or 0),
        unit=values.get("offsetUnit", "Minutes"),
    )


def target(connector: Any) -> str | None:
    """Return the element that a connector leads to."""
    return None if connector is None else str(connector["targetReference"])
