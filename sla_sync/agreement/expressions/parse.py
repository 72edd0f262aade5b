"""Texts become expressions, measures and events; what cannot be read is refused with its place and an advice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sla_sync.agreement.expressions.errors import ExpressionError
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.measures import Measure
from sla_sync.agreement.expressions.tree import Expression

if TYPE_CHECKING:
    from lark import ParseTree

LONGEST = 5_000
"""The most characters that an expression may have."""

DEEPEST = 20
"""How many parentheses and `not` may stand inside each other."""

_NESTING = re.compile(r"[()]|[^\s()]+")


def parse_expression(text: str) -> Expression:
    """Return the condition that the text states; raises ExpressionError."""
    from sla_sync.agreement.expressions.build import expression_from

    return expression_from(_tree(text, "expression"))


def parse_measure(text: str) -> Measure:
    """Return what the text counts or sums; raises ExpressionError."""
    from sla_sync.agreement.expressions.build import measure_from

    return measure_from(_tree(text, "measure"))


def parse_event(text: str, *, free: bool = False) -> Event:
    """Return the event that the text names; raises ExpressionError.

    With `free` a word that is no event of a lead is a moment in the life of something else: `asked` of a `list_upload`.
    """
    from sla_sync.agreement.expressions.build import event_from

    return event_from(_tree(text, "event"), free=free)


def _tree(text: str, kind: str) -> ParseTree:
    _bounded(text)
    from lark.exceptions import UnexpectedInput

    from sla_sync.agreement.expressions.explain import explained
    from sla_sync.agreement.expressions.tables import parser

    try:
        return parser().parse(text, start=kind)
    except UnexpectedInput as error:
        raise explained(error, text, kind) from None


def _bounded(text: str) -> None:
    if len(text) > LONGEST:
        message = f"The expression has {len(text):,} characters; at most {LONGEST:,} are read."
        raise ExpressionError(message, offset=LONGEST, hint="Name a part of it under `groups` or `segments`.")
    negations, opened = 0, []
    for each in _NESTING.finditer(text):
        match each.group():
            case "(":
                opened.append(negations + 1)
                negations = 0
            case ")":
                negations = 0
                if opened:
                    opened.pop()
            case "not":
                negations += 1
            case _:
                negations = 0
        if sum(opened) + negations > DEEPEST:
            message = f"More than {DEEPEST} parentheses and `not` stand inside each other."
            hint = "Name a part of the expression under `groups` or `segments`."
            raise ExpressionError(message, offset=each.start(), hint=hint)
