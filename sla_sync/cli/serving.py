"""`simulator serve`: a simulator in the foreground, ready when its one line is on stdout."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Collection
from datetime import UTC, date, datetime, time
from pathlib import Path

from sla_sync.cli.options import answer, place_of
from sla_sync.connector.simulation import serve
from sla_sync.connector.simulation.schedules import Trouble, read_script, read_seed
from sla_sync.connector.simulation.trouble import TRANSPORT
from sla_sync.conventions import STATE_FOLDER
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.registry import load_connector


def serve_until_stopped(
    platform: str, *, port: int, data: Path | None, record: Path | None, start: date | None, faults: str | None
) -> None:
    """Serve until SIGTERM or SIGINT, with these faults, a script or a seed; the state stays in the data folder."""
    connector = load_connector(platform)
    if connector.simulator is None:
        raise SlaSyncError(f"Connector '{platform}' ships no simulator.", hint="Choose another platform.")
    simulator = connector.simulator()
    trouble = _trouble(faults, (*TRANSPORT, *simulator.faults)) if faults else None
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())
    folder = data or Path(STATE_FOLDER) / f"served-{platform}"
    clock = datetime.combine(start or _effective_day(), time(), tzinfo=UTC)
    with serve(simulator, folder, clock=clock, port=port, record=record) as running:
        running.trouble = trouble
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


def _trouble(said: str, known: Collection[str]) -> Trouble:
    """Return the faults of a script, or of a seed where there is no such file. Raises SlaSyncError."""
    from sla_sync.agreement.source import read_source

    path = Path(said)
    if not path.is_file():
        return read_seed(said, known)
    source = read_source(path, root=path.parent)
    if source.diagnostics:
        raise DocumentError(f"The script of faults {said} cannot be read.", tuple(source.diagnostics))
    return read_script(source.data, known, where=said)


def _effective_day() -> date:
    """Return the first effective day of the nearest agreement, or today where there is none."""
    from sla_sync.pipeline.validate import effective_day

    try:
        return effective_day(place_of(None)) or datetime.now(UTC).date()
    except SlaSyncError:
        return datetime.now(UTC).date()
