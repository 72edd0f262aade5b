"""What the agreement says to one lead's clocks: the limit that counted, the hours in which each ran, what stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions import print_event
from sla_sync.agreement.sections.commitments import (
    INSIDE_HOURS,
    OUTSIDE_HOURS,
    OWNER_CALENDAR,
    WALL_CLOCK,
    Commitment,
)
from sla_sync.connector import Assignment, ClockRecord, Happening, RecordStory
from sla_sync.diagnostics import KeyPath, Location
from sla_sync.semantics.calendar import BusinessCalendar, Span
from sla_sync.semantics.calendars import Calendars

_SAME_INSTANT = timedelta(seconds=1)
"""Platforms keep instants to the second."""


@dataclass(frozen=True)
class Agreed:
    """The agreement that a lead is held against: its hours, where its lines stand, and the present time."""

    agreement: Agreement
    calendars: Calendars
    locate: Callable[[KeyPath], Location]
    now: datetime

    @property
    def policy(self) -> str:
        """The version of the file, as a record keeps it."""
        return f"{self.agreement.metadata.name}@{self.agreement.metadata.version_in_force}"

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which times are told."""
        return self.calendars.main.zone


@dataclass(frozen=True, slots=True)
class Account:
    """One clock of one assignment, explained; `limit` is None where the agreement names none for such a lead.

    `spans` are the open hours from its start to its stop, or to the present where it runs on; `used` is their length.
    """

    clock: ClockRecord
    state: str
    sentence: str
    limit: Duration | None
    by_priority: bool
    location: Location
    hours: str
    spans: tuple[Span, ...]
    used: timedelta
    stopped_by: str


def accounts(story: RecordStory, assignment: Assignment, agreed: Agreed) -> Iterator[Account]:
    """Yield what the agreement says to each clock of an assignment that has started."""
    for record in assignment.clocks:
        commitment = agreed.agreement.commitments.get(record.clock)
        if commitment is not None and record.started_at is not None:
            yield _account(story, assignment, record, record.started_at, commitment, agreed)


def _account(
    story: RecordStory,
    assignment: Assignment,
    record: ClockRecord,
    started: datetime,
    commitment: Commitment,
    agreed: Agreed,
) -> Account:
    hours, calendar = _hours(commitment, assignment, agreed)
    limit, path = _limit(record.clock, commitment, assignment.priority, inside_hours=calendar.is_open(started))
    end = max(started, min(each for each in (record.stopped_at, assignment.ended_at, agreed.now) if each))
    return Account(
        record,
        record.state.replace("_", " ") or _state(record, assignment.ended_at, agreed.now),
        commitment.sentence or record.clock,
        limit,
        path[-1] == assignment.priority,
        agreed.locate(path),
        hours,
        tuple(calendar.open_spans(started, end)),
        calendar.between(started, end),
        _stopped_by(story.happenings, record, commitment),
    )


def _hours(commitment: Commitment, assignment: Assignment, agreed: Agreed) -> tuple[str, BusinessCalendar]:
    calendars, clock = agreed.calendars, commitment.clock
    runs_in = OWNER_CALENDAR if clock is None else clock.runs_in
    if runs_in == WALL_CLOCK:
        return WALL_CLOCK, calendars.wall
    asked = assignment.calendar if runs_in == OWNER_CALENDAR else runs_in
    if asked in calendars.named:
        return asked, calendars.named[asked]
    return next(iter(calendars.named), WALL_CLOCK), calendars.main


def _limit(name: str, commitment: Commitment, priority: str, *, inside_hours: bool) -> tuple[Duration | None, KeyPath]:
    """Return the limit for a lead, and the place in the agreement that says so."""
    base: KeyPath = ("commitments", name, "within")
    for key in (priority, INSIDE_HOURS if inside_hours else OUTSIDE_HOURS):
        found = commitment.limits.get(key) if key else None
        if isinstance(found, Duration):
            return found, (*base, key)
    one = commitment.limits.get("")
    return (one, base) if isinstance(one, Duration) else (None, base if commitment.within else base[:2])


def _state(record: ClockRecord, ended_at: datetime | None, now: datetime) -> str:
    """Return how a clock stands where the platform shows no state."""
    due = record.due_at
    if record.stopped_at is not None:
        return "on time" if due is None or record.stopped_at <= due else "late"
    if due is not None and min(ended_at or now, now) > due:
        return "overdue"
    if ended_at is not None:
        return "void"
    return "warned" if record.warn_at is not None and now >= record.warn_at else "running"


def _stopped_by(happenings: tuple[Happening, ...], record: ClockRecord, commitment: Commitment) -> str:
    """Return what stopped a clock, as the platform tells it, else as the agreement calls it; empty where nothing did."""
    stopped = record.stopped_at
    if stopped is None:
        return ""
    told = next((each.sentence for each in happenings if abs(each.at - stopped) < _SAME_INSTANT), None)
    return told or (print_event(commitment.clock.stops.value) if commitment.clock else "")
