"""Which version of an agreement was in force at an instant; and an agreement as if it had been in force since a day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import ibis
from ibis.expr.types import StringValue, Value

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.business_time import stamp
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant


def as_if_in_force(agreement: Agreement, since: date) -> Agreement:
    """Return the same agreement in force from a day on without an end, for times at which it was not agreed yet."""
    effective = agreement.metadata.effective.model_copy(update={"start": since, "until": None})
    metadata = agreement.metadata.model_copy(
        update={"effective": effective, "version": agreement.metadata.version_in_force}
    )
    return agreement.model_copy(update={"metadata": metadata})


def begins(agreement: Agreement) -> datetime:
    """Return the first instant of the first day on which an agreement is in force, in its own zone."""
    zone = zone_named(agreement.metadata.timezone)
    return first_instant(zone, datetime.combine(agreement.metadata.effective.start, time()))


def in_order(agreements: Mapping[str, Agreement]) -> tuple[tuple[str, datetime], ...]:
    """Return the names of the versions with the instant from which each is in force, the earliest first."""
    return tuple(sorted(((name, begins(each)) for name, each in agreements.items()), key=lambda each: each[1]))


def in_force(at: Value, agreements: Mapping[str, Agreement]) -> StringValue:
    """Return the name of the version that was in force at an instant; before all of them that of the first.

    Whether the version promised anything then is another question, and runs ask it.
    """
    first, *others = in_order(agreements)
    if not others:
        return ibis.literal(first[0])
    return ibis.cases(*((at >= stamp(since), name) for name, since in reversed(others)), else_=first[0])
