"""`sla-sync apply`: a target becomes what the agreement says."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.options import FAILED, Form, Format, Only, Today, answer, day, place_of, say
from sla_sync.errors import RefusedError, SlaSyncError


def apply(
    what: Annotated[
        Path | None,
        typer.Argument(metavar="[PLAN | CONFIG]", help="A plan saved with --out, or a CONFIG with --target."),
    ] = None,
    *,
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="T", help="A target of targets.yaml; never guessed.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
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

    saved = saved_plan(what) if what is not None and what.suffix == ".json" else None
    config = Path(str(saved["config"])) if saved is not None else what
    name = str(saved["target"]) if saved is not None else target
    if name is None:
        raise typer.BadParameter("apply never guesses a target; name one, or a saved plan.", param_hint="--target")
    if saved is not None and target not in {None, name}:
        raise typer.BadParameter(f"the saved plan is for '{name}'.", param_hint="--target")
    if saved is not None and only:
        raise typer.BadParameter("a saved plan says itself what it is about.", param_hint="--only")
    place = place_of(config)

    def confirm(made: Plan) -> bool:
        if yes or saved is not None:
            return True
        say(render.plan_as_text(made))
        if not sys.stdin.isatty():
            raise RefusedError(
                f"Nothing was applied to {name}: nobody is there to confirm the plan.",
                hint="Add --yes, or save the plan with `plan --out FILE` and apply that file.",
            )
        return typer.confirm(f"Apply this to {name}?", err=True)

    applied = carry_out(
        place,
        name,
        environ=os.environ,
        today=day(today),
        acknowledged=ack or (),
        agreed_plan=saved,
        confirm=confirm,
        backfill=backfill,
        only=_only(saved) if saved is not None else only or (),
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
    if applied.result is not None and not applied.result.complete:
        if applied.result.error is not None:
            raise applied.result.error
        raise typer.Exit(FAILED)


def _only(saved: Mapping[str, object]) -> tuple[str, ...]:
    """Return the settings that a saved plan is about; none where it is about all."""
    only = saved.get("only", ())
    return tuple(map(str, only)) if isinstance(only, list) else ()


def _is_plan(found: Mapping[str, object]) -> bool:
    """Return whether what is compared with the plan of today has the shape that a saved plan has."""
    then, planned = found["fingerprint"], found["changes"]
    return (
        isinstance(then, dict)
        and isinstance(then.get("overall"), str)
        and all(isinstance(then.get(each), dict) for each in ("settings", "containers"))
        and isinstance(planned, list)
        and all(isinstance(each, dict) and {"action", "address"} <= each.keys() for each in planned)
    )


def saved_plan(path: Path, *, of: str = "apply") -> dict[str, object]:
    """Return a saved plan of one of the two commands that carry one out. Raises SlaSyncError where the file is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SlaSyncError(f"{path} does not exist.", hint="Save a plan with `plan --out FILE`.") from None
    except (OSError, ValueError, RecursionError) as error:
        raise SlaSyncError(
            f"{path} is not a saved plan: {error}.", hint="Save it again with `plan --out FILE`."
        ) from None
    needed = {"config", "target", "agreement_digest", "fingerprint", "changes", "format_version"}
    if not isinstance(found, dict) or needed - found.keys() or not _is_plan(found):
        raise SlaSyncError(f"{path} is not a saved plan.", hint="Save it again with `plan --out FILE`.")
    if found["format_version"] != 1:
        raise SlaSyncError(
            f"{path} has format version {found['format_version']}; this release reads 1.",
            hint="Plan again with this release.",
        )
    meant = "remove" if "kept" in found else "apply"
    if meant != of:
        raise SlaSyncError(f"{path} is a plan for {meant}.", hint=f"Carry it out with `sla-sync {meant} {path}`.")
    return found
