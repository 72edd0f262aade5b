"""Part 8: what is missing in the data, what nobody looks after, what drifted, and how the agreement changed."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sla_sync.explain.names import heading, words
from sla_sync.measures.completeness import Complete
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.cells import count_cell, grounds, lead_cell, owner, share_cell
from sla_sync.render.pack.document import Block, Cell, Grid, Heading, Part, Points, Said
from sla_sync.render.pack.numbers import day
from sla_sync.render.words import count

_LONGEST = 50


def gaps(pack: Pack) -> Part:
    """Return what is missing, what drifted and what changed."""
    return Part("gaps", "Data gaps, drift, changes", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    if pack.gaps:
        yield Points("What the history does not tell", pack.gaps)
    for place, each in enumerate(pack.completeness):
        yield from _complete(place, each)
    yield from _hygiene(pack)
    yield from _changes(pack)
    yield from _waterfall(pack)


def _complete(place: int, each: Complete) -> Iterator[Block]:
    at = ("completeness", place)
    yield Heading(f"What {words(each.stage)} needs, as it was on entering")
    rows = [(Cell("All of it"), share_cell(each.whole, *at, "whole"))]
    rows += [(Cell(words(name)), share_cell(found, *at, "by_field", name)) for name, found in each.by_field.items()]
    rows += [
        (Cell(f"All of it, source {words(name)}"), share_cell(found, *at, "by_source", name))
        for name, found in each.by_source.items()
    ]
    yield Grid(f"Complete on entering {words(each.stage)}", ("What", "There"), tuple(rows))
    if each.unknown:
        yield Said(f"The history does not know: {', '.join(map(words, each.unknown))}.")
    yield grounds(each.basis, words(each.stage))


def _hygiene(pack: Pack) -> Iterator[Block]:
    found = pack.hygiene
    yield Heading("Leads that nobody looks after")
    orphans, waiting = len(found.orphaned), len(found.unassigned)
    if not orphans and not waiting:
        yield Said(f"Each of {count(found.open_cycles, 'open lead')} has an owner who is there.", tone="good")
    else:
        yield Said(
            f"Of {count(found.open_cycles, 'open lead')}, {orphans:,} belong to somebody who has left, and {waiting:,} "
            "wait for an owner.",
            tone="weakening",
        )
    if found.orphaned:
        yield Grid(
            "With an owner who has left",
            ("Lead", "Owner"),
            tuple((lead_cell(pack, lead), Cell(owner(pack, user))) for lead, user in found.orphaned[:_LONGEST]),
        )
    if found.unassigned:
        more = waiting - _LONGEST
        last = (f"and {more:,} more",) if more > 0 else ()
        yield Points("Without an owner", (*found.unassigned[:_LONGEST], *last))
    yield grounds(found.basis, "ownership")


def _changes(pack: Pack) -> Iterator[Block]:
    yield Heading("Drift and changes of the agreement")
    if not pack.changes:
        yield Said("No drift is open, and the agreement did not change in this period.", tone="good")
        return
    zone = ZoneInfo(pack.period.zone)
    yield Grid(
        "Open drift and changes of the agreement",
        ("Since", "What", "Weight"),
        tuple((Cell(day(each.since, zone)), Cell(each.said), Cell(each.severity)) for each in pack.changes),
    )


def _waterfall(pack: Pack) -> Iterator[Block]:
    if not pack.waterfall.levels:
        return
    yield Heading("Stock and flow")
    names = ("opening", "came", "went", "closing", "skipped", "back", "left_over")
    yield Grid(
        "Leads in each stage at the start, those that came and went, and those at the end",
        ("Stage", "At the start", "Came", "Went", "At the end", "Skipped one", "Came back", "Left over"),
        tuple(
            (
                Cell(heading(each.stage)),
                *(count_cell(getattr(each, name), "waterfall", "levels", place, name) for name in names),
            )
            for place, each in enumerate(pack.waterfall.levels)
        ),
    )
    yield grounds(pack.waterfall.basis, "stock and flow")
