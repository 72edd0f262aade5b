"""What each function of a formula results in, from the values of its parameters.

Numbers are decimals, instants are aware and in UTC, and what is blank is None. A text that is blank counts as an empty
one; any other blank parameter makes the result blank, as the documented runtime of formulas has it.
"""

from __future__ import annotations

import calendar
import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_UP, Context, Decimal, InvalidOperation
from functools import cache
from typing import TypeAlias

Value: TypeAlias = "str | bool | Decimal | datetime | date | time | None"

EXACT = Context(prec=40, rounding=ROUND_HALF_UP)
_ONE, _DAY_MILLISECONDS = Decimal(1), Decimal(86_400_000)
_MONTHS = 12


class FormulaError(Exception):
    """A formula that has no result for these values; the sentence names the function and the value."""


def text(value: Value) -> str:
    """Return a value as text: a blank is empty, a number has no needless zeros, an instant ends in Z."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            plain = format(value.normalize(EXACT), "f")
            return "0" if plain == "-0" else plain
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%SZ")
        case date():
            return value.isoformat()
        case time():
            return value.strftime("%H:%M:%S.000")
    return value


def add_days(moment: Value, days: Decimal) -> Value:
    """Return a date or an instant some days later; an instant is rounded to the millisecond, a date to the day."""
    if isinstance(moment, datetime):
        passed = int(EXACT.multiply(days, _DAY_MILLISECONDS).to_integral_value(ROUND_HALF_UP))
        return moment + timedelta(milliseconds=passed)
    assert isinstance(moment, date)  # noqa: S101 - the check of the formula has seen to it
    return moment + timedelta(days=math.floor(days))


def days_between(later: date, earlier: date) -> Decimal:
    """Return the days from one date or instant to another, with their fraction."""
    if isinstance(later, datetime) != isinstance(earlier, datetime):
        later, earlier = _instant(later), _instant(earlier)
    passed = later - earlier
    milliseconds = Decimal(passed // timedelta(milliseconds=1))
    return EXACT.divide(milliseconds, _DAY_MILLISECONDS)


def same(left: Value, right: Value) -> bool:
    """Return whether two values are equal; an empty text is blank, and blanks are equal."""
    if left in (None, "") or right in (None, ""):
        return left in (None, "") and right in (None, "")
    if isinstance(left, date) and isinstance(right, date) and isinstance(left, datetime) != isinstance(right, datetime):
        return _instant(left) == _instant(right)
    return left == right


def _instant(moment: date) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time(), UTC)


def _number(name: str, value: Value) -> Decimal:
    if isinstance(value, Decimal):
        return value
    raise FormulaError(f"The function {name} needs a number, and has {text(value)!r}.")


def _rounded(value: Decimal, places: Decimal, rounding: str) -> Decimal:
    return value.quantize(_ONE.scaleb(-int(places)), rounding, EXACT)


def _value(given: str) -> Decimal | None:
    if not given.strip():
        return None
    try:
        return Decimal(given.strip().replace(",", ""))
    except InvalidOperation:
        raise FormulaError(f"The function VALUE cannot read {given!r} as a number.") from None


def _is_number(given: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", given) is not None


def _mod(number: Decimal, divisor: Decimal) -> Decimal:
    if not divisor:
        raise FormulaError("The function MOD divides by zero.")
    return EXACT.subtract(
        number, EXACT.multiply(divisor, EXACT.divide(number, divisor).to_integral_value("ROUND_DOWN"))
    )


def _find(wanted: str, within: str, start: Decimal = _ONE) -> Decimal:
    return Decimal(within.find(wanted, max(int(start), 1) - 1) + 1) if wanted else Decimal(0)


def _middle(given: str, start: Decimal, length: Decimal) -> str:
    first = max(int(start), 1) - 1
    return given[first : first + max(int(length), 0)]


def _padded(given: str, length: Decimal, filler: str, *, left: bool) -> str:
    wanted = int(length)
    missing = wanted - len(given)
    if missing <= 0 or not filler:
        return given[: max(wanted, 0)]
    pad = (filler * missing)[:missing]
    return pad + given if left else given + pad


def _add_months(moment: date, months: Decimal) -> date:
    total = moment.year * _MONTHS + moment.month - 1 + int(months)
    year, month = divmod(total, _MONTHS)
    last = calendar.monthrange(year, month + 1)[1]
    # Documented: the last day of a month stays the last day.
    ends = moment.day == calendar.monthrange(moment.year, moment.month)[1]
    return moment.replace(year=year, month=month + 1, day=last if ends else min(moment.day, last))


def _date(year: Decimal, month: Decimal, day: Decimal) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise FormulaError(f"There is no date of year {year}, month {month} and day {day}.") from None


def _date_value(given: Value) -> date:
    try:
        return given if isinstance(given, date) else date.fromisoformat(text(given))
    except ValueError:
        raise FormulaError(f"The function DATEVALUE cannot read {given!r} as a date.") from None


def _instant_value(given: Value) -> datetime:
    if isinstance(given, date):
        return _instant(given)
    try:
        return datetime.fromisoformat(text(given).replace("Z", "").replace(" ", "T")).replace(tzinfo=UTC)
    except ValueError:
        raise FormulaError(f"The function DATETIMEVALUE cannot read {given!r} as an instant.") from None


def _time_value(given: Value) -> time:
    if isinstance(given, datetime):
        return given.astimezone(UTC).time()
    try:
        return given if isinstance(given, time) else time.fromisoformat(text(given))
    except ValueError:
        raise FormulaError(f"The function TIMEVALUE cannot read {given!r} as a time.") from None


@cache
def _pattern(given: str) -> re.Pattern[str]:
    return re.compile(given, re.DOTALL)


def _away_from_zero(value: Decimal) -> Decimal:
    return value.to_integral_value(ROUND_UP)


def _towards_zero(value: Decimal) -> Decimal:
    return value.to_integral_value("ROUND_DOWN")


def _raised(function: Callable[[float], float], name: str) -> Callable[[Decimal], Decimal]:
    def result(value: Decimal) -> Decimal:
        try:
            return Decimal(repr(function(float(value))))
        except (ValueError, OverflowError):
            raise FormulaError(f"The function {name} has no result for {value}.") from None

    return result


# What takes text: a blank parameter counts as an empty text.
OF_TEXT: Mapping[str, Callable[..., Value]] = {
    "BEGINS": lambda within, wanted: within.startswith(wanted),
    "CONTAINS": lambda within, wanted: wanted in within,
    "FIND": _find,
    "INCLUDES": lambda chosen, wanted: wanted in chosen.split(";"),
    "ISNUMBER": _is_number,
    "ISPICKVAL": lambda chosen, wanted: chosen == wanted,
    "LEFT": lambda given, length: given[: max(int(length), 0)],
    "LEN": lambda given: Decimal(len(given)),
    "LOWER": lambda given, _locale="": given.lower(),
    "LPAD": lambda given, length, filler=" ": _padded(given, length, filler, left=True),
    "MID": _middle,
    "REGEX": lambda given, pattern: _pattern(pattern).fullmatch(given) is not None,
    "RIGHT": lambda given, length: given[-int(length) :] if int(length) > 0 else "",
    "RPAD": lambda given, length, filler=" ": _padded(given, length, filler, left=False),
    "SUBSTITUTE": lambda given, old, new: given.replace(old, new) if old else given,
    "TRIM": lambda given: " ".join(given.split(" ")).strip(),
    "UPPER": lambda given, _locale="": given.upper(),
    "VALUE": _value,
}
# What has no result where a parameter is blank.
OF_VALUES: Mapping[str, Callable[..., Value]] = {
    "ABS": abs,
    "ADDMONTHS": _add_months,
    # Documented: CEILING and FLOOR of a negative number go away from zero and towards it; MCEILING and MFLOOR do not.
    "CEILING": _away_from_zero,
    "DATE": _date,
    "DATETIMEVALUE": _instant_value,
    "DATEVALUE": _date_value,
    "DAY": lambda moment: Decimal(moment.day),
    "EXP": _raised(math.exp, "EXP"),
    "FLOOR": _towards_zero,
    "HOUR": lambda moment: Decimal(moment.hour),
    "LN": _raised(math.log, "LN"),
    "LOG": _raised(math.log10, "LOG"),
    "MAX": lambda *numbers: max(numbers),
    "MCEILING": lambda number: number.to_integral_value(ROUND_CEILING),
    "MFLOOR": lambda number: number.to_integral_value(ROUND_FLOOR),
    "MIN": lambda *numbers: min(numbers),
    "MINUTE": lambda moment: Decimal(moment.minute),
    "MOD": _mod,
    "MONTH": lambda moment: Decimal(moment.month),
    "ROUND": lambda number, places: _rounded(number, places, ROUND_HALF_UP),
    "SECOND": lambda moment: Decimal(moment.second),
    "SQRT": _raised(math.sqrt, "SQRT"),
    "TEXT": text,
    "TIMEVALUE": _time_value,
    "TRUNC": lambda number, places: _rounded(number, places, "ROUND_DOWN"),
    # Documented: the week begins on Sunday, which is 1.
    "WEEKDAY": lambda moment: Decimal(moment.isoweekday() % 7 + 1),
    "YEAR": lambda moment: Decimal(moment.year),
}


def of_text(name: str, parameters: list[Value]) -> Value:
    """Return what a function of texts results in. Raises FormulaError."""
    given = [each if isinstance(each, Decimal) else text(each) for each in parameters]
    try:
        return OF_TEXT[name](*given)
    except (TypeError, ValueError, re.error) as error:
        raise FormulaError(f"The function {name} has no result for {given}: {error}.") from None


def of_values(name: str, parameters: list[Value]) -> Value:
    """Return what a function of numbers or dates results in, blank where a parameter is. Raises FormulaError."""
    if any(each is None for each in parameters):
        return None
    return OF_VALUES[name](*parameters)
