"""`sla-sync drift`: live settings against the agreement."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from sla_sync.cli.options import DIFFERENT, FAILED, REFUSED, Config, Form, Format, Today, answer, day, place_of, say
from sla_sync.errors import SlaSyncError

_WORST_FIRST = (FAILED, REFUSED, DIFFERENT)


def drift(
    config: Config = None,
    *,
    target: Annotated[
        list[str] | None, typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml; may be repeated.")
    ] = None,
    all_targets: Annotated[bool, typer.Option("--all-targets", help="Every target of this agreement.")] = False,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Audit live settings against the agreement.

    What changed, from what to what, who and when.

    Exit code 0 in sync or only not applied yet, 3 differences, 1 where a target could not be read.
    """
    from sla_sync.pipeline.drift import drift as audit
    from sla_sync.pipeline.look import targets_of
    from sla_sync.render import drift as render

    place = place_of(config)
    if bool(target) == all_targets:
        raise typer.BadParameter("name one or more with --target, or all with --all-targets.", param_hint="--target")
    names = targets_of(place) if all_targets else tuple(target or ())
    codes: set[int] = set()
    answers: list[object] = []
    for name in names:
        try:
            found = audit(place, name, environ=os.environ, today=day(today), say=say)
        except SlaSyncError as error:
            if len(names) == 1:
                raise
            from sla_sync.cli import complain

            complain(error)
            codes.add(error.exit_code)
            answers.append({"format_version": 1, "target": name, "error": error.message, "hint": error.hint})
            continue
        answers.append(render.drift_as_plain(found))
        if form is Format.TEXT:
            answer(render.drift_as_text(found))
        elif form is Format.MARKDOWN:
            answer(render.drift_as_markdown(found))
        codes |= {FAILED} if found.unreadable else set()
        codes |= {DIFFERENT} if found.drifted else set()
    if form is Format.JSON:
        answer(json.dumps(answers[0] if len(answers) == 1 else answers, indent=2, ensure_ascii=False))
    raise typer.Exit(next((code for code in _WORST_FIRST if code in codes), 0))
