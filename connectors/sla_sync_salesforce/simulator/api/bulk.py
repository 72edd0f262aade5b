"""Bulk API 2.0: records taken in as CSV and handed out as CSV, by jobs that are polled."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import records
from sla_sync_salesforce.simulator.api.composite import identify
from sla_sync_salesforce.simulator.api.rest import answer, body_of
from sla_sync_salesforce.simulator.bulk_job import BulkJob
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.queries.books import Books
from sla_sync_salesforce.simulator.queries.query import cells
from sla_sync_salesforce.simulator.queries.soql import Query, parse
from sla_sync_salesforce.simulator.records import Asked
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.save_options import SaveOptions
from sla_sync_salesforce.simulator.schema import VERSION

_KINDS = ("ingest", "query")
_OPERATIONS = ("insert", "update", "upsert", "delete")
_SETTINGS = {
    "object",
    "operation",
    "externalIdFieldName",
    "contentType",
    "lineEnding",
    "columnDelimiter",
    "assignmentRuleId",
    "query",
}
_CSV = "text/csv"
_SIZE_LIMIT = 150_000_000
_ENDS = {"LF": "\n", "CRLF": "\r\n"}


def jobs(desk: Desk, caller: Caller, kind: str, request: Request) -> Response:
    """Create a job (POST), or list all. Raises RefusedError."""
    _check_kind(kind)
    if request.method != "POST":
        found = [_shown(each) for each in desk.bulk.values() if each.queries == (kind == "query")]
        return answer({"done": True, "records": found, "nextRecordsUrl": None})
    settings = dict(body_of(request))
    for name in settings:
        if name not in _SETTINGS:
            raise RefusedError("INVALIDJOB", f"InvalidJob : Unrecognized field '{name}'")
    for name, taken in (("contentType", "CSV"), ("columnDelimiter", "COMMA")):
        if settings.get(name, taken) != taken:
            raise not_implemented(f"A {name} of {settings[name]}")
    if settings.get("lineEnding", "LF") not in _ENDS:
        raise RefusedError("INVALIDJOB", f"InvalidJob : {settings['lineEnding']} is no line ending")
    job = _query_job(desk, caller, settings) if kind == "query" else _ingest_job(desk, caller, settings)
    desk.bulk[job.id] = job
    return answer(_shown(job))


def _ingest_job(desk: Desk, caller: Caller, settings: Mapping[str, Any]) -> BulkJob:
    operation = settings.get("operation")
    if operation not in _OPERATIONS:
        raise RefusedError("INVALIDOPERATION", f"InvalidOperation : {operation} is not an operation of this API")
    if (operation == "upsert") != ("externalIdFieldName" in settings):
        raise RefusedError("INVALIDJOB", "InvalidJob : externalIdFieldName goes with upsert, and only with it")
    object_name = records.known_object(desk, str(settings.get("object", "")))
    return _new(desk, caller, str(operation), object_name, settings)


def _query_job(desk: Desk, caller: Caller, settings: Mapping[str, Any]) -> BulkJob:
    """Carry out a query and keep its rows. It is a job and no change of the org: nothing that anybody set is different."""
    operation = settings.get("operation")
    if operation not in ("query", "queryAll"):
        raise RefusedError("INVALIDOPERATION", f"InvalidOperation : {operation}")
    query = parse(str(settings.get("query", "")))
    _check_query(query)
    books = Books(desk, caller.user, tooling=False, everything=operation == "queryAll")
    job = _new(desk, caller, str(operation), books.table(query.table).name, settings)
    job.names = query.fields or ()
    job.rows, job.state = [[_text(value) for value in row] for row in cells(query, books)], "UploadComplete"
    return job


def _check_query(query: Query) -> None:
    """Refuse what no query of this API may hold (Bulk API 2.0 Developer Guide, "SOQL Considerations").

    Inferred: with which code and words the Bulk API refuses such a query, and that it carries ORDER BY and LIMIT out, which
    the guide asks to leave out.
    """
    refused = (
        ("aggregate functions", bool(query.aggregates) or query.fields is None),
        ("GROUP BY", bool(query.group)),
        ("OFFSET", bool(query.offset)),
        ("parent-to-child relationship queries", bool(query.children)),
    )
    for what, is_there in refused:
        if is_there:
            raise RefusedError("API_ERROR", f"{what} not supported by the Bulk API")


def _new(desk: Desk, caller: Caller, operation: str, object_name: str, settings: Mapping[str, Any]) -> BulkJob:
    organization = desk.organization
    return BulkJob(
        organization.new_id("Bulk"), operation, object_name, caller.user.id, organization.instant, dict(settings)
    )


def job(desk: Desk, caller: Caller, kind: str, identity: str, request: Request) -> Response:
    """Answer how far a job is; PATCH says that all is uploaded, or aborts it; DELETE forgets it."""
    found = _find(desk, kind, identity)
    if request.method == "DELETE":
        if found.state not in ("JobComplete", "Aborted", "Failed"):
            raise RefusedError("INVALIDJOBSTATE", f"InvalidJobState : Cannot delete a job in the state {found.state}")
        del desk.bulk[found.id]
        return Response(status=204)
    if request.method == "PATCH":
        wanted = body_of(request).get("state")
        if wanted not in ("UploadComplete", "Aborted"):
            raise RefusedError("INVALIDJOBSTATE", f"InvalidJobState : A job cannot be set to {wanted}")
        if found.state != "Open" and not (wanted == "Aborted" and found.state == "UploadComplete"):
            raise RefusedError("INVALIDJOBSTATE", f"InvalidJobState : Job is in the state {found.state}")
        found.state = wanted
        return answer(_shown(found))
    _proceed(desk, caller, found)
    return answer(_shown(found))


def _proceed(desk: Desk, caller: Caller, found: BulkJob) -> None:
    """Let a job be in progress when it is first polled, and complete at the second time."""
    if found.state == "UploadComplete":
        found.state = "InProgress"
    elif found.state == "InProgress":
        found.state = "JobComplete"
        if not found.queries:
            _carry_out(desk, caller, found)


def upload(desk: Desk, identity: str, request: Request) -> Response:
    """Take the CSV of a job, which is uploaded once and whole. Raises RefusedError."""
    found = _find(desk, "ingest", identity)
    if request.mimetype != _CSV:
        text = f"Content type '{request.mimetype}' is not supported; use {_CSV}"
        raise RefusedError("UNSUPPORTED_MEDIA_TYPE", text, status=415)
    if found.state != "Open" or found.content:
        raise RefusedError("INVALIDJOBSTATE", "InvalidJobState : Content was uploaded already, or the job is closed")
    content = request.get_data()
    if len(content) > _SIZE_LIMIT:
        raise RefusedError("INVALIDBATCH", "InvalidBatch : The content is larger than 150 MB")
    found.content = content.decode("utf-8-sig")
    return Response(status=201)


def outcome(desk: Desk, kind: str, identity: str, asked: str, request: Request) -> Response:
    """Answer the records of a job: what succeeded, what failed, or what a query found."""
    found = _find(desk, kind, identity)
    if (kind, asked) == ("query", "results"):
        return _results(found, request)
    lines: Callable[[], list[str]] | None = {
        "successfulResults": lambda: [f'"{made}","{str(new).lower()}",{line}' for made, new, line in found.succeeded],
        "failedResults": lambda: [f'"{made}","{error}",{line}' for made, error, line in found.failed],
        "unprocessedrecords": lambda: found.content.splitlines()[1:] if found.state == "Aborted" else [],
    }.get(asked)
    if kind != "ingest" or lines is None:
        raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
    before = {"successfulResults": '"sf__Id","sf__Created",', "failedResults": '"sf__Id","sf__Error",'}.get(asked, "")
    return _as_csv([before + found.header, *lines()] if found.header else [])


def _results(found: BulkJob, request: Request) -> Response:
    if found.state != "JobComplete":
        raise RefusedError("INVALIDJOBSTATE", f"InvalidJobState : Job is in the state {found.state}")
    start = _place(found, request.args.get("locator"))
    size = int(request.args.get("maxRecords", "50000"))
    shown = found.rows[start : start + size]
    end = _ENDS[str(found.settings.get("lineEnding", "LF"))]
    # Inferred: a bulk query that finds nothing is answered with the names of its columns.
    response = _as_csv([_line(found.names), *(_line(row) for row in shown)], end)
    more = start + size < len(found.rows)
    # Documented: after the last page the locator is the word null; what else stands in it is nobody's business.
    response.headers["Sforce-Locator"] = _locator(found, start + size) if more else "null"
    response.headers["Sforce-NumberOfRecords"] = str(len(shown))
    return response


def _locator(found: BulkJob, place: int) -> str:
    return base64.urlsafe_b64encode(f"{found.id}:{place}".encode()).decode()


def _place(found: BulkJob, given: str | None) -> int:
    """Return where a page begins. Raises RefusedError for a locator that this job never gave out."""
    if given is None:
        return 0
    try:
        identity, _, place = base64.urlsafe_b64decode(given.encode()).decode().partition(":")
    except ValueError:
        identity, place = "", ""
    if identity != found.id or not place.isdigit():
        raise RefusedError("INVALID_QUERY_LOCATOR", "invalid query locator")
    return int(place)


def _carry_out(desk: Desk, caller: Caller, found: BulkJob) -> None:
    reader = csv.reader(io.StringIO(found.content))
    header = next(reader, [])
    found.header = _line(header)
    rule = found.settings.get("assignmentRuleId")
    options = SaveOptions(auto_assign=str(rule) if rule else False)
    rows = list(reader)
    for first in range(0, len(rows), records.BATCH):
        _save(desk, caller, found, header, rows[first : first + records.BATCH], options)


def _save(
    desk: Desk, caller: Caller, found: BulkJob, header: Sequence[str], rows: Sequence[list[str]], options: SaveOptions
) -> None:
    asked: list[tuple[list[str], Asked]] = []
    for row in rows:
        # Documented: a cell that is empty changes nothing; #N/A empties the field.
        body = {name: value for name, value in zip(header, row, strict=False) if value != ""}
        try:
            identity = _identity(desk, caller, found, body)
        except RefusedError as error:
            found.failed.append(("", _told(error), _line(row)))
            continue
        if found.operation == "delete":
            _delete(desk, caller, found, identity or "", row)
        else:
            asked.append((row, Asked(found.object, identity, body, text=True)))
    results = records.write(desk, caller, [each for _, each in asked], options)
    for (row, each), result in zip(asked, results, strict=True):
        if isinstance(result, RefusedError):
            found.failed.append((each.identity or "", _told(result), _line(row)))
        else:
            found.succeeded.append((result, each.identity is None, _line(row)))


def _identity(desk: Desk, caller: Caller, found: BulkJob, body: Mapping[str, str]) -> str | None:
    if found.operation == "insert":
        return None
    if found.operation == "upsert":
        return identify(desk, caller, found.object, str(found.settings["externalIdFieldName"]), body)
    identity = records.identity_in(body)
    if identity is None:
        raise RefusedError("MISSING_ARGUMENT", f"Id not specified in an {found.operation} call")
    return identity


def _delete(desk: Desk, caller: Caller, found: BulkJob, identity: str, row: Sequence[str]) -> None:
    try:
        records.delete(desk, caller, found.object, identity)
    except RefusedError as error:
        found.failed.append((identity, _told(error), _line(row)))
    else:
        found.succeeded.append((identity, False, _line(row)))


def _told(error: RefusedError) -> str:
    text = f"{error.code}:{error.message}:{' '.join(error.fields) or '--'}"
    return text.replace('"', '""')


def _find(desk: Desk, kind: str, identity: str) -> BulkJob:
    _check_kind(kind)
    found = desk.bulk.get(normal(identity))
    if found is None or found.queries != (kind == "query"):
        raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
    return found


def _check_kind(kind: str) -> None:
    if kind not in _KINDS:
        raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)


def _shown(found: BulkJob) -> dict[str, Any]:
    query = found.queries
    return {
        "id": found.id,
        "operation": found.operation,
        "object": found.object,
        "createdById": found.user,
        "createdDate": found.created_at.replace("Z", "+0000"),
        "systemModstamp": found.created_at.replace("Z", "+0000"),
        "state": found.state,
        "concurrencyMode": "Parallel",
        "contentType": "CSV",
        "apiVersion": float(VERSION),
        "jobType": "V2Query" if query else "V2Ingest",
        "lineEnding": found.settings.get("lineEnding", "LF"),
        "columnDelimiter": "COMMA",
        **({} if query else {"contentUrl": f"services/data/v{VERSION}/jobs/ingest/{found.id}/batches"}),
        **({"externalIdFieldName": found.settings["externalIdFieldName"]} if found.operation == "upsert" else {}),
        "numberRecordsProcessed": len(found.rows) if query else len(found.succeeded) + len(found.failed),
        "numberRecordsFailed": len(found.failed),
        "retries": 0,
    }


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _line(values: Sequence[str]) -> str:
    return ",".join('"' + each.replace('"', '""') + '"' for each in values)


def _as_csv(lines: Sequence[str], end: str = "\n") -> Response:
    return Response("".join(f"{line}{end}" for line in lines), content_type="text/csv; charset=UTF-8")
