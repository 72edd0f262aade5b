"""The promises: who owes whom what by when, how it is measured, and what follows when it is not kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Discriminator, Field, Tag, model_validator

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

    of: Name | None = Field(
        default=None, description="What is timed where it is not a lead: list_upload …", examples=["list_upload"]
    )
    starts: EventText = Field(
        description="The event at which it starts: raised, qualified, assigned …", examples=["assigned"]
    )
    stops: EventText = Field(
        description="The event at which it stops: touch, reply, `leaves mql` …", examples=["touch", "leaves mql"]
    )
    runs_in: Annotated[str, Field(pattern=r"^(owner calendar|wall clock|[A-Za-z][A-Za-z0-9_-]*)$")] = Field(
        default=OWNER_CALENDAR,
        description="A calendar, `owner calendar` (that of the owner's team) or `wall clock`.",
        examples=["owner calendar", "office"],
    )
    pauses: Condition | None = Field(
        default=None, description="The condition while which it stands still.", examples=["waiting_for is buyer"]
    )
    pauses_on: EventText | None = Field(
        default=None, description="The event from which it stands still.", examples=["meeting booked"]
    )
    resumes_on: EventText | None = Field(
        default=None, description="The event from which it goes on; said together with `pauses_on`.", examples=["reply"]
    )
    restarts: EventText | None = Field(
        default=None, description="The event at which it begins anew.", examples=["reassigned"]
    )

    @model_validator(mode="after")
    def _goes_on(self) -> Self:
        if (self.pauses_on is None) != (self.resumes_on is None):
            said, lacking = ("pauses_on", "resumes_on") if self.pauses_on else ("resumes_on", "pauses_on")
            message = f"the clock says `{said}` and not `{lacking}`; a pause has a beginning and an end"
            raise ValueError(message)
        return self


class Step(Section):
    """One thing that follows a breach: so long `after` it, or `at` so long after the start."""

    after: Span | None = Field(
        default=None, description="The time since the breach; at once where left out.", examples=["1 business hour"]
    )
    at: Span | None = Field(
        default=None, description="The time since the start of the clock.", examples=["3 business days"]
    )
    notify: Names = Field(
        default=(), description="Roles, teams or `owner` who hear of it.", examples=[["owner", "sdr_manager"]]
    )
    reassign: Annotated[str, Field(pattern=r"^(by routing|[A-Za-z][A-Za-z0-9_-]*)$")] | None = Field(
        default=None, description="The team that gets the lead, or `by routing`.", examples=["sdr", "by routing"]
    )
    at_most: TimesText | None = Field(default=None, description="How often a lead is given on: `once`.")
    return_to_queue: Name | None = Field(
        default=None, description="The queue to which the lead goes back.", examples=["marketing_queue"]
    )
    stage: Name | None = Field(default=None, description="The stage into which the lead goes.", examples=["recycled"])
    reason: Name | None = Field(default=None, description="The reason given for that stage.", examples=["no_response"])
    close: bool = Field(default=False, strict=True, description="Whether the cycle is closed.")


class Uplift(Section):
    """By how much a promise may go beyond what history shows, and what pays for it."""

    by: Share = Field(description="How much more than before.", examples=["20%"])
    because: str = Field(description="What makes it possible.", examples=["Two more people run events."])


class Commitment(Section):
    """A promise that one role answers for."""

    by: Name | None = Field(default=None, description="The one role that answers for it.", examples=["vp_sales"])
    to: Name | None = Field(
        default=None, description="The party or role to whom it is promised.", examples=["marketing"]
    )
    promise: str = Field(
        default="",
        description="The promise in one sentence; `{target}` stands for the number. Written for the reader if left out.",
        examples=["New MQLs from marketing, {target}."],
    )
    means: str = Field(
        default="", description="What readers should know besides.", examples=["Automatic replies do not count."]
    )
    where: Condition | None = Field(
        default=None, description="The leads it is about; all where left out.", examples=["territory is emea"]
    )
    measure: MeasureText | None = Field(
        default=None,
        description="What is counted: `mql to sal within 14 days`, `count of first mql`, `manual` …",
        examples=["mql to sal within 14 days", "touches >= 6 and channels >= 2 before no_response"],
    )
    evidence: str | None = Field(
        default=None,
        description="The folder beside the agreement with a link for each period, for what people measure by hand.",
        examples=["evidence/"],
    )
    clock: Clock | None = Field(
        default=None, description="What is timed.", examples=[{"starts": "assigned", "stops": "touch"}]
    )
    within: Limits | None = Field(
        default=None,
        description="The limit: a duration, one per priority, or one `inside hours` and one `outside hours`.",
        examples=["2 business days", {"hot": "15 business minutes", "warm": "2 business hours"}],
    )
    target: Targets | None = Field(
        default=None,
        description="The number promised: `70%`, `110 per month`, or a map of months.",
        examples=["70%", "110 per month", {"2026-10": "110 per month", "2026-11": "130 per month"}],
    )
    on_time: Share | None = Field(
        default=None,
        description="The share of leads for which the limit is kept; without it the time is measured, not promised.",
        examples=["90%"],
    )
    aim: Limits | None = Field(
        default=None, description="A time to strive for, sooner than the limit or alone.", examples=["5 minutes"]
    )
    stretch: Targets | None = Field(
        default=None, description="A number to strive for, beyond the target.", examples=["150 per month"]
    )
    warn: Warn | None = Field(
        default=None, description="When the owner is warned: `at 50%` of the limit, or so long after the start."
    )
    on_breach: tuple[Step, ...] = Field(
        default=(),
        description="What follows when the limit has passed, in order.",
        examples=[[{"notify": "owner"}, {"after": "1 business hour", "reassign": "sdr", "at_most": "once"}]],
    )
    excused_if: Condition | None = Field(
        default=None,
        description="The condition on which a miss does not count. The name of another commitment stands for its state.",
        examples=["first-response is late or overdue"],
    )
    excused_by: EventText | None = Field(
        default=None,
        description="The event before the limit that takes the duty away.",
        examples=["enters disqualified"],
    )
    gap_covered_by: Name | None = Field(
        default=None, description="The source that makes up the rest of the plan.", examples=["outbound"]
    )
    kind: Literal["produce", "influence"] = Field(
        default="produce", description="produce: promised; influence: reported, and never breached."
    )
    uplift: Uplift | None = Field(
        default=None,
        description="By how much the target may exceed what history shows, and why.",
        examples=[{"by": "20%", "because": "Two more people run events."}],
    )
    serves: Name | None = Field(
        default=None,
        description="The goal that it serves: one of `goals`, or `goal` for the shared one.",
        examples=["goal", "emea_pipeline"],
    )

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
