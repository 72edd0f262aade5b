"""Point 6: both platforms reckon in the same hours, holidays and time zone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla_sync.connector import Calendar, Hours
from sla_sync.consistency.sides import Pair, Side, changed
from sla_sync.consistency.verdicts import Found, Outcome

_YEARS = 3
"""How long two zones are compared: whoever shares the clock changes of this year and the next two is one zone to us."""


def hours(pair: Pair) -> Iterator[Found]:
    """Yield calendars that a platform keeps otherwise than agreed, and platforms that reckon in another time zone."""
    for calendar in pair.resources.calendars:
        wrong = [found for side in pair.sides for found in (*_live(pair, side, calendar), *_zone(pair, side, calendar))]
        yield from wrong
        if not wrong:
            kept = [
                f"{side.target} keeps it as «{each.name}»" for side in pair.sides if (each := _kept(side, calendar))
            ]
            zones = [
                f"{side.target} reckons in {side.facts.zone}"
                for side in pair.sides
                if side.facts.zone and not _kept(side, calendar)
            ]
            told = " and ".join((*kept, *zones)) or "no platform keeps it"
            yield Found(Outcome.GOOD, f"Calendar '{calendar.name}' ({calendar.timezone}): {told}.", calendar.origin)


def _kept(side: Side, calendar: Calendar) -> Hours | None:
    return side.facts.hours.get(calendar.name)


def _live(pair: Pair, side: Side, calendar: Calendar) -> Iterator[Found]:
    """Yield what the platform's own calendar says otherwise; where it shows none, what a new apply would change in it."""
    hint = f"Apply the agreement to {side.target} again, or change the calendar in the agreement."
    found = _kept(side, calendar)
    sentences: list[str] = []
    if found is not None:
        name = f"«{found.name}» on {side.target}"
        if not same_zone(found.zone, calendar.timezone, pair.today.year):
            sentences.append(f"{name} is in {found.zone}, and the calendar is in {calendar.timezone}.")
        sentences += [f"{name} {each}" for each in _days(found.week, calendar.week)]
        agreed = {each.day for each in calendar.closed_days if not each.windows}
        if found.closed - agreed:
            days = ", ".join(map(str, sorted(found.closed - agreed)))
            sentences.append(f"{name} is closed on {days}, and the calendar is open.")
        if agreed - found.closed:
            days = ", ".join(map(str, sorted(agreed - found.closed)))
            sentences.append(f"{name} is open on {days}, and the calendar is closed.")
    if not sentences:
        addresses = dict.fromkeys(change.address for change, _ in changed(side, calendar.origin))
        if addresses:
            first, more = next(iter(addresses)), len(addresses) - 1
            besides = f" and {more} more" if more else ""
            sentences.append(f"{first}{besides} of {side.target} is not as the calendar asks for.")
    for each in sentences:
        yield Found(Outcome.DIFFERS, each, calendar.origin, None, hint)


def _days(
    live: Mapping[str, tuple[tuple[time, time], ...]], agreed: Mapping[str, tuple[tuple[time, time], ...]]
) -> Iterator[str]:
    for day in dict.fromkeys((*agreed, *live)):
        if live.get(day, ()) != tuple(agreed.get(day, ())):
            yield f"is open {_spell(live.get(day, ()))} on {day}, and the calendar {_spell(agreed.get(day, ()))}."


def _spell(windows: tuple[tuple[time, time], ...]) -> str:
    return ", ".join(f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in windows) or "never"


def _zone(pair: Pair, side: Side, calendar: Calendar) -> Iterator[Found]:
    if calendar.name in side.facts.hours:
        return
    if "zone" in side.facts.untold:
        yield Found(
            Outcome.UNKNOWN,
            f"{side.target} does not tell its time zone: {side.facts.untold['zone']}",
            calendar.origin,
            None,
            "Give the token the right to read the account, or attest the zone.",
        )
    elif side.facts.zone and not same_zone(side.facts.zone, calendar.timezone, pair.today.year):
        yield Found(
            Outcome.DIFFERS,
            f"{side.target} reckons in {side.facts.zone}, and calendar '{calendar.name}' is in {calendar.timezone}.",
            (*calendar.origin, "timezone"),
            None,
            "Set the time zone of the account to that of the calendar; what has run keeps its times.",
        )


@cache
def same_zone(one: str, other: str, year: int) -> bool:
    """Return whether two zones tell the same time in this year and the next ones, whatever they are called."""
    try:
        first, second = ZoneInfo(one), ZoneInfo(other)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    at, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + _YEARS, 1, 1, tzinfo=UTC)
    while at < end:
        if at.astimezone(first).utcoffset() != at.astimezone(second).utcoffset():
            return False
        at += timedelta(hours=6)
    return True
