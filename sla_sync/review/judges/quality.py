"""Changes of what a record must hold, which leads never count, and what travels with a lead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.review.amendments import Amendment, Effect
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import Bearing, at_stage, measurement, promise, sides
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Clause, Figure, Listing, clause, figure, names
from sla_sync.review.words import quoted


def _judge_quality(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "quality", _QUALITY)


def _judge_handoff(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "handoff", _HANDOFF)


def _quality(spot: Spot) -> str:
    del spot
    return "Quality"


def _exclusions(spot: Spot) -> str:
    del spot
    return "Reports"


def _handoff(spot: Spot) -> str:
    del spot
    return "The hand-off"


def _at_stage(spot: Spot) -> str:
    return f"Stage {quoted(spot.name(2))}"


def _field(spot: Spot) -> str:
    return f"Field {quoted(spot.name(2))}"


def _weigh_needs(spot: Spot, effect: Effect) -> Bearing:
    name = spot.name(2)
    return at_stage(spot.old if name in spot.old.stages else spot.new, name, effect)


def _weigh_numbers(spot: Spot, effect: Effect) -> Bearing:
    del effect
    return measurement(spot.old)


def _weigh_delivery(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what is told with a lead: whoever hands it over owes it to whoever answers."""
    delivering = sides(spot.old).delivering
    return promise(spot.old, () if delivering is None else (delivering,), effect)


_QUALITY: Mapping[Pattern, Teller] = {
    ("needs", ANY): names(
        _at_stage,
        Listing("also needs {} filled", "no longer needs {} filled", Effect.TIGHTENS),
        _weigh_needs,
    ),
    ("valid", ANY): clause(
        _field, Clause("it is valid", "is valid now", "is valid no longer", Effect.LOOSENS), _weigh_numbers
    ),
    ("exclude",): names(
        _exclusions, Listing("no longer count {}", "count {} again", Effect.UNMEASURABLE), _weigh_numbers
    ),
    ("retention",): figure(_quality, Figure("how long a person is kept after the last cycle"), _weigh_numbers),
}
_HANDOFF: Mapping[Pattern, Teller] = {
    ("include",): names(
        _handoff,
        Listing("also includes {}", "no longer includes {}", Effect.TIGHTENS),
        _weigh_delivery,
    )
}

JUDGES: Mapping[str, Judge] = {"quality": _judge_quality, "handoff": _judge_handoff}
