"""The neutral kinds: what an agreement needs to exist, in no platform's words.

Every resource has a `name` that is unique within its kind and an `origin`, the place in the agreement that asked for
it. `means` is the agreement's own sentence and becomes help text and description.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

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


@dataclass(frozen=True)
class Resources:
    """Everything one agreement needs. `thresholds` and `groups` are what its expressions refer to by name."""

    agreement: str
    title: str
    effective_from: date
    timezone: str
    fields: tuple[Field, ...] = ()
    stages: tuple[Stage, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    reason_sets: tuple[ReasonSet, ...] = ()
    gates: tuple[Gate, ...] = ()
    segments: tuple[Segment, ...] = ()
    reports: tuple[Report, ...] = ()
    access: tuple[Access, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Scoring model → points at which `score reaches threshold` holds."""
    groups: Mapping[str, tuple[str | Expression, ...]] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    """Names of predicates that the binding defines: leads that no report and no segment counts."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stage → the agreed names of the fields it needs."""
