"""How a value is spelled in the sentence of an amendment, with its unit where it is a number."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.quantities import Undecided
from sla_sync.review.words import NOTHING, named, shown


def spelled(value: object, unit: str = "") -> str:
    """Return a value as the agreement writes it, a day and a number as people do."""
    match value:
        case () | "":
            return NOTHING
        case Undecided():
            return str(value)
        case bool():
            return shown(value)
        case int() | float():
            return f"{shown(value)}{_of(value, unit)}"
        case tuple():
            return named([spelled(each) for each in value])
        case Mapping():
            return named([f"{key} {spelled(each)}" for key, each in value.items()])
        case _:
            return shown(value)


def _of(count: float, unit: str) -> str:
    return f" {unit.removesuffix('s') if abs(count) == 1 else unit}" if unit else ""
