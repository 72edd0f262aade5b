"""Conditions of a binding, held against a record that was read: what is left out, which deal means which stage."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

Record: TypeAlias = Mapping[str, str]
Holds: TypeAlias = Callable[[Record], bool]

_TERM = re.compile(
    r"^(?P<object>\w+)\.(?P<field>\w+)"
    r"(?: (?:is (?P<negated>not )?(?P<value>\S.*)|(?P<test>contains|starts with|ends with) (?P<text>\S.*)))?$"
)
_TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "contains": lambda value, text: text in value,
    "starts with": str.startswith,
    "ends with": str.endswith,
}


def condition(text: str, kind: str) -> tuple[tuple[str, ...], Holds] | None:
    """Return the fields that a condition reads and what says whether it holds; None for what cannot be asked of a record.

    A condition is `Lead.Field`, `Lead.Field is value`, `Lead.Email ends with @acme.example`, or several joined by `and`.
    """
    terms = [_TERM.match(each.strip()) for each in text.split(" and ")]
    if " or " in text or any(term is None or term["object"] != kind for term in terms):
        return None
    found = [term for term in terms if term is not None]
    held = [_term(each) for each in found]
    return tuple(each["field"] for each in found), lambda record: all(each(record) for each in held)


def _term(term: re.Match[str]) -> Holds:
    field, test = term["field"], term["test"]
    if test is not None:
        text, holds = _plain(term["text"]), _TESTS[test]
        return lambda record: holds(record.get(field, "").casefold(), text)
    value = _plain(term["value"] or "true")
    wanted = value if term["value"] else "true"
    negated = term["negated"] is not None
    return lambda record: (record.get(field, "").casefold() == wanted) != negated


def _plain(text: str) -> str:
    return text.strip().strip("\"'").casefold()
