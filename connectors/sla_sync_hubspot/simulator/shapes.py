"""Checking the shape of a request body: required members, types, choices, and no member that is not known.

Inferred: HubSpot's own parser may turn a text into a number or a boolean here and there. This one never does, so that
nothing which passes it relies on that.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from sla_sync_hubspot.simulator.refusals import invalid, missing

Check: TypeAlias = Callable[[Any, str], None]
"""Raises RefusalError unless the value fits; the text says where in the body the value stands."""


def text(value: Any, where: str) -> None:
    """Accept a string."""
    if not isinstance(value, str):
        raise invalid(f"The value of {where} is not a string: {value!r}", where=where)


def filled(value: Any, where: str) -> None:
    """Accept a string that says something."""
    text(value, where)
    if not value.strip():
        raise invalid(f"The value of {where} is empty", where=where)


def digits(value: Any, where: str) -> None:
    """Accept a whole number written as a string."""
    text(value, where)
    if not value.removeprefix("-").isdecimal():
        raise invalid(f"The value of {where} is not a whole number in quotes: {value!r}", where=where)


def boolean(value: Any, where: str) -> None:
    """Accept true and false, and not the words for them."""
    if not isinstance(value, bool):
        raise invalid(f"The value of {where} is not a boolean: {value!r}", where=where)


def integer(value: Any, where: str) -> None:
    """Accept a whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"The value of {where} is not an integer: {value!r}", where=where)


def anything(_value: Any, _where: str) -> None:
    """Accept any value: its owner checks it."""


def one_of(choices: Collection[str], *, code: str | None = None, sub_category: str | None = None) -> Check:
    """Return a check for one of these strings."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, str) or value not in choices:
            listed = ", ".join(sorted(choices))
            message = f"The value of {where} is {value!r}, which is not one of: {listed}"
            raise invalid(message, where=where, code=code, sub_category=sub_category)

    return check


def between(low: int, high: int) -> Check:
    """Return a check for a whole number in a range, both ends included."""

    def check(value: Any, where: str) -> None:
        integer(value, where)
        if not low <= value <= high:
            raise invalid(f"The value of {where} is {value}, which is not between {low} and {high}", where=where)

    return check


def list_of(member: Check) -> Check:
    """Return a check for a list whose every member fits."""

    def check(value: Any, where: str) -> None:
        if not isinstance(value, list):
            raise invalid(f"The value of {where} is not a list: {value!r}", where=where)
        for position, each in enumerate(value):
            member(each, f"{where}[{position}]")

    return check


def map_of(member: Check) -> Check:
    """Return a check for an object of any keys whose every value fits."""

    def check(value: Any, where: str) -> None:
        for key, each in _object(value, where).items():
            member(each, f"{where}.{key}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Return a check for an object with these members and no other."""
    known = dict(required) | dict(optional or {})

    def check(value: Any, where: str) -> None:
        present = _object(value, where)
        prefix = f"{where}." if where else ""
        for key in present:
            if key not in known:
                listed = ", ".join(sorted(known))
                message = f'Invalid input JSON on line 1, column 1: Unrecognized field "{key}"; known are: {listed}'
                raise invalid(message, where=f"{prefix}{key}")
        absent = [key for key in required if present.get(key) is None]
        if absent:
            raise missing(absent, where)
        for key, member in known.items():
            # A member that is null counts as one that is absent.
            if present.get(key) is not None:
                member(present[key], f"{prefix}{key}")

    return check


def _object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        place = where or "the body"
        raise invalid(f"The value of {place} is not an object: {value!r}", where=where)
    return value
