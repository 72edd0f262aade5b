"""Who gets a lead, and what travels with it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.sections.reading import Section, shape
from sla_sync.agreement.sections.words import Condition, Name, Names, Number, Target


class Route(Section):
    """One line of the routing: leads for which `when` holds go to `to`, or into a stage."""

    means: str = Field(default="", description="Why these leads go there.")
    when: Condition | None = Field(default=None, description="The leads it is about; all where left out.")
    to: Name | None = Field(default=None, description="A team, a queue, or a field that holds an owner.")
    stage: Name | None = Field(default=None, description="The stage into which the lead goes instead.")
    reason: Name | None = Field(default=None, description="The reason given for that stage.")
    how: Literal["round robin", "weighted", "least loaded"] | None = Field(
        default=None, description="How the members of a team take turns."
    )
    weights: dict[Name, Number] = Field(default_factory=dict, description="Member → share of the turns.")
    skip: Names = Field(default=(), description="Members who get no turn: out_of_office, at_capacity …")
    cap: Target | None = Field(default=None, description="The most that one member gets: `20 per member per day`.")
    notify: Names = Field(default=(), description="Roles, teams or `owner` who hear of it.")


WhenOwnerLeaves: TypeAlias = Annotated[
    Annotated[Name, Tag("<one>")] | Annotated[tuple[Route, ...], Tag("<list>")], Discriminator(shape)
]


class Routing(Section):
    """Who gets a lead: the first line that matches counts."""

    first_match: tuple[Route, ...] = Field(default=(), description="The lines, in order.")
    otherwise: Name | None = Field(default=None, description="Who gets a lead that no line matches.")
    when_owner_leaves: WhenOwnerLeaves | None = Field(
        default=None, description="Who gets the leads of an owner who leaves: one place, or lines of their own."
    )


class Handoff(Section):
    """What sales is told with a lead."""

    include: Names = Field(default=(), description="What travels with the lead: source, last_action …")
