"""The page as Markdown that reads well on GitHub and in a terminal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sla_sync.explain.page import (
    Block,
    Heading,
    Note,
    Page,
    Paragraph,
    Picture,
    Points,
    Promise,
    Signatures,
    Table,
    Terms,
)

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$])")
_STARTS = re.compile(r"^(\s*)(#{1,6}(?=\s)|[-+](?=\s)|>|=+$|-{2,}$|\d+[.)](?=\s))")
_LINK = re.compile(r"\b(https?|ftp)://|\bwww\.|@(?=\w)", re.IGNORECASE)
_EMPTY = "–"


def as_markdown(page: Page) -> str:
    """Return the page; everything that the agreement says is escaped."""
    parts = [f"# {escape(page.title)}", escape(page.standing), *(_block(each) for each in page.blocks)]
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """Return text that Markdown shows as it is, in one line."""
    line = " ".join(text.split())
    line = _SPECIAL.sub(r"\\\1", line.replace("&", "&amp;"))
    line = _LINK.sub(
        lambda found: found[0].replace(":", "&#58;").replace("www.", "www&#46;").replace("@", "&#64;"), line
    )
    return _STARTS.sub(_escaped_start, line)


def _escaped_start(found: re.Match[str]) -> str:
    sign = found[2]
    return (
        f"{found[1]}&#{ord(sign[0])};{sign[1:]}"
        if not sign[0].isdigit()
        else f"{found[1]}{sign[:-1]}&#{ord(sign[-1])};"
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level, text):
            return f"{'#' * level} {escape(text)}"
        case Paragraph(text):
            return escape(text)
        case Promise(text, own_words):
            own = f"\n\n> {escape(own_words)}" if own_words else ""
            return f"**{escape(text)}**{own}"
        case Note(text):
            return f"*{escape(text)}*"
        case Points(items, ordered):
            return "\n".join(f"{f'{index}.' if ordered else '-'} {escape(each)}" for index, each in enumerate(items, 1))
        case Terms(pairs):
            return "\n".join(f"- **{escape(term)}**: {escape(text)}" for term, text in pairs)
        case Table():
            return _table(block)
        case Picture(title, description, _, mermaid):
            drawing = f"\n\n```mermaid\n{mermaid}\n```" if mermaid else ""
            return f"*{escape(title)}: {escape(description)}*{drawing}"
        case Signatures(roles):
            return _table(Table("", ("Role", "Name", "Signature", "Date"), [(each, "", "", "") for each in roles]))


def _table(table: Table) -> str:
    rule = ["--:" if index in table.numbers else "---" for index in range(len(table.head))]
    caption = f"*{escape(table.caption)}*\n\n" if table.caption else ""
    return caption + "\n".join((_row(table.head), f"|{'|'.join(rule)}|", *(_row(each) for each in table.rows)))


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(escape(each) or ' ' for each in cells)} |"
