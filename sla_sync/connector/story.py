"""What a platform knows of one lead, for `sla-sync why`: its assignments with their clocks, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla_sync.diagnostics import KeyPath


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a record, in a sentence; `origin` is the place in the agreement that it concerns."""

    at: datetime
    sentence: str
    origin: KeyPath = ()


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """One clock of one assignment as the platform keeps it: instants in UTC, and the state that it shows."""

    clock: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One owner's turn in a cycle, a leg, as the platform keeps it; whoever owns it is a person's name or a queue's."""

    cycle: int
    number: int
    owner: str
    priority: str = ""
    source: str = ""
    team: str = ""
    calendar: str = ""
    policy: str = ""
    stage: str = ""
    raised_at: datetime | None = None
    qualified_at: datetime | None = None
    assigned_at: datetime | None = None
    touched_at: datetime | None = None
    verdict_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str = ""
    clocks: tuple[ClockRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordStory:
    """What the platform knows of one lead: who it is, its assignments in their order, and what happened, the first first."""

    record: str
    title: str
    assignments: tuple[Assignment, ...]
    happenings: tuple[Happening, ...]
