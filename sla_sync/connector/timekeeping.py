"""Dates of clocks for a platform that cannot reckon business time: what it asks, and what it is told, in neutral shapes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable


class Phase(StrEnum):
    """How far a clock has come on the platform."""

    GOES_ON = "goes on"
    """It runs, or waits for its dates."""
    STOPPED = "stopped"
    """Its stop came before anybody said when it is due."""
    OVER = "over"
    """It was judged, or is void."""


class Verdict(StrEnum):
    """What becomes of a clock whose dates were asked for."""

    RUNS = "runs"
    ON_TIME = "on time"
    LATE = "late"
    VOID = "void"
    NOT_PROMISED = "not promised"
    """Nothing was promised to such a lead."""


@dataclass(frozen=True, slots=True)
class Coming:
    """Something that falls due: its key (`answer.warn`, `answer.due`, `answer.step1`) and when."""

    key: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DatedRun:
    """One run of a clock whose dates were found: when it is due, the calendar that counted, what is still to come."""

    clock: str
    started_at: datetime
    due_at: datetime | None = None
    calendar: str = ""
    coming: tuple[Coming, ...] = ()


@dataclass(frozen=True, slots=True)
class AskedClock:
    """One clock of a lead; whoever owned the lead when it started, and the agreed team of that person."""

    clock: str
    started_at: datetime
    phase: Phase
    stopped_at: datetime | None = None
    """When it last stopped, in this run or in one before it."""
    owner: str | None = None
    team: str | None = None
    awaits: bool = False
    """Whether the platform waits for the dates of this very run."""


@dataclass(frozen=True)
class DatesAsked:
    """A lead whose dates are asked for, as it stood when the platform was read.

    `runs` are those of this cycle whose dates were found before, `happened` says when each key last came about, and
    `taken` how often each bounded step was taken in this cycle.
    """

    record: str
    cycle: int
    open: bool
    """Whether its cycle is open; nothing falls due in one that is closed."""
    clocks: tuple[AskedClock, ...]
    owned: bool = True
    """Whether a turn runs: somebody owns the lead."""
    priority: str | None = None
    runs: tuple[DatedRun, ...] = ()
    happened: Mapping[str, datetime] = field(default_factory=dict)
    taken: Mapping[str, int] = field(default_factory=dict)
    besides: tuple[str, ...] = ()
    """What else the platform must show unchanged when the dates stand there; for the connector alone."""

    @property
    def waits_since(self) -> datetime | None:
        """Since when the first of its clocks has waited for its dates; None where none is new."""
        return min((each.started_at for each in self.clocks if each.awaits), default=None)


@dataclass(frozen=True)
class DatesGiven:
    """The answer: the runs that count with all that is still to come, the next of it in order, and what each clock becomes."""

    asked: DatesAsked
    runs: tuple[DatedRun, ...]
    coming: tuple[Coming, ...]
    verdicts: Mapping[str, Verdict]
    due: Mapping[str, datetime]


@dataclass(frozen=True)
class AskedTogether:
    """Leads that were read at once. `already` were still listed as asking, and their dates stand there."""

    asked: tuple[DatesAsked, ...]
    already: int = 0


@dataclass(frozen=True)
class Answered:
    """What came of writing answers: the records that have them now, and why others were refused.

    `moved` changed between the reading and the write, so that they must be read and answered again; `gone` exist no more.
    """

    kept: tuple[str, ...]
    moved: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


class Timekeeping(Protocol):
    """An open conversation in which a platform is told when clocks fall due; it may write those dates and nothing else."""

    @property
    def ahead(self) -> int:
        """How many things that are to come the platform can be told at once of one lead."""
        ...

    def asking(self) -> Iterator[AskedTogether]:
        """Yield everybody whose dates are asked for, at most 100 together, each group read right before it is yielded."""
        ...

    def read(self, records: Sequence[str]) -> tuple[DatesAsked, ...]:
        """Return these, at most 100, as they stand now, whether they ask or not; who is gone is left out."""
        ...

    def answer(self, answers: Sequence[DatesGiven]) -> Answered:
        """Write these answers, at most 100, in one call, and read back what stands there then; nothing is written twice."""
        ...

    def leave_pulse(self, at: datetime) -> None:
        """Leave the instant of this run on the platform, by which an audit knows that somebody keeps the time."""
        ...


@dataclass(frozen=True, slots=True)
class Pulse:
    """When `sla-sync clock` last ran, and when settings were last applied; None for what never happened."""

    ran_at: datetime | None
    applied_at: datetime | None


@runtime_checkable
class TellsPulse(Protocol):
    """What a reader offers besides, where the platform relies on `sla-sync clock`."""

    def pulse(self) -> Pulse:
        """Return when the dates of clocks were last found, as the platform keeps it."""
        ...
