"""What became of one contact, from the history of the properties in which a portal keeps its turns and its clocks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sla_sync.connector import Assignment, ClockRecord, Happening, Manifest, RecordStory, SlaSyncError
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.dated import read_runs
from sla_sync_hubspot.histories import History, Version, history_of
from sla_sync_hubspot.names import CONTACTS, split_key
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.types import PROPERTY

_OWNER = "hubspot_owner_id"
_TITLE = ("firstname", "lastname", "email", "company")
_STAGES: Mapping[str, str] = {"hs_lead_status": "lead status", "lifecyclestage": "lifecycle stage"}
_STARTED, _STATE, _LEG = "_started_at", "_state", "leg"
_WALL_CLOCK = "wall clock"
_WORDS: Mapping[str, str] = {kept.AWAITS: "awaits its dates", kept.STOPPED: "awaits its dates"}
"""States that say nothing to people; the others are told as they are."""
_BECOMES: Mapping[str, str] = {"warn": kept.WARNED, "due": kept.OVERDUE}
_SAYS: Mapping[str, str] = {"warn": "was soon to fall due", "due": "fell due, and nothing had stopped it"}
_STILL_FOLLOWED = frozenset({kept.AWAITS, kept.RUNNING, kept.WARNED, kept.OVERDUE, kept.VOID})
_SOON = timedelta(minutes=10)
"""How long after an event the workflow that it sets off may take to change a state."""
_HINT = "Give the id of a contact, as it stands in the address of its page."

Owners = Callable[[], Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class _Turn:
    """A stretch of the life of a contact: one owner's turn in a cycle, or (number 0) the time before the first."""

    cycle: int
    number: int
    since: datetime
    until: datetime | None


def tell(client: HubSpotClient, record: str, manifest: Manifest | None, owners: Owners) -> RecordStory:
    """Return what became of a contact. Raises SlaSyncError where there is none, or the portal keeps no turns."""
    if not record.isdecimal():
        raise SlaSyncError(f"«{record}» is no id of a contact of HubSpot.", hint=_HINT)
    applied = manifest.applied if manifest else {}
    ours = [split_key(each.key)[1] for each in applied if each.type == PROPERTY and split_key(each.key)[0] == CONTACTS]
    prefix = next((each.removesuffix(_LEG) for each in ours if each.endswith(f"_{_LEG}")), None)
    if prefix is None:
        raise SlaSyncError(
            "This portal keeps no turns of contacts: no agreement whose clocks run in HubSpot was applied to it.",
            hint="Ask on the target whose platform runs the clocks, or run sla-sync apply first.",
        )
    names = [each for each in ours if each.startswith(prefix)]
    history = history_of(client, record, _TITLE, [*names, *_STAGES, _OWNER])
    if history is None:
        raise SlaSyncError(f"This portal has no contact with the id {record}.", hint=_HINT)
    return _Teller(history, prefix, names, owners).story()


class _Teller:
    """One contact and the words for what its history tells."""

    def __init__(self, history: History, prefix: str, names: Sequence[str], owners: Owners) -> None:
        self._history = history
        self._prefix = prefix
        self._bases = sorted(
            each.removeprefix(prefix).removesuffix(_STARTED) for each in names if each.endswith(_STARTED)
        )
        self._names = {str(each["id"]): _name(each) for each in owners()}
        dated = [read_runs(each.text, _cycle_in(each.text)) for each in history.of(f"{prefix}{kept.DATES_FOR}")]
        self._dated = [run for runs in dated for run in runs]

    def story(self) -> RecordStory:
        """Return the whole story."""
        turns = tuple(self._turns())
        told = (self._assignment(turn, turns) for turn in turns)
        # The time in a queue is told where nobody has taken the contact yet, and else as a part of the first turn.
        first = {turn.cycle for turn in turns if turn.number}
        assignments = tuple(each for each in told if each.number or each.cycle not in first)
        happenings = sorted(self._happenings(turns), key=lambda each: each.at)
        return RecordStory(self._history.record, self._title(), assignments, tuple(happenings))

    def _title(self) -> str:
        said = self._history.present
        name = " ".join(said[each] for each in ("firstname", "lastname") if each in said)
        return (name or said.get("email") or self._history.record) + (
            f" ({said['company']})" if "company" in said else ""
        )

    def _our(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def _held(self, name: str, turn: _Turn) -> str:
        text = self._history.held(self._our(name), turn.until)
        return "" if text in {kept.NONE, kept.NOBODY} else text

    def _turns(self) -> Iterator[_Turn]:
        """Yield the turns in order; a cycle begins with a time without an owner, be it of no length."""
        cycles = [(each.at, 0, each) for each in self._history.of(self._our(kept.CYCLE)) if each.text]
        legs = [(each.at, 1, each) for each in self._history.of(self._our(kept.LEG)) if _number(each.text)]
        marks = sorted([*cycles, *legs], key=lambda each: each[:2])
        cycle = 0
        for place, (at, kind, version) in enumerate(marks):
            cycle = _number(version.text) if kind == 0 else cycle
            until = marks[place + 1][0] if place + 1 < len(marks) else None
            if cycle:
                yield _Turn(cycle, 0 if kind == 0 else _number(version.text), at, until)

    def _assignment(self, turn: _Turn, turns: Sequence[_Turn]) -> Assignment:
        def instant(name: str) -> datetime | None:
            return next(self._history.instants(self._our(name), turn.since, turn.until), None)

        def since_cycle(name: str) -> datetime | None:
            return next(reversed(tuple(self._history.instants(self._our(name), until=turn.until))), None)

        ended_at, because = self._end(turn, turns)
        clocks = tuple(self._clocks(turn, turns))
        qualified_at = since_cycle(kept.QUALIFIED_AT)
        # A hand that is raised after the cycle was closed opens the next one.
        raised = self._history.instants(self._our(kept.RAISED_AT), until=turn.until)
        hands = [each for each in raised if qualified_at is None or each <= qualified_at]
        return Assignment(
            cycle=turn.cycle,
            number=turn.number,
            owner=self._owner(turn),
            priority=self._held("priority", turn),
            source=self._held(kept.CYCLE_SOURCE, turn),
            calendar=next((hours for _, hours in clocks if hours not in {"", _WALL_CLOCK}), ""),
            policy=self._held(kept.POLICY, turn),
            stage=self._held(kept.STAGE, turn),
            raised_at=hands[-1] if hands else None,
            qualified_at=qualified_at,
            assigned_at=instant(kept.ASSIGNED_AT),
            touched_at=instant(kept.FIRST_TOUCH_AT),
            verdict_at=instant(kept.VERDICT_AT),
            ended_at=ended_at,
            ended_because=because,
            clocks=tuple(clock for clock, _ in clocks),
        )

    def _owner(self, turn: _Turn) -> str:
        if not turn.number:
            return ""
        told = self._history.of(self._our(kept.TURN_OWNER), turn.since, turn.until)
        owner = next((each.text for each in told if each.text not in {"", kept.NOBODY}), None)
        identifier = owner or self._history.held(_OWNER, turn.until)
        return self._names.get(identifier, f"owner {identifier}" if identifier else "")

    def _end(self, turn: _Turn, turns: Sequence[_Turn]) -> tuple[datetime | None, str]:
        """Return when a turn ended and why; a cycle that closed ends the turn that ran then."""
        closed = next(self._history.instants(self._our(kept.ENDED_AT), turn.since, turn.until), None)
        if closed is not None:
            return closed, "Closed"
        gone = next((each.at for each in self._history.of(_OWNER, turn.since, turn.until) if not each.text), None)
        if gone is not None and turn.number:
            return gone, "Returned"
        follows = any(each.cycle == turn.cycle and each.number > turn.number for each in turns)
        return (turn.until, "Reassigned") if follows and turn.number else (None, "")

    def _clocks(self, turn: _Turn, turns: Sequence[_Turn]) -> Iterator[tuple[ClockRecord, str]]:
        """Yield the clocks that started in a turn with the calendar that counted; those of a queue go with the first turn."""
        queue = next(
            (each for each in turns if turn.number == 1 and (each.cycle, each.number) == (turn.cycle, 0)), turn
        )
        for base in self._bases:
            starts = self._history.of(self._our(base + _STARTED))
            for place, version in enumerate(starts):
                if version.at < queue.since or (turn.until is not None and version.at >= turn.until):
                    continue
                following = starts[place + 1].at if place + 1 < len(starts) else None
                clock = self._run(base, version, following)
                if clock is not None:
                    yield clock

    def _run(self, base: str, start: Version, following: datetime | None) -> tuple[ClockRecord, str] | None:
        """Return one run of a clock, from the version of its start to the start of the run after it."""
        started = next(self._history.instants(self._our(base + _STARTED), start.at), None)
        state = self._state(base, start.at, following)
        if started is None:
            return None
        dated = next((each for each in self._dated if (_base(each.clock), each.started_at) == (base, started)), None)
        due = tuple(self._history.instants(self._our(f"{base}_due_at"), start.at, following))
        stops = tuple(self._history.instants(self._our(f"{base}_stopped_at"), start.at, following))
        warned = next((each.at for each in dated.coming if each.key.endswith(".warn")), None) if dated else None
        record = ClockRecord(
            clock=dated.clock if dated else base.replace("_", "-"),
            started_at=started,
            due_at=due[-1] if due else dated.due_at if dated else None,
            warn_at=warned,
            stopped_at=stops[-1] if stops else None,
            state=_WORDS.get(state, state),
        )
        return record, dated.calendar if dated else ""

    def _state(self, base: str, since: datetime, following: datetime | None) -> str:
        """Return the last state of a run: from the first AWAITS on to that of the next run, or until it rests."""
        told = [
            each.text
            for each in self._history.of(self._our(base + _STATE), since)
            if following is None or each.at <= following
        ]
        own = told[told.index(kept.AWAITS) + 1 :] if kept.AWAITS in told else told
        ended = next((place for place, each in enumerate(own) if each in (kept.AWAITS, kept.IDLE)), len(own))
        return own[ended - 1] if ended else kept.AWAITS

    def _happenings(self, turns: Sequence[_Turn]) -> Iterator[Happening]:
        for name, spoken in _STAGES.items():
            for each in self._history.of(name):
                yield Happening(
                    each.at, f"Its {spoken} became «{each.text}»." if each.text else f"Its {spoken} was cleared."
                )
        for turn in turns:
            yield from self._of_turn(turn, turns)
        for key in sorted({each.key for run in self._dated for each in run.coming}):
            yield from self._of_event(key)

    def _of_turn(self, turn: _Turn, turns: Sequence[_Turn]) -> Iterator[Happening]:
        if not turn.number:
            yield Happening(turn.since, f"It qualified, for the {_nth(turn.cycle)} time.")
            return
        owner = self._owner(turn) or "somebody"
        yield Happening(turn.since, f"{owner} got it.")
        for at in self._history.instants(self._our(kept.FIRST_TOUCH_AT), turn.since, turn.until):
            yield Happening(at, f"{owner} reached out.")
        ended_at, because = self._end(turn, turns)
        if ended_at is not None and because == "Returned":
            yield Happening(ended_at, f"It went back from {owner} to nobody.")

    def _of_event(self, key: str) -> Iterator[Happening]:
        """Yield when an event came about and meant something: a clock that had stopped by then neither warns nor breaks."""
        clock, _, what = key.rpartition(".")
        states = self._our(_base(clock) + _STATE)
        for at in self._history.instants(self._our(kept.happened_at(key))):
            if what.startswith("step"):
                if self._history.held(states, at + _SOON) in _STILL_FOLLOWED:
                    yield Happening(at, f"Step {int(what.removeprefix('step')) + 1} of {clock} came up.")
            elif any(each.text == _BECOMES[what] for each in self._history.of(states, at, at + _SOON)):
                yield Happening(at, f"{clock} {_SAYS[what]}.")


def _base(clock: str) -> str:
    return clock.replace("-", "_")


def _cycle_in(text: str) -> int:
    return _number(text.partition(" ")[0])


def _number(text: str) -> int:
    return int(float(text)) if re.fullmatch(r"[0-9]+(\.0+)?", text) else 0


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _name(owner: Mapping[str, Any]) -> str:
    full = " ".join(str(owner[each]) for each in ("firstName", "lastName") if owner.get(each))
    return full or str(owner.get("email") or owner["id"])
