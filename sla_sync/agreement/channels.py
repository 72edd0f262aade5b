"""Who is told of audits: channels by name, what each wants to hear, and when it wants to be left alone."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from sla_sync.agreement.durations import parse_duration, seconds
from sla_sync.agreement.formats import FormatError, shortened
from sla_sync.agreement.hours import Window, parse_time
from sla_sync.agreement.sections.reading import Reads, Section
from sla_sync.agreement.sections.words import Name, Names

_DAY = timedelta(days=1)


class Gravity(StrEnum):
    """How much a finding matters, the worst first; the words of `drift`."""

    BREACH = "breach"
    WEAKENING = "weakening"
    COSMETIC = "cosmetic"

    def at_least(self, least: Gravity) -> bool:
        """Return whether it is as bad as another one or worse."""
        order = tuple(Gravity)
        return order.index(self) <= order.index(least)


class Beat(StrEnum):
    """How often a channel hears how things stand although nothing is new, so that silence is an alarm."""

    EVERY_RUN = "every run"
    DAILY = "daily"
    WEEKLY = "weekly"

    @property
    def length(self) -> timedelta:
        """The time from one beat to the next; a scheduler may be a tenth of it early."""
        return {Beat.EVERY_RUN: timedelta(), Beat.DAILY: _DAY, Beat.WEEKLY: 7 * _DAY}[self]


def _hours(text: str) -> Window:
    opens, dash, closes = text.partition("-")
    if not dash:
        message = f"`{shortened(text)}` is not a span of the day."
        raise FormatError(message, hint="Write when it begins and ends, such as `22:00-06:00`.")
    return Window(parse_time(opens), parse_time(closes))


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ValueError, OSError, KeyError):
        message = f"`{shortened(text)}` is no time zone."
        raise FormatError(message, hint="Write its IANA name, such as `America/New_York`.") from None


def _length(text: str) -> timedelta:
    found = parse_duration(text)
    length = None if found.business else seconds(found)
    if not length:
        raise FormatError(f"`{shortened(text)}` has no fixed length.", hint="Write it in hours, days or weeks.")
    return timedelta(seconds=length)


def _spelled(length: timedelta) -> str:
    return f"{length.days} days" if length % _DAY == timedelta() else f"{int(length.total_seconds() // 60)} minutes"


Hours = Annotated[Window, Reads(_hours, "a span of the day", ("22:00-06:00",))]
Zone = Annotated[ZoneInfo, Reads(_zone, "a time zone", ("America/New_York",))]
Length = Annotated[timedelta, Reads(_length, "a time", ("7 days",), show=_spelled)]


class Quiet(Section):
    """When a channel is left alone; what is held back is told by the next run after."""

    hours: Hours | None = Field(default=None, description="From when to when on the clock.", examples=["22:00-06:00"])
    calendar: Name | None = Field(
        default=None,
        description="Instead of hours: whenever this calendar of the agreement is closed.",
        examples=["business"],
    )
    timezone: Zone | None = Field(
        default=None, description="Whose clock; that of the agreement if left out.", examples=["America/New_York"]
    )
    excepted: Gravity | None = Field(
        default=None,
        alias="except",
        description="The least gravity that is told all the same.",
        examples=["breach"],
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.hours is None) == (self.calendar is None):
            message = "say either hours or a calendar"
            raise ValueError(message)
        if self.calendar and self.timezone:
            message = "a calendar has a time zone of its own"
            raise ValueError(message)
        return self


class Channel(Section):
    """One place where people read what an audit found."""

    # The loader refuses a value here without repeating it, which a pattern of the model would.
    url: str = Field(
        description="The name of the environment variable that holds the address, as apprise writes it; never the address.",
        examples=["SLACK_ONCALL_URL"],
        json_schema_extra={"pattern": "^[A-Z][A-Z0-9_]*$"},
    )
    least: Gravity = Field(
        alias="from", description="The least gravity that it wants to hear of.", examples=["breach", "cosmetic"]
    )
    mention: str = Field(
        default="",
        max_length=200,
        description="Whom a message calls where it has something new, in the words of that service.",
        examples=["@revops-oncall"],
    )
    quiet: Quiet | None = Field(
        default=None,
        description="When it is left alone.",
        examples=[{"hours": "22:00-06:00", "except": "breach"}, {"calendar": "office"}],
    )
    remind: Length = Field(
        default=7 * _DAY, description="After which time it is told again of what is still there.", examples=["7 days"]
    )
    heartbeat: Beat | None = Field(
        default=None,
        description="How often it hears how things stand although nothing is new, so that silence is an alarm.",
        examples=["daily", "weekly", "every run"],
    )
    targets: Names = Field(
        default=(), description="The targets that it hears of; all where none is named.", examples=[["production"]]
    )


class Channels(Section):
    """Every channel by its name."""

    apiVersion: Literal["sla-sync/v1"] = Field(description="The version of the language.")
    kind: Literal["Channels"] = Field(description="What the document is.")
    channels: dict[Name, Channel] = Field(
        min_length=1,
        description="The channels.",
        examples=[{"oncall": {"url": "SLACK_ONCALL_URL", "from": "breach", "mention": "@revops-oncall"}}],
    )
