"""What all reports share: the templates, which escape whatever they are given, and the sheet of styles."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sla_sync.diagnostics import spell
from sla_sync.explain.html import STYLE as PAGE_STYLE
from sla_sync.render.words import count, visible

_HERE = Path(__file__).parent
_STYLE = _HERE / "report.css"
_LONGEST_LINK = 1_000


def rendered(template: str, **values: object) -> str:
    """Return a report: a template filled with these values.

    Every text is foreign: it is escaped, and what could steer the reader's eye (marks that turn the direction of writing,
    control characters) is replaced.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["pieces"] = _pieces
    environment.filters["link"] = link
    environment.filters["spell"] = spell
    environment.globals["count"] = count
    style = "\n".join(path.read_text(encoding="utf-8").strip() for path in (PAGE_STYLE, _STYLE))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return environment.get_template(template).render(style=Markup(style), digest=digest, **values)  # noqa: S704 - our own file


def link(address: str) -> str:
    """Return the address of a link to the web, or an empty text where it is none: then it is shown as text."""
    if not address.startswith("https://") or len(address) > _LONGEST_LINK:
        return ""
    return quote(visible(address), safe=":/?#@!$&*+,;=%~.-_")


def _shown(value: object) -> object:
    """Return a value as it is shown; what was escaped already stays."""
    return value if isinstance(value, Markup) else visible(str(value))


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the pieces of a text between its backticks, and of each whether it is code."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        yield False, text
        return
    yield from ((is_code, piece) for is_code, piece in zip(cycle((False, True)), pieces, strict=False) if piece)
