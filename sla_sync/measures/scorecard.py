"""R11, both sides: each commitment with its target, what became of it, its trend, and whether it was kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sla_sync.agreement.disputes import Dispute
from sla_sync.agreement.expressions.measures import Complete, Effort, Manual, Measure, StageRate, SumOf
from sla_sync.agreement.quantities import Rate, Undecided
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.attainment.attainment import DEFINITION, Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.clocked import Clocked, clocked
from sla_sync.measures.counted import WAITS, Count, Told, counts, told
from sla_sync.measures.definitions import definition, in_words
from sla_sync.measures.disputed import disputed_runs, without_leads
from sla_sync.measures.figures import Basis, Figure, Unit
from sla_sync.measures.freezing import open_since
from sla_sync.measures.in_force import NEVER_IN_FORCE, owed_in
from sla_sync.measures.judging import Status, share_figure, verdict_on_number, verdict_on_share
from sla_sync.measures.lacking import lacking
from sla_sync.measures.owed import Days, months_in, share_promised
from sla_sync.semantics.calendar import BusinessCalendar, zone_named
from sla_sync.semantics.calendars import calendars_of

__all__ = ("Kept", "Point", "Status", "scorecard")

_DAY = timedelta(days=1)
_WEEK = 7 * _DAY
TOO_YOUNG = "The time of none of these is over yet."
_BY_END = " These are the ones whose time ended in the period, for too few of those that began in it are judged yet."


@dataclass(frozen=True, slots=True)
class Point:
    """The same number for one week (its Monday), for a trend."""

    week: date
    figure: Figure


@dataclass(frozen=True, slots=True)
class Kept:
    """One commitment: who owes it (a role and its party), what was agreed, what became of it.

    `promise` is the agreement's own sentence. `disputed` is the same figure without the turns that are in dispute; None where
    nothing is. `baseline` is what it was before the agreement. `because` says why it was not measured, and else is empty.
    """

    commitment: str
    by: str
    party: str
    promise: str
    target: Figure | None
    actual: Figure
    status: Status
    trend: tuple[Point, ...]
    disputed: Figure | None
    baseline: Figure | None
    because: str
    basis: Basis


@dataclass(frozen=True)
class _Asked:
    """What all commitments of one scorecard share."""

    past: Past
    period: Period
    trend: Period
    whole: Period
    """The time of the period and of the trend together."""
    calendar: BusinessCalendar
    clocks: Clocked
    disputes: tuple[Dispute, ...]
    baseline: Mapping[str, Figure]
    lacking: Mapping[str, str]
    """What cannot be measured since the history lacks a whole kind of record."""

    @property
    def days(self) -> Days:
        return Days(self.period.first, self.period.last)

    @property
    def weeks(self) -> tuple[Days, ...]:
        steps = range((self.trend.last - self.trend.first).days // 7 + 1)
        return tuple(Days(monday, monday + 6 * _DAY) for each in steps for monday in (self.trend.first + each * _WEEK,))

    @property
    def is_over(self) -> bool:
        return self.past.as_of >= self.period.until


def scorecard(
    past: Past,
    period: Period,
    *,
    weeks: int = 8,
    disputes: Iterable[Dispute] = (),
    baseline: Mapping[str, Figure] | None = None,
) -> tuple[Kept, ...]:
    """Return every commitment of the agreement, in its order; raises CalendarError and FormatError.

    `baseline` holds by commitment what it was before, of numbers and sums by the month. The trend are so many weeks up to
    that of the last day of the period, or of `as_of` where that is sooner.
    """
    last = min(period.last, past.as_of.astimezone(zone_named(period.zone)).date())
    sunday = last + (6 - last.weekday()) * _DAY
    trend = Period(sunday - weeks * _WEEK + _DAY, sunday, period.zone)
    whole = Period(min(period.first, trend.first), max(period.last, trend.last), period.zone)
    calendar = calendars_of(past.agreement, files=past.files).main
    clocks = clocked(past, whole)
    asked = _Asked(past, period, trend, whole, calendar, clocks, tuple(disputes), baseline or {}, lacking(past))
    return tuple(_kept(asked, name, each) for name, each in past.agreement.commitments.items())


def _kept(asked: _Asked, name: str, commitment: Commitment) -> Kept:
    if commitment.clock is not None:
        return _timed(asked, name, commitment)
    said: Measure = commitment.measure.value if commitment.measure else Manual()
    match said:
        case StageRate() | Effort() | Complete():
            return _judged(asked, name, commitment, said)
        case _:
            return _counted(asked, name, commitment, said)


def _blank(asked: _Asked, name: str, commitment: Commitment) -> Kept:
    """Return a commitment of which nothing is measured yet."""
    role = asked.past.agreement.roles.get(commitment.by or "")
    return Kept(
        commitment=name,
        by=commitment.by or "",
        party=role.party if role else "",
        promise=commitment.sentence or in_words(commitment),
        target=None,
        actual=Figure(None, Unit.SHARE),
        status=Status.UNMEASURED,
        trend=(),
        disputed=None,
        baseline=asked.baseline.get(name),
        because="",
        basis=Basis("", 0),
    )


def _unmeasured(blank: Kept, unit: Unit, because: str) -> Kept:
    return replace(blank, actual=Figure(None, unit, note=because), because=because)


def _timed(asked: _Asked, name: str, commitment: Commitment) -> Kept:
    """Return a commitment with a clock: how much of what fell due in the period was done in time."""
    blank = _blank(asked, name, commitment)
    target = _share_target(commitment.on_time)
    blank = replace(blank, target=target)
    policy = next(each for each, version in asked.past.agreements.items() if version == asked.past.agreement)
    untold = {(each.policy, each.commitment): each.because for each in asked.clocks.unmeasured}
    because = untold.get((policy, name)) or asked.lacking.get(name)
    if because is not None:
        return _unmeasured(blank, Unit.SHARE, because)
    others = sorted(version for version, each in untold if each == name)
    now = asked.clocks.told(name, asked.days)
    note = f"Version {', '.join(others)} is left out: {untold[others[0], name]}" if others else ""
    return replace(
        blank,
        actual=share_figure(now.share),
        status=_status_of_share(commitment, now.share, target),
        trend=tuple(Point(week.first, share_figure(asked.clocks.told(name, week).share)) for week in asked.weeks),
        disputed=_without_disputed_runs(asked, name, now.share),
        basis=_basis(DEFINITION, now, now.judged, note),
    )


def _without_disputed_runs(asked: _Asked, name: str, share: Share) -> Figure | None:
    if not any(each.commitment == name for each in asked.disputes):
        return None
    gone = disputed_runs(asked.past, name, asked.disputes, asked.period)
    return share_figure(Share(share.part - gone.part, share.whole - gone.whole))


def _judged(asked: _Asked, name: str, commitment: Commitment, said: Measure) -> Kept:
    """Return a commitment that is kept in a share of cases."""
    blank = _blank(asked, name, commitment)
    found = asked.lacking.get(name) or counts(asked.past, name, asked.whole)
    promised = share_promised(commitment.target, asked.days)
    target = Figure(promised, Unit.SHARE) if isinstance(promised, float) else None
    blank = replace(blank, target=target)
    if isinstance(found, str):
        return _unmeasured(blank, Unit.SHARE, found)
    now, note, when_over = told(found, asked.days), "", False
    if now.waiting and not now.share.may_be_ranked:
        over = told(_counts(asked.past, name, asked.period, when_over=True), asked.days)
        when_over = over.judged > now.judged
        now, note = (over, _BY_END) if when_over else (now, "")
    disputed = _again(
        asked, name, lambda past: told(_counts(past, name, asked.period, when_over=when_over), asked.days)
    )
    return replace(
        blank,
        actual=_share_of(now),
        status=_status_of_share(commitment, now.share, target),
        trend=tuple(Point(week.first, _share_of(told(found, week))) for week in asked.weeks),
        disputed=None if disputed is None else share_figure(disputed.share),
        basis=_basis(f"{definition(said)}{note}", now, now.judged, _said_of(promised)),
    )


def _counted(asked: _Asked, name: str, commitment: Commitment, said: Measure) -> Kept:
    """Return a commitment that is a number or a sum."""
    blank, unit = _blank(asked, name, commitment), Unit.MONEY if isinstance(said, SumOf) else Unit.COUNT
    found = asked.lacking.get(name) or counts(asked.past, name, asked.whole)
    promised = owed_in(asked.past, name, asked.days)
    target = Figure(promised, unit) if isinstance(promised, float) else None
    blank = replace(blank, target=target)
    if isinstance(found, str) or promised == NEVER_IN_FORCE:
        return _unmeasured(blank, unit, found if isinstance(found, str) else NEVER_IN_FORCE)
    now = told(found, asked.days)
    status = Status.MEASURED
    if target is not None and target.value is not None and commitment.kind != "influence":
        whole = not now.unusable and (asked.past.since is None or asked.past.since <= asked.period.since)
        status = verdict_on_number(now.amount, target.value, over=asked.is_over, whole=whole)
    disputed = _again(asked, name, lambda past: told(_counts(past, name, asked.period), asked.days))
    return replace(
        blank,
        baseline=_in_period(asked, blank.baseline),
        actual=_number(now, unit),
        status=status,
        trend=tuple(Point(week.first, _number(told(found, week), unit)) for week in asked.weeks),
        disputed=None if disputed is None else _number(disputed, unit),
        basis=_basis(definition(said), now, now.kept, _said_of(promised)),
    )


def _in_period(asked: _Asked, monthly: Figure | None) -> Figure | None:
    """Return what a month came to before the agreement, for the days of the period."""
    if monthly is None or monthly.value is None:
        return monthly
    return Figure(
        monthly.value * months_in(asked.calendar, asked.days), monthly.unit, note="As many a month as before."
    )


def _again(asked: _Asked, name: str, measured: Callable[[Past], Told]) -> Told | None:
    """Return what a commitment came to without the leads that are in dispute; None where none is."""
    leads = {
        each.lead for each in asked.disputes if each.commitment == name and asked.period.last >= open_since(each.on)
    }
    return measured(without_leads(asked.past, leads)) if leads else None


def _counts(past: Past, name: str, period: Period, *, when_over: bool = False) -> tuple[Count, ...]:
    found = counts(past, name, period, when_over=when_over)
    return () if isinstance(found, str) else found


def _share_target(rate: Rate | Undecided | None) -> Figure | None:
    return Figure(float(rate.share), Unit.SHARE) if isinstance(rate, Rate) else None


def _status_of_share(commitment: Commitment, share: Share, target: Figure | None) -> Status:
    if target is None or target.value is None or commitment.kind == "influence":
        return Status.MEASURED
    return verdict_on_share(share, target.value)


def _share_of(found: Told) -> Figure:
    return share_figure(found.share, TOO_YOUNG if found.waiting and not found.judged else "")


def _number(found: Told, unit: Unit) -> Figure:
    return Figure(found.amount, unit, found.kept)


def _said_of(promised: float | str | None) -> str:
    return promised if isinstance(promised, str) else ""


def _basis(definition: str, found: Told, n: int, note: str) -> Basis:
    waiting = {WAITS: found.waiting} if found.waiting else {}
    return Basis(definition, n, {**found.left_out, **waiting}, found.unusable, note)
