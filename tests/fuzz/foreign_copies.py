"""Tables that Fivetran or Airbyte copied of a platform, in a folder or a warehouse, kept as the command keeps them.

Each copy is made once of a platform with a past; what is tried with it is done to a copy of the copy.
"""

from __future__ import annotations

import atexit
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from tempfile import mkdtemp

import duckdb

from sla_sync.agreement.load import load_agreement
from sla_sync.connector import Setup
from sla_sync.connector.history import Copied, HistoryAsked, Piece, Untold
from sla_sync.history.copied import SHAPES, CopiedTables
from sla_sync.history.elsewhere import tables_in
from sla_sync.history.export import Keeping
from sla_sync.history.privacy import Privacy
from sla_sync.history.standing import Standing
from sla_sync.history.wanted import Wanted, wanted_by
from sla_sync.pipeline.export import keep, readable
from sla_sync_hubspot.past.copied import copied_history as told_by_hubspot
from sla_sync_salesforce.past.copied import copied_history as told_by_salesforce
from tests.connectors.hubspot import copying as portals
from tests.connectors.hubspot.remembering import NOW, remembering, words
from tests.connectors.salesforce import copying as orgs
from tests.connectors.salesforce.exporting import SINCE, UNTIL, asked_for_its_past
from tests.connectors.salesforce.living import living
from tests.fuzz.foreign import CONFIGS, Foreign

FORMS: Mapping[str, str] = {shape: "csv" if shape.startswith("fivetran") else "parquet" for shape in SHAPES}
"""The shapes in which tables are copied → the kind of their files."""
_WAREHOUSES = (
    *((shape, "duckdb") for shape in SHAPES),
    *((shape, "sqlite") for shape in SHAPES if FORMS[shape] == "csv"),
)
"""Shapes, each in an engine whose warehouse is one file; what reads it reads all that Ibis connects to."""
WAREHOUSE = "warehouse"
"""The file of a warehouse in the folder of a copy."""


@dataclass(frozen=True)
class Copy:
    """Tables in a folder, and what tells what became of leads by such tables."""

    home: Path
    tell: Callable[[Copied], Iterator[Piece | Untold]]
    wanted: Wanted

    @property
    def folder(self) -> Path:
        """Where the tables lie."""
        return self.home / "copy"


@cache
def copy_of(shape: str) -> Copy:
    """Return the copy of a shape: of HubSpot as each tool writes it, of Salesforce as texts or with types."""
    folder = Path(mkdtemp(prefix="sla-sync-fuzz-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if shape.endswith("hubspot"):
        write = portals.as_fivetran if shape.startswith("fivetran") else portals.as_airbyte
        with remembering(folder / "portal") as past:
            portals.let_contacts_live(past)
            write(past, folder / "copy")
            asked, setup = past.asked(until=NOW + timedelta(hours=1)), Setup("startup-inbound", words().people)
        return Copy(folder, partial(told_by_hubspot, asked, setup), _wanted("examples/startup"))
    with asked_for_its_past(living(folder / "org")) as told:
        orgs.let_leads_live(told)
        orgs.written(told, folder / "copy", shape, orgs.as_csv if shape.startswith("fivetran") else orgs.as_parquet)
        asked, setup = HistoryAsked(SINCE, UNTIL, told.resources, told.binding), told.setup
    return Copy(folder, partial(told_by_salesforce, asked, setup), _wanted("acme"))


def _wanted(example: str) -> Wanted:
    path = CONFIGS / example / "agreement.yaml"
    agreement = load_agreement(path, root=path.parent).value
    assert agreement is not None
    return wanted_by([agreement])


def write(folder: Path, *, shape: str) -> None:
    """Write the tables of a copy, each a file."""
    shutil.copytree(copy_of(shape).folder, folder, dirs_exist_ok=True)


def write_warehouse(folder: Path, *, shape: str, engine: str) -> None:
    """Write the tables of a copy into one file of an engine."""
    made = _warehouse(shape, engine)
    shutil.copy(made, folder / made.name)


@cache
def _warehouse(shape: str, engine: str) -> Path:
    copy = copy_of(shape)
    path = copy.home / f"{WAREHOUSE}.{engine}"
    tables = sorted(copy.folder.iterdir())
    if engine == "duckdb":
        with duckdb.connect(str(path)) as made:
            for each in tables:
                made.execute(f"""CREATE TABLE "{each.stem}" AS SELECT * FROM '{each}'""")
        return path
    with closing(sqlite3.connect(path)) as book, book, duckdb.connect() as reads:
        for each in tables:
            rows = reads.execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_csv('{each}', all_varchar = true)")
            columns = ", ".join(f'"{name}" TEXT' for name, *_ in rows.description)
            book.execute(f'CREATE TABLE "{each.stem}" ({columns})')
            marks = ", ".join("?" * len(rows.description))
            book.executemany(f'INSERT INTO "{each.stem}" VALUES ({marks})', rows.fetchall())
    return path


def kept(folder: Path, *, shape: str, source: str = "") -> Mapping[str, int]:
    """Keep what tables tell, those of the folder itself or of a file in it, and return how many rows of each table came."""
    found, copy = SHAPES[shape], copy_of(shape)
    where = f"{source}://{folder / WAREHOUSE}.{source}" if source else str(folder)
    copied = CopiedTables(tables_in(where, map(found.spelled, found.tables)), found.spelled)
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    standing = Standing(source="tables", key="k", pseudonyms=False, since=begin, until=NOW)
    keeping = Keeping(folder / "history", standing, Privacy(b"k", copy.wanted, pseudonyms=False), begin)
    keep(readable(copy.tell(copied), where), keeping)
    keeping.finish()
    return keeping.rows


FILES: Mapping[str, Foreign] = {
    **{
        f"tables copied as {shape}": Foreign(partial(write, shape=shape), f"*.{kind}", kind, partial(kept, shape=shape))
        for shape, kind in FORMS.items()
    },
    **{
        f"tables copied as {shape} into {engine}": Foreign(
            partial(write_warehouse, shape=shape, engine=engine),
            f"{WAREHOUSE}.{engine}",
            engine,
            partial(kept, shape=shape, source=engine),
        )
        for shape, engine in _WAREHOUSES
    },
}
"""What is read → how."""
