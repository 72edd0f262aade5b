"""Instants as the properties of records hold them, read and spelled."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_ISO_DATE = 10
"""The length of `2026-12-01`."""


def spell_instant(instant: datetime) -> str:
    """Return an instant as a property holds it: UTC, with milliseconds only where there are any."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace(".000", "").replace("+00:00", "Z")


def instant_of(text: str, zone: ZoneInfo) -> datetime | None:
    """Return the instant that a date or datetime property holds (milliseconds, a date, or a time), or None."""
    try:
        if text.removeprefix("-").isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC)
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        return None
    if len(text) == _ISO_DATE:
        return found.replace(tzinfo=zone).astimezone(UTC)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
