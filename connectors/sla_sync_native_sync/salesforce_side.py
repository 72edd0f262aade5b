"""Salesforce as the integration uses it: leads and contacts, the fields that its user sees, and the users."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus

from sla_sync_native_sync.values import Kind, Value, from_salesforce, kind_of, to_salesforce
from sla_sync_native_sync.wire import Wire

LEAD, CONTACT = "Lead", "Contact"
_DATA = "/services/data/v63.0"
_AT_ONCE = 200
"""So many ids or addresses stand in one query."""
_OWN = {LEAD: ("IsConverted", "ConvertedContactId"), CONTACT: ()}


@dataclass(frozen=True, slots=True)
class Person:
    """A lead or contact with the fields that are mapped."""

    object: str
    id: str
    email: str
    updated: datetime
    values: Mapping[str, Value] = field(default_factory=dict)
    became: str = ""
    """The contact that a lead was converted into."""


def read_fields(call: Wire, object_name: str) -> Mapping[str, Kind]:
    """Return what the fields hold that the integration's user sees, by name."""
    found = call("GET", f"{_DATA}/sobjects/{object_name}/describe")["fields"]
    return {str(each["name"]): kind_of(str(each["type"])) for each in found}


def read_users(call: Wire) -> Mapping[str, str]:
    """Return the e-mail address of each active user in lower case, by id."""
    found = _query(call, "Id, Email", "User", "IsActive = true")
    return {str(each["Id"]): str(each["Email"]).lower() for each in found if each.get("Email")}


def changed_since(call: Wire, object_name: str, since: datetime | None) -> frozenset[str]:
    """Return the ids of what was saved at an instant or later, all of them where no instant is given."""
    where = "" if since is None else f"SystemModstamp >= {since:%Y-%m-%dT%H:%M:%SZ}"
    return frozenset(str(each["Id"]) for each in _query(call, "Id", object_name, where))


def read_people(call: Wire, object_name: str, fields: Mapping[str, Kind], ids: Collection[str]) -> Iterator[Person]:
    """Yield those of these records that are there; a lead that was converted is there."""
    for some in _chunks(sorted(ids)):
        where = f"Id IN ({', '.join(map(_quoted, some))})"
        yield from _people(call, object_name, fields, where)


def find_by_email(call: Wire, object_name: str, fields: Mapping[str, Kind], email: str) -> Person | None:
    """Return the record with an address that was created first, or None; converted leads do not count."""
    open_lead = " AND IsConverted = false" if object_name == LEAD else ""
    found = _people(call, object_name, fields, f"Email = {_quoted(email)}{open_lead} ORDER BY CreatedDate, Id LIMIT 1")
    return next(found, None)


def create_person(call: Wire, object_name: str, values: Mapping[str, Value], *, assign: bool) -> str:
    """Create a record and return its id; `assign` asks for the assignment rules. Raises AnswerError."""
    known = {name: to_salesforce(value) for name, value in values.items() if value is not None}
    return str(call("POST", f"{_DATA}/sobjects/{object_name}", known, _assigning(assign))["id"])


def write_person(call: Wire, person: Person, values: Mapping[str, Value]) -> None:
    """Write values into a record. Raises AnswerError where Salesforce refuses them, and then writes none of them."""
    body = {name: to_salesforce(value) for name, value in values.items()}
    call("PATCH", f"{_DATA}/sobjects/{person.object}/{person.id}", body, _assigning(asked=False))


def _assigning(asked: bool) -> Mapping[str, str]:  # noqa: FBT001 - it is the value of the header
    return {"Sforce-Auto-Assign": str(asked).upper()}


def _people(call: Wire, object_name: str, fields: Mapping[str, Kind], where: str) -> Iterator[Person]:
    own = _OWN[object_name]
    names = dict.fromkeys(("Id", "Email", "SystemModstamp", *own, *fields))
    for row in _query(call, ", ".join(names), object_name, where):
        yield Person(
            object_name,
            str(row["Id"]),
            str(row.get("Email") or "").lower(),
            datetime.fromisoformat(str(row["SystemModstamp"])).astimezone(UTC),
            {name: from_salesforce(kind, row.get(name)) for name, kind in fields.items()},
            str(row.get("ConvertedContactId") or "") if row.get("IsConverted") else "",
        )


def _query(call: Wire, fields: str, table: str, where: str) -> Iterator[Any]:
    text = f"SELECT {fields} FROM {table}{f' WHERE {where}' if where else ''}"  # noqa: S608 - SOQL, its texts are quoted
    page = call("GET", f"{_DATA}/query?q={quote_plus(text)}")
    yield from page["records"]
    while not page["done"]:
        page = call("GET", str(page["nextRecordsUrl"]))
        yield from page["records"]


def _chunks(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _AT_ONCE] for start in range(0, len(ids), _AT_ONCE))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
