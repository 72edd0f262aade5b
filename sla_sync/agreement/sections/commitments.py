"""The promises: who owes whom what by when, how it is measured, and what follows when it is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import Discriminator, Field, Tag

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.reading import Section, shape
from sla_sync.agreement.sections.words import (
    Condition,
    EventText,
    MeasureText,
    Month,
    Name,
    Names,
    Share,
    Span,
    Target,
    TimesText,
    Warn,
)

OWNER_CALENDAR = "owner calendar"
WALL_CLOCK = "wall clock"
INSIDE_HOURS = "inside hours"
OUTSIDE_HOURS = "outside hours"

Limits: TypeAlias = Annotated[
    Annotated[Span, Tag("<one>")] | Annotated[dict[str, Span], Tag("<map>")], Discriminator(shape)
]
"""One duration for all, one per priority, or one inside and one outside opening hours."""

Targets: TypeAlias = Annotated[
    Annotated[Target, Tag("<one>")] | Annotated[dict[Month, Target], Tag("<map>")], Discriminator(shape)
]
"""One number for every period, or one for each month."""


class Clock(Section):
    """What is timed, from which event to which, and in whose hours."""

    of: Name | None = Field(default=None, description="What is timed where it is not a lead: list_upload …")
    starts: EventText = Field(description="The event at which it starts: raised, qualified, assigned …")
    stops: EventText = Field(description="The event at which it stops: touch, reply, `leaves mql` …")
    runs_in: Annotated[str, Field(pattern=r"^(owner calendar|wall clock|[A-Za-z][A-Za-z0-9_-]*)$")] = Field(
        default=OWNER_CALENDAR, description="A calendar, `owner calendar` or `wall clock`."
    )
    pauses: Condition | None = Field(default=None, description="The condition while which it stands still.")
    restarts: EventText | None = Field(default=None, description="The event at which it begins anew.")


class Step(Section):
    """One thing that follows a breach: so long `after` it, or `at` so long after the start."""

    after: Span | None = Field(default=None, description="The time since the breach; at once where left out.")
    at: Span | None = Field(default=None, description="The time since the start of the clock.")
    notify: Names = Field(default=(), description="Roles, teams or `owner` who hear of it.")
    reassign: Annotated[str, Field(pattern=r"^(by routing|[A-Za-z][A-Za-z0-9_-]*)$")] | None = Field(
        default=None, description="The team that gets the lead, or `by routing`."
    )
    at_most: TimesText | None = Field(default=None, description="How often a lead is given on: `once`.")
    return_to_queue: Name | None = Field(default=None, description="The queue to which the lead goes back.")
    stage: Name | None = Field(default=None, description="The stage into which the lead goes.")
    reason: Name | None = Field(default=None, description="The reason given for that stage.")
    close: bool = Field(default=False, strict=True, description="Whether the cycle is closed.")


class Commitment(Section):
    """A promise that one role answers for."""

    by: Name | None = Field(default=None, description="The one role that answers for it.")
    to: Name | None = Field(default=None, description="The party or role to whom it is promised.")
    promise: str = Field(default="", description="The promise in one sentence; `{target}` stands for the number.")
    means: str = Field(default="", description="What readers should know besides.")
    where: Condition | None = Field(default=None, description="The leads it is about; all where left out.")
    measure: MeasureText | None = Field(default=None, description="What is counted: `mql to sal within 14 days` …")
    clock: Clock | None = Field(default=None, description="What is timed.")
    within: Limits | None = Field(default=None, description="The limit: a duration, or one per priority.")
    target: Targets | None = Field(default=None, description="The number promised: `70%`, `110 per month` …")
    on_time: Share | None = Field(default=None, description="The share of leads for which the limit is kept.")
    aim: Limits | None = Field(default=None, description="A time to strive for, sooner than the limit.")
    stretch: Targets | None = Field(default=None, description="A number to strive for, beyond the target.")
    warn: Warn | None = Field(default=None, description="When the owner is warned: `at 50%` of the limit.")
    on_breach: tuple[Step, ...] = Field(default=(), description="What follows when the limit has passed, in order.")
    excused_if: Condition | None = Field(default=None, description="The condition on which a miss does not count.")
    gap_covered_by: Name | None = Field(default=None, description="The source that makes up the rest of the plan.")
    kind: Literal["produce", "influence"] = Field(
        default="produce", description="produce: promised; influence: reported, and never breached."
    )
    serves: Name | None = Field(default=None, description="The goal that it serves.")

    @property
    def sentence(self) -> str:
        """The promise with its number; empty where nobody wrote one."""
        number = self.on_time if self.target is None else self.target
        return self.promise if isinstance(number, dict) else self.promise.replace("{target}", str(number))

    @property
    def limits(self) -> Mapping[str, Duration | Undecided]:
        """The limits by priority or by `inside hours` and `outside hours`; one for all stands under the empty name."""
        if self.within is None:
            return {}
        return self.within if isinstance(self.within, dict) else {"": self.within}
