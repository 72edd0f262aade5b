"""Expressions as the filter branches of HubSpot's lists: any of several branches, in each of which every filter holds.

That is a disjunctive normal form, because the root of a branch must be an OR whose children are ANDs. A negation moves
inward to the single tests, each of which has an opposite. The tree's truth has two values: a test of an empty field
fails and its negation holds.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias

from sla_sync.connector import KeyPath, Value, Values, tree
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import operations
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary

MAX_BRANCHES = 60
"""A segment with more branches than this cannot be read by people in HubSpot's editor, and nears its limits of size."""


@dataclass(frozen=True)
class Filter:
    """One filter. `origin` is the place in the agreement that sets its value, where that is not the expression itself."""

    values: Values
    origin: KeyPath | None = None

    @property
    def property(self) -> str | None:
        """The property it tests, where it tests one."""
        name = self.values.get("property")
        return name if isinstance(name, str) else None


Branch: TypeAlias = tuple[Filter, ...]
"""Filters that all hold."""
Branches: TypeAlias = tuple[Branch, ...]
"""Branches of which one holds."""


def compile_expression(expression: tree.Expression, vocabulary: Vocabulary, *, negated: bool = False) -> Branches:
    """Return the branches that mean an expression. Raises UnsayableError where HubSpot's filters cannot say it."""
    return _compile(expression, _Words(vocabulary, vocabulary.place), negated=negated)


def compile_predicate(expression: tree.Expression, vocabulary: Vocabulary, *, negated: bool = False) -> Branches:
    """Return the branches that mean a predicate of the binding, which may use names of properties as well."""
    return _compile(expression, _Words(vocabulary, vocabulary.place_of_predicate), negated=negated)


def both(left: Branches, right: Branches) -> Branches:
    """Return the branches that mean that both hold."""
    return _every((left, right))


def filter_branch(branches: Branches) -> Values:
    """Return the branches as the API takes them."""
    if not branches or not all(branches):
        raise UnsayableError("the expression always or never holds, and a filter needs something to test")
    return {
        "filterBranchType": "OR",
        "filterBranchOperator": "OR",
        "filters": [],
        "filterBranches": [
            {
                "filterBranchType": "AND",
                "filterBranchOperator": "AND",
                "filterBranches": [],
                "filters": [each.values for each in branch],
            }
            for branch in branches
        ],
    }


def filter_origins(branches: Branches, at: KeyPath) -> dict[KeyPath, KeyPath]:
    """Return, by the path of a filter below `at`, the place in the agreement that sets its value."""
    return {
        (*at, "filterBranches", row, "filters", column): each.origin
        for row, branch in enumerate(branches)
        for column, each in enumerate(branch)
        if each.origin
    }


def properties_in(branches: Branches) -> tuple[str, ...]:
    """Return the properties that are tested, each once."""
    found = (each.property for branch in branches for each in branch)
    return tuple(dict.fromkeys(name for name in found if name))


def property_filter(name: str, operation: Values, origin: KeyPath | None = None) -> Filter:
    """Return the filter that tests one property."""
    return Filter({"filterType": "PROPERTY", "property": name, "operation": operation}, origin)


def in_list(list_id: Value) -> Filter:
    """Return the filter that holds for members of a segment."""
    return Filter({"filterType": "IN_LIST", "operator": "IN_LIST", "listId": list_id})


@dataclass(frozen=True)
class _Words:
    vocabulary: Vocabulary
    place: Callable[[str], Place]


def _compile(expression: tree.Expression, words: _Words, *, negated: bool) -> Branches:
    match expression:
        case tree.Not():
            return _compile(expression.term, words, negated=not negated)
        case tree.All():
            parts = (_compile(each, words, negated=negated) for each in expression.terms)
            return _some(parts) if negated else _every(parts)
        case tree.Any():
            parts = (_compile(each, words, negated=negated) for each in expression.terms)
            return _every(parts) if negated else _some(parts)
        case tree.AtLeast():
            return _at_least(expression, words, negated=negated)
        case tree.Is():
            return _is(expression.field, expression.values, words, negated=negated is not expression.negated)
        case tree.InGroup():
            values = _group_values(expression.group, words)
            return _is(expression.field, values, words, negated=negated is not expression.negated)
        case _:
            return ((_single(expression, words, negated=negated),),)


def _single(
    expression: tree.Compare | tree.Known | tree.Text | tree.ScoreReaches | tree.Did, words: _Words, *, negated: bool
) -> Filter:
    match expression:
        case tree.Compare():
            place = words.place(expression.field)
            operation = operations.compare(place, expression.comparison, expression.number, negated=negated)
            return property_filter(place.property, operation)
        case tree.Known():
            place = _known_place(expression.field, words)
            return property_filter(place.property, operations.known(negated=negated is not expression.negated))
        case tree.Text():
            place = words.place(expression.field)
            return property_filter(
                place.property, operations.text(place, expression.test, expression.text, negated=negated)
            )
        case tree.ScoreReaches():
            place, points, origin = words.vocabulary.threshold(expression.model)
            operation = operations.compare(place, tree.Comparison.GREATER_OR_EQUAL, points, negated=negated)
            return property_filter(place.property, operation, origin)
        case tree.Did():
            raise UnsayableError(
                f"'did {expression.verb} {expression.object}' asks for the history of a contact, "
                "which its properties do not keep"
            )


def _known_place(word: str, words: _Words) -> Place:
    if word == "source":
        places = words.vocabulary.source_places()
        if len(places) > 1:
            raise UnsayableError("the source is read from several properties, and one of them being known says little")
        return places[0]
    if word == "stage":
        raise UnsayableError("a lead is always in some stage")
    return words.place(word)


def _is(field: str, values: Sequence[str], words: _Words, *, negated: bool) -> Branches:
    if field == "stage":
        return _is_stage(values, words.vocabulary, negated=negated)
    if field == "source":
        return _is_source(tuple(values), words.vocabulary, negated=negated)
    if field in {"owner", "account_owner"}:
        raise UnsayableError(f"'{field}' is compared with people, whose ids only the portal knows")
    place = words.place(field)
    if place.holds is Holds.NUMBER:
        equal = tuple(_equals(place, value, negated=negated) for value in values)
        return (equal,) if negated else tuple((each,) for each in equal)
    return ((property_filter(place.property, operations.one_of(place, values, negated=negated)),),)


def _equals(place: Place, value: str, *, negated: bool) -> Filter:
    try:
        number = float(value)
    except ValueError:
        message = f"the property '{place.property}' holds a number and is compared with '{value}'"
        raise UnsayableError(message) from None
    return property_filter(place.property, operations.compare(place, tree.Comparison.EQUAL, number, negated=negated))


def _is_stage(stages: Sequence[str], vocabulary: Vocabulary, *, negated: bool) -> Branches:
    """Return the branches for stages; those that show on the same property become one test."""
    values: dict[str, list[str]] = {}
    for name in stages:
        bound = vocabulary.stage(name)
        values.setdefault(bound.contact_property or "", []).extend(bound.contact_values)
    origin: KeyPath | None = ("stages", stages[0]) if len(stages) == 1 else None
    filters = tuple(
        property_filter(name, operations.one_of(Place(name, Holds.CHOICE), stored, negated=negated), origin)
        for name, stored in values.items()
    )
    return (filters,) if negated else tuple((each,) for each in filters)


def _is_source(sources: tuple[str, ...], vocabulary: Vocabulary, *, negated: bool) -> Branches:
    """Return one branch per property: the first with a value decides, so all before it must be empty."""
    stored = vocabulary.source_values(sources)
    places = vocabulary.source_places()
    branches = []
    for position, place in enumerate(places):
        empty_before = tuple(
            property_filter(each.property, operations.known(negated=True)) for each in places[:position]
        )
        # Only the last may be empty: before it, «empty» is the affair of the next one.
        empty_passes = negated and position == len(places) - 1
        operation = operations.one_of(place, stored, negated=negated, empty_passes=empty_passes)
        branches.append((*empty_before, property_filter(place.property, operation)))
    return tuple(branches)


def _group_values(group: str, words: _Words) -> tuple[str, ...]:
    members = words.vocabulary.resources.groups.get(group)
    if members is None:
        raise UnsayableError(f"there is no group '{group}'")
    values = tuple(each for each in members if isinstance(each, str))
    if len(values) < len(members) or not values:
        raise UnsayableError(f"group '{group}' is not a list of values")
    return values


def _at_least(expression: tree.AtLeast, words: _Words, *, negated: bool) -> Branches:
    members = words.vocabulary.resources.groups.get(expression.group, ())
    predicates = tuple(each for each in members if not isinstance(each, str))
    if len(predicates) < len(members) or not predicates:
        raise UnsayableError(f"group '{expression.group}' is not a list of predicates")
    # Fewer than n of m hold exactly when at least m - n + 1 do not.
    needed = len(predicates) - expression.count + 1 if negated else expression.count
    if not 1 <= needed <= len(predicates):
        raise UnsayableError(f"'at least {expression.count} of {expression.group}' always or never holds")
    _bound(math.comb(len(predicates), needed))
    parts = [_compile(each, words, negated=negated) for each in predicates]
    return _some(_every(chosen) for chosen in combinations(parts, needed))


def _some(parts: Iterable[Branches]) -> Branches:
    return _tidy(branch for part in parts for branch in part)


def _every(parts: Iterable[Branches]) -> Branches:
    branches: Branches = ((),)
    for part in parts:
        _bound(len(branches) * len(part))
        branches = _tidy((*left, *right) for left, right in product(branches, part))
    return branches


def _tidy(branches: Iterable[Branch]) -> Branches:
    """Return the branches without repeated filters, and without a branch that asks for all that another asks and more."""
    rows: dict[frozenset[str], Branch] = {}
    for branch in map(_without_repeats, branches):
        rows.setdefault(frozenset(repr(each.values) for each in branch), branch)
    tidy = tuple(row for key, row in rows.items() if not any(other < key for other in rows))
    _bound(len(tidy))
    return tidy


def _without_repeats(branch: Branch) -> Branch:
    return tuple({repr(each.values): each for each in branch}.values())


def _bound(branches: int) -> None:
    if branches > MAX_BRANCHES:
        raise UnsayableError(f"it needs more than {MAX_BRANCHES} branches of filters")
