"""When the business is open: the week, the holidays and announced events of every calendar."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.calendars import Calendar, HolidayList, NamedHoliday
from sla_sync.explain.names import capital, clause, heading, listed, words
from sla_sync.explain.page import Block, Heading, Note, Paragraph, Table, Terms
from sla_sync.explain.spoken import TO_DECIDE, day, number
from sla_sync.explain.week import week, windows


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield a part for each calendar, and the zone in which reports count days and months."""
    yield Heading(2, "Hours and days")
    for name, calendar in agreement.calendars.items():
        yield Heading(3, f"The calendar “{words(name)}”")
        if calendar.means:
            yield Paragraph(calendar.means)
        zone = calendar.timezone or agreement.metadata.timezone
        yield Terms(
            [
                ("Open", capital(week(calendar))),
                ("Time zone", zone),
                (
                    "Closed",
                    f"{capital('; '.join(_holidays(calendar)))}." if calendar.holidays else "No holidays are named.",
                ),
                *([("Counted by", users)] if (users := _users(name, agreement)) else []),
            ]
        )
        yield from _events(name, calendar)
    fiscal = agreement.metadata.fiscal_year_start
    year = f" The fiscal year begins on {fiscal}." if fiscal else ""
    yield Note(f"Days, weeks and months of reports are counted in the zone {agreement.metadata.timezone}.{year}")


def _holidays(calendar: Calendar) -> Iterator[str]:
    for each in calendar.holidays:
        match each:
            case NamedHoliday():
                name = f" ({each.name})" if each.name else ""
                yield f"{day(each.day)}{name}{f', open {windows(each.open)}' if each.open else ''}"
            case HolidayList():
                parts = [
                    *([f"the days in the file {each.file}"] if each.file else []),
                    *([f"the public holidays of {_country(each)}"] if each.country else []),
                ]
                yield listed(parts)
            case _:
                yield day(each)


def _country(holidays: HolidayList) -> str:
    return f"{holidays.country}, {holidays.region}" if holidays.region else f"{holidays.country}"


def _users(name: str, agreement: Agreement) -> str:
    teams = [f"the team {words(team)}" for team, each in agreement.teams.items() if each.calendar == name]
    clocks = [
        f"the promise “{words(promise)}”"
        for promise, each in agreement.commitments.items()
        if each.clock and each.clock.runs_in == name
    ]
    return f"{capital(listed([*teams, *clocks]))}." if teams or clocks else ""


def _events(name: str, calendar: Calendar) -> Iterator[Block]:
    if not calendar.events:
        return
    rows = []
    for event, each in calendar.events.items():
        until = f" to {day(each.until)}" if each.until else ""
        expected = each.expected
        volume = "" if expected is None else TO_DECIDE if isinstance(expected, Undecided) else number(expected)
        rows.append(
            (heading(event), capital(clause(each.means)) if each.means else "", f"{day(each.start)}{until}", volume)
        )
    head = ("Event", "Meaning", "When", "Leads expected")
    yield Table(f"Announced in “{words(name)}”", head, rows, frozenset({3}))
