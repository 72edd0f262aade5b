"""Part 3: what is overdue now, the oldest first, with its owner, its age and the link to its record."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from sla_sync.explain.names import heading, words
from sla_sync.measures.overdue import Late
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.cells import NOBODY, grounds, lead_cell, owner
from sla_sync.render.pack.document import Block, Cell, Grid, Part, Said
from sla_sync.render.pack.numbers import time
from sla_sync.render.pack.plain import pointer
from sla_sync.render.why import moment
from sla_sync.render.words import count


def overdue(pack: Pack) -> Part:
    """Return what is overdue now."""
    return Part("overdue", "Overdue now", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    found = pack.overdue
    whole = sum(found.count.values())
    if not whole:
        yield Said("Nothing is overdue.", tone="good")
    else:
        by = ", ".join(f"{number:,} of {words(name)}" for name, number in found.count.items() if number)
        shown = f" The oldest {len(found.late)} are shown." if len(found.late) < whole else ""
        yield Said(f"{count(whole, 'promise')} {'is' if whole == 1 else 'are'} overdue: {by}.{shown}", tone="breach")
        zone = ZoneInfo(pack.period.zone)
        yield Grid(
            "Overdue now, the oldest first",
            ("Lead", "Promise", "Owner", "Priority", "Was due", "Over the limit", "On the wall"),
            tuple(_row(pack, place, each, zone) for place, each in enumerate(found.late)),
        )
    yield grounds(found.basis)


def _row(pack: Pack, place: int, each: Late, zone: ZoneInfo) -> tuple[Cell, ...]:
    at = ("overdue", "late", place)
    who = owner(pack, each.owner)
    return (
        lead_cell(pack, each.lead),
        Cell(heading(each.commitment)),
        Cell(f"{who}, {words(each.team)}" if each.team and who != NOBODY else who),
        Cell(words(each.priority or "")),
        Cell(moment(each.due_at, zone)),
        Cell(f"{time(each.open_seconds, business=True)} open", pointer(*at, "open_seconds"), each.open_seconds),
        Cell(time(each.wall_seconds), pointer(*at, "wall_seconds"), each.wall_seconds),
    )
