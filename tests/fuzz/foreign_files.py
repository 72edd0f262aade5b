"""Whatever stands in a file that somebody else may have written, reading it ends in a value or in one sentence.

Each file is written as the program writes it, then one place of it says something else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.load import load_agreement
from sla_sync.audits.database import opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.told import last_beat, told
from sla_sync.audits.trend import trends
from sla_sync.cli.saved_plans import saved_plan
from sla_sync.connector import Address, Manifest, manifest_from_json, manifest_to_json
from sla_sync.connector.history import OWNERS
from sla_sync.connector.locking import read_signature
from sla_sync.history import incoming, parquet
from sla_sync.history.elsewhere import rows_of, tables_in
from sla_sync.history.folding import fold
from sla_sync.history.manifest import read_manifest
from sla_sync.history.standing import Standing, read_standing, write_standing
from sla_sync.history.tables import TABLES
from sla_sync.pipeline.apply import refuse_stale
from sla_sync.pipeline.baseline import kept_baseline
from sla_sync.pipeline.frozen import as_json, frozen_in
from sla_sync.pipeline.minutes import last_minutes
from sla_sync.places import Place
from sla_sync.reconcile.plan import Fingerprint, Plan
from sla_sync.semantics.holidays import days_in
from tests.fuzz.answers import ended
from tests.fuzz.spoiling import ODD, spoilt

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)
CONFIGS = Path(__file__).parents[2] / "configs"


@dataclass(frozen=True)
class Foreign:
    """One kind of file: what it is written like, what is made wrong of it, and how it is read in its folder."""

    write: Callable[[Path], None]
    file: str
    kind: str
    """As in a content type; `sqlite` and `parquet` have their own ways to be wrong."""
    read: Callable[[Path], object]


def _manifest(folder: Path) -> None:
    flow = Address("Flow", "SLA_Acme")
    made = Manifest("digest", {flow: {"label": "x", "steps": [1, {"a": True}]}}, frozenset({flow}), handles={flow: "1"})
    (folder / "manifest.json").write_text(manifest_to_json(made))


def _lock(folder: Path) -> None:
    said = {"who": "ana", "since": AT.isoformat(), "expires": (AT + timedelta(hours=1)).isoformat(), "token": "t"}
    (folder / "lock.json").write_text(json.dumps(said))


def _standing(folder: Path) -> None:
    write_standing(folder, Standing("acme", "k", True, AT, AT, marks={"leads": "7"}, words={"status": ("New",)}))


def _rows() -> pa.Table:
    schema = parquet.schema_of(TABLES["owners"], synthetic=False)
    made = {
        each.name: [AT if pa.types.is_timestamp(each.type) else True if pa.types.is_boolean(each.type) else "x"]
        for each in schema
    }
    return pa.table(made, schema=schema)


def _history(folder: Path) -> None:
    (folder / "owners").mkdir()
    pq.write_table(_rows(), folder / "owners/2026-10.parquet")
    (folder / "manifest.json").write_text(
        json.dumps({"format": 1, "synthetic": False, "tables": {"owners": ["2026-10"]}})
    )


def _sheet(folder: Path) -> None:
    pacsv.write_csv(_rows(), folder / "owners.csv")


def _parcels(folder: Path) -> None:
    incoming.keep_parcel(folder, OWNERS, _rows().to_pylist(), ("owner",))
    next((folder / incoming.FOLDER).glob("*.parquet")).rename(folder / incoming.FOLDER / "00000001-owners.parquet")


def _audits(folder: Path) -> None:
    with opened(folder / "audits.sqlite") as book:
        found = KeptFinding("x", "breach", "changed", "Flow/x", "x changed")
        record(book, "run", KeptAudit(Subject("acme", "production"), AT, Verdict.DRIFTED, (found,), matched=7))
        book.execute("INSERT INTO beats VALUES ('sales', ?)", (AT.isoformat(),))


def _audited(folder: Path) -> object:
    with opened(folder / "audits.sqlite") as book:
        return trends(book, since=AT - timedelta(days=9)), told(book, "sales"), last_beat(book, "sales")


PLANNED = {"overall": "o", "settings": {"Flow/x": "1"}, "containers": {}}


def _plan(folder: Path) -> None:
    said = {
        "format_version": 1, "config": "nowhere/acme", "target": "production", "agreement_digest": "d", "only": [],
        "fingerprint": PLANNED,
        "changes": [{"action": "create", "address": "Flow/x"}],
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(said))


def _planned(folder: Path) -> object:
    saved = saved_plan(folder / "plan.json")
    if saved["fingerprint"] == PLANNED:
        return saved
    refuse_stale(saved, Plan("production", "acme", "d", (), (), Fingerprint({"Flow/x": "2"}, {})))
    return saved


def _frozen(folder: Path) -> None:
    (folder / "frozen.json").write_text(as_json({"first-response": {"2026-10": 0.9}}, "acme", synthetic=False))


def _baseline(folder: Path) -> None:
    figure = {"value": 0.7, "per_month": None, "unit": "share", "n": 9, "interval": [0.5, 0.9]}
    page = {"format_version": 1, "synthetic": False, "commitments": {"first-response": figure}}
    _place(folder).baseline.write_text(json.dumps(page))


def _place(folder: Path) -> Place:
    return Place(folder / "agreement.yaml", None, folder / "state")


def _holidays(folder: Path) -> None:
    text = (CONFIGS / "acme/agreement.yaml").read_text(encoding="utf-8")
    (folder / "agreement.yaml").write_text(text.replace("holidays: [", "holidays: [{file: holidays.txt}, ", 1), "utf-8")
    (folder / "holidays.txt").write_text("# closed\n2026-12-25 Christmas\n2026-12-26\n", encoding="utf-8")


def _closed(folder: Path) -> object:
    loaded = load_agreement(folder / "agreement.yaml", root=folder)
    if loaded.value is None:
        return loaded.diagnostics
    content = (folder / "holidays.txt").read_bytes().decode("utf-8", "replace")
    found = read_holiday_files(loaded.value, folder)
    return found if found.findings else days_in(content)


def _minutes(folder: Path) -> None:
    (folder / "2026-10-05.md").write_text("# Review\n- [ ] Ana calls\n- [x] done\n", encoding="utf-8")


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _history_read(folder: Path) -> object:
    return read_manifest(folder), parquet.read(folder, "owners")


def _sheet_read(folder: Path) -> object:
    return list(rows_of(TABLES["owners"], tables_in(str(folder))["owners"](), "owners.csv"))


FILES: Mapping[str, Foreign] = {
    "a manifest": Foreign(_manifest, "manifest.json", "json", lambda folder: manifest_from_json(_text(folder / "manifest.json"))),
    "a lock": Foreign(_lock, "lock.json", "json", lambda folder: read_signature((folder / "lock.json").read_bytes(), AT, AT)),
    "a saved plan": Foreign(_plan, "plan.json", "json", _planned),
    "how far an export came": Foreign(_standing, "export.json", "json", read_standing),
    "the page of a history": Foreign(_history, "manifest.json", "json", _history_read),
    "a month of a history": Foreign(_history, "owners/2026-10.parquet", "parquet", _history_read),
    "a table of somebody else": Foreign(_sheet, "owners.csv", "csv", _sheet_read),
    "a parcel of an export": Foreign(_parcels, "incoming/00000001-owners.parquet", "parquet", fold),
    "a database of audits": Foreign(_audits, "audits.sqlite", "sqlite", _audited),
    "what months came to": Foreign(_frozen, "frozen.json", "json", partial(frozen_in, agreement="acme", synthetic=False)),
    "a baseline": Foreign(_baseline, "baseline.json", "json", lambda folder: kept_baseline(_place(folder), synthetic=False)),
    "a file of holidays": Foreign(_holidays, "holidays.txt", "text", _closed),
    "minutes": Foreign(_minutes, "2026-10-05.md", "text", lambda folder: last_minutes((folder,), date(2026, 11, 1))),
}  # fmt: skip
"""What is read → how."""


def damage(path: Path, kind: str, chance: Random) -> None:
    """Make one place of a file wrong."""
    if kind == "sqlite" and chance.random() < 0.8:
        _damaged_rows(path, chance)
        return
    content = path.read_bytes()
    if kind == "parquet" and chance.random() < 0.8:
        _damaged_columns(path, chance)
        return
    path.write_bytes(spoilt(content, kind, chance))


def _damaged_rows(path: Path, chance: Random) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        book.execute("PRAGMA ignore_check_constraints = ON")
        tables = [
            row[0] for row in book.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql IS NOT NULL")
        ]
        table = chance.choice([each for each in tables if not each.startswith("sqlite_")])
        column = chance.choice([row[1] for row in book.execute(f"PRAGMA table_info({table})")])
        value = chance.choice([None, "", "x", -1, 1.5, b"\xff", "[", "{}", "2026-02-30", "0001-01-01T00:00:00+14:00"])
        try:
            match chance.randrange(4):
                case 0:
                    book.execute(f"DROP TABLE {table}")
                case 1:
                    book.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
                case _:
                    book.execute(f"UPDATE {table} SET {column} = ?", (value,))
        except sqlite3.Error:
            return  # the database itself refused to hold it


def _damaged_columns(path: Path, chance: Random) -> None:
    rows = pq.read_table(path)
    at = chance.randrange(rows.num_columns)
    name = rows.column_names[at]
    match chance.randrange(5):
        case 0:
            rows = rows.drop_columns([name])
        case 1:
            rows = rows.set_column(at, name, pa.array([None] * len(rows), rows.column(at).type))
        case 2:
            value: Any = chance.choice([[], {"a": 1}, b"x", 7, 1.5, "x", True, date(2026, 1, 1)])
            rows = rows.set_column(at, name, pa.array([value] * len(rows)))
        case 3:
            rows = rows.append_column(name, rows.column(at))
        case _:
            odd = chance.choice([b"", b"7", b"\xff", str(chance.choice(ODD)).encode("utf-8", "replace")])
            rows = rows.replace_schema_metadata(
                {**(rows.schema.metadata or {}), b"sla_sync.format": odd, b"sla_sync.key": odd}
            )
    pq.write_table(rows, path)


def tried(name: str, seed: int) -> str:
    """Read a file of which one place is wrong, and return how it ended otherwise than it may; empty where it ended well."""
    foreign = FILES[name]
    with TemporaryDirectory(prefix="sla-sync-fuzz-") as held:
        folder = Path(held)
        foreign.write(folder)
        damage(folder / foreign.file, foreign.kind, Random(seed))
        said = ended(lambda: foreign.read(folder))
    return f"{name}, seed {seed}: {said}" if said else ""


def sound(name: str) -> object:
    """Return what is read of a file in which nothing is wrong."""
    with TemporaryDirectory(prefix="sla-sync-fuzz-") as held:
        FILES[name].write(Path(held))
        return FILES[name].read(Path(held))


def cases(seed: int) -> Iterator[tuple[str, int]]:
    """Yield without end what is tried, the same for the same seed."""
    while True:
        yield from ((name, seed) for name in FILES)
        seed += 1
