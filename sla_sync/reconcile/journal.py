"""The journal: one line of JSON for each thing that apply did, on disk before the next thing is begun."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from sla_sync.errors import JournalError
from sla_sync.reconcile.settings import Outcome


@dataclass
class Journal:
    """An open journal; `path` is where it is kept."""

    path: Path
    stream: TextIO
    now: Callable[[], datetime]

    def write(self, event: str, **facts: object) -> None:
        """Append one line and wait until it is on disk. Raises JournalError, for example on a full disk."""
        try:
            line = {"at": self.now().isoformat(), "event": event, **facts}
            self.stream.write(json.dumps(line) + "\n")
            self.stream.flush()
            os.fsync(self.stream.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def outcome(self, outcome: Outcome) -> None:
        """Append what became of one change."""
        self.write(
            "outcome",
            action=outcome.change.action,
            address=str(outcome.change.address),
            status=outcome.status,
            detail=outcome.detail,
            handle=outcome.handle,
        )


@contextmanager
def open_journal(path: Path, now: Callable[[], datetime]) -> Iterator[Journal]:
    """Open the journal for appending until the context ends. Raises JournalError where it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        stream = path.open("a", encoding="utf-8")
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        yield Journal(path, stream, now)
    finally:
        try:
            stream.close()
        except OSError as error:  # what could not be flushed was reported when it was written
            raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be written: {error.strerror or error}.",
        hint="Free space or fix the permissions there, then run apply again: it continues where it stopped.",
    )
