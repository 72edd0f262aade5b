"""What a platform tells for a comparison with another one: neutral shapes, filled by a connector that only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Protocol, runtime_checkable

from sla_sync.agreement.binding import BindingDocument
from sla_sync.reconcile.settings import Address, Snapshot, Translation
from sla_sync.resources import Resources


class FactKind(StrEnum):
    """What a field holds, as far as another platform must take it."""

    TEXT = "text"
    NUMBER = "number"
    CHECKBOX = "checkbox"
    INSTANT = "instant"
    DATE = "date"
    CHOICE = "choice"
    PERSON = "person"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class StageValue:
    """One stored value that means a stage. `offered`: people can choose it there; None where the platform does not tell."""

    place: str
    value: str
    offered: bool | None
    trouble: str = ""
    """Why it is not offered, in a clause: `it is hidden`."""


@dataclass(frozen=True, slots=True)
class FieldFact:
    """One field as the platform has it. `said` is its type in the platform's own words."""

    name: str
    holds: FactKind
    said: str
    length: int | None = None
    choices: tuple[str, ...] | None = None
    """The only values that it takes; None where it takes any."""
    editable: bool | None = None
    """Whether the user by whom the platforms are joined may change it; None where the platform does not tell."""
    locked: str = ""
    """Why that user may not, in a clause."""


@dataclass(frozen=True, slots=True)
class Hours:
    """One calendar of the agreement as the platform keeps it, under a name of its own; `week` says mon … sun."""

    name: str
    zone: str
    week: Mapping[str, tuple[tuple[time, time], ...]]
    closed: frozenset[date]


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the platform knows under a name of the targets file: an e-mail address, or in a clause why nobody."""

    email: str | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A team or queue of the agreement: what it is called there, and whether it exists (None: the platform does not tell)."""

    name: str
    there: bool | None


@dataclass(frozen=True, slots=True)
class Automation:
    """One automation that is in force: fields that it reads and writes, by platform name, and whether it tells or moves people.

    `address` is that of a setting of ours; None for those of others.
    """

    name: str
    address: Address | None
    reads: frozenset[str]
    writes: frozenset[str]
    acts: bool


@dataclass(frozen=True, slots=True)
class Population:
    """A segment of people: what it is called, and who was in it when it was looked at, by id."""

    name: str
    members: frozenset[str]


@dataclass(frozen=True)
class Facts:
    """What one platform tells. What is in none of the mappings, the platform does not have or does not keep."""

    stages: Mapping[str, tuple[StageValue, ...]] = field(default_factory=dict)
    """Agreed stage → the values by which a lead shows it; none where it shows on another object, such as a deal."""
    fields: Mapping[str, FieldFact] = field(default_factory=dict)
    """Agreed word → its field, those of our stamps included."""
    technical: frozenset[str] = frozenset()
    """Fields that we keep for ourselves and nobody may copy, by platform name."""
    clock_fields: frozenset[str] = frozenset()
    """Fields that show how a clock stands: an automation that reads one of them and acts, escalates."""
    hours: Mapping[str, Hours] = field(default_factory=dict)
    zone: str | None = None
    """The one time zone in which the platform reckons, where it has no calendars of its own."""
    people: Mapping[str, Person] = field(default_factory=dict)
    spots: Mapping[str, Spot] = field(default_factory=dict)
    """Agreed team or queue → its place."""
    automations: tuple[Automation, ...] = ()
    qualified: Population | None = None
    """Those who meet what the qualifying stage asks, where the platform keeps such a segment."""
    inclusion: Population | None = None
    """Those whom the platforms exchange, where it was said which segment that is and the platform has it."""
    user: str = ""
    """By whom the platforms are joined here."""
    untold: Mapping[str, str] = field(default_factory=dict)
    """Part of these facts by its name → why the platform does not tell it."""


@dataclass(frozen=True)
class Asked:
    """What a comparison asks a platform about: the agreement in its words, the last reading, and what is said of the sync.

    `mapped` are the fields that are exchanged by platform name, `inclusion` the segment that decides who is, `user` by
    whom; empty where nobody says so.
    """

    resources: Resources
    binding: BindingDocument
    translation: Translation
    snapshot: Snapshot
    mapped: frozenset[str] = frozenset()
    inclusion: str = ""
    user: str = ""


@runtime_checkable
class TellsFacts(Protocol):
    """What a reader offers besides, where its platform can be compared with another one."""

    def facts(self, asked: Asked) -> Facts:
        """Return what the platform tells; nothing is written to learn it."""
        ...
