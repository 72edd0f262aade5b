"""The REST resources by address, and what answers at each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import tooling_records
from sla_sync_salesforce.simulator.api import bulk, composite, rest, rest_records
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.schema import VERSION

# The official CLI signs in by an address of an older version; the answers are those of 63.0.
SIGN_IN_VERSION = "51.0"
DATA = f"/services/data/v{VERSION}"
_SOAP = f"/services/Soap/m/{VERSION}"
_READ = ("GET", "HEAD")
Values: TypeAlias = Mapping[str, str]
Handler: TypeAlias = Callable[[Desk, Caller, Request, Values], Response]

# Endpoint → its addresses below /services/data/v63.0, and the methods. With and without a slash at the end.
_RESOURCES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("resources", "", _READ),
    ("limits", "/limits", _READ),
    ("deploy", "/metadata/deployRequest", ("POST",)),
    ("deploy_status", "/metadata/deployRequest/<identity>", (*_READ, "PATCH", "POST")),
    ("sobjects", "/sobjects", _READ),
    ("sobject", "/sobjects/<name>", (*_READ, "POST")),
    ("describe", "/sobjects/<name>/describe", _READ),
    ("record", "/sobjects/<name>/<identity>", (*_READ, "PATCH", "DELETE")),
    ("external", "/sobjects/<name>/<field>/<value>", (*_READ, "PATCH", "DELETE")),
    ("body", "/sobjects/StaticResource/<identity>/Body", _READ),
    ("query", "/query", _READ),
    ("query", "/queryAll", _READ),
    ("more", "/query/<locator>", _READ),
    ("tooling", "/tooling/query", _READ),
    ("tooling_more", "/tooling/query/<locator>", _READ),
    ("tooling_record", "/tooling/sobjects/<name>/<identity>", (*_READ, "PATCH", "DELETE")),
    ("composite", "/composite", ("POST",)),
    ("batch", "/composite/batch", ("POST",)),
    ("collection", "/composite/sobjects", ("POST", "PATCH", "DELETE")),
    ("retrieved", "/composite/sobjects/<name>", (*_READ, "POST")),
    ("upserted", "/composite/sobjects/<name>/<field>", ("PATCH",)),
    ("tree", "/composite/tree/<name>", ("POST",)),
    ("jobs", "/jobs/<kind>", (*_READ, "POST")),
    ("job", "/jobs/<kind>/<identity>", (*_READ, "PATCH", "DELETE")),
    ("batches", "/jobs/ingest/<identity>/batches", ("PUT",)),
    ("outcome", "/jobs/<kind>/<identity>/<outcome>", _READ),
)


@cache
def addresses() -> Map:
    """Return every address that is answered, as werkzeug matches it."""
    rules = [
        Rule("/services/oauth2/userinfo", endpoint="userinfo", methods=(*_READ, "POST")),
        Rule("/services/oauth2/token", endpoint="token", methods=("POST",)),
        Rule("/services/oauth2/revoke", endpoint="revoke", methods=("POST",)),
        Rule("/services/data", endpoint="versions", methods=_READ),
        Rule("/services/data/", endpoint="versions", methods=_READ),
        Rule(f"/services/data/v{SIGN_IN_VERSION}/sobjects/<name>/<identity>", endpoint="record", methods=_READ),
        Rule(f"/services/data/v{SIGN_IN_VERSION}/query", endpoint="query", methods=_READ),
        Rule(f"/services/data/v{SIGN_IN_VERSION}/query/", endpoint="query", methods=_READ),
    ]
    for endpoint, path, methods in _RESOURCES:
        rules.append(Rule(f"{DATA}{path}", endpoint=endpoint, methods=methods))
        if not path.endswith(">"):
            rules.append(Rule(f"{DATA}{path}/", endpoint=endpoint, methods=methods))
    rules.append(Rule(f"{DATA}/sobjects/<name>/", endpoint="sobject", methods=(*_READ, "POST")))
    # Clients post to several spellings of this address.
    job = f"{_SOAP}/deployRequest"
    soap = [_SOAP, f"{_SOAP}/", f"{_SOAP}/<organization>", job, f"{job}/", f"{job}/<identity>"]
    rules += [Rule(path, endpoint="soap", methods=("POST",)) for path in soap]
    for api in ("u", "c"):
        # Documented: login is answered at the address of any version of the API.
        base = f"/services/Soap/{api}/<version>"
        for path in (base, f"{base}/", f"{base}/<organization>"):
            rules.append(Rule(path, endpoint="soap_data", methods=("POST",)))
    return Map(rules, strict_slashes=True, redirect_defaults=False)


def route(request: Request) -> tuple[str, Values]:
    """Return what answers a request. Raises RefusedError for an address or a method that nothing answers."""
    adapter = addresses().bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
    except MethodNotAllowed as error:
        allowed = ",".join(error.valid_methods or ())
        text = f"HTTP Method '{request.method}' not allowed. Allowed are {allowed}"
        raise RefusedError("METHOD_NOT_ALLOWED", text, status=405) from None
    except (RequestRedirect, HTTPException):
        raise rest.unknown(request.path) from None
    return str(endpoint), values


def perform(desk: Desk, caller: Caller, request: Request) -> Response:
    """Answer one request of a caller who is known. Raises RefusedError."""
    endpoint, values = route(request)
    handler = HANDLERS.get(endpoint)
    if handler is None:
        raise rest.unknown(request.path)
    return handler(desk, caller, request, values)


def _sobject(desk: Desk, caller: Caller, request: Request, values: Values) -> Response:
    if request.method == "POST":
        return rest_records.create(desk, caller, values["name"], request)
    return rest.described(desk, caller, values["name"], full=False)


def _record(desk: Desk, caller: Caller, request: Request, values: Values) -> Response:
    answer = rest_records.change if request.method in ("PATCH", "DELETE") else rest_records.read
    return answer(desk, caller, values["name"], values["identity"], request)


def _tooling_record(desk: Desk, caller: Caller, request: Request, values: Values) -> Response:
    if request.method not in ("PATCH", "DELETE"):
        raise rest.unknown(request.path)
    body = rest.body_of(request) if request.method == "PATCH" else {}
    tooling_records.change(desk, caller, values["name"], values["identity"], request.method, body)
    return Response(status=204)


def _within(desk: Desk, caller: Caller) -> Callable[[Request], Response]:
    return lambda inner: perform(desk, caller, inner)


HANDLERS: Mapping[str, Handler] = {
    "userinfo": lambda desk, caller, _request, _values: rest.userinfo(desk, caller),
    "resources": lambda _desk, _caller, _request, _values: rest.resources(DATA),
    "limits": lambda desk, _caller, _request, _values: rest.limits(desk),
    "query": lambda desk, caller, request, _values: rest.query(desk, caller, request, tooling=False),
    "tooling": lambda desk, caller, request, _values: rest.query(desk, caller, request, tooling=True),
    "more": lambda desk, _caller, _request, values: rest.query_more(desk, values["locator"], tooling=False),
    "tooling_more": lambda desk, _caller, _request, values: rest.query_more(desk, values["locator"], tooling=True),
    "sobjects": lambda desk, caller, _request, _values: rest.described(desk, caller, None, full=False),
    "describe": lambda desk, caller, _request, values: rest.described(desk, caller, values["name"], full=True),
    "tooling_record": _tooling_record,
    "sobject": _sobject,
    "record": _record,
    "external": lambda desk, caller, request, values: rest_records.by_external_id(
        desk, caller, values["name"], values["field"], values["value"], request
    ),
    "body": lambda desk, _caller, _request, values: rest_records.resource_body(desk, values["identity"]),
    "deploy": lambda desk, caller, request, _values: rest.deploy(desk, caller, request),
    "deploy_status": lambda desk, caller, request, values: rest.deploy_status(
        desk, caller, values["identity"], request
    ),
    "composite": lambda desk, caller, request, _values: composite.composite(desk, request, _within(desk, caller)),
    "batch": lambda desk, caller, request, _values: composite.batch(request, _within(desk, caller)),
    "collection": lambda desk, caller, request, _values: composite.collection(desk, caller, request),
    "retrieved": lambda desk, caller, request, values: composite.retrieved_collection(
        desk, caller, values["name"], request
    ),
    "upserted": lambda desk, caller, request, values: composite.upserted_collection(
        desk, caller, values["name"], values["field"], request
    ),
    "tree": lambda desk, caller, request, values: composite.tree(desk, caller, values["name"], request),
    "jobs": lambda desk, caller, request, values: bulk.jobs(desk, caller, values["kind"], request),
    "job": lambda desk, caller, request, values: bulk.job(desk, caller, values["kind"], values["identity"], request),
    "batches": lambda desk, _caller, request, values: bulk.upload(desk, values["identity"], request),
    "outcome": lambda desk, _caller, request, values: bulk.outcome(
        desk, values["kind"], values["identity"], values["outcome"], request
    ),
}
