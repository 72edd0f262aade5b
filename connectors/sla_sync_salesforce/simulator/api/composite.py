"""Several requests in one: composite, batches, collections of records, and trees of records."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import records
from sla_sync_salesforce.simulator.api.rest import answer, body_of
from sla_sync_salesforce.simulator.api.rest_records import options_of, shown
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.incoming_rows import incoming
from sla_sync_salesforce.simulator.queries.books import Books
from sla_sync_salesforce.simulator.records import Asked
from sla_sync_salesforce.simulator.refusals import RefusedError

Perform = Callable[[Request], Response]

_PARTS, _COLLECTION = 25, 200
_REFERENCE = re.compile(r"@\{([A-Za-z][A-Za-z0-9_]*)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}")
_STEP = re.compile(r"\.([A-Za-z0-9_]+)|\[(\d+)\]")
_HALTED = {
    "errorCode": "PROCESSING_HALTED",
    "message": "The transaction was rolled back since another operation in the same transaction failed.",
}
_REFUSED = 400


def composite(desk: Desk, request: Request, perform: Perform) -> Response:
    """Answer up to 25 requests, each of which may use what an earlier one was answered. Raises RefusedError."""
    body = body_of(request)
    parts = body.get("compositeRequest")
    if not isinstance(parts, list) or not parts:
        raise RefusedError("JSON_PARSER_ERROR", "compositeRequest must be a list with at least one request")
    _check_size(parts, _PARTS)
    names = [part.get("referenceId") for part in parts]
    if len(set(names)) != len(names) or None in names:
        raise RefusedError("INVALID_REFERENCE_ID", "Every request needs a referenceId of its own")
    together = body.get("allOrNone") is True
    before = desk.organization.store.copy()
    answers: dict[str, Any] = {}
    results: list[dict[str, Any]] = []
    for part in parts:
        status, headers, content = _performed(part, answers, perform)
        answers[part["referenceId"]] = content
        results.append(
            {"body": content, "httpHeaders": headers, "httpStatusCode": status, "referenceId": part["referenceId"]}
        )
        if together and status >= _REFUSED:
            desk.organization.store.restore(before)
            done = [{**each, "body": [_HALTED], "httpStatusCode": _REFUSED} for each in results[:-1]]
            left = [
                {"body": [_HALTED], "httpHeaders": {}, "httpStatusCode": _REFUSED, "referenceId": each}
                for each in names[len(results) :]
            ]
            return answer({"compositeResponse": [*done, results[-1], *left]})
    return answer({"compositeResponse": results})


def batch(request: Request, perform: Perform) -> Response:
    """Answer up to 25 requests that know nothing of each other. Raises RefusedError."""
    body = body_of(request)
    parts = body.get("batchRequests")
    if not isinstance(parts, list) or not parts:
        raise RefusedError("JSON_PARSER_ERROR", "batchRequests must be a list with at least one request")
    _check_size(parts, _PARTS)
    results: list[dict[str, Any]] = []
    for part in parts:
        halted = body.get("haltOnError") is True and any(each["statusCode"] >= _REFUSED for each in results)
        if halted:
            text = "Batch processing has been halted due to errors in preceding requests"
            results.append({"statusCode": 412, "result": [{"errorCode": "BATCH_PROCESSING_HALTED", "message": text}]})
            continue
        url = f"/services/data/{str(part.get('url', '')).lstrip('/')}"
        status, _, content = _sent(str(part.get("method", "GET")), url, part.get("richInput"), {}, perform)
        results.append({"statusCode": status, "result": content})
    return answer({"hasErrors": any(each["statusCode"] >= _REFUSED for each in results), "results": results})


def _check_size(parts: Sequence[object], most: int) -> None:
    if len(parts) > most:
        raise RefusedError("LIMIT_EXCEEDED", f"The limit of {most} requests in one is exceeded: {len(parts)} are given")


def _performed(part: Mapping[str, Any], answers: Mapping[str, Any], perform: Perform) -> tuple[int, Any, Any]:
    try:
        url = str(_filled(part.get("url", ""), answers))
        body = _filled(part.get("body"), answers)
    except RefusedError as error:
        return _REFUSED, {}, [{"errorCode": error.code, "message": error.message}]
    return _sent(str(part.get("method", "GET")), url, body, part.get("httpHeaders", {}), perform)


def _sent(method: str, url: str, body: Any, headers: Mapping[str, str], perform: Perform) -> tuple[int, Any, Any]:
    path, _, query = url.partition("?")
    data = None if body is None else json.dumps(body)
    builder = EnvironBuilder(
        path,
        method=method,
        query_string=query,
        headers=Headers(dict(headers)),
        data=data,
        content_type="application/json",
    )
    try:
        response = perform(Request(builder.get_environ()))
    except RefusedError as error:
        refused: dict[str, Any] = {"message": error.message, "errorCode": error.code}
        if error.fields:
            refused["fields"] = list(error.fields)
        return error.status, {}, [refused]
    text = response.get_data(as_text=True)
    content = json.loads(text) if text else None
    location = {"Location": f"{path}/{content['id']}"} if response.status_code == 201 and content else {}  # noqa: PLR2004 - created
    return response.status_code, location, content


def _filled(value: Any, answers: Mapping[str, Any]) -> Any:
    """Return a value with `@{reference.id}` replaced by what that request was answered. Raises RefusedError."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda match: str(_answered(match, answers)), value)
    if isinstance(value, list):
        return [_filled(each, answers) for each in value]
    if isinstance(value, dict):
        return {name: _filled(each, answers) for name, each in value.items()}
    return value


def _answered(match: re.Match[str], answers: Mapping[str, Any]) -> Any:
    found: Any = answers.get(match.group(1))
    try:
        for name, place in _STEP.findall(match.group(2)):
            found = found[name] if name else found[int(place)]
    except (KeyError, IndexError, TypeError):
        found = None
    if found is None:
        text = f"Invalid reference specified. No value for {match.group(0)[2:-1]} found in {match.group(1)}"
        raise RefusedError("PROCESSING_HALTED", text)
    return found


def collection(desk: Desk, caller: Caller, request: Request) -> Response:
    """Create (POST), change (PATCH) or delete (DELETE) up to 200 records. Raises RefusedError."""
    if request.method == "DELETE":
        return _deleted(desk, caller, request)
    body = body_of(request)
    given = _records_of(body)
    options = options_of(request, all_or_none=body.get("allOrNone") is True)
    asked = [
        Asked(_type_of(each), records.identity_in(each) if request.method == "PATCH" else None, each) for each in given
    ]
    if request.method == "PATCH" and any(each.identity is None for each in asked):
        raise RefusedError("MISSING_ARGUMENT", "Id not specified in an update call")
    return answer([result_of(each) for each in records.write(desk, caller, asked, options)])


def upserted_collection(desk: Desk, caller: Caller, name: str, field: str, request: Request) -> Response:
    """Create or change up to 200 records of one object by an external id or by id. Raises RefusedError."""
    body = body_of(request)
    options = options_of(request, all_or_none=body.get("allOrNone") is True)
    object_name = records.known_object(desk, name)
    asked, created = [], []
    for each in _records_of(body):
        identity = identify(desk, caller, object_name, field, each)
        created.append(identity is None)
        asked.append(Asked(object_name, identity, each))
    results = records.write(desk, caller, asked, options)
    return answer([{**result_of(each), "created": new} for each, new in zip(results, created, strict=True)])


def identify(desk: Desk, caller: Caller, object_name: str, field: str, body: Mapping[str, Any]) -> str | None:
    """Return the id of the record that an upsert means, None for a new one. Raises RefusedError."""
    value = next((value for name, value in body.items() if name.lower() == field.lower()), None)
    if value in (None, ""):
        if field.lower() == "id":
            return None
        raise RefusedError("MISSING_ARGUMENT", f"{field} not specified")
    if field.lower() == "id":
        return normal(str(value))
    found = records.by_external_id(desk, caller, object_name, field, str(value))
    if len(found) > 1:
        text = f"{field}: more than one record found for external id field: {found}"
        raise RefusedError("DUPLICATE_EXTERNAL_ID", text, fields=(field,))
    return found[0] if found else None


def retrieved_collection(desk: Desk, caller: Caller, name: str, request: Request) -> Response:
    """Answer several records of one object with the fields asked for; None for an id that leads nowhere."""
    body = body_of(request) if request.method == "POST" else request.args
    ids, fields = body.get("ids", ()), body.get("fields", ())
    wanted = ids.split(",") if isinstance(ids, str) else list(ids)
    columns = fields if isinstance(fields, str) else ",".join(fields)
    if not wanted or not columns:
        raise RefusedError("MISSING_ARGUMENT", "ids and fields must both be given")
    books = Books(desk, caller.user, tooling=False)
    table = books.table(name)
    found = [books.row(table, normal(each)) for each in wanted]
    return answer([shown(books, table.name, str(row["Id"]), columns) if row else None for row in found])


def tree(desk: Desk, caller: Caller, name: str, request: Request) -> Response:
    """Create records of one object, all or none, each known by its reference. Raises RefusedError."""
    given = _records_of(body_of(request))
    references = [str(each.get("attributes", {}).get("referenceId", "")) for each in given]
    for each in given:
        shapes = incoming(desk, caller.user, records.known_object(desk, name)).shapes
        nested = next((key for key, value in each.items() if isinstance(value, dict) and "records" in value), None)
        if nested is not None and nested.lower() not in shapes:
            raise RefusedError(
                "NOT_IMPLEMENTED_BY_SIMULATOR", f"Nested records ({nested}) in a tree are not implemented"
            )
    asked = [Asked(name, None, each) for each in given]
    results = records.write(desk, caller, asked, options_of(request, all_or_none=True))
    refused = [
        {"referenceId": reference, "errors": [error_of(each)]}
        for reference, each in zip(references, results, strict=True)
        if isinstance(each, RefusedError) and each.code != "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    ]
    if refused:
        return answer({"hasErrors": True, "results": refused}, _REFUSED)
    made = [{"referenceId": name, "id": each} for name, each in zip(references, results, strict=True)]
    return answer({"hasErrors": False, "results": made}, 201)


def result_of(result: str | RefusedError) -> dict[str, Any]:
    """Return what became of one record of a collection."""
    if isinstance(result, RefusedError):
        return {"success": False, "errors": [error_of(result)]}
    return {"id": result, "success": True, "errors": []}


def error_of(error: RefusedError) -> dict[str, Any]:
    """Return a refusal as collections spell it, which is not as single requests do."""
    return {"statusCode": error.code, "message": error.message, "fields": list(error.fields)}


def _records_of(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    given = body.get("records")
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise RefusedError("JSON_PARSER_ERROR", "records must be a list of records")
    if len(given) > _COLLECTION:
        text = f"record count {len(given)} exceeds the limit of {_COLLECTION}"
        raise RefusedError("EXCEEDED_ID_LIMIT", text)
    return given


def _type_of(record: Mapping[str, Any]) -> str:
    name = record.get("attributes", {}).get("type")
    if not name:
        raise RefusedError("INVALID_INPUT", "The attribute type of a record is missing")
    return str(name)


def _deleted(desk: Desk, caller: Caller, request: Request) -> Response:
    ids = [each for each in request.args.get("ids", "").split(",") if each]
    if not ids or len(ids) > _COLLECTION:
        raise RefusedError("MISSING_ARGUMENT", f"Between 1 and {_COLLECTION} ids must be given, and {len(ids)} are")
    before = desk.organization.store.copy()
    results: list[str | RefusedError] = []
    for each in ids:
        object_name = desk.organization.store.object_of(each)
        try:
            if object_name is None:
                raise RefusedError("ENTITY_IS_DELETED", "entity is deleted")
            records.delete(desk, caller, object_name, each)
            results.append(normal(each))
        except RefusedError as error:
            results.append(error)
    if request.args.get("allOrNone") == "true" and any(isinstance(each, RefusedError) for each in results):
        desk.organization.store.restore(before)
        results = [each if isinstance(each, RefusedError) else records.rolled_back() for each in results]
    return answer([result_of(each) for each in results])
