"""Part 6: why leads came back, with examples; and whether those given up had been tried as often as was agreed."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.explain.names import heading, words
from sla_sync.measures.effort import Tried
from sla_sync.measures.pack import Pack
from sla_sync.measures.rejections import Bar
from sla_sync.render.pack.cells import count_cell, figure_cell, grounds, link_of, owner, share_cell
from sla_sync.render.pack.document import Block, Cell, Drawn, Grid, Heading, Part, Points, Said
from sla_sync.render.pack.numbers import spelled
from sla_sync.render.pack.pictures import Bars
from sla_sync.render.words import count

EXAMPLES = 3
_LONGEST = 200


def rejected(pack: Pack) -> Part:
    """Return why leads came back."""
    return Part("rejections", "Rejections", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    found = pack.rejections
    if not found.bars:
        yield Said("No lead came back in this period.")
    else:
        bars = tuple((_name(each), each.count, each.before_touch) for each in found.bars)
        said = ", ".join(f"{name} {number}" for name, number, _ in bars)
        yield Drawn(Bars(f"Why leads came back: {said}.", bars, "after a touch", "before any touch"))
        yield Grid(
            "Why leads came back, the commonest reason first",
            ("Reason", "Leads", "Share", "Before any touch", "The newest"),
            tuple(_row(pack, place, each) for place, each in enumerate(found.bars)),
        )
    if found.rate:
        yield Grid(
            "How many of those that qualified in the period came back",
            ("Source", "Came back"),
            tuple(
                (Cell(words(name)), figure_cell(pack, rate, "rejections", "rate", name, n=True))
                for name, rate in found.rate.items()
            ),
        )
    if found.verdict.value is not None:
        yield Said(f"Half of the verdicts came within {spelled(found.verdict)} of the assignment, on the wall.")
    yield grounds(found.basis)
    for place, tried in enumerate(pack.effort):
        yield from _effort(pack, place, tried)


def _name(each: Bar) -> str:
    return f"{heading(each.stage)}: {words(each.reason)}"


def _row(pack: Pack, place: int, each: Bar) -> tuple[Cell, ...]:
    at, shown = ("rejections", "bars", place), each.examples[:EXAMPLES]
    return (
        Cell(_name(each)),
        count_cell(each.count, *at, "count"),
        figure_cell(pack, each.share, *at, "share"),
        count_cell(each.before_touch, *at, "before_touch"),
        Cell(", ".join(shown), links=tuple((lead, link_of(pack, lead)) for lead in shown)),
    )


def _effort(pack: Pack, place: int, each: Tried) -> Iterator[Block]:
    at = ("effort", place)
    yield Heading(f"{heading(each.commitment)}: tried before giving up")
    yield Said(f"Of those who left as {words(each.reason)}, so many had been tried as often as was agreed.")
    rows = [(Cell("All"), share_cell(each.kept, *at, "kept"))]
    rows += [
        (Cell(owner(pack, name)), share_cell(found, *at, "by_owner", name)) for name, found in each.by_owner.items()
    ]
    rows += [(Cell(words(name)), share_cell(found, *at, "by_source", name)) for name, found in each.by_source.items()]
    yield Grid(f"{heading(each.commitment)}: kept before giving up", ("Whose", "Kept"), tuple(rows))
    if each.touches:
        bars = tuple((count(number, "touch", "touches"), found, 0) for number, found in sorted(each.touches.items()))
        said = ", ".join(f"{name} {found}" for name, found, _ in bars)
        yield Drawn(Bars(f"Exits by the number of touches: {said}.", bars, "exits", ""))
    if each.lingering:
        shown = each.lingering[:_LONGEST]
        more = len(each.lingering) - len(shown)
        yield Points(
            f"Open for long and tried too little: {count(len(each.lingering), 'lead')}",
            (*shown, *([f"and {more:,} more"] if more else [])),
        )
    yield grounds(each.basis, heading(each.commitment))
