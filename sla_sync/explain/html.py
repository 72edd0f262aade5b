"""The page as one HTML file: no script, nothing from the network, fit for paper."""

from __future__ import annotations

import html as escaping
import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path

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
    Undrawn,
)

STYLE = Path(__file__).with_name("page.css")
_CHAPTER = 2


def as_html(page: Page) -> str:
    """Return the page; everything that the agreement says is escaped."""
    chapters = [each.text for each in page.blocks if isinstance(each, Heading) and each.level == _CHAPTER]
    contents = "".join(f'<li><a href="#{_anchor(each)}">{_text(each)}</a></li>' for each in chapters)
    numbers = count(1)
    body = "\n".join(_block(each, next(numbers)) for each in page.blocks)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>{_text(page.title)}</title>
<style>
{STYLE.read_text(encoding="utf-8").strip()}
</style>
</head>
<body>
<header>
<h1>{_text(page.title)}</h1>
<p class="standing">{_text(page.standing)}</p>
</header>
<nav aria-label="Contents"><ol>{contents}</ol></nav>
<main>
{body}
</main>
</body>
</html>
"""


def _text(text: str) -> str:
    return escaping.escape(text, quote=True)


def _anchor(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _block(block: Block, number: int) -> str:
    match block:
        case Heading(level, text):
            anchor = f' id="{_anchor(text)}"' if level == _CHAPTER else ""
            return f"<h{level}{anchor}>{_text(text)}</h{level}>"
        case Paragraph(text):
            return f"<p>{_text(text)}</p>"
        case Promise(text, own_words):
            own = f'\n<p class="own">In the words of the agreement: {_text(own_words)}</p>' if own_words else ""
            return f'<p class="promise">{_text(text)}</p>{own}'
        case Note(text):
            return f'<p class="note">{_text(text)}</p>'
        case Points(items, ordered):
            kind = "ol" if ordered else "ul"
            return f"<{kind}>{''.join(f'<li>{_text(each)}</li>' for each in items)}</{kind}>"
        case Terms(pairs):
            return f"<dl>{''.join(f'<div><dt>{_text(term)}</dt><dd>{_text(text)}</dd></div>' for term, text in pairs)}</dl>"
        case Table():
            return _table(block)
        case Picture():
            return _picture(block, number)
        case Signatures(roles):
            return _signatures(roles)


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col"{_side(table, index)}>{_text(each)}</th>' for index, each in enumerate(table.head))
    rows = "\n".join(f"<tr>{_row(table, each)}</tr>" for each in table.rows)
    caption = f"<caption>{_text(table.caption)}</caption>" if table.caption else ""
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{_text(table.caption or table.head[0])}">'
        f"<table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _row(table: Table, cells: Sequence[str]) -> str:
    first, *others = cells
    rest = "".join(f"<td{_side(table, index)}>{_text(each)}</td>" for index, each in enumerate(others, 1))
    return f'<th scope="row"{_side(table, 0)}>{_text(first)}</th>{rest}'


def _side(table: Table, column: int) -> str:
    return ' class="number"' if column in table.numbers else ""


def _picture(picture: Picture, number: int) -> str:
    try:
        drawing = picture.draw()
    except Undrawn as missing:
        return f'<p class="note">{_text(picture.title)}: {_text(str(missing))} {_text(picture.description)}</p>'
    title, description = f"title-{number}", f"description-{number}"
    named = f'<title id="{title}">{_text(picture.title)}</title><desc id="{description}">{_text(picture.description)}</desc>'
    # A second drawing on the page must not take the clip paths of the first for its own.
    drawing = re.sub(r'(?<=id=")(?=(?:clip|gradient)\d)|(?<=url\(#)(?=(?:clip|gradient)\d)', f"p{number}-", drawing)
    opened = re.sub(
        r"<svg\b([^>]*)>",
        lambda found: f'<svg role="img" aria-labelledby="{title} {description}"{found[1]}>{named}',
        drawing,
        count=1,
    )
    return f'<figure tabindex="0">{opened}<figcaption>{_text(picture.title)}</figcaption></figure>'


def _signatures(roles: Sequence[str]) -> str:
    rows = "".join(f'<tr><th scope="row">{_text(each)}</th><td></td><td></td><td></td></tr>' for each in roles)
    head = "".join(f'<th scope="col">{each}</th>' for each in ("Role", "Name", "Signature", "Date"))
    return f'<table class="signatures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
