"""The rows behind the on-time rate: every turn whose deadline fell in the period, judged or not, with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.engines import reach_of
from sla_sync.attainment.past import Past
from sla_sync.attainment.runs import runs

MOST = 50_000
"""How many rows are listed; who needs more asks a shorter period."""
COLUMNS = (
    "commitment", "lead", "leg", "owner", "team", "priority", "source", "policy", "assigned_at", "due_at", "stopped_at",
    "state", "because",
)  # fmt: skip


def judged(past: Past, period: Period) -> tuple[Mapping[str, Any], ...]:
    """Return the runs of a period in the order of their deadlines; raises CalendarError and FormatError.

    A run without a deadline belongs to the period of its assignment, as in the on-time rate. Instants are in UTC.
    """
    legs = past.tables["legs"]
    first, last = reach_of(past.engine, legs, past.as_of)
    found = runs(legs, past.agreements, past.as_of, first=first, last=last, files=past.files).table
    at = ibis.coalesce(found["due_at"], found["assigned_at"])
    because = ibis.coalesce(found["void_because"], found["unusable_because"])
    inside = found.filter((at >= stamp(period.since)) & (at < stamp(period.until))).mutate(at=at, because=because)
    return tuple(past.rows(inside.order_by("at", "commitment", "leg").limit(MOST).select(*COLUMNS)))
