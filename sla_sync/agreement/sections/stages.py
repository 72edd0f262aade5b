"""The stages of the funnel, and what must be known in each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.leads import Segment
from sla_sync.agreement.sections.reading import Section, Written, shape
from sla_sync.agreement.sections.words import Condition, Name, Names, Span

Move: TypeAlias = Annotated[
    Annotated[Name, Tag("<one>")] | Annotated[dict[Name, Condition], Tag("<map>")], Discriminator(shape)
]
"""A stage that may follow: its name, or its name with the condition under which it may."""


class Stage(Section):
    """A stage that a lead can be in."""

    means: str = Field(
        default="", description="What it says of a lead to be here.", examples=["Fits our profile and showed intent."]
    )
    accountable: Name | None = Field(
        default=None, description="The role that answers for leads in this stage.", examples=["vp_marketing"]
    )
    start: bool = Field(
        default=False,
        strict=True,
        description="Whether leads begin here; needed only where several stages follow no other.",
    )
    enter_when: Condition | None = Field(
        default=None,
        description="The condition on which a lead enters by itself.",
        examples=["score reaches threshold and engagement > 0"],
    )
    needs: Names = Field(
        default=(), description="The fields that must be known here.", examples=[["email", "company", "country"]]
    )
    next: tuple[Move, ...] = Field(
        default=(),
        description="The stages that may follow: names, or `{mql: source is demo_request}`.",
        examples=[["sal", "recycled"], [{"mql": "source is demo_request"}, "recycled"]],
    )
    reasons: Name | None = Field(
        default=None, description="The list from which a reason must be given to enter.", examples=["recycle"]
    )
    resets: Names = Field(
        default=(), description="What begins anew when a lead enters: engagement, score …", examples=[["engagement"]]
    )
    again_after: Span | None = Field(
        default=None, description="The time before a lead may enter once more.", examples=["90 days"]
    )
    max_age: Span | None = Field(
        default=None, description="The longest time a lead may stay.", examples=["10 business days"]
    )
    contact_if: Condition | None = Field(
        default=None,
        description="The condition on which such a person may be contacted.",
        examples=["do_not_contact is no"],
    )
    tracks: dict[Name, Segment] = Field(
        default_factory=dict,
        description="What a person gets while here, by name: the first track whose condition holds.",
        examples=[{"basics": {"means": "A letter a month.", "when": "fit < 35"}, "offers": "fit >= 35"}],
    )
    end: Literal["won", "lost"] | None = Field(default=None, description="Whether the cycle ends here, and how.")
    then: Names = Field(
        default=(),
        description="Named hooks that run when a lead enters; a binding says what each is on its platform.",
        examples=[["start_onboarding"]],
    )

    @property
    def moves(self) -> Mapping[str, Written[Expression] | None]:
        """The stages that may follow, in order, with the condition where one is set."""
        found: dict[str, Written[Expression] | None] = {}
        for move in self.next:
            found.update({move: None} if isinstance(move, str) else move)
        return found


class Quality(Section):
    """What a record must hold to count, and which records never count."""

    needs: dict[Name, Names] = Field(
        default_factory=dict,
        description="Stage → fields that must be filled there, besides those that the stage itself needs.",
        examples=[{"sql": ["phone", "next_step"]}],
    )
    valid: dict[Name, Condition] = Field(
        default_factory=dict,
        description="Field → the condition on which it is valid, wherever it is needed.",
        examples=[{"email": "email contains @"}],
    )
    exclude: Names = Field(
        default=(),
        description="Leads that no report counts, by names that the bindings explain.",
        examples=[["competitor", "employee", "test"]],
    )
    retention: Span | None = Field(
        default=None,
        description="How long a person is kept after the last cycle before the record is deleted.",
        examples=["24 months"],
    )
