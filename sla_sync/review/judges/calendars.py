"""Changes of when the business is open: weekly hours, zones, holidays in words, and what was announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias, cast

from sla_sync.agreement.hours import Weekday, Window
from sla_sync.agreement.sections.calendars import Calendar, Event, Holiday, HolidayList, NamedHoliday
from sla_sync.explain.names import listed, words
from sla_sync.explain.spoken import day as spoken_day
from sla_sync.explain.week import week, windows
from sla_sync.review.amendments import ABSENT, Amendment, Edit, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import TECHNICAL
from sla_sync.review.judges.openings import effect_of_week
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import wording
from sla_sync.review.judges.timed import weigh_hours
from sla_sync.review.words import quoted

Week: TypeAlias = Mapping[Weekday, tuple[Window, ...]]
Days: TypeAlias = Mapping[date, tuple[Window, ...]]

_CLOSED: tuple[Window, ...] = ()


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "calendars", _TELLERS)


def _calendar(spot: Spot) -> str:
    return f"Calendar «{spot.name()}»"


def _whole(spot: Spot) -> Iterator[Amendment]:
    gone = spot.after is None
    said = week(cast("Calendar", spot.before if gone else spot.after)).rstrip(".")
    text = f"open {said}" if not gone else f"it was open {said}"
    sentence = f"{_calendar(spot)} is {'gone' if gone else 'new'}: {text}."
    yield spot.says(weigh_hours(spot, (spot.name(),), Effect.UNMEASURABLE), _calendar(spot), sentence)


def _open(spot: Spot) -> Iterator[Amendment]:
    before, after = (_week_of(agreement, spot.name()) for agreement in (spot.old, spot.new))
    days = [each for each in Weekday if before.get(each, _CLOSED) != after.get(each, _CLOSED)]
    said = [f"{_named_days(same)} {windows(was)} → {windows(now)}" for (was, now), same in _alike(days, before, after)]
    bearing = weigh_hours(spot, (spot.name(),), effect_of_week(before, after))
    calendars = (agreement.calendars[spot.name()] for agreement in (spot.old, spot.new))
    row = Row(f"{_calendar(spot)}: open", *(week(each).rstrip(".") for each in calendars))
    yield spot.says(bearing, _calendar(spot), f"{_calendar(spot)}: {'; '.join(said)}.", row)


def _week_of(agreement: object, name: str) -> Week:
    calendars = cast("Mapping[str, Calendar]", getattr(agreement, "calendars", {}))
    return calendars[name].week


def _alike(
    days: Iterable[Weekday], before: Week, after: Week
) -> Sequence[tuple[tuple[tuple[Window, ...], tuple[Window, ...]], list[Weekday]]]:
    """Return the days in groups that have the same hours on both sides."""
    groups: dict[tuple[tuple[Window, ...], tuple[Window, ...]], list[Weekday]] = {}
    for each in days:
        groups.setdefault((before.get(each, _CLOSED), after.get(each, _CLOSED)), []).append(each)
    return tuple(groups.items())


def _named_days(days: Sequence[Weekday]) -> str:
    order = list(Weekday)
    names = [each.capitalize() for each in days]
    first = order.index(days[0])
    in_a_row = len(days) > len(("first", "last")) and order[first : first + len(days)] == list(days)
    return f"{names[0]} to {names[-1]}" if in_a_row else listed(names)


def _zone(spot: Spot) -> Iterator[Amendment]:
    zones = tuple(str(each or "the zone of the agreement") for each in (spot.before, spot.after))
    sentence = f"{_calendar(spot)}: its hours are those of {zones[0]} → {zones[1]}."
    bearing = weigh_hours(spot, (spot.name(),), Effect.UNMEASURABLE)
    yield spot.says(bearing, _calendar(spot), sentence, Row(f"{_calendar(spot)}: zone", *zones))


def _holidays(spot: Spot) -> Iterator[Amendment]:
    before, after = (cast("tuple[Holiday, ...]", each or ()) for each in (spot.before, spot.after))
    yield from _days(spot, _by_day(before), _by_day(after))
    old, new = (
        list(dict.fromkeys(_list(each) for each in said if isinstance(each, HolidayList))) for said in (before, after)
    )
    for source in new:
        if source not in old:
            bearing = weigh_hours(spot, (spot.name(),), Effect.LOOSENS)
            yield spot.says(
                bearing, _calendar(spot), f"{_calendar(spot)}: {source} are closed days.", edits=_at(spot, source)
            )
    for source in old:
        if source not in new:
            bearing = weigh_hours(spot, (spot.name(),), Effect.TIGHTENS)
            sentence = f"{_calendar(spot)}: {source} are no longer closed days."
            yield spot.says(bearing, _calendar(spot), sentence, edits=_at(spot, source))
    names = _names(before), _names(after)
    renamed = [each for each in sorted(names[0]) if names[1].get(each, names[0][each]) != names[0][each]]
    if renamed:
        edits = tuple(edit for each in renamed for edit in _at(spot, each.isoformat()))
        sentence = f"{_calendar(spot)}: {_spoken(renamed)} {_is(renamed)} called otherwise."
        yield spot.says(TECHNICAL, _calendar(spot), sentence, edits=edits)


def _names(holidays: Iterable[object]) -> Mapping[date, str]:
    """Return the name of each day; a day that only its date tells has none."""
    return {
        **{each: "" for each in holidays if isinstance(each, date)},
        **{each.day: each.name for each in holidays if isinstance(each, NamedHoliday)},
    }


def _days(spot: Spot, before: Days, after: Days) -> Iterator[Amendment]:
    new = [each for each in sorted(after) if each not in before and not after[each]]
    gone = [each for each in sorted(before) if each not in after and not before[each]]
    if new:
        yield _told_days(spot, new, f"{_is(new)} {_a_holiday(new)}", Effect.LOOSENS)
    if gone:
        yield _told_days(spot, gone, f"{_is(gone)} no longer {_a_holiday(gone)}", Effect.TIGHTENS)
    for each in sorted({*before, *after} - {*new, *gone}):
        was, now = before.get(each), after.get(each)
        if was != now:
            hours = tuple("its usual hours" if said is None else windows(said) for said in (was, now))
            yield _told_days(spot, [each], f"has {hours[0]} → {hours[1]}", _special(each, was, now, spot))


def _told_days(spot: Spot, days: Sequence[date], said: str, effect: Effect) -> Amendment:
    row = Row(f"{_calendar(spot)}: {_spoken(days)}", *(_state(each, days) for each in (spot.before, spot.after)))
    edits = tuple(edit for day in days for edit in _at(spot, day.isoformat()))
    sentence = f"{_calendar(spot)}: {_spoken(days)} {said}."
    return spot.says(weigh_hours(spot, (spot.name(),), effect), _calendar(spot), sentence, row, edits=edits)


def _state(side: object, days: Sequence[date]) -> str:
    said = _by_day(cast("tuple[Holiday, ...]", side or ()))
    return listed(list(dict.fromkeys(windows(said[each]) if each in said else "usual hours" for each in days)))


def _special(day: date, before: tuple[Window, ...] | None, after: tuple[Window, ...] | None, spot: Spot) -> Effect:
    """Return the effect of other hours on one day, which has those of its weekday where nothing is said of it."""
    weekday = list(Weekday)[day.weekday()]
    usual = (_week_of(agreement, spot.name()).get(weekday, _CLOSED) for agreement in (spot.old, spot.new))
    old, new = (said if said is not None else week for said, week in zip((before, after), usual, strict=True))
    return effect_of_week({weekday: old}, {weekday: new})


def _by_day(holidays: Iterable[object]) -> Days:
    return {
        **{each: _CLOSED for each in holidays if isinstance(each, date)},
        **{each.day: each.open for each in holidays if isinstance(each, NamedHoliday)},
    }


def _list(said: HolidayList) -> str:
    """Return a list of holidays in words: the holidays of US, the days of holidays.txt."""
    if said.file is not None:
        return f"the days of {said.file}"
    return f"the holidays of {' '.join(filter(None, (said.country, said.region)))}"


def _at(spot: Spot, key: str) -> tuple[Edit, ...]:
    """Return the edits of one day or list."""
    plain = key.replace("the days of ", "file ").replace("the holidays of ", "country ")
    return spot.at(plain)


def _spoken(days: Sequence[date]) -> str:
    return listed([spoken_day(each) for each in days])


def _is(things: Sequence[object]) -> str:
    return "is" if len(things) == 1 else "are"


def _a_holiday(days: Sequence[date]) -> str:
    return "a holiday" if len(days) == 1 else "holidays"


def _event(spot: Spot) -> Iterator[Amendment]:
    before, after = (cast("Event | None", each) for each in (spot.before, spot.after))
    texts = tuple(_announced(each) if each else "nothing announced" for each in (before, after))
    said = "is described otherwise" if texts[0] == texts[1] else f"{texts[0]} → {texts[1]}"
    sentence = f"{_calendar(spot)}: “{words(spot.name(3))}” {said}."
    yield spot.says(TECHNICAL, _calendar(spot), sentence, Row(f"{_calendar(spot)}: {words(spot.name(3))}", *texts))


def _announced(event: Event) -> str:
    until = f" to {spoken_day(event.until)}" if event.until else ""
    expected = f", {event.expected:g} leads expected" if isinstance(event.expected, int | float) else ""
    return f"{spoken_day(event.start)}{until}{expected}"


_TELLERS: Mapping[Pattern, Teller] = {
    (ANY,): _whole,
    (ANY, "means"): wording(_calendar),
    (ANY, "timezone"): _zone,
    (ANY, "open"): _open,
    (ANY, "holidays"): _holidays,
    (ANY, "events", ANY): _event,
}


def _files(ground: Ground) -> Iterator[Amendment]:
    """Yield what changed in files of holidays: a day for each calendar that takes its holidays from there."""
    for name in dict.fromkeys(str(each.path[1]) for each in ground.edits):
        edits = ground.under("holidays", name)
        using = tuple(
            key
            for key, each in ground.after.agreement.calendars.items()
            if any(isinstance(said, HolidayList) and said.file == name for said in each.holidays)
        )
        yield from _file(ground, name, edits, using)


def _file(ground: Ground, name: str, edits: Sequence[Edit], using: Sequence[str]) -> Iterator[Amendment]:
    said = listed([quoted(each) for each in using]) or name
    thing = f"{'Calendar' if len(using) == 1 else 'Calendars'} {said}" if using else f"Holidays in {name}"
    for gone, effect in ((False, Effect.LOOSENS), (True, Effect.TIGHTENS)):
        mine = tuple(each for each in edits if (each.after is ABSENT) is gone)
        days = sorted(key for each in mine for key in _days_in(each))
        if not mine:
            continue
        place = ("calendars", *using[:1], "holidays") if using else ("calendars",)
        spot = Spot(ground, place, None, None, mine)
        what = f"{_is(days)} {'no longer ' if gone else ''}{'a holiday' if len(days) == 1 else 'holidays'}"
        sentence = f"{thing}: {listed([_day(each) for each in days]) or name} {what} ({name})."
        yield spot.says(weigh_hours(spot, using, effect), thing, sentence, edits=mine)


def _days_in(edit: Edit) -> Iterator[str]:
    """Yield the days of an edit: one of a file, or all of a file that is new or gone."""
    if len(edit.path) > len(("holidays", "file")):
        yield str(edit.path[-1])
    for side in (edit.before, edit.after):
        if isinstance(side, dict):
            yield from side


def _day(text: str) -> str:
    try:
        return spoken_day(date.fromisoformat(text))
    except ValueError:
        return text


JUDGES: Mapping[str, Judge] = {"calendars": _judge, "holidays": _files}
