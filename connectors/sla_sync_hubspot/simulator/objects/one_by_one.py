"""Records one by one: list, read, create, change and archive."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.associating import associate, read_labels
from sla_sync_hubspot.simulator.association_types import other_type
from sla_sync_hubspot.simulator.call import CREATED, NO_CONTENT, Answer, Call, spell_time
from sla_sync_hubspot.simulator.object_types import (
    COMPANY,
    CONTACT,
    DEAL,
    LEAD,
    OBJECT_TYPES,
    TICKET,
    ObjectType,
    object_type,
)
from sla_sync_hubspot.simulator.records import ID, Record, Records, Value
from sla_sync_hubspot.simulator.refusals import CONFLICT, Json, RefusalError, invalid, not_found
from sla_sync_hubspot.simulator.saving import archive_record, change_record, create_record
from sla_sync_hubspot.simulator.values import check_required, check_values, conflicting

PAGE, HISTORY_PAGE = 100, 50
"""How many records a page or a batch holds, and how many where it tells the history of properties."""
_DEFAULT_PAGE = 10
_ALWAYS: Mapping[str, tuple[str, ...]] = {
    CONTACT.identifier: ("createdate", ID, "lastmodifieddate"),
    COMPANY.identifier: ("createdate", "hs_lastmodifieddate", ID),
    DEAL.identifier: ("createdate", "hs_lastmodifieddate", ID),
    TICKET.identifier: ("createdate", "hs_lastmodifieddate", ID),
}
_ALWAYS_ELSE = ("hs_createdate", "hs_lastmodifieddate", ID)
_DEFAULTS: Mapping[str, tuple[str, ...]] = {
    CONTACT.identifier: ("email", "firstname", "lastname"),
    COMPANY.identifier: ("domain", "name"),
    DEAL.identifier: ("amount", "closedate", "dealname", "dealstage", "pipeline"),
    TICKET.identifier: ("hs_pipeline", "hs_pipeline_stage", "subject"),
}
_LINK = shapes.record(
    {"to": shapes.record({"id": shapes.digits}), "types": shapes.list_of(shapes.anything)},
)
CREATION = shapes.record(
    {"properties": shapes.anything},
    {"associations": shapes.list_of(_LINK), "objectWriteTraceId": shapes.text},
)
_CHANGE = shapes.record({"properties": shapes.anything}, {"objectWriteTraceId": shapes.text})


def list_records(call: Call) -> Answer:
    """Answer a page of records in the order of their ids; `after` is the id of the last one seen."""
    named, history, linked = _asked(call)
    limit = call.number("limit", _DEFAULT_PAGE, low=1, high=HISTORY_PAGE if history else PAGE)
    after = call.number("after", 0, low=0, high=2**53)
    archived = call.flag("archived")
    rows = call.records.rows.get(call.object_type.identifier, {}).values()
    found = [each for each in rows if bool(each.archived) is archived and int(each.id) > after]
    page = found[:limit]
    body: Json = {"results": [spell(call, each, named, history, linked) for each in page]}
    if len(found) > limit:
        body["paging"] = {"next": {"after": page[-1].id}}
    return Answer(body=body)


def read_record(call: Call) -> Answer:
    """Answer one record, found by its id or by a unique property; an archived one only with `archived=true`."""
    named, history, linked = _asked(call)
    found = find(
        call, call.object_type, call.path["record_id"], call.word("idProperty"), archived=call.flag("archived")
    )
    return Answer(body=spell(call, found, named, history, linked))


def create_one(call: Call) -> Answer:
    """Create one record, with associations if the body names any."""
    created = create(call, call.object_type, call.body)
    return Answer(CREATED, spell_written(call, created, call.body["properties"]))


def change_one(call: Call) -> Answer:
    """Change what the body names of one record."""
    _CHANGE(call.body, "")
    found = find(call, call.object_type, call.path["record_id"], call.word("idProperty"))
    return Answer(body=spell_written(call, change(call, found, call.body["properties"]), call.body["properties"]))


def archive_one(call: Call) -> Answer:
    """Archive one record. Inferred: one that is archived already is answered 204 again."""
    found = call.records.rows.get(call.object_type.identifier, {}).get(call.path["record_id"])
    if found is None:
        raise _no_record()
    if not found.archived:
        archive_record(call.portal, found.object_id, found.id, call.source)
    return Answer(NO_CONTENT)


def create(call: Call, kind: ObjectType, body: Any) -> Record:
    """Create a record from one body and return it; raises RefusalError for a wrong one."""
    CREATION(body, "")
    values = check_values(call.state, kind.identifier, body["properties"])
    check_required(kind.identifier, values)
    _check_unique(call, kind.identifier, values, besides="")
    links = body.get("associations") or []
    if kind is LEAD and not links:
        # Documented: a lead is always associated with a contact or a company. Inferred: the words.
        raise invalid("A lead must be associated with a contact or a company", where="associations")
    portal = call.portal
    identifier = create_record(portal, kind.identifier, values, call.source)
    for position, each in enumerate(links):
        labels = read_labels(each["types"], f"associations[{position}].types")
        other = other_type(kind.identifier, labels)
        associate(portal, (kind.identifier, identifier), (other, each["to"]["id"]), labels)
    return call.records.rows[kind.identifier][identifier]


def change(call: Call, found: Record, properties: Any) -> Record:
    """Change a record and return it as it is then; raises RefusalError for wrong values."""
    values = check_values(call.state, found.object_id, properties)
    _check_unique(call, found.object_id, values, besides=found.id)
    change_record(call.portal, found.object_id, found.id, values, call.source)
    return call.records.rows[found.object_id][found.id]


def find(call: Call, kind: ObjectType, text: str, by: str | None, *, archived: bool = False) -> Record:
    """Return a record by its id, or by the value of a unique property; raises RefusalError where there is none."""
    found = find_if_any(call, kind, text, by, archived=archived)
    if found is None:
        raise _no_record()
    return found


def find_if_any(call: Call, kind: ObjectType, text: str, by: str | None, *, archived: bool = False) -> Record | None:
    """Return a record as `find` does, or None; raises RefusalError for a property that is not unique."""
    if by in (None, ID):
        # Documented: whoever asks for a record that was merged is given the one that is left.
        resolved = call.records.resolved(kind.identifier, text)
        found = call.records.rows.get(kind.identifier, {}).get(resolved)
        return found if found and bool(found.archived) is archived else None
    definition = call.state["properties"][kind.identifier].get(by)
    if definition is None or not definition["hasUniqueValue"]:
        raise invalid(f"The property {by} of {kind.plural.lower()} does not have unique values", where="idProperty")
    wanted = text.lower() if by == "email" else text
    return call.records.holder(kind.identifier, str(by), wanted)


def spell(call: Call, record: Record, named: Iterable[str], history: Iterable[str], linked: Iterable[str]) -> Json:
    """Return a record as the API shows it: the properties asked for that exist, null where there never was a value."""
    known = call.state["properties"][record.object_id]
    always = _ALWAYS.get(record.object_id, _ALWAYS_ELSE)
    wanted = [name for name in named if name in known] or _DEFAULTS.get(record.object_id, ())
    shown: Json = {
        "id": record.id,
        "properties": {name: record.get(name) for name in dict.fromkeys((*always, *wanted))},
        "createdAt": spell_time(record.created),
        "updatedAt": spell_time(record.updated),
        "archived": bool(record.archived),
    }
    if record.archived:
        shown["archivedAt"] = spell_time(record.archived)
    told = [name for name in history if name in known]
    if told:
        values = {name: [_spell_value(each) for each in record.values(name)] for name in told}
        shown["propertiesWithHistory"] = values
    links = {name: _spell_links(call.records, record, object_type(name)) for name in linked}
    if any(links.values()):
        shown["associations"] = {name: {"results": each} for name, each in links.items() if each}
    return shown


def spell_written(call: Call, record: Record, properties: Mapping[str, str]) -> Json:
    """Return a record as the answer to a write shows it: what was written, and what the portal wrote of itself."""
    known = call.state["properties"][record.object_id]
    own = [name for name, values in record.history.items() if values[0].at == call.now and name in known]
    return spell(call, record, [*properties, *own], (), ())


def names(values: Iterable[str]) -> list[str]:
    """Return the names in a query parameter that may be repeated, or hold several with commas between them."""
    return [name.strip() for each in values for name in each.split(",") if name.strip()]


def _asked(call: Call) -> tuple[list[str], list[str], list[str]]:
    found = [names(call.query.get(each, ())) for each in ("properties", "propertiesWithHistory", "associations")]
    return found[0], found[1], found[2]


def _check_unique(call: Call, object_id: str, values: Mapping[str, str], *, besides: str) -> None:
    for name, text in values.items():
        if not text or not call.state["properties"][object_id][name]["hasUniqueValue"]:
            continue
        holder = call.records.holder(object_id, name, text)
        if holder is None or holder.id == besides:
            continue
        if name == "email":
            word = OBJECT_TYPES[object_id].singular
            raise RefusalError(CONFLICT, f"{word} already exists. Existing ID: {holder.id}", category="CONFLICT")
        raise conflicting(name, text, holder.id)


def _spell_value(value: Value) -> Json:
    shown: Json = {"value": value.text, "timestamp": spell_time(value.at), "sourceType": value.source.kind}
    if value.source.identifier:
        shown["sourceId"] = value.source.identifier
    if value.source.user:
        shown["updatedByUserId"] = int(value.source.user)
    return shown


def _spell_links(records: Records, record: Record, other: ObjectType) -> list[Json]:
    word = f"{OBJECT_TYPES[record.object_id].singular}_to_{other.singular}".lower()
    links = records.links_of(record.object_id, record.id, other.identifier)
    return [{"id": each, "type": word} for each in links if records.get(other.identifier, each)]


def _no_record() -> RefusalError:
    return not_found("resource not found")
