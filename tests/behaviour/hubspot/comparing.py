"""What a portal keeps of a contact beside what the model of the agreement says of the same history.

An event that falls due while dates are asked for comes about when they are written, which is when `sla-sync clock` runs
next: the portal's own property `sla_dates` says when that was, and whether the runs kept to their schedule.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from sla_sync.agreement.document import Agreement
from sla_sync.semantics.clocks import Run, runs
from sla_sync.semantics.ladders import Rung, Taken, rungs
from sla_sync.semantics.story import Story, story_of
from sla_sync_hubspot.simulator.records import Record, Value
from sla_sync_hubspot.simulator.running.enrolments import history as workflow_history
from tests.behaviour.hubspot.portals import Crm
from tests.behaviour.hubspot.scripts import Played
from tests.behaviour.hubspot.telling import STATUSES, told

CLOCKS = ("response", "verdict")
RESTARTING = frozenset({"response"})
"""Clocks that begin anew with each owner."""
_STOPPED = frozenset({"on_time", "late", "stopped"})
_NEVER = datetime.max.replace(tzinfo=UTC)
_LIMIT = timedelta(milliseconds=1)
"""The limit itself is in time; what follows it comes right after it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One run of one clock, as the portal or the model has it. Events are (key, when it came about)."""

    clock: str
    started: datetime
    due: datetime | None
    stopped: datetime | None
    state: str


@dataclass(frozen=True, slots=True)
class Asking:
    """The times in which the dates of a contact were asked for: from, until; the last may be open."""

    spans: tuple[tuple[datetime, datetime | None], ...]

    def comes_about(self, due: datetime) -> datetime | None:
        """Return when an event that is due at an instant comes about, or None where its dates are never written."""
        for since, until in self.spans:
            if since < due and (until is None or due < until):
                return until
        return due


def differences(agreement: Agreement, crm: Crm, played: Played) -> Iterator[str]:
    """Yield each thing in which the portal and the model differ, and each action of a workflow that failed."""
    for line in workflow_history(crm.application.portal.records):
        if line.event == "FAILED":
            yield f"workflow {line.flow}, action {line.action}: {line.text}"
    for place, contact in enumerate(played.contacts):
        story = story_of(agreement, told(crm, contact))
        record = crm.contact(contact)
        if _came_back_at_once(record):
            continue
        for clock in CLOCKS:
            yield from (f"contact {place}: {each}" for each in _of_clock(story, record, clock, crm.now))


def _came_back_at_once(record: Record) -> bool:
    """Return whether the contact left the qualifying stage by hand and entered it by itself within one instant.

    Then it depends on the order of two workflows, of which HubSpot promises none, whether it ever left.
    """
    moves = _oldest_first(record, "hs_lead_status")
    return any(
        one.text != STATUSES["mql"] and other.text == STATUSES["mql"] and one.at == other.at != record.created
        for one, other in pairwise(moves)
    )


def _of_clock(story: Story, record: Record, clock: str, now: datetime) -> Iterator[str]:
    asking = asking_of(record)
    said = [(run, _turn(run)) for run in runs(story, clock, now)]
    found = list(_runs_of(record, clock))
    if [each.started for each in found] != [each.started for _, each in said]:
        starts = [[str(each.started) for each in turns] for turns in (found, [each for _, each in said])]
        yield f"{clock} starts at {starts[0]} in the portal, and at {starts[1]} in the model"
        return
    for (run, judged), kept in zip(said, found, strict=True):
        model = judged
        if _unknowable(run, asking):
            continue
        if kept.due is None and kept.state in {"void", "stopped"}:
            # It ended before anybody asked for its dates, and so before anybody could judge it.
            model = replace(model, due=None, state=kept.state if kept.state == "stopped" else model.state)
        if model != kept:
            yield f"{clock} in the portal\n  {kept}\nand in the model\n  {model}"
    yield from _of_events(story, record, clock, asking, now)


def _unknowable(run: Run, asking: Asking) -> bool:
    """Return whether a limit passed and the run ended before anybody wrote its dates, so that it reads like one in time."""
    if run.deadline is None or run.ended_at is None:
        return False
    at = asking.comes_about(run.deadline + _LIMIT)
    return run.deadline < run.ended_at and (at is None or at >= run.ended_at)


def _turn(run: Run) -> Turn:
    return Turn(run.commitment, run.started_at, run.deadline, run.stopped_at, run.state.value)


def _of_events(story: Story, record: Record, clock: str, asking: Asking, now: datetime) -> Iterator[str]:
    """Compare warnings and steps: which came about, and when."""
    said = sorted({*_warnings(story, clock, asking, now), *_steps(story, clock, asking, now)})
    found = sorted(
        (key, value.at)
        for key in _keys(story, clock)
        for value in record.history.get(f"sla_{key.replace('.', '_')}_happened_at", ())
        if value.text and key in _compared(story, clock)
    )
    if said != found:
        yield f"{clock}: in the portal came about\n  {_spelled(found)}\nand by the model\n  {_spelled(said)}"


def _spelled(events: Sequence[tuple[str, datetime]]) -> str:
    return ", ".join(f"{key} {at:%d %H:%M:%S.%f}" for key, at in events) or "nothing"


def _keys(story: Story, clock: str) -> list[str]:
    steps = story.agreement.commitments[clock].on_breach
    return [f"{clock}.warn", f"{clock}.due", *(f"{clock}.step{place}" for place in range(len(steps)))]


def _compared(story: Story, clock: str) -> set[str]:
    """Return the keys with an instant of their own; a step at once comes with the limit."""
    steps = story.agreement.commitments[clock].on_breach
    apart = (place for place, step in enumerate(steps) if step.after is not None or step.at is not None)
    return {f"{clock}.warn", f"{clock}.due", *(f"{clock}.step{place}" for place in apart)}


def _warnings(story: Story, clock: str, asking: Asking, now: datetime) -> Iterator[tuple[str, datetime]]:
    for run in runs(story, clock, now):
        for what, due in (("warn", run.warn_at), ("due", run.deadline and run.deadline + _LIMIT)):
            if due is None:
                continue
            at = asking.comes_about(due)
            if at is not None and at <= now and (run.ended_at is None or at < run.ended_at):
                yield f"{clock}.{what}", at


def _steps(story: Story, clock: str, asking: Asking, now: datetime) -> Iterator[tuple[str, datetime]]:
    found: Sequence[Rung] = rungs(story, clock, now)
    for each in found:
        if _unknowable(each.run, asking):
            continue
        if each.taken is Taken.TAKEN and f"{clock}.step{each.index}" in _compared(story, clock):
            at = asking.comes_about(each.due + _LIMIT)
            if at is not None and at <= now:
                yield f"{clock}.step{each.index}", at


def asking_of(record: Record) -> Asking:
    """Return when the dates of a contact were asked for."""
    spans: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for value in _oldest_first(record, "sla_dates"):
        if value.text == "asked":
            since = since or value.at
        elif since is not None:
            spans.append((since, value.at))
            since = None
    if since is not None:
        spans.append((since, None))
    return Asking(tuple(spans))


def _runs_of(record: Record, clock: str) -> Iterator[Turn]:
    """Yield the runs of a clock, from the histories of its properties: each begins with another instant of its start."""
    starts = _oldest_first(record, f"sla_{clock}_started_at")
    turns = [each.at for each in _oldest_first(record, "sla_assigned_at")] if clock in RESTARTING else []
    written = [each.at for each in _oldest_first(record, "sla_dates") if each.text == "written"]
    for place, start in enumerate(starts):
        # A later turn may have no clock; what it leaves of the one before it is no state of that one.
        ends = [at for at in (*(each.at for each in starts[place + 1 :]), *turns) if at > start.at]
        until = min(ends, default=_NEVER)
        begun = datetime.fromisoformat(start.text)

        def last(name: str, begun: datetime = begun, until: datetime = until) -> str:
            values = _oldest_first(record, f"sla_{clock}_{name}")
            at = bisect_right([each.at for each in values], until - timedelta(microseconds=1))
            return values[at - 1].text if at else ""

        stopped, state = last("stopped_at"), last("state")
        dated = any(begun <= at < until for at in written)
        due = last("due_at") if dated or state in {"on_time", "late"} else ""
        if until is not _NEVER and state in {"awaits", "running", "warned"}:
            # The next turn writes over what the last one left within the same instant.
            state = "void"
        yield Turn(
            clock,
            begun,
            datetime.fromisoformat(due) if due else None,
            datetime.fromisoformat(stopped) if stopped and state in _STOPPED else None,
            state,
        )


def _oldest_first(record: Record, name: str) -> list[Value]:
    return list(reversed(record.history.get(name, ())))
