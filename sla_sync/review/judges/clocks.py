"""Changes of what is timed: the events that start, stop, halt and restart a clock, and the hours in which it runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import print_event
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK, Clock
from sla_sync.agreement.sections.reading import Written
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.conditions import pauses
from sla_sync.review.judges.duties import weigh_duty
from sla_sync.review.judges.openings import effect_of_hours
from sla_sync.review.judges.spots import Spot, Teller

_PERSONAL = "personal"


def clock(spot: Spot) -> Iterator[Amendment]:
    """Tell a clock that is new or gone; one that is there on both sides is told key by key."""
    said = cast("Clock", spot.after or spot.before)
    span = f"from {_text(said.starts)} to {_text(said.stops)}"
    gone = spot.after is None
    sentence = f"{spot.name()}: nothing is timed any more {span}." if gone else f"{spot.name()}: it is timed {span}."
    yield spot.says(weigh_duty(spot, Effect.LOOSENS if gone else Effect.TIGHTENS), spot.name(), sentence)


@dataclass(frozen=True, slots=True)
class _Turn:
    """What it asks of whoever is timed that an event is said for the first time, or no longer."""

    new: Effect
    gone: Effect


_EITHER = _Turn(new=Effect.UNMEASURABLE, gone=Effect.UNMEASURABLE)
_PAUSE = _Turn(new=Effect.LOOSENS, gone=Effect.TIGHTENS)
"""What halts, restarts or ends a duty helps whoever has it."""


def _event(what: str, turn: _Turn) -> Teller:
    """Return what tells an event; `what` is a clause that lacks only the event."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        yield _event_told(spot, what, _text(spot.before), _text(spot.after), turn)

    return tell


def _event_told(spot: Spot, what: str, before: str, after: str, turn: _Turn) -> Amendment:
    if not before:
        effect, said = turn.new, f"{what} {after}, which is new"
    elif not after:
        effect, said = turn.gone, f"{what} {before} no longer"
    else:
        effect, said = Effect.UNMEASURABLE, f"{what} {before} → {after}"
    row = Row(f"{spot.name()}: {what}", before or "never", after or "never")
    return spot.says(weigh_duty(spot, effect), spot.name(), f"{spot.name()}: {said}.", row)


def _text(value: object) -> str:
    return print_event(cast("Written[Event]", value).value) if isinstance(value, Written) else ""


def _pauses_on(spot: Spot) -> Iterator[Amendment]:
    """Tell from when a clock stands still; an end of the pause that came or went with it is a part of that."""
    clocks = [
        kept.clock
        for each in (spot.old, spot.new)
        if (kept := each.commitments.get(spot.name())) is not None and kept.clock
    ]
    before, after = (
        f"{_text(each.pauses_on)} until {_text(each.resumes_on)}" if each.pauses_on else "" for each in clocks
    )
    yield _event_told(spot, "its clock stands still from", before, after, _PAUSE)


def _resumes(spot: Spot) -> Iterator[Amendment]:
    begins = [
        kept.clock.pauses_on if (kept := each.commitments[spot.name()]).clock else None for each in (spot.old, spot.new)
    ]
    if _text(begins[0]) == _text(begins[1]):
        yield _event_told(spot, "its clock goes on at", _text(spot.before), _text(spot.after), _PAUSE)


def _of(spot: Spot) -> Iterator[Amendment]:
    before, after = (str(each or "a lead") for each in (spot.before, spot.after))
    row = Row(f"{spot.name()}: what is timed", before, after)
    sentence = f"{spot.name()}: what is timed is {before} → {after}."
    yield spot.says(weigh_duty(spot, Effect.UNMEASURABLE), spot.name(), sentence, row)


def _runs_in(spot: Spot) -> Iterator[Amendment]:
    before, after = (str(each or OWNER_CALENDAR) for each in (spot.before, spot.after))
    old, new = hours_of(before, spot.old), hours_of(after, spot.new)
    known = old is not None and new is not None
    effect = effect_of_hours(old, new, spot.old, spot.new) if known else Effect.UNMEASURABLE
    row = Row(f"{spot.name()}: its clock runs in", _hours(before), _hours(after))
    sentence = f"{spot.name()}: its clock runs in {_hours(before)} → {_hours(after)}."
    yield spot.says(weigh_duty(spot, effect), spot.name(), sentence, row)


def _hours(name: str) -> str:
    return {OWNER_CALENDAR: "the owner's calendar", WALL_CLOCK: "wall clock time"}.get(name, f"the calendar «{name}»")


def hours_of(runs_in: str, agreement: Agreement) -> Calendar | str | None:
    """Return the one calendar that a clock runs in, `wall clock` for all hours; None where several may be meant."""
    if runs_in == WALL_CLOCK:
        return WALL_CLOCK
    if runs_in != OWNER_CALENDAR:
        return agreement.calendars.get(runs_in)
    used = {each.calendar for each in agreement.teams.values() if each.calendar is not None}
    return agreement.calendars.get(next(iter(used))) if len(used) == 1 and _PERSONAL not in used else None


CLOCK_TELLERS: Mapping[str, Teller] = {
    "of": _of,
    "starts": _event("its clock starts at", _EITHER),
    "stops": _event("its clock stops at", _EITHER),
    "runs_in": _runs_in,
    "pauses": pauses,
    "pauses_on": _pauses_on,
    "resumes_on": _resumes,
    "restarts": _event("its clock begins anew at", _PAUSE),
}
"""Each key of a clock and what tells its change."""

excused_by = _event("the duty ends at", _PAUSE)
