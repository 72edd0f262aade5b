"""Who works the leads, and where leads wait that nobody works."""

from __future__ import annotations

from pydantic import Field

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Capacity, Effort, Name, Number, Share


class Team(Section):
    """A group of people who work leads; the people themselves stand in the targets file."""

    means: str = Field(default="", description="What the team does.")
    manager: Name | None = Field(default=None, description="The role that leads the team.")
    members: Number | None = Field(default=None, description="How many people it has.")
    calendar: Name | None = Field(
        default=None,
        description="The calendar of its clocks; `personal` takes each user's own hours from the platform.",
    )
    capacity: Capacity | None = Field(default=None, description="The working time of one member in a period.")
    effort: Effort | None = Field(default=None, description="The working time that one lead takes.")
    ramp: dict[str, Share] = Field(
        default_factory=dict, description="How much of the capacity a new member has: `month 1: 25%`."
    )
    presence: Share | None = Field(default=None, description="The share of working time in which members are there.")


class Queue(Section):
    """A place where leads wait."""

    means: str = Field(default="", description="What waits here.")
    accountable: Name | None = Field(default=None, description="The role that answers for what waits here.")
