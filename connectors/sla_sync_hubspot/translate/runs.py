"""What a clock does, as steps: it starts, stops, or is void. Its state says how it stands, and its history what it was.

Nothing is said here of when it is due: that is asked for (`dates`), and `clock_flow.py` waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sla_sync.connector import Clock, clock_events, tree
from sla_sync_hubspot.binding import Deadlines, Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Act, Arm, Fork, Step, Switch, copy, set_now, set_text
from sla_sync_hubspot.translate.events import clock_is, is_in, name_of
from sla_sync_hubspot.translate.filters import Branches, both, compile_expression, property_filter
from sla_sync_hubspot.translate.positions import in_cycle
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary

Moment = clock_events.Moment
Event = clock_events.Event
_NOT_JUDGED = (kept.AWAITS, kept.RUNNING, kept.WARNED)
STANDS_STILL = (kept.IDLE, kept.ON_TIME, kept.LATE, kept.VOID, kept.STOPPED)
"""The states in which a clock does not run; one that is overdue runs on until it stops."""


def begin(clock: Clock, vocabulary: Vocabulary, started: Act | None = None) -> tuple[Step, ...]:
    """Return the steps that start a clock, for contacts to whom it promises something; its instant is now unless said."""
    state = name_of(kept.of_clock(clock, "state"), vocabulary)
    at = started or set_now(name_of(kept.of_clock(clock, "started_at"), vocabulary))
    steps = (at, set_text(state, kept.AWAITS))
    when = _promised(clock, vocabulary)
    return steps if when is None else (Fork((Arm("promised", when, steps),)),)


def begin_if_still(clock: Clock, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps that start a clock where it does not run."""
    still: Branches = ((clock_is(clock, STANDS_STILL, vocabulary),),)
    return (Fork((Arm("does not run", still, begin(clock, vocabulary)),)),)


def started_copy(clock: Clock, source: str, vocabulary: Vocabulary) -> Act:
    """Return the step that takes the start of a clock from another property."""
    return copy(source, name_of(kept.of_clock(clock, "started_at"), vocabulary))


def rest(clock: Clock, vocabulary: Vocabulary) -> Act:
    """Return the step by which a clock is as if it had never run."""
    return set_text(name_of(kept.of_clock(clock, "state"), vocabulary), kept.IDLE)


def stop(clock: Clock, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which a clock stops now: in time, late, or, while its dates are asked for, unjudged."""
    stopped = set_now(name_of(kept.of_clock(clock, "stopped_at"), vocabulary))
    in_time: Step = _state(clock, kept.ON_TIME, vocabulary)
    if asks_for_dates(vocabulary):
        # Whoever asks anew waits for no date meanwhile, so that the limit may have passed unnoticed.
        unjudged = (_state(clock, kept.STOPPED, vocabulary),)
        in_time = Fork((Arm("dates asked for", dates_are(kept.ASKED, vocabulary), unjudged),), (in_time,))
    return _by_state(
        clock,
        vocabulary,
        {
            kept.AWAITS: (stopped, _state(clock, kept.STOPPED, vocabulary)),
            kept.RUNNING: (stopped, in_time),
            kept.WARNED: (stopped, in_time),
            kept.OVERDUE: _late(clock, stopped, vocabulary),
            **dict.fromkeys((kept.VOID, kept.IDLE) if clock.restarts else (), _spared(stopped, vocabulary, turns=2)),
        },
    )


def _spared(stopped: Act, vocabulary: Vocabulary, *, turns: int) -> tuple[Step, ...]:
    """Return the steps by which the steps of an earlier turn end; there is one from so many turns on.

    That it stopped is noted, and the dates are asked for anew: those of the steps are left out then.
    """
    leg = Place(name_of(kept.LEG, vocabulary), Holds.NUMBER)
    many = operations.compare(leg, tree.Comparison.GREATER_OR_EQUAL, turns, negated=False)
    ask = set_text(name_of(kept.DATES, vocabulary), kept.ASKED)
    anew = (Fork((Arm("dates stand there", dates_are(kept.WRITTEN, vocabulary), (ask,)),)),)
    return (
        Fork(
            (
                Arm(
                    "turn before",
                    ((property_filter(leg.property, many),),),
                    (stopped, *(anew if asks_for_dates(vocabulary) else ())),
                ),
            )
        ),
    )


def _late(clock: Clock, stopped: Act, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which an overdue clock stops; one of a turn of its own ended with that turn."""
    steps: tuple[Step, ...] = (stopped, _state(clock, kept.LATE, vocabulary))
    if clock.restarts is None:
        return steps
    owner = Place(name_of(kept.TURN_OWNER, vocabulary), Holds.TEXT)
    nobodys = property_filter(owner.property, operations.one_of(owner, (kept.NOBODY,), negated=False))
    leg = Place(name_of(kept.LEG, vocabulary), Holds.NUMBER)
    begun = property_filter(leg.property, operations.compare(leg, tree.Comparison.GREATER_OR_EQUAL, 1, negated=False))
    return (Fork((Arm("turn is over", ((nobodys, begun),), _spared(stopped, vocabulary, turns=1)),), steps),)


def asks_for_dates(vocabulary: Vocabulary) -> bool:
    """Return whether somebody finds the dates of clocks and says whether what stopped meanwhile was in time."""
    return vocabulary.binding.deadlines in {Deadlines.COMPUTED, Deadlines.CUSTOM_CODE}


def dates_are(state: str, vocabulary: Vocabulary) -> Branches:
    """Return the branches that hold while the dates of a contact are asked for, stand there, or are not needed."""
    return ((is_in(kept.DATES, (state,), vocabulary),),)


def void(clock: Clock, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which a clock that is not judged yet is void; one that is overdue stays so."""
    return _by_state(clock, vocabulary, {each: (_state(clock, kept.VOID, vocabulary),) for each in _NOT_JUDGED})


def turns_last(clocks: Sequence[Clock]) -> Sequence[Clock]:
    """Return clocks in the order in which they stop: those of a turn last, for they may have to ask for dates anew."""
    return sorted(clocks, key=lambda each: each.restarts is not None)


def stopped_by(
    event: Event | Callable[[Event], bool], clocks: Sequence[Clock], vocabulary: Vocabulary
) -> tuple[Step, ...]:
    """Return the steps by which the clocks that an event stops do so."""
    fits = event if callable(event) else lambda each: each == event
    return tuple(step for clock in turns_last(clocks) if fits(clock.stops) for step in stop(clock, vocabulary))


def started_by(fits: Callable[[Event], bool], clocks: Sequence[Clock], vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps by which the clocks that an event starts do so, where they stand still."""
    return tuple(step for clock in clocks if fits(clock.starts) for step in begin_if_still(clock, vocabulary))


def _by_state(clock: Clock, vocabulary: Vocabulary, arms: dict[str, tuple[Step, ...]]) -> tuple[Step, ...]:
    return (Switch(name_of(kept.of_clock(clock, "state"), vocabulary), arms),)


def _state(clock: Clock, state: str, vocabulary: Vocabulary) -> Act:
    return set_text(name_of(kept.of_clock(clock, "state"), vocabulary), state)


def _promised(clock: Clock, vocabulary: Vocabulary) -> Branches | None:
    """Return for whom a clock runs, None where for everybody: in its own scope, and with a limit for the priority."""
    found: list[Branches] = []
    if clock.where is not None:
        found.append(compile_expression(clock.where, in_cycle(vocabulary)))
    priorities = [each.priority for each in clock.limits]
    if priorities and None not in priorities:
        place = Place(name_of("priority", vocabulary), Holds.CHOICE)
        named = tuple(dict.fromkeys(each for each in priorities if each is not None))
        found.append(((property_filter(place.property, operations.one_of(place, named, negated=False)),),))
    if not found:
        return None
    return found[0] if len(found) == 1 else both(*found)
