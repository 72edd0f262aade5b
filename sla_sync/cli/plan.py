"""`sla-sync plan`: what apply would do."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import (
    DIFFERENT,
    FAILED,
    Config,
    Form,
    Format,
    Only,
    Target,
    Today,
    Trust,
    answer,
    day,
    place_of,
    say,
)
from sla_sync.cli.saved_plans import save_plan


def plan(
    target: Target,
    config: Config = None,
    *,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Also save the plan, for `apply FILE`.")
    ] = None,
    form: Form = Format.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Leave with 3 where there are changes.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Have the platform itself check the changes; takes the apply lock.")
    ] = False,
    only: Only = None,
    trust: Trust = None,
    full: Annotated[bool, typer.Option("--full", help="Show every value of what is created too (text).")] = False,
    today: Today = None,
) -> None:
    """Show what apply would do; writes nothing there.

    Also what no API can do, as numbered manual steps.
    """
    from sla_sync.diagnostics import errors_in
    from sla_sync.pipeline.plan import plan as make
    from sla_sync.pipeline.revisions import trusting
    from sla_sync.render import plan as render

    with trusting(place_of(config), trust, here=Path.cwd()) as place:
        made = make(place, target, environ=os.environ, today=day(today), rehearse=rehearse, only=only or (), say=say)
    if out is not None:
        save_plan(out, render.plan_as_plain(made), place)
    match form:
        case Format.JSON:
            answer(render.plan_as_json(made))
        case Format.MARKDOWN:
            answer(render.plan_as_markdown(made))
        case Format.TEXT:
            answer(render.plan_as_text(made, saved=str(out) if out else None, full=full))
    if errors_in(made.diagnostics) or made.unreadable:
        raise typer.Exit(FAILED)
    if exit_code and made.changes:
        raise typer.Exit(DIFFERENT)
