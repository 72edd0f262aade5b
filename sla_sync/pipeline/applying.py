"""Whether somebody applies while a target is read: what is under way is no drift, and nobody calls it in sync."""

from __future__ import annotations

from datetime import datetime

from sla_sync.connector import Reader, TellsLock
from sla_sync.errors import LockedError
from sla_sync.pipeline.look import Sight

_HINT = "Audit again when that apply is done."


def refuse_while_applying(reader: Reader, now: datetime) -> None:
    """Raise LockedError where somebody applies right now; a platform that does not tell its lock passes."""
    held = reader.lock() if isinstance(reader, TellsLock) else None
    if held is None or held.expires <= now:
        return
    since = f" since {held.since:%Y-%m-%d %H:%M} UTC" if held.since else ""
    raise LockedError(f"{held.who} applies{since}.", hint=_HINT)


def refuse_what_moved(sight: Sight) -> None:
    """Raise LockedError where somebody applies by now, or did while the settings were read.

    It is asked in a conversation of its own, for a reader keeps what it was told.
    """
    connection = sight.target.connection
    with sight.prepared.connector.open_reader(connection) as reader:
        refuse_while_applying(reader, connection.now())
        if reader.manifest() != sight.manifest:
            raise LockedError("Somebody applied while the settings were read.", hint=_HINT)
