"""Attestations: what no API shows of a platform, or of two that live one agreement, said by a person, on a day, for a while."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Day, Name, Names


class Point(StrEnum):
    """What two platforms of one agreement must agree on, in the order in which it is checked."""

    VOCABULARY = "vocabulary"
    THRESHOLDS = "thresholds"
    WRITERS = "writers"
    DIRECTION = "direction"
    TYPES = "types"
    HOURS = "hours"
    PEOPLE = "people"
    INCLUSION = "inclusion"
    RIGHTS = "rights"
    START = "start"
    ESCALATION = "escalation"
    TECHNICAL = "technical"


class Attestation(Section):
    """One statement about one point, and whoever stands for it."""

    point: Point | None = Field(
        default=None,
        description="What it is about, by the name that `sla-sync consistency` prints; or `check` instead.",
        examples=["direction"],
    )
    check: str = Field(
        default="",
        description="What it is about, as `sla-sync drift` prints it under «Could not check»; or `point` instead.",
        examples=["manual step layout:reason"],
    )
    statement: str = Field(
        min_length=1,
        description="What was seen, in a sentence.",
        examples=["The inclusion segment of the sync holds everybody who meets MQL."],
    )
    by: Name = Field(description="The role that stands for it.", examples=["revops"])
    on: Day = Field(description="The day on which it was looked at.", examples=["2026-10-01"])
    until: Day = Field(description="The last day on which it may be relied on.", examples=["2026-12-31"])
    evidence: str = Field(
        min_length=1,
        description="Where somebody else can see what was seen: a ticket, a screenshot, an export.",
        examples=["REVOPS-118"],
    )
    targets: Names = Field(
        default=(),
        description="The targets that it is about; all where none is named.",
        examples=[["salesforce-production", "hubspot-production"]],
    )

    @model_validator(mode="after")
    def _about_one_thing(self) -> Self:
        if (self.point is None) == (not self.check):
            message = "it says `point` or `check`, and one of them only"
            raise ValueError(message)
        return self

    @property
    def subject(self) -> str:
        """What it is about, in the words of whoever asked for it."""
        return str(self.point) if self.point else self.check

    def about(self, targets: frozenset[str]) -> bool:
        """Return whether it says something of these targets together."""
        return not self.targets or targets <= set(self.targets)

    def holds(self, day: date) -> bool:
        """Return whether it may be relied on that day."""
        return self.on <= day <= self.until


class Attestations(Section):
    """Everything that people vouch for."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Attestations"] = Field(description="What the document is.")
    attestations: tuple[Attestation, ...] = Field(
        min_length=1,
        description="The statements.",
        examples=[
            [
                {
                    "point": "direction",
                    "statement": "Score and engagement are synced from HubSpot to Salesforce only.",
                    "by": "revops",
                    "on": "2026-10-01",
                    "until": "2026-12-31",
                    "evidence": "REVOPS-118",
                }
            ]
        ],
    )
