"""The days on which a calendar differs from its week: named days, days kept in a file, public holidays of a country."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from sla_sync.agreement.formats import FormatError, shortened
from sla_sync.agreement.hours import Window
from sla_sync.agreement.sections.calendars import Holiday, HolidayList, NamedHoliday

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ANY_YEAR = 2026


class CalendarError(ValueError):
    """A calendar cannot be used; `hint` starts with a verb."""

    def __init__(self, message: str, *, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its two letters, and a part of it that has holidays of its own."""

    code: str
    region: str | None = None

    def __str__(self) -> str:
        return f"{self.code}-{self.region}" if self.region else self.code


@dataclass(frozen=True, slots=True)
class Holidays:
    """Days with hours of their own, none where they are closed, and countries whose public holidays are closed."""

    days: Mapping[date, tuple[Window, ...]] = field(default_factory=dict)
    countries: tuple[Country, ...] = ()

    def hours_on(self, day: date) -> tuple[Window, ...] | None:
        """Return the hours of a day that differs from its weekday, or None where it does not; a named day wins."""
        named = self.days.get(day)
        if named is not None:
            return named
        return () if any(day in public_holidays(each, day.year) for each in self.countries) else None

    def __bool__(self) -> bool:
        return bool(self.days or self.countries)


def holidays_of(entries: Sequence[Holiday], files: Mapping[str, str]) -> Holidays:
    """Return the holidays that a calendar's entries name; `files` holds the texts of the files that they name.

    Raises CalendarError where such a text is missing or a country is unknown, and FormatError where a text has no days.
    """
    days: dict[date, tuple[Window, ...]] = {}
    countries: list[Country] = []
    for entry in entries:
        match entry:
            case NamedHoliday():
                days[entry.day] = entry.open
            case HolidayList(country=str(code)):
                countries.append(Country(code, entry.region))
            case HolidayList(file=str(name)):
                days |= dict.fromkeys(days_in(_text(files, name)), ())
            case date():
                days[entry] = ()
            case _:
                continue
    for country in countries:
        public_holidays(country, _ANY_YEAR)
    return Holidays(days, tuple(countries))


def days_in(text: str) -> tuple[date, ...]:
    """Return the days of a file: one at the start of each line, what follows is its name; `#` begins a comment.

    Raises FormatError.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        day = _DAY.match(said)
        try:
            found.append(date.fromisoformat(day[0] if day else said))
        except ValueError:
            message = f"Line {number}, `{shortened(said)}`, does not begin with a day."
            raise FormatError(message, hint="Write year, month and day, such as `2026-12-25`.") from None
    return tuple(found)


@cache
def public_holidays(country: Country, year: int) -> frozenset[date]:
    """Return the days on which a country is closed in a year, substitutes of those on a weekend included.

    From the `holidays` library. Raises CalendarError for a country or region that it does not know.
    """
    from holidays import country_holidays

    try:
        return frozenset(country_holidays(country.code, subdiv=country.region, years=year))
    except NotImplementedError:
        message = f"The public holidays of `{country}` are not known."
        hint = "Write the two letters of a country, such as `US`, and of a region such as `CA`, or list the days."
        raise CalendarError(message, hint=hint) from None


def _text(files: Mapping[str, str], name: str) -> str:
    if name not in files:
        message = f"The holidays of a calendar stand in `{shortened(name)}`, which was not read."
        raise CalendarError(message, hint="Put the file beside the agreement, one day on a line.")
    return files[name]
