"""The opening hours of a calendar in words."""

from __future__ import annotations

from sla_sync.agreement.hours import MINUTES_OF_A_DAY, Weekday, Window, parse_weekdays
from sla_sync.agreement.sections.calendars import Calendar
from sla_sync.explain.names import listed
from sla_sync.explain.spoken import window

_FEW = 2


def week(calendar: Calendar) -> str:
    """Return the opening hours as the rest of a sentence, full stop included: `Monday to Friday 09:00 to 17:00.`."""
    if not calendar.open:
        return "at no time that is named."
    return f"{'; '.join(f'{_days(days)} {windows(said)}' for days, said in calendar.open.items())}."


def windows(said: tuple[Window, ...]) -> str:
    """Return the windows of a day: `09:00 to 13:00 and 15:00 to 18:00`, `closed`, `around the clock`."""
    if not said:
        return "closed"
    whole = len(said) == 1 and not said[0].opens.minute and said[0].closes.minute == MINUTES_OF_A_DAY
    return "around the clock" if whole else listed([window(each) for each in said])


def _days(text: str) -> str:
    days = parse_weekdays(text)
    order = list(Weekday)
    named = [each.capitalize() for each in days]
    first = order.index(days[0])
    in_a_row = [order.index(each) for each in days] == list(range(first, first + len(days)))
    return f"{named[0]} to {named[-1]}" if in_a_row and len(days) > _FEW else listed(named)
