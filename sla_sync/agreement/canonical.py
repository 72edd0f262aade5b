"""One form for all spellings of one meaning: what the digest is taken of, and what two revisions are compared by.

What equals its default is left out. Lists in which order decides nothing are mappings from each member to true; where
order does decide in a mapping, it stands in it under `ORDER`. The same time in other units, the same condition with its
terms in another order and the same week written in other ranges are spelled alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Final, TypeAlias, get_args

from pydantic import BaseModel

from sla_sync.agreement.binding import BindingDocument, Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.durations import Duration, Unit, seconds
from sla_sync.agreement.expressions import (
    print_event,
    print_expression,
    print_measure,
)
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.measures import Effort, Measure
from sla_sync.agreement.expressions.rewrite import Rewriting
from sla_sync.agreement.expressions.tree import All, Any, Expression, Is, Not
from sla_sync.agreement.hours import Window, parse_weekdays
from sla_sync.agreement.quantities import Capacity, Rate, Unlimited, Volume, WarnAt, WorkPerLead
from sla_sync.agreement.sections.amounts import DurationRange, Idle, parse_bracket
from sla_sync.agreement.sections.calendars import Calendar, HolidayList, NamedHoliday
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.sections.goal import Plan
from sla_sync.agreement.sections.governance import Review
from sla_sync.agreement.sections.leads import Predicate
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.sections.reasons import Reason
from sla_sync.agreement.sections.routing import Routing
from sla_sync.agreement.sections.scoring import Dimension, Grade
from sla_sync.agreement.sections.stages import Stage

Plain: TypeAlias = "None | bool | int | float | str | list[Plain] | dict[str, Plain]"
"""A value as JSON can say it."""

ORDER: Final = "<order>"
"""The key under which a mapping says in which order its entries count; no name can be taken for it."""

_EXPRESSIONS = get_args(Expression)
_MEASURES = get_args(Measure)
_EVENTS = get_args(Event)
_LARGER: Mapping[bool, tuple[tuple[int, Unit], ...]] = {
    True: ((3_600, Unit.HOUR), (60, Unit.MINUTE), (1, Unit.SECOND)),
    False: ((86_400, Unit.DAY), (3_600, Unit.HOUR), (60, Unit.MINUTE), (1, Unit.SECOND)),
}
_MONTHS_OF_A_QUARTER = 3


def canonical_agreement(agreement: Agreement) -> dict[str, Plain]:
    """Return what an agreement says, every section of it. A section that says nothing is left out."""
    return {name: said for name, said in _section(agreement).items() if said != {}}


def canonical_binding(binding: BindingDocument) -> dict[str, Plain]:
    """Return what a binding says; its lists stay lists, for only its connector knows where their order counts."""
    said: dict[str, Plain] = binding.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    said["modes"] = {name: mode.value for name, mode in binding.modes.items() if mode is not Mode.ACT}
    return {name: each for name, each in said.items() if each != {}}


def canonical_days(text: str) -> dict[str, Plain]:
    """Return the days that a file of holidays names; names of days and comments do not count."""
    said = (line.partition("#")[0].split() for line in text.splitlines())
    return {words[0]: True for words in sorted(filter(None, said))}


def canonical_duration(duration: Duration) -> Duration:
    """Return the same time in its largest unit up to a day (`120 minutes` → `2 hours`), a quarter as three months.

    Business days and longer business times have no fixed length and keep their units.
    """
    if duration.unit is Unit.QUARTER:
        return Duration(duration.count * _MONTHS_OF_A_QUARTER, Unit.MONTH, duration.business)
    length = seconds(duration)
    if length is None:
        return duration
    size, unit = next(each for each in _LARGER[duration.business] if length % each[0] == 0)
    return Duration(length // size, unit, duration.business)


def canonical_expression(expression: Expression) -> Expression:
    """Return a condition with its terms and values in one order, whatever order they were written in."""
    return CANONICAL.expression(expression)


def _arranged(expression: Expression) -> Expression:
    match expression:
        case Is(field, values, negated):
            return Is(field, tuple(sorted(set(values))), negated)
        case Not(Not(term)):
            return term
        case All(terms) | Any(terms):
            kind = type(expression)
            flat = (part for each in terms for part in (each.terms if isinstance(each, kind) else (each,)))
            by_text = {print_expression(each): each for each in flat}
            ordered = tuple(by_text[text] for text in sorted(by_text))
            return ordered[0] if len(ordered) == 1 else kind(ordered)
        case _:
            return expression


CANONICAL = Rewriting(span=canonical_duration, whole=_arranged)
"""Brings conditions, measures and events to their canonical form."""


def canonical_measure(measure: Measure) -> Measure:
    """Return a measure in canonical form."""
    said = CANONICAL.measure(measure)
    if isinstance(said, Effort):
        return Effort(tuple(sorted(set(said.needs), key=str)), said.before, said.within, said.of)
    return said


def plain_value(value: object) -> Plain:
    """Return any value of an agreement in canonical form."""
    if isinstance(value, Enum | bool | int | float | str | date | None):
        return _scalar(value)
    if isinstance(value, BaseModel):
        return _section(value)
    if isinstance(value, Written):
        return plain_value(value.value)
    if isinstance(value, _EXPRESSIONS):
        return print_expression(canonical_expression(value))
    if isinstance(value, _MEASURES):
        return print_measure(canonical_measure(value))
    if isinstance(value, _EVENTS):
        return print_event(CANONICAL.event(value))
    if isinstance(value, Mapping):
        return {str(key): plain_value(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return _members(value)
    return str(_quantity(value))


def _scalar(value: object) -> Plain:
    match value:
        case Unlimited():
            return Unlimited.NO_LIMIT.value
        case Enum():
            return str(value.value)
        case date():
            return value.isoformat()
        case float():
            return int(value) if value.is_integer() else value
        case bool() | int() | str() | None:
            return value
        case _:
            return str(value)


def _quantity(value: object) -> object:
    match value:
        case Duration():
            return canonical_duration(value)
        case DurationRange(least, most):
            return f"{canonical_duration(least)} to {canonical_duration(most)}"
        case Idle(duration):
            return Idle(canonical_duration(duration))
        case Capacity(time, period):
            return Capacity(canonical_duration(time), period)
        case WorkPerLead(time):
            return WorkPerLead(canonical_duration(time))
        case WarnAt(point) if isinstance(point, Duration):
            return WarnAt(canonical_duration(point))
        case Rate() | Volume() | WarnAt() | Decimal():
            return value
        case _:
            return value


def _section(section: BaseModel) -> dict[str, Plain]:
    said: dict[str, Plain] = {}
    for name, (key, default) in _keys(type(section)).items():
        value = getattr(section, name)
        if value != default:
            shape = _SHAPES.get((type(section), name), plain_value)
            said[key] = shape(value)
    return said


@cache
def _keys(model: type[BaseModel]) -> Mapping[str, tuple[str, object]]:
    """Return each field of a model with its key in the document and its default."""
    fields = model.model_fields.items()
    return {name: (field.alias or name, field.get_default(call_default_factory=True)) for name, field in fields}


def _members(values: Iterable[object]) -> Plain:
    return {str(plain_value(each)): True for each in values}


def _listed(values: object) -> Plain:
    if not isinstance(values, tuple | list):
        return plain_value(values)
    return [plain_value(each) for each in values]


def _in_order(values: Mapping[str, object]) -> Plain:
    return {**{name: plain_value(each) for name, each in values.items()}, ORDER: list(values)}


def _named_conditions(values: Mapping[str, object]) -> Plain:
    conditions = {name: {"when": plain_value(each)} for name, each in values.items() if isinstance(each, Written)}
    said = {name: plain_value(each) for name, each in values.items() if isinstance(each, Predicate)}
    return {**{name: said.get(name) or conditions[name] for name in values}, ORDER: list(values)}


def _divisions(values: Mapping[str, Mapping[str, object]]) -> Plain:
    return {name: _named_conditions(parts) for name, parts in values.items()}


def _moves(moves: Iterable[object]) -> Plain:
    said: dict[str, Plain] = {}
    for move in moves:
        said.update(
            {name: plain_value(each) for name, each in move.items()} if isinstance(move, Mapping) else {str(move): True}
        )
    return said


def _windows(windows: Iterable[Window]) -> Plain:
    return " and ".join(map(str, windows)) or "closed"


def _open(days: Mapping[str, tuple[Window, ...]]) -> Plain:
    return {day.value: _windows(windows) for text, windows in days.items() if windows for day in parse_weekdays(text)}


def _holidays(holidays: Iterable[object]) -> Plain:
    said: dict[str, Plain] = {}
    for each in holidays:
        match each:
            case NamedHoliday(day=day):
                besides = {name: value for name, value in _section(each).items() if name != "day"}
                said[day.isoformat()] = besides or True
            case HolidayList(file=str(file)):
                said[f"file {file}"] = True
            case HolidayList(country=country, region=region):
                said[" ".join(filter(None, ("country", country, region)))] = True
            case _:
                said[str(each)] = True
    return said


def _brackets(fields: Mapping[str, Mapping[str, object]]) -> Plain:
    return {
        field: {str(parse_bracket(text)): plain_value(points) for text, points in brackets.items()}
        for field, brackets in fields.items()
    }


def _rates(rates: object) -> Plain:
    if not isinstance(rates, Mapping):
        return plain_value(rates)
    return {" ".join(str(step).split()): plain_value(rate) for step, rate in rates.items()}


_SHAPES: Mapping[tuple[type[BaseModel], str], Callable[..., Plain]] = {
    (Agreement, "accepted"): _listed,
    (Agreement, "priorities"): _in_order,
    (Agreement, "segments"): _divisions,
    (Calendar, "holidays"): _holidays,
    (Calendar, "open"): _open,
    (Commitment, "on_breach"): _listed,
    (Dimension, "brackets"): _brackets,
    (Grade, "engagement"): _in_order,
    (Grade, "fit"): _in_order,
    (NamedHoliday, "open"): _windows,
    (Plan, "rates"): _rates,
    (Reason, "then"): _listed,
    (Review, "pack"): _listed,
    (Routing, "first_match"): _listed,
    (Routing, "when_owner_leaves"): _listed,
    (Stage, "next"): _moves,
    (Stage, "then"): _listed,
    (Stage, "tracks"): _named_conditions,
}
"""The keys whose values are not read as their type alone says; hooks run, and reports are read, in the order written."""
