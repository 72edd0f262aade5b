"""`sla-sync apply`: a target becomes what the agreement says."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.carrying_out import NamedTarget, Yes, confirmed, leave_with, target_of
from sla_sync.cli.options import Form, Format, Only, Today, answer, day, place_of, say
from sla_sync.cli.saved_plans import named_plan, words_in


def apply(
    what: Annotated[
        Path | None,
        typer.Argument(metavar="PLAN | CONFIG", help="A plan saved with --out, or a CONFIG with --target."),
    ] = None,
    *,
    target: NamedTarget = None,
    yes: Yes = False,
    ack: Annotated[
        list[str] | None, typer.Option("--ack", metavar="ID", help="Acknowledge one thing that a guard refuses.")
    ] = None,
    backfill: Annotated[
        bool, typer.Option("--backfill", help="Also bring records under the agreement that were there before it.")
    ] = False,
    only: Only = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Make a target what the agreement says.

    Exactly a saved plan, which is refused where the world moved since, or what would be planned now.
    """
    from sla_sync.pipeline.apply import apply as carry_out
    from sla_sync.pipeline.build import commit_of
    from sla_sync.reconcile.plan import Plan
    from sla_sync.render import plan as render
    from sla_sync.render.diagnostics import findings_as_text

    saved = named_plan(what, of="apply")
    config = Path(str(saved["config"])) if saved is not None else what
    name = target_of(saved, target, of="apply")
    if saved is not None and target not in {None, name}:
        raise typer.BadParameter(f"the saved plan is for '{name}'.", param_hint="--target")
    if saved is not None and only:
        raise typer.BadParameter("a saved plan says itself what it is about.", param_hint="--only")
    place = place_of(config)

    def confirm(made: Plan) -> bool:
        if yes or saved is not None:
            return True
        return confirmed(
            render.plan_as_text(made),
            f"Apply this to {name}?",
            refusal=f"Nothing was applied to {name}",
            hint="Add --yes, or save the plan with `plan --out FILE` and apply that file.",
        )

    applied = carry_out(
        place,
        name,
        environ=os.environ,
        today=day(today),
        acknowledged=ack or (),
        agreed_plan=saved,
        confirm=confirm,
        backfill=backfill,
        only=words_in(saved, "only") if saved is not None else only or (),
        commit=commit_of(place.folder),
        say=say,
    )
    if applied.warnings:
        say(findings_as_text(applied.warnings))
    if form is Format.JSON:
        told = {**render.result_as_plain(applied.plan, applied.result), "backfill": list(applied.backfilled)}
        answer(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        answer("\n".join((render.result_as_text(applied.plan, applied.result), *applied.backfilled)))
    leave_with(applied.result)
