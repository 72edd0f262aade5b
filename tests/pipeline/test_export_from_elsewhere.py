"""Tables that somebody else exported become the same history as what a connector tells, and no secret is shown."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.history.elsewhere import rows_of, spelled, tables_in
from sla_sync.history.tables import LEADS, TABLES
from sla_sync.pipeline.export import Exported, Span, bring
from sla_sync.places import Place
from tests.history.telling import held
from tests.pipeline.exported import copied, worked

NOW = datetime(2026, 12, 1, tzinfo=UTC)
TARGET = "salesforce-simulator"
HIDDEN = "ada@buyer.example"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return copied(tmp_path)


def rows() -> dict[str, list[dict[str, object]]]:
    """Return a month of the example, with every column that must be filled."""
    found = {name: [dict(each) for each in some] for name, some in worked("10", 4, touched=2, accepted=1).items()}
    for each in found["activities"]:
        each.update(kind="call", counts=True, inbound=False)
    found["leads"].append({"lead": "L9", "created_at": datetime(2027, 1, 1, tzinfo=UTC)})
    found["facts"] = [{"lead": "L0", "at": NOW.replace(month=11), "field": "email", "value": HIDDEN}]
    return found


def as_csv(folder: Path) -> str:
    folder.mkdir()
    for name, some in rows().items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, sorted({column for row in some for column in row}))
            writer.writeheader()
            writer.writerows(some)
    return str(folder)


def as_parquet(folder: Path) -> str:
    folder.mkdir()
    for name, some in rows().items():
        pq.write_table(pa.Table.from_pylist(some), folder / f"{name}.parquet")
    return str(folder)


def as_warehouse(folder: Path) -> str:
    with duckdb.connect(str(folder)) as engine:
        for name, some in rows().items():
            engine.register("given", pa.Table.from_pylist(some))
            engine.execute(f"CREATE TABLE {name.upper()} AS FROM given")
    return f"duckdb://{folder}"


def brought(place: Place, source: str, **environ: str) -> Exported:
    return bring(place, TARGET, source, Span(), environ=environ, now=NOW)


@pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")  # Ibis calls DuckDB by an older name
@pytest.mark.parametrize("shape", [as_csv, as_parquet, as_warehouse])
def test_tables_from_elsewhere_become_a_history(place: Place, tmp_path: Path, shape: Any) -> None:
    source = shape(tmp_path / "elsewhere")
    told = brought(place, "WAREHOUSE", WAREHOUSE=source)
    found = held(told.folder)
    assert {name: len(some) for name, some in found.items()} == {
        "leads": 4, "raises": 4, "stages": 5, "owners": 4, "activities": 4, "users": 1, "facts": 1,
    }  # fmt: skip
    assert [each["at"] for each in found["raises"]] == [datetime(2026, 10, 8, 14, tzinfo=UTC)] * 4
    assert [each["value"] for each in found["facts"]] == ["known"]
    assert {each["stage"] for each in found["stages"]} == {"mql", "sal"}
    assert not {"L0", "ann"} & {str(value) for some in found.values() for row in some for value in row.values()}
    assert {each.what for each in told.untold} == {TABLES["deals"].means}
    again = brought(place, source)
    assert dict(again.held) == dict(told.held)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("lead\nL1\n", "no column created_at"),
        ("lead,created_at\nL1,\n", "row 1: created_at is empty"),
        ("lead,created_at\nL1,2026-10-01\nL2,lately\n", "row 2: what stands in created_at is no instant"),
        ("lead,created_at\nL1\n", "no CSV that can be read"),
    ],
)
def test_what_does_not_fit_is_named_by_its_row(tmp_path: Path, text: str, complaint: str) -> None:
    (tmp_path / "leads.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SlaSyncError, match=complaint):
        list(rows_of(LEADS, tables_in(str(tmp_path))["leads"](), "leads of here"))


def test_a_folder_without_our_tables_is_an_error(tmp_path: Path, place: Place) -> None:
    with pytest.raises(SlaSyncError, match="none of the tables leads"):
        brought(place, str(tmp_path))
    with pytest.raises(SlaSyncError, match="no folder"):
        brought(place, str(tmp_path / "nowhere"))


def test_the_secrets_of_an_address_are_in_no_message(place: Place) -> None:
    address = "postgres://ada:secret@warehouse.example/crm?password=hidden"
    assert spelled(address) == "postgres://warehouse.example/crm"
    with pytest.raises(SlaSyncError, match=r"postgres://warehouse\.example/crm cannot be opened") as caught:
        brought(place, address)
    assert "secret" not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"


def test_a_copy_of_a_platform_is_read_in_the_words_of_the_binding(place: Place, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    lead = {
        "id": "00Q1",
        "created_date": "2026-10-08T14:00:00Z",
        "created_by_id": "0051",
        "status": "MQL",
        "owner_id": "0051",
    }
    lead |= {
        "last_modified_date": "2026-10-09T14:00:00Z",
        "system_modstamp": "2026-10-09T14:00:00Z",
        "is_deleted": "FALSE",
    }
    lead |= {"_fivetran_deleted": "true", "lead_source": "Demo request", "email": HIDDEN, "is_converted": "false"}
    with (folder / "lead.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, lead)
        writer.writeheader()
        writer.writerow(lead)
    told = bring(place, TARGET, str(folder), Span(), environ={}, now=NOW, shape="fivetran-salesforce")
    (kept,) = held(told.folder)["leads"]
    assert kept["gone_at"] == datetime(2026, 10, 9, 14, tzinfo=UTC)
    values = {each["field"]: each["value"] for each in held(told.folder)["facts"]}
    assert HIDDEN not in values.values()
    assert "what leads were before" in {each.what for each in told.untold}
    with pytest.raises(SlaSyncError, match="the target is on 'hubspot'"):
        bring(place, "hubspot-simulator", str(folder), Span(), environ={}, now=NOW, shape="fivetran-salesforce")


@pytest.mark.filterwarnings("ignore:fetch_:DeprecationWarning")  # Ibis calls DuckDB by an older name
def test_a_copy_of_a_portal_is_read_from_a_warehouse(place: Place, tmp_path: Path) -> None:
    address, began = tmp_path / "crm.duckdb", datetime(2026, 10, 8, 14, tzinfo=UTC)
    contact = {"ID": 101, "PROPERTY_CREATEDATE": began, "PROPERTY_EMAIL": HIDDEN, "_FIVETRAN_DELETED": False}
    history = [("hs_lead_status", "Open - Not Contacted", 0), ("hs_lead_status", "MQL", 5), ("email", HIDDEN, 0)]
    changes = [
        {"CONTACT_ID": 101, "NAME": name, "VALUE": value, "TIMESTAMP": began.replace(minute=minute), "SOURCE": "FORM"}
        for name, value, minute in history
    ]
    with duckdb.connect(str(address)) as engine:
        for name, rows in {"CONTACT": [contact], "CONTACT_PROPERTY_HISTORY": changes}.items():
            engine.register("given", pa.Table.from_pylist(rows))
            engine.execute(f"CREATE TABLE {name} AS FROM given")
    source = f"duckdb://{address}"
    told = bring(place, "hubspot-simulator", source, Span(), environ={}, now=NOW, shape="fivetran-hubspot")
    found = held(told.folder)
    assert [(each["stage"], each["at"].minute) for each in found["stages"]] == [("inquiry", 0), ("mql", 5)]
    assert [(each["field"], each["value"]) for each in found["facts"]] == [("email", "known")]
    assert len(found["leads"]) == 1
    assert {"Each call", "Deals, and the stages that they show"} <= {each.what for each in told.untold}
    with pytest.raises(SlaSyncError, match="the target is on 'salesforce'"):
        bring(place, TARGET, source, Span(), environ={}, now=NOW, shape="fivetran-hubspot")
