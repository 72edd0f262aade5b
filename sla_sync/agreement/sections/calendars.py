"""When the business is open: weekly windows, holidays and announced events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Discriminator, Field, Tag
from pydantic_core import PydanticCustomError

from sla_sync.agreement.hours import Weekday, Window, parse_weekdays
from sla_sync.agreement.sections.reading import UNREADABLE, Section, shape
from sla_sync.agreement.sections.words import Day, Name, Number, Weekdays, Windows


class HolidayList(Section):
    """Holidays kept elsewhere: in a file beside the agreement, or those of a country."""

    file: str | None = Field(default=None, description="A file beside the agreement, one day on a line.")
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] | None = Field(
        default=None, description="A country by its two letters."
    )
    region: str | None = Field(default=None, description="A part of the country that has holidays of its own.")


class NamedHoliday(Section):
    """A closed day with its name."""

    day: Day = Field(description="The day on which the office is closed.")
    name: str = Field(default="", description="What the day is called.")


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

    means: str = Field(default="", description="What it is.")
    start: Day = Field(alias="from", description="Its first day.")
    until: Day | None = Field(default=None, description="Its last day; the first where left out.")
    expected: Number | None = Field(default=None, description="How many leads it is expected to bring.")


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

    means: str = Field(default="", description="Whose hours these are.")
    timezone: str | None = Field(
        default=None, description="Its zone by its IANA name; that of the agreement if left out."
    )
    open: Annotated[dict[Weekdays, Windows], AfterValidator(_each_day_once)] = Field(
        default_factory=dict, description="Days of the week → when it is open: `mon-fri: 09:00-17:00`."
    )
    holidays: tuple[Holiday, ...] = Field(
        default=(), description="Closed days: dates, `{day, name}`, `{file: …}` or `{country: US}`."
    )
    events: dict[Name, Event] = Field(default_factory=dict, description="Announced events with expected volume.")

    @property
    def week(self) -> Mapping[Weekday, tuple[Window, ...]]:
        """The windows of every day that has some."""
        return {day: windows for days, windows in self.open.items() for day in parse_weekdays(days) if windows}
