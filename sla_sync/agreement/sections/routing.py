"""Who gets a lead, and what travels with it."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.sections.reading import Section, shape
from sla_sync.agreement.sections.words import Condition, Name, Names, Number, Target


class Route(Section):
    """One line of the routing: leads for which `when` holds go to `to`, or into a stage."""

    means: str = Field(
        default="", description="Why these leads go there.", examples=["Whoever owns the account answers its people."]
    )
    when: Condition | None = Field(
        default=None, description="The leads it is about; all where left out.", examples=["stage is mql"]
    )
    to: Name | None = Field(
        default=None, description="A team, a queue, or a field that holds an owner.", examples=["sdr", "account_owner"]
    )
    stage: Name | None = Field(
        default=None, description="The stage into which the lead goes instead.", examples=["disqualified"]
    )
    reason: Name | None = Field(default=None, description="The reason given for that stage.", examples=["bad_fit"])
    how: Literal["round robin", "weighted", "least loaded", "undecided"] | None = Field(
        default=None, description="How the members of a team take turns."
    )
    weights: dict[Name, Number] = Field(
        default_factory=dict,
        description="Member, by the user name of the targets file → turns, beside one for each who is not named.",
        examples=[{"desk_1": 2, "desk_2": 1}],
    )
    skip: Names = Field(
        default=(),
        description="Members who get no turn: out_of_office, at_capacity …",
        examples=[["out_of_office", "at_capacity"]],
    )
    cap: Target | None = Field(
        default=None,
        description="The most that one member gets: `20 per member per day`.",
        examples=["20 per member per day"],
    )
    overflow: Name | None = Field(
        default=None,
        description="The team or queue that gets the lead when no member can; the next line where left out.",
        examples=["marketing_queue"],
    )
    notify: Names = Field(default=(), description="Roles, teams or `owner` who hear of it.", examples=[["sdr_manager"]])


WhenOwnerLeaves: TypeAlias = Annotated[
    Annotated[Name, Tag("<one>")] | Annotated[tuple[Route, ...], Tag("<list>")], Discriminator(shape)
]


class Routing(Section):
    """Who gets a lead: the first line that matches counts."""

    first_match: tuple[Route, ...] = Field(
        default=(),
        description="The lines, in order.",
        examples=[[{"when": "stage is mql", "to": "sdr", "how": "round robin", "skip": ["out_of_office"]}]],
    )
    otherwise: Name | None = Field(
        default=None, description="Who gets a lead that no line matches.", examples=["marketing_queue"]
    )
    when_owner_leaves: WhenOwnerLeaves | None = Field(
        default=None,
        description="Who gets the leads of an owner who leaves: one place, or lines of their own.",
        examples=["sdr", [{"when": "territory is emea", "to": "emea"}, {"to": "sdr"}]],
    )


class Handoff(Section):
    """What sales is told with a lead."""

    include: Names = Field(
        default=(),
        description="What travels with the lead: source, last_action …",
        examples=[["source", "last_action", "score_reasons"]],
    )
