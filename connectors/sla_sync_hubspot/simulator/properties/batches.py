"""Properties in batches of up to a hundred: create, read and archive."""

from __future__ import annotations

from collections.abc import Callable

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, MULTI_STATUS, NO_CONTENT, OK, Answer, Call
from sla_sync_hubspot.simulator.properties import one_by_one as properties
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid

BATCH_SIZE = 100
_NAMES = shapes.list_of(shapes.record({"name": shapes.filled}))
_CREATION = shapes.record({"inputs": shapes.list_of(shapes.anything)})
_READING = shapes.record({"inputs": _NAMES}, {"archived": shapes.boolean, "dataSensitivity": shapes.text})
_ARCHIVING = shapes.record({"inputs": _NAMES})


def create_properties(call: Call) -> Answer:
    """Create each property; those that are refused stand in `errors` of a 207."""
    object_type = call.object_type
    return _each(call, _CREATION, CREATED, lambda body: properties.create(call, body, object_type))


def read_properties(call: Call) -> Answer:
    """Answer each property; those that do not exist stand in `errors` of a 207."""
    object_type = call.object_type

    def read(named: Json) -> Json:
        kind = "archived_properties" if call.body.get("archived") else "properties"
        found: Json | None = call.state[kind][object_type.identifier].get(named["name"])
        if found is None:
            raise properties.no_property(object_type, named["name"])
        return found

    return _each(call, _READING, OK, read)


def archive_properties(call: Call) -> Answer:
    """Archive each property that exists; the documentation promises 204 for the others too.

    Inferred: that one in use refuses the whole batch.
    """
    object_type = call.object_type
    existing = call.state["properties"][object_type.identifier]
    for named in _inputs(call, _ARCHIVING):
        if named["name"] in existing:
            properties.archive(call, object_type, named["name"])
    return Answer(NO_CONTENT)


def _inputs(call: Call, shape: shapes.Check) -> list[Json]:
    shape(call.body, "")
    inputs: list[Json] = call.body["inputs"]
    if len(inputs) > BATCH_SIZE:
        raise invalid(f"A batch holds at most {BATCH_SIZE} inputs, not {len(inputs)}", where="inputs")
    return inputs


def _each(call: Call, shape: shapes.Check, status: int, step: Callable[[Json], Json]) -> Answer:
    results: list[Json] = []
    errors: list[Json] = []
    for each in _inputs(call, shape):
        try:
            results.append(step(each))
        except RefusalError as refusal:
            errors.append(refusal.as_batch_error())
    body: Json = {"status": "COMPLETE", "results": results, "startedAt": call.stamp, "completedAt": call.stamp}
    if errors:
        return Answer(MULTI_STATUS, body | {"numErrors": len(errors), "errors": errors})
    return Answer(status, body)
