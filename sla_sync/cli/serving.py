"""`simulator serve`: a simulator in the foreground, ready when its one line is on stdout."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import UTC, date, datetime, time
from pathlib import Path

from sla_sync.cli.options import answer, place_of
from sla_sync.connector.simulation import serve
from sla_sync.conventions import STATE_FOLDER
from sla_sync.errors import SlaSyncError
from sla_sync.registry import load_connector


def serve_until_stopped(
    platform: str, *, port: int, data: Path | None, record: Path | None, start: date | None
) -> None:
    """Serve until SIGTERM or SIGINT; the state stays in the data folder."""
    connector = load_connector(platform)
    if connector.simulator is None:
        raise SlaSyncError(f"Connector '{platform}' ships no simulator.", hint="Choose another platform.")
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    folder = data or Path(STATE_FOLDER) / f"served-{platform}"
    clock = datetime.combine(start or _effective_day(), time(), tzinfo=UTC)
    with serve(connector.simulator(), folder, clock=clock, port=port, record=record) as running:
        ready = {
            "platform": platform,
            "url": running.url,
            "token": running.token,
            "ca": str(running.ca.resolve()) if running.ca else None,
            "pid": os.getpid(),
        }
        answer(json.dumps(ready))
        sys.stdout.flush()
        stop.wait()


def _effective_day() -> date:
    """Return the first effective day of the nearest agreement, or today where there is none."""
    from sla_sync.pipeline.validate import effective_day

    try:
        return effective_day(place_of(None)) or datetime.now(UTC).date()
    except SlaSyncError:
        return datetime.now(UTC).date()
