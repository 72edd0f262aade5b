"""Attestations: what no API shows of two platforms that live one agreement, said by a person, on a day, for a while."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import Field

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

    point: Point = Field(
        description="What it is about, by the name that `sla-sync consistency` prints.", examples=["direction"]
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
        description="The targets that it is about; every pair where none is named.",
        examples=[["salesforce-production", "hubspot-production"]],
    )

    def about(self, targets: frozenset[str]) -> bool:
        """Return whether it says something of these two targets together."""
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
