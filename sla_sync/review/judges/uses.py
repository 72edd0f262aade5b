"""Where the conditions of an agreement stand, and what it means there that one takes more leads or fewer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast, get_args

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import Complete, CountOf, CountOfEvents, StageRate, SumOf
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.leads import Predicate
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.sections.routing import Route
from sla_sync.agreement.sections.scoring import Dimension
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import KeyPath
from sla_sync.lint.promised import party_of
from sla_sync.review.amendments import Effect, Matter
from sla_sync.review.judges.bearings import (
    TECHNICAL,
    Bearing,
    accountable_for,
    at_stage,
    entry,
    measurement,
    opposite,
    promise,
    routing,
    sides,
)
from sla_sync.review.judges.destinations import of_route
from sla_sync.review.judges.spots import value_at

_EXPRESSIONS = get_args(Expression)


@dataclass(frozen=True)
class Use:
    """A condition and where it stands; `measure` where it is a part of what a promise counts."""

    place: KeyPath
    condition: Expression
    measured: bool = False


def conditions(agreement: Agreement) -> Iterator[Use]:
    """Yield every condition of an agreement with its place."""
    for place, value in leaves(agreement):
        said = value.value if isinstance(value, Written) else value
        match said:
            case CountOf() | SumOf() | StageRate() | CountOfEvents():
                if said.where is not None:
                    yield Use(place, said.where, measured=True)
            case _ if isinstance(said, _EXPRESSIONS):
                yield Use(place, cast("Expression", said))


def completeness(agreement: Agreement, group: str) -> Iterator[str]:
    """Yield the commitments that count whether every field of a group is known."""
    for name, each in agreement.commitments.items():
        measure = each.measure.value if each.measure else None
        if isinstance(measure, Complete) and measure.group == group:
            yield name


def weighed(use: Use, agreement: Agreement, wider: Effect) -> Bearing:
    """Return what it is that the condition at a place takes other leads.

    `wider` is LOOSENS where it takes more, TIGHTENS where it takes fewer, UNMEASURABLE where nobody can tell.
    """
    match use.place:
        case ("stages", str(stage), "enter_when" | "next", *_):
            return at_stage(agreement, stage, wider)
        case ("stages", str(stage), "contact_if"):
            return promise(agreement, accountable_for(agreement, stage), wider)
        case ("stages", str(stage), *_):
            return promise(agreement, accountable_for(agreement, stage), Effect.UNMEASURABLE)
        case ("scoring", str(model), str(side), "add", str(name), *_):
            return entry(agreement, _given(agreement, model, side, name, wider))
        case ("scoring", *_):
            return entry(agreement, Effect.UNMEASURABLE)
        case ("commitments", str(name), *_):
            party = party_of(agreement.commitments[name].by, agreement)
            return promise(agreement, () if party is None else (party,), wider if use.measured else _duty(use, wider))
        case ("priorities", *_):
            answering = sides(agreement).answering
            return promise(agreement, () if answering is None else (answering,), Effect.UNMEASURABLE)
        case ("routing", *_):
            return _routed(use, agreement)
        case _:
            return measurement(agreement)


def _routed(use: Use, agreement: Agreement) -> Bearing:
    """Weigh a line of the routing: within the side that answers it is its own affair, beyond it leads are not answered."""
    line = value_at(agreement, use.place[:3])
    answering = sides(agreement).answering
    if not isinstance(line, Route) or answering is None or of_route(line, agreement).party == answering:
        return routing(agreement)
    return promise(agreement, (answering,), Effect.UNMEASURABLE)


def _duty(use: Use, wider: Effect) -> Effect:
    """Return the effect on a promise of a condition about its leads: more leads are more to do, unless they are excused."""
    return wider if use.place[2] == "excused_if" else opposite(wider)


def _given(agreement: Agreement, model: str, side: str, name: str, wider: Effect) -> Effect:
    found: Dimension | None = getattr(agreement.scoring[model], side, None)
    points = found.add[name].points if found and name in found.add else None
    if not isinstance(points, int) or wider is Effect.UNMEASURABLE:
        return Effect.UNMEASURABLE
    return wider if points > 0 else opposite(wider)


def together(bearings: Iterable[Bearing]) -> Bearing:
    """Return several bearings as one: what all share, else a promise that is another one, for everybody concerned."""
    found = [each for each in bearings if each.matter is not Matter.TECHNICAL]
    if not found:
        return TECHNICAL
    if all(each == found[0] for each in found):
        return found[0]
    effects: dict[str, Effect] = {}
    for each in found:
        for party, effect in each.effects.items():
            effects[party] = effect if effects.get(party, effect) is effect else Effect.UNMEASURABLE
    matters = {each.matter for each in found}
    return Bearing(
        matter=matters.pop() if len(matters) == 1 else Matter.UNCLEAR_PROMISE,
        effects=effects,
        bound=frozenset().union(*(each.bound for each in found)),
        owed=frozenset().union(*(each.owed for each in found)),
        readers=frozenset().union(*(each.readers for each in found)),
    )


def predicate(value: object) -> Expression | None:
    """Return the condition of a priority or a segment, however it was written."""
    written = value.when if isinstance(value, Predicate) else value
    return cast("Expression", written.value) if isinstance(written, Written) else None
