"""The virtual clock of a simulator: read it, set it, let it run for so long."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path

from pydantic import BaseModel, SecretStr

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.connector import Connector
from sla_sync.connector.simulation import serve
from sla_sync.connector.simulation.control import served_clock
from sla_sync.errors import SlaSyncError, TargetError
from sla_sync.pipeline.look import choose_target
from sla_sync.pipeline.validate import read
from sla_sync.places import Place
from sla_sync.registry import load_connector
from sla_sync.semantics.calendar import BusinessCalendar, wall_clock
from sla_sync.semantics.calendars import calendars_of
from sla_sync.semantics.holidays import CalendarError
from sla_sync.targets import resolve_options

Until = Callable[[datetime], datetime | None]
"""From the present time of a clock to the instant until which it runs; None leaves it alone."""


@dataclass(frozen=True)
class Served:
    """Where a simulator is served."""

    url: str
    token: str
    ca: Path | None = None


@dataclass(frozen=True)
class Kept:
    """Where an embedded simulator keeps its state, and where its clock starts in an empty folder."""

    platform: str
    data: Path
    start: datetime


def run_clock(where: Served | Kept, until: Until) -> datetime:
    """Return the time of a simulator in UTC, after its clock ran as far as asked.

    Raises SlaSyncError where the simulator cannot be reached, its folder is in use, or the time lies behind it.
    """
    if isinstance(where, Served):
        now = served_clock(where.url, where.token, where.ca)
        asked = until(now)
        return now if asked is None else served_clock(where.url, where.token, where.ca, asked)
    simulator = load_connector(where.platform).simulator
    if simulator is None:
        raise SlaSyncError(f"Connector '{where.platform}' ships no simulator.", hint="Choose another platform.")
    with serve(simulator(), where.data, clock=where.start) as running:
        asked = until(running.now)
        if asked is not None:
            _run(running.run_until, asked)
        return running.now


def _run(run_until: Callable[[datetime], None], instant: datetime) -> None:
    try:
        run_until(instant)
    except ValueError as error:
        raise SlaSyncError(str(error), hint="Name a later time; the clock of a simulator only runs on.") from None


def clock_of(place: Place, target: str, environ: Mapping[str, str]) -> Served | Kept:
    """Return where the simulator of a target is. Raises TargetError where the target is none."""
    documents = read(place)
    chosen = choose_target(documents, target)
    if chosen.simulator:
        start = documents.usable.metadata.effective.start
        return Kept(chosen.connector, place.state / target / "simulator", datetime.combine(start, time(), tzinfo=UTC))
    if not chosen.simulator_said:
        raise TargetError(
            f"Target '{target}' is no simulator, and no other platform has a clock that can be set.",
            hint="Name a target that says `simulator`.",
        )
    return _served(target, chosen.options, load_connector(chosen.connector), environ)


def _served(target: str, options: Mapping[str, object], connector: Connector, environ: Mapping[str, str]) -> Served:
    found: BaseModel = resolve_options(target, options, connector.options, environ)
    url, token, ca = (getattr(found, name, None) for name in ("url", "token", "ca"))
    if not url or not isinstance(token, SecretStr):
        raise TargetError(
            f"Target '{target}' does not say where its simulator is served.",
            hint="Give it url and token: what `sla-sync simulator serve` printed.",
        )
    return Served(str(url), token.get_secret_value(), Path(str(ca)) if ca else None)


def hours_of(place: Place) -> BusinessCalendar:
    """Return the main calendar of an agreement, in whose hours and zone a clock is told to run.

    Raises SlaSyncError where the agreement cannot be read.
    """
    agreement = read(place).usable
    try:
        return calendars_of(agreement, files=read_holiday_files(agreement, place.folder).texts).main
    except CalendarError as error:
        raise SlaSyncError(error.message, hint=error.hint) from None


def no_hours() -> BusinessCalendar:
    """Return the calendar that counts where there is no agreement: it never closes."""
    return wall_clock()


def after(calendar: BusinessCalendar, duration: Duration) -> Until:
    """Return what lets a clock run for so long, in business time where the duration says so."""

    def until(now: datetime) -> datetime:
        try:
            return calendar.add(now, duration)
        except CalendarError as error:
            raise SlaSyncError(error.message, hint=error.hint) from None

    return until
