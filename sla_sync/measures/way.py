"""The way to a deal: the stages that follow one another until a lead is won, and how long each step is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions.measures import StageRate
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.semantics.standings import closes

FIRST, BETWEEN, TO_WON = (Duration(count, Unit.DAY) for count in (14, 30, 180))
"""What the first step is given, those between, and that to a signature, where no commitment says another."""


@dataclass(frozen=True, slots=True)
class Step:
    """From one stage of the way to the next, and by when."""

    start: str
    goal: str
    within: Duration


def way(agreement: Agreement, start: str) -> tuple[str, ...]:
    """Return the stages from one on, as far as they lead forward in the order of the agreement, until a lead is won.

    Of several ways it is that with most stages; exits are no part of it. Where none leads to a stage that is won, it is the
    longest of all.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name in reversed(tuple(agreement.stages)):
        found[name] = (name, *_longest(agreement, name, found))
    return found.get(start, ())


def steps(agreement: Agreement) -> tuple[Step, ...]:
    """Return the steps of the way from the qualifying stage on, none where no stage is one."""
    start = qualified_stage(agreement)
    stages = () if start is None else way(agreement, start)
    said = _said(agreement)
    return tuple(
        Step(here, there, said.get((here, there)) or _usual(agreement, there, place))
        for place, (here, there) in enumerate(pairwise(stages))
    )


def exits(agreement: Agreement) -> tuple[str, ...]:
    """Return the stages in which a cycle ends without being won."""
    return tuple(name for name, stage in agreement.stages.items() if closes(agreement, name) and stage.end != "won")


def won_stage(agreement: Agreement) -> str | None:
    """Return the stage that is won, the first of them; None where the agreement has none."""
    return next((name for name, stage in agreement.stages.items() if stage.end == "won"), None)


def _longest(agreement: Agreement, name: str, found: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the best way on from a stage, over those declared after it, whose own ways are found already."""
    leaving = exits(agreement)
    ways = [found[each] for each in agreement.stages[name].moves if each in found and each not in leaving]
    goal = won_stage(agreement)
    return max(ways, key=lambda each: (each[-1] == goal, len(each)), default=())


def _said(agreement: Agreement) -> Mapping[tuple[str, str], Duration]:
    """Return the times that commitments give to a step of all leads, the first that speaks of it."""
    everybody = (each for each in reversed(agreement.commitments.values()) if each.where is None)
    measures = (each.measure.value for each in everybody if each.measure is not None)
    return {
        (each.start, each.end): each.within for each in measures if isinstance(each, StageRate) and each.where is None
    }


def _usual(agreement: Agreement, goal: str, place: int) -> Duration:
    if goal == won_stage(agreement):
        return TO_WON
    return BETWEEN if place else FIRST
