"""Queries in SOQL, with every literal escaped."""

from __future__ import annotations

from collections.abc import Iterable


def literal(text: str) -> str:
    """Return a text as a literal of SOQL."""
    escaped = text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
    return f"'{escaped}'"


def one_of(field: str, texts: Iterable[str]) -> str:
    """Return a condition that holds where a field is one of these texts."""
    return f"{field} IN ({', '.join(literal(each) for each in sorted(texts))})"


def select(fields: str, kind: str, where: str = "", then: str = "") -> str:
    """Return a query; `then` is what follows the conditions, such as an order."""
    parts = ["SELECT", fields, "FROM", kind]
    if where:
        parts += ["WHERE", where]
    return " ".join([*parts, then]).rstrip()
