"""What promises time, by which hours, and what follows a breach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.diagnostics import KeyPath


@dataclass(frozen=True, slots=True)
class Opening:
    """One stretch in which a calendar is open, in UTC: `opens` belongs to it, `closes` does not.

    `day` is the local date, and `midnight` the instant from which local clock time is counted on that day: its noon less
    twelve hours, so that `opens - midnight` is the local time also on a day on which clocks change before the opening.
    """

    day: date
    midnight: datetime
    opens: datetime
    closes: datetime


@dataclass(frozen=True, slots=True)
class ClosedDay:
    """A day on which a calendar has other hours than its weekday: none where `windows` is empty."""

    day: date
    name: str
    windows: tuple[tuple[time, time], ...] = ()


@dataclass(frozen=True)
class Calendar:
    """When a clock runs. `week` says it by weekday (mon … sun; a window that ends at midnight ends at time.max).

    `openings` says the same as instants, the earliest first, from the day on which the agreement takes force to the
    `horizon`; business time beyond the horizon is not known here.
    """

    name: str
    origin: KeyPath
    means: str
    label: str
    timezone: str
    week: Mapping[str, tuple[tuple[time, time], ...]]
    closed_days: tuple[ClosedDay, ...]
    openings: tuple[Opening, ...]
    horizon: date


@dataclass(frozen=True, slots=True)
class Limit:
    """How long a clock may run: for one priority, inside or outside opening hours, or (both None) for every lead."""

    origin: KeyPath
    within: Duration
    priority: str | None = None
    inside_hours: bool | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of what follows a breach: `after` it (None: at once), or `at` so long after the start of the clock."""

    index: int
    origin: KeyPath
    after: Duration | None = None
    at: Duration | None = None
    notify: tuple[str, ...] = ()
    reassign: str | None = None
    """A team, or `by routing`."""
    at_most: int | None = None
    """How often in a cycle; None: without end."""
    return_to_queue: str | None = None
    stage: str | None = None
    reason: str | None = None
    close: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """What a promise times, for a lead. `calendar` is a calendar's name, None where that of the owner's team counts.

    `starts`, `stops` and `restarts` are events of the language. A clock that names no `restarts` runs once in a cycle,
    whoever owns the lead. `warn` is a share of the limit (0 to 1) or a time since the start.
    """

    name: str
    origin: KeyPath
    means: str
    label: str
    mode: Mode
    starts: Event
    stops: Event
    restarts: Event | None = None
    calendar: str | None = None
    wall_clock: bool = False
    where: Expression | None = None
    pauses: bool = False
    """Whether the agreement lets it stand still at times."""
    limits: tuple[Limit, ...] = ()
    warn: float | Duration | None = None
    rungs: tuple[Rung, ...] = ()
    excused: bool = False
    """Whether the agreement excuses some misses."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A commitment in one sentence, whatever kind it is."""

    name: str
    origin: KeyPath
    sentence: str
    by: str | None
    mode: Mode
