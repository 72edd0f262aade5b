"""What a field of a lead may hold: nothing known, a number, yes or no, or a text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sla_sync.agreement.expressions.tree import Compare, Expression, Is, Known, Text
from sla_sync.agreement.expressions.words import NO, YES, as_number
from sla_sync.agreement.reasoning import numbers, texts
from sla_sync.agreement.reasoning.lead import Held, Unknown
from sla_sync.agreement.reasoning.numbers import Numbers
from sla_sync.agreement.reasoning.texts import Texts


@dataclass(frozen=True, slots=True)
class Values:
    """What a field may still hold: whether it may be unknown, and which numbers, answers and texts it may be."""

    unknown: bool = True
    numbers: Numbers | None = None
    texts: Texts | None = None
    answers: frozenset[bool] = frozenset()


def narrowed(values: Values, term: Expression, *, holds: bool) -> Values:
    """Return those values for which the term holds, or fails.

    What is unknown is no value, no number and no text: each term but `is unknown` fails for it. Numbers alone can be
    compared, and texts alone begin, end and contain. A field that is yes is `yes` and `true` alike.
    """
    match term:
        case Known():
            return replace(values, unknown=False) if holds else Values(unknown=values.unknown)
        case Is(values=named):
            return _is(values, named) if holds else _is_not(values, named)
        case Compare(_, comparison, number):
            asked = comparison if holds else numbers.OPPOSITES[comparison]
            left = numbers.compared(values.numbers, asked, number) if values.numbers else None
            return Values(unknown=False, numbers=left) if holds else replace(values, numbers=left)
        case Text(_, test, text):
            searched = replace(values.texts, tests=(*values.texts.tests, (test, text, holds))) if values.texts else None
            return Values(unknown=False, texts=searched) if holds else replace(values, texts=searched)
        case _:
            return values


def example_of(values: Values) -> Held | None:
    """Return something that the field may hold, the plainest first; None where nothing is left."""
    number = numbers.example_of(values.numbers) if values.numbers else None
    text = texts.example_of(values.texts) if values.texts else None
    if isinstance(text, str):
        return text
    if number is not None:
        return number
    if values.answers:
        return "yes" if True in values.answers else "no"
    return text or (Unknown.UNKNOWN if values.unknown else None)


def is_empty(values: Values) -> bool:
    """Return whether nothing is left that the field may hold."""
    endless = values.texts is not None and values.texts.only is None and not values.texts.tests
    return not values.unknown and not endless and example_of(values) is None


def answers_in(named: Iterable[str]) -> frozenset[bool]:
    """Return the answers that these values spell: yes, no, both or neither."""
    said = {each.lower() for each in named}
    return frozenset(answer for answer, words in ((True, YES), (False, NO)) if said & words)


def _is(values: Values, named: tuple[str, ...]) -> Values:
    spelled = {number for each in named if (number := as_number(each)) is not None}
    left = numbers.among(values.numbers, spelled) if values.numbers else None
    said = None
    if values.texts:
        only = values.texts.only
        said = replace(values.texts, only=named if only is None else tuple(each for each in only if each in named))
    return Values(unknown=False, numbers=left, texts=said, answers=values.answers & answers_in(named))


def _is_not(values: Values, named: tuple[str, ...]) -> Values:
    spelled = {number for each in named if (number := as_number(each)) is not None}
    left = replace(values.numbers, without=values.numbers.without | spelled) if values.numbers else None
    said = values.texts
    if said:
        said = replace(said, without=tuple(dict.fromkeys((*said.without, *named))))
    return replace(values, numbers=left, texts=said, answers=values.answers - answers_in(named))
