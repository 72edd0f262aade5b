"""Which leads there are: where they come from, how they are divided, and how urgent they are."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.sections.reading import Section, shape
from sla_sync.agreement.sections.words import Condition, GroupMember, Number


class Source(Section):
    """A way in which a person raises a hand."""

    means: str = Field(
        default="", description="What a person did to arrive here.", examples=["They asked for a demonstration."]
    )
    handling: Literal["work", "nurture", "ignore", "undecided"] = Field(
        default="work", description="Whether sales works such a lead, marketing nurtures it, or nobody does anything."
    )
    lead_value: Number | None = Field(
        default=None, description="What one such lead is worth, in the currency.", examples=[120]
    )
    cost_per_lead: Number | None = Field(
        default=None, description="What one such lead costs to bring in, in the currency.", examples=[35.5]
    )


class Predicate(Section):
    """A named condition together with what it means."""

    means: str = Field(
        default="", description="What the condition says, in the reader's words.", examples=["They asked to talk."]
    )
    when: Condition = Field(
        description="The leads for which this holds.", examples=["source is demo_request or contact_sales"]
    )


class Priority(Predicate):
    """How urgent a lead is; the first priority that matches counts."""


Segment: TypeAlias = Annotated[
    Annotated[Condition, Tag("<one>")] | Annotated[Predicate, Tag("<map>")], Discriminator(shape)
]
"""A part of a division: its condition alone, or together with what it means."""

Group: TypeAlias = tuple[GroupMember, ...]
"""A named list of values (`DE`), of field names, or of conditions."""
