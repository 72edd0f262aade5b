"""`sla-sync remove`: all that was made on a target is undone."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.carrying_out import NamedTarget, Yes, confirmed, leave_with, target_of
from sla_sync.cli.options import FAILED, Form, Format, Today, answer, day, place_of, say
from sla_sync.cli.saved_plans import named_plan, save_plan, words_in

if TYPE_CHECKING:
    from sla_sync.pipeline.remove import Asked
    from sla_sync.places import Place
    from sla_sync.reconcile.remove import Departure


def remove(
    what: Annotated[
        Path | None,
        typer.Argument(metavar="PLAN | CONFIG", help="A plan saved with --plan --out, or a CONFIG with --target."),
    ] = None,
    *,
    target: NamedTarget = None,
    plan: Annotated[bool, typer.Option("--plan", help="Only show what would be done; writes nothing there.")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="With --plan: also save it, for `remove FILE`.")
    ] = None,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="With --plan: have the platform check it; takes the apply lock.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="With --plan: name every setting (text).")] = False,
    yes: Yes = False,
    ack: Annotated[
        list[str] | None, typer.Option("--ack", metavar="ID", help="Acknowledge one thing that the plan prints.")
    ] = None,
    keep: Annotated[
        list[str] | None,
        typer.Option("--keep", metavar="ADDRESS", help="Keep this setting and what it needs, without our mark."),
    ] = None,
    form: Form = Format.TEXT,
    today: Today = None,
) -> None:
    """Undo all that was made on a target, and put back what it displaced.

    Fields that hold data stay unless --ack names them. See docs/leaving.md.
    """
    from sla_sync.pipeline.remove import Asked, plan_removal

    saved = named_plan(what, of="remove")
    name = target_of(saved, target, of="remove")
    if (out or rehearse or full) and not plan:
        raise typer.BadParameter("--out, --rehearse and --full go with --plan.", param_hint="--plan")
    if saved is not None and (plan or ack or keep or target not in {None, name}):
        raise typer.BadParameter("a saved plan says itself what it is about.", param_hint="PLAN")
    place = place_of(Path(str(saved["config"])) if saved is not None else what)
    asked = Asked(_said(saved, "acknowledged", ack), _said(saved, "keep", keep))
    if plan:
        found = plan_removal(place, name, environ=os.environ, asked=asked, today=day(today), rehearse=rehearse, say=say)
        _show(found, asked, form, place, out=out, full=full)
    else:
        _carry_out(place, name, asked, saved, form, day(today), ask=not yes)


def _show(found: Departure, asked: Asked, form: Format, place: Place, *, out: Path | None, full: bool) -> None:
    from sla_sync.render import remove as render

    if out is not None:
        save_plan(out, render.departure_as_plain(found, acknowledged=asked.acknowledged, keep=asked.keep), place)
    match form:
        case Format.JSON:
            answer(render.departure_as_json(found))
        case Format.MARKDOWN:
            answer(render.departure_as_markdown(found))
        case Format.TEXT:
            answer(render.departure_as_text(found, saved=str(out) if out else None, full=full))
    if found.plan.refused or found.plan.unreadable:
        raise typer.Exit(FAILED)


def _carry_out(
    place: Place,
    name: str,
    asked: Asked,
    saved: dict[str, object] | None,
    form: Format,
    today: date | None,
    *,
    ask: bool,
) -> None:
    from sla_sync.pipeline.remove import remove as carry_out
    from sla_sync.render import remove as render
    from sla_sync.render.diagnostics import findings_as_text

    def confirm(found: Departure) -> bool:
        if saved is not None or not ask:
            return True
        return confirmed(
            render.departure_as_text(found),
            f"Remove this from {name}?",
            refusal=f"Nothing was removed from {name}",
            hint="Add --yes, or save the plan with `remove --plan --out FILE` and remove that file.",
        )

    removed = carry_out(
        place, name, environ=os.environ, asked=asked, today=today, agreed_plan=saved, confirm=confirm, say=say
    )
    if removed.warnings:
        say(findings_as_text(removed.warnings))
    if form is Format.JSON:
        answer(json.dumps(render.removed_as_plain(removed.departure, removed.result), indent=2, ensure_ascii=False))
    else:
        answer(render.removed_as_text(removed.departure, removed.result))
    leave_with(removed.result)


def _said(saved: dict[str, object] | None, member: str, given: list[str] | None) -> frozenset[str]:
    """Return what is asked for: of a saved plan what it says, else what stands on the command line."""
    return frozenset(given or () if saved is None else words_in(saved, member))
