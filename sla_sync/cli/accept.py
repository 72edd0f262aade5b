"""`sla-sync accept`: a finding of an audit that people live with until a day."""

from __future__ import annotations

import json
import os
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Target, Today, answer, day, place_of, say

_SET = "An apply still puts it right; another value there is a new finding."
_SEEN = "No apply puts it right; something else there is a new finding."
"""Of a setting, and of what was seen beside the settings."""


def accept(
    finding: Annotated[str, typer.Argument(metavar="ID", help="The finding, as `drift` names it: D-3f9a21.")],
    target: Target,
    because: Annotated[str, typer.Option("--because", metavar="TEXT", help="Why it may stay.")],
    until: Annotated[
        str, typer.Option("--until", metavar="DATE", help="The last day on which it may; at most a year from now.")
    ],
    config: Config = None,
    *,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar="ROLE", help="Who answers for it; needed where it touches a promise."),
    ] = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Accept a difference that drift found, until a day.

    Written to exceptions.yaml beside the agreement. Another value is a new finding; an apply still puts it right.
    """
    from sla_sync.pipeline.accept import Wish
    from sla_sync.pipeline.accept import accept as write
    from sla_sync.reconcile.drift import OBSERVED
    from sla_sync.render.drift_lines import one_line

    last = day(until, option="--until")
    if last is None:
        raise typer.BadParameter("name a day.", param_hint="--until")
    written = write(
        place_of(config),
        target,
        Wish(finding, because, last, by),
        environ=os.environ,
        today=day(today),
        say=say,
    )
    if form is Format.JSON:
        answer(json.dumps(written.entry.model_dump(mode="json"), indent=2, ensure_ascii=False))
        return
    answer(
        f"{written.entry.id} on {target} is accepted until {written.entry.until}: {one_line(written.finding.title)}.\n"
        f"Written to {written.file}. {_SEEN if written.finding.drift in OBSERVED else _SET}"
    )
