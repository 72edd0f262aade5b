"""Conditions brought to one form: single terms that hold or fail, joined by `all of` and `at least n of`.

Groups, priorities, segments and thresholds are replaced by what they stand for, and negations end at single terms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

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
)
from sla_sync.agreement.reasoning.domain import SCORING_MODEL, Domain

LARGEST = 5_000
"""How many terms a form may have; groups inside groups can make a short text a large form."""


class TooLargeError(Exception):
    """A condition stands for more terms than anybody could look through."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A single term that holds, or fails. A term that cannot be looked into is taken as a whole."""

    term: Is | Compare | Known | Text | Did | InGroup | ScoreReaches | AtLeast
    holds: bool
    whole: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Each of these."""

    forms: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class AtLeastOf:
    """So many of these, or more."""

    count: int
    forms: tuple[Form, ...]


Form: TypeAlias = Literal | AllOf | AtLeastOf


def form_of(expression: Expression, domain: Domain, *, holds: bool) -> Form:
    """Return the form of a condition that holds, or of one that fails. Raises TooLargeError."""
    return _Reading(domain).form(expression, frozenset(), holds=holds)


def literals_in(forms: Iterable[Form]) -> Iterator[Literal]:
    """Yield every single term."""
    waiting = list(forms)
    while waiting:
        form = waiting.pop()
        if isinstance(form, Literal):
            yield form
        else:
            waiting.extend(form.forms)


class _Reading:
    """Reads one condition and counts its terms."""

    def __init__(self, domain: Domain) -> None:
        self.domain = domain
        self.terms = 0

    def form(self, expression: Expression, inside: frozenset[str], *, holds: bool) -> Form:
        """Return the form of a condition; `inside` are the words and groups that are being replaced."""
        self.terms += 1
        if self.terms > LARGEST:
            raise TooLargeError
        match expression:
            case All(terms) | Any(terms):
                parts = tuple(self.form(each, inside, holds=holds) for each in terms)
                return AllOf(parts) if isinstance(expression, All) is holds else AtLeastOf(1, parts)
            case Not(term):
                return self.form(term, inside, holds=not holds)
            case Is(field, values, negated):
                return self._is(field, values, inside, holds=holds is not negated)
            case InGroup():
                return self._in_group(expression, inside, holds=holds is not expression.negated)
            case Known(field, negated):
                return self._known(field, inside, holds=holds is not negated)
            case Did(verb, done, times, within, negated):
                return Literal(Did(verb, done, times, within), holds is not negated)
            case ScoreReaches():
                return self._score(expression, holds=holds)
            case AtLeast():
                return self._at_least(expression, inside, holds=holds)
            case Compare() | Text():
                return Literal(expression, holds, whole=self._stands_for_conditions(expression.field))

    def _stands_for_conditions(self, field: str) -> bool:
        return field in self.domain.first_match or (field == "segment" and bool(self._divisions))

    @property
    def _divisions(self) -> tuple[str, ...]:
        return tuple(name for name in self.domain.first_match if name != "priority")

    def _is(self, field: str, values: tuple[str, ...], inside: frozenset[str], *, holds: bool) -> Form:
        term = Is(field, values)
        if not self._stands_for_conditions(field):
            return Literal(term, holds)
        if field == "segment":
            named = [
                Is(name, (value,)) for name in self._divisions for value in values if value in self._names_in(name)
            ]
            return self._any(named, inside, holds=holds) if named else Literal(term, holds, whole=True)
        parts = self.domain.first_match[field]
        if field in inside or not all(value in parts for value in values):
            return Literal(term, holds, whole=True)
        matches = [self._first_match(field, value) for value in dict.fromkeys(values)]
        return self._any(matches, inside | {field}, holds=holds)

    def _names_in(self, division: str) -> Iterable[str]:
        return self.domain.first_match[division]

    def _first_match(self, field: str, value: str) -> Expression:
        """Return the condition under which `value` is the first that matches."""
        before: list[Expression] = []
        for name, condition in self.domain.first_match[field].items():
            if name == value:
                return All((condition, *before)) if before else condition
            before.append(Not(condition))
        raise KeyError(value)

    def _any(self, expressions: Iterable[Expression], inside: frozenset[str], *, holds: bool) -> Form:
        return self.form(Any(tuple(expressions)), inside, holds=holds)

    def _in_group(self, term: InGroup, inside: frozenset[str], *, holds: bool) -> Form:
        members = self.domain.groups.get(term.group)
        if members is None:
            return Literal(InGroup(term.field, term.group), holds, whole=True)
        return self._is(term.field, tuple(each for each in members if isinstance(each, str)), inside, holds=holds)

    def _known(self, field: str, inside: frozenset[str], *, holds: bool) -> Form:
        if not self._stands_for_conditions(field) or field in inside:
            return Literal(Known(field), holds)
        divisions = self._divisions if field == "segment" else (field,)
        conditions = [condition for name in divisions for condition in self.domain.first_match[name].values()]
        return self._any(conditions, inside | {field}, holds=holds)

    def _score(self, term: ScoreReaches, *, holds: bool) -> Form:
        """Return the comparison with the threshold; where several models have one, the model of the lead decides."""
        thresholds = self.domain.thresholds
        if term.model is not None:
            field = "score" if len(thresholds) == 1 else f"{term.model}_score"
            return self._reaches(term, field, thresholds.get(term.model), holds=holds)
        if len(set(thresholds.values())) <= 1:
            return self._reaches(term, "score", next(iter(thresholds.values()), None), holds=holds)
        scored = ((Literal(Is(SCORING_MODEL, (model,)), holds=True), points) for model, points in thresholds.items())
        return AtLeastOf(
            1, tuple(AllOf((by, self._reaches(term, "score", points, holds=holds))) for by, points in scored)
        )

    def _reaches(self, term: ScoreReaches, field: str, points: int | None, *, holds: bool) -> Form:
        if points is None:
            return Literal(term, holds, whole=True)
        return Literal(Compare(field, Comparison.GREATER_OR_EQUAL, points), holds)

    def _at_least(self, term: AtLeast, inside: frozenset[str], *, holds: bool) -> Form:
        members = self.domain.groups.get(term.group)
        if members is None:
            return Literal(term, holds, whole=True)
        if term.group in inside:
            # A group that asks for itself does not hold inside itself.
            return AtLeastOf(1, ()) if holds else AllOf(())
        # A member that is a word is a field, and counts where it is known.
        conditions = (Known(each) if isinstance(each, str) else each for each in members)
        forms = tuple(self.form(each, inside | {term.group}, holds=holds) for each in conditions)
        return AtLeastOf(term.count if holds else len(forms) - term.count + 1, forms)
