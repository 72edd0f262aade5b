"""When a commitment was in force as it is asked about: the days of each version that measures it in the same way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import ibis
from ibis.expr.types import BooleanValue, Value

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.in_force import begins
from sla_sync.attainment.past import Past
from sla_sync.measures.owed import OTHER_MONTHS, Days, owed
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.civil import first_instant

NOT_IN_FORCE = "not in force then, or measured in another way"
"""Why something that happened is left out: no version was in force, or one that says another `measure`, `where` or scope."""
NEVER_IN_FORCE = "It was not in force on any of these days."

Stretch = tuple[datetime, datetime | None]


def stretches(past: Past, name: str) -> tuple[Stretch, ...]:
    """Return from when to before when a commitment was in force as the agreement that is asked about says it.

    A version holds until the next one begins. Without an end where None.
    """
    return tuple((since, until) for _, since, until in _stretches(past, name))


def promised_in(past: Past, name: str, days: Days) -> tuple[tuple[Agreement, Days], ...]:
    """Return the days, among some, on which a commitment was in force, with the version that promised it then."""
    return tuple(_promised_in(past, name, days))


def owed_in(past: Past, name: str, days: Days) -> float | str:
    """Return the number that was promised for some days, each by the version in force, or why there is none in a sentence."""
    parts = promised_in(past, name, days)
    said = [
        owed(version, version.commitments[name], calendars_of(version, files=past.files).main, part)
        for version, part in parts
    ]
    numbers = [each for each in said if not isinstance(each, str)]
    reasons = [each for each in said if isinstance(each, str) and (each != OTHER_MONTHS or not numbers)]
    if reasons or not numbers:
        return reasons[0] if reasons else NEVER_IN_FORCE
    return sum(numbers)


def holds_at(at: Value, found: tuple[Stretch, ...]) -> BooleanValue:
    """Return whether each instant lies in one of some stretches."""
    inside = ibis.literal(value=False)
    for since, until in found:
        here = at >= stamp(since)
        inside |= here if until is None else here & (at < stamp(until))
    return inside


def _promised_in(past: Past, name: str, days: Days) -> Iterator[tuple[Agreement, Days]]:
    zone = zone_named(past.agreement.metadata.timezone)
    for version, since, until in _stretches(past, name):
        first = since.astimezone(zone).date()
        last = days.last if until is None else (until - timedelta(microseconds=1)).astimezone(zone).date()
        part = days.within(Days(first, last))
        if part.first <= part.last:
            yield version, part


def _stretches(past: Past, name: str) -> Iterator[tuple[Agreement, datetime, datetime | None]]:
    wanted = _meaning(past.agreement, name)
    versions = [each for each in past.agreements.values() if each is not past.agreement]
    ordered = sorted((*versions, past.agreement), key=lambda each: each.metadata.effective.start)
    for place, version in enumerate(ordered):
        following = begins(ordered[place + 1]) if place + 1 < len(ordered) else None
        ends = [each for each in (_ends(version), following) if each is not None]
        until = min(ends, default=None)
        if name in version.commitments and _meaning(version, name) == wanted and until != begins(version):
            yield version, begins(version), until


def _meaning(agreement: Agreement, name: str) -> tuple[object, ...]:
    commitment = agreement.commitments[name]
    said = (commitment.measure, commitment.where, agreement.metadata.scope)
    return tuple(None if each is None else each.value for each in said)


def _ends(agreement: Agreement) -> datetime | None:
    """Return when the last day on which an agreement is in force is over; None where it has none."""
    until = agreement.metadata.effective.until
    if until is None:
        return None
    zone = zone_named(agreement.metadata.timezone)
    return first_instant(zone, datetime.combine(until + timedelta(days=1), time()))
