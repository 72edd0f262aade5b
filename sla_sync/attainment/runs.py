"""Turns × clocks: one row for each run of a clock, with its deadline, its stop, and its state as of an instant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue, Table, Value

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR
from sla_sync.attainment.business_time import deadlines, in_utc, stamp, with_deadline
from sla_sync.attainment.conditions import holds
from sla_sync.attainment.stacking import stacked
from sla_sync.attainment.terms import Limits, Version, priorities, terms
from sla_sync.attainment.timed import Timed, Unmeasured, timed
from sla_sync.attainment.turns import RETURNED, began, owned, whole_cycles
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.clocks import State, Void

UNUSABLE = "unusable"
"""The state of a run that cannot be judged, because an instant is missing or nobody knows the hours of its calendar."""

NO_START = "it is not recorded when the clock started"
OTHER_STAGE = "it was assigned in another stage, and only when it left that one is recorded"
STOP_BEFORE_START = "the first stop that is recorded lies before the start"
NO_HOURS = "nobody knows the hours of its calendar"
OTHER_YEARS = "it started outside the years that are measured"

COLUMNS = (
    "commitment", "leg", "lead", "cycle", "number", "policy", "owner", "team", "priority", "source", "assigned_at",
    "started_at", "begins_at", "due_at", "stopped_at", "ended_at", "state", "void_because", "unusable_because",
)  # fmt: skip
"""The columns of runs; `begins_at` is the start, or the opening for which a start outside hours waits."""

_INSTANTS = {"assigned_at", "started_at", "begins_at", "due_at", "stopped_at", "ended_at"}
_NUMBERS = {"cycle", "number"}
_NOTHING = pa.schema(
    (name, pa.timestamp("us") if name in _INSTANTS else pa.int64() if name in _NUMBERS else pa.string())
    for name in COLUMNS
).empty_table()

_VOIDS: Mapping[str, Void] = {
    "reassigned": Void.BEGAN_ANEW,
    RETURNED: Void.TAKEN_BACK,
    "converted": Void.PARTED,
    "merged": Void.PARTED,
    "deleted": Void.PARTED,
}
"""Why a run that ended in time is void, by what ended its turn; what is not named here closed the cycle."""


@dataclass(frozen=True, slots=True)
class Runs:
    """The runs of every clock that turns can tell, and the commitments that they cannot, with the reason."""

    table: Table
    unmeasured: tuple[Unmeasured, ...]


def runs(
    legs: Table,
    agreements: Mapping[str, Agreement],
    as_of: datetime,
    *,
    first: datetime,
    last: datetime,
    files: Mapping[str, str] | None = None,
) -> Runs:
    """Return the runs of all clocks as things stood at an instant; raises CalendarError and FormatError.

    `agreements` holds each version by the name under which `policy` of a leg pins it; `first` and `last` bound the starts
    that are judged. `files` holds the texts of files of holidays by name.
    """
    versions = {name: Version(each, calendars_of(each, files=files)) for name, each in agreements.items()}
    groups, unmeasured = _groups(agreements)
    limits = Limits()
    given = {
        (name, clock): terms({each: versions[each] for each in policies}, name, limits)
        for (name, clock), policies in groups.items()
    }
    found = deadlines(limits.found, first, last)
    begun = in_utc(legs)
    begun = begun.filter(begun["assigned_at"] <= stamp(as_of))
    tables = []
    for (name, clock), policies in groups.items():
        started = _started(begun.filter(begun["policy"].isin(policies)), clock)
        own = {each: versions[each] for each in policies}
        promised = _promised(started, clock, priorities(own, name), given[name, clock], as_of)
        tables.append(_judged(with_deadline(promised, found, limit="limit", start="started_at"), name, as_of))
    table = stacked(*tables) if tables else ibis.memtable(_NOTHING)
    return Runs(table, tuple(unmeasured))


def _groups(agreements: Mapping[str, Agreement]) -> tuple[dict[tuple[str, Timed], list[str]], list[Unmeasured]]:
    """Return the versions by commitment and clock, for those that differ in limits only are judged together."""
    groups: dict[tuple[str, Timed], list[str]] = {}
    unmeasured = []
    for policy, agreement in agreements.items():
        for name, commitment in agreement.commitments.items():
            if commitment.clock is None:
                continue
            clock = timed(agreement, commitment, commitment.clock)
            if isinstance(clock, Timed):
                groups.setdefault((name, clock), []).append(policy)
            else:
                unmeasured.append(Unmeasured(policy, name, clock))
    return groups, unmeasured


def _started(legs: Table, clock: Timed) -> Table:
    """Return the turns that have a clock, with its start and its stop; the first turn of a cycle has that of the cycle."""
    stops, elsewhere = legs[clock.stops], ibis.literal(value=False)
    if clock.stage is not None:
        elsewhere = stops.notnull() & (ibis.coalesce(legs["stage"], "") != clock.stage)
        stops = ibis.ifelse(elsewhere, ibis.null("timestamp(6)"), stops)
    legs = legs.mutate(stopped_at=stops, elsewhere=elsewhere)
    if clock.starts == "assigned_at" and clock.each_turn:
        # Each turn that somebody had starts its own clock: which one opens the cycle need not be looked up.
        return owned(legs).mutate(started_at=ibis._["assigned_at"])
    turns = began(legs)
    if clock.starts == "assigned_at":
        turns = turns.filter(~turns["opens_cycle"] | turns["owner"].notnull())
    if not clock.each_turn:
        return whole_cycles(turns).mutate(started_at=ibis._[clock.starts])
    turns = turns.filter(turns["opens_cycle"] | turns["owner"].notnull())
    return turns.mutate(started_at=ibis.ifelse(turns["opens_cycle"], turns[clock.starts], turns["assigned_at"]))


def _promised(turns: Table, clock: Timed, named: tuple[str, ...], given: object, as_of: datetime) -> Table:
    """Return the turns to which something is promised, and those of which it cannot be known, with their limit."""
    for condition in clock.where:
        turns = turns.filter(holds(condition, turns))
    hours: Value = ibis.literal("")
    if clock.runs_in == OWNER_CALENDAR:
        # Who has a lead before it was assigned is nobody, and the clock runs in the main calendar.
        hours = ibis.ifelse(turns["assigned_at"] <= turns["started_at"], turns["calendar"], "")
    urgency = ibis.ifelse(turns["priority"].isin(named), turns["priority"], "") if named else ibis.literal("")
    asked = turns.mutate(_hours=hours, _urgency=ibis.coalesce(urgency, ""))
    rows = ibis.memtable(given)
    found = asked.left_join(
        rows,
        [
            asked["policy"] == rows["of_policy"],
            asked["_hours"] == rows["of_hours"],
            asked["_urgency"] == rows["of_priority"],
        ],
    )
    start = found["started_at"]
    known = found["of_policy"].notnull()
    counts = found["limit"].notnull() & (start >= found["force_since"])
    counts &= found["force_until"].isnull() | (start < found["force_until"])
    return found.filter(start.isnull() | ((start <= stamp(as_of)) & (~known | counts)))


def _judged(turns: Table, name: str, as_of: datetime) -> Table:
    """Return the runs of a commitment with their state."""
    now, none = stamp(as_of), ibis.null("timestamp(6)")
    ended = ibis.ifelse(turns["ended_at"] <= now, turns["ended_at"], none)
    inside = (turns["stopped_at"] <= now) & (turns["ended_at"].isnull() | (turns["stopped_at"] <= turns["ended_at"]))
    turns = turns.mutate(ended_at=ended, stopped_at=ibis.ifelse(inside, turns["stopped_at"], none))
    turns = turns.mutate(unusable_because=_unusable(turns))
    due, stopped, ended = turns["due_at"], turns["stopped_at"], turns["ended_at"]
    left_in_time = stopped.isnull() & (ended <= due)
    state = ibis.cases(
        (turns["void"].notnull(), State.VOID.value),
        (turns["unusable_because"].notnull(), UNUSABLE),
        (stopped <= due, State.ON_TIME.value),
        (stopped > due, State.LATE.value),
        (left_in_time, State.VOID.value),
        (ended.isnull() & (now <= due), State.RUNNING.value),
        else_=State.OVERDUE.value,
    )
    because = ibis.coalesce(turns["void"], ibis.ifelse(left_in_time, _left(turns["ended_by"]), ibis.null("string")))
    return turns.mutate(commitment=ibis.literal(name), state=state, void_because=because).select(*COLUMNS)


def _unusable(turns: Table) -> StringValue:
    return ibis.cases(
        (turns["started_at"].isnull(), NO_START),
        (turns["of_policy"].isnull(), NO_HOURS),
        (turns["due_at"].isnull(), OTHER_YEARS),
        (turns["elsewhere"] & turns["stopped_at"].isnull(), OTHER_STAGE),
        (turns["stopped_at"] < turns["started_at"], STOP_BEFORE_START),
        else_=ibis.null("string"),
    )


def _left(ended_by: StringValue) -> StringValue:
    named = [(ended_by == word, because.value) for word, because in _VOIDS.items()]
    return ibis.cases(*named, else_=Void.CLOSED.value)
