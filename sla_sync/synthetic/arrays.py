"""Rows kept as columns: frozen dataclasses whose every field is an array of the same length."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from sla_sync.synthetic.chance import Bools, Ints

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Rows = TypeVar("Rows", bound="DataclassInstance")


def some(rows: Rows, which: Bools | Ints) -> Rows:
    """Return those rows that a mask or their places name, in this order."""
    return type(rows)(**{each.name: getattr(rows, each.name)[which] for each in fields(rows)})


def joined(parts: Sequence[Rows]) -> Rows:
    """Return the rows of all parts, one part after the other."""
    first = parts[0]
    columns: dict[str, Any] = {
        each.name: np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(first)
    }
    return type(first)(**columns)


def count(rows: DataclassInstance) -> int:
    """Return how many rows there are."""
    return len(getattr(rows, fields(rows)[0].name))
