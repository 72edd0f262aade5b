"""Conditions of flows and filters: what each operator asks, and the logic that joins them by their numbers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeAlias

from sla_sync_salesforce.simulator.formulas.functions import days_between, text
from sla_sync_salesforce.simulator.formulas.values import inward
from sla_sync_salesforce.simulator.identifiers import LENGTH, normal
from sla_sync_salesforce.simulator.store import Value

Joined: TypeAlias = Callable[[Sequence[bool]], bool]

ASKING = ("IsNull", "IsChanged")
_ORDERED: Mapping[str, Callable[[Any, Any], bool]] = {
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
}
_PARTS: Mapping[str, Callable[[str, str], bool]] = {
    "Contains": lambda whole, part: part in whole,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}
_WORD = re.compile(r"\d+|[A-Za-z]+|[()]")


def compare(left: Value, asked: str, right: Value, *, fold: bool = False) -> bool:
    """Return whether a value meets a comparing operator of a condition. `fold`: texts are compared as queries do, without case.

    Inferred: a blank is neither more nor less than anything, and an empty text is blank.
    """
    if asked == "EqualTo":
        return equal(left, right, fold=fold)
    if asked == "NotEqualTo":
        return not equal(left, right, fold=fold)
    if left is None or right is None:
        return False
    if asked in _PARTS:
        whole, part = text(inward(left)), text(inward(right))
        return _PARTS[asked](whole.casefold(), part.casefold()) if fold else _PARTS[asked](whole, part)
    if isinstance(left, date) and isinstance(right, date) and isinstance(left, datetime) != isinstance(right, datetime):
        return _ORDERED[asked](days_between(left, right), 0)
    if isinstance(left, str) and isinstance(right, str) and fold:
        return _ORDERED[asked](left.casefold(), right.casefold())
    return _ORDERED[asked](left, right)


def equal(left: Value, right: Value, *, fold: bool = False) -> bool:
    """Return whether two values are the same; ids may be given in 15 or 18 characters."""
    if left in (None, "") or right in (None, ""):
        return left in (None, "") and right in (None, "")
    if left == right and isinstance(left, bool) == isinstance(right, bool):
        return True
    if isinstance(left, str) and isinstance(right, str):
        if len(left) != len(right) and LENGTH in (len(left), len(right)):
            return normal(left) == normal(right)
        return fold and left.casefold() == right.casefold()
    if isinstance(left, date) and isinstance(right, date):
        return days_between(left, right) == 0
    return False


@cache
def logic(expression: str, count: int) -> Joined:
    """Return what joins so many conditions: `and`, `or`, or a logic such as `1 AND (2 OR 3)`."""
    if expression.lower() in ("and", "or") or not expression:
        return any if expression.lower() == "or" else all
    words = _WORD.findall(expression.upper())
    joined, rest = _either(words, count)
    if rest:
        raise ValueError(f"The condition logic {expression!r} cannot be read.")
    return joined


def _either(words: Sequence[str], count: int) -> tuple[Joined, Sequence[str]]:
    joined, words = _both(words, count)
    while words and words[0] == "OR":
        other, words = _both(words[1:], count)
        joined = _or(joined, other)
    return joined, words


def _or(one: Joined, other: Joined) -> Joined:
    return lambda held: one(held) or other(held)


def _and(one: Joined, other: Joined) -> Joined:
    return lambda held: one(held) and other(held)


def _both(words: Sequence[str], count: int) -> tuple[Joined, Sequence[str]]:
    joined, words = _single(words, count)
    while words and words[0] == "AND":
        other, words = _single(words[1:], count)
        joined = _and(joined, other)
    return joined, words


def _single(words: Sequence[str], count: int) -> tuple[Joined, Sequence[str]]:
    if not words:
        raise ValueError("A condition logic ends too early.")
    head, rest = words[0], words[1:]
    if head == "NOT":
        inner, rest = _single(rest, count)
        return (lambda held: not inner(held)), rest
    if head == "(":
        inner, rest = _either(rest, count)
        if not rest or rest[0] != ")":
            raise ValueError("A condition logic does not close its parentheses.")
        return inner, rest[1:]
    place = int(head) - 1
    if not 0 <= place < count:
        raise ValueError(f"A condition logic names the condition {head}, and there are {count}.")
    return (lambda held: held[place]), rest
