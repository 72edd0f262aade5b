"""One contact whose dates are asked for: which of its properties are read, what they say, and what an answer writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sla_sync.connector import (
    AskedClock,
    Clock,
    Coming,
    DatedRun,
    DatesAsked,
    DatesGiven,
    Phase,
    Resources,
    Verdict,
)
from sla_sync_hubspot import wire
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.dated import read_runs, spell_instant, spell_runs
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clocks import portal_clocks
from sla_sync_hubspot.translate.vocabulary import Vocabulary

_GO_ON = frozenset({kept.AWAITS, kept.RUNNING, kept.WARNED, kept.OVERDUE})
_UNJUDGED = frozenset({kept.AWAITS, kept.RUNNING, kept.WARNED})
_BESIDES = (kept.LEG, kept.TURN_OWNER, kept.TOUCHED, kept.JUDGED)
_PRIORITY, _DUE_AT, _OWNER = "priority", "due_at", "hubspot_owner_id"
_INSTANT = timedelta(milliseconds=1)
_WARNS = ".warn"

TeamOf = Callable[[str | None], str | None]
"""Turns the id of an owner into the agreed team of that person."""


@dataclass(frozen=True)
class Columns:
    """The properties of one agreement's clocks, by what they are for."""

    prefix: str
    clocks: tuple[Clock, ...]
    deadline: str | None
    has_priority: bool

    def named(self, name: str) -> str:
        """Return the property that keeps something."""
        return property_name(self.prefix, name)

    @property
    def read(self) -> tuple[str, ...]:
        """The properties that must be read to answer a contact."""
        own = [
            kept.DATES, kept.DATES_FOR, kept.CYCLE, kept.CYCLE_STATE, kept.ASSIGNED_AT, kept.FIRST_TOUCH_AT, *_BESIDES,
            *((_PRIORITY,) if self.has_priority else ()),
            *(kept.of_clock(each, what) for each in self.clocks for what in ("state", "started_at", "stopped_at", "due_at")),
            *(kept.happened_at(key) for each in self.clocks for key in kept.timed_keys(each)),
            *(kept.times(key) for each in self.clocks for key in kept.counted_keys(each)),
        ]  # fmt: skip
        return (*map(self.named, own), _OWNER)

    def says(self, contact: Mapping[str, Any], name: str) -> str:
        """Return what a contact keeps under a name; empty where it keeps nothing."""
        return str(contact["properties"].get(self.named(name)) or "")

    def at(self, contact: Mapping[str, Any], name: str) -> datetime | None:
        """Return an instant that a contact keeps, or None."""
        return wire.instant(self.says(contact, name))

    def count(self, contact: Mapping[str, Any], name: str) -> int:
        """Return a number that a contact keeps; 0 where it keeps none."""
        text = self.says(contact, name)
        return int(float(text)) if text else 0


def columns(resources: Resources, binding: HubSpotBinding) -> Columns:
    """Return the properties of the clocks that run on a portal."""
    priority = any(each.name == _PRIORITY for each in resources.fields)
    clocks = portal_clocks(Vocabulary(resources, binding))
    return Columns(binding.prefix, clocks, resources.deadline, has_priority=priority)


def is_asking(contact: Mapping[str, Any], names: Columns) -> bool:
    """Return whether the dates of a contact are asked for."""
    return names.says(contact, kept.DATES) == kept.ASKED


def asked_of(contact: Mapping[str, Any], names: Columns, team_of: TeamOf) -> DatesAsked:
    """Return what a contact says of its clocks."""
    cycle = names.count(contact, kept.CYCLE)
    keys = [key for each in names.clocks for key in kept.timed_keys(each)]
    counted = [key for each in names.clocks for key in kept.counted_keys(each)]
    happened = {key: names.at(contact, kept.happened_at(key)) for key in keys}
    clocks = (_clock(contact, each.name, names, team_of) for each in names.clocks)
    return DatesAsked(
        record=str(contact["id"]),
        cycle=cycle,
        open=names.says(contact, kept.CYCLE_STATE) == kept.OPEN,
        clocks=tuple(each for each in clocks if each is not None),
        owned=bool(contact["properties"].get(_OWNER)),
        priority=names.says(contact, _PRIORITY) or None if names.has_priority else None,
        runs=_known(read_runs(names.says(contact, kept.DATES_FOR), cycle), keys),
        happened={key: at for key, at in happened.items() if at is not None},
        taken={key: names.count(contact, kept.times(key)) for key in counted},
        besides=tuple(names.says(contact, each) for each in _BESIDES),
    )


def _clock(contact: Mapping[str, Any], name: str, names: Columns, team_of: TeamOf) -> AskedClock | None:
    """Return one clock of a contact, or None where it never started."""
    started = names.at(contact, kept.of_clock(name, "started_at"))
    if started is None:
        return None
    state = names.says(contact, kept.of_clock(name, "state"))
    stopped = names.at(contact, kept.of_clock(name, "stopped_at"))
    assigned = names.at(contact, kept.ASSIGNED_AT)
    owner = contact["properties"].get(_OWNER) if assigned is not None and assigned <= started else None
    return AskedClock(
        clock=name,
        started_at=started,
        phase=_phase(state, stopped=stopped is not None and stopped >= started),
        stopped_at=stopped,
        owner=owner,
        team=team_of(owner),
        awaits=state == kept.AWAITS,
    )


def _phase(state: str, *, stopped: bool) -> Phase:
    if state == kept.STOPPED:
        return Phase.STOPPED
    if state not in _GO_ON:
        return Phase.OVER
    if not stopped:
        return Phase.GOES_ON
    # A touch between the reading and the writing of its dates: the state that it left was written over.
    return Phase.STOPPED if state in _UNJUDGED else Phase.OVER


def _known(runs: tuple[DatedRun, ...], keys: list[str]) -> tuple[DatedRun, ...]:
    """Return runs without what the agreement has no step for any more, and which no workflow would take."""
    known = frozenset(keys)
    return tuple(
        replace(each, coming=tuple(one for one in each.coming if one.key in known))
        for each in runs
        if f"{each.clock}.due" in known
    )


def written(given: DatesGiven, contact: Mapping[str, Any], names: Columns) -> dict[str, str]:
    """Return what is written into a contact for an answer: texts by property, an empty one where nothing is to stand."""
    values = {kept.DATES_FOR: token(given), kept.DATES: kept.WRITTEN if given.asked.open else kept.QUIET}
    for clock, verdict in given.verdicts.items():
        values |= _judged(clock, verdict, given, names.says(contact, kept.of_clock(clock, "state")))
        if clock == names.deadline and verdict is not Verdict.VOID:
            values[_DUE_AT] = _spelled(given.due.get(clock))
    for place in range(1, kept.SLOTS + 1):
        coming = given.coming[place - 1] if place <= len(given.coming) else None
        values[kept.slot_what(place)] = "" if coming is None else coming.key
        values[kept.slot_at(place)] = "" if coming is None else spell_instant(_comes_at(coming))
    touch, assigned = names.at(contact, kept.FIRST_TOUCH_AT), names.at(contact, kept.ASSIGNED_AT)
    if touch is not None and assigned is not None and touch < assigned:
        values[kept.FIRST_TOUCH_AT] = ""
    return {names.named(name): text for name, text in values.items()}


def _judged(clock: str, verdict: Verdict, given: DatesGiven, state: str) -> dict[str, str]:
    due = {kept.of_clock(clock, "due_at"): _spelled(given.due.get(clock))}
    match verdict:
        case Verdict.RUNS:
            return {kept.of_clock(clock, "state"): kept.RUNNING, **due} if state == kept.AWAITS else due
        case Verdict.ON_TIME | Verdict.LATE:
            return {kept.of_clock(clock, "state"): kept.LATE if verdict is Verdict.LATE else kept.ON_TIME, **due}
        case Verdict.VOID:
            return {kept.of_clock(clock, "state"): kept.VOID} if state in _UNJUDGED else {}
        case Verdict.NOT_PROMISED:
            return {kept.of_clock(clock, "state"): kept.IDLE, **due}


def _comes_at(coming: Coming) -> datetime:
    # The limit itself is still in time, so what follows it comes right after it (docs/semantics.md).
    return coming.at if coming.key.endswith(_WARNS) else coming.at + _INSTANT


def _spelled(at: datetime | None) -> str:
    return "" if at is None else spell_instant(at)


def token(given: DatesGiven) -> str:
    """Return the text by which a contact shows that it was given these very dates."""
    return spell_runs(given.asked.cycle, given.runs)


def stands(given: DatesGiven, contact: Mapping[str, Any], now: DatesAsked, names: Columns) -> bool:
    """Return whether an answer stands in a contact, and nothing that it was found by changed meanwhile."""
    return names.says(contact, kept.DATES_FOR) == token(given) and same_basis(given.asked, now)


def same_basis(before: DatesAsked, now: DatesAsked) -> bool:
    """Return whether what dates are found by is the same in two readings of a contact; what answers write is left out."""
    return _basis(before) == _basis(now)


def _basis(asked: DatesAsked) -> tuple[object, ...]:
    starts = tuple((each.clock, each.started_at, each.stopped_at) for each in asked.clocks)
    return asked.cycle, asked.open, asked.priority, asked.besides, starts
