"""What a reader offers besides, where its platform tells more than settings: who is there, who else writes, what happens.

An audit joins these to the agreement. A connector says what it saw and what it could not see; it never judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from sla_sync.agreement.binding import BindingDocument
from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.drift import Harm
from sla_sync.reconcile.settings import Address, Snapshot, Translation
from sla_sync.resources import Limit, Resources


@dataclass(frozen=True)
class Watched:
    """What an audit asks a platform about: the agreement in its words, the people of the target, and the last reading."""

    resources: Resources
    binding: BindingDocument
    translation: Translation
    snapshot: Snapshot
    now: datetime


TRAIL = "audit trail"
"""What an `Unseen` calls the trail of a platform that keeps none or does not show it: then nobody is said to have no trace."""


class Concern(StrEnum):
    """What sort of thing was observed; the words of the classes of drift."""

    SHADOWED = "shadowed"
    """An automation of others writes what only ours should write, or moves leads on."""
    STALE = "stale"
    """Something is there and does not count yet or any more: an unpublished draft, a stopped schedule, a sync error."""
    PEOPLE = "people"
    """A role, queue or team without an active person."""
    BEHAVIOUR = "behaviour"
    """Settings are as agreed, and what happens is not: dates are not stamped, reasons stay empty."""


@dataclass(frozen=True, slots=True)
class Witness:
    """One record by which something shows: its id, and when it happened to it."""

    record: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One thing seen on a platform. `what` names it («Flow 'Old lead router'»), `finding` says it in a whole sentence.

    `origin` is the place in the agreement that it touches, `address` the setting of ours, where there is one.
    `witnesses` are the records that show it (at most 200 of them), `wrong` how many there are, `of` among how many.
    """

    concern: Concern
    what: str
    finding: str
    origin: KeyPath
    address: Address | None = None
    who: str | None = None
    when: datetime | None = None
    witnesses: tuple[Witness, ...] = ()
    wrong: int | None = None
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Unseen:
    """Something that this platform, edition or identity does not tell, in a sentence; an audit calls it unverifiable."""

    what: str
    because: str


class Passage(StrEnum):
    """At what leads pass that a place of the agreement decides, so that those who passed while it was wrong can be counted."""

    CLOCK = "clock"
    ROUTING = "routing"
    REASON = "reason"
    ENTRY = "entry"


_PASSAGES = {
    "commitments": Passage.CLOCK,
    "calendars": Passage.CLOCK,
    "teams": Passage.CLOCK,
    "priorities": Passage.CLOCK,
    "sources": Passage.CLOCK,
    "routing": Passage.ROUTING,
    "reasons": Passage.REASON,
    "stages": Passage.ENTRY,
    "scoring": Passage.ENTRY,
}
_NAMED = frozenset({"commitments", "reasons", "stages"})
"""Sections whose entries tell which clock, list of reasons or stage it is; of the others all are touched."""


def passage(origin: KeyPath) -> tuple[Passage | None, str]:
    """Return at what leads pass there, and the name of the one commitment, list or stage; empty where all are touched."""
    section = str(origin[0]) if origin else ""
    return _PASSAGES.get(section), str(origin[1]) if section in _NAMED and len(origin) > 1 else ""


Counts = Callable[[str, datetime], Harm | None]
"""Counts who passed at one kind of place: the clock, list or stage by name (empty: all) and the instant from which they count."""


def harm_at(
    counted: Mapping[Passage, Counts], origin: KeyPath, since: datetime, applied_at: datetime | None
) -> Harm | None:
    """Return what passed since then at a place of the agreement, by the one of `counted` that knows such places.

    Before the first apply nothing was promised there: None where nothing was ever applied, or nobody counts such places.
    """
    kind, name = passage(origin)
    if applied_at is None or kind is None or kind not in counted:
        return None
    return counted[kind](name, max(since, applied_at))


def limited(limits: Sequence[Limit]) -> frozenset[str] | None:
    """Return the priorities to which these give a limit at any hour; none where all have one, None where hours decide.

    Without any limit nobody is promised anything, and it is None too.
    """
    if not limits or any(not _at_any_hour(each, limits) for each in limits):
        return None
    if any(each.priority is None for each in limits):
        return frozenset()
    return frozenset(str(each.priority) for each in limits)


def _at_any_hour(limit: Limit, limits: Sequence[Limit]) -> bool:
    """Return whether a limit counts at any time: by itself, or with its like for the other hours."""
    if limit.inside_hours is None:
        return True
    return any(each.priority == limit.priority and each.inside_hours is (not limit.inside_hours) for each in limits)


def without(number: int, whole: int) -> str:
    """Return the words before what some of those who passed lack: `each with`, `2 of them without`."""
    if number == 0:
        return "each with"
    return f"{'all' if number == whole > 1 else number} of them without"


@runtime_checkable
class Watches(Protocol):
    """What a reader offers besides, where an audit can look at more than settings. None of it writes."""

    def watch(self, asked: Watched) -> Iterable[Observation | Unseen]:
        """Yield what is there, and what the platform does not tell."""
        ...

    def harm(self, asked: Watched, origin: KeyPath, since: datetime) -> Harm | None:
        """Return which records passed since then at a place of the agreement; None where the platform cannot tell."""
        ...

    def first_due(self, asked: Watched) -> datetime | None:
        """Return when the next clock that runs now falls due, None where none runs: how long there is to act on an alarm."""
        ...


@dataclass(frozen=True, slots=True)
class LockHeld:
    """The apply lock of a target as somebody holds it."""

    who: str
    since: datetime | None
    expires: datetime
    token: str = ""
    """With which its holder signed it, so that who reads it knows his own."""


@runtime_checkable
class TellsLock(Protocol):
    """What a reader offers besides, where it can see whether an apply is under way."""

    def lock(self) -> LockHeld | None:
        """Return who applies right now; None where nobody does, or the lock has expired."""
        ...
