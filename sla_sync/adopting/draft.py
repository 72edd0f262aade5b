"""What of a platform a first agreement is written from, with the guesses that it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sla_sync.adopting.guesses import Guessed, Part, guessed_stages, names_of
from sla_sync.connector import CalendarFound, ReasonsFound, Survey, TeamFound
from sla_sync.errors import SlaSyncError

MARKETING, SALES = "vp_marketing", "vp_sales"
GIVEN_UP, TAKEN = "given_up_by_sales", "taken_by_sales"
"""Stages for leads that left the path and for those that sales took, where the platform has no value that says so."""


@dataclass(frozen=True)
class Ground:
    """What a first agreement is called, its zone, its first day, and the platform that it is written from."""

    name: str
    timezone: str
    start: date
    connector: str


@dataclass(frozen=True)
class Draft:
    """A survey with what was taken from it, under the names of the agreement."""

    survey: Survey
    ground: Ground
    stages: tuple[Guessed, ...]
    calendar: CalendarFound | None
    staffed: Mapping[str, TeamFound]
    """Teams and queues with people in them."""
    empty: Mapping[str, TeamFound]
    sources: Mapping[str, str]
    """Name → stored value."""
    reasons: ReasonsFound | None
    otherwise: str | None
    """Who gets every lead that nobody else gets."""

    @property
    def calendar_name(self) -> str:
        """The name of the calendar in the agreement."""
        return names_of([self.calendar.name])[0] if self.calendar else "office"

    @property
    def qualified(self) -> str:
        """The stage in which marketing hands over."""
        return next(each.name for each in self.stages if each.part is Part.QUALIFIED)

    @property
    def taken(self) -> str:
        """The stage in which sales has accepted a lead."""
        parts = (Part.WORKED, Part.WON)
        return next((each.name for part in parts for each in self.stages if each.part is part), TAKEN)

    @property
    def nobody_given_up(self) -> bool:
        """Whether no stage is one in which a lead has left the path."""
        return not any(each.part in {Part.LOST, Part.LATER} for each in self.stages)

    @property
    def nobody_taken(self) -> bool:
        """Whether nothing comes after the handover."""
        return not any(each.part in {Part.WORKED, Part.WON} for each in self.stages)

    @property
    def added(self) -> Mapping[str, Mapping[str, object]]:
        """The stages that no value there means, each as a binding says it."""
        lacking = ((TAKEN, "Taken by sales", self.nobody_taken), (GIVEN_UP, "Given up", self.nobody_given_up))
        return {name: {self.survey.addable: [value], "add": True} for name, value, lacks in lacking if lacks}

    @property
    def commitments(self) -> tuple[str, ...]:
        """The promises that are only measured."""
        return ("volume", "quality", "response")


def drafted(survey: Survey, ground: Ground) -> Draft:
    """Return what is taken from a survey. Raises SlaSyncError where the platform shows no stages."""
    stages = guessed_stages(survey.stages)
    if not any(each.part is Part.QUALIFIED for each in stages):
        raise SlaSyncError(
            f"{survey.place} shows no stage that leads could be in, so there is nothing to begin from.",
            hint="Look at the rights of the user who reads, or begin with sla-sync init.",
        )
    calendars = survey.calendars
    teams = dict(zip(names_of(each.label for each in survey.teams), survey.teams, strict=True))
    values = survey.sources.values if survey.sources else {}
    return Draft(
        survey=survey,
        ground=ground,
        stages=stages,
        calendar=next((each for each in calendars if each.main), next(iter(calendars), None)),
        staffed={name: each for name, each in teams.items() if each.people},
        empty={name: each for name, each in teams.items() if not each.people},
        sources=dict(zip(names_of(values.values()), values, strict=True)),
        reasons=next(iter(survey.reasons), None),
        otherwise=_otherwise(survey, teams),
    )


def _otherwise(survey: Survey, teams: Mapping[str, TeamFound]) -> str | None:
    last = next((each.to for each in survey.routes if each.always), None)
    return next((name for name, each in teams.items() if last is not None and each.name == last), None)
