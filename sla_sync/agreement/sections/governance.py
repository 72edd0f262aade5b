"""How the agreement is kept alive: reviews, reports, renamed words and acknowledged findings."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from sla_sync.agreement.sections.reading import Listed, Section
from sla_sync.agreement.sections.words import Day, Name, Names, Span, WeeklyTime


class Review(Section):
    """A meeting that comes back."""

    day: WeeklyTime | None = Field(default=None, description="Day of the week and time: `Tuesday 10:00`.")
    who: Names = Field(default=(), description="The roles that meet.")
    minutes: str | None = Field(default=None, description="The folder of the minutes, beside the agreement.")
    pack: Names = Field(default=(), description="The reports that are looked at; the weekly pack where left out.")
    decide: Names = Field(default=(), description="What is decided: targets, thresholds …")
    within: Span | None = Field(default=None, description="The time after a campaign in which the review is held.")


class Reviews(Section):
    """When the parties meet over the agreement."""

    weekly: Review | None = Field(default=None, description="Every week.")
    monthly: Review | None = Field(default=None, description="Every month.")
    quarterly: Review | None = Field(default=None, description="Every quarter.")
    after_campaign: Review | None = Field(default=None, description="After each campaign.")


class ReportWish(Section):
    """A pack of reports for an audience."""

    means: str = Field(default="", description="What readers learn from it.")
    shows: Annotated[tuple[Annotated[str, Field(pattern="^R([1-9]|1[0-6])$")], ...], Listed()] = Field(
        default=(), description="Which reports, R1 to R16."
    )
    audience: Names = Field(default=(), description="The roles that read it.")
    schedule: str | None = Field(default=None, description="When it is made: `every Tuesday 08:00`.")


class Moved(Section):
    """What was renamed, so that a new name is not taken for a deletion: old name → new name."""

    stages: dict[Name, Name] = Field(default_factory=dict, description="Renamed stages.")
    reasons: dict[Name, Name] = Field(default_factory=dict, description="Renamed reasons.")
    fields: dict[Name, Name] = Field(default_factory=dict, description="Renamed fields.")


class Accepted(Section):
    """A finding that the parties know of and live with until a day."""

    code: Annotated[str, Field(pattern="^SLA[0-9]{3}$")] = Field(description="The code of the finding.")
    because: str = Field(description="Why it is accepted.")
    until: Day | None = Field(default=None, description="The last day on which it is.")
    by: Name | None = Field(default=None, description="The role that accepts it.")
    at: str | None = Field(default=None, description="The place it is about, `stages.mql`; everywhere where left out.")
