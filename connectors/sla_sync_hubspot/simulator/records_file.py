"""The records on disk: a file of lines, each with what one request wrote, so that a write costs no more than that."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import write_atomically
from sla_sync_hubspot.simulator.records import Records, Step, Value

FILE = "records.jsonl"


def load_records(data: Path) -> tuple[Records, datetime | None]:
    """Return the records kept in a folder, and the instant at which they were last kept."""
    records, at = Records(), None
    path = data / FILE
    if not path.exists():
        return records, None
    lines = path.read_bytes().strip(b"\n").split(b"\n")  # a text may hold other ends of lines
    for line in lines:
        try:
            kept = json.loads(line)
        except ValueError:  # the last line of a process that was stopped while it wrote
            break
        for step in kept["steps"]:
            records.replay(_inward(step))
        records.next_id = kept["next_id"]
        at = datetime.fromisoformat(kept["clock"])
    if at and len(lines) > 1:
        keep_everything(records, data, at)
    return records, at


def keep_everything(records: Records, data: Path, clock: datetime) -> None:
    """Write down all records in one line, in the place of what stood there. Raises OSError where that fails."""
    write_atomically(data / FILE, _line(records, list(_everything(records)), clock), lasting=False)


def keep_records(records: Records, data: Path, clock: datetime) -> bool:
    """Write down what was written since the records were last kept, and return whether there was anything.

    Raises OSError where that fails; the records can be restored then.
    """
    if not records.steps:
        return False
    with (data / FILE).open("ab") as stream:
        stream.write(_line(records, records.steps, clock))
    records.kept()
    return True


def _everything(records: Records) -> Iterator[Step]:
    for object_id, rows in records.rows.items():
        for record in rows.values():
            yield ("create", object_id, record.id, record.created)
            for at, source, values in _writes(record.history):
                yield ("write", object_id, record.id, at, source, values)
            if record.archived:
                yield ("archive", object_id, record.id, record.archived, False)
    for (object_id, identifier, other_id), others in records.links.items():
        for other, labels in others.items():
            yield ("link", object_id, identifier, other_id, other, [tuple(each) for each in labels])
    for kind, notes in records.notes.items():
        for key, document in notes.items():
            yield ("note", kind, key, document)


def _writes(history: Any) -> list[tuple[datetime, tuple[str, ...], dict[str, str]]]:
    """Return the values of a record as writes, oldest first; a second value at the same instant is a further write."""
    grouped: dict[tuple[datetime, int, tuple[str, ...]], dict[str, str]] = {}
    for name, values in history.items():
        told: dict[datetime, int] = {}
        each: Value
        for each in reversed(values):
            told[each.at] = told.get(each.at, -1) + 1
            grouped.setdefault((each.at, told[each.at], tuple(each.source)), {})[name] = each.text
    return [(at, source, grouped[at, turn, source]) for at, turn, source in sorted(grouped)]


def _line(records: Records, steps: list[Step], clock: datetime) -> bytes:
    document = {"clock": clock.isoformat(), "next_id": records.next_id, "steps": steps}
    return (json.dumps(document, ensure_ascii=False, default=_outward) + "\n").encode()


def _outward(value: object) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"A value of {type(value).__name__} cannot be kept in a record")


def _inward(step: list[Any]) -> Step:
    if step[0] in ("create", "write", "archive", "merge"):
        step[3] = datetime.fromisoformat(step[3])
    return tuple(step)
