"""Tables that Fivetran or Airbyte copied of an org tell the same of leads as the org itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync.history.copied import SHAPES, CopiedTables
from sla_sync.history.elsewhere import tables_in
from sla_sync_salesforce.past.copied import copied_history
from tests.connectors.salesforce.copying import as_csv, as_parquet, let_leads_live, written
from tests.connectors.salesforce.exporting import SINCE, UNTIL, Kept, Told, asked_for_its_past
from tests.connectors.salesforce.living import living


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with asked_for_its_past(living(tmp_path_factory.mktemp("org"))) as found:
        let_leads_live(found)
        yield found


def copied(folder: Path, shape: str) -> CopiedTables:
    spelled, names = SHAPES[shape].spelled, SHAPES[shape].tables
    return CopiedTables(tables_in(str(folder), map(spelled, names)), spelled)


def kept(told: Iterator[Piece | Untold]) -> Kept:
    found = Kept()
    for each in told:
        found.keep(each)
    return found


def comparable(rows: Mapping[tuple[object, ...], Mapping[str, Any]]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows.values())


@pytest.mark.slow
@pytest.mark.parametrize(("shape", "write"), [("fivetran-salesforce", as_csv), ("airbyte-salesforce", as_parquet)])
def test_copied_tables_tell_the_same_of_leads_as_the_org(told: Told, tmp_path: Path, shape: str, write: Any) -> None:
    tables = copied(written(told, tmp_path / "copy", shape, write), shape)
    asked = HistoryAsked(SINCE, UNTIL, told.resources, told.binding)
    found, wanted = kept(copied_history(asked, told.setup, tables)), kept(told.past())
    for name in ("leads", "stages", "owners", "raises", "activities"):
        assert comparable(found.rows[name]) == comparable(wanted.rows[name]), name
    values = {key: row["value"] for key, row in wanted.rows["facts"].items() if row["field"] != "account_owner"}
    assert {key: found.rows["facts"][key]["value"] for key in values if key in found.rows["facts"]} == values
    teams = {key: row["team"] for key, row in found.rows["users"].items() if row["team"]}
    assert teams == {key: row["team"] for key, row in wanted.rows["users"].items() if row["team"]}
    assert {each.what for each in found.untold} >= {"campaign responses", "turns as the org recorded them"}


@pytest.mark.slow
def test_without_leads_nothing_is_told(told: Told) -> None:
    asked = HistoryAsked(SINCE, UNTIL, told.resources, told.binding)
    found = kept(copied_history(asked, told.setup, CopiedTables({}, str.lower)))
    assert (found.rows, found.untold[-1].what) == ({}, "anything of leads")


@pytest.mark.parametrize(
    ("name", "fivetran"),
    [
        ("LeadHistory", "lead_history"),
        ("CreatedById", "created_by_id"),
        ("SLA_Score__c", "sla_score_c"),
        ("IsDeleted", "is_deleted"),
        ("HasOptedOutOfEmail", "has_opted_out_of_email"),
        ("WhoId", "who_id"),
    ],
)
def test_names_are_changed_as_fivetran_changes_them(name: str, fivetran: str) -> None:
    assert SHAPES["fivetran-salesforce"].spelled(name) == fivetran
