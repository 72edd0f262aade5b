"""When the business is open: weekly windows, holidays and announced events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from sla_sync.agreement.hours import Weekday, Window, parse_weekdays
from sla_sync.agreement.sections.reading import UNREADABLE, Section, shape
from sla_sync.agreement.sections.words import Day, Name, Number, Weekdays, Windows


class HolidayList(Section):
    """Holidays kept elsewhere: in a file beside the agreement, or those of a country."""

    file: str | None = Field(
        default=None, description="A file beside the agreement, one day on a line.", examples=["holidays.txt"]
    )
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="A country by its two letters.", examples=["US", "ES"]
    )
    region: str | None = Field(
        default=None, description="A part of the country that has holidays of its own.", examples=["CA", "MD"]
    )

    @model_validator(mode="after")
    def _from_one_place(self) -> Self:
        if (self.file is None) == (self.country is None):
            message = "a list of holidays is kept in a file or belongs to a country, and is one of them"
            raise ValueError(message)
        if self.region is not None and self.country is None:
            message = "a region is a part of a country, and no country is named"
            raise ValueError(message)
        return self


class NamedHoliday(Section):
    """A closed day with its name, or a day with other hours than its weekday has."""

    day: Day = Field(description="The day on which the office is closed, or open at other hours.")
    name: str = Field(default="", description="What the day is called.", examples=["Christmas Eve"])
    open: Windows = Field(
        default=(), description="When the office is open on that day; closed where left out.", examples=["09:00-12:00"]
    )


def _holiday_shape(value: object) -> str:
    if isinstance(value, Mapping):
        return "<named>" if "day" in value else "<list>"
    if isinstance(value, NamedHoliday | HolidayList):
        return "<named>" if isinstance(value, NamedHoliday) else "<list>"
    return shape(value)


Holiday: TypeAlias = Annotated[
    Annotated[Day, Tag("<one>")] | Annotated[NamedHoliday, Tag("<named>")] | Annotated[HolidayList, Tag("<list>")],
    Discriminator(_holiday_shape),
]


class Event(Section):
    """Something announced that changes how many leads to expect."""

    means: str = Field(default="", description="What it is.", examples=["The yearly trade fair."])
    start: Day = Field(alias="from", description="Its first day.")
    until: Day | None = Field(default=None, description="Its last day; the first where left out.")
    expected: Number | None = Field(default=None, description="How many leads it is expected to bring.", examples=[300])


def _each_day_once(value: dict[str, tuple[Window, ...]]) -> dict[str, tuple[Window, ...]]:
    seen: dict[Weekday, str] = {}
    for text in value:
        for day in parse_weekdays(text):
            if day in seen:
                sentence = f"`{seen[day]}` and `{text}` both say when {day} is open."
                raise PydanticCustomError(
                    UNREADABLE,
                    "{sentence}",
                    {"sentence": sentence, "hint": "Write the windows of a day once.", "offset": 0},
                )
            seen[day] = text
    return value


class Calendar(Section):
    """The hours in which the clocks run that this calendar governs."""

    means: str = Field(default="", description="Whose hours these are.", examples=["The reps in Madrid."])
    timezone: str | None = Field(
        default=None,
        description="Its zone by its IANA name; that of the agreement if left out.",
        examples=["Europe/Madrid"],
    )
    open: Annotated[dict[Weekdays, Windows], AfterValidator(_each_day_once)] = Field(
        default_factory=dict,
        description="Days of the week → when it is open: `mon-fri: 09:00-17:00`; `24:00` is the end of a day.",
        examples=[{"mon-thu": "09:00-13:00 and 15:00-18:00", "fri": "09:00-14:00"}],
    )
    holidays: tuple[Holiday, ...] = Field(
        default=(),
        description="Closed days: dates, `{day, name, open}`, `{file: …}` or `{country: US}`.",
        examples=[["2026-12-25", {"day": "2026-12-24", "open": "09:00-12:00"}, {"country": "ES", "region": "MD"}]],
    )
    events: dict[Name, Event] = Field(
        default_factory=dict,
        description="Announced events with expected volume.",
        examples=[{"fair": {"from": "2026-11-02", "until": "2026-11-05", "expected": 300}}],
    )

    @property
    def week(self) -> Mapping[Weekday, tuple[Window, ...]]:
        """The windows of every day that has some."""
        return {day: windows for days, windows in self.open.items() for day in parse_weekdays(days) if windows}
