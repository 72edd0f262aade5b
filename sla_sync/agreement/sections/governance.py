"""How the agreement is kept alive: reviews, reports, renamed words and acknowledged findings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from sla_sync.agreement.sections.reading import Listed, Section
from sla_sync.agreement.sections.words import Day, Name, Names, ScheduleText, Share, Span, WeeklyTime


class Relaxation(Section):
    """When a meeting may become rarer."""

    to: Literal["monthly", "quarterly"] = Field(description="How often the parties meet from then on.")
    kept: Share = Field(description="The share that every promise must have kept.", examples=["90%"])
    during: Span = Field(description="How long without a break.", examples=["3 months"])


class Review(Section):
    """A meeting that comes back."""

    day: WeeklyTime | None = Field(default=None, description="Day of the week and time: `Tuesday 10:00`.")
    who: Names = Field(default=(), description="The roles that meet.", examples=[["vp_marketing", "vp_sales"]])
    minutes: str | None = Field(
        default=None, description="The folder of the minutes, beside the agreement.", examples=["minutes/"]
    )
    pack: Names = Field(
        default=(),
        description="The reports that are looked at, R1 to R16 or by name; the weekly pack where left out.",
        examples=[["R11", "R6", "board"]],
    )
    decide: Names = Field(
        default=(), description="What is decided: targets, thresholds …", examples=[["targets", "thresholds"]]
    )
    within: Span | None = Field(
        default=None,
        description="The time after a campaign in which the review is held.",
        examples=["10 business days"],
    )
    relax: Relaxation | None = Field(
        default=None,
        description="When the meeting may become rarer; until then it does not.",
        examples=[{"to": "monthly", "kept": "90%", "during": "3 months"}],
    )


class Reviews(Section):
    """When the parties meet over the agreement."""

    weekly: Review | None = Field(
        default=None,
        description="Every week.",
        examples=[{"day": "Tuesday 10:00", "who": ["vp_marketing", "vp_sales"]}],
    )
    monthly: Review | None = Field(default=None, description="Every month.", examples=[{"who": ["vp_sales"]}])
    quarterly: Review | None = Field(
        default=None, description="Every quarter.", examples=[{"who": ["president"], "decide": ["targets"]}]
    )
    after_campaign: Review | None = Field(
        default=None, description="After each campaign.", examples=[{"within": "10 business days"}]
    )


class ReportWish(Section):
    """A pack of reports for an audience."""

    means: str = Field(
        default="", description="What readers learn from it.", examples=["Where both sides stand against the plan."]
    )
    shows: Annotated[tuple[Annotated[str, Field(pattern="^R([1-9]|1[0-6])$")], ...], Listed()] = Field(
        default=(), description="Which reports, R1 to R16.", examples=[["R1", "R3", "R11"]]
    )
    audience: Names = Field(default=(), description="The roles that read it.", examples=[["president"]])
    schedule: ScheduleText | None = Field(default=None, description="When it is made: `every Tuesday 08:00`.")


class Moved(Section):
    """What was renamed, so that a new name is not taken for a deletion: old name → new name."""

    stages: dict[Name, Name] = Field(default_factory=dict, description="Renamed stages.", examples=[{"ready": "mql"}])
    reasons: dict[Name, Name] = Field(
        default_factory=dict, description="Renamed reasons.", examples=[{"spam": "bad_data"}]
    )
    fields: dict[Name, Name] = Field(
        default_factory=dict, description="Renamed fields.", examples=[{"size": "employees"}]
    )


class Accepted(Section):
    """A finding that the parties know of and live with until a day."""

    code: Annotated[str, Field(pattern="^SLA[0-9]{3}$")] = Field(
        description="The code of the finding.", examples=["SLA213"]
    )
    because: str = Field(
        description="Why it is accepted.",
        examples=["Disqualified people come back through sales by hand this quarter."],
    )
    until: Day | None = Field(default=None, description="The last day on which it is.")
    by: Name | None = Field(default=None, description="The role that accepts it.", examples=["revops"])
    at: str | None = Field(
        default=None,
        description="The place it is about, and all below it; everywhere where left out.",
        examples=["stages.mql"],
    )
