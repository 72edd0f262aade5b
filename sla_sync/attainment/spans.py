"""Ends of spans that are never empty, so that a join compares them plainly: engines look up nothing fast in «empty or later»."""

from __future__ import annotations

from datetime import datetime

import ibis
from ibis.expr.types import TimestampValue

_ALWAYS = datetime(1, 1, 1)  # noqa: DTZ001 - instants are in UTC without a zone here
_NEVER = datetime(9999, 1, 1)  # noqa: DTZ001 - as above


def since(at: TimestampValue) -> TimestampValue:
    """Return an instant; where it is empty, one before all others."""
    return ibis.coalesce(at, ibis.literal(_ALWAYS, type="timestamp(6)"))


def until(at: TimestampValue) -> TimestampValue:
    """Return an instant; where it is empty, one after all others."""
    return ibis.coalesce(at, ibis.literal(_NEVER, type="timestamp(6)"))
