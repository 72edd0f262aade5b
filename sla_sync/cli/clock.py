"""`sla-sync clock`: find out when clocks fall due, for a platform that cannot reckon business time."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from sla_sync.cli.options import Config, Form, Format, Target, answer, place_of, say
from sla_sync.errors import LockedError, PlatformError

if TYPE_CHECKING:
    from sla_sync.places import Place

_FAILED = 1


def clock(
    target: Target,
    config: Config = None,
    every: Annotated[
        str | None,
        typer.Option("--every", metavar="DURATION", help="Go on, one run every `10 minutes` …", show_default=False),
    ] = None,
    form: Form = Format.TEXT,
) -> None:
    """Give everybody who asks the dates of the clocks that run; made for a scheduler.

    For a platform without business hours, such as HubSpot. Exit code 1 where somebody could not be answered.
    """
    place = place_of(config)
    if every is None:
        if not _run(place, target, form):
            raise typer.Exit(_FAILED)
        return
    pause = _seconds(every)
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    while not stop.is_set():
        try:
            _run(place, target, form)
        except (PlatformError, LockedError) as error:
            from sla_sync.cli import complain

            # The next run answers whoever waits until then.
            complain(error)
        stop.wait(pause)


def _run(place: Place, target: str, form: Format) -> bool:
    """Do one run, tell what came of it, and return whether everybody was answered."""
    from sla_sync.pipeline.timekeeping import keep_time
    from sla_sync.render import timekeeping as render

    kept = keep_time(place, target, environ=os.environ, say=say)
    tell = {Format.TEXT: render.kept_as_text, Format.MARKDOWN: render.kept_as_markdown}
    answer(tell.get(form, render.kept_as_json)(kept))
    return kept.complete


def _seconds(text: str) -> int:
    """Return how many seconds lie between two runs. Raises typer.BadParameter for what is no plain time."""
    from sla_sync.agreement.durations import parse_duration, seconds
    from sla_sync.agreement.formats import FormatError

    try:
        found = parse_duration(text)
    except FormatError as error:
        raise typer.BadParameter(f"{error.message} {error.hint}", param_hint="--every") from None
    length = None if found.business else seconds(found)
    if not length:
        message = f"'{text}' is no time that a scheduler can wait; write it as `10 minutes`."
        raise typer.BadParameter(message, param_hint="--every")
    return length
