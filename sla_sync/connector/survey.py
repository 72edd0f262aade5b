"""What a platform has that a first agreement can be written from: neutral shapes, filled by a connector that only reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, runtime_checkable

from sla_sync.connector.watching import Unseen


def speaks_of(word: str, described: Mapping[str, Any]) -> bool:
    """Return whether `name` or `label` of a field, as the platform describes it, has a word in it; `word` is in lower case."""
    return any(word in str(described.get(member, "")).casefold() for member in ("name", "label"))


@dataclass(frozen=True, slots=True)
class StageFound:
    """One value by which people there show how far a lead is, in the platform's order. `bound` is how a binding says it."""

    value: str
    label: str
    bound: Mapping[str, Any]
    first: bool = False
    """New records get it."""
    won: bool = False
    """It means that sales goes on with the person: a converted lead, a customer."""


@dataclass(frozen=True, slots=True)
class SourcesFound:
    """The values that say where a lead comes from, and the field in which they stand, as a binding says it."""

    read_from: str
    values: Mapping[str, str]
    """Stored value → label."""


@dataclass(frozen=True, slots=True)
class ReasonsFound:
    """A field with a list of values that looks as if it says why a lead was given up."""

    field: str
    label: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CalendarFound:
    """Opening hours under the name that they have there; `open` says mon … sun as `09:00-17:00`; closed days by date."""

    name: str
    zone: str
    open: Mapping[str, str]
    closed: Mapping[date, str] = field(default_factory=dict)
    main: bool = False


@dataclass(frozen=True, slots=True)
class TeamFound:
    """A queue or team with its active people by the names that a targets file would give them."""

    name: str
    label: str
    bound: Mapping[str, Any]
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteFound:
    """One line of what assigns leads there: to whom, and whether it takes every lead that comes to it.

    `says` is its condition in the platform's own words.
    """

    to: str
    says: str
    always: bool


@dataclass(frozen=True, slots=True)
class ScoreFound:
    """A number on a lead that looks as if it were a score."""

    field: str
    label: str


@dataclass(frozen=True)
class Survey:
    """What is there. What is in none of the members, the platform does not have; what it does not tell is in `unseen`."""

    place: str
    """The field that shows stages, as people there call it."""
    stages: tuple[StageFound, ...] = ()
    sources: SourcesFound | None = None
    reasons: tuple[ReasonsFound, ...] = ()
    calendars: tuple[CalendarFound, ...] = ()
    teams: tuple[TeamFound, ...] = ()
    routes: tuple[RouteFound, ...] = ()
    scores: tuple[ScoreFound, ...] = ()
    zone: str | None = None
    currency: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    """Word of the language → the field that holds it there, of those that every such platform has."""
    touch: Mapping[str, Any] = field(default_factory=dict)
    """What a binding says of touches, by what people log there."""
    addable: str = ""
    """The key by which a binding names values that could be added, where no value there means something needed."""
    read: tuple[str, ...] = ()
    """What was looked at and what was found, a sentence each."""
    unseen: tuple[Unseen, ...] = ()


@runtime_checkable
class Surveys(Protocol):
    """What a reader offers besides, where an agreement can be begun from what is there. None of it writes."""

    def survey(self) -> Survey:
        """Return what is there. Raises UnauthorizedError or UnreachableError where nothing can be asked at all."""
        ...
