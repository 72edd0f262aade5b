"""Why a lead leaves the path: lists of reasons, and what each asks for."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Name, Names, Revisit, Share


class Reason(Section):
    """One reason that may be given."""

    means: str = Field(default="", description="When to choose it.", examples=["Interested but not funded."])
    revisit: Revisit | None = Field(
        default=None, description="When to come back: `90 days`, `30 to 90 days`, or `ask` whoever gives it."
    )
    note: Literal["required", "optional"] | None = Field(default=None, description="Whether a note must be written.")
    at_most: Share | None = Field(default=None, description="The largest share of all reasons that it should have.")
    category: Name | None = Field(
        default=None, description="The group in which it is reported.", examples=["timing", "fit"]
    )
    detail: dict[Name, str] = Field(
        default_factory=dict,
        description="A second level: name → what it means.",
        examples=[{"contract": "They are bound to another supplier.", "season": "They buy in spring."}],
    )
    then: Names = Field(
        default=(),
        description="Named hooks that run when it is given; a binding says what each is on its platform.",
        examples=[["send_to_partner"]],
    )


ReasonList: TypeAlias = dict[Name, Reason]
