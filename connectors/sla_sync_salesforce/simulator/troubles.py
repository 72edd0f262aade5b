"""What an org says when something goes wrong that is no mistake of the request, and what others do to it meanwhile.

Documented: the codes ("Core Data Types Used in API Calls: StatusCode", "DeployResult", "RetrieveResult"). Recorded: the
sentences of REQUEST_LIMIT_EXCEEDED (SalesforceLabs/OrgCheck, issues 181 and 432), of UNABLE_TO_LOCK_ROW (jsforce/jsforce,
issue 1018) and of UNKNOWN_EXCEPTION (forcedotcom/cli, issue 2944).
Inferred: that a request which is refused by one of these was not begun.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from sla_sync.connector.simulation import Exchange, Fault, Given, between_pages, table

if TYPE_CHECKING:
    from sla_sync_salesforce.simulator.application import Application
    from sla_sync_salesforce.simulator.organization import Deploy

_METADATA, _SIGNING_IN = "/services/Soap/m/", ("/services/oauth2/token", "/services/oauth2/revoke")
_READING = frozenset(
    {"retrieve", "checkRetrieveStatus", "checkDeployStatus", "listMetadata", "describeMetadata", "readMetadata"}
)
_LEADS = "/services/data/v63.0/sobjects/Lead"
PASSING = "Passing by"
"""The company of the leads that somebody else makes and deletes while we read."""
_UNEXPECTED = (
    "An unexpected error occurred. Please include this ErrorId if you contact support: 193357600-12117 (-1204305237)"
)


def call_of(request: Request) -> str:
    """Return the path of a request, and after `#` the operation in its envelope."""
    if not request.path.startswith("/services/Soap/"):
        return request.path
    return f"{request.path}#{_operation(request)}"


def reads(request: Request) -> bool:
    """Return whether a request leaves the org as it is."""
    if request.method in ("GET", "HEAD"):
        return True
    if request.path.startswith(_METADATA):
        return _operation(request) in _READING
    return request.method == "POST" and request.path.rstrip("/").endswith("/jobs/query")


def _operation(request: Request) -> str:
    from sla_sync_salesforce.simulator.documents import MalformedError, read_xml

    try:
        body = read_xml(request.get_data()).child("Body")
    except MalformedError:
        return ""
    return body.children[0].name if body and body.children else ""


def _asks_for_data(exchange: Exchange) -> bool:
    """Say that a request needs a session: what signs in, and the list of versions, has none."""
    path = exchange.asked.path
    return not (path.startswith(_SIGNING_IN) or path.endswith("#login") or path.rstrip("/") == "/services/data")


def _speaks_metadata(exchange: Exchange) -> bool:
    return exchange.asked.path.startswith(_METADATA)


def _saves_rows(exchange: Exchange) -> bool:
    return not exchange.asked.reads and "/sobjects" in exchange.asked.path


def _refused(code: str, message: str, status: int) -> Callable[[Exchange], Given]:
    def happen(exchange: Exchange) -> Given:
        from sla_sync_salesforce.simulator.api.refusing import refusal
        from sla_sync_salesforce.simulator.refusals import RefusedError

        return refusal(exchange.request.path, RefusedError(code, message, status=status))

    return happen


def _unexpected(*, after: bool) -> Callable[[Exchange], Given]:
    refuse = _refused("UNKNOWN_EXCEPTION", _UNEXPECTED, 500)

    def happen(exchange: Exchange) -> Given:
        if after:
            exchange.carry_out()
        return refuse(exchange)

    return happen


_LOCKED = ("UNABLE_TO_LOCK_ROW", "unable to obtain exclusive access to this record or 1 records: 00Q000000000001AAA")


def _locked_row(exchange: Exchange) -> Given:
    if "/composite/sobjects" not in exchange.asked.path:
        return _refused(*_LOCKED, 400)(exchange)
    # A collection that is not all or nothing answers for each of its records.
    code, message = _LOCKED
    error = {"success": False, "errors": [{"statusCode": code, "message": message, "fields": []}]}
    return Response(json.dumps([error] * _rows(exchange.request)), 200, content_type="application/json;charset=UTF-8")


def _rows(request: Request) -> int:
    if request.method == "DELETE":
        return len(request.args.get("ids", "").split(","))
    found = request.get_json(silent=True)
    return len(found.get("records", ())) if isinstance(found, dict) else 0


def _org(exchange: Exchange) -> Application:
    from sla_sync_salesforce.simulator.application import Application

    if not isinstance(exchange.application, Application):
        raise TypeError("These faults are those of an org.")
    return exchange.application


def _deployment(exchange: Exchange) -> Deploy | None:
    """Return the deployment whose state is asked for, while it is not over."""
    if not exchange.asked.path.endswith("#checkDeployStatus"):
        return None
    from sla_sync_salesforce.simulator.identifiers import normal

    desk = _org(exchange).desk
    found = desk.organization.deploys.get(normal(_parameters(exchange).get("asyncProcessId", "")))
    return found if found is not None and not found.is_over else None


def _parameters(exchange: Exchange) -> Mapping[str, str]:
    from sla_sync_salesforce.simulator.documents import read_xml

    body = read_xml(exchange.request.get_data()).child("Body")
    asked = body.children[0] if body and body.children else None
    return {each.name: asked.text_of(each.name) for each in asked.children} if asked else {}


def _waits_for_deployment(exchange: Exchange) -> bool:
    return _deployment(exchange) is not None


def _fetches(exchange: Exchange) -> bool:
    return exchange.asked.path.endswith("#checkRetrieveStatus")


def _result(exchange: Exchange, operation: str, type_name: str, values: dict[str, object]) -> Given:
    from sla_sync_salesforce.simulator.api.envelope import answer, rendered

    inside = rendered(type_name, values, _org(exchange).desk.schema)
    return Response(answer(operation, [inside]), content_type="text/xml;charset=UTF-8")


def _still_waiting(exchange: Exchange) -> Given:
    from sla_sync_salesforce.simulator.packages import jobs

    deploy = _deployment(exchange)
    if deploy is None:
        return exchange.carry_out()
    report = jobs.report(_org(exchange).desk, deploy, details=False)
    return _result(exchange, "checkDeployStatus", "DeployResult", report)


def _cancelled(exchange: Exchange) -> Given:
    from sla_sync_salesforce.simulator import stock
    from sla_sync_salesforce.simulator.packages import jobs

    deploy, desk = _deployment(exchange), _org(exchange).desk
    if deploy is not None:
        administrator = next(each for each in desk.organization.users if each.username == stock.ADMINISTRATOR)
        jobs.cancel(desk, deploy.id, administrator)
    return exchange.carry_out()


def _ended_badly(exchange: Exchange) -> Given:
    from sla_sync_salesforce.simulator.packages import jobs

    deploy = _deployment(exchange)
    if deploy is not None:
        jobs.fail(_org(exchange).desk, deploy, f"UNKNOWN_EXCEPTION: {_UNEXPECTED}")
    return exchange.carry_out()


def _not_retrieved(exchange: Exchange) -> Given:
    values: dict[str, object] = {
        "done": True,
        "errorMessage": _UNEXPECTED,
        "errorStatusCode": "UNKNOWN_EXCEPTION",
        "id": _parameters(exchange).get("asyncProcessId", ""),
        "status": "Failed",
        "success": False,
    }
    return _result(exchange, "checkRetrieveStatus", "RetrieveResult", values)


def _not_yet_retrieved(exchange: Exchange) -> Given:
    waiting: dict[str, object] = {
        "done": False,
        "id": _parameters(exchange).get("asyncProcessId", ""),
        "status": "Pending",
        "success": False,
    }
    return _result(exchange, "checkRetrieveStatus", "RetrieveResult", waiting)


def _turns_page(exchange: Exchange) -> bool:
    """Say that a request asks for a further page of what an earlier one found."""
    steps = exchange.request.path.rstrip("/").split("/")
    return exchange.request.method == "GET" and (steps[-2:-1] == ["query"] or "locator" in exchange.request.args)


def _created(exchange: Exchange) -> Given:
    body = {"LastName": "Passenger", "Company": PASSING}
    exchange.meanwhile("POST", _LEADS, token=_org(exchange).administrator_token, body=body)
    return exchange.carry_out()


def _deleted(exchange: Exchange) -> Given:
    token = _org(exchange).administrator_token
    asked = f"/services/data/v63.0/query?q=SELECT+Id+FROM+Lead+WHERE+Company='{PASSING}'+ORDER+BY+Id"
    found = json.loads(exchange.meanwhile("GET", asked, token=token).get_data())
    for each in found["records"][:1]:
        exchange.meanwhile("DELETE", f"{_LEADS}/{each['Id']}", token=token)
    return exchange.carry_out()


FAULTS = table(
    Fault(
        "limit-daily",
        "The calls of the day are used up, and every further one is refused.",
        _refused("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", 403),
        _asks_for_data,
    ),
    Fault(
        "limit-concurrent",
        "The org refuses: too many long requests run at once (REQUEST_LIMIT_EXCEEDED).",
        _refused("REQUEST_LIMIT_EXCEEDED", "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", 403),
        _asks_for_data,
    ),
    Fault(
        "locked-row",
        "The org refuses to save: somebody else holds the record (UNABLE_TO_LOCK_ROW).",
        _locked_row,
        _saves_rows,
    ),
    Fault(
        "unavailable",
        "The org refuses: a server that it needs is not there (SERVER_UNAVAILABLE).",
        _refused("SERVER_UNAVAILABLE", "Server unavailable, please try again later.", 503),
        _asks_for_data,
    ),
    Fault(
        "session-ended",
        "The org refuses: the session has ended (INVALID_SESSION_ID).",
        _refused("INVALID_SESSION_ID", "Session expired or invalid", 401),
        _asks_for_data,
    ),
    Fault(
        "unexpected-before",
        "The Metadata API fails without a reason (UNKNOWN_EXCEPTION); the request was not carried out.",
        _unexpected(after=False),
        _speaks_metadata,
    ),
    Fault(
        "unexpected-after",
        "The Metadata API fails without a reason (UNKNOWN_EXCEPTION); the request was carried out.",
        _unexpected(after=True),
        _speaks_metadata,
    ),
    Fault(
        "deploy-waits",
        "The deployment is asked about and has not moved: others are before it.",
        _still_waiting,
        _waits_for_deployment,
    ),
    Fault(
        "deploy-cancelled",
        "An administrator cancels the deployment before it is carried out.",
        _cancelled,
        _waits_for_deployment,
    ),
    Fault(
        "deploy-failed",
        "The deployment fails at its end without a reason, and nothing of it is saved.",
        _ended_badly,
        _waits_for_deployment,
    ),
    Fault("retrieve-waits", "What was to be retrieved is not ready yet.", _not_yet_retrieved, _fetches),
    Fault("retrieve-failed", "The org could not retrieve what it was asked for.", _not_retrieved, _fetches),
    *between_pages(_turns_page, created=_created, deleted=_deleted),
)
"""What can go wrong in an org's own words."""
