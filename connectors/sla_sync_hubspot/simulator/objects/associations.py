"""Associations between records, version 4: read, the default one, labelled ones, and their ends, singly and in batches."""

from __future__ import annotations

from typing import Any

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.associating import associate, part, read_labels
from sla_sync_hubspot.simulator.association_types import DEFINED, default_label, label_text
from sla_sync_hubspot.simulator.call import CREATED, MULTI_STATUS, NO_CONTENT, OK, Answer, Call
from sla_sync_hubspot.simulator.object_types import OBJECT_TYPES, object_type
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, missing, not_found

_PAGE = 500
_CREATE_BATCH, _READ_BATCH = 2_000, 1_000
_ONE = shapes.record({"id": shapes.digits})
_PAIR = {"from": _ONE, "to": _ONE}
_READING = shapes.record({"inputs": shapes.list_of(shapes.record({"id": shapes.digits}, {"after": shapes.text}))})
_CREATING = shapes.record({"inputs": shapes.list_of(shapes.record(_PAIR | {"types": shapes.anything}))})
_DEFAULTING = shapes.record({"inputs": shapes.list_of(shapes.record(_PAIR))})
_PARTING = shapes.record({"inputs": shapes.list_of(shapes.record({"from": _ONE, "to": shapes.list_of(_ONE)}))})


def list_links(call: Call) -> Answer:
    """Answer a page of the records of a type that one record is associated with."""
    side = _side(call)
    if call.records.get(*side) is None:
        raise not_found("resource not found")
    limit = call.number("limit", _PAGE, low=1, high=_PAGE)
    after = call.number("after", 0, low=0, high=2**53)
    found = _linked(call, side, object_type(call.path["to_type"]).identifier)
    page = found[after : after + limit]
    body: Json = {"results": page}
    if after + limit < len(found):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body=body)


def link_default(call: Call) -> Answer:
    """Associate two records without a label."""
    other = _other(call)
    associate(call.portal, _side(call), other, ())
    result = _default_result(_side(call), other)
    return Answer(body=_complete(call, [result]))


def link(call: Call) -> Answer:
    """Associate two records with the labels of the body."""
    labels = read_labels(call.body, "")
    if not labels:
        raise missing(["associationTypeId"], "")
    return Answer(CREATED, associate(call.portal, _side(call), _other(call), labels))


def unlink(call: Call) -> Answer:
    """End every association between two records."""
    part(call.portal, _side(call), _other(call))
    return Answer(NO_CONTENT)


def read_links(call: Call) -> Answer:
    """Answer the associations of each record; one that has none stands in `errors` of a 207."""
    _READING(call.body, "")
    one, other = _types(call)
    results, errors = [], []
    for each in _limited(call.body["inputs"], _READ_BATCH):
        found = _linked(call, (one, each["id"]), other)
        if found:
            results.append({"from": {"id": each["id"]}, "to": found})
            continue
        word = OBJECT_TYPES[other].singular.lower()
        refusal = RefusalError(
            MULTI_STATUS,
            f"No {word} is associated with {OBJECT_TYPES[one].singular.lower()} {each['id']}.",
            category="OBJECT_NOT_FOUND",
            sub_category="crm.associations.NO_ASSOCIATIONS_FOUND",
            context={"fromObjectId": [each["id"]], "fromObjectType": [one], "toObjectType": [other]},
        )
        errors.append(refusal.as_batch_error())
    return _batch(call, OK, results, errors)


def create_links(call: Call) -> Answer:
    """Associate each pair with its labels; those that are refused stand in `errors` of a 207."""
    _CREATING(call.body, "")
    return _each(call, labelled=True)


def default_links(call: Call) -> Answer:
    """Associate each pair without a label; those that are refused stand in `errors` of a 207."""
    _DEFAULTING(call.body, "")
    return _each(call, labelled=False)


def archive_links(call: Call) -> Answer:
    """End every association of each pair."""
    _PARTING(call.body, "")
    one, other = _types(call)
    for each in _limited(call.body["inputs"], _CREATE_BATCH):
        for to in each["to"]:
            part(call.portal, (one, each["from"]["id"]), (other, to["id"]))
    return Answer(NO_CONTENT)


def _each(call: Call, *, labelled: bool) -> Answer:
    one, other = _types(call)
    results: list[Json] = []
    errors: list[Json] = []
    for position, each in enumerate(_limited(call.body["inputs"], _CREATE_BATCH)):
        side, to = (one, each["from"]["id"]), (other, each["to"]["id"])
        try:
            labels = read_labels(each["types"], f"inputs[{position}].types") if labelled else ()
            made = associate(call.portal, side, to, labels)
        except RefusalError as refusal:
            errors.append(refusal.as_batch_error())
        else:
            results.append(made if labelled else _default_result(side, to))
    return _batch(call, CREATED if labelled else OK, results, errors)


def _linked(call: Call, side: tuple[str, str], other: str) -> list[Json]:
    return [
        {
            "toObjectId": int(identifier),
            "associationTypes": [
                {"category": each.category, "typeId": each.type_id, "label": label_text(each)} for each in labels
            ],
        }
        for identifier, labels in call.records.links_of(*side, other).items()
        if call.records.get(other, identifier) is not None
    ]


def _default_result(side: tuple[str, str], other: tuple[str, str]) -> Json:
    spec = {"associationCategory": DEFINED, "associationTypeId": default_label(side[0], other[0]).type_id}
    return {"from": {"id": side[1]}, "to": {"id": other[1]}, "associationSpec": spec}


def _side(call: Call) -> tuple[str, str]:
    return call.object_type.identifier, call.path["record_id"]


def _other(call: Call) -> tuple[str, str]:
    return object_type(call.path["to_type"]).identifier, call.path["to_id"]


def _types(call: Call) -> tuple[str, str]:
    return call.object_type.identifier, object_type(call.path["to_type"]).identifier


def _limited(inputs: list[Any], limit: int) -> list[Any]:
    if len(inputs) > limit:
        raise invalid(f"A batch holds at most {limit} inputs, not {len(inputs)}", where="inputs")
    return inputs


def _complete(call: Call, results: list[Json]) -> Json:
    return {"status": "COMPLETE", "results": results, "startedAt": call.stamp, "completedAt": call.stamp}


def _batch(call: Call, status: int, results: list[Json], errors: list[Json]) -> Answer:
    if errors:
        return Answer(MULTI_STATUS, _complete(call, results) | {"numErrors": len(errors), "errors": errors})
    return Answer(status, _complete(call, results))
