"""A forecast as text, Markdown and JSON: what the plan needs, what history says of the promises, and what they would meet."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date
from decimal import Decimal
from math import floor
from typing import Any

from sla_sync.agreement.plan_arithmetic import BackwardPlan
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.explain.names import heading, plural
from sla_sync.feasibility.forecast import NO_HISTORY, Forecast
from sla_sync.feasibility.outlook import Seen
from sla_sync.feasibility.plan import Forward, Lag, Planned
from sla_sync.feasibility.presence import Answering, Presence
from sla_sync.feasibility.rates import SeenRate
from sla_sync.feasibility.volumes import Outlook
from sla_sync.measures.figures import Basis, Unit
from sla_sync.render.diagnostics import finding_as_plain
from sla_sync.render.pack.document import Block, Cell, Grid, Grounds, Page, Part, Points, Said, words_of
from sla_sync.render.pack.markdown import page_as_markdown
from sla_sync.render.pack.numbers import UNKNOWN, between, count_of, number, of_share, share, span
from sla_sync.render.pack.plain import plain_of
from sla_sync.render.pack.text import page_as_text
from sla_sync.render.words import count

MADE_UP = "This history was made up. It says nothing about anybody."
TOO_SHORT = "The history is too short to estimate from, so no estimates are shown: what stands here is what was seen."
_CERTAIN = 0.95


def forecast_as_text(found: Forecast) -> str:
    """Return a forecast in columns."""
    return page_as_text(_page(found))


def forecast_as_markdown(found: Forecast) -> str:
    """Return the same as Markdown, with what each number means."""
    return page_as_markdown(_page(found))


def forecast_as_json(found: Forecast) -> str:
    """Return every number of a forecast, with its definition and what was left out."""
    return json.dumps(_plain(found), indent=2, ensure_ascii=False, allow_nan=False)


def _page(found: Forecast) -> Page:
    metadata = found.agreement.metadata
    standing = (_standing(found), *found.gaps)
    parts = [Part("plan", "The plan", tuple(_plan(found)))]
    if found.seen is not None:
        seen = found.seen
        parts += [
            Part("numbers", "Promised numbers against history", tuple(_volumes(found, seen))),
            Part("rates", "Rates", tuple(_rates(seen))),
            Part("teams", "What comes, and who is there", tuple(_teams(seen))),
        ]
        if found.findings:
            lines = tuple(
                f"{each.severity} {each.code}: {each.message} {each.hint}".rstrip() for each in found.findings
            )
            parts.append(Part("findings", "Findings", (Points(count(len(lines), "finding"), lines),)))
    title = f"Forecast of {metadata.title or metadata.name}"
    return Page(title, standing, MADE_UP if found.synthetic else "", tuple(parts))


def _standing(found: Forecast) -> str:
    if found.seen is None or found.as_of is None:
        return NO_HISTORY
    period, n = found.seen.stretch.period, found.seen.stretch.cycles
    over = f"{count(len(found.seen.stretch.months), 'whole month')}, {span(period)}" if period else "no whole month"
    return f"History of {found.source}: {over}, {n:,} cycles, as of {found.as_of.astimezone(UTC):%Y-%m-%d %H:%M} UTC."


def _plan(found: Forecast) -> Iterator[Block]:
    if isinstance(found.plan, str):
        yield Said(found.plan)
        return
    plan, currency = found.plan.backward, found.agreement.metadata.currency
    yield Said(
        f"{_money(plan.revenue, currency)} is wanted, {_money(plan.anyway, currency)} comes anyway. Of the other "
        f"{_money(plan.new, currency)} {plan.source} brings {plan.share}: {_money(plan.required, currency)}."
    )
    yield _backward(plan, found)
    yield Said("Each number is rounded up to whole leads before the next is worked out.")
    if found.plan.rates_from_history:
        yield Said("The rates are those of history.")
    if found.plan.forward is not None:
        yield Said(_forward(found.plan.forward, currency))
    if found.plan.lag is not None:
        yield Said(_lag(found, found.plan.lag))


def _backward(plan: BackwardPlan, found: Forecast) -> Grid:
    seen = {each.key.split(" to ")[0]: each for each in found.seen.rates} if found.seen is not None else {}
    rows = []
    for level in reversed(plan.levels):
        monthly = plan.each_month(level.stage)
        history = _seen_rate(seen.get(level.stage), found.seen) if level.stage in seen else ""
        rows.append(
            (
                Cell(level.stage),
                Cell(f"{level.count:,}"),
                Cell(count_of(float(monthly)) if monthly is not None else ""),
                Cell(str(level.rate) if level.rate is not None else ""),
                Cell(history),
            )
        )
    head = ("Stage", "Needed", "A month", "Go on", "History")
    return Grid("What the goal needs, worked backward", head, tuple(rows))


def _seen_rate(each: SeenRate | None, seen: Seen | None) -> str:
    if each is None or seen is None or not seen.stretch.is_enough:
        return ""
    return of_share(each.seen)


def _forward(each: Forward, currency: str | None) -> str:
    said = (
        f"{_leads(each.monthly)} {plural(each.stage)} a month for {_months(each.months)} bring {float(each.wins):,.1f} wins, "
        f"{_money(each.revenue, currency)}"
    )
    if each.short <= 0:
        return f"{said}: what is wanted, and {_money(-each.short, currency)} more."
    by = f" {heading(each.covered_by)} covers it." if each.covered_by else " Nobody is named who covers it."
    return f"{said}: {_money(each.short, currency)} is lacking.{by}"


def _lag(found: Forecast, lag: Lag) -> str:
    said = f"Only leads that qualify from {_day(lag.first)} to {_day(lag.last)} can be signed in time."
    own = _months(lag.own)
    plan = found.plan
    if isinstance(plan, Planned) and plan.forward is not None:
        counting = plan.forward.monthly * min(lag.own, plan.forward.months)
        own += f" ({_leads(Decimal(round(counting)))} of the {_leads(plan.forward.total)} {plural(plan.forward.stage)})"
    own = f"In the agreement's own time that is {own}, before it {_months(lag.before)}."
    return " ".join(filter(None, (said, own, _already(found))))


def _already(found: Forecast) -> str:
    """Return how many qualified before the agreement who can be signed in time, and what they bring by the plan's rates."""
    own = found.already
    if own is None:
        return ""
    said = f"History holds {own.count:,} {plural(own.stage)} that qualified from {_day(own.first)} to {_day(own.last)}"
    revenue = found.plan.backward.revenue_of(own.stage, Decimal(own.count)) if isinstance(found.plan, Planned) else None
    return (
        f"{said}."
        if revenue is None
        else f"{said}: {_money(revenue, found.agreement.metadata.currency)} by the plan's rates."
    )


def _volumes(found: Forecast, seen: Seen) -> Iterator[Block]:
    if not seen.stretch.is_enough:
        yield Said(TOO_SHORT)
    currency = found.agreement.metadata.currency
    told = [each for each in seen.volumes if each.chance is not None or each.median is not None]
    if told:
        head = ("Commitment", "Promised", "Met in", "Middle month", "Most", "Would commit to", "Stretch")
        yield Grid("What was", head, tuple(_volume(each, currency) for each in told))
    for each in seen.volumes:
        yield from map(Said, _about(each, currency))
        if each.months:
            listed = ", ".join(
                f"{name} {number(value, each.unit, currency=currency)}" for name, value in each.months.items()
            )
            yield Grounds(f"{each.commitment}: n {each.basis.n:,}", (*_grounds(each.basis), f"By month: {listed}."))
    if seen.backtest.because:
        yield Said(f"What the model would have qualified is not known: {seen.backtest.because}")
    elif seen.stretch.is_enough and seen.backtest.monthly is not None:
        yield Said(
            f"By the scores that were recorded, the model would have qualified {count_of(seen.backtest.monthly)} a month."
        )


def _volume(each: Outlook, currency: str | None) -> tuple[Cell, ...]:
    def told(value: float | None) -> Cell:
        return Cell("" if value is None else number(value, each.unit, currency=currency))

    met = f"{each.chance.part} of {each.chance.whole} months" if each.chance is not None else ""
    return (
        Cell(each.commitment),
        told(each.target),
        Cell(met),
        told(each.median),
        told(each.highest),
        told(each.suggested if each.suggested is None else floor(each.suggested)),
        told(each.stretch),
    )


def _about(each: Outlook, currency: str | None) -> Iterator[str]:
    if each.because:
        yield f"{each.commitment}: {each.because}"
        return
    if each.chance is not None and each.upper is not None and each.upper < _CERTAIN:
        yield (
            f"{each.commitment}: a chance of more than {share(each.upper)} to meet it in a month is unlikely by this history "
            f"(n {each.chance.whole}, 95% sure)."
        )
    if each.trend is not None:
        ahead = ", ".join(
            f"{name} {number(one.expected, each.unit, currency=currency)} ± {number(one.error, each.unit, currency=currency)}"
            for name, one in each.ahead.items()
        )
        season = ", with a season," if each.trend.season else ""
        yield f"{each.commitment}: the trend{season} says {ahead} (one standard error, n {each.trend.n})."


def _rates(seen: Seen) -> Iterator[Block]:
    if not seen.stretch.is_enough:
        yield Said(TOO_SHORT)
        return
    if not seen.rates:
        yield Said("The plan has no rates that history can be asked about.")
        return
    head = ("From and to", "Plan", "History", "Between", "Within")
    rows = tuple(
        (
            Cell(each.key),
            Cell(str(each.typed) if each.typed is not None else "from history"),
            Cell(of_share(each.seen)),
            Cell(between(each.seen.interval, Unit.SHARE)),
            Cell(str(each.within)),
        )
        for each in seen.rates
    )
    yield Grid("Rates of those whose time is over", head, rows)
    for each in seen.rates:
        yield Grounds(f"{each.key}: n {each.basis.n:,}", tuple(_grounds(each.basis)))


def _teams(seen: Seen) -> Iterator[Block]:
    if not seen.presences:
        yield Said("Nobody of a team of the agreement got a lead in these months.")
    for each in seen.presences:
        yield from map(Said, _team(each))
        if each.answering:
            head = ("Within", "Promised on time", "Can be", "Between", "Members needed")
            yield Grid(f"How fast {each.team} can answer", head, tuple(_answer(one) for one in each.answering))
        yield Grounds(f"{each.team}: n {each.seen.basis.n:,}", tuple(_grounds(each.seen.basis)))
    for ceiling in seen.ceilings:
        of = f" for {ceiling.priority}" if ceiling.priority else ""
        yield Said(
            f"{ceiling.commitment} allows {ceiling.limit}{of} on the wall clock: at most {of_share(ceiling.reachable)} can be in "
            "time, whatever anybody does."
        )
        yield Grounds(f"{ceiling.commitment}: n {ceiling.basis.n:,}", tuple(_grounds(ceiling.basis)))


def _team(each: Presence) -> Iterator[str]:
    outside = each.seen.outside
    away = f", {share(outside.value)} of them outside its hours" if outside.value is not None else ""
    pace = f", {each.arrivals:.2f} for each open hour" if each.arrivals is not None else ""
    yield f"{count_of(each.monthly)} leads a month came to {each.team}{pace}{away}."
    for hours, what in ((each.hours, "What came"), (each.promised, "What is promised")):
        if hours is not None:
            yield (
                f"{what} costs {float(hours.demand):,.0f} of its {float(hours.supply):,.0f} hours a month: "
                f"{share(float(hours.share))}."
            )
    if each.hours is None:
        yield f"How much {each.team} can take is not known: the agreement lacks its members, capacity or effort."
    if each.waiting is not None and each.minutes is not None and each.people:
        yield (
            f"On an average business day {each.waiting:.1f} leads came while it was closed and wait when it opens; "
            f"{count(each.people, 'member')} present need {each.minutes:.0f} minutes to touch them. The table below does not "
            "know of them: it spreads all leads evenly over the open hours."
        )
    if each.following is not None:
        yield (
            f"{each.following.touches} touches for each lead are {each.following.needed:.0f} a business day; "
            f"{each.following.made:.0f} were made, and fewer are needed for those who answer sooner."
        )


def _answer(each: Answering) -> tuple[Cell, ...]:
    name = f"{each.commitment}, {each.priority}" if each.priority else each.commitment
    value, interval = each.longer.value, each.longer.interval
    inside = None if interval is None else (1 - interval[1], 1 - interval[0])
    return (
        words_of(f"{name}: {each.limit:g} business minutes"),
        Cell(str(each.promised) if each.promised is not None else ""),
        Cell(share(1 - value) if value is not None else UNKNOWN),
        Cell(between(inside, Unit.SHARE)),
        Cell("" if each.needed is None else f"{each.needed}"),
    )


def _grounds(basis: Basis) -> Iterator[str]:
    yield basis.definition
    for title, counts in (("Left out", basis.left_out), ("Not usable", basis.unusable)):
        if counts:
            yield f"{title}: {', '.join(f'{n:,} {reason}' for reason, n in counts.items())}."
    if basis.note:
        yield basis.note


def _plain(found: Forecast) -> Mapping[str, Any]:
    metadata = found.agreement.metadata
    return {
        "format_version": FORMAT_VERSION,
        "agreement": metadata.name,
        "version": metadata.version_in_force,
        "currency": metadata.currency,
        "source": found.source,
        "as_of": found.as_of.astimezone(UTC).isoformat() if found.as_of is not None else None,
        "synthetic": found.synthetic,
        "gaps": list(found.gaps),
        "plan": {"because": found.plan} if isinstance(found.plan, str) else plain_of(found.plan),
        "already": plain_of(found.already),
        "history": None if found.seen is None else plain_of(found.seen),
        "findings": [finding_as_plain(each) for each in found.findings],
    }


def _money(amount: Decimal, currency: str | None) -> str:
    return number(float(amount), Unit.MONEY, currency=currency)


def _leads(amount: Decimal) -> str:
    return f"{float(amount):,.1f}".removesuffix(".0")


def _months(length: Decimal) -> str:
    said = _leads(length)
    return f"{said} {'month' if said == '1' else 'months'}"


def _day(day: date) -> str:
    return f"{day.day} {day:%b %Y}"
