"""Formulas evaluated: a formula is made into a function once, and that is asked for each record.

Inferred: a comparison with a blank is false, whatever stands on the other side; only `=` and `<>` know that blanks are
alike. In arithmetic a blank makes the result blank. Whether a blank number counts as zero is for the names to answer, since
the platform decides that by formula field and not by formula.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Protocol, TypeAlias
from zoneinfo import ZoneInfo

from lark import Token, Tree

from sla_sync_salesforce.simulator import store
from sla_sync_salesforce.simulator.formulas.functions import (
    EXACT,
    OF_TEXT,
    FormulaError,
    Value,
    add_days,
    days_between,
    of_text,
    of_values,
    same,
    text,
)
from sla_sync_salesforce.simulator.formulas.reading import CONSTANTS, parse, reference_in
from sla_sync_salesforce.simulator.identifiers import normal


class Names(Protocol):
    """What the references of a formula lead to, for one record at one moment."""

    @property
    def now(self) -> datetime:
        """The moment of the evaluation, in UTC."""
        ...

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of whoever runs the formula, which says what day it is."""
        ...

    @property
    def is_new(self) -> bool:
        """Whether the record is being created."""
        ...

    def value(self, name: str) -> Value:
        """Return what a reference leads to."""
        ...

    def prior(self, name: str) -> Value:
        """Return what a reference led to before the record was changed."""
        ...


Evaluated: TypeAlias = Callable[[Names], Value]

_COMPARISONS: Mapping[str, Callable[[Value, Value], bool]] = {
    "<": operator.lt,  # type: ignore[dict-item] # the check of the formula has seen to the kinds of both sides
    "<=": operator.le,  # type: ignore[dict-item] # as above
    ">": operator.gt,  # type: ignore[dict-item] # as above
    ">=": operator.ge,  # type: ignore[dict-item] # as above
}
_EQUAL, _UNEQUAL = ("=", "=="), ("<>", "!=")


@cache
def compiled(formula: str) -> Evaluated:
    """Return a formula as a function of the names that it refers to. The formula has passed the check."""
    return _expression(parse(formula).children[0])


def evaluate(formula: str, names: Names) -> Value:
    """Return what a formula results in. Raises FormulaError."""
    return compiled(formula)(names)


def holds(formula: str, names: Names) -> bool:
    """Return whether a formula of true or false is true; a blank is not. Raises FormulaError."""
    return compiled(formula)(names) is True


def inward(value: store.Value) -> Value:
    """Return the value of a field as formulas know it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    return Decimal(repr(value)) if isinstance(value, float) else value


def outward(value: Value, scale: int | None = None) -> store.Value:
    """Return the result of a formula as a record holds it; a number is rounded to so many places."""
    if isinstance(value, Decimal):
        if scale is not None:
            value = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP, EXACT)
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, time):
        return text(value)
    return value if value != "" else None


def _expression(node: Tree[Token] | Token) -> Evaluated:
    assert isinstance(node, Tree)  # noqa: S101 - tokens stand only inside nodes that know them
    return _NODES[node.data](node)


def _parts(node: Tree[Token]) -> tuple[list[Evaluated], list[str]]:
    """Return the operands of a node and the operators between them."""
    operands = [_expression(each) for each in node.children if isinstance(each, Tree)]
    return operands, [str(each) for each in node.children if isinstance(each, Token)]


def _number(node: Tree[Token]) -> Evaluated:
    value = Decimal(str(node.children[0]))
    return lambda _names: value


def _text(node: Tree[Token]) -> Evaluated:
    raw = str(node.children[0])[1:-1]
    value = raw.replace("\\n", "\n").replace('\\"', '"').replace("\\'", "'").replace("\\\\", "\\")
    return lambda _names: value


def _reference(node: Tree[Token]) -> Evaluated:
    name = reference_in(node)
    if name.upper() in CONSTANTS:
        value = {"TRUE": True, "FALSE": False}.get(name.upper())
        return lambda _names: value
    return lambda names: names.value(name)


def _logic(node: Tree[Token]) -> Evaluated:
    operands, _ = _parts(node)
    return _all(operands) if node.data == "conjoined" else _any(operands)


def _all(operands: list[Evaluated]) -> Evaluated:
    return lambda names: all(each(names) is True for each in operands)


def _any(operands: list[Evaluated]) -> Evaluated:
    return lambda names: any(each(names) is True for each in operands)


def _negated(node: Tree[Token]) -> Evaluated:
    (operand,), _ = _parts(node)
    return lambda names: operand(names) is not True


def _compare(node: Tree[Token]) -> Evaluated:
    operands, signs = _parts(node)
    left, right, sign = operands[0], operands[1], signs[0]
    if sign in _EQUAL:
        return lambda names: same(left(names), right(names))
    if sign in _UNEQUAL:
        return lambda names: not same(left(names), right(names))
    test = _COMPARISONS[sign]

    def result(names: Names) -> Value:
        one, other = left(names), right(names)
        if one is None or other is None:
            return False
        if isinstance(one, date) and isinstance(other, date):
            return test(days_between(one, other), Decimal(0))
        return test(one, other)

    return result


def _join(node: Tree[Token]) -> Evaluated:
    operands, _ = _parts(node)
    return lambda names: "".join(text(each(names)) for each in operands)


def _arithmetic(node: Tree[Token]) -> Evaluated:
    operands, signs = _parts(node)
    first, others = operands[0], list(zip(signs, operands[1:], strict=True))

    def result(names: Names) -> Value:
        total = first(names)
        for sign, operand in others:
            total = added(total, operand(names), sign)
        return total

    return result


def added(left: Value, right: Value, sign: str) -> Value:
    """Return a sum or a difference: of numbers, of a date and days, of two dates, or texts joined. Raises FormulaError."""
    if isinstance(left, str) or isinstance(right, str):
        return text(left) + text(right)
    if left is None or right is None:
        return None
    if isinstance(left, date):
        if isinstance(right, date):
            return days_between(left, right)
        return add_days(left, _signed(right, sign))
    if isinstance(right, date):
        return add_days(right, _signed(left, "+"))
    return EXACT.add(_decimal(left), _signed(right, sign))


def _signed(value: Value, sign: str) -> Decimal:
    return -_decimal(value) if sign == "-" else _decimal(value)


def _decimal(value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise FormulaError(f"Arithmetic needs numbers, and has {text(value)!r}.")


def _times(node: Tree[Token]) -> Evaluated:
    operands, signs = _parts(node)
    first, others = operands[0], list(zip(signs, operands[1:], strict=True))

    def result(names: Names) -> Value:
        total = first(names)
        for sign, operand in others:
            by = operand(names)
            if total is None or by is None:
                return None
            if sign == "/" and not by:
                raise FormulaError("The formula divides by zero.")
            act = EXACT.multiply if sign == "*" else EXACT.divide
            total = act(_decimal(total), _decimal(by))
        return total

    return result


def _power(node: Tree[Token]) -> Evaluated:
    operands, _ = _parts(node)

    def result(names: Names) -> Value:
        values = [each(names) for each in operands]
        if any(each is None for each in values):
            return None
        total = _decimal(values[0])
        for each in values[1:]:
            total = EXACT.power(total, _decimal(each))
        return total

    return result


def _sign(node: Tree[Token]) -> Evaluated:
    (operand,), (sign,) = _parts(node)

    def result(names: Names) -> Value:
        value = operand(names)
        return None if value is None else _signed(value, sign)

    return result


def _call(node: Tree[Token]) -> Evaluated:
    name = str(node.children[0]).upper()
    nodes = [each for each in node.children[1:] if isinstance(each, Tree)]
    special = _SPECIAL.get(name)
    parameters = [_expression(each) for each in nodes]
    if special is not None:
        return special(parameters, nodes)
    if name in OF_TEXT:
        return lambda names: of_text(name, [each(names) for each in parameters])
    return lambda names: of_values(name, [each(names) for each in parameters])


def _if(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    condition, then, other = parameters
    return lambda names: then(names) if condition(names) is True else other(names)


def _case(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    subject, *rest, other = parameters
    pairs = list(zip(rest[::2], rest[1::2], strict=True))

    def result(names: Names) -> Value:
        value = subject(names)
        return next((then for when, then in pairs if same(value, when(names))), other)(names)

    return result


def _blank(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    (subject,) = parameters
    return lambda names: subject(names) in (None, "")


def _blank_value(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    subject, substitute = parameters

    def result(names: Names) -> Value:
        value = subject(names)
        return substitute(names) if value in (None, "") else value

    return result


def _changed(_parameters: list[Evaluated], nodes: list[Tree[Token]]) -> Evaluated:
    name = reference_in(nodes[0])
    # Documented: on a record that is new nothing has changed.
    return lambda names: not names.is_new and not same(names.value(name), names.prior(name))


def _prior_value(_parameters: list[Evaluated], nodes: list[Tree[Token]]) -> Evaluated:
    name = reference_in(nodes[0])
    # Documented: on a record that is new it is the value itself.
    return lambda names: names.value(name) if names.is_new else names.prior(name)


def _date_value(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    def result(names: Names) -> Value:
        value = parameters[0](names)
        return of_values("DATEVALUE", [value.astimezone(names.zone).date() if isinstance(value, datetime) else value])

    return result


def _case_safe(parameters: list[Evaluated], _nodes: list[Tree[Token]]) -> Evaluated:
    return lambda names: normal(text(parameters[0](names)))


_SPECIAL: Mapping[str, Callable[[list[Evaluated], list[Tree[Token]]], Evaluated]] = {
    "AND": lambda parameters, _nodes: _all(parameters),
    "BLANKVALUE": _blank_value,
    "BR": lambda _parameters, _nodes: lambda _names: "\n",
    "CASE": _case,
    "CASESAFEID": _case_safe,
    "DATEVALUE": _date_value,
    "IF": _if,
    "ISBLANK": _blank,
    "ISCHANGED": _changed,
    "ISNEW": lambda _parameters, _nodes: lambda names: names.is_new,
    "ISNULL": _blank,
    "NOT": lambda parameters, _nodes: lambda names: parameters[0](names) is not True,
    "NOW": lambda _parameters, _nodes: lambda names: names.now,
    "NULLVALUE": _blank_value,
    "OR": lambda parameters, _nodes: _any(parameters),
    "PRIORVALUE": _prior_value,
    "TIMENOW": lambda _parameters, _nodes: lambda names: names.now.time(),
    "TODAY": lambda _parameters, _nodes: lambda names: names.now.astimezone(names.zone).date(),
}
_NODES: Mapping[str, Callable[[Tree[Token]], Evaluated]] = {
    "arithmetic": _arithmetic,
    "call": _call,
    "compare": _compare,
    "conjoined": _logic,
    "disjoined": _logic,
    "join": _join,
    "merge": _reference,
    "negated": _negated,
    "number": _number,
    "power": _power,
    "reference": _reference,
    "signed": _sign,
    "text": _text,
    "times": _times,
}
