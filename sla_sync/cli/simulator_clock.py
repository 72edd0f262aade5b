"""`sla-sync simulator clock`: what time it is on a simulator, and letting time pass there."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Form, Format, answer, place_of
from sla_sync.conventions import FORMAT_VERSION, STATE_FOLDER
from sla_sync.errors import SlaSyncError

if TYPE_CHECKING:
    from sla_sync.pipeline.simulator_clock import Kept, Served, Until
    from sla_sync.places import Place
    from sla_sync.semantics.calendar import BusinessCalendar


def clock(
    *,
    platform: Annotated[
        str | None,
        typer.Argument(metavar="PLATFORM", help="salesforce or hubspot; or say --target.", show_default=False),
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", "-t", metavar="T", help="A target on a simulator.", show_default=False)
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option("--config", metavar="CONFIG", help="Whose targets, zone and hours.", show_default=False),
    ] = None,
    instant: Annotated[
        str | None,
        typer.Option("--set", metavar="TIME", help="Let it run until 2026-10-02T09:05, in the zone of the agreement."),
    ] = None,
    advance: Annotated[
        str | None, typer.Option("--advance", metavar="DURATION", help="Let it run for `2 days`, `3 business hours` …")
    ] = None,
    data: Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where it keeps its state.")] = None,
    url: Annotated[str | None, typer.Option("--url", metavar="URL", help="Where it is served.")] = None,
    token: Annotated[
        str, typer.Option("--token", metavar="NAME", help="The environment variable with the token of --url.")
    ] = "SIMULATOR_TOKEN",  # noqa: S107 - the name of a variable
    ca: Annotated[Path | None, typer.Option("--ca", metavar="FILE", help="The certificate of --url.")] = None,
    form: Form = Format.TEXT,
) -> None:
    """Show the virtual clock of a simulator, or let it run.

    What falls due on the way happens, in its order: scheduled paths of flows, notices, reassignments.
    """
    from sla_sync.pipeline.simulator_clock import Kept, Served, clock_of, run_clock

    if (platform is None) == (target is None):
        raise typer.BadParameter("name a platform, or a target with --target.", param_hint="PLATFORM")
    if instant is not None and advance is not None:
        raise typer.BadParameter("say --set or --advance, and not both.", param_hint="--set")
    where: Served | Kept
    if target is not None:
        where = clock_of(place_of(config), target, os.environ)
    elif url is not None:
        where = Served(url, _from_environment(token), ca)
    else:
        name = platform or ""
        where = Kept(name, data or Path(STATE_FOLDER) / f"served-{name}", _start(config))
    hours = _hours(config)
    now = run_clock(where, _until(hours, instant, advance))
    local = now.astimezone(hours.zone)
    if form is Format.JSON:
        answer(json.dumps({"format_version": FORMAT_VERSION, "now": now.isoformat(), "local": local.isoformat()}))
    else:
        answer(f"{local:%a %Y-%m-%d %H:%M:%S} {hours.zone.key} ({now:%Y-%m-%d %H:%M:%S} UTC)")


def _until(hours: BusinessCalendar, instant: str | None, advance: str | None) -> Until:
    if advance is not None:
        from sla_sync.agreement.durations import parse_duration
        from sla_sync.agreement.formats import FormatError
        from sla_sync.pipeline.simulator_clock import after

        try:
            return after(hours, parse_duration(advance))
        except FormatError as error:
            raise typer.BadParameter(f"{error.message} {error.hint}", param_hint="--advance") from None
    if instant is None:
        return lambda _: None
    try:
        asked = datetime.fromisoformat(instant)
    except ValueError:
        message = f"'{instant}' is not a time; write it as 2026-10-02T09:05."
        raise typer.BadParameter(message, param_hint="--set") from None
    until = (asked if asked.tzinfo else asked.replace(tzinfo=hours.zone)).astimezone(UTC)
    return lambda _: until


def _hours(config: Path | None) -> BusinessCalendar:
    from sla_sync.pipeline.simulator_clock import hours_of, no_hours

    place = _place(config)
    return no_hours() if place is None else hours_of(place)


def _start(config: Path | None) -> datetime:
    from sla_sync.pipeline.validate import effective_day

    place = _place(config)
    day = effective_day(place) if place else None
    return datetime.combine(day, time(), UTC) if day else datetime.now(UTC)


def _place(config: Path | None) -> Place | None:
    try:
        return place_of(config)
    except SlaSyncError:
        if config is not None:
            raise
        return None


def _from_environment(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise SlaSyncError(
            f"The token of the simulator is taken from the environment variable {name}, which is not set.",
            hint=f"Set {name} to the token that `sla-sync simulator serve` printed.",
        )
    return found
