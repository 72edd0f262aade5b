"""The pack as Markdown: the same words and numbers as the page, without its pictures."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.render.diagnostics import escape
from sla_sync.render.pack.document import (
    Block,
    Cell,
    Drawn,
    Grid,
    Grounds,
    Heading,
    Page,
    Part,
    Points,
    Quoted,
    Said,
)

_LONGEST = 1_000


def page_as_markdown(page: Page) -> str:
    """Return the pack as Markdown; nothing of what others wrote is more than text there."""
    lines = [f"# {escape(page.title)}", ""]
    if page.warning:
        lines += [f"> **{escape(page.warning)}**", ""]
    lines += [f"{escape(each)}  " for each in page.standing]
    for number, part in enumerate(page.parts, start=1):
        lines += ["", f"## {number}. {escape(part.title)}", *_part(part)]
    return "\n".join(lines) + "\n"


def _part(part: Part) -> Iterator[str]:
    for block in part.blocks:
        yield from _block(block)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield from ("", f"### {escape(block.text)}")
        case Said():
            yield from ("", escape(block.text))
        case Points():
            yield from ("", f"**{escape(block.title)}**", "", *(f"- {escape(each)}" for each in block.items))
        case Quoted():
            yield from ("", f"**{escape(block.title)}**", "", *_quoted(block.text))
        case Grounds():
            said = " ".join(map(escape, block.lines))
            yield from ("", f"*{escape(block.title)}.* {said}")
        case Grid():
            yield from ("", f"**{escape(block.caption)}**", "")
            yield _row(map(escape, block.head))
            yield _row("---" for _ in block.head)
            yield from (_row(map(_cell, row)) for row in block.rows)
        case Drawn():
            yield from ("", escape(block.picture.alternative))


def _quoted(text: str) -> Iterator[str]:
    yield from (f"> {escape(line)}  " for line in text.splitlines())


def _cell(cell: Cell) -> str:
    if cell.picture is not None and not cell.text:
        return escape(cell.picture.alternative)
    if cell.links:
        return ", ".join(_linked(text, address) for text, address in cell.links)
    return _linked(cell.text, cell.link)


def _linked(text: str, address: str) -> str:
    if len(address) < _LONGEST and address.startswith("https://") and address.isprintable():
        whole = address.replace("<", "%3C").replace(">", "%3E").replace("|", "%7C")
        return f"[{escape(text)}](<{whole}>)"
    return escape(text)


def _row(cells: Iterator[str] | map[str]) -> str:
    return f"| {' | '.join(cells)} |"
