"""The pack in a terminal: what each side owed, then part by part in plain columns."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.render.pack.document import Block, Grid, Heading, Page, Points, Said
from sla_sync.render.words import visible

_WIDEST = 60
"""Characters of a cell that are shown."""


def page_as_text(page: Page) -> str:
    """Return the pack as text; definitions and pictures are left to the other formats."""
    lines = [page.title, *([page.warning] if page.warning else []), *page.standing]
    for number, part in enumerate(page.parts, start=1):
        lines += ["", f"{number}. {part.title}"]
        for block in part.blocks:
            lines += _block(block)
    return visible("\n".join(lines))


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from ("", f"  {block.text}")
        case Said():
            yield f"  {block.text}"
        case Points():
            yield from (f"  {block.title}:", *(f"    - {each}" for each in block.items))
        case Grid():
            yield from _table(block)
        case _:
            return


def _table(grid: Grid) -> Iterator[str]:
    rows = [grid.head, *(tuple(cell.text for cell in row) for row in grid.rows)]
    # Pictures are nothing for a terminal: a column that holds only them is left out.
    shown = [column for column in range(len(grid.head)) if any(row[column] for row in rows[1:])] or [0]
    cut = [[_cut(row[column]) for column in shown] for row in rows]
    widths = [max(len(row[place]) for row in cut) for place in range(len(shown))]
    for row in cut:
        yield "    " + "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 1]}…"
