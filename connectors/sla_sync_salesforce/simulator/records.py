"""Records written through the data API: who may write them, which of them there are, and one transaction for several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sla_sync_salesforce.simulator import converting, hours_records, saving, setup_records
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.incoming_rows import Incoming, incoming
from sla_sync_salesforce.simulator.integrity import own_values
from sla_sync_salesforce.simulator.kinds.queue import tell_membership
from sla_sync_salesforce.simulator.queries.tables import may
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.save_options import PLAIN, SaveOptions
from sla_sync_salesforce.simulator.store import Fields, Row

BATCH = 200
"""As many records are saved in one transaction at most."""
_BY_SETUP_ONLY = (
    "CustomNotificationType",
    "RecordType",
    "BusinessProcess",
    "Profile",
    "UserRole",
    "Group",
    "QueueSobject",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One record that a request wants written: changed where it has an id, else created. CSV values are `text`."""

    object_name: str
    identity: str | None
    body: Mapping[str, Any]
    text: bool = False


def create(desk: Desk, caller: Caller, table: str, body: Mapping[str, Any], options: SaveOptions = PLAIN) -> str:
    """Write a new record and return its id. Raises RefusedError."""
    if table in setup_records.TABLES:
        return setup_records.create(desk, caller, table, body)
    return _only(write(desk, caller, [Asked(table, None, body)], options))


def update(
    desk: Desk, caller: Caller, table: str, identity: str, body: Mapping[str, Any], options: SaveOptions = PLAIN
) -> None:
    """Change a record. Raises RefusedError."""
    if table in setup_records.TABLES:
        setup_records.update(desk, caller, table, identity, body)
        return
    _only(write(desk, caller, [Asked(table, identity, body)], options))


def delete(desk: Desk, caller: Caller, table: str, identity: str) -> None:
    """Delete a record. Raises RefusedError."""
    if table in setup_records.TABLES:
        setup_records.delete(desk, caller, table, identity)
        return
    object_name = known_object(desk, table)
    _check_allowed(desk, caller, object_name, "allowDelete")
    row = existing(desk, object_name, identity)
    _check_lock(desk, str(row["Id"]))
    if object_name in hours_records.OBJECTS:
        hours_records.delete(desk, caller.user, object_name, row)
        return
    converting.delete(desk, caller.user, object_name, str(row["Id"]))
    if object_name == "GroupMember":
        tell_membership(desk.organization, row, caller.user.id, added=False)
        desk.keep()


def write(desk: Desk, caller: Caller, asked: Sequence[Asked], options: SaveOptions = PLAIN) -> list[str | RefusedError]:
    """Write several records, those of one object that follow each other together; return each one's id or its refusal."""
    results: list[str | RefusedError] = []
    start = desk.organization.store.copy()
    place = 0
    while place < len(asked):
        object_name = asked[place].object_name
        end = place
        while end < len(asked) and asked[end].object_name == object_name and end - place < BATCH:
            end += 1
        write_rows = _setup_rows if object_name in setup_records.TABLES else _batch
        results.extend(write_rows(desk, caller, object_name, asked[place:end], options))
        place = end
    if options.all_or_none and any(isinstance(each, RefusedError) for each in results):
        desk.organization.store.restore(start)
        return [each if isinstance(each, RefusedError) else rolled_back() for each in results]
    return results


def _setup_rows(
    desk: Desk, caller: Caller, table: str, asked: Sequence[Asked], options: SaveOptions
) -> list[str | RefusedError]:
    """Write records of the setup, each for itself. Raises RefusedError for all or none: nothing rolls them back here."""
    if options.all_or_none:
        raise not_implemented(f"Writing several {table} all or none")
    results: list[str | RefusedError] = []
    for each in asked:
        body = {name: value for name, value in each.body.items() if name not in {"attributes", "Id", "id"}}
        try:
            if each.identity is None:
                results.append(setup_records.create(desk, caller, table, body))
            else:
                setup_records.update(desk, caller, table, each.identity, body)
                results.append(each.identity)
        except RefusedError as error:
            results.append(error)
    return results


def rolled_back() -> RefusedError:
    """Return what a record is answered whose request failed for another's sake."""
    text = "Record rolled back because not all records were valid and the request was using AllOrNone header"
    return RefusedError("ALL_OR_NONE_OPERATION_ROLLED_BACK", text)


def known_object(desk: Desk, name: str) -> str:
    """Return the object of this name, in any case. Raises RefusedError."""
    for known in object_names(desk.organization):
        if known.lower() == name.lower():
            return known
    raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)


def existing(desk: Desk, object_name: str, identity: str) -> Row:
    """Return the row with an id. Raises RefusedError with the platform's code where there is none."""
    store = desk.organization.store
    row = store.get(object_name, identity)
    if row is not None:
        return row
    if len(identity) not in (15, 18) or not identity.isalnum():
        raise RefusedError("MALFORMED_ID", f"malformed id {identity}", fields=("Id",))
    if not identity.startswith(store.prefix(object_name)):
        raise RefusedError("NOT_FOUND", "Provided external ID field does not exist or is not accessible", status=404)
    raise RefusedError("ENTITY_IS_DELETED", "entity is deleted", status=404)


def by_external_id(desk: Desk, caller: Caller, object_name: str, field: str, value: str) -> list[str]:
    """Return the ids of the rows that an external id names. Raises RefusedError where the field is no external id."""
    shape = incoming(desk, caller.user, object_name).shapes.get(field.lower())
    if shape is None or own_values(desk.organization, object_name, shape.name).get("externalId") != "true":
        text = "Provided external ID field does not exist or is not accessible: " + field
        raise RefusedError("NOT_FOUND", text, status=404)
    wanted = value.casefold()
    return [
        identity
        for identity, row in desk.organization.store.of(object_name).items()
        if row.get(shape.name) is not None and str(row[shape.name]).casefold() == wanted
    ]


def _only(results: Sequence[str | RefusedError]) -> str:
    (result,) = results
    if isinstance(result, RefusedError):
        raise result
    return result


def _batch(
    desk: Desk, caller: Caller, object_name: str, asked: Sequence[Asked], options: SaveOptions
) -> list[str | RefusedError]:
    """Save records of one object; what can be told to be wrong before the save never reaches it."""
    ready: dict[int, tuple[str | None, Fields]] = {}
    results: dict[int, str | RefusedError] = {}
    try:
        object_name = known_object(desk, object_name)
        reader = incoming(desk, caller.user, object_name)
    except RefusedError as error:
        return [error] * len(asked)
    for place, each in enumerate(asked):
        try:
            ready[place] = _prepared(desk, caller, reader, each)
        except RefusedError as error:
            results[place] = error
    saved = _saved(desk, caller, object_name, list(ready.values()), options) if ready else []
    results |= dict(zip(ready, saved, strict=True))
    return [results[place] for place in range(len(asked))]


def _saved(
    desk: Desk, caller: Caller, object_name: str, rows: list[tuple[str | None, Fields]], options: SaveOptions
) -> list[str | RefusedError]:
    if object_name in hours_records.OBJECTS:
        return [hours_records.write(desk, caller.user, object_name, identity, values) for identity, values in rows]
    results = saving.save_many(desk, caller.user, object_name, rows, options=options)
    if object_name == "User":
        _follow_users(desk)
    if object_name == "GroupMember":
        members = desk.organization.store.of(object_name)
        for each in results:
            if isinstance(each, str):
                tell_membership(desk.organization, members[each], caller.user.id, added=True)
        desk.keep()
    return results


def _follow_users(desk: Desk) -> None:
    """Let those who may sign in be what their records say."""
    for user in desk.organization.users:
        row = desk.organization.store.of("User")[user.id]
        user.active = row["IsActive"] is True
        user.name = str(row["Name"])
    desk.keep()


def _prepared(desk: Desk, caller: Caller, reader: Incoming, asked: Asked) -> tuple[str | None, Fields]:
    object_name = reader.object_name
    _check_allowed(desk, caller, object_name, "allowEdit" if asked.identity else "allowCreate")
    if asked.identity is None:
        return None, reader.row(asked.body, text=asked.text)
    row = existing(desk, object_name, asked.identity)
    identity = str(row["Id"])
    _check_lock(desk, identity)
    if row.get("IsConverted"):
        # Documented: a converted lead is read only for whoever lacks the permission to edit converted leads.
        raise RefusedError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    return identity, reader.row(asked.body, text=asked.text)


def _check_lock(desk: Desk, identity: str) -> None:
    if identity in desk.locked:
        text = f"unable to obtain exclusive access to this record or 1 records: {identity}"
        raise RefusedError("UNABLE_TO_LOCK_ROW", text)


def _check_allowed(desk: Desk, caller: Caller, object_name: str, flag: str) -> None:
    if object_name.endswith("__mdt") or object_name in _BY_SETUP_ONLY:
        verb = {"allowCreate": "create", "allowEdit": "update"}.get(flag, "delete")
        raise RefusedError("INVALID_TYPE_FOR_OPERATION", f"entity type {object_name} does not support {verb}")
    if object_name == "User" and flag != "allowEdit":
        raise not_implemented("Creating or deleting users")
    if not may(desk, caller.user, object_name, flag):
        text = "insufficient access rights on cross-reference id"
        raise RefusedError("INSUFFICIENT_ACCESS_OR_READONLY", text, status=403)


def identity_in(body: Mapping[str, Any]) -> str | None:
    """Return the id that a record of a collection bears, in any spelling of the member."""
    given = next((value for name, value in body.items() if name.lower() == "id"), None)
    return normal(str(given)) if given else None
