"""What became of the runs of every clock, by the local day on which each fell due: attainment for any week, month or period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import ibis

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import UNUSABLE, runs
from sla_sync.attainment.timed import Unmeasured
from sla_sync.measures.counted import Told
from sla_sync.measures.local_days import with_local_day
from sla_sync.measures.owed import Days
from sla_sync.semantics.clocks import State


@dataclass(frozen=True, slots=True)
class Due:
    """How many runs of one commitment fell due on a day and are in a state; those without a deadline on that of assignment."""

    commitment: str
    day: date
    state: str
    because: str | None
    n: int


@dataclass(frozen=True, slots=True)
class Clocked:
    """The runs of all clocks in some days, the clocks that turns cannot tell, and turns of versions that were not given."""

    due: tuple[Due, ...]
    unmeasured: tuple[Unmeasured, ...]
    unjudged: Mapping[date, Mapping[str, int]] = field(default_factory=dict)
    """By the day of assignment and the version."""

    def told(self, name: str, days: Days) -> Told:
        """Return what a clock came to among those due in some days: what was on time, of what was judged."""
        states: Counter[str] = Counter()
        void: Counter[str] = Counter()
        unusable: Counter[str] = Counter()
        for each in self.due:
            if each.commitment != name or not days.first <= each.day <= days.last:
                continue
            states[each.state] += each.n
            if each.state == State.VOID.value:
                void[each.because or ""] += each.n
            if each.state == UNUSABLE:
                unusable[each.because or ""] += each.n
        for day, versions in self.unjudged.items():
            if days.first <= day <= days.last:
                for version, n in versions.items():
                    unusable[f"judged by version {version}, which is not at hand"] += n
        kept = states[State.ON_TIME.value]
        return Told(
            kept=kept,
            judged=kept + states[State.LATE.value] + states[State.OVERDUE.value],
            amount=float(kept),
            waiting=states[State.RUNNING.value],
            left_out=dict(sorted(void.items())),
            unusable=dict(sorted(unusable.items())),
        )


def clocked(past: Past, period: Period) -> Clocked:
    """Return what became of the runs of every clock that fell due in a period; raises CalendarError and FormatError."""
    legs = past.tables["legs"]
    first, last = reach_of(past.engine, legs, past.as_of)
    found = runs(legs, past.agreements, past.as_of, first=first, last=last, files=past.files)
    told = found.table.select(
        "commitment",
        "state",
        at=ibis.coalesce(found.table["due_at"], found.table["assigned_at"]),
        because=ibis.coalesce(found.table["void_because"], found.table["unusable_because"]),
    )
    days = with_local_day(told, "at", period)
    rows = past.rows(days.group_by("commitment", "day", "state", "because").agg(n=days.count()))
    due = tuple(Due(row["commitment"], row["day"], row["state"], row["because"], row["n"]) for row in rows)
    return Clocked(due, found.unmeasured, _unjudged(past, period))


def _unjudged(past: Past, period: Period) -> Mapping[date, Mapping[str, int]]:
    legs = past.tables["legs"]
    inside = (legs["assigned_at"] >= stamp(period.since)) & (legs["assigned_at"] < stamp(period.until))
    others = legs.filter(inside & ~legs["policy"].isin(list(past.agreements))).select("policy", "assigned_at")
    days = with_local_day(others, "assigned_at", period)
    found: dict[date, dict[str, int]] = {}
    for row in past.rows(days.group_by("day", "policy").agg(n=days.count())):
        found.setdefault(row["day"], {})[row["policy"]] = row["n"]
    return found
