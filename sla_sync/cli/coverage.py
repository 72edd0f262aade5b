"""`sla-sync coverage`: every line of the agreement and how it is held."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Today, answer, day, place_of


def coverage(
    *,
    config: Config = None,
    target: Annotated[
        str | None,
        typer.Option("--target", "-t", metavar="T", help="A target; every binding if left out.", show_default=False),
    ] = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Show how each line of the agreement is held; works offline.

    Documented, recorded, enforced, measured, alerted: by which settings, or by a numbered manual step.
    """
    from sla_sync.pipeline.coverage import coverage as cover
    from sla_sync.render import coverage as render

    found = cover(place_of(config), target, today=day(today))
    match form:
        case Format.TEXT:
            answer("\n\n".join(render.coverage_as_text(each.coverage, each.source.locate_key) for each in found))
        case Format.MARKDOWN:
            answer("\n\n".join(render.coverage_as_markdown(each.coverage, each.source.locate_key) for each in found))
        case Format.JSON:
            plain = [render.coverage_as_plain(each.coverage, each.source.locate_key) for each in found]
            answer(json.dumps(plain[0] if len(plain) == 1 else plain, indent=2, ensure_ascii=False))
