"""The REST resources of records: create, read, change, delete and upsert one record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import records, setup_records
from sla_sync_salesforce.simulator.api.rest import answer, body_of
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.incoming_rows import incoming
from sla_sync_salesforce.simulator.queries.books import Books
from sla_sync_salesforce.simulator.queries.query import attributes, outward
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.save_options import SaveOptions
from sla_sync_salesforce.simulator.schema import VERSION


def options_of(request: Request, *, all_or_none: bool = False) -> SaveOptions:
    """Return how the headers of a request want records saved.

    Documented: where the header Sforce-Auto-Assign is missing, REST applies the active assignment rule.
    """
    given = request.headers.get("Sforce-Auto-Assign", "TRUE").strip()
    assign: bool | str = {"TRUE": True, "FALSE": False}.get(given.upper(), given)
    if isinstance(assign, str) and not assign.startswith("01Q"):
        raise RefusedError("MALFORMED_ID", f"malformed id {assign} in the header Sforce-Auto-Assign")
    return SaveOptions(auto_assign=assign, all_or_none=all_or_none)


def read(desk: Desk, caller: Caller, table_name: str, identity: str, request: Request) -> Response:
    """Answer one record, all its fields or those asked for."""
    books = Books(desk, caller.user, tooling=False)
    table = books.table(table_name)
    row = books.row(table, normal(identity))
    if row is None:
        raise RefusedError(
            "NOT_FOUND", "Provided external ID field does not exist or is not accessible: " + identity, status=404
        )
    return answer(shown(books, table.name, str(row["Id"]), request.args.get("fields")))


def shown(books: Books, object_name: str, identity: str, asked: str | None) -> dict[str, Any]:
    """Return a record as REST shows it, all its fields or those asked for. Raises RefusedError for a field not there."""
    table = books.table(object_name)
    row = books.row(table, identity) or {}
    columns = (
        [books.column(table, name.strip()) for name in asked.split(",")] if asked else list(table.columns.values())
    )
    values = {each.name: outward(each, books.value(table, row, each.name)) for each in columns}
    return {"attributes": attributes(table.name, identity, tooling=False), **values}


def change(desk: Desk, caller: Caller, table: str, identity: str, request: Request) -> Response:
    """Update or delete a record."""
    if request.method == "PATCH":
        records.update(desk, caller, table, identity, body_of(request), options_of(request))
    else:
        records.delete(desk, caller, table, identity)
    return Response(status=204)


def create(desk: Desk, caller: Caller, table: str, request: Request) -> Response:
    """Create a record."""
    identity = records.create(desk, caller, table, body_of(request), options_of(request))
    return answer({"id": identity, "success": True, "errors": []}, 201)


def by_external_id(desk: Desk, caller: Caller, name: str, field: str, value: str, request: Request) -> Response:
    """Read, upsert or delete the record that an external id names."""
    object_name = records.known_object(desk, name)
    if field.lower() == "id" and request.method == "PATCH":
        return _upserted(desk, caller, object_name, value, body_of(request), request)
    found = records.by_external_id(desk, caller, object_name, field, value)
    if len(found) > 1:
        # Documented: where several records match, the answer is their addresses and nothing is written.
        return answer([f"/services/data/v{VERSION}/sobjects/{object_name}/{each}" for each in found], 300)
    if request.method != "PATCH":
        if not found:
            raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)
        if request.method == "DELETE":
            records.delete(desk, caller, object_name, found[0])
            return Response(status=204)
        return read(desk, caller, object_name, found[0], request)
    body = body_of(request)
    known = incoming(desk, caller.user, object_name).shapes[field.lower()].name
    if any(each.lower() == field.lower() for each in body):
        text = f"The {known} field should not be specified in the sobject data."
        raise RefusedError("INVALID_FIELD", text, fields=(known,))
    return _upserted(desk, caller, object_name, found[0] if found else None, {**body, known: value}, request)


def _upserted(
    desk: Desk, caller: Caller, object_name: str, identity: str | None, body: Mapping[str, Any], request: Request
) -> Response:
    options = options_of(request)
    if identity is None:
        made = records.create(desk, caller, object_name, body, options)
        return answer({"id": made, "success": True, "errors": [], "created": True}, 201)
    records.update(desk, caller, object_name, identity, body, options)
    return answer({"id": normal(identity), "success": True, "errors": [], "created": False})


def resource_body(desk: Desk, identity: str) -> Response:
    """Answer the bytes of a static resource."""
    kind, content = setup_records.resource_body(desk, identity)
    return Response(content, content_type=kind)
