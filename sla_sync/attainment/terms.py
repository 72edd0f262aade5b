"""What each version of an agreement gives its leads: limits by calendar and priority, as a table to look into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.commitments import INSIDE_HOURS, OUTSIDE_HOURS, OWNER_CALENDAR
from sla_sync.attainment.business_time import naive
from sla_sync.attainment.deadlines import Limit
from sla_sync.attainment.timed import limit_of
from sla_sync.semantics.calendar import BusinessCalendar, zone_named
from sla_sync.semantics.calendars import Calendars
from sla_sync.semantics.civil import first_instant

_STAMP = pa.timestamp("us")
_TERMS = pa.schema(
    [
        ("of_policy", pa.string()),
        ("of_hours", pa.string()),
        ("of_priority", pa.string()),
        ("limit", pa.int32()),
        ("force_since", _STAMP),
        ("force_until", _STAMP),
    ]
)


@dataclass(slots=True)
class Limits:
    """The limits that were found so far, each with its calendar, under a number of its own."""

    found: dict[int, tuple[BusinessCalendar, Limit]] = field(default_factory=dict)

    def number(self, calendar: BusinessCalendar, limit: Limit) -> int:
        """Return the number of a limit in a calendar; equal ones have the same."""
        known = next((number for number, each in self.found.items() if each == (calendar, limit)), None)
        if known is not None:
            return known
        # Equal calendars become one object, so that their hours are reckoned once.
        same = next((each for each, _ in self.found.values() if each == calendar), calendar)
        self.found[len(self.found)] = (same, limit)
        return len(self.found) - 1


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the agreement by which turns are judged, with its calendars."""

    agreement: Agreement
    calendars: Calendars


def priorities(versions: Mapping[str, Version], commitment: str) -> tuple[str, ...]:
    """Return the priorities that have a limit of their own in some version."""
    named = (name for version in versions.values() for name in version.agreement.commitments[commitment].limits)
    return tuple(sorted({each for each in named if each not in {"", INSIDE_HOURS, OUTSIDE_HOURS}}))


def terms(versions: Mapping[str, Version], commitment: str, limits: Limits) -> pa.Table:
    """Return what a commitment gives by policy, hours and priority; adds to `limits`; raises CalendarError.

    The hours are the calendar of the owner, or nothing where no owner or no calendar of theirs counts. A row without a
    limit says that nothing is promised.
    """
    rows = [
        (
            name,
            hours,
            priority,
            None if limit is None else limits.number(calendar, limit),
            *_in_force(version.agreement),
        )
        for name, version in versions.items()
        for hours, calendar in _hours(version, commitment)
        for priority in ("", *priorities(versions, commitment))
        for limit in (limit_of(version.agreement.commitments[commitment], priority),)
    ]
    columns = list(zip(*rows, strict=True))
    return pa.table([pa.array(each, type=kind.type) for each, kind in zip(columns, _TERMS, strict=True)], schema=_TERMS)


def _hours(version: Version, commitment: str) -> Iterator[tuple[str, BusinessCalendar]]:
    clock = version.agreement.commitments[commitment].clock
    if clock is None:
        return
    if clock.runs_in == OWNER_CALENDAR:
        yield from version.calendars.named.items()
        yield "", version.calendars.main
    else:
        yield "", version.calendars.for_clock(clock.runs_in, None, None)


def _in_force(agreement: Agreement) -> tuple[datetime, datetime | None]:
    """Return the first instant at which an agreement is in force, and the first at which it no longer is."""
    zone, said = zone_named(agreement.metadata.timezone), agreement.metadata.effective
    until = None if said.until is None else _midnight(zone, said.until + timedelta(days=1))
    return _midnight(zone, said.start), until


def _midnight(zone: ZoneInfo, day: date) -> datetime:
    return naive(first_instant(zone, datetime.combine(day, time())))
