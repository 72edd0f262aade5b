"""The words of the language: how names, days, conditions, durations, rates and numbers are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Annotated, TypeAlias

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import core_schema

from sla_sync.agreement import hours, quantities
from sla_sync.agreement.durations import Duration, parse_duration
from sla_sync.agreement.expressions import (
    parse_event,
    parse_expression,
    parse_measure,
    print_event,
    print_expression,
    print_measure,
)
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.measures import Measure
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.formats import FormatError, shortened
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections import amounts
from sla_sync.agreement.sections.reading import Listed, Reads, Written

NAME_PATTERN = r"^[A-Za-z][A-Za-z0-9_-]*$"
MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_HINT = "Write year, month and day, such as `2026-10-01`."
_NUMBERS = (int, float)
_SCALARS = (str, int, float)


_YEARS = range(1970, 2200)
"""Years that a day may lie in: reckoning with days and months near the ends of the calendar would leave it."""


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        message = f"`{shortened(text)}` is not a day."
        raise FormatError(message, hint=_DAY_HINT)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        message = f"`{shortened(text)}` is not in the calendar."
        raise FormatError(message, hint=_DAY_HINT) from None
    if day.year not in _YEARS:
        message = f"`{shortened(text)}` is further away than any agreement reaches."
        raise FormatError(message, hint=f"Write a day from {_YEARS.start} to {_YEARS.stop - 1}.")
    return day


def _written(parse: Callable[[str], object], text: str) -> Written[object]:
    return Written(text, parse(text))


def _meaning(show: Callable[..., str], written: Written[object]) -> str:
    return show(written.value)


def _windows(value: str | list[object]) -> tuple[hours.Window, ...]:
    if isinstance(value, list) and not all(isinstance(each, str) for each in value):
        message = "A list of opening windows holds texts only."
        raise FormatError(message, hint="Write for example `09:00-13:00`.")
    return hours.parse_windows(value)  # type: ignore[arg-type]


def _weekdays(text: str) -> str:
    hours.parse_weekdays(text)
    return text


def _bracket(text: str) -> str:
    amounts.parse_bracket(text)
    return text


def _itself(value: object) -> object:
    return value


def _plain(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else str(value)


Name: TypeAlias = Annotated[str, Field(pattern=NAME_PATTERN)]
Names: TypeAlias = Annotated[tuple[Name, ...], Listed()]
Month: TypeAlias = Annotated[str, Field(pattern=MONTH_PATTERN)]

Day: TypeAlias = Annotated[date, Reads(_day, "a day", ("2026-10-01",))]
OpenDay: TypeAlias = Annotated[date | Undecided, Reads(_day, "a day", ("2026-10-01",), undecided=True)]
Number: TypeAlias = Annotated[
    float | Undecided, Reads(_itself, "a number", (100,), undecided=True, scalars=_NUMBERS, show=_plain)
]
Points: TypeAlias = Annotated[
    int | Undecided,
    Reads(quantities.parse_points, "a whole number of points", (35,), undecided=True, scalars=(int,), show=int),
]
Share: TypeAlias = Annotated[
    quantities.Rate | Undecided, Reads(quantities.parse_rate, "a rate", ("70%",), undecided=True)
]
Span: TypeAlias = Annotated[
    Duration | Undecided,
    Reads(parse_duration, "a duration", ("2 business days", "15 business minutes", "90 days"), undecided=True),
]
Condition: TypeAlias = Annotated[
    Written[Expression],
    Reads(
        partial(_written, parse_expression),
        "a condition",
        ("source is demo_request or contact_sales",),
        show=partial(_meaning, print_expression),
    ),
]
MeasureText: TypeAlias = Annotated[
    Written[Measure],
    Reads(
        partial(_written, parse_measure),
        "a measure",
        ("mql to sal within 14 days", "count of first mql"),
        show=partial(_meaning, print_measure),
    ),
]
_EVENTS = Reads(
    partial(_written, parse_event),
    "an event",
    ("assigned", "touch", "leaves mql"),
    show=partial(_meaning, print_event),
)
_FREE_EVENTS = replace(_EVENTS, parse=partial(_written, partial(parse_event, free=True)))


@dataclass(frozen=True)
class ReadsEvent:
    """Reads an event of a lead, or, in a section that says `of` what it is, a moment in the life of that thing."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        del source, handler
        return core_schema.with_info_plain_validator_function(
            lambda value, info: (_FREE_EVENTS if info.data.get("of") else _EVENTS).read(value),
            serialization=core_schema.plain_serializer_function_ser_schema(_EVENTS.printed),
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema, handler
        return _EVENTS.json_schema()


EventText: TypeAlias = Annotated[Written[Event], ReadsEvent()]
Capacity: TypeAlias = Annotated[
    quantities.Capacity | Undecided,
    Reads(quantities.parse_capacity, "a capacity", ("110 hours per member per month",), undecided=True),
]
Effort: TypeAlias = Annotated[
    quantities.WorkPerLead | Undecided,
    Reads(quantities.parse_work_per_lead, "an effort per lead", ("48 minutes per lead",), undecided=True),
]
AtMost: TypeAlias = Annotated[
    quantities.AtMost | Undecided,
    Reads(quantities.parse_at_most, "a bound", ("1 per day", "once", "10%", "no limit"), undecided=True),
]
TimesText: TypeAlias = Annotated[
    quantities.Times | Undecided,
    Reads(amounts.parse_times, "a number of times", ("once", "3 times"), undecided=True, scalars=(str, int)),
]
Warn: TypeAlias = Annotated[
    quantities.WarnAt | Undecided,
    Reads(quantities.parse_warning, "a warning", ("at 50%", "at 10 business minutes"), undecided=True),
]
Revisit: TypeAlias = Annotated[
    amounts.Revisit | Undecided,
    Reads(amounts.parse_revisit, "a time to come back", ("90 days", "30 to 90 days", "ask"), undecided=True),
]
Target: TypeAlias = Annotated[
    amounts.Target | Undecided,
    Reads(
        amounts.parse_target,
        "a target",
        ("70%", "110 per month", "100 per member of mid_market per month"),
        undecided=True,
        scalars=_SCALARS,
        show=_plain,
    ),
]
Threshold: TypeAlias = Annotated[
    int | quantities.TopShare | Undecided,
    Reads(
        quantities.parse_threshold,
        "a threshold",
        (100, "top 10% of inquiries"),
        undecided=True,
        scalars=(str, int),
        show=_plain,
    ),
]
IdleText: TypeAlias = Annotated[
    amounts.Idle | Undecided, Reads(amounts.parse_idle, "a time without engagement", ("30 days idle",), undecided=True)
]
GroupMember: TypeAlias = Annotated[
    str | Expression,
    Reads(
        amounts.parse_member,
        "a value or a condition",
        ("DE", "employees >= 200"),
        scalars=_SCALARS,
        show=amounts.show_member,
    ),
]
GradeCut: TypeAlias = Annotated[
    float | Expression | Undecided,
    Reads(
        amounts.parse_cut,
        "a number of points or a condition",
        (55, "employees >= 200"),
        undecided=True,
        scalars=_SCALARS,
        show=amounts.show_cut,
    ),
]
Windows: TypeAlias = Annotated[
    tuple[hours.Window, ...],
    Reads(
        _windows,
        "an opening window",
        ("09:00-17:00", "09:00-13:00 and 15:00-18:00", "closed"),
        scalars=(str, list),
        show=lambda windows: " and ".join(map(str, windows)) or "closed",
    ),
]
BracketText: TypeAlias = Annotated[str, Reads(_bracket, "a bracket of numbers", ("from 11", "1 to 10"))]
RampStep: TypeAlias = Annotated[str, Reads(amounts.check_ramp_step, "a time since a member joined", ("month 1",))]
ScheduleText: TypeAlias = Annotated[
    str, Reads(amounts.check_schedule, "a schedule", ("every Tuesday 08:00", "every first business day of the month"))
]
Weekdays: TypeAlias = Annotated[str, Reads(_weekdays, "a day of the week", ("mon-fri",))]
WeeklyTime: TypeAlias = Annotated[
    hours.WeeklyTime, Reads(hours.parse_weekly_time, "a day of the week", ("Tuesday", "Tuesday 10:00"))
]
