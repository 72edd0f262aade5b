"""Which leads there are to work, and who gets each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.diagnostics import KeyPath


@dataclass(frozen=True, slots=True)
class Source:
    """A way in which a person raises a hand. `work`: sales works such a lead at once."""

    name: str
    origin: KeyPath
    means: str
    label: str
    handling: str


@dataclass(frozen=True, slots=True)
class Priority:
    """How urgent a lead is; in their order the first whose `when` holds counts, so `when` leaves out none of the earlier."""

    name: str
    origin: KeyPath
    means: str
    label: str
    when: Expression


@dataclass(frozen=True, slots=True)
class Team:
    """People who work leads. `calendar` is a calendar's name, `personal`, or None for the main one (the first)."""

    name: str
    origin: KeyPath
    means: str
    label: str
    manager: str | None
    calendar: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """A place where leads wait that nobody works."""

    name: str
    origin: KeyPath
    means: str
    label: str
    accountable: str | None


class Destination(StrEnum):
    """What a line of the routing leads to."""

    TEAM = "team"
    QUEUE = "queue"
    FIELD = "field"
    """The person in a field of the lead."""
    STAGE = "stage"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the routing: leads for which `when` holds (all where None) go to `to`."""

    name: str
    origin: KeyPath
    means: str
    when: Expression | None
    destination: Destination
    to: str
    reason: str | None = None
    how: str | None = None
    skip: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    cap: str | None = None
    """As agreed: `20 per member per day`."""
    overflow: str | None = None
    notify: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Routing:
    """Who gets a lead that qualifies: the first line that matches; `otherwise` is the last of them where it is agreed."""

    origin: KeyPath
    lines: tuple[Line, ...]
    when_owner_leaves: tuple[Line, ...] = ()
