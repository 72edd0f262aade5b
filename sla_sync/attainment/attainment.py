"""R1, attainment: of what fell due in a period, how much was done in time; and R15, how much the calendar gave for free."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.attainment.business_time import naive, stamp
from sla_sync.attainment.runs import UNUSABLE
from sla_sync.attainment.shares import Share
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant
from sla_sync.semantics.clocks import State

CUTS = ("owner", "team", "priority", "source", "week")
"""By what attainment is cut: the owner and team when it was assigned, and the ISO week of the deadline in the report's zone."""

DEFINITION = (
    "Done in time, of all turns whose deadline fell in the period and that were done in time, done late or left open. "
    "Business time by the calendar of the clock; a deadline itself is in time."
)
AT_ONCE = "Of what was done in time, how much took no business time at all: it was done outside hours."

_DAY = timedelta(days=1)
_STAMP = pa.timestamp("us")
_WEEKS = pa.schema([("on_day", pa.date32()), ("monday", _STAMP), ("before", pa.int32()), ("after", pa.int32())])
_KEYS = ("commitment", *CUTS, "policy", "state", "because")


@dataclass(frozen=True, slots=True)
class Period:
    """The local days of a report, from the first to the last, both included, in the zone of the report."""

    first: date
    last: date
    zone: str

    @property
    def since(self) -> datetime:
        """The instant at which it begins."""
        return self._midnight(self.first)

    @property
    def until(self) -> datetime:
        """The instant at which it is over."""
        return self._midnight(self.last + _DAY)

    def weeks(self) -> Iterator[tuple[int, datetime, datetime]]:
        """Yield the ISO weeks that it touches, as year and number, with the instants at which they begin and are over."""
        monday = self.first - timedelta(days=self.first.weekday())
        while monday <= self.last:
            year, week, _ = monday.isocalendar()
            yield 100 * year + week, self._midnight(monday), self._midnight(monday + 7 * _DAY)
            monday += 7 * _DAY

    def _midnight(self, day: date) -> datetime:
        return first_instant(zone_named(self.zone), datetime.combine(day, time()))


@dataclass(frozen=True, slots=True)
class Figure:
    """The attainment of a commitment, as a whole where `cut` is empty, or of one owner, team, priority, source or week.

    `value` is None for those of which that is not known. `void` and `unusable` count what was left out by its reason.
    """

    commitment: str
    cut: str
    value: str | None
    on_time: int
    late: int
    overdue: int
    running: int
    at_once: int
    void: Mapping[str, int]
    unusable: Mapping[str, int]
    policies: tuple[str, ...]

    @property
    def attained(self) -> Share:
        """What was done in time, of what fell due (R1)."""
        return Share(self.on_time, self.on_time + self.late + self.overdue)

    @property
    def zero_second(self) -> Share:
        """What took no business time, of what was done in time (R15)."""
        return Share(self.at_once, self.on_time)


@dataclass(frozen=True, slots=True)
class Attainment:
    """The figures of a period as of an instant."""

    period: Period
    as_of: datetime
    figures: tuple[Figure, ...]
    definition: str = DEFINITION

    def of(self, commitment: str, cut: str = "", value: str | None = None) -> Figure | None:
        """Return one figure, or None where nothing of it fell into the period."""
        asked = (commitment, cut, value)
        return next((each for each in self.figures if (each.commitment, each.cut, each.value) == asked), None)

    def ranked(self, commitment: str, cut: str) -> tuple[Figure, ...]:
        """Return the figures of a cut that rest on enough turns, the best first; nobody is ranked by fewer."""
        found = (each for each in self.figures if each.commitment == commitment and each.cut == cut)
        enough = (each for each in found if each.attained.may_be_ranked)
        return tuple(sorted(enough, key=lambda each: (-(each.attained.value or 0.0), each.value or "")))


def tallies(runs: Table, period: Period) -> Table:
    """Return how many runs of a period there are by all that they are cut by, and how many were done `at_once`.

    A run belongs to the period in which its deadline falls, and one without a deadline to that of its assignment.
    """
    due = ibis.coalesce(runs["due_at"], runs["assigned_at"])
    inside = runs.filter((due >= stamp(period.since)) & (due < stamp(period.until))).mutate(_due=due)
    weeks = ibis.memtable(_weeks(period))
    # One row for each day, and none is missing: an engine looks that up without comparing.
    found = inside.inner_join(weeks, inside["_due"].date() == weeks["on_day"])
    found = found.mutate(week=ibis.ifelse(found["_due"] < found["monday"], found["before"], found["after"]))
    waited = (found["state"] == State.ON_TIME.value) & (found["stopped_at"] <= found["begins_at"])
    # Fewer and shorter columns to group by: it is what most of the time goes into.
    found = found.mutate(because=ibis.coalesce(found["void_because"], found["unusable_because"]))
    counted = found.select(*_KEYS, _at_once=ibis.ifelse(waited, 1, 0))
    return counted.group_by(*_KEYS).agg(n=counted.count(), at_once=counted["_at_once"].sum())


def attainment(counted: pa.Table, period: Period, as_of: datetime) -> Attainment:
    """Return the figures that tallies add up to: of each commitment as a whole, then cut by cut."""
    rows = counted.to_pylist()
    sums: dict[tuple[str, str, str | None], list[Mapping[str, object]]] = {}
    for row in rows:
        sums.setdefault((row["commitment"], "", None), []).append(row)
        for cut in CUTS:
            value = _week(row[cut]) if cut == "week" else row[cut]
            sums.setdefault((row["commitment"], cut, value), []).append(row)
    places = {cut: place for place, cut in enumerate(("", *CUTS))}
    ordered = sorted(sums, key=lambda each: (each[0], places[each[1]], each[2] is None, each[2] or ""))
    return Attainment(period, as_of, tuple(_figure(*each, sums[each]) for each in ordered))


def _figure(commitment: str, cut: str, value: str | None, rows: Iterable[Mapping[str, object]]) -> Figure:
    states: Counter[str] = Counter()
    void: Counter[str] = Counter()
    unusable: Counter[str] = Counter()
    at_once, policies = 0, set()
    for row in rows:
        count, state = int(str(row["n"])), str(row["state"])
        states[state] += count
        at_once += int(str(row["at_once"]))
        policies.add(str(row["policy"]))
        if state == State.VOID:
            void[str(row["because"])] += count
        if state == UNUSABLE:
            unusable[str(row["because"])] += count
    return Figure(
        commitment=commitment,
        cut=cut,
        value=value,
        on_time=states[State.ON_TIME],
        late=states[State.LATE],
        overdue=states[State.OVERDUE],
        running=states[State.RUNNING],
        at_once=at_once,
        void=dict(sorted(void.items())),
        unusable=dict(sorted(unusable.items())),
        policies=tuple(sorted(policies)),
    )


def _week(number: int) -> str:
    return f"{number // 100}-W{number % 100:02}"


def _weeks(period: Period) -> pa.Table:
    """Return for each UTC day when a week begins on it, with the week `before` and the one `after` that instant.

    Where none begins, both are the same.
    """
    begun = [(naive(since), name) for name, since, _ in period.weeks()]
    rows = []
    day = naive(period.since).replace(hour=0, minute=0, second=0, microsecond=0)
    while day < naive(period.until):
        before = max((each for each in begun if each[0] <= day), default=begun[0])
        monday, after = next((each for each in begun if day < each[0] < day + _DAY), (day, before[1]))
        rows.append((day.date(), monday, before[1], after))
        day += _DAY
    columns = list(zip(*rows, strict=True))
    return pa.table([pa.array(each, type=kind.type) for each, kind in zip(columns, _WEEKS, strict=True)], schema=_WEEKS)
