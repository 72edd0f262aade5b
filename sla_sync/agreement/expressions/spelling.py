"""Expressions, measures and events as text: the inverse of parsing, in one spelling for all spellings of one meaning."""

from __future__ import annotations

from decimal import Decimal

from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
)


def print_expression(expression: Expression) -> str:
    """Return the text from which `parse_expression` makes this expression."""
    match expression:
        case Is(field, values, negated):
            return f"{field} {_verb(negated=negated)} {' or '.join(values)}"
        case Compare(field, comparison, number):
            return f"{field} {comparison} {_number(number)}"
        case Known(field, negated):
            return f"{field} is {'unknown' if negated else 'known'}"
        case Text(field, test, text):
            return f"{field} {test} {text}"
        case InGroup(field, group, negated):
            return f"{field} {_verb(negated=negated)} in {group}"
        case ScoreReaches(model):
            return f"{model} score reaches threshold" if model else "score reaches threshold"
        case Did():
            return _did(expression)
        case AtLeast(count, group):
            return f"at least {count} of {group}"
        case Not(term):
            inner = print_expression(term)
            return f"not ({inner})" if isinstance(term, All | Any) else f"not {inner}"
        case All(terms):
            return " and ".join(_inside(term, All | Any) for term in terms)
        case Any(terms):
            # `a is x or y` takes y for another value of a, so a list of values needs its parentheses here.
            return " or ".join(_inside(term, All | Any | Is | Not) for term in terms)


def print_measure(measure: Measure) -> str:
    """Return the text from which `parse_measure` makes this measure."""
    match measure:
        case CountOf(stage, first, where, once):
            once_per = f" once per account in {once}" if once else ""
            return f"count of {'first ' if first else ''}{stage}{_where(where)}{once_per}"
        case CountOfEvents(event, where):
            return f"count of {event if isinstance(event, Counter) else print_event(event)}{_where(where)}"
        case SumOf(amount, stage, where):
            return f"sum of {amount} of {stage}{_where(where)}"
        case StageRate(start, end, within, where):
            return f"{start} to {end} within {within}{_where(where)}"
        case Effort():
            return _effort(measure)
        case Complete(group, stage):
            return f"complete {group} at {stage}"
        case Manual():
            return "manual"


def print_event(event: Event) -> str:
    """Return the text from which `parse_event` makes this event."""
    match event:
        case Moment():
            return str(event)
        case Enters(stage):
            return f"enters {stage}"
        case Leaves(stage):
            return f"leaves {stage}"
        case Changes(field):
            return f"{field} changes"
        case Named(name):
            return name


def _inside(term: Expression, needs_parentheses: object) -> str:
    inner = print_expression(term)
    return f"({inner})" if isinstance(term, needs_parentheses) else inner  # type: ignore[arg-type]


def _verb(*, negated: bool) -> str:
    return "is not" if negated else "is"


def _did(did: Did) -> str:
    often = "" if did.times == 1 else f" {did.times} times"
    last = f" in last {did.within}" if did.within else ""
    return f"did {'not ' if did.negated else ''}{did.verb} {did.object}{often}{last}"


def _effort(effort: Effort) -> str:
    needs = " and ".join(f"{each.counter} {each.comparison} {each.count}" for each in effort.needs)
    before = f" before {effort.before}" if effort.before else ""
    within = f" within {effort.within}" if effort.within else ""
    return f"{needs}{before}{within}{_of(effort.of)}"


def _of(event: Event | None) -> str:
    return f" of {print_event(event)}" if event else ""


def _where(where: Expression | None) -> str:
    return f" where {print_expression(where)}" if where else ""


def _number(number: float) -> str:
    return f"{int(number)}" if number == int(number) else f"{Decimal(repr(number)):f}"
