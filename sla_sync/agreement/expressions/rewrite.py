"""Expressions, measures and events with other words in the same places: names that were renamed, spans in one spelling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import All, Any, Compare, Did, Expression, InGroup, Is, Known, Not, Text


def _same_name(name: str) -> str:
    return name


def _same_span(span: Duration) -> Duration:
    return span


def _same_expression(expression: Expression) -> Expression:
    return expression


@dataclass(frozen=True)
class Rewriting:
    """What stands in the place of each field, stage, reason and span; `whole` sees each expression after its parts."""

    field: Callable[[str], str] = _same_name
    stage: Callable[[str], str] = _same_name
    reason: Callable[[str], str] = _same_name
    span: Callable[[Duration], Duration] = _same_span
    whole: Callable[[Expression], Expression] = _same_expression

    def expression(self, expression: Expression) -> Expression:
        """Return a condition with other words."""
        return self.whole(self._parts(expression))

    def _parts(self, expression: Expression) -> Expression:
        match expression:
            case All(terms):
                return All(tuple(self.expression(each) for each in terms))
            case Any(terms):
                return Any(tuple(self.expression(each) for each in terms))
            case Not(term):
                return Not(self.expression(term))
            case Is(field, values):
                return replace(expression, field=self.field(field), values=tuple(map(self._value_of(field), values)))
            case Compare(field) | Known(field) | Text(field) | InGroup(field):
                return replace(expression, field=self.field(field))
            case Did(within=within):
                return replace(expression, within=self._within(within))
            case _:
                return expression

    def _value_of(self, field: str) -> Callable[[str], str]:
        return {"stage": self.stage, "reason": self.reason}.get(field, _same_name)

    def event(self, event: Event) -> Event:
        """Return an event with other words."""
        match event:
            case Enters(stage) | Leaves(stage):
                return replace(event, stage=self.stage(stage))
            case Changes(field):
                return Changes(self.field(field))
            case _:
                return event

    def measure(self, measure: Measure) -> Measure:
        """Return a measure with other words."""
        match measure:
            case CountOf(stage, where=where, once_per_account=once):
                return replace(
                    measure, stage=self.stage(stage), where=self._where(where), once_per_account=self._within(once)
                )
            case CountOfEvents(event, where):
                counted = event if isinstance(event, Counter) else self.event(event)
                return CountOfEvents(counted, self._where(where))
            case SumOf(amount, stage, where):
                return SumOf(self.field(amount), self.stage(stage), self._where(where))
            case StageRate(start, end, within, where):
                return StageRate(self.stage(start), self.stage(end), self.span(within), self._where(where))
            case Effort(before=before, within=within, of=of):
                return replace(
                    measure,
                    before=None if before is None else self.reason(before),
                    within=self._within(within),
                    of=None if of is None else self.event(of),
                )
            case Complete(group, stage):
                return Complete(group, self.stage(stage))
            case _:
                return measure

    def _where(self, where: Expression | None) -> Expression | None:
        return None if where is None else self.expression(where)

    def _within(self, span: Duration | None) -> Duration | None:
        return None if span is None else self.span(span)
