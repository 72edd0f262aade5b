"""An org with a past, written out as Fivetran or Airbyte copies it: CSV of texts, or Parquet with instants and truths."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sla_sync.history.copied import SHAPES
from tests.connectors.salesforce.exporting import Told
from tests.connectors.salesforce.living import DEMO, FIT

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
_INSTANTS = ("CreatedDate", "LastModifiedDate", "SystemModstamp", "CompletedDateTime")
Rows = list[dict[str, Any]]


def let_leads_live(told: Told) -> None:
    """Play a past of everything that a copy holds: leads, what changed of them, a task, owners and queues."""
    first, second = told.org.lead(**DEMO, **FIT), told.org.lead(**FIT)
    told.later(5)
    owner = str(told.org.values(first)["OwnerId"])
    told.org.org.save("Task", WhoId=first, OwnerId=owner, Subject="Call", Type="Call", Status="Completed")
    told.later(60)
    told.org.lead(first, Status="Nurture", SLA_Reason__c="no_budget")
    told.org.lead(second, OwnerId=told.org.queue("Marketing_Queue"))
    told.later(60)


def as_csv(rows: Rows, columns: Sequence[str], path: Path) -> None:
    """Write a table as texts."""
    with path.with_suffix(".csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([[row[each] for each in columns] for row in rows])


def as_parquet(rows: Rows, columns: Sequence[str], path: Path) -> None:
    """Write a table with the types that its values have."""
    pq.write_table(pa.Table.from_pylist([{each: row[each] for each in columns} for row in rows]), f"{path}.parquet")


def written(told: Told, folder: Path, shape: str, write: Callable[[Rows, Sequence[str], Path], None] = as_csv) -> Path:
    """Write the tables of an org as a tool would, and return their folder."""
    spelled = SHAPES[shape].spelled
    folder.mkdir()
    for table, columns in COLUMNS.items():
        rows = [
            {spelled(each): _typed(each, row[each]) if write is as_parquet else row[each] for each in columns}
            for row in told.client.query(f"SELECT {', '.join(columns)} FROM {table}")
        ]
        if rows or write is as_csv:
            write(rows, [spelled(each) for each in columns], folder / spelled(table))
    return folder


def _typed(column: str, value: object) -> object:
    return datetime.fromisoformat(str(value)) if column in _INSTANTS and value else value
