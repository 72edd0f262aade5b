"""The calendars of an agreement, and which of them a clock runs in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.commitments import OWNER_CALENDAR, WALL_CLOCK
from sla_sync.semantics.calendar import BusinessCalendar, calendar_of, wall_clock
from sla_sync.semantics.holidays import CalendarError

PERSONAL = "personal"
"""The calendar of a team whose members have hours of their own, kept on the platform."""


@dataclass(frozen=True, slots=True)
class Calendars:
    """The calendars by name, which team works by which, and the hours of people who have their own."""

    wall: BusinessCalendar
    named: Mapping[str, BusinessCalendar] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)
    personal: Mapping[str, BusinessCalendar] = field(default_factory=dict)

    @property
    def main(self) -> BusinessCalendar:
        """The first calendar of the agreement, for business time that no clock counts; else the wall clock."""
        return next(iter(self.named.values()), self.wall)

    def of_owner(self, owner: str | None, team: str | None) -> BusinessCalendar:
        """Return the hours of whoever owns a lead, or the main calendar where nobody does or the team has none.

        Raises CalendarError where the owner's own hours were not read.
        """
        said = self.teams.get(team or "")
        if said is None:
            return self.main
        if said != PERSONAL:
            return self.called(said)
        if owner is None or owner not in self.personal:
            message = f"The hours of '{owner}' in team '{team}' are personal, and nobody read them."
            raise CalendarError(message, hint="Read the user's hours from the platform, or give the team a calendar.")
        return self.personal[owner]

    def called(self, name: str) -> BusinessCalendar:
        """Return a calendar by its name; raises CalendarError."""
        if name not in self.named:
            message = f"'{name}' is not a calendar of the agreement."
            raise CalendarError(message, hint="Define it under `calendars`, or name another.")
        return self.named[name]

    def for_clock(self, runs_in: str, owner: str | None, team: str | None) -> BusinessCalendar:
        """Return the calendar in which a clock runs for a lead with this owner; raises CalendarError."""
        if runs_in == WALL_CLOCK:
            return self.wall
        return self.of_owner(owner, team) if runs_in == OWNER_CALENDAR else self.called(runs_in)


def calendars_of(
    agreement: Agreement,
    *,
    files: Mapping[str, str] | None = None,
    personal: Mapping[str, BusinessCalendar] | None = None,
) -> Calendars:
    """Return the calendars of an agreement; raises CalendarError and FormatError.

    `files` holds the texts of its files of holidays by name, `personal` the hours of people by their user name.
    """
    zone = agreement.metadata.timezone
    return Calendars(
        wall=wall_clock(zone),
        named={
            name: calendar_of(section, default_zone=zone, files=files) for name, section in agreement.calendars.items()
        },
        teams={name: team.calendar for name, team in agreement.teams.items() if team.calendar is not None},
        personal=personal or {},
    )
