"""What happened to each lead of a made-up history, once more: plain loops over the rows, from the definitions alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
ZONE = ZoneInfo("America/New_York")
DAY = timedelta(days=1)
HOLIDAYS = {date(2026, 11, 26), date(2026, 12, 25)}
EXITS = frozenset({"recycled", "disqualified", "lost"})
ROUTING = timedelta(minutes=10)
LATER = {"gone_at": "merged_into", "converted_at": "converted_at", "closed_at": "won"}
TABLES = ("raises", "stages", "owners", "activities", "facts")


@dataclass
class Turn:
    """One owner's time with a lead; `over` where it ended by now."""

    owner: str | None
    since: datetime
    over: datetime | None
    touched: datetime | None


@dataclass
class Cycle:
    """One time that somebody qualified."""

    lead: str
    number: int
    opened: datetime
    entries: list[tuple[str, datetime]]
    own: datetime
    """Since when this record has it."""
    left: datetime | None = None
    ended: datetime | None = None
    stage: str | None = None
    reason: str | None = None
    deleted: bool = False
    void: str | None = None
    raised: datetime | None = None
    source: str | None = None
    turns: list[Turn] = field(default_factory=list)

    @property
    def priority(self) -> str:
        """How urgent it is."""
        return "hot" if self.source in {"demo_request", "contact_sales"} else "warm"

    def entered(self, stage: str) -> datetime | None:
        """Return when it first entered a stage."""
        return next((at for name, at in self.entries if name == stage), None)


class Told:
    """What is known at an instant: rows by table and lead, and the cycles of all leads with their turns."""

    def __init__(self, tables: Mapping[str, Sequence[Row]], now: datetime) -> None:
        self.now = now
        self.leads = {row["lead"]: then(row, now) for row in tables["leads"] if row["created_at"] <= now}
        self.rows: dict[str, dict[str, list[Row]]] = {name: defaultdict(list) for name in TABLES}
        for name in TABLES:
            for row in sorted(tables[name], key=lambda each: each["at"]):
                if row["at"] <= now:
                    self.rows[name][row["lead"]].append(row)
        self.cycles = [cycle for lead in self.leads for cycle in self.cycles_of(lead)]
        for each in [each for each in self.cycles if each.deleted and self.leads[each.lead]["merged_into"]]:
            self.hand_over(each)
        for each in self.cycles:
            each.turns = [*self.turns_of(each)]

    def cycles_of(self, lead: str) -> list[Cycle]:
        """Return a cycle for each first MQL since the last exit; it ends with an exit, a signature, or the record."""
        row = self.leads[lead]
        found: list[Cycle] = []
        now: Cycle | None = None
        for entry in self.rows["stages"][lead]:
            at, stage = entry["at"], entry["stage"]
            if now is None and stage == "mql":
                now = Cycle(lead, len(found) + 1, at, [], own=at)
                found.append(now)
            if now is None:
                continue
            now.entries.append((stage, at))
            now.left = now.left or (at if stage != "mql" else None)
            if stage in EXITS | {"won"}:
                now.ended, now.stage, now.reason, now = at, stage, entry["reason"], None
        if now is not None and row["gone_at"] is not None:
            now.ended, now.deleted = row["gone_at"], True
        for each in found:
            imported = row["batch"] and each.number == 1
            merged = "merged" if row["merged_into"] else None
            each.void = (
                row["excluded"] or merged or ("import" if imported else None) or ("deleted" if each.deleted else None)
            )
            self.freeze(each, found)
        return found

    def freeze(self, cycle: Cycle, cycles: Sequence[Cycle]) -> None:
        """Take the source of the last hand-raise while no cycle was open; only one since the last exit has opened this one."""
        free = [
            each
            for each in self.rows["raises"][cycle.lead]
            if each["at"] <= cycle.opened
            and not any(other.ended and other.opened < each["at"] <= other.ended for other in cycles)
        ]
        last = max((each.ended for each in cycles if each.ended and each.ended < cycle.opened), default=None)
        cycle.source = free[-1]["source"]
        cycle.raised = free[-1]["at"] if last is None or free[-1]["at"] > last else None

    def hand_over(self, lost: Cycle) -> None:
        """Give the earliest opening to the record that stays; where that one never qualified, the cycle goes on under it."""
        row = self.leads[lost.lead]
        if row["excluded"]:
            return
        others = [each for each in self.cycles if each.lead == row["merged_into"]]
        for kept in others:
            open_then = kept.own <= row["gone_at"] < (kept.ended or self.now + DAY)
            if open_then and lost.opened < kept.opened:
                kept.opened, kept.raised, kept.source = lost.opened, lost.raised, lost.source
                kept.entries[0] = ("mql", lost.opened)
        if not others:
            first = [("mql", lost.opened)]
            void = self.leads[row["merged_into"]]["excluded"]
            kept = Cycle(row["merged_into"], 1, lost.opened, first, own=row["gone_at"], void=void)
            kept.raised, kept.source = lost.raised, lost.source
            self.cycles.append(kept)

    def turns_of(self, cycle: Cycle) -> Iterator[Turn]:
        """Whoever had the lead has it from the opening on, unless it went to another at once; then each who got it."""
        converted = self.leads[cycle.lead]["converted_at"]
        ends = [cycle.ended, converted if converted and cycle.left and converted >= cycle.left else None]
        over = min((each for each in ends if each is not None), default=None)
        changes = [(each["at"], each["owner"]) for each in self.rows["owners"][cycle.lead]]
        got = [each for each in changes if cycle.own <= each[0] < (over or self.now + DAY)]
        had = [(cycle.own, owner) for at, owner in changes if at < cycle.own][-1:]
        if got and got[0][0] <= cycle.own + ROUTING:
            had = []
        both = [*had, *got]
        both = [each for place, each in enumerate(both) if place == 0 or both[place - 1][1] != each[1]]
        for place, (since, owner) in enumerate(both):
            until = both[place + 1][0] if place + 1 < len(both) else over
            touches = (
                each["at"]
                for each in self.rows["activities"][cycle.lead]
                if each["counts"] and owner and each["by"] == owner and since <= each["at"] <= (until or self.now)
            )
            yield Turn(owner, since, until, next(touches, None))


def then(row: Row, now: datetime) -> Row:
    """Return a row without what it tells of a later time."""
    later = {name for at, other in LATER.items() if row.get(at) and row[at] > now for name in (at, other)}
    return {name: None if name in later else value for name, value in row.items()}


def is_open(day: date) -> bool:
    """Return whether the office is open on a day."""
    return day.weekday() < 5 and day not in HOLIDAYS


def clock(day: date, at: time) -> datetime:
    """Return the instant of a local time."""
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def openings(at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield what is left of each open day from an instant on."""
    day = at.astimezone(ZONE).date()
    while True:
        begin, end = clock(day, time(9)), clock(day, time(17))
        if is_open(day) and end > at:
            yield max(begin, at), end
        day += DAY


def after(at: datetime, length: timedelta) -> datetime:
    """Return when so much open time has passed."""
    for begin, end in openings(at):
        if length <= end - begin:
            return begin + length
        length -= end - begin
    raise AssertionError


def days_after(at: datetime, days: int) -> datetime:
    """Return the same time so many open days later, from the next opening on; an opening is the closing before it."""
    begin = next(openings(at))[0].astimezone(ZONE)
    passed = [begin.date()]
    while len(passed) <= days:
        day = passed[-1] + DAY
        while not is_open(day):
            day += DAY
        passed.append(day)
    return clock(passed[-2], time(17)) if begin.time() == time(9) else clock(passed[-1], begin.time())


def open_time(start: datetime, end: datetime) -> timedelta:
    """Return the open time between two instants."""
    found = timedelta()
    for begin, close in openings(start):
        if begin >= end:
            return found
        found += min(close, end) - begin
    raise AssertionError


def quantile(waits: Sequence[tuple[timedelta, bool]], share: float) -> timedelta | None:
    """Return by when so many are done, who still waits counted too (Kaplan and Meier); None where it never was."""
    left = 1.0
    for each in sorted({waited for waited, done in waits if done}):
        at_risk = sum(waited >= each for waited, _ in waits)
        left *= 1 - sum(waited == each and done for waited, done in waits) / at_risk
        if left <= 1 - share + 1e-12:
            return each
    return None
