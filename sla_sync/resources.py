"""The neutral kinds: what an agreement needs to exist, in no platform's words.

Every resource has a `name` that is unique within its kind and an `origin`, the place in the agreement that asked for
it. `means` is the agreement's own sentence and becomes help text and description.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Event
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
    score_bounds: Mapping[str, Mapping[str, tuple[float | None, float | None]]] = field(default_factory=dict)
    """Scoring model → `score`, `fit` and `engagement` → the least and the most points, None where there is no bound."""
    groups: Mapping[str, tuple[str | Expression, ...]] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    """Names of predicates that the binding defines: leads that no report and no segment counts."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stage → the agreed names of the fields it needs."""
    policy: str = ""
    """The agreement and its version, as a record keeps them: `acme-inbound@2026-10-01`."""
    scope: Expression | None = None
    """Whose leads the agreement is about; all where None."""
    in_force: tuple[datetime, datetime | None] | None = None
    """The instants from which and until which (that one no more) the agreement is in force."""
    sources: tuple[Source, ...] = ()
    priorities: tuple[Priority, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    teams: tuple[Team, ...] = ()
    queues: tuple[Queue, ...] = ()
    routing: Routing | None = None
    clocks: tuple[Clock, ...] = ()
    deadline: str | None = None
    """The clock whose limit is the lead's own deadline; the others are kept beside it."""
    promises: tuple[Promise, ...] = ()
