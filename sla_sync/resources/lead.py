"""What leads carry, where they stand, what is asked of whoever moves them, and who sees what of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.diagnostics import KeyPath


class DataType(StrEnum):
    """What a field holds."""

    TEXT = "text"
    LONG_TEXT = "long text"
    CHECKBOX = "checkbox"
    NUMBER = "number"
    INSTANT = "instant"
    CHOICE = "choice"


ADDED: Mapping[str, DataType] = {
    "text": DataType.TEXT,
    "long text": DataType.LONG_TEXT,
    "checkbox": DataType.CHECKBOX,
    "number": DataType.NUMBER,
    "datetime": DataType.INSTANT,
}
"""What `add` of a binding creates, by the word that it says."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a field that offers several. `name` is stored, `label` is read."""

    name: str
    label: str
    means: str = ""
    origin: KeyPath = ()


@dataclass(frozen=True, slots=True)
class Field:
    """A value that a lead must be able to carry. People write it only where `written_by_people`."""

    name: str
    origin: KeyPath
    means: str
    label: str
    data: DataType
    choices: tuple[Choice, ...] = ()
    written_by_people: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the funnel; `order` counts from 0 in the order of the agreement."""

    name: str
    origin: KeyPath
    means: str
    label: str
    order: int
    enter_when: Expression | None = None
    end: str | None = None
    accountable: str | None = None
    next: Mapping[str, Expression | None] = field(default_factory=dict)
    """The stages that may follow, with the condition under which each may."""
    qualifies: bool = False
    """Whether entering it opens a cycle: there is at most one such stage."""
    closes: bool = False
    """Whether entering it closes the cycle."""
    resets: tuple[str, ...] = ()
    max_age: Duration | None = None
    again_after: Duration | None = None
    contact_if: Expression | None = None
    then: tuple[str, ...] = ()
    starts: bool = False
    """Whether leads begin in it: there is at most one such stage."""
    accepts: bool = False
    """Whether a lead that leaves the qualifying stage for this one is accepted: it goes neither back nor off the path."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """The instant at which a lead enters `stage` is kept in `field`: the first time of a cycle counts."""

    name: str
    origin: KeyPath
    means: str
    stage: str
    field: str


@dataclass(frozen=True, slots=True)
class ReasonSet:
    """The reasons that may be given in `stages`; kept in `field`, with a note in `note_field` where a reason asks for one."""

    name: str
    origin: KeyPath
    stages: tuple[str, ...]
    field: str
    note_field: str
    reasons: tuple[Choice, ...]
    note_required: tuple[str, ...] = ()
    revisits: Mapping[str, Duration] = dataclasses.field(default_factory=dict)
    """Reason → when to come back, counted from the instant at which it was given; the sooner end of a range."""
    revisits_asked: tuple[str, ...] = ()
    """Reasons for which whoever gives them is asked when to come back."""


@dataclass(frozen=True, slots=True)
class Gate:
    """Nobody may put a lead into `stage` without one of the reasons of `reasons`. `message` is what they read."""

    name: str
    origin: KeyPath
    means: str
    stage: str
    reasons: str
    message: str


@dataclass(frozen=True, slots=True)
class Segment:
    """The leads for which `when` holds."""

    name: str
    origin: KeyPath
    means: str
    label: str
    when: Expression


@dataclass(frozen=True, slots=True)
class Report:
    """A list of leads that the agreement wants people to see: columns by field name, leads in `stage` or all."""

    name: str
    origin: KeyPath
    means: str
    label: str
    columns: tuple[str, ...]
    stage: str | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see the fields, and who may write those that people write: roles and teams by name."""

    name: str
    origin: KeyPath
    means: str
    label: str
    holders: tuple[str, ...]
