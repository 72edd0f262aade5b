"""Conditions that no lead meets both of, seen without a search: they ask one field for different values.

Long lists mostly divide by one field (a country, an industry). Of each entry only few others can then take the same lead,
and only those are worth a search: else a list of n entries costs n² searches of n terms each.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.agreement.expressions.tree import Expression, Is
from sla_sync.agreement.expressions.words import as_number
from sla_sync.agreement.reasoning.domain import Domain
from sla_sync.agreement.reasoning.forms import AllOf, Form, Literal, TooLargeError, form_of
from sla_sync.agreement.reasoning.values import answers_in

Spelled: TypeAlias = tuple[str, str | float | bool]
"""A text, a number or an answer that a field may hold, after the word for which of them it is."""

Asked: TypeAlias = Mapping[str, frozenset[Spelled]]
"""What a condition asks of fields, whatever else it asks: one of some texts, numbers and answers for each."""


@dataclass(frozen=True, slots=True)
class Row:
    """Several conditions, found again by what they ask of a field."""

    asked: tuple[Asked, ...]
    by_value: Mapping[str, Mapping[Spelled, tuple[int, ...]]]
    others: Mapping[str, tuple[int, ...]]
    """By field those that ask nothing of it."""


def row_of(conditions: Sequence[Expression | None], domain: Domain) -> Row:
    """Return conditions as a row; None stands for one that no lead meets."""
    asked = tuple({} if each is None else asked_by(each, domain) for each in conditions)
    there = [place for place, each in enumerate(conditions) if each is not None]
    by_value: dict[str, dict[Spelled, list[int]]] = {}
    for place in there:
        for field, values in asked[place].items():
            for value in values:
                by_value.setdefault(field, {}).setdefault(value, []).append(place)
    return Row(
        asked,
        {field: {value: tuple(places) for value, places in found.items()} for field, found in by_value.items()},
        {field: tuple(place for place in there if field not in asked[place]) for field in by_value}
        | {"": tuple(there)},
    )


def near(row: Row, asked: Asked) -> tuple[int, ...]:
    """Return the places in a row, in order, of all that a lead might meet too that meets what is asked."""
    found = (_met(row, field, values) for field, values in asked.items() if field in row.by_value)
    fewest = min(found, key=len, default=row.others[""])
    return tuple(place for place in sorted(set(fewest)) if not apart(row.asked[place], asked))


def _met(row: Row, field: str, values: Collection[Spelled]) -> tuple[int, ...]:
    """Return the places of what asks a field for one of some values, and of what asks nothing of it."""
    same = (place for value in values for place in row.by_value[field].get(value, ()))
    return (*row.others[field], *same)


def apart(one: Asked, other: Asked) -> bool:
    """Return whether some field would have to hold two values at once."""
    if len(other) < len(one):
        one, other = other, one
    return any(field in other and values.isdisjoint(other[field]) for field, values in one.items())


def together(one: Asked, other: Asked) -> Asked:
    """Return what is asked of a lead that meets both."""
    return {**one, **{field: values & one.get(field, values) for field, values in other.items()}}


def asked_by(condition: Expression, domain: Domain) -> Asked:
    """Return what a condition asks of fields in every lead that meets it; what is asked in one case of several is left out."""
    try:
        form = form_of(condition, domain, holds=True)
    except TooLargeError:
        return {}
    found: dict[str, frozenset[Spelled]] = {}
    waiting: list[Form] = [form]
    while waiting:
        match waiting.pop():
            case AllOf(parts):
                waiting.extend(parts)
            case Literal(Is(field, values), holds=True, whole=False):
                said = _spelled(values)
                found[field] = found[field] & said if field in found else said
            case _:
                pass
    return found


def _spelled(values: Sequence[str]) -> frozenset[Spelled]:
    """Return what a field may hold by these words: each as a text, as the number that it spells, and as yes or no."""
    numbers: set[Spelled] = {("number", number) for each in values if (number := as_number(each)) is not None}
    answers: set[Spelled] = {("answer", answer) for answer in answers_in(values)}
    return frozenset({*(("text", each) for each in values), *numbers, *answers})
