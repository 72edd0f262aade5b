"""The dates that the code of a workflow computes for one contact: when its clocks fall due, and what is to come next.

Instants are milliseconds since 1970. It follows the program that HubSpot runs, step by step; `code.py` knows which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, TypeAlias

from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.refusals import Json

GO_ON = ("awaits", "running", "warned", "overdue")
UNJUDGED = ("awaits", "running", "warned")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RUN = re.compile(r"(\S+) (\S+)(?: due (\S+))?(?: in ([^:]+))?:(.*)")


class Row(NamedTuple):
    """One opening: the midnight from which the local time of its day counts, and when it opens and closes."""

    midnight: int
    opens: int
    closes: int


Hours: TypeAlias = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """What the agreement promises, and in which hours: the line of data in the code. A clock is as it stands there."""

    prefix: str
    slots: int
    deadline: str | None
    hours: tuple[Hours, ...]
    clocks: tuple[Json, ...]


class Coming(NamedTuple):
    """Something that falls due: `warn`, `due`, or a step."""

    what: str
    at: int


@dataclass(frozen=True, slots=True)
class Run:
    """One clock from one start."""

    clock: str
    start: int
    due: int | None
    hours: str
    coming: tuple[Coming, ...]

    def of(self, coming: Sequence[Coming]) -> Run:
        """Return the run with only these events to come."""
        return Run(self.clock, self.start, self.due, self.hours, tuple(coming))


def answer(data: Data, properties: Mapping[str, str]) -> dict[str, str] | None:
    """Return what is written into a contact with these properties; None where its dates are not asked for.

    Raises ValueError where the hours end before a clock does.
    """
    contact = _Contact(data, properties)
    if contact.says("dates") != "asked":
        return None
    kept = tuple(contact.kept_runs())
    verdicts: dict[str, str] = {}
    due: dict[str, int] = {}
    earlier: list[Run] = []
    running: list[Run] = []
    for clock in data.clocks:
        start = contact.instant(f"{_under(clock['name'])}_started_at")
        if start is not None:
            earlier += contact.earlier(clock, kept, start)
            running += contact.judge(clock, kept, start, verdicts, due)
    in_order = sorted(
        earlier, key=lambda run: [(each.clock, each.start) for each in kept].index((run.clock, run.start))
    )
    return _written(contact, [*in_order, *running], verdicts, due)


class _Contact:
    """A contact as the code reads it."""

    def __init__(self, data: Data, properties: Mapping[str, str]) -> None:
        self.data = data
        self._properties = properties
        self.cycle = int(float(self.says("cycle") or 0))
        self.is_open = self.says("cycle_state") == "open"
        self._owned = bool(properties.get("hubspot_owner_id"))

    def says(self, name: str) -> str:
        """Return what one of our properties holds, an empty text where it holds nothing."""
        return self._properties.get(f"{self.data.prefix}{name}") or ""

    def instant(self, name: str) -> int | None:
        """Return the instant in one of our properties."""
        text = self.says(name)
        return _milliseconds(text) if text else None

    def kept_runs(self) -> Iterator[Run]:
        """Yield the runs of this cycle that were computed before, without what is promised no more."""
        promised = {each["name"]: each for each in self.data.clocks}
        for run in _read_runs(self.says("dates_for"), self.cycle):
            if run.clock in promised:
                names = _whats(promised[run.clock])
                yield run.of([each for each in run.coming if each.what in names])

    def earlier(self, clock: Json, kept: Sequence[Run], start: int) -> Iterator[Run]:
        """Yield the runs of turns before this one whose breach is followed further."""
        name = _under(clock["name"])
        stopped, state = self.instant(f"{name}_stopped_at"), self.says(f"{name}_state")
        goes_on = state in GO_ON or state == "stopped"
        for run in kept if self.is_open else ():
            if run.clock != clock["name"] or (run.start == start and goes_on):
                continue
            if stopped is not None and stopped >= run.start:
                continue
            if run.due is None or not self._came(run.clock, Coming("due", run.due)):
                continue
            follow = [each for each in self._still(clock, run) if each.what.startswith("step")]
            coming = [each for each in follow if not _since_start(clock, each.what)]
            if coming:
                yield run.of(coming)

    def judge(
        self, clock: Json, kept: Sequence[Run], start: int, verdicts: dict[str, str], due: dict[str, int]
    ) -> Iterator[Run]:
        """Say what became of the clock that runs, or ran last, and yield it where it goes on."""
        name = _under(clock["name"])
        state, stopped = self.says(f"{name}_state"), self.instant(f"{name}_stopped_at")
        was_stopped = stopped is not None and stopped >= start
        is_stopped = state == "stopped" or (was_stopped and state in UNJUDGED)
        if not is_stopped and (state not in GO_ON or was_stopped):
            return
        if not self.is_open and not is_stopped:
            verdicts[clock["name"]] = "void"
            return
        run = next((each for each in kept if (each.clock, each.start) == (clock["name"], start)), None)
        run = run or _found(self.data, clock, start, self.says("priority") or None)
        if run is None:
            verdicts[clock["name"]] = "not promised"
            return
        if run.due is not None:
            due[clock["name"]] = run.due
        if is_stopped:
            late = run.due is not None and stopped is not None and stopped > run.due
            verdicts[clock["name"]] = "late" if late else "on_time"
            return
        verdicts[clock["name"]] = "runs"
        ended = not self._owned and clock["restarts"]
        coming = self._still(clock, run)
        yield run.of([each for each in coming if not (ended and _since_start(clock, each.what))])

    def _still(self, clock: Json, run: Run) -> list[Coming]:
        return [each for each in run.coming if not self._used_up(clock, each.what) and not self._came(run.clock, each)]

    def _came(self, clock: str, each: Coming) -> bool:
        happened = self.instant(f"{_under(clock)}_{each.what}_happened_at")
        return happened is not None and happened >= each.at

    def _used_up(self, clock: Json, what: str) -> bool:
        step = _step(clock, what)
        if step is None or step["most"] is None:
            return False
        return float(self.says(f"{_under(clock['name'])}_{what}_times") or 0) >= int(step["most"])


def _written(
    contact: _Contact, runs: Sequence[Run], verdicts: Mapping[str, str], due: Mapping[str, int]
) -> dict[str, str]:
    data = contact.data
    values = {"dates_for": _spell_runs(contact.cycle, runs), "dates": "written" if contact.is_open else "quiet"}
    for clock, verdict in verdicts.items():
        name = _under(clock)
        state, limit = contact.says(f"{name}_state"), _spell(due[clock]) if clock in due else ""
        if verdict == "void":
            if state in UNJUDGED:
                values[f"{name}_state"] = "void"
            continue
        values[f"{name}_due_at"] = limit
        if verdict == "not promised":
            values[f"{name}_state"] = "idle"
        elif verdict != "runs":
            values[f"{name}_state"] = verdict
        elif state == "awaits":
            values[f"{name}_state"] = "running"
        if clock == data.deadline:
            values["due_at"] = limit
    events = sorted(((each, run.clock) for run in runs for each in run.coming), key=_place(data))
    for slot in range(1, data.slots + 1):
        event = events[slot - 1] if slot <= len(events) else None
        values[f"next_{slot}"] = f"{event[1]}.{event[0].what}" if event else ""
        # The limit itself is still in time, so what follows it comes right after it.
        values[f"next_{slot}_at"] = _spell(event[0].at + (event[0].what != "warn")) if event else ""
    touch, assigned = contact.instant("first_touch_at"), contact.instant("assigned_at")
    if touch is not None and assigned is not None and touch < assigned:
        values["first_touch_at"] = ""
    return {f"{data.prefix}{name}": text for name, text in values.items()}


def _place(data: Data) -> Callable[[tuple[Coming, str]], tuple[int, int, int, int]]:
    order = [each["name"] for each in data.clocks]

    def place(event: tuple[Coming, str]) -> tuple[int, int, int, int]:
        each, clock = event
        rank = {"warn": 0, "due": 1}.get(each.what, 2)
        number = int(each.what.removeprefix("step")) if each.what.startswith("step") else 0
        return each.at, rank, order.index(clock), number

    return place


def _found(data: Data, clock: Json, start: int, priority: str | None) -> Run | None:
    """Return a run from its start, or None where nothing is promised to such a contact at such a time."""
    rows = None if clock["hours"] is None else data.hours[clock["hours"]]
    inside = rows is None or any(row.opens <= start < row.closes for row in rows)
    limits: Sequence[Json] = clock["limits"]
    own = (each for each in limits if each["priority"] is not None and each["priority"] == priority)
    rest = (each for each in limits if each["priority"] is None and each["inside"] in (None, inside))
    limit = next(own, None) or next(rest, None)
    if limits and limit is None:
        return None
    due = add(rows, start, limit["within"]) if limit else None
    coming: list[Coming] = []
    warn = _warning(clock, rows, start, limit["within"] if limit else None)
    if warn is not None:
        coming.append(Coming("warn", warn))
    if due is not None:
        coming.append(Coming("due", due))
    for step in clock["steps"]:
        if step["at"] is not None:
            coming.append(Coming(step["what"], add(rows, start, step["at"])))
        elif step["after"] is not None and due is not None:
            coming.append(Coming(step["what"], add(rows, due, step["after"])))
    return Run(clock["name"], start, due, clock["calendar"], tuple(coming))


def _warning(clock: Json, rows: Hours | None, start: int, limit: Sequence[object] | None) -> int | None:
    if clock["warn"] is None:
        return None
    if isinstance(clock["warn"], list):
        return add(rows, start, clock["warn"])
    if limit is None:
        return None
    end = add(rows, start, limit)
    if limit[0] == "wall" or rows is None:
        return start + _rounded((end - start) / 1000 * clock["warn"]) * 1000
    length = sum(max(min(row.closes, end) - max(row.opens, start), 0) for row in rows)
    return _add_open(rows, start, _rounded(length / 1000 * clock["warn"]) * 1000)


def _rounded(seconds: float) -> int:
    """Return whole seconds; halves go to the even one."""
    return round(seconds)


def add(rows: Hours | None, start: int, length: Sequence[object]) -> int:
    """Return the instant so long after a start: of wall clock, of open time, or of open days."""
    kind, amount = str(length[0]), int(str(length[1]))
    if kind == "wall" or rows is None:
        return start + amount
    return _add_open(rows, start, amount) if kind == "open" else _add_days(rows, start, amount)


def _add_open(rows: Hours, start: int, length: int) -> int:
    left = length
    if left <= 0:
        return start
    for row in rows:
        if row.closes <= start:
            continue
        opens = max(row.opens, start)
        if left <= row.closes - opens:
            return opens + left
        left -= row.closes - opens
    raise _too_short()


def _add_days(rows: Hours, start: int, count: int) -> int:
    """Return the same time on the so-manyth later open day, within its hours; an opening is the closing before it."""
    if not count:
        return start
    first = next((row for row in rows if row.closes > start), None)
    if first is None:
        raise _too_short()
    clock = max(first.opens, start) - first.midnight
    days = [*dict.fromkeys(row.midnight for row in rows if row.midnight > first.midnight)]
    if count > len(days):
        raise _too_short()
    day = days[count - 1]
    windows = [row for row in rows if row.midnight == day]
    open_at = next((row for row in windows if day + clock < row.closes), None)
    inside = max(open_at.opens, day + clock) if open_at else windows[-1].closes
    at = next((place for place, row in enumerate(rows) if (row.midnight, row.opens) == (day, inside)), None)
    return inside if at is None else rows[at - 1].closes


def _too_short() -> ValueError:
    return ValueError("The hours in this code end before the clock does: run sla-sync apply.")


def _read_runs(text: str, cycle: int) -> list[Run]:
    first, space, rest = text.partition(" ")
    if not space or first != str(cycle):
        return []
    found = []
    for told in rest.split("; "):
        parts = _RUN.fullmatch(told)
        if parts is None:
            return []
        coming = [each.strip().split(" ") for each in parts[5].split(", ") if each.strip()]
        found.append(
            Run(
                parts[1],
                _milliseconds(parts[2]),
                _milliseconds(parts[3]) if parts[3] else None,
                parts[4] or "",
                tuple(Coming(each[0], _milliseconds(each[1])) for each in coming),
            )
        )
    return found


def _spell_runs(cycle: int, runs: Sequence[Run]) -> str:
    spelled = []
    for run in runs:
        due = "" if run.due is None else f" due {_spell(run.due)}"
        hours = f" in {run.hours}" if run.hours else ""
        coming = ", ".join(f"{each.what} {_spell(each.at)}" for each in run.coming)
        spelled.append(f"{run.clock} {_spell(run.start)}{due}{hours}: {coming}".rstrip())
    return f"{cycle} {'; '.join(spelled)}"


def _milliseconds(text: str) -> int:
    return (datetime.fromisoformat(text) - _EPOCH) // timedelta(milliseconds=1)


def _spell(at: int) -> str:
    return spell_instant(_EPOCH + timedelta(milliseconds=at))


def _under(name: str) -> str:
    return re.sub(r"[.-]", "_", name)


def _step(clock: Json, what: str) -> Json | None:
    return next((each for each in clock["steps"] if each["what"] == what), None)


def _since_start(clock: Json, what: str) -> bool:
    step = _step(clock, what)
    return step is not None and step["at"] is not None


def _whats(clock: Json) -> list[str]:
    steps = [each["what"] for each in clock["steps"] if each["at"] is not None or each["after"] is not None]
    return [*([] if clock["warn"] is None else ["warn"]), "due", *steps]
