"""How leads are scored: models, dimensions, points, decay and grades."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from pydantic import Field

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import (
    AtMost,
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

    means: str = Field(default="", description="Why it counts.")
    when: Condition = Field(description="The leads that get the points.")
    points: Points = Field(description="How many points; below zero they are taken away.")
    at_most: AtMost | None = Field(default=None, description="How often it counts: `1 per day`, `once`, or `no limit`.")


class Decay(Section):
    """How points fade."""

    points: Points = Field(description="The points that go each time, below zero.")
    after: IdleText | None = Field(default=None, description="The time without engagement after which fading begins.")
    every: Span | None = Field(default=None, description="The time between two steps.")


Brackets: TypeAlias = dict[str, Points]
"""`from 11` or `1 to 10` → points."""


class Dimension(Section):
    """One side of a score: who they are, or what they did."""

    max: Points | None = Field(default=None, description="The most points this side can give.")
    add: dict[Name, Signal] = Field(default_factory=dict, description="What gives points, by name.")
    brackets: dict[Name, Brackets] = Field(
        default_factory=dict, description="Field → points by its number: `{employees: {from 0: 0, from 11: 10}}`."
    )
    decay: Decay | None = Field(default=None, description="How the points fade.")


class Grade(Section):
    """The letter and the digit of a lead: fit from A, engagement from 1, each by points or by a condition."""

    fit: dict[Annotated[str, Field(pattern="^[A-Z]$")], GradeCut] = Field(
        default_factory=dict, description="Letter → least points of the fit, or a condition."
    )
    engagement: dict[Annotated[str, Field(pattern="^[0-9]$")], GradeCut] = Field(
        default_factory=dict, description="Digit → least points of the engagement, or a condition."
    )


class ScoringModel(Section):
    """One way of scoring, and the points at which a lead is ready."""

    means: str = Field(default="", description="What the score says.")
    threshold: Threshold | None = Field(
        default=None, description="The points at which `score reaches threshold` holds, or `top 10% of inquiries`."
    )
    fit: Dimension | None = Field(default=None, description="Who they are.")
    engagement: Dimension | None = Field(default=None, description="What they did.")
    floor: Points | None = Field(default=None, description="The score never falls below this.")
    resets_when: Condition | None = Field(default=None, description="When the score begins anew.")
    grade: Grade | None = Field(default=None, description="Letter and digit.")
    exclude: Names = Field(default=(), description="Leads that are not scored, by names that the bindings explain.")
    for_segment: Name | None = Field(default=None, alias="for", description="The segment that this model scores.")
    kept_in: Name | None = Field(default=None, description="The connector whose platform computes this score.")
