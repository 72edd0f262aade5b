"""Records in batches: read, create, update, upsert and archive.

Documented: a batch is refused as a whole unless every input bears an `objectWriteTraceId`; then those that are refused
stand in the `errors` of a 207.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, MULTI_STATUS, NO_CONTENT, OK, Answer, Call
from sla_sync_hubspot.simulator.objects import one_by_one as objects
from sla_sync_hubspot.simulator.records import ID
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, missing
from sla_sync_hubspot.simulator.saving import archive_record

_ANY_INPUTS = shapes.record({"inputs": shapes.list_of(shapes.anything)})
_IDS = shapes.list_of(shapes.record({"id": shapes.filled}))
_READING = shapes.record(
    {"inputs": _IDS},
    {"properties": shapes.list_of(shapes.text), "propertiesWithHistory": shapes.list_of(shapes.text),
     "idProperty": shapes.filled},
)  # fmt: skip
_TRACED = {"objectWriteTraceId": shapes.text}
_UPDATE = shapes.record({"id": shapes.filled, "properties": shapes.anything}, _TRACED | {"idProperty": shapes.filled})
_UPSERT = shapes.record(
    {"id": shapes.filled, "idProperty": shapes.filled, "properties": shapes.anything}, dict(_TRACED)
)
_ARCHIVING = shapes.record({"inputs": _IDS})


def read_records(call: Call) -> Answer:
    """Answer each record; those that do not exist stand in `errors` of a 207."""
    _READING(call.body, "")
    history = call.body.get("propertiesWithHistory") or []
    inputs = _limited(call.body["inputs"], objects.HISTORY_PAGE if history else objects.PAGE)
    archived = call.flag("archived")
    kind, by = call.object_type, call.body.get("idProperty")
    found, absent = [], []
    for each in dict.fromkeys(one["id"] for one in inputs):
        record = objects.find_if_any(call, kind, each, by, archived=archived)
        if record is None:
            absent.append(each)
        else:
            found.append(objects.spell(call, record, call.body.get("properties") or (), history, ()))
    return _answer(call, OK, found, [_absent(call, absent)] if absent else [])


def create_records(call: Call) -> Answer:
    """Create each record."""
    return _each(call, CREATED, lambda body: _created(call, body))


def update_records(call: Call) -> Answer:
    """Change each record. Inferred: those that do not exist stand in `errors` of a 207, traced or not."""
    _ANY_INPUTS(call.body, "")
    for position, each in enumerate(call.body["inputs"]):
        _UPDATE(each, f"inputs[{position}]")
    _check_repeated(call.body["inputs"])
    there = [each for each in call.body["inputs"] if _found(call, each) is not None]
    absent = [each["id"] for each in call.body["inputs"] if _found(call, each) is None]
    errors = [_absent(call, absent)] if absent else []
    return _each(call, OK, lambda body: _updated(call, body), inputs=there, errors=errors)


def upsert_records(call: Call) -> Answer:
    """Change each record that a unique property finds, and create the others; `new` tells which."""
    _ANY_INPUTS(call.body, "")
    for position, each in enumerate(call.body["inputs"]):
        _UPSERT(each, f"inputs[{position}]")
    _check_repeated(call.body["inputs"])
    return _each(call, OK, lambda body: _upserted(call, body))


def archive_records(call: Call) -> Answer:
    """Archive each record that exists; the documentation promises 204 for the others too."""
    _ARCHIVING(call.body, "")
    for each in _limited(call.body["inputs"], objects.PAGE):
        if call.records.get(call.object_type.identifier, each["id"]) is not None:
            archive_record(call.portal, call.object_type.identifier, each["id"], call.source)
    return Answer(NO_CONTENT)


def _created(call: Call, body: Json) -> Json:
    record = objects.create(call, call.object_type, body)
    return objects.spell_written(call, record, body["properties"])


def _found(call: Call, body: Json) -> Any:
    return objects.find_if_any(call, call.object_type, body["id"], body.get("idProperty"))


def _updated(call: Call, body: Json) -> Json:
    record = objects.find(call, call.object_type, body["id"], body.get("idProperty"))
    return objects.spell_written(call, objects.change(call, record, body["properties"]), body["properties"])


def _upserted(call: Call, body: Json) -> Json:
    found = _found(call, body)
    if found is not None:
        return _updated(call, body) | {"new": False}
    if body["idProperty"] == ID:
        raise invalid(f"The record {body['id']} does not exist and an id cannot be chosen", where="id")
    properties = {body["idProperty"]: body["id"]} | body["properties"]
    return _created(call, {"properties": properties}) | {"new": True}


def _each(
    call: Call,
    status: int,
    step: Callable[[Json], Json],
    *,
    inputs: Sequence[Json] | None = None,
    errors: Sequence[Json] = (),
) -> Answer:
    _ANY_INPUTS(call.body, "")
    _limited(call.body["inputs"], objects.PAGE)
    taken = call.body["inputs"] if inputs is None else inputs
    traced = all(isinstance(each, dict) and each.get("objectWriteTraceId") for each in taken)
    results: list[Json] = []
    refused: list[Json] = list(errors)
    for each in taken:
        trace = {"objectWriteTraceId": each["objectWriteTraceId"]} if traced else {}
        savepoint = call.records.savepoint()
        try:
            results.append(step(each) | trace)
        except RefusalError as refusal:
            if not traced:
                raise
            call.records.restore(savepoint)
            entry = refusal.as_batch_error()
            entry["context"] = dict(entry["context"]) | {key: [value] for key, value in trace.items()}
            refused.append(entry)
    return _answer(call, status, results, refused)


def _answer(call: Call, status: int, results: list[Json], errors: Sequence[Json]) -> Answer:
    body: Json = {"status": "COMPLETE", "results": results, "startedAt": call.stamp, "completedAt": call.stamp}
    if errors:
        return Answer(MULTI_STATUS, body | {"numErrors": len(errors), "errors": list(errors)})
    return Answer(status, body)


def _absent(call: Call, identifiers: Sequence[str]) -> Json:
    word = call.object_type.singular.upper()
    refusal = RefusalError(
        MULTI_STATUS,
        f"Could not get some {word} objects, they may be deleted or not exist. Check that ids are valid.",
        category="OBJECT_NOT_FOUND",
        context={"ids": identifiers},
    )
    return refusal.as_batch_error()


def _limited(inputs: Sequence[Json], limit: int) -> Sequence[Json]:
    if not inputs:
        raise missing(["inputs"], "")
    if len(inputs) > limit:
        raise invalid(f"A batch holds at most {limit} inputs, not {len(inputs)}", where="inputs")
    return inputs


def _check_repeated(inputs: Sequence[Json]) -> None:
    names = [each["id"] for each in inputs]
    repeated = sorted({each for each in names if names.count(each) > 1})
    if repeated:
        raise invalid(f"Duplicate IDs found in batch input: [{', '.join(repeated)}]", where="inputs")
