"""Every command with its arguments; what a command does stands in `pipeline`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from sla_sync.cli.authoring import fmt, upgrade
from sla_sync.cli.clock import clock
from sla_sync.cli.consistency import consistency
from sla_sync.cli.coverage import coverage
from sla_sync.cli.doctor import doctor
from sla_sync.cli.explaining import explain
from sla_sync.cli.init import init
from sla_sync.cli.options import Config, Form, Format, Kind, Target, Today, answer, day, place_of, say
from sla_sync.cli.rules import rules
from sla_sync.cli.simulator_clock import clock as simulator_clock
from sla_sync.cli.validate import validate
from sla_sync.cli.why import why
from sla_sync.errors import RefusedError, SlaSyncError

app = typer.Typer(
    name="sla-sync",
    help="The agreement between marketing and sales as a file: validated, planned, applied and audited.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    epilog="Exit codes: 0 done or in sync · 1 failed or invalid · 2 usage · 3 differences · 4 refused by a guard.",
)
simulators = typer.Typer(
    help="Serve a local double of a platform, and let time pass there.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(simulators, name="simulator")

FAILED, DIFFERENT, REFUSED = 1, 3, 4
_WORST_FIRST = (FAILED, REFUSED, DIFFERENT)


def _version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        answer(f"sla-sync {version('sla-sync')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda value: _version(wanted=value), is_eager=True
        ),
    ] = False,
) -> None:
    """Keep what marketing and sales agreed true in Salesforce and HubSpot."""
    del version


for command in (init, validate, explain, coverage, why, clock, consistency, doctor, fmt, upgrade, rules):
    app.command()(command)


@app.command()
def build(
    config: Config = None,
    platform: Annotated[str, typer.Option("--platform", "-p", help="The connector: salesforce or hubspot.")] = ...,  # type: ignore[assignment]
    form: Annotated[str, typer.Option("--format", "-f", help="source or mdapi (Salesforce), json (both).")] = "json",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", help="A folder that is new or empty.", show_default=False),
    ] = None,
    merge_with: Annotated[
        Path | None,
        typer.Option("--merge-with", metavar="DIR", help="A team's own source tree instead.", show_default=False),
    ] = None,
    today: Today = None,
) -> None:
    """Write files for another pipeline; works offline.

    Salesforce: a source or mdapi tree for a DX project. HubSpot: the bodies of the requests, one per file.
    """
    from sla_sync.files import read_tree, write_into, write_tree
    from sla_sync.pipeline.build import build as make
    from sla_sync.pipeline.build import commit_of
    from sla_sync.pipeline.build import merge_with as merge

    place = place_of(config)
    if (out is None) == (merge_with is None):
        raise typer.BadParameter("name a folder with --out, or a source tree with --merge-with.", param_hint="--out")
    if merge_with is not None:
        files = merge(read_tree(merge_with), place, platform=platform, today=day(today), commit=commit_of(place.folder))
        write_into(merge_with, files)
        answer(f"{len(files)} files of {merge_with} are new or different.")
        return
    assert out is not None  # noqa: S101 - one of the two is there
    files = make(place, platform=platform, form=form, today=day(today), commit=commit_of(place.folder))
    write_tree(out, files)
    answer(f"{len(files)} files written to {out}.")


@app.command()
def plan(
    target: Target,
    config: Config = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Also save the plan, for `apply FILE`.")
    ] = None,
    form: Form = Format.TEXT,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Leave with 3 where there are changes.")] = False,
    rehearse: Annotated[
        bool, typer.Option("--rehearse", help="Have the platform itself check the changes; takes the apply lock.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show every value of what is created too (text).")] = False,
    today: Today = None,
) -> None:
    """Show what apply would do; writes nothing there.

    Also what no API can do, as numbered manual steps.
    """
    from sla_sync.diagnostics import errors_in
    from sla_sync.files import write_atomically
    from sla_sync.pipeline.plan import plan as make
    from sla_sync.render import plan as render

    place = place_of(config)
    made = make(place, target, environ=os.environ, today=day(today), rehearse=rehearse, say=say)
    if out is not None:
        saved = {**render.plan_as_plain(made), "config": place.agreement.as_posix()}
        write_atomically(out, (json.dumps(saved, indent=2, ensure_ascii=False) + "\n").encode())
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


@app.command()
def apply(
    what: Annotated[
        Path | None,
        typer.Argument(metavar="[PLAN | CONFIG]", help="A plan saved with --out, or a CONFIG with --target."),
    ] = None,
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

    saved = _saved_plan(what) if what is not None and what.suffix == ".json" else None
    config = Path(str(saved["config"])) if saved is not None else what
    name = str(saved["target"]) if saved is not None else target
    if name is None:
        raise typer.BadParameter("apply never guesses a target; name one, or a saved plan.", param_hint="--target")
    if saved is not None and target not in {None, name}:
        raise typer.BadParameter(f"the saved plan is for '{name}'.", param_hint="--target")
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


def _saved_plan(path: Path) -> dict[str, object]:
    """Return a saved plan. Raises SlaSyncError where the file is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SlaSyncError(f"{path} does not exist.", hint="Save a plan with `plan --out FILE`.") from None
    except (OSError, ValueError) as error:
        raise SlaSyncError(
            f"{path} is not a saved plan: {error}.", hint="Save it again with `plan --out FILE`."
        ) from None
    needed = {"config", "target", "agreement_digest", "fingerprint", "changes", "format_version"}
    if not isinstance(found, dict) or needed - found.keys():
        raise SlaSyncError(f"{path} is not a saved plan.", hint="Save it again with `plan --out FILE`.")
    if found["format_version"] != 1:
        raise SlaSyncError(
            f"{path} has format version {found['format_version']}; this release reads 1.",
            hint="Plan again with this release.",
        )
    return found


@app.command()
def drift(
    config: Config = None,
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


@app.command()
def schema(
    kind: Annotated[Kind, typer.Option("--kind", "-k", help="The kind of document.")] = Kind.AGREEMENT,
) -> None:
    """Print the JSON Schema of a kind of document."""
    from sla_sync.agreement.schema import schema as describe

    answer(json.dumps(describe(kind), indent=2, ensure_ascii=False))


@app.command()
def demo() -> None:
    """Play the whole story on the two simulators.

    Validate, plan, apply, plan again, an administrator's edits, drift.
    """
    from sla_sync.demo import run

    raise typer.Exit(run(place_of(None), say=answer))


simulators.command(name="clock")(simulator_clock)


@simulators.command()
def serve(
    platform: Annotated[str, typer.Option("--platform", "-p", help="The connector: salesforce or hubspot.")],
    port: Annotated[int, typer.Option("--port", help="0 takes a free one.", min=0, max=65535)] = 0,
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Where it keeps its state.", show_default=False)
    ] = None,
    record: Annotated[
        Path | None, typer.Option("--record", metavar="FILE", help="Write one JSON line per request, without secrets.")
    ] = None,
    clock: Annotated[
        str | None,
        typer.Option("--clock", metavar="DATE", help="Where its clock starts in an empty folder.", show_default=False),
    ] = None,
) -> None:
    """Serve a simulator on loopback until SIGTERM or Ctrl-C; prints one JSON line when it is ready."""
    from sla_sync.cli.serving import serve_until_stopped

    serve_until_stopped(platform, port=port, data=data, record=record, start=day(clock))
