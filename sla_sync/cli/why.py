"""`sla-sync why`: what became of one lead, and which line of the agreement decided it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import Form, Format, State, Target, Today, answer, day, place_of, say


def why(
    *,
    record: Annotated[str, typer.Argument(metavar="RECORD", help="The id of a lead, a contact or an assignment.")],
    target: Target,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="CONFIG", help="Whose agreement and targets.", show_default=False),
    ] = None,
    state: State = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Tell what became of one lead; writes nothing there.

    Its timeline, the clocks that ran and in which hours, what stopped them, and the line of the agreement that decided.
    """
    from sla_sync.pipeline.why import why as ask
    from sla_sync.render import why as render

    story, agreed = ask(place_of(config, state), record, target, environ=os.environ, today=day(today), say=say)
    tell = {Format.TEXT: render.why_as_text, Format.MARKDOWN: render.why_as_markdown}
    answer(tell.get(form, render.why_as_json)(story, agreed))
