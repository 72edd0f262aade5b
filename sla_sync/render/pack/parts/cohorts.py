"""Part 7: how many of a month's leads got further in time; months whose time is not over are estimated and marked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sla_sync.explain.names import heading, words
from sla_sync.measures.calibration import Band, Calibration
from sla_sync.measures.conversion import Cohort, Conversion
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.cells import count_cell, figure_cell, grounds, interval_cell, share_cell
from sla_sync.render.pack.document import Block, Cell, Drawn, Grid, Heading, Part, Said
from sla_sync.render.pack.numbers import count_of, of_share, share
from sla_sync.render.pack.pictures import Cohorts


def cohorts(pack: Pack) -> Part:
    """Return conversion by cohort."""
    return Part("conversion", "Conversion by cohort", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    if not pack.conversions:
        yield Said("The agreement has no step after the one that qualifies.")
    for place, each in enumerate(pack.conversions):
        yield from _step(pack, place, each)
    if pack.calibration is not None:
        yield from _calibration(pack.calibration)


def _in_short(each: Conversion) -> str:
    if not each.naive.whole:
        return f"Nobody entered {words(each.start)} in these months."
    if not each.whole.whole:
        return f"The time of none of these is over yet; so far {of_share(each.naive)} got there."
    return (
        f"Of those whose time is over: {of_share(each.whole)}. With the newest counted too, who have had no time yet, it would "
        f"look like {of_share(each.naive)}."
    )


def _step(pack: Pack, place: int, each: Conversion) -> Iterator[Block]:
    at = ("conversions", place)
    title = f"{heading(each.start)} to {words(each.goal)} within {each.within or f'{each.days} days'}"
    yield Heading(title)
    yield Said(_in_short(each))
    months = tuple(filter(None, map(_bar, each.cohorts)))
    if months:
        said = "; ".join(
            f"{name} {share(value)}{' estimated' if hatched else ''}" for name, value, _, _, hatched in months
        )
        yield Drawn(Cohorts(f"{title}: {said}.", months))
    rows = [
        (
            Cell(_spoken(cohort.month)),
            share_cell(cohort.mature, *at, "cohorts", index, "mature"),
            interval_cell(cohort.mature),
            count_cell(cohort.immature, *at, "cohorts", index, "immature"),
            Cell("")
            if cohort.estimate is None
            else figure_cell(pack, cohort.estimate, *at, "cohorts", index, "estimate", n=True),
        )
        for index, cohort in enumerate(each.cohorts)
    ]
    rows += [
        (Cell(name), share_cell(found, *at, key), interval_cell(found), Cell(""), Cell(""))
        for name, key, found in (
            ("All mature", "whole", each.whole),
            ("First cycles", "first", each.first),
            ("Qualified again", "again", each.again),
        )
    ]
    rows += [
        (
            Cell(f"Source: {words(name)}"),
            share_cell(found, *at, "by_source", name),
            interval_cell(found),
            Cell(""),
            Cell(""),
        )
        for name, found in each.by_source.items()
    ]
    rows += [
        (Cell(f"Priority: {words(name)}"), share_cell(found, *at, "by_priority", name), interval_cell(found), Cell(""), Cell(""))
        for name, found in each.by_priority.items()
    ]  # fmt: skip
    yield Grid(
        title, ("Cohort", "Got there in time", "Interval of 95%", "Still have time", "Estimate with them"), tuple(rows)
    )
    yield grounds(each.basis, title)


def _bar(each: Cohort) -> tuple[str, float, float | None, float | None, bool] | None:
    name = _spoken(each.month)
    if each.immature and each.estimate is not None and each.estimate.value is not None:
        return (name, each.estimate.value, *(each.estimate.interval or (None, None)), True)
    if each.mature.value is None:
        return None
    return (name, each.mature.value, *(each.mature.interval or (None, None)), bool(each.immature))


def _calibration(found: Calibration) -> Iterator[Block]:
    yield Heading("Whether a higher score is a better lead")
    verdict = {
        True: "Acceptance never falls as the score rises, beyond chance.",
        False: "Acceptance falls where the score rises.",
        None: "There are too few to say whether acceptance rises with the score.",
    }
    yield Said(verdict[found.never_falls])
    rows = [
        (Cell(_band(each)), share_cell(each.accepted, "calibration", "bands", place, "accepted"))
        for place, each in enumerate(found.bands)
    ]
    rows += [(Cell(name), share_cell(each, "calibration", "grades", name)) for name, each in found.grades.items()]
    yield Grid("Accepted, by the score with which they qualified", ("Score", "Accepted"), tuple(rows))
    yield grounds(found.basis, "score")


def _band(each: Band) -> str:
    if each.high is None:
        return f"{count_of(each.low)} and more"
    return f"{count_of(each.low)} to below {count_of(each.high)}"


def _spoken(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{date(year, number, 1):%b %Y}"
