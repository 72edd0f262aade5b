"""What a word of a condition spells besides a text: a number, yes, or no."""

from __future__ import annotations

from math import isfinite

YES, NO = frozenset({"yes", "true"}), frozenset({"no", "false"})
"""The words for an answer, in lower case."""


def as_number(text: str) -> float | None:
    """Return the finite number that a text spells, or None where it is a word."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
