"""The journal: one line of JSON for each thing that apply did, on disk before the next thing is begun."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import FileIO
from pathlib import Path

from sla_sync.errors import JournalError
from sla_sync.reconcile.settings import Outcome


@dataclass
class Journal:
    """An open journal; `path` is where it is kept."""

    path: Path
    stream: FileIO
    """Without a buffer, so that nothing of a line that failed comes after it."""
    now: Callable[[], datetime]
    torn: bool = False
    """Whether the last line has no end, as a process leaves it that is killed while it writes, or a disk that is full."""

    def write(self, event: str, **facts: object) -> None:
        """Append one line and wait until it is on disk. Raises JournalError, for example on a full disk."""
        try:
            line = json.dumps({"at": self.now().isoformat(), "event": event, **facts})
            left = memoryview((("\n" if self.torn else "") + line + "\n").encode())
            self.torn = True
            while left:
                left = left[self.stream.write(left) :]
            self.torn = False
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
        stream = path.open("ab", buffering=0)
        torn = _is_torn(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    with stream:
        yield Journal(path, stream, now, torn)


def _is_torn(path: Path) -> bool:
    """Return whether the last line of a journal has no end."""
    with path.open("rb") as content:
        if not content.seek(0, os.SEEK_END):
            return False
        content.seek(-1, os.SEEK_END)
        return content.read(1) != b"\n"


def _unwritable(path: Path, error: OSError) -> JournalError:
    return JournalError(
        f"The journal {path} cannot be written: {error.strerror or error}.",
        hint="Free space or fix the permissions there, then run apply again: it continues where it stopped.",
    )
