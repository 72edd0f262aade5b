"""Instants as an org writes them: the offset of UTC without a colon in REST, as Z in SOAP, or none at a day."""

from __future__ import annotations

from datetime import UTC, datetime


def instant(text: object) -> datetime | None:
    """Return an instant in UTC, None where none is told; a date without a time counts from its midnight."""
    if not isinstance(text, str) or not text:
        return None
    found = datetime.fromisoformat(text)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
