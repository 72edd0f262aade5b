"""How leads are scored: models, dimensions, points, decay and grades."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import (
    AtMost,
    BracketText,
    Condition,
    GradeCut,
    IdleText,
    Name,
    Names,
    Points,
    Span,
    Threshold,
)


class Signal(Section):
    """Something that gives or takes points."""

    means: str = Field(default="", description="Why it counts.", examples=["They look at what we charge."])
    when: Condition = Field(
        description="The leads that get the points.", examples=["did visit pricing_page", "employees >= 200"]
    )
    points: Points = Field(description="How many points; below zero they are taken away.")
    at_most: AtMost | None = Field(default=None, description="How often it counts: `1 per day`, `once`, or `no limit`.")


class Decay(Section):
    """How points fade."""

    points: Points = Field(description="The points that go each time, below zero.", examples=[-10])
    after: IdleText | None = Field(default=None, description="The time without engagement after which fading begins.")
    every: Span | None = Field(default=None, description="The time between two steps.", examples=["30 days"])


Brackets: TypeAlias = dict[BracketText, Points]
"""`from 11`, which reaches to the next bracket, or `1 to 10` → points."""


class Dimension(Section):
    """One side of a score: who they are, or what they did."""

    max: Points | None = Field(default=None, description="The most points this side can give.", examples=[70])
    add: dict[Name, Signal] = Field(
        default_factory=dict,
        description="What gives points, by name, so that a changed weight is one change.",
        examples=[{"company_size": {"when": "employees >= 200", "points": 20}}],
    )
    brackets: dict[Name, Brackets] = Field(
        default_factory=dict,
        description="Field → points by its number: `{employees: {from 0: 0, from 11: 10}}`.",
        examples=[{"employees": {"from 0": 0, "from 11": 10, "from 1000": 20}}],
    )
    decay: Decay | None = Field(
        default=None,
        description="How the points fade.",
        examples=[{"points": -10, "after": "30 days idle", "every": "30 days"}],
    )


class Grade(Section):
    """The letter and the digit of a lead: fit from A, engagement from 1, each by points or by a condition."""

    fit: dict[Annotated[str, Field(pattern="^[A-Z]$")], GradeCut] = Field(
        default_factory=dict,
        description="Letter → least points of the fit, or a condition; the first that holds counts.",
        examples=[{"A": 55, "B": 35, "C": 0}, {"A": "employees >= 200", "B": 0}],
    )
    engagement: dict[Annotated[str, Field(pattern="^[0-9]$")], GradeCut] = Field(
        default_factory=dict,
        description="Digit → least points of the engagement, or a condition; the first that holds counts.",
        examples=[{"1": 60, "2": 30, "3": 0}],
    )


class ScoringModel(Section):
    """One way of scoring, and the points at which a lead is ready."""

    means: str = Field(default="", description="What the score says.", examples=["How ready a person is to talk."])
    threshold: Threshold | None = Field(
        default=None, description="The points at which `score reaches threshold` holds, or `top 10% of inquiries`."
    )
    fit: Dimension | None = Field(
        default=None,
        description="Who they are.",
        examples=[{"max": 70, "add": {"company_size": {"when": "employees >= 200", "points": 20}}}],
    )
    engagement: Dimension | None = Field(
        default=None,
        description="What they did.",
        examples=[{"add": {"webinar": {"when": "did attend webinar", "points": 40, "at_most": "no limit"}}}],
    )
    floor: Points | None = Field(default=None, description="The score never falls below this.", examples=[0])
    resets_when: Condition | None = Field(
        default=None, description="When the score begins anew.", examples=["stage is recycled"]
    )
    grade: Grade | None = Field(
        default=None,
        description="Letter and digit.",
        examples=[{"fit": {"A": 55, "B": 0}, "engagement": {"1": 60, "2": 0}}],
    )
    exclude: Names = Field(
        default=(),
        description="Leads that are not scored, by names that the bindings explain.",
        examples=[["competitor", "test"]],
    )
    for_segment: Name | None = Field(
        default=None,
        alias="for",
        description="The segment that this model scores; all leads where left out.",
        examples=["enterprise"],
    )
    precedence: int | None = Field(
        default=None,
        strict=True,
        ge=1,
        description="Which model counts for a lead that several score: the lowest number.",
        examples=[1],
    )
    kept_in: Name | None = Field(
        default=None, description="The connector whose platform computes this score.", examples=["hubspot"]
    )
