"""Calls, e-mails and meetings with leads and the contacts that they became: tasks that were done, events that were booked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import RejectedError
from sla_sync.connector.history import ACTIVITIES, Piece
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.ground import Ground
from sla_sync_salesforce.past.marks import read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, looked_up, pages
from sla_sync_salesforce.past.touching import EVENT, MAIL, TASK, counts, fields_tested, kind_of
from sla_sync_salesforce.soql import asks_for_nothing

_ALWAYS = ("Id", "WhoId", "OwnerId", "Subject", "Type", "CreatedDate", "CreatedById", "IsDeleted")
_OWN: Mapping[str, tuple[str, ...]] = {
    TASK: ("TaskSubtype", "Status", "IsClosed", "CompletedDateTime"),
    EVENT: ("IsChild",),
}


def columns_of(ground: Ground, kind: str) -> tuple[str, ...]:
    """Return what is read of each task or event."""
    return (*_ALWAYS, *_OWN[kind], *fields_tested(ground.binding, kind))


def activities(ground: Ground, kind: str, rows: int = ROWS) -> Iterator[Piece]:
    """Yield tasks or events that were changed since the mark; what a lead was never part of is left out."""
    stream = f"{kind.lower()}s"
    mark = read(ground.asked.marks.get(stream, "")).begun(ground.now)
    asked = Bulk(columns_of(ground, kind), kind, "WhoId != null")
    for found, then in pages(ground.client, asked, mark, mark.begin or ground.asked.since, rows):
        yield Piece(ACTIVITIES, tuple(told(ground, kind, found)), stream, spell(then), ("activity",))


def told(ground: Ground, kind: str, found: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, Any]]:
    """Yield tasks that were done or events that were booked as rows of activities, each with the lead with whom."""
    done = [row for row in found if row["IsDeleted"] != "true" and _is_done(row, kind)]
    whose = ground.became.leads_of([row["WhoId"] for row in done])
    came_in = _came_in(ground, [row["Id"] for row in done if row.get("TaskSubtype") == "Email"])
    for row in done:
        at = instant(row.get("CompletedDateTime", "")) or instant(row["CreatedDate"])
        lead, which = whose.get(row["WhoId"]), kind_of(row, kind)
        if at is None or lead is None or not which or at >= ground.asked.until:
            continue
        inbound = row["Id"] in came_in or (kind == EVENT and _booked_by_buyer(ground, row))
        yield {
            "lead": lead,
            "at": at,
            "activity": row["Id"],
            "kind": which,
            "by": row["OwnerId"] or None,
            # The task under which an e-mail is filed that came in is nobody's touch.
            "counts": row["Id"] not in came_in and counts(row, kind, ground.binding),
            "inbound": inbound,
        }


def _is_done(row: Mapping[str, str], kind: str) -> bool:
    """Return whether a task was done, or an event is one of its own: each invitee has a copy that is a child of it."""
    return row["IsChild"] != "true" if kind == EVENT else row["IsClosed"] == "true"


def _booked_by_buyer(ground: Ground, row: Mapping[str, str]) -> bool:
    """Return whether the buyer chose the time of a meeting.

    Inferred: what a buyer books is written by the integration of a scheduler, neither by the owner of the calendar nor by
    somebody of a team.
    """
    return row["CreatedById"] != row["OwnerId"] and row["CreatedById"] not in ground.teams


def _came_in(ground: Ground, tasks: Sequence[str]) -> set[str]:
    """Return which of these tasks stand for an e-mail that came in (Object Reference, "EmailMessage")."""
    if not tasks:
        return set()
    try:
        mails = list(looked_up(ground.client, "ActivityId, Incoming", MAIL, "ActivityId", tasks))
    except RejectedError as error:
        if asks_for_nothing(error):
            return set()
        raise
    return {each["ActivityId"] for each in mails if each["Incoming"] == "true"}
