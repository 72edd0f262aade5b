"""Whether a condition holds for each of many rows, as an expression over columns that say what was known of them.

It is what `semantics.expressions` means, over texts: a text that is a number is that number, and yes, no, true and false
are what they say. A law holds both against each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, and_, eq, ge, gt, le, lt, ne, or_

import ibis
from ibis.expr.types import BooleanValue, NumericValue, StringValue, Value

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import (
    All,
    Any,
    AtLeast,
    Compare,
    Comparison,
    Did,
    Expression,
    InGroup,
    Is,
    Known,
    Not,
    ScoreReaches,
    Text,
    TextTest,
)
from sla_sync.agreement.expressions.words import NO, YES, as_number
from sla_sync.agreement.sections.leads import Predicate, Segment
from sla_sync.agreement.sections.scoring import ScoringModel

SEGMENT, PRIORITY, SCORE = "segment", "priority", "score"

_LARGEST = 1e300
_COMPARISONS: Mapping[Comparison, Callable[[NumericValue, float], BooleanValue]] = {
    Comparison.EQUAL: eq,
    Comparison.NOT_EQUAL: ne,
    Comparison.GREATER: gt,
    Comparison.GREATER_OR_EQUAL: ge,
    Comparison.LESS: lt,
    Comparison.LESS_OR_EQUAL: le,
}
_TEXTS: Mapping[TextTest, Callable[[StringValue, str], BooleanValue]] = {
    TextTest.CONTAINS: lambda text, part: text.contains(part),
    TextTest.STARTS_WITH: lambda text, part: text.startswith(part),
    TextTest.ENDS_WITH: lambda text, part: text.endswith(part),
}


YES_OR_NO = (tuple(sorted(YES)), tuple(sorted(NO)))


@dataclass(frozen=True)
class Asked:
    """What a condition can ask of rows: a column for each field that is known, and the agreement that explains the others.

    Nothing is reckoned of words that are `settled`: what their column says counts. So a word that asks for itself is unknown
    inside itself; a group does not hold inside itself.
    """

    agreement: Agreement
    columns: Mapping[str, Value]
    settled: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    def text(self, field: str) -> StringValue | None:
        """Return what a field holds, as text; None where nothing is known of it for any row."""
        column = self.columns[field].cast("string") if field in self.columns else None
        named = {} if field in self.settled else choices(self.agreement, field)
        if not named:
            return column
        inner = replace(self, settled=self.settled | {field})
        first = ibis.cases(*((holds(each, inner), name) for name, each in named.items()), else_=ibis.null("string"))
        return first if column is None else ibis.coalesce(column, first)

    def texts(self, field: str) -> tuple[StringValue, ...]:
        """Return every text that a field holds: of `segment` the part of each division, else one or none."""
        if field != SEGMENT or field in self.columns:
            one = self.text(field)
            return () if one is None else (one,)
        inner = replace(self, settled=self.settled | {field})
        parts = () if field in self.settled else (inner.text(each) for each in self.agreement.segments)
        return tuple(each for each in parts if each is not None)


def holds(condition: Expression, asked: Asked) -> BooleanValue:
    """Return whether a condition holds for each row, never empty; raises ValueError for what a person did."""
    match condition:
        case All(terms):
            return reduce(and_, (holds(each, asked) for each in terms), _YES)
        case Any(terms):
            return reduce(or_, (holds(each, asked) for each in terms), _NO)
        case Not(term):
            return ~holds(term, asked)
        case Is(field, values, negated):
            return _negated(_is(field, values, asked), negated=negated)
        case Compare(field, comparison, number):
            said = asked.text(field)
            return _NO if said is None else _surely(_COMPARISONS[comparison](number_of(said), number))
        case Known(field, negated):
            known = reduce(or_, (each.notnull() for each in asked.texts(field)), _NO)
            return _negated(known, negated=negated)
        case Text(field, test, part):
            said = asked.text(field)
            return _NO if said is None else _surely(_TEXTS[test](said, part))
        case InGroup(field, group, negated):
            named = tuple(each for each in asked.agreement.groups.get(group, ()) if isinstance(each, str))
            return _negated(_is(field, named, asked), negated=negated)
        case ScoreReaches(model):
            return _reaches(model, asked)
        case AtLeast(count, group):
            return _at_least(count, group, asked)
        case Did(verb, done):
            message = f"History does not hold whether somebody did {verb} {done}."
            raise ValueError(message)


def choices(agreement: Agreement, field: str) -> Mapping[str, Expression]:
    """Return the words that a field may take by the agreement, with their conditions, of which the first that holds counts."""
    if field == PRIORITY:
        return {name: each.when.value for name, each in agreement.priorities.items()}
    return {name: _condition(each) for name, each in agreement.segments.get(field, {}).items()}


def models(agreement: Agreement) -> tuple[tuple[str, ScoringModel], ...]:
    """Return the scoring models in the order in which they are asked whether they apply to a lead."""

    def rank(place: int, model: ScoringModel) -> tuple[float, bool, int]:
        return (math.inf if model.precedence is None else model.precedence, model.for_segment is None, place)

    found = [(rank(place, each), name, each) for place, (name, each) in enumerate(agreement.scoring.items())]
    return tuple((name, each) for _, name, each in sorted(found, key=lambda each: each[0]))


def score_field(agreement: Agreement, model: str | None) -> str:
    """Return in which field the score of a model is recorded, or that of the one that applies."""
    return SCORE if model is None or tuple(agreement.scoring) == (model,) else f"{model}_{SCORE}"


def number_of(text: StringValue) -> NumericValue:
    """Return the number that each text is; empty where it is none."""
    number = text.try_cast("float64")
    # What is no number, and what is infinite, would else be more than anything.
    return ibis.ifelse((number >= -_LARGEST) & (number <= _LARGEST), number, ibis.null("float64"))


def _is(field: str, named: tuple[str, ...], asked: Asked) -> BooleanValue:
    return reduce(or_, (_surely(_one_of(each, named)) for each in asked.texts(field)), _NO)


def _one_of(text: StringValue, named: tuple[str, ...]) -> BooleanValue:
    """Return whether a text is one of some words, the same number as one, or says yes or no as one does."""
    if not named:
        return _NO
    found = text.isin(named)
    numbers = [each for each in map(as_number, named) if each is not None]
    if numbers:
        found |= _surely(number_of(text).isin(numbers))
    for words in YES_OR_NO:
        if any(each.lower() in words for each in named):
            found |= text.lower().isin(words)
    return found


def _reaches(model: str | None, asked: Asked) -> BooleanValue:
    """Return whether the recorded score has reached the threshold, of a model or of the one that applies."""
    said = asked.text(score_field(asked.agreement, model))
    if said is None:
        return _NO
    total = number_of(said)
    branches = []
    for name, each in models(asked.agreement):
        if model is None and each.for_segment is not None:
            applies = _is(SEGMENT, (each.for_segment,), asked)
        else:
            applies = ibis.literal(model in {None, name})
        # Which points a share of all leads comes to is not known here.
        reached = _surely(total >= each.threshold) if isinstance(each.threshold, int) else _NO
        branches.append((applies, reached))
    return ibis.cases(*branches, else_=_NO) if branches else _NO


def _at_least(count: int, group: str, asked: Asked) -> BooleanValue:
    if group in asked.groups:
        return _NO
    inner = replace(asked, groups=asked.groups | {group})
    members = asked.agreement.groups.get(group, ())
    # A member that is one word is a field, and counts where it is known.
    conditions = (Known(each) if isinstance(each, str) else each for each in members)
    found = reduce(add, (holds(each, inner).cast("int64") for each in conditions), ibis.literal(0))
    return found >= count


def _condition(segment: Segment) -> Expression:
    return (segment.when if isinstance(segment, Predicate) else segment).value


def _negated(said: BooleanValue, *, negated: bool) -> BooleanValue:
    return ~said if negated else said


def _surely(said: BooleanValue) -> BooleanValue:
    """Return yes or no: what is unknown does not hold."""
    return ibis.coalesce(said, _NO)


_YES, _NO = ibis.literal(value=True), ibis.literal(value=False)
