"""Plain YAML scalars by the core schema of YAML 1.2: `NO`, `on`, `10:00`, `1_000` and dates stay text."""

from __future__ import annotations

import math
import re
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True,
    "false": False, "False": False, "FALSE": False,
}  # fmt: skip
_NUMBER = re.compile(
    r"(?P<whole>[-+]?[0-9]+)"
    r"|0o(?P<octal>[0-7]+)"
    r"|0x(?P<hexadecimal>[0-9a-fA-F]+)"
    r"|(?P<real>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)
_LONGEST_NUMBER = 40
_DIGITS = re.compile(r"[0-9]+")


class UnusableNumberError(ValueError):
    """A number that no agreement can state: infinite, not a number, or absurdly long."""


def resolved(text: str) -> Scalar:
    """Return the value of a plain scalar; raises UnusableNumberError."""
    if text in _WORDS:
        return _WORDS[text]
    match = _NUMBER.fullmatch(text)
    if match is None:
        return text
    if match["endless"] or len(text) > _LONGEST_NUMBER:
        raise UnusableNumberError
    if match["whole"]:
        return int(text)
    if match["octal"]:
        return int(match["octal"], 8)
    if match["hexadecimal"]:
        return int(match["hexadecimal"], 16)
    number = float(text)
    if not math.isfinite(number):
        raise UnusableNumberError
    return number


def key_text(text: str) -> str | None:
    """Return a plain key as text, or None where YAML reads something else; digits, which grades use, are text."""
    if _DIGITS.fullmatch(text):
        return text
    try:
        return text if isinstance(resolved(text), str) else None
    except UnusableNumberError:
        return None
