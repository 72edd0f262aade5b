"""Hands that were raised through campaigns: responses of leads, and of the contacts that they became."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from sla_sync.connector.history import RAISES, Piece
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.ground import Ground
from sla_sync_salesforce.past.leads import source_of
from sla_sync_salesforce.past.marks import read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, pages
from sla_sync_salesforce.translate.handraise import campaign_fields_read

_STREAM = "campaign members"
_DAY = timedelta(days=1)
_COLUMNS = (
    "Id",
    "LeadId",
    "ContactId",
    "CreatedDate",
    "LastModifiedDate",
    "HasResponded",
    "FirstRespondedDate",
    "IsDeleted",
)


def raises(ground: Ground, rows: int = ROWS) -> Iterator[Piece]:
    """Yield the campaign responses since the mark that mean an agreed source."""
    fields = [f"Campaign.{each}" for each in campaign_fields_read(ground.binding)]
    if not fields:
        return
    mark = read(ground.asked.marks.get(_STREAM, "")).begun(ground.now)
    asked = Bulk((*_COLUMNS, *fields), "CampaignMember", "HasResponded = true")
    for found, then in pages(ground.client, asked, mark, mark.begin or ground.asked.since, rows):
        told = tuple(_told(ground, fields, found))
        yield Piece(RAISES, told, _STREAM, spell(then), ("lead", "at", "source"))


def _told(ground: Ground, fields: Sequence[str], found: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, object]]:
    # Documented: of a lead that was converted the membership names both.
    people = [row["LeadId"] or row["ContactId"] for row in found]
    whose = ground.became.leads_of(people)
    for row, person in zip(found, people, strict=True):
        source = next((name for each in fields if (name := source_of(ground, row[each]))), None)
        lead, at = whose.get(person), _responded_at(row)
        if row["IsDeleted"] != "true" and source and lead and at is not None and at < ground.asked.until:
            yield {"lead": lead, "at": at, "source": source}


def _responded_at(row: Mapping[str, str]) -> datetime | None:
    """Return when somebody responded; Salesforce keeps the day alone.

    Inferred: who responded on the day on which the membership was made did so by it; else by its last save, if it is of
    that day.
    """
    day = instant(row["FirstRespondedDate"])
    for field in ("CreatedDate", "LastModifiedDate"):
        at = instant(row[field])
        if at is not None and (day is None or day - _DAY < at < day + 2 * _DAY):
            return at
    return day
