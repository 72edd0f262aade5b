"""Who works the leads, and where leads wait that nobody works."""

from __future__ import annotations

from pydantic import Field

from sla_sync.agreement.sections.reading import Section
from sla_sync.agreement.sections.words import Capacity, Effort, Name, Number, RampStep, Share


class Team(Section):
    """A group of people who work leads; the people themselves stand in the targets file."""

    means: str = Field(default="", description="What the team does.", examples=["Reps who answer inbound leads."])
    manager: Name | None = Field(default=None, description="The role that leads the team.", examples=["sdr_manager"])
    members: Number | None = Field(default=None, description="How many people it has.", examples=[2])
    calendar: Name | None = Field(
        default=None,
        description="The calendar of its clocks; `personal` takes each user's own hours from the platform.",
        examples=["office", "personal"],
    )
    capacity: Capacity | None = Field(default=None, description="The working time of one member in a period.")
    effort: Effort | None = Field(default=None, description="The working time that one lead takes.")
    ramp: dict[RampStep, Share] = Field(
        default_factory=dict,
        description="How much of the capacity a new member has: `month 1: 25%`; all of it after the last entry.",
        examples=[{"month 1": "25%", "month 2": "60%"}],
    )
    presence: Share | None = Field(
        default=None,
        description="The share of working time in which members are there to answer at once.",
        examples=["80%"],
    )


class Queue(Section):
    """A place where leads wait."""

    means: str = Field(
        default="", description="What waits here.", examples=["Held by marketing until someone decides."]
    )
    accountable: Name | None = Field(
        default=None, description="The role that answers for what waits here.", examples=["vp_marketing"]
    )
