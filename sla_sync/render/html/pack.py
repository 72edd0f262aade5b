"""The weekly pack as a page for a browser: one file with its pictures in it, without script, for screen, phone and paper."""

from __future__ import annotations

from itertools import count

from markupsafe import Markup

from sla_sync.render.charts import svg_of
from sla_sync.render.html.page import rendered
from sla_sync.render.pack.document import Page, kind_of
from sla_sync.render.pack.pictures import Picture


def report_of_page(page: Page) -> str:
    """Return the document of a pack as an HTML page."""
    numbers = count(1)

    def picture(found: Picture) -> Markup:
        return Markup(svg_of(found, f"p{next(numbers)}-"))  # noqa: S704 - cleaned to shapes and escaped texts

    return rendered("pack.html.j2", pack=page, kind_of=kind_of, picture=picture)
