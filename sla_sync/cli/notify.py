"""`sla-sync notify`: tell the channels what the last audits found, such as what quiet hours held back."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import typer

from sla_sync.cli.options import FAILED, say
from sla_sync.cli.places import Configs, History
from sla_sync.places import Place


def notify(config: Configs = None, *, history: History = None) -> None:
    """Tell the channels of channels.yaml what the last audits found; audits nothing.

    What quiet hours held back, what could not be told before, and a heartbeat that is due.

    Exit code 1 where a channel could not be told.
    """
    from sla_sync.pipeline.night import places_of

    places = places_of(config or (), here=Path.cwd())
    codes = tell_channels(places, history or places[0].state / "audits.sqlite", ran=False)
    raise typer.Exit(max(codes, default=0))


def tell_channels(places: Sequence[Place], database: Path, *, ran: bool) -> set[int]:
    """Tell every channel, say how it went, and return the exit codes that it asks for."""
    from sla_sync.cli import complain
    from sla_sync.errors import SlaSyncError
    from sla_sync.pipeline.notices import notify as tell

    codes = set()
    for each in tell(places, database, environ=os.environ, now=datetime.now(UTC), ran=ran):
        if isinstance(each, SlaSyncError):
            complain(each)
            codes.add(FAILED)
        else:
            say(each)
    return codes
