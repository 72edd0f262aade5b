"""Part 9: what the last meeting left open, and its minutes."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.measures.pack import Pack
from sla_sync.render.pack.document import Block, Part, Points, Quoted, Said


def meeting(pack: Pack) -> Part:
    """Return the actions that are open and the minutes of the last meeting."""
    return Part("meeting", "Actions, decisions, minutes", tuple(_blocks(pack)))


def _blocks(pack: Pack) -> Iterator[Block]:
    last = pack.minutes
    if last is None:
        yield Said("There are no minutes of an earlier meeting.")
        return
    if last.open_actions:
        yield Points(f"Actions that are open since {last.day}", last.open_actions)
    else:
        yield Said(f"No action is open from the minutes of {last.day}.", tone="good")
    yield Quoted(f"Minutes of {last.day}", last.text)
