"""What a scalar of a document may say instead, so that a setting that says one thing says another."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile

from sla_sync.adopting.edits import Plain
from sla_sync.agreement.durations import Duration, Unit, parse_duration
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.hours import Weekday, parse_weekdays
from sla_sync.diagnostics import KeyPath

_NUMBER = re.compile(r"(?<![\w.:-])\d+(?:\.\d+)?(?![\w.:-])")
_TIME = re.compile(r"(?<!\d)\d\d:\d\d(?!\d)")
_WORD = re.compile(r"\w[\w.:-]*\w|\w")
_FINER = {Unit.HOUR: (Unit.MINUTE, 60), Unit.MINUTE: (Unit.SECOND, 60), Unit.WEEK: (Unit.DAY, 7)}
_FINEST = 6
"""Digits after the point that a proposed number may have."""
_EXACT = 1e-9
_SHORTEST = 3
"""A text shorter than this is no text that one finds again inside another."""
_SAID_OF_DAYS = "open"


def reworded(value: Plain, agreed: Plain, live: Plain) -> Iterator[Plain]:
    """Yield what the scalar may say, the most likely first, where a setting says `live` and `agreed` is asked for."""
    if isinstance(agreed, bool) or isinstance(live, bool):
        if isinstance(value, bool):
            yield not value
        return
    if isinstance(agreed, int | float) and isinstance(live, int | float):
        yield from _numbers(value, agreed, live)
    elif isinstance(agreed, str) and isinstance(live, str) and isinstance(value, str | int | float):
        yield from _texts(value, agreed, live)


def _numbers(value: Plain, agreed: float, live: float) -> Iterator[Plain]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from _other_numbers(value, agreed, live)
        return
    if not isinstance(value, str):
        return
    for match in _NUMBER.finditer(value):
        for number in _other_numbers(float(match[0]), agreed, live):
            yield _counted(f"{value[: match.start()]}{number:g}{value[match.end() :]}")
    yield from _durations(value, agreed, live)


def _other_numbers(value: float, agreed: float, live: float) -> Iterator[int | float]:
    if value == agreed:
        yield _plain(live)
    if agreed and value:
        scaled = value * live / agreed
        if abs(scaled - round(scaled)) < _EXACT and round(scaled) != live:
            yield round(scaled)


def _plain(number: float) -> int | float:
    rounded = round(number, _FINEST)
    return int(rounded) if float(rounded).is_integer() else rounded


def _counted(text: str) -> str:
    """Return a duration with its unit in the number that its count asks for; any other text as it is."""
    try:
        duration = parse_duration(text)
    except FormatError:
        return text
    return text if text.startswith("P") else str(duration)


def _durations(value: str, agreed: float, live: float) -> Iterator[str]:
    """Yield a duration in a finer unit where the one that is written cannot say the length that is found."""
    try:
        duration = parse_duration(value)
    except FormatError:
        return
    finer = _FINER.get(duration.unit)
    if finer is None or not agreed or (duration.business and finer[0] is Unit.DAY):
        return
    count = duration.count * finer[1] * live / agreed
    if abs(count - round(count)) < _EXACT:
        yield str(Duration(round(count), finer[0], business=duration.business))


def _texts(value: Plain, agreed: str, live: str) -> Iterator[Plain]:
    if value == agreed:
        yield live
        return
    if not isinstance(value, str):
        if str(value) in agreed:
            yield from (_plain(float(each)) for each in _between(agreed, str(value), live) if _NUMBER.fullmatch(each))
        return
    if len(value) >= _SHORTEST and value in agreed:
        yield from _between(agreed, value, live)
    for pattern in (_TIME, _WORD):
        before, after = pattern.findall(agreed), pattern.findall(live)
        if len(before) != len(after):
            continue
        for old, new in dict.fromkeys(zip(before, after, strict=True)):
            if old != new and (found := _whole(old).search(value)):
                yield value[: found.start()] + new + value[found.end() :]
    old, new = _middle(agreed, live)
    if len(old) >= _SHORTEST and value.count(old) == 1:
        yield value.replace(old, new)


def _between(agreed: str, value: str, live: str) -> Iterator[str]:
    """Yield what stands in `live` between the same words as `value` does in `agreed`."""
    before, _, after = agreed.partition(value)
    if live.startswith(before) and live.endswith(after) and len(live) > len(before) + len(after):
        yield live[len(before) : len(live) - len(after)]


def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def _middle(one: str, other: str) -> tuple[str, str]:
    """Return what two texts do not share between their common beginning and end."""
    start = _shared(one, other)
    end = _shared(one[start:][::-1], other[start:][::-1])
    return one[start : len(one) - end], other[start : len(other) - end]


def _shared(one: str, other: str) -> int:
    """Return how many characters two texts share from their beginning on."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def weeks(path: KeyPath, value: Plain, agreed: Plain, live: Plain) -> Iterator[Plain]:
    """Yield opening hours in which one day of the week has hours of its own, where the value is a week."""
    if not path or path[-1] != _SAID_OF_DAYS or not isinstance(value, dict):
        return
    for days, windows in value.items():
        try:
            named = parse_weekdays(str(days))
        except FormatError:
            continue
        if len(named) == 1:
            continue
        for other in reworded(windows, agreed, live):
            for number, day in enumerate(named):
                parts = ((named[:number], windows), ((day,), other), (named[number + 1 :], windows))
                split = {_days(some): said for some, said in parts if some}
                yield {
                    key: said
                    for before, kept in value.items()
                    for key, said in (split.items() if before == days else ((before, kept),))
                }


def _days(days: tuple[Weekday, ...]) -> str:
    first, last = days[0][:3], days[-1][:3]
    return first if len(days) == 1 else f"{first}-{last}"
