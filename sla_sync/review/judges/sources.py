"""Changes of where leads come from and of where they wait: sources and queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.sections.leads import Source
from sla_sync.agreement.sections.teams import Queue
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import (
    Bearing,
    between,
    entry,
    measurement,
    parties_of,
    promise,
    routing,
    sides,
)
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Figure, answers_for, figure, wording
from sla_sync.review.words import arrow, quoted

_UNDECIDED = "undecided"
_HANDLING: Mapping[str, str] = {
    "work": "worked",
    "nurture": "nurtured",
    "ignore": "ignored",
    _UNDECIDED: "not decided upon",
}


def _judge_sources(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "sources", _SOURCES)


def _judge_queues(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "queues", _QUEUES)


def _source(spot: Spot) -> str:
    return f"Source {quoted(spot.name())}"


def _queue(spot: Spot) -> str:
    return f"Queue {quoted(spot.name())}"


def _handling(spot: Spot) -> Iterator[Amendment]:
    before, after = str(spot.before), str(spot.after)
    now, proposed = _HANDLING[before], _HANDLING[after]
    sentence = f"{_source(spot)}: its leads are {arrow(now, proposed)}."
    yield spot.says(
        _handled(spot, before, after), _source(spot), sentence, Row(f"Leads of {spot.name()} are", now, proposed)
    )


def _handled(spot: Spot, before: str, after: str) -> Bearing:
    """Return who has more to do and who less: whoever answers works leads, whoever delivers them nurtures them."""
    said = sides(spot.old)
    if _UNDECIDED in {before, after}:
        return between(spot.old, dict.fromkeys(sorted(said.promising), Effect.UNMEASURABLE))
    duties = {"work": said.answering, "nurture": said.delivering, "ignore": None}
    effects = {
        **({loses: Effect.LOOSENS} if (loses := duties[before]) else {}),
        **({gains: Effect.TIGHTENS} if (gains := duties[after]) else {}),
    }
    if before == "work" and said.answering:
        # What matters is that these leads are answered no longer, which is owed to whoever brings them.
        lets_go = promise(spot.old, (said.answering,), Effect.LOOSENS)
        return Bearing(lets_go.matter, effects, lets_go.bound, lets_go.owed)
    if after == "work" and said.answering:
        takes_on = promise(spot.old, (said.answering,), Effect.TIGHTENS)
        return Bearing(takes_on.matter, effects, takes_on.bound, takes_on.owed)
    return between(spot.old, effects)


def _whole_source(spot: Spot) -> Iterator[Amendment]:
    """Tell a source that is new or gone: one whose leads are worked is another way in."""
    gone = spot.after is None
    found = cast("Source", spot.before or spot.after)
    state = (
        f"is gone; its leads were {_HANDLING[found.handling]}"
        if gone
        else f"is new; its leads are {_HANDLING[found.handling]}"
    )
    row = spot.one_side(_source(spot), _HANDLING[found.handling])
    yield spot.says(_new_source(spot, found, gone=gone), _source(spot), f"{_source(spot)} {state}.", row)


def _new_source(spot: Spot, source: Source, *, gone: bool) -> Bearing:
    match source.handling:
        case "work":
            return entry(spot.old, Effect.TIGHTENS if gone else Effect.LOOSENS)
        case "nurture":
            delivering = sides(spot.old).delivering
            effect = Effect.LOOSENS if gone else Effect.TIGHTENS
            return promise(spot.old, () if delivering is None else (delivering,), effect)
        case _:
            return measurement(spot.old)


def _weigh_numbers(spot: Spot, effect: Effect) -> Bearing:
    del effect
    return measurement(spot.old)


def _whole_queue(spot: Spot) -> Iterator[Amendment]:
    found = cast("Queue", spot.before or spot.after)
    agreement = spot.old if spot.after is None else spot.new
    who = f", {found.accountable} answers for it" if found.accountable and spot.after is not None else ""
    parties = parties_of((found.accountable,), agreement)
    answering = sides(spot.old).answering
    effect = Effect.LOOSENS if spot.after is None else Effect.TIGHTENS
    bearing = routing(spot.old) if not parties or parties == {answering} else promise(spot.old, parties, effect)
    row = spot.one_side(_queue(spot), found.accountable or "nobody answers for it")
    yield spot.says(bearing, _queue(spot), f"{_queue(spot)} is {'gone' if spot.after is None else 'new'}{who}.", row)


_SOURCES: Mapping[Pattern, Teller] = {
    (ANY,): _whole_source,
    (ANY, "means"): wording(_source),
    (ANY, "handling"): _handling,
    (ANY, "lead_value"): figure(_source, Figure("the worth of a lead"), _weigh_numbers),
    (ANY, "cost_per_lead"): figure(_source, Figure("the cost of a lead"), _weigh_numbers),
}
_QUEUES: Mapping[Pattern, Teller] = {
    (ANY,): _whole_queue,
    (ANY, "means"): wording(_queue),
    (ANY, "accountable"): answers_for(_queue, "what waits there"),
}

JUDGES: Mapping[str, Judge] = {"sources": _judge_sources, "queues": _judge_queues}
