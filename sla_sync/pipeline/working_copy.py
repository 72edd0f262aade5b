"""One at a time in one working copy: the platform's own lock cannot tell two runs of the same copy apart."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from sla_sync.errors import JournalError, LockedError


@contextmanager
def one_at_a_time(folder: Path, what: str, *, file: str, hint: str) -> Iterator[None]:
    """Hold the lock of this working copy on one sort of work until the context ends, however it ends.

    Raises LockedError where another run holds it, and JournalError where no file can be written there.
    """
    lock = FileLock(folder / file, timeout=0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise LockedError(f"Another {what} runs in this working copy.", hint=hint) from None
    except (OSError, NotImplementedError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or error
        raise JournalError(
            f"This working copy cannot be locked, for {folder / file} cannot be written: {reason}.",
            hint="Free space or fix the permissions there, then run the command again.",
        ) from None
    try:
        yield
    finally:
        lock.release()
