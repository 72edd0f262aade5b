"""The shared goal and the plan that is worked backward from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.sections.reading import Section, shape
from sla_sync.agreement.sections.words import Name, Number, OpenDay, Share, Span


class Plan(Section):
    """What must come in and what is known of the way there; volumes and dates are computed from it, never typed."""

    revenue: Number | None = Field(
        default=None, description="The revenue of the period, in the currency.", examples=[10000000]
    )
    expected_anyway: Share | None = Field(
        default=None,
        description="The share of the revenue that comes in whatever marketing does.",
        examples=["50%"],
    )
    sources: dict[Name, Share] = Field(
        default_factory=dict,
        description="Who brings which share of the rest; together 100%.",
        examples=[{"marketing": "30%", "outbound": "50%", "partner": "20%"}],
    )
    average_deal: Number | None = Field(
        default=None, description="What one won deal brings, in the currency.", examples=[40000]
    )
    mql_to_close: Span | None = Field(
        default=None, description="The time from qualification to signature.", examples=["60 days"]
    )
    rates: Annotated[
        Annotated[Literal["from history"], Tag("<one>")] | Annotated[dict[str, Share], Tag("<map>")],
        Discriminator(shape),
    ] = Field(
        default_factory=dict,
        description="The share that passes from one stage to the next, `mql to sal: 70%`, or `from history`.",
        examples=[{"inquiry to mql": "12%", "mql to sal": "70%"}, "from history"],
    )


class Goal(Section):
    """What both parties work for: a statement, a number, a day and an owner."""

    statement: str = Field(
        default="",
        description="The goal in one sentence.",
        examples=["Win 1.5 million dollars from marketing-sourced leads by year end."],
    )
    metric: Name | None = Field(
        default=None, description="What is counted.", examples=["marketing_sourced_revenue", "pipeline"]
    )
    target: Number | None = Field(default=None, description="The number to reach.", examples=[1500000])
    by: OpenDay | None = Field(default=None, description="The day by which it is reached.")
    owner: Name | None = Field(default=None, description="The role that answers for it.", examples=["vp_sales"])
    benefits: dict[Name, str] = Field(
        default_factory=dict,
        description="Party → what it wins when the goal is reached.",
        examples=[{"marketing": "budget renewed on results", "sales": "pipeline without cold calling"}],
    )
    plan: Plan | None = Field(
        default=None,
        description="What the goal needs, worked backward.",
        examples=[{"revenue": 10000000, "average_deal": 40000, "rates": "from history"}],
    )
