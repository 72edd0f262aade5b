"""Part 5: the month to date against its target, net of what was rejected; and what was won."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date
from itertools import accumulate
from zoneinfo import ZoneInfo

from sla_sync.explain.names import heading, words
from sla_sync.measures.figures import Figure
from sla_sync.measures.pacing import Pace
from sla_sync.measures.pack import Pack
from sla_sync.measures.revenue import Revenue
from sla_sync.render.pack.cells import count_cell, figure_cell, grounds
from sla_sync.render.pack.document import Block, Cell, Drawn, Grid, Heading, Part, Points, Said
from sla_sync.render.pack.numbers import between, count_of, number, spelled
from sla_sync.render.pack.pictures import Month


def month(pack: Pack) -> Part:
    """Return the month to date."""
    return Part("month", "Month to date", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    if not pack.pacing:
        yield Said("The agreement promises no volume.")
    for place, each in enumerate(pack.pacing):
        yield from _pace(pack, place, each)
    if pack.revenue is not None:
        yield from _revenue(pack, pack.revenue)


def _pace(pack: Pack, place: int, each: Pace) -> Iterator[Block]:
    unit, at = each.actual.unit, ("pacing", place)

    def amount(value: float | None, name: str) -> Cell:
        said = "" if value is None else number(value, unit, currency=pack.currency)
        return Cell(said, f"/pacing/{place}/{name}", value) if value is not None else Cell("no day is left")

    yield Heading(f"{heading(each.commitment)}, {_spoken(each.month)}")
    yield Drawn(_picture(pack, each))
    rows = [
        (Cell("So far"), figure_cell(pack, each.actual, *at, "actual")),
        (Cell("Expected by today"), amount(each.expected, "expected")),
        (Cell("Target of the month"), amount(each.target, "target")),
        (Cell("Where the month ends at this pace"), _forecast(pack, each.forecast, place)),
        (Cell("Needed each business day from now on"), amount(each.needed, "needed")),
        (Cell("Net of bad data and duplicates"), figure_cell(pack, each.net, *at, "net")),
        (Cell("For the first time"), figure_cell(pack, each.first, *at, "first")),
        (Cell("Qualified again"), figure_cell(pack, each.again, *at, "again")),
    ]
    yield Grid(f"{heading(each.commitment)} in {_spoken(each.month)}", ("What", "Value"), tuple(rows))
    if each.net.note:
        yield Said(each.net.note)
    if each.by_source:
        ordered = sorted(each.by_source.items(), key=lambda found: (-found[1], found[0]))
        yield Grid(
            f"{heading(each.commitment)} by source",
            ("Source", "So far"),
            tuple((Cell(words(name)), count_cell(value, *at, "by_source", name)) for name, value in ordered),
        )
    if each.restated:
        lines = (f"{_spoken(name)}: {count_of(was)} → {count_of(now)}" for name, (was, now) in each.restated.items())
        yield Points("Closed months that have changed since their freeze", tuple(lines))
    yield grounds(each.basis, heading(each.commitment))


def _forecast(pack: Pack, figure: Figure, place: int) -> Cell:
    cell = figure_cell(pack, figure, "pacing", place, "forecast")
    reach = between(figure.interval, figure.unit, currency=pack.currency)
    return Cell(f"{cell.text} ({reach})" if reach and figure.value is not None else cell.text, cell.at, cell.value)


def _picture(pack: Pack, each: Pace) -> Month:
    year, number_of_month = map(int, each.month.split("-"))
    length = monthrange(year, number_of_month)[1]
    local = pack.as_of.astimezone(ZoneInfo(pack.period.zone))
    today = local.day if (local.year, local.month) == (year, number_of_month) else length
    counts = [each.by_day.get(f"{date(year, number_of_month, day)}", 0) for day in range(1, today + 1)]
    reached = tuple(enumerate(map(float, accumulate(counts)), start=1))
    said = (
        f"{heading(each.commitment)} by day: {spelled(each.actual, currency=pack.currency)} by day {today}, where "
        f"{number(each.expected, each.actual.unit, currency=pack.currency)} were expected of "
        f"{number(each.target, each.actual.unit, currency=pack.currency)} in the month."
    )
    return Month(said, reached, length, today, each.expected, each.target)


def _revenue(pack: Pack, found: Revenue) -> Iterator[Block]:
    yield Heading("Won from marketing's leads")
    rows = (
        (Cell("Goal"), figure_cell(pack, found.goal, "revenue", "goal")),
        (Cell("Of the goal, should be won by now"), figure_cell(pack, found.to_date, "revenue", "to_date")),
        (Cell("Won"), figure_cell(pack, found.won, "revenue", "won")),
        (Cell("Open deals, times the win rate"), figure_cell(pack, found.pipeline, "revenue", "pipeline")),
    )
    yield Grid("Won from marketing's leads against the goal", ("What", "Amount"), rows)
    if found.by_source:
        ordered = sorted(found.by_source.items(), key=lambda each: (-each[1], each[0]))
        yield Grid(
            "Won by source",
            ("Source", "Amount"),
            tuple(
                (
                    Cell(words(name)),
                    Cell(number(value, found.won.unit, currency=pack.currency), f"/revenue/by_source/{name}", value),
                )
                for name, value in ordered
            ),
        )
    yield grounds(found.basis, "revenue")


def _spoken(name: str) -> str:
    year, number_of_month = map(int, name.split("-"))
    return f"{date(year, number_of_month, 1):%B %Y}"
