"""Every command with its arguments; what a command does stands in `pipeline`."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import copy
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
import typer.main
from typer.models import CommandInfo

from sla_sync.cli.accept import accept
from sla_sync.cli.adopt import adopt
from sla_sync.cli.apply import apply
from sla_sync.cli.authoring import fmt, upgrade
from sla_sync.cli.baseline import baseline
from sla_sync.cli.build import build
from sla_sync.cli.clock import clock
from sla_sync.cli.codeowners import codeowners
from sla_sync.cli.comment import comment
from sla_sync.cli.consistency import consistency
from sla_sync.cli.coverage import coverage
from sla_sync.cli.dispute import dispute
from sla_sync.cli.doctor import doctor
from sla_sync.cli.drift import drift
from sla_sync.cli.explaining import explain
from sla_sync.cli.export import export
from sla_sync.cli.forecast import forecast
from sla_sync.cli.init import init
from sla_sync.cli.notify import notify
from sla_sync.cli.options import Kind, Platform, answer, day, place_of
from sla_sync.cli.pack import report
from sla_sync.cli.plan import plan
from sla_sync.cli.remove import remove
from sla_sync.cli.replay import replay
from sla_sync.cli.review import review
from sla_sync.cli.rules import rules
from sla_sync.cli.sign import sign
from sla_sync.cli.simulator_clock import clock as simulator_clock
from sla_sync.cli.simulator_history import history as simulator_history
from sla_sync.cli.sql import sql
from sla_sync.cli.validate import validate
from sla_sync.cli.why import why

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


def _version(*, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        answer(f"sla-sync {version('sla-sync')}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda value: _version(wanted=value), is_eager=True
        ),
    ] = False,
) -> None:
    """Keep what marketing and sales agreed true in Salesforce and HubSpot."""
    del version


_COMMANDS = (
    init,
    validate,
    explain,
    review,
    replay,
    comment,
    build,
    plan,
    apply,
    sign,
    codeowners,
    drift,
    notify,
    accept,
    adopt,
    coverage,
    why,
    clock,
    consistency,
    export,
    baseline,
    forecast,
    report,
    sql,
    dispute,
    doctor,
    remove,
    fmt,
    upgrade,
    rules,
)
for command in _COMMANDS:
    app.command()(command)


def commands(only: str | None = None) -> Callable[..., Any]:
    """Return what runs commands: the one of a name where that is known, else all, which say which there are."""
    return _put_together(only if only in {_name(each) for each in app.registered_commands} else None)


@cache
def _put_together(only: str | None) -> Callable[..., Any]:
    """Return what runs one command, or all: these take a fortieth of a second, and a process may run several."""
    chosen = copy(app)
    if only is not None:
        chosen.registered_commands = [each for each in app.registered_commands if _name(each) == only]
        chosen.registered_groups = []
    return typer.main.get_command(chosen)


def _name(command: CommandInfo) -> str:
    return command.callback.__name__ if command.callback is not None else ""


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
simulators.command(name="history")(simulator_history)


@simulators.command()
def serve(
    platform: Platform,
    port: Annotated[int, typer.Option("--port", metavar="NUMBER", help="0 takes a free one.", min=0, max=65535)] = 0,
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
    faults: Annotated[
        str | None,
        typer.Option(
            "--faults",
            metavar="FILE|SEED",
            help="Let requests fail: by a script, or by chance as in seed=7,rate=0.05.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Serve a simulator on loopback until SIGTERM or Ctrl-C; prints one JSON line when it is ready."""
    from sla_sync.cli.serving import serve_until_stopped

    serve_until_stopped(platform, port=port, data=data, record=record, start=day(clock), faults=faults)
