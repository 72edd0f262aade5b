"""`sla-sync clock`: one run in which everybody who asks is given the dates of the clocks that run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime

from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.connector import DatesAsked, Timekeeping
from sla_sync.errors import SlaSyncError, TargetError
from sla_sync.pipeline.build import Prepared
from sla_sync.pipeline.dates import Almanac
from sla_sync.pipeline.look import Conversation, Say, converse, say_nothing
from sla_sync.pipeline.working_copy import one_at_a_time
from sla_sync.places import Place
from sla_sync.render.timekeeping import Kept
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.holidays import CalendarError

_ROUNDS = 3
"""How often those are answered again who changed between the reading and the write; the next run finds whoever is left."""
_HERE = "here"
_OVERLAPS = "Let it end: it answers everybody who asks. Where that happens often, run the clock less often."
_OWN_TIME = "the platform keeps its own time"


def keep_time(
    place: Place, name: str, *, environ: Mapping[str, str], today: date | None = None, say: Say = say_nothing
) -> Kept:
    """Give everybody at a target who asks the dates of the clocks that run, and leave the pulse of this run there.

    Raises TargetError where the platform or its binding leaves nothing to do.
    """
    with converse(place, name, environ=environ, today=today, say=say) as opened:
        _refuse_where_useless(name, opened.prepared)
        connector, connection = opened.prepared.connector, opened.target.connection
        if connector.open_timekeeping is None:
            raise _useless(name, _OWN_TIME)
        with (
            one_at_a_time(opened.target.folder, f"clock of {name}", file="clock.lock", hint=_OVERLAPS),
            connector.open_timekeeping(connection, opened.prepared.resources, opened.prepared.binding) as timekeeping,
        ):
            kept = answer_all(name, timekeeping, almanac_of(opened), connection.now)
            timekeeping.leave_pulse(kept.at)
        return kept


def why_useless(prepared: Prepared) -> str:
    """Return why a target needs no `sla-sync clock`, in a clause; empty where it relies on it."""
    binding, connector = prepared.binding, prepared.connector
    if connector.open_timekeeping is None:
        return _OWN_TIME
    if binding.timers != _HERE:
        return f"its binding lets the clocks run on {binding.timers} (timers)"
    if not prepared.resources.clocks:
        return "the agreement has no clock that is pushed to it"
    return connector.timed_by(binding) if connector.timed_by else ""


def _refuse_where_useless(name: str, prepared: Prepared) -> None:
    because = why_useless(prepared)
    if because:
        raise _useless(name, because)


def _useless(name: str, because: str) -> TargetError:
    return TargetError(
        f"There is nothing to do for `sla-sync clock` at target '{name}': {because}.",
        hint="Name a target whose workflows wait for dates: `deadlines: computed` and no other `timers` in its binding.",
    )


def almanac_of(opened: Conversation) -> Almanac:
    """Return the agreement of an open conversation with its hours. Raises SlaSyncError where they cannot be used."""
    agreement = opened.prepared.agreement
    try:
        files = read_holiday_files(agreement, opened.documents.place.folder).texts
        return Almanac(agreement, calendars_of(agreement, files=files))
    except CalendarError as error:
        raise SlaSyncError(error.message, hint=error.hint) from None


def answer_all(name: str, timekeeping: Timekeeping, almanac: Almanac, now: Callable[[], datetime]) -> Kept:
    """Answer everybody who asks, each group as it is found, and again those who changed meanwhile."""
    kept = Kept(name, now())
    moving: list[str] = []
    for group in timekeeping.asking():
        kept.already += group.already
        moving += _answer(group.asked, timekeeping, almanac, now, kept)
    for _ in range(_ROUNDS):
        if not moving:
            break
        again, moving = moving, []
        for some in _in_parts(again, 100):
            moving += _answer(timekeeping.read(some), timekeeping, almanac, now, kept)
    kept.moving = len(moving)
    return kept


def _answer(
    asked: Iterable[DatesAsked],
    timekeeping: Timekeeping,
    almanac: Almanac,
    now: Callable[[], datetime],
    kept: Kept,
) -> tuple[str, ...]:
    """Answer some who ask, count what came of it, and return who moved."""
    given = []
    for each in asked:
        try:
            given.append(almanac.given(each, timekeeping.ahead))
        except CalendarError as error:
            kept.refused[each.record] = error.message
    if not given:
        return ()
    answered = timekeeping.answer(given)
    kept.answered += len(answered.kept)
    kept.gone += len(answered.gone)
    kept.refused |= answered.refused
    at, known = now(), frozenset(answered.kept)
    waits = [at - each.asked.waits_since for each in given if each.asked.record in known and each.asked.waits_since]
    kept.oldest = max((*waits, *((kept.oldest,) if kept.oldest is not None else ())), default=None)
    return answered.moved


def _in_parts(items: Sequence[str], size: int) -> Iterable[Sequence[str]]:
    return (items[start : start + size] for start in range(0, len(items), size))
