"""Exceptions: differences on a target that people live with, why, until when, and who answers for it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Day, Name

LONGEST = timedelta(days=366)
"""Who still wants it after a year changes the agreement instead."""


class ExceptionToDrift(Section):
    """One difference that is no finding until a day: this value at this place of this target, and no other value."""

    id: Annotated[str, Field(pattern=r"^D-[0-9a-f]{6}$")] = Field(
        description="The finding, by the name that `sla-sync drift` prints.", examples=["D-3f9a21"]
    )
    target: Name = Field(description="The target on which it was found.", examples=["salesforce-production"])
    address: str = Field(
        min_length=1, description="The setting, as `drift` prints it.", examples=["CustomField/Lead.SLA_Due_At__c"]
    )
    path: str = Field(default="", description="The place inside the setting.", examples=["inlineHelpText"])
    what: str = Field(
        default="",
        description="The class and what was observed, where it is no value of a setting.",
        examples=["shadowed: Flow 'Old lead router'"],
    )
    live: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="The digest of the value that is there: another value is a new finding.",
        examples=["74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b"],
    )
    because: str = Field(
        min_length=1, description="Why it may stay.", examples=["The new help text is agreed in REVOPS-204."]
    )
    by: Name | None = Field(
        default=None,
        description="The role that answers for it; a broken promise is accepted only with one.",
        examples=["vp_sales"],
    )
    on: Day = Field(description="The day on which it was accepted.", examples=["2026-11-04"])
    until: Day = Field(
        description="The last day on which it is accepted, at most a year later.", examples=["2026-12-31"]
    )

    @model_validator(mode="after")
    def _ends_in_time(self) -> Self:
        why = too_long(self.on, self.until)
        if why:
            raise ValueError(why)
        return self


def too_long(on: date, until: date) -> str:
    """Return in a clause why a difference cannot be accepted from one day until another; empty where it can."""
    if until < on:
        return f"it is accepted until {until}, which is before the day on which it was accepted ({on})"
    if until - on > LONGEST:
        return f"it is accepted until {until}, which is more than a year after {on}"
    return ""


class Exceptions(Section):
    """Every difference that people live with."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Exceptions"] = Field(description="What the document is.")
    agreement: Name = Field(description="The agreement that it is about.", examples=["acme-inbound"])
    exceptions: tuple[ExceptionToDrift, ...] = Field(
        min_length=1,
        description="The differences; `sla-sync accept` writes them.",
        examples=[
            [
                {
                    "id": "D-3f9a21",
                    "target": "salesforce-production",
                    "address": "CustomField/Lead.SLA_Due_At__c",
                    "path": "inlineHelpText",
                    "live": "74234e98afe7498fb5daf1f36ac2d78acc339464f950703b8c019892f982b90b",
                    "because": "The new help text is agreed in REVOPS-204.",
                    "on": "2026-11-04",
                    "until": "2026-12-31",
                }
            ]
        ],
    )
