"""How long an answer asks to wait before one comes again, and how long anybody waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_PAUSE = 60.0
"""Seconds: who is asked to come again later than that is told so, and does not sit and wait."""
_DIGITS = 9
"""Enough for thirty years."""
_LONG_HOURS = 2


def asked_pause(headers: Mapping[str, str]) -> float | None:
    """Return the seconds after which an answer asks to come again, None where it does not say; names are in lower case.

    It says seconds, or an instant (RFC 9110, section 10.2.3), which is one of the server's clock: the header Date of the same
    answer tells what time it is there, whatever it is here.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:_DIGITS])
    until, now = _instant(text), _instant(headers.get("date", ""))
    return max(0.0, (until - now).total_seconds()) if until and now else None


def pause_in_words(seconds: float) -> str:
    """Return a long wait as people say it, such as `24 hours`."""
    if seconds >= _LONG_HOURS * 3600:
        return f"{seconds / 3600:.0f} hours"
    minutes = round(seconds / 60)
    return "1 minute" if minutes == 1 else f"{minutes} minutes"


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
