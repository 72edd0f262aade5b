"""The records on disk: a file of lines, each with one row, so that a write costs what was written and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import write_atomically
from sla_sync_salesforce.simulator.store import Change, Row, Store, Value

RECORDS_FILE = "records.jsonl"


def load_records(store: Store, data: Path) -> datetime | None:
    """Read the rows kept in a folder into a store, and return the instant at which they were kept."""
    path = data / RECORDS_FILE
    if not path.exists():
        return None
    at = None
    for line in path.read_bytes().split(b"\n"):  # a text may hold other ends of lines
        try:
            kept = json.loads(line)
        except ValueError:  # the last line of a process that was stopped while it wrote
            break
        for object_name, identity, row in kept["rows"]:
            rows = store.of(object_name)
            if row is None:
                rows.pop(identity, None)
            else:
                rows[identity] = {name: _inward(value) for name, value in row.items()}
        store.history.extend(
            Change(datetime.fromisoformat(when), by, name, identity, field, _inward(old), _inward(new))
            for when, by, name, identity, field, old, new in kept["history"]
        )
        store.numbers, store.prefixes = kept["numbers"], kept["prefixes"]
        at = datetime.fromisoformat(kept["clock"])
    write_atomically(path, _line(store, list(_everything(store)), 0, at) if at else b"", lasting=False)
    return at


def keep_records(store: Store, data: Path, clock: datetime, told: int) -> int:
    """Write down what was written since the rows were last kept, and return the length of the history.

    `told` is how much of the history stands on disk already.
    """
    touched = dict.fromkeys((name, identity) for name, identity, _ in store.journal if name not in store.derived)
    rows = [(name, identity, store.rows[name].get(identity)) for name, identity in touched]
    with (data / RECORDS_FILE).open("ab") as stream:
        stream.write(_line(store, rows, told, clock))
    store.journal.clear()
    return len(store.history)


def _everything(store: Store) -> Iterator[tuple[str, str, Row]]:
    for object_name, rows in store.rows.items():
        if object_name not in store.derived:
            for identity, row in rows.items():
                yield object_name, identity, row


def _line(store: Store, rows: list[Any], told: int, clock: datetime) -> bytes:
    document = {
        "clock": clock.isoformat(),
        "numbers": store.numbers,
        "prefixes": store.prefixes,
        "rows": rows,
        "history": [(each.at.isoformat(), *each[1:]) for each in store.history[told:]],
    }
    return (json.dumps(document, ensure_ascii=False, default=_outward) + "\n").encode()


def _outward(value: object) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    raise TypeError(f"A value of {type(value).__name__} cannot be kept in a record")


def _inward(value: Any) -> Value:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return datetime.fromisoformat(text) if kind == "instant" else date.fromisoformat(text)
    plain: Value = value
    return plain
