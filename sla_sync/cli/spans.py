"""Lengths of time as options say them: `30 days`, `30d`, `PT5M`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

import typer

_SHORT = re.compile(r"([0-9]+)\s*([smhdw])", re.IGNORECASE)
_WORDS: Mapping[str, str] = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def span(text: str, option: str) -> timedelta:
    """Return the time that an option says. Raises typer.BadParameter where it says none of a fixed length."""
    from sla_sync.agreement.durations import parse_duration, seconds
    from sla_sync.agreement.formats import FormatError

    short = _SHORT.fullmatch(text.strip())
    try:
        found = parse_duration(f"{short[1]} {_WORDS[short[2].lower()]}" if short else text)
    except FormatError:
        found = None
    length = None if found is None or found.business else seconds(found)
    if length is None:
        message = f"'{text}' is no time; write it as 30 days, 12 hours or 5 minutes."
        raise typer.BadParameter(message, param_hint=option)
    return timedelta(seconds=length)


def first_day(text: str, option: str) -> date | timedelta:
    """Return the day that an option names, or how long before the last one it lies. Raises typer.BadParameter."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return span(text, option)
