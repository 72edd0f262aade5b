"""Changes of what is counted and how much of it: measures, targets, months, and numbers to strive for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import cast

from sla_sync.agreement.expressions import print_measure
from sla_sync.agreement.expressions.measures import CountOf, Effort, Measure, StageRate
from sla_sync.agreement.expressions.tree import Comparison
from sla_sync.agreement.quantities import Period, Undecided, Volume
from sla_sync.agreement.sections.reading import Written
from sla_sync.explain.measured import defined, exactly
from sla_sync.explain.promises import promiser, sentence
from sla_sync.explain.spoken import month
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.judges.bearings import of_two
from sla_sync.review.judges.duties import now_or_before, weigh_delivery, weigh_duty
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import Spot
from sla_sync.review.judges.tellers import Figure, change_of, effect_of, mixed
from sla_sync.review.judges.values import spelled
from sla_sync.review.words import NOTHING, arrow

_ALL = ""
_LENGTHS: Mapping[Period, int] = {period: length for length, period in enumerate(Period)}
"""Periods from the shortest to the longest."""


def target(spot: Spot) -> Iterator[Amendment]:
    """Tell the number that is promised."""
    yield from _numbers(spot, "target")


def stretch(spot: Spot) -> Iterator[Amendment]:
    """Tell the number that is striven for."""
    yield from _numbers(spot, "stretch")


def _numbers(spot: Spot, key: str) -> Iterator[Amendment]:
    before, after = _by_month(spot.before), _by_month(spot.after)
    if before and after and (_ALL in before) is not (_ALL in after):
        yield _all_months(spot, key, before, after)
        return
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was != now:
            what = f"{key} in {month(name)}" if name else key
            row = Row(f"{spot.name()}: {what}", _figure(was, spot), _figure(now, spot))
            told = _says(spot, _effect(was, now), _change(what, was, now, spot), row)
            yield replace(told, edits=spot.at(name), place=(*spot.place, name)) if name else told


def _all_months(spot: Spot, key: str, before: Mapping[str, object], after: Mapping[str, object]) -> Amendment:
    """Tell one number for every month that became one for each, or the other way round."""
    months = [name for name in (*before, *after) if name]
    effect = mixed(*(_effect(before.get(each, before.get(_ALL)), after.get(each, after.get(_ALL))) for each in months))
    was, now = _every(before, spot), _every(after, spot)
    return _says(spot, effect, f"{key} {was} → {now}", Row(f"{spot.name()}: {key}", was, now))


def _says(spot: Spot, effect: Effect, said: str, row: Row) -> Amendment:
    return spot.says(weigh_delivery(spot, effect), spot.name(), f"{spot.name()}: {said}.", row)


def _change(what: str, before: object, after: object, spot: Spot) -> str:
    """Return a change of a number; amounts of money bear their currency."""
    if any(each is None or isinstance(each, Undecided) for each in (before, after)):
        return change_of(what, before, after)
    return f"{what} {arrow(_figure(before, spot), _figure(after, spot))}"


def _effect(before: object, after: object) -> Effect:
    """Return what another number asks. So many in every month are more than as many by the end of the year."""
    if isinstance(before, Volume) and isinstance(after, Volume) and before.period is not after.period:
        pace = compared(before, after)
        longer = _LENGTHS[after.period] > _LENGTHS[before.period]
        return Effect.UNMEASURABLE if pace is None else of_two(pace > 0 or not longer, pace < 0 or longer)
    return effect_of(Figure("", more=Effect.TIGHTENS, missing=Effect.LOOSENS), before, after)


def _figure(value: object, spot: Spot) -> str:
    said = now_or_before(spot).measure
    return NOTHING if value is None else exactly(value, said.value if said else None, spot.new)


def _every(said: Mapping[str, object], spot: Spot) -> str:
    return ", ".join(f"{_figure(each, spot)}{f' in {month(name)}' if name else ''}" for name, each in said.items())


def _by_month(value: object) -> Mapping[str, object]:
    if value is None:
        return {}
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {_ALL: value}


def measure(spot: Spot) -> Iterator[Amendment]:
    """Tell what is counted; where both sides count the same by another bound, which of them asks more is known."""
    before, after = (cast("Written[Measure] | None", each) for each in (spot.before, spot.after))
    if before is None or after is None:
        effect = Effect.TIGHTENS if before is None else Effect.LOOSENS
        said = "it is counted by" if before is None else "it is no longer counted by"
        text = print_measure((after or before).value)  # type: ignore[union-attr]
        yield spot.says(weigh_delivery(spot, effect), spot.name(), f"{spot.name()}: {said} «{text}».")
        return
    one, other = (print_measure(each.value) for each in (before, after))
    row = Row(f"{spot.name()}: {promiser(spot.new.commitments[spot.name()], spot.new)} promises", *_spoken(spot))
    effect = effect_of_measure(before.value, after.value)
    yield spot.says(weigh_delivery(spot, effect), spot.name(), f"{spot.name()}: counted is «{one}» → «{other}».", row)


def _spoken(spot: Spot) -> tuple[str, str]:
    """Return both promises in plain words, or where these are the same how each is measured."""
    both = tuple((agreement.commitments[spot.name()], agreement) for agreement in (spot.old, spot.new))
    was, now = (sentence(kept, agreement) for kept, agreement in both)
    if was != now:
        return was, now
    was, now = (defined(kept.measure.value, agreement) if kept.measure else "" for kept, agreement in both)
    return was, now


def effect_of_measure(before: Measure, after: Measure) -> Effect:
    """Return what it asks to reach the same number by another measure."""
    match before, after:
        case StageRate(), StageRate() if replace(before, within=after.within) == after:
            return _shorter(before.within, after.within)
        case CountOf(), CountOf() if (
            replace(before, first=after.first, once_per_account=after.once_per_account) == after
        ):
            return _counted_once(before, after)
        case Effort(), Effort() if (before.before, before.of) == (after.before, after.of):
            return mixed(_needed(before, after), _shorter(before.within, after.within))
        case _:
            return Effect.UNMEASURABLE


def _shorter(before: object, after: object) -> Effect:
    return (
        Effect.NEUTRAL
        if before == after
        else effect_of(Figure("within", more=Effect.LOOSENS, missing=Effect.LOOSENS), before, after)
    )


def _counted_once(before: CountOf, after: CountOf) -> Effect:
    """Return the effect of counting fewer of the same leads: only the first time, or one of an account."""
    once = before.once_per_account, after.once_per_account
    longer = None if None in once else compared(*once)
    if once[0] != once[1] and None not in once and longer is None:
        return Effect.UNMEASURABLE
    fewer = (after.first and not before.first) or (once[0] is None and once[1] is not None) or (longer or 0) > 0
    more = (before.first and not after.first) or (once[1] is None and once[0] is not None) or (longer or 0) < 0
    return of_two(fewer, more)


def _needed(before: Effort, after: Effort) -> Effect:
    """Return the effect of other numbers of touches, calls or channels; only lower bounds can be told."""
    if {each.comparison for each in (*before.needs, *after.needs)} != {Comparison.GREATER_OR_EQUAL}:
        return Effect.NEUTRAL if before.needs == after.needs else Effect.UNMEASURABLE
    old, new = ({each.counter: each.count for each in said.needs} for said in (before, after))
    counters = {*old, *new}
    return of_two(
        any(new.get(each, 0) > old.get(each, 0) for each in counters),
        any(new.get(each, 0) < old.get(each, 0) for each in counters),
    )


def on_time(spot: Spot) -> Iterator[Amendment]:
    """Tell the share of leads for which the limit must be kept; without one the time is measured and not promised."""
    effect = effect_of(Figure("on time", more=Effect.TIGHTENS, missing=Effect.LOOSENS), spot.before, spot.after)
    said = change_of("on time", spot.before, spot.after)
    if spot.after is None:
        said = f"how many are on time is measured, no longer promised; it was {spelled(spot.before)}"
    elif spot.before is None:
        said = f"on time {spelled(spot.after)}, where it was only measured"
    row = Row(
        f"{spot.name()}: on time", *(spelled(each) if each else "only measured" for each in (spot.before, spot.after))
    )
    yield spot.says(weigh_duty(spot, effect), spot.name(), f"{spot.name()}: {said}.", row)


def warn(spot: Spot) -> Iterator[Amendment]:
    """Tell when the owner is warned: later, or not at all, asks less of whoever keeps the promise."""
    figure = Figure("the owner is warned", more=Effect.LOOSENS, missing=Effect.LOOSENS)
    before, after = spot.before, spot.after
    said = (
        f"the owner is no longer warned; it was {before}"
        if after is None
        else f"the owner is warned {after}, which is new"
        if before is None
        else change_of(figure.what, before, after)
    )
    row = Row(f"{spot.name()}: the owner is warned", *(spelled(each) if each else "never" for each in (before, after)))
    yield spot.says(weigh_duty(spot, effect_of(figure, before, after)), spot.name(), f"{spot.name()}: {said}.", row)
