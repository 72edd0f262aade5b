"""Tables that Fivetran or Airbyte copied of an org tell the same of leads as the org itself."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync.history.copied import SHAPES, CopiedTables
from sla_sync.history.elsewhere import tables_in
from sla_sync_salesforce.past.copied import copied_history
from tests.connectors.salesforce.exporting import SINCE, UNTIL, Kept, Told, asked_for_its_past
from tests.connectors.salesforce.living import DEMO, FIT, living

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "Lead": (
        "Id", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "IsDeleted",
        "MasterRecordId", "IsConverted", "ConvertedDate", "ConvertedContactId", "ConvertedOpportunityId", "Status", "OwnerId",
        "LeadSource", "Country", "Email", "Company", "NumberOfEmployees", "HasOptedOutOfEmail", "SLA_Score__c",
        "SLA_Engagement__c", "SLA_Test__c", "SLA_Student__c", "SLA_Competitor__c", "SLA_Need__c", "SLA_Reason__c",
        "SLA_Authority__c", "SLA_Next_Step__c", "SLA_Matched_Account__c",
    ),
    "LeadHistory": ("Id", "LeadId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById"),
    "Task": (
        "Id", "WhoId", "OwnerId", "Subject", "Type", "CreatedDate", "CreatedById", "IsDeleted", "TaskSubtype", "Status",
        "IsClosed", "CompletedDateTime",
    ),
    "User": ("Id", "Username", "Alias", "IsActive", "CreatedDate", "LastModifiedDate"),
    "Group": ("Id", "DeveloperName", "Type"),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    with asked_for_its_past(living(tmp_path_factory.mktemp("org"))) as found:
        first, second = found.org.lead(**DEMO, **FIT), found.org.lead(**FIT)
        found.later(5)
        owner = str(found.org.values(first)["OwnerId"])
        found.org.org.save("Task", WhoId=first, OwnerId=owner, Subject="Call", Type="Call", Status="Completed")
        found.later(60)
        found.org.lead(first, Status="Nurture", SLA_Reason__c="no_budget")
        found.org.lead(second, OwnerId=found.org.queue("Marketing_Queue"))
        found.later(60)
        yield found


def copied(told: Told, folder: Path, shape: str) -> CopiedTables:
    """Write the tables of an org as a tool would."""
    spelled, names = SHAPES[shape].spelled, SHAPES[shape].tables
    folder.mkdir()
    for table, columns in COLUMNS.items():
        rows = told.client.query(f"SELECT {', '.join(columns)} FROM {table}")
        with (folder / f"{spelled(table)}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow([spelled(each) for each in columns])
            writer.writerows([[row[each] for each in columns] for row in rows])
    return CopiedTables(tables_in(str(folder), map(spelled, names)), spelled)


def kept(told: Iterator[Piece | Untold]) -> Kept:
    found = Kept()
    for each in told:
        found.keep(each)
    return found


def comparable(rows: Mapping[tuple[object, ...], Mapping[str, Any]]) -> list[str]:
    return sorted(str(sorted(row.items())) for row in rows.values())


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["fivetran-salesforce", "airbyte-salesforce"])
def test_copied_tables_tell_the_same_of_leads_as_the_org(told: Told, tmp_path: Path, shape: str) -> None:
    tables = copied(told, tmp_path / "copy", shape)
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
