"""Changes of what follows a breach: who is told after what time, where the lead goes, and how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, cast

from sla_sync.agreement.canonical import canonical_duration
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.sections.commitments import Step
from sla_sync.explain.ladders import rungs
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.duties import weigh_duty
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import Spot
from sla_sync.review.words import arrow, named

Steps: TypeAlias = Sequence[Step]

_BY_ROUTING = "by routing"
_ACTS: Mapping[str, tuple[str, str]] = {
    "reassign": ("goes to {}", "no longer goes to {}"),
    "return_to_queue": ("goes back to {}", "no longer goes back to {}"),
    "stage": ("becomes {}", "no longer becomes {}"),
    "reason": ("gets the reason {}", "no longer gets the reason {}"),
    "close": ("is closed", "is no longer closed"),
}
"""What a step does with the lead, and that it no longer does."""


@dataclass(frozen=True, slots=True)
class _Change:
    """What happens otherwise, as a clause, what that asks of whoever keeps the promise, and the step on both sides."""

    clause: str
    effect: Effect
    was: Step | None = None
    now: Step | None = None


_REORDERED = _Change("the same steps follow a breach in another order", Effect.NEUTRAL)


def steps(spot: Spot) -> Iterator[Amendment]:
    """Tell the steps after a breach: those at the same time are held against each other, the same acts at another time too."""
    before, after = (cast("Steps", each or ()) for each in (spot.before, spot.after))
    for change in tuple(_changes(before, after)) or (_REORDERED,):
        rows = () if change is _REORDERED else (_row(spot, change),)
        yield spot.says(weigh_duty(spot, change.effect), spot.name(), f"{spot.name()}: {change.clause}.", *rows)


def _row(spot: Spot, change: _Change) -> Row:
    """Return the step on both sides in plain words: what happens then, or when that happens."""
    was, now = (_rung(spot, each, old=old) for each, old in ((change.was, True), (change.now, False)))
    if was and now and was[0] != now[0]:
        return Row(f"{spot.name()}: {now[1]}", was[0], now[0])
    nothing = ("", "nothing")
    return Row(f"{spot.name()}: {(now or was or nothing)[0]}", (was or nothing)[1], (now or nothing)[1])


def _rung(spot: Spot, step: Step | None, *, old: bool) -> tuple[str, str] | None:
    """Return when a step comes and what happens then."""
    agreement = spot.old if old else spot.new
    kept = agreement.commitments.get(spot.name())
    if step is None or kept is None:
        return None
    return rungs(kept.model_copy(update={"warn": None, "on_breach": (step,)}), agreement)[0]


def _changes(before: Steps, after: Steps) -> Iterator[_Change]:
    gone, new = _without(before, after), _without(after, before)
    for was, now in _paired(gone, new, _time):
        yield from (replace(each, was=was, now=now) for each in _same_time(was, now))
        gone, new = _without(gone, (was,)), _without(new, (now,))
    for was, now in _paired(gone, new, _acts):
        yield _Change(f"{_what(now)} {arrow(_when(was), _when(now))}", _later(was, now), was, now)
        gone, new = _without(gone, (was,)), _without(new, (now,))
    yield from (_Change(f"{_when(each)} {_what(each, gone=True)}", Effect.LOOSENS, each) for each in gone)
    yield from (_Change(f"{_when(each)} {_what(each)}, which is new", Effect.TIGHTENS, None, each) for each in new)


def _without(steps: Iterable[Step], others: Iterable[Step]) -> list[Step]:
    """Return the steps that the others do not have, each as often as it is there more."""
    left = list(others)
    kept = []
    for each in steps:
        if each in left:
            left.remove(each)
        else:
            kept.append(each)
    return kept


def _paired(gone: Steps, new: Steps, key: Callable[[Step], object]) -> Iterator[tuple[Step, Step]]:
    """Yield the steps of both sides that are alike in something, each once."""
    waiting = list(new)
    for was in gone:
        now = next((each for each in waiting if key(each) == key(was)), None)
        if now is not None:
            waiting.remove(now)
            yield was, now


def _time(step: Step) -> object:
    return tuple(canonical_duration(each) if isinstance(each, Duration) else each for each in (step.after, step.at))


def _acts(step: Step) -> object:
    return (
        frozenset(step.notify),
        step.reassign,
        step.at_most,
        step.return_to_queue,
        step.stage,
        step.reason,
        step.close,
    )


def _same_time(was: Step, now: Step) -> Iterator[_Change]:
    at = _when(now)
    gone = [each for each in was.notify if each not in now.notify]
    new = [each for each in now.notify if each not in was.notify]
    if gone:
        yield _Change(f"{at} {named(gone)} {_are(gone)} no longer told", Effect.LOOSENS)
    if new:
        yield _Change(f"{at} {named(new)} {_are(new)} told too", Effect.TIGHTENS)
    for key, (does, does_not) in _ACTS.items():
        before, after = _value(was, key), _value(now, key)
        if before and not after:
            yield _Change(f"{at} the lead {does_not.format(before)}", Effect.LOOSENS)
        elif after and not before:
            yield _Change(f"{at} the lead {does.format(after)}", Effect.TIGHTENS)
        elif before != after:
            yield _Change(f"{at} the lead {does.format(arrow(before, after))}", Effect.UNMEASURABLE)
    if was.at_most != now.at_most and was.reassign and now.reassign:
        more = compared(was.at_most, now.at_most) if was.at_most and now.at_most else None
        said = f"{was.at_most or 'as often as it takes'} → {now.at_most or 'as often as it takes'}"
        effect = Effect.UNMEASURABLE if more is None else Effect.TIGHTENS if more > 0 else Effect.LOOSENS
        yield _Change(f"{at} the lead is given on {said}", effect)


def _later(was: Step, now: Step) -> Effect:
    """Return the effect of the same acts at another time; at once is the earliest after a breach."""
    if (was.at is None) is not (now.at is None):
        return Effect.UNMEASURABLE
    first, second = (was.after, now.after) if was.at is None else (was.at, now.at)
    grown = 1 if first is None else -1 if second is None else compared(first, second)
    return Effect.UNMEASURABLE if grown is None else Effect.LOOSENS if grown > 0 else Effect.TIGHTENS


def _when(step: Step) -> str:
    if step.at is not None:
        return f"{step.at} after the start"
    return "at the breach" if step.after is None else f"{step.after} after the breach"


def _what(step: Step, *, gone: bool = False) -> str:
    """Return what a step does, or that it no longer does."""
    told = f"{named(step.notify)} {_are(step.notify)} {'no longer ' if gone else ''}told" if step.notify else ""
    acts = [says[gone].format(value) for key, says in _ACTS.items() if (value := _value(step, key))]
    return named([each for each in (told, f"the lead {named(acts)}" if acts else "") if each]) or "nothing happens"


def _value(step: Step, key: str) -> str:
    value = getattr(step, key)
    return "" if not value else "whoever the routing names" if value == _BY_ROUTING else str(value)


def _are(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"
