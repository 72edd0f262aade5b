"""`sla-sync doctor`: everything that a connector relies on, and how it stands."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Target, answer, place_of, say


def doctor(
    target: Target,
    config: Config = None,
    *,
    to_apply: Annotated[
        bool, typer.Option("--to-apply", help="Examine the identity that applies, not the one of audit_as.")
    ] = False,
    form: Form = Format.TEXT,
) -> None:
    """Examine a target; writes nothing there.

    Session, permissions, edition, limits left, people. Exit code 1 where something is missing.
    """
    from sla_sync.connector import Standing
    from sla_sync.pipeline.doctor import doctor as examine
    from sla_sync.render import doctor as render

    found = examine(place_of(config), target, environ=os.environ, to_apply=to_apply, say=say)
    tell = {Format.TEXT: render.checkups_as_text, Format.MARKDOWN: render.checkups_as_markdown}
    answer(tell.get(form, render.checkups_as_json)(target, found))
    if any(each.standing is Standing.MISSING for each in found):
        raise typer.Exit(1)
