"""`sla-sync consistency`: whether two platforms that live one agreement tell one story."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Today, answer, day, place_of, say

_DIFFERENT = 3
_TWO = 2


def consistency(
    *,
    config: Config = None,
    target: Annotated[
        list[str] | None,
        typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml; say it twice.", show_default=False),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Count what nobody can tell as a difference.")] = False,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Hold two platforms of one agreement against each other; writes nothing there.

    Twelve points: vocabulary, numbers, writers, hours, people, rights … What no API tells, somebody vouches for.

    Exit code 3 where a point differs.
    """
    from sla_sync.consistency import Outcome
    from sla_sync.pipeline.consistency import consistency as check
    from sla_sync.render import consistency as render

    names = tuple(target or ())
    if len(names) != _TWO or names[0] == names[1]:
        raise typer.BadParameter("name two targets, each with --target.", param_hint="--target")
    found = check(place_of(config), (names[0], names[1]), environ=os.environ, today=day(today), say=say)
    tell = {Format.TEXT: render.consistency_as_text, Format.MARKDOWN: render.consistency_as_markdown}
    answer(tell.get(form, render.consistency_as_json)(found.targets, found.verdicts, found.locate))
    stopping = {Outcome.DIFFERS, Outcome.UNKNOWN} if strict else {Outcome.DIFFERS}
    if any(each.outcome in stopping for each in found.verdicts):
        raise typer.Exit(_DIFFERENT)
