"""What became of one lead or contact, from the rows that the org keeps: its assignments, its touches, its conversion."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import (
    Assignment,
    ClockRecord,
    Happening,
    Manifest,
    RecordStory,
    SlaSyncError,
)
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.own_access import asking_for_assignments
from sla_sync_salesforce.soql import literal, one_of, select

LEG_SUFFIX = "Leg__c"
_STARTED = "_Started_At__c"
_RECORD_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_PREFIXES: Mapping[str, str] = {"00Q": "Lead", "003": "Contact"}
_HINT = "Give the id of a lead, a contact or an assignment, as it stands in the address of its page."

_TEXTS = ("Priority__c", "Source__c", "Team__c", "Calendar__c", "Policy__c", "Stage__c", "Ended_Because__c")
_INSTANTS = (
    "Raised_At__c",
    "Qualified_At__c",
    "Assigned_At__c",
    "First_Touch_At__c",
    "Accepted_At__c",
    "Verdict_At__c",
    "Ended_At__c",
)
_OF_CLOCK = ("Started_At__c", "Due_At__c", "Warn_At__c", "Stopped_At__c", "State__c")
_WHO = (
    "Lead__c, Lead__r.Name, Lead__r.Company, Lead__r.IsConverted, Lead__r.ConvertedDate, "
    "Lead__r.ConvertedContactId, Contact__c, Contact__r.Name, "
    "Person__r.Name, Owner.Name, Reason__c, Verdict__c"
)
_ORDER = "ORDER BY Cycle__c, Leg__c"
# Ended because → what that means to people.
_ENDINGS: Mapping[str, str] = {
    "Reassigned": "somebody else got it",
    "Returned": "it went back to a queue",
    "Closed": "the cycle was closed",
    "Parted": "the lead was converted",
    "Gone": "the record was deleted or merged into another",
    "Merged": "the record was merged into another, which was deleted later",
}


def tell(client: Client, record: str, manifest: Manifest | None) -> RecordStory:
    """Return what became of a lead, a contact or the lead of an assignment, by an id of 15 or 18 characters.

    Raises SlaSyncError where there is no such record, or the org keeps no assignments.
    """
    if not _RECORD_ID.fullmatch(record):
        raise SlaSyncError(f"«{record}» is no id of a record of Salesforce.", hint=_HINT)
    kept = sorted(each for each in manifest.applied if each.type == "CustomObject") if manifest else []
    leg = next((each.key for each in kept if each.key.endswith(LEG_SUFFIX)), None)
    if manifest is None or leg is None:
        raise SlaSyncError(
            f"Salesforce ({client.target}) keeps no assignments: no agreement with clocks was applied to it.",
            hint="Run sla-sync apply first.",
        )
    own = f"{leg}."
    fields = [each.key.removeprefix(own) for each in manifest.applied if each.key.startswith(own)]
    clocks = sorted(each.removesuffix(_STARTED) for each in fields if each.endswith(_STARTED))
    rows = _with_whom_it_became(client, leg, clocks, _legs(client, leg, clocks, record))
    if not rows:
        return _untold(client, record)
    first = rows[0]
    lead, contact = first.get("Lead__c"), first.get("Contact__c")
    people = sorted({str(each) for each in (lead, contact, *(row.get("Contact__c") for row in rows)) if each})
    happenings = [*_of_legs(rows), *_of_activities(client, people)]
    title = _title(first)
    return RecordStory(
        record=str(lead or contact or record),
        title=title,
        assignments=tuple(_assignment(each, clocks) for each in rows),
        happenings=tuple(sorted(happenings, key=lambda each: each.at)),
    )


def _columns(clocks: Sequence[str]) -> str:
    own = [f"{clock}_{field}" for clock in clocks for field in _OF_CLOCK]
    return ", ".join(["Id, Cycle__c, Leg__c", _WHO, *_TEXTS, *_INSTANTS, *own])


def _with_whom_it_became(
    client: Client, leg: str, clocks: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    """Return these assignments with those of the contact that a lead became, or of the lead that a contact was."""
    leads = {str(row["Lead__c"]) for row in rows if row.get("Lead__c")}
    contacts = {str(row["Contact__c"]) for row in rows if row.get("Contact__c")}
    # Turns that ended before the conversion name no contact, but their lead does.
    became = ((row.get("Lead__r") or {}).get("ConvertedContactId") for row in rows)
    contacts |= {str(each) for each in became if each}
    if not leads or not contacts:
        return rows
    people = f"{one_of('Lead__c', sorted(leads))} OR {one_of('Contact__c', sorted(contacts))}"
    return client.query(select(_columns(clocks), leg, people, _ORDER))


def _legs(client: Client, leg: str, clocks: Sequence[str], record: str) -> list[Mapping[str, Any]]:
    columns = _columns(clocks)
    kind = _PREFIXES.get(record[:3])
    with asking_for_assignments(client):
        if kind is not None:
            return client.query(select(columns, leg, f"{kind}__c = {literal(record)}", _ORDER))
        found = client.query(select("Id, Lead__c, Contact__c", leg, f"Id = {literal(record)}"))
        if not found:
            return []
        about = "Lead__c" if found[0].get("Lead__c") else "Contact__c"
        return client.query(select(columns, leg, f"{about} = {literal(str(found[0].get(about)))}", _ORDER))


def _untold(client: Client, record: str) -> RecordStory:
    """Return the story of a record that never qualified. Raises SlaSyncError where there is no such record."""
    kind = _PREFIXES.get(record[:3])
    found: list[Mapping[str, Any]] = []
    if kind is not None:
        found = client.query(select("Id, Name", kind, f"Id = {literal(record)}"))
    if not found:
        raise SlaSyncError(
            f"Salesforce ({client.target}) has no lead, contact or assignment with the id {record}.", hint=_HINT
        )
    return RecordStory(str(found[0]["Id"]), str(found[0].get("Name") or record), (), ())


def _title(row: Mapping[str, Any]) -> str:
    lead, contact = row.get("Lead__r") or {}, row.get("Contact__r") or {}
    name = lead.get("Name") or contact.get("Name") or row.get("Lead__c") or row.get("Contact__c") or ""
    company = lead.get("Company")
    return f"{name} ({company})" if company else str(name)


def _owner(row: Mapping[str, Any]) -> str:
    return str((row.get("Person__r") or {}).get("Name") or (row.get("Owner") or {}).get("Name") or "")


def _assignment(row: Mapping[str, Any], clocks: Sequence[str]) -> Assignment:
    def text(field: str) -> str:
        return str(row.get(field) or "")

    return Assignment(
        cycle=int(row.get("Cycle__c") or 0),
        number=int(row.get("Leg__c") or 0),
        owner=_owner(row),
        clocks=tuple(
            ClockRecord(
                clock=spoken(clock),
                started_at=instant(row.get(f"{clock}_Started_At__c")),
                due_at=instant(row.get(f"{clock}_Due_At__c")),
                warn_at=instant(row.get(f"{clock}_Warn_At__c")),
                stopped_at=instant(row.get(f"{clock}_Stopped_At__c")),
                state=text(f"{clock}_State__c"),
            )
            for clock in clocks
            if row.get(f"{clock}{_STARTED}")
        ),
        priority=text("Priority__c"),
        source=text("Source__c"),
        team=text("Team__c"),
        calendar=text("Calendar__c"),
        policy=text("Policy__c"),
        stage=text("Stage__c"),
        ended_because=text("Ended_Because__c"),
        raised_at=instant(row.get("Raised_At__c")),
        qualified_at=instant(row.get("Qualified_At__c")),
        assigned_at=instant(row.get("Assigned_At__c")),
        touched_at=instant(row.get("First_Touch_At__c")),
        verdict_at=instant(row.get("Verdict_At__c")),
        ended_at=instant(row.get("Ended_At__c")),
    )


def spoken(base: str) -> str:
    """Return a commitment's name as agreements mostly write it: `first-response` for `First_Response`."""
    return base.lower().replace("_", "-")


def _of_legs(rows: Sequence[Mapping[str, Any]]) -> Iterator[Happening]:
    for row in rows:
        cycle, turn, owner = int(row.get("Cycle__c") or 0), int(row.get("Leg__c") or 0), _owner(row)
        told = (
            ("Qualified_At__c", f"It qualified, for the {_nth(cycle)} time." if turn <= 1 else ""),
            ("Assigned_At__c", f"{owner} got it."),
            ("Accepted_At__c", "It went on from the stage in which it qualified."),
            ("Verdict_At__c", _verdict(row)),
            ("Ended_At__c", f"The turn of {owner or 'the queue'} ended{_because(row)}."),
        )
        for field, sentence in told:
            at = instant(row.get(field))
            if at is not None and sentence:
                yield Happening(at, sentence)
    lead: Mapping[str, Any] = next((row["Lead__r"] for row in rows if row.get("Lead__r")), {})
    converted = instant(lead.get("ConvertedDate"))
    told_already = any(row.get("Ended_Because__c") == "Parted" for row in rows)
    if lead.get("IsConverted") and converted is not None and not told_already:
        # Of a conversion that ended no turn the platform keeps the day alone.
        yield Happening(converted, f"The lead was converted in the course of {converted:%Y-%m-%d}.")


def _verdict(row: Mapping[str, Any]) -> str:
    reason = f", because «{row['Reason__c']}»" if row.get("Reason__c") else ""
    return f"It went to «{row['Verdict__c']}»{reason}." if row.get("Verdict__c") else ""


def _because(row: Mapping[str, Any]) -> str:
    why = str(row.get("Ended_Because__c") or "")
    return f": {_ENDINGS.get(why, why)}" if why else ""


def _nth(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _of_activities(client: Client, people: Sequence[str]) -> Iterator[Happening]:
    """Yield what was done with these leads and contacts; whether it was a touch is for the agreement to say."""
    if not people:
        return
    whom = f"WhoId IN ({', '.join(literal(each) for each in people)})"
    tasks = client.query(
        select("Id, Subject, Type, Status, IsClosed, CompletedDateTime, CreatedDate, Owner.Name", "Task", whom)
    )
    for row in tasks:
        at = instant(row.get("CompletedDateTime")) or instant(row.get("CreatedDate"))
        if at is not None:
            kind = str(row.get("Type") or "task").lower()
            state = "was done" if row.get("IsClosed") else f"is {str(row.get('Status') or 'open').lower()}"
            yield Happening(at, f"The {kind} «{row.get('Subject')}» of {_owner(row)} {state}.")
    events = client.query(select("Id, Subject, Type, StartDateTime, CreatedDate, Owner.Name", "Event", whom))
    for row in events:
        at = instant(row.get("CreatedDate"))
        if at is not None:
            start = instant(row.get("StartDateTime"))
            when = f" for {start:%Y-%m-%d %H:%M} UTC" if start else ""
            yield Happening(at, f"{_owner(row)} booked «{row.get('Subject')}»{when}.")
