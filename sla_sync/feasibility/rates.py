"""The rates of the plan against those of mature cohorts, and a plan whose rates come from history."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration
from sla_sync.agreement.funnel import qualified_stage, start_stages
from sla_sync.agreement.quantities import Rate
from sla_sync.agreement.sections.goal import Goal
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import ENOUGH, Share
from sla_sync.feasibility.months import Stretch
from sla_sync.measures.conversion import Conversion, conversion
from sla_sync.measures.figures import Basis
from sla_sync.measures.way import BETWEEN, TO_WON, Step, steps, way, won_stage

FROM_HISTORY = "from history"
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class SeenRate:
    """One step of the plan: the rate that is typed, None where it is to come from history, and what history shows.

    `within` is the time that a lead was given for it. `seen` is of those whose time is over.
    """

    key: str
    typed: Rate | None
    seen: Share
    within: Duration
    basis: Basis

    @property
    def of_history(self) -> Rate | None:
        """What history shows as a rate, to a tenth of a percent; None where too few were seen."""
        value = self.seen.value
        return None if value is None or self.seen.whole < ENOUGH else Rate((Decimal(value) * 100).quantize(_TENTH))


def seen_rates(past: Past, agreed: Agreement, stretch: Stretch) -> tuple[SeenRate, ...]:
    """Return each step of the plan as it was in the whole months of a history; the steps of the funnel where it types none."""
    period = stretch.period
    if period is None or agreed.goal is None or agreed.goal.plan is None:
        return ()
    typed = agreed.goal.plan.rates
    known: Mapping[str, object] = typed if isinstance(typed, dict) else {}
    found = []
    for key, step in _steps(agreed, known):
        seen: Conversion = conversion(past, period, step)
        rate = known.get(key)
        found.append(SeenRate(key, rate if isinstance(rate, Rate) else None, seen.whole, step.within, seen.basis))
    return tuple(found)


def from_history(goal: Goal, seen: tuple[SeenRate, ...]) -> Goal | str:
    """Return a goal whose plan has the rates that history shows, or which of them it cannot tell, in a sentence."""
    rates = {each.key: each.of_history for each in seen}
    lacking = [key for key, rate in rates.items() if rate is None]
    if lacking or not rates or goal.plan is None:
        which = f"`{lacking[0]}`" if lacking else "the plan"
        return f"Too few leads have had their time for {which}, so its rate cannot come from history."
    return goal.model_copy(update={"plan": goal.plan.model_copy(update={"rates": rates})})


def takes_rates_from_history(goal: Goal | None) -> bool:
    """Return whether a plan says `rates: from history`."""
    return goal is not None and goal.plan is not None and goal.plan.rates == FROM_HISTORY


def _steps(agreed: Agreement, known: Mapping[str, object]) -> Iterator[tuple[str, Step]]:
    """Yield the steps that a plan types, else those of the funnel from its start, each with its time."""
    usual = {f"{each.start} to {each.goal}": each for each in _funnel(agreed)}
    for key in known or usual:
        start, _, goal = (part.strip() for part in key.partition(" to "))
        if start in agreed.stages and goal in agreed.stages:
            within = TO_WON if goal == won_stage(agreed) else BETWEEN
            yield key, usual.get(f"{start} to {goal}", Step(start, goal, within))


def _funnel(agreed: Agreement) -> Iterator[Step]:
    qualified = qualified_stage(agreed)
    first = next(iter(start_stages(agreed)), None)
    if first is not None and qualified is not None and first != qualified and qualified in way(agreed, first)[1:2]:
        yield Step(first, qualified, BETWEEN)
    yield from steps(agreed)
