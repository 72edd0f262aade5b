"""Part 2: every promise with its target, what became of it and its weeks; then the on-time rate by whom and for whom."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.attainment.attainment import AT_ONCE, Figure
from sla_sync.attainment.shares import ENOUGH
from sla_sync.explain.names import heading, words
from sla_sync.measures.figures import Unit
from sla_sync.measures.pack import Pack
from sla_sync.measures.scorecard import Kept, Status
from sla_sync.render.pack.cells import count_cell, figure_cell, grounds_of_all, interval_cell, owner, share_cell, tally
from sla_sync.render.pack.document import Block, Cell, Grid, Grounds, Heading, Part, Points, Said
from sla_sync.render.pack.numbers import UNKNOWN, number, share, spelled
from sla_sync.render.pack.pictures import Weeks

TONES = {
    Status.KEPT: "good",
    Status.BROKEN: "breach",
    Status.OPEN: "weakening",
    Status.MEASURED: "quiet",
    Status.UNMEASURED: "quiet",
}
_CUTS = ("owner", "team", "priority", "source")
_TITLES = {"owner": "Owner", "team": "Team", "priority": "Priority", "source": "Source"}


def promises(pack: Pack) -> Part:
    """Return the promises side by side."""
    return Part("promises", "Promises", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    for party in dict.fromkeys(each.party for each in pack.scorecard):
        yield Heading(heading(party))
        mine = [(place, each) for place, each in enumerate(pack.scorecard) if each.party == party]
        yield Grid(
            f"What {words(party)} promised",
            ("Promise", "Target", "Actual", "Status", "Eight weeks"),
            tuple(_row(pack, place, each) for place, each in mine),
        )
        yield from _besides(pack, [each for _, each in mine])
        yield grounds_of_all((heading(each.commitment), each.basis) for _, each in mine)
    if pack.attainment.figures:
        yield from _on_time(pack)


def _row(pack: Pack, place: int, each: Kept) -> tuple[Cell, ...]:
    target = each.target
    agreed = Cell("none agreed") if target is None else figure_cell(pack, target, "scorecard", place, "target")
    actual = figure_cell(pack, each.actual, "scorecard", place, "actual", n=True)
    if each.because:
        actual = Cell(each.because)
    trend = Cell("", picture=_weeks(each)) if any(point.figure.value is not None for point in each.trend) else Cell("")
    return (
        Cell(f"{heading(each.commitment)}: {each.promise}" if each.promise else heading(each.commitment)),
        agreed,
        actual,
        Cell(str(each.status), tone=TONES[each.status]),
        trend,
    )


def _weeks(each: Kept) -> Weeks:
    last = [point for point in each.trend if point.figure.value is not None]
    said = ", ".join(
        f"{point.week.day} {point.week:%b} {spelled(point.figure) if point.figure.value is not None else UNKNOWN}"
        for point in each.trend
    )
    target = each.target.value if each.target and last and each.target.unit is last[0].figure.unit else None
    is_share = bool(last) and last[0].figure.unit is Unit.SHARE
    return Weeks(
        f"{heading(each.commitment)} by the week from: {said}.",
        tuple(
            (f"{point.week.day} {point.week:%b}", point.figure.value, *(point.figure.interval or (None, None)))
            for point in each.trend
        ),
        target if is_share else None,
        is_share,
    )


def _besides(pack: Pack, mine: list[Kept]) -> Iterator[Block]:
    """Yield what is said of some promises only: the figure without disputed turns, and how it was before the agreement."""
    lines = []
    for each in mine:
        if each.disputed is not None:
            with_all, without = spelled(each.actual), spelled(each.disputed)
            lines.append(f"{heading(each.commitment)}: {with_all}; {without} without the turns in dispute.")
        if each.baseline is not None:
            before = spelled(each.baseline, currency=pack.currency)
            lines.append(f"{heading(each.commitment)}: {before} before the agreement.")
    if lines:
        yield Points("To be read with them", tuple(lines))


def _on_time(pack: Pack) -> Iterator[Block]:
    yield Heading("On-time rate")
    yield Grid(
        "On-time rate of each promise, of what fell due in the period",
        ("Promise", "On-time rate", "Interval of 95%", "Late", "Overdue", "Not due yet", "Took no open time"),
        tuple(_whole(place, each) for place, each in enumerate(pack.attainment.figures) if not each.cut),
    )
    yield Grounds(
        "What this counts",
        (
            pack.attainment.definition,
            AT_ONCE,
            "Who, which team, which priority and which source: as they were when the lead was assigned.",
            *_left_out(pack),
        ),
    )
    for cut in _CUTS:
        rows = tuple(_cut(pack, cut))
        if rows:
            yield Grid(
                f"On-time rate by {cut}",
                (f"Promise and {cut}", "On-time rate", "Interval of 95%", "Late", "Overdue"),
                rows,
            )
    few = [each for each in pack.attainment.figures if each.cut == "owner" and not each.attained.may_be_ranked]
    if few:
        yield Said(f"Where fewer than {ENOUGH} fell due, nobody is ranked: look at the interval.")
    if pack.disputes:
        yield Points("In dispute", pack.disputes)


def _whole(place: int, each: Figure) -> tuple[Cell, ...]:
    at = ("attainment", "figures", place)
    at_once = each.zero_second
    return (
        Cell(heading(each.commitment)),
        share_cell(each.attained, *at, "attained"),
        interval_cell(each.attained),
        count_cell(each.late, *at, "late"),
        count_cell(each.overdue, *at, "overdue"),
        count_cell(each.running, *at, "running"),
        Cell("" if at_once.value is None else share(at_once.value)),
    )


def _cut(pack: Pack, cut: str) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a cut, those with enough turns first, the best of them first; the others by name."""
    figures = [(place, each) for place, each in enumerate(pack.attainment.figures) if each.cut == cut]
    order = list(dict.fromkeys(each.commitment for _, each in figures))
    for place, each in sorted(
        figures,
        key=lambda found: (
            order.index(found[1].commitment),
            not found[1].attained.may_be_ranked,
            -(found[1].attained.value or 0.0) if found[1].attained.may_be_ranked else 0.0,
            found[1].value or "",
        ),
    ):
        if not each.attained.whole:
            continue
        at = ("attainment", "figures", place)
        name = owner(pack, each.value) if cut == "owner" else words(each.value or UNKNOWN)
        yield (
            Cell(f"{heading(each.commitment)}: {name}"),
            share_cell(each.attained, *at, "attained"),
            interval_cell(each.attained),
            count_cell(each.late, *at, "late"),
            count_cell(each.overdue, *at, "overdue"),
        )


def _left_out(pack: Pack) -> Iterator[str]:
    for each in pack.attainment.figures:
        if each.cut:
            continue
        said = [f"{number(each.running, Unit.COUNT)} not due yet"] if each.running else []
        said += [f"left out: {tally(each.void)}"] if each.void else []
        said += [f"not usable: {tally(each.unusable)}"] if each.unusable else []
        if said:
            yield f"{heading(each.commitment)}: {'; '.join(said)}."
