"""A portal with a past, written out as Fivetran or Airbyte copies it: CSV with times that have no zone, or Parquet with lists."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sla_sync_hubspot import catalogue
from sla_sync_hubspot.past.reading import contacts_of, with_histories
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator.records import Source
from tests.connectors.hubspot.remembering import ANA, CONTACT, DEAL, MORGAN, PERSON, Remembering, after

Rows = list[dict[str, Any]]
_ENGAGED = {"calls": "0-48", "emails": "0-49", "meetings": "0-47"}


def let_contacts_live(past: Remembering) -> None:
    """Write a past of everything that a copy holds: contacts, one deleted and one merged away, activities, deals, owners."""
    first = past.contact(hs_lead_status="NEW", sla_source="Demo", hubspot_owner_id=MORGAN)
    past.write(first, after(hours=1), hs_lead_status="OPEN", company="Buyer; «Söhne»\nKG")
    past.write(first, after(hours=2), Source("AUTOMATION_PLATFORM", "7"), hubspot_owner_id=ANA)
    past.write(first, after(hours=3), hs_lead_status="BAD_TIMING", sla_reason="no_budget")
    second = past.contact(after(hours=5), Source("IMPORT", "77"), hs_lead_status="NEW", sla_test="true")
    past.write(second, after(hours=6), sla_queue="parking")
    past.contact(after(hours=6))
    gone = past.contact(after(hours=7), hs_lead_status="NEW")
    past.inside.records.archive(CONTACT, gone, PERSON, after(days=2))
    out = {"hs_timestamp": "2026-10-05T10:30:00Z", "hubspot_owner_id": ANA}
    past.beside("0-48", after(hours=2), first, **out, hs_call_direction="OUTBOUND", hs_call_status="COMPLETED")
    past.beside("0-49", after(hours=2), first, second, **out, hs_email_direction="INCOMING_EMAIL")
    past.beside("0-47", after(hours=3), second, hs_timestamp="2026-12-24T10:00:00Z")
    deal = past.beside(DEAL, after(days=1), first, amount="1200.5", dealstage="appointmentscheduled")
    past.write(deal, after(days=2), object_id=DEAL, dealstage="closedwon")
    past.beside(DEAL, after(days=1), second, dealstage="contractsent")
    one, other = (
        past.contact(after(hours=8), hs_lead_status="NEW"),
        past.contact(after(hours=9), hs_lead_status="OPEN"),
    )
    merge = {"primaryObjectId": one, "objectIdToMerge": other}
    past.portal.client().call("POST", Api.OBJECTS, "/contacts/merge", body=merge)
    for each in past.inside.state["owners"]:
        if each["id"] == ANA:
            each |= {"archived": True, "updatedAt": "2026-10-20T00:00:00.000Z", "userId": None}


def as_fivetran(past: Remembering, folder: Path) -> str:
    """Write what a portal holds as Fivetran does."""
    tables: dict[str, Rows] = {"engagement_contact": []}
    tables["contact"] = [
        {"id": each["id"], "_fivetran_deleted": each["archived"], "_fivetran_synced": _zoneless(each.get("archivedAt")),
         **_properties("property_", each)}
        for each in records(past, "contacts", CONTACT)
    ]  # fmt: skip
    tables["contact_property_history"] = [
        {"contact_id": record, "name": name, "timestamp": _zoneless(each["timestamp"]), "value": each["value"],
         "source": each["sourceType"], "source_id": each.get("sourceId")}
        for record, name, each in versions(past, "contacts", CONTACT)
    ]  # fmt: skip
    for plural, type_id in _ENGAGED.items():
        found = list(records(past, plural, type_id))
        tables[f"engagement_{plural[:-1]}"] = [
            {"engagement_id": each["id"], **_properties("property_", each)} for each in found
        ]
        tables["engagement_contact"] += [
            {"engagement_id": each["id"], "contact_id": contact} for each in found for contact in each["contacts"]
        ]
    deals = list(records(past, "deals", "0-3"))
    tables["deal"] = [
        {"deal_id": each["id"], "is_deleted": each["archived"], **_properties("property_", each)} for each in deals
    ]
    tables["deal_contact"] = [
        {"deal_id": each["id"], "contact_id": contact} for each in deals for contact in each["contacts"]
    ]
    tables["deal_property_history"] = [
        {"deal_id": record, "name": name, "timestamp": _zoneless(each["timestamp"]), "value": each["value"],
         "source": each["sourceType"], "source_id": each.get("sourceId")}
        for record, name, each in versions(past, "deals", "0-3")
    ]  # fmt: skip
    tables["deal_pipeline_stage"] = [
        {"stage_id": each["id"], "probability": each["metadata"]["probability"]} for each in _stages(past)
    ]
    owners = _owners(past)
    tables["owner"] = [
        {"owner_id": each["id"], "active_user_id": each["userIdIncludingInactive"], "email": each["email"],
         "first_name": each["firstName"], "last_name": each["lastName"], "created_at": _zoneless(each["createdAt"]),
         "updated_at": _zoneless(each["updatedAt"]), "is_active": not each["archived"]}
        for each in owners
    ]  # fmt: skip
    tables["team"] = [{"id": team["id"], "name": team["name"]} for each in owners for team in each.get("teams", ())]
    tables["owner_team"] = [
        {"owner_id": each["id"], "team_id": team["id"], "is_team_primary": team["primary"]}
        for each in owners
        for team in each.get("teams", ())
    ]
    folder.mkdir()
    for name, rows in tables.items():
        columns = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            # Where a row stands in its table means nothing.
            writer.writerows(rows[::-1])
    return str(folder)


def as_airbyte(past: Remembering, folder: Path) -> str:
    """Write what a portal holds as Airbyte does."""
    plurals = {"contacts": CONTACT, "deals": "0-3", **_ENGAGED}
    tables: dict[str, Rows] = {}
    for plural, type_id in plurals.items():
        rows = [
            {name: each.get(name) for name in ("id", "createdAt", "updatedAt", "archived", "archivedAt", "contacts")}
            | _properties("properties_", each)
            for each in records(past, plural, type_id)
        ]
        tables[f"engagements_{plural}" if plural in _ENGAGED else plural] = [
            each for each in rows if not each["archived"]
        ]
        if plural == "contacts":
            tables["contacts_archived"] = [each for each in rows if each["archived"]]
    tables["contacts_property_history"] = [
        {"vid": int(record), "property": name, "timestamp": _milliseconds(each["timestamp"]), "value": each["value"],
         "source-type": each["sourceType"], "source-id": each.get("sourceId"),
         "updated-by-user-id": each.get("updatedByUserId")}
        for record, name, each in versions(past, "contacts", CONTACT)
    ]  # fmt: skip
    tables["deals_property_history"] = [
        {"dealId": int(record), "property": name, "timestamp": _milliseconds(each["timestamp"]), "value": each["value"],
         "source": each["sourceType"], "sourceId": each.get("sourceId"), "updatedByUserId": each.get("updatedByUserId")}
        for record, name, each in versions(past, "deals", "0-3")
    ]  # fmt: skip
    stages = [{"stageId": each["id"], "metadata": each["metadata"]} for each in _stages(past)]
    tables["deal_pipelines"] = [{"pipelineId": "default", "stages": stages}]
    owners = _owners(past)
    tables["owners"] = [each for each in owners if not each["archived"]]
    tables["owners_archived"] = [each for each in owners if each["archived"]]
    folder.mkdir()
    for name, rows in tables.items():
        if rows:
            pq.write_table(pa.Table.from_pylist(rows[::-1]), folder / f"{name}.parquet")
    return str(folder)


def records(past: Remembering, plural: str, type_id: str) -> Iterator[dict[str, Any]]:
    """Yield the records of an object with all that they hold and their contacts, those that were deleted after the others."""
    client, names = past.portal.client(writes=False), sorted(past.inside.state["properties"][type_id])
    for archived in ("false", "true"):
        query = [("archived", archived), ("limit", "100")]
        ids = [each["id"] for each in client.call("GET", Api.OBJECTS, f"/{plural}", query=query)["results"]]
        linked: Mapping[str, Sequence[str]] = {} if plural == "contacts" else contacts_of(client, plural, ids)
        for each in with_histories(client, plural, ids, names, names, archived=archived == "true"):
            yield {**each, "contacts": list(linked.get(each["id"], ()))}


def versions(past: Remembering, plural: str, type_id: str) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield what each property of the records of an object was."""
    for each in records(past, plural, type_id):
        for name, told in each["propertiesWithHistory"].items():
            yield from ((each["id"], name, version) for version in told)


def _properties(prefix: str, record: Mapping[str, Any]) -> dict[str, str | None]:
    return {f"{prefix}{name}": text for name, text in record["properties"].items()}


def _stages(past: Remembering) -> Rows:
    found = past.portal.client(writes=False).call("GET", Api.PIPELINES, "/deals")["results"]
    return [stage for pipeline in found for stage in pipeline["stages"]]


def _owners(past: Remembering) -> Rows:
    client = past.portal.client(writes=False)
    return [dict(each) for each in (*catalogue.owners(client), *catalogue.archived_owners(client))]


def _zoneless(text: str | None) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if text else ""


def _milliseconds(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * 1000)
