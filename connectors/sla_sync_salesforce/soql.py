"""Queries in SOQL, with every literal escaped, and the refusal of one that asks for what is not there."""

from __future__ import annotations

from collections.abc import Iterable

from sla_sync.connector import RejectedError

_NO_SUCH = ("INVALID_TYPE", "INVALID_FIELD")


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


def asks_for_nothing(error: RejectedError) -> bool:
    """Return whether an org refused a query since an object or field in it is not there, or not for this user."""
    return any(code in error.message for code in _NO_SUCH)
