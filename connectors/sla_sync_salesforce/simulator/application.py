"""The WSGI application: who may ask, which resource answers, and errors in the platform's own shapes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.routing import Map, RequestRedirect, Rule
from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import envelope, jobs, metadata_api, rest, stock
from sla_sync_salesforce.simulator.desk import DAILY_CALLS, Caller, Desk
from sla_sync_salesforce.simulator.faults import RefusedError, unknown_session
from sla_sync_salesforce.simulator.organization import load, load_switches, save
from sla_sync_salesforce.simulator.schema import VERSION

_BODY_LIMIT = 60 * 1024 * 1024
_SOAP_TYPES = ("text/xml", "application/soap+xml")
# The official CLI signs in by an address of an older version; the answers are those of 63.0.
_SIGN_IN_VERSION = "51.0"
_DATA = f"/services/data/v{VERSION}"
_SOAP = f"/services/Soap/m/{VERSION}"


def _rule(path: str, endpoint: str, *methods: str) -> Rule:
    return Rule(path, endpoint=endpoint, methods=methods)


def _routes() -> Map:
    read = ("GET", "HEAD")
    rules = [
        _rule("/services/oauth2/userinfo", "userinfo", *read, "POST"),
        _rule("/services/data", "versions", *read),
        _rule("/services/data/", "versions", *read),
        _rule(_DATA, "resources", *read),
        _rule(f"{_DATA}/", "resources", *read),
        _rule(f"{_DATA}/limits", "limits", *read),
        _rule(f"{_DATA}/limits/", "limits", *read),
        _rule(f"{_DATA}/metadata/deployRequest", "deploy", "POST"),
        _rule(f"{_DATA}/metadata/deployRequest/<identity>", "deploy_status", *read, "PATCH", "POST"),
        _rule(f"{_DATA}/sobjects", "sobjects", *read),
        _rule(f"{_DATA}/sobjects/", "sobjects", *read),
        _rule(f"{_DATA}/sobjects/<name>", "sobject", *read, "POST"),
        _rule(f"{_DATA}/sobjects/<name>/", "sobject", *read, "POST"),
        _rule(f"{_DATA}/sobjects/<name>/describe", "describe", *read),
        _rule(f"{_DATA}/sobjects/<name>/describe/", "describe", *read),
        _rule(f"{_DATA}/sobjects/<name>/<identity>", "record", *read, "PATCH", "DELETE"),
        _rule(f"{_DATA}/sobjects/StaticResource/<identity>/Body", "body", *read),
        _rule(f"/services/data/v{_SIGN_IN_VERSION}/sobjects/<name>/<identity>", "record", *read),
    ]
    for version in (VERSION, _SIGN_IN_VERSION):
        base = f"/services/data/v{version}"
        rules += [_rule(f"{base}/query", "query", *read), _rule(f"{base}/query/", "query", *read)]
    rules += [
        _rule(f"{_DATA}/query/<locator>", "more", *read),
        _rule(f"{_DATA}/tooling/query", "tooling", *read),
        _rule(f"{_DATA}/tooling/query/", "tooling", *read),
        _rule(f"{_DATA}/tooling/query/<locator>", "tooling_more", *read),
    ]
    # Clients post to several spellings of this address.
    job = f"{_SOAP}/deployRequest"
    for path in (_SOAP, f"{_SOAP}/", f"{_SOAP}/<organization>", job, f"{job}/", f"{job}/<identity>"):
        rules.append(_rule(path, "soap", "POST"))
    return Map(rules, strict_slashes=True, redirect_defaults=False)


class Application:
    """One simulated org that answers requests, one at a time."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._routes = _routes()
        self._tokens = stock.tokens(desk.organization)
        self.token = next(iter(self._tokens))
        self.state_changes = 0
        """How many requests changed settings or records since this object was made."""
        self.now = desk.organization.now
        """The virtual clock, in UTC."""

    @property
    def administrator_token(self) -> str:
        """The session of the administrator, who is not the integration."""
        return next(token for token, name in self._tokens.items() if name == stock.ADMINISTRATOR)

    @property
    def viewer_token(self) -> str:
        """The session of a user who may not change the org."""
        return next(token for token, name in self._tokens.items() if name == stock.VIEWER)

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        with Request(environ) as request:
            request.max_content_length = _BODY_LIMIT
            self._desk.url = request.host_url.rstrip("/")
            response = self._answer(request)
        self.state_changes, self.now = self._desk.state_changes, self._desk.organization.now
        answer: Iterable[bytes] = response(environ, start_response)
        return answer

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant; raises ValueError for one before now."""
        if instant < self.now:
            message = f"The clock stands at {self.now.isoformat()} and does not run back to {instant.isoformat()}."
            raise ValueError(message)
        self._desk.organization.clock = instant.astimezone(UTC).isoformat()
        self._desk.keep()
        self.now = self._desk.organization.now

    def _answer(self, request: Request) -> Response:
        soap = request.path.startswith("/services/Soap/")
        try:
            endpoint, values = self._route(request)
            if endpoint == "soap":
                return self._soap(request)
            response = self._rest(request, endpoint, values)
        except RefusedError as error:
            return _fault(error) if soap else self._counted(_refusal(error))
        except HTTPException as error:
            refused = RefusedError("UNKNOWN_EXCEPTION", str(error.description), status=error.code or 400)
            return _fault(refused) if soap else _refusal(refused)
        return self._counted(response) if endpoint != "versions" else response

    def _route(self, request: Request) -> tuple[str, Mapping[str, Any]]:
        adapter = self._routes.bind_to_environ(request.environ)
        try:
            endpoint, values = adapter.match()
        except MethodNotAllowed as error:
            allowed = ",".join(error.valid_methods or ())
            text = f"HTTP Method '{request.method}' not allowed. Allowed are {allowed}"
            raise RefusedError("METHOD_NOT_ALLOWED", text, status=405) from None
        except (RequestRedirect, HTTPException):
            raise rest.unknown(request.path) from None
        return str(endpoint), values

    def _caller(self, token: str) -> Caller:
        username = self._tokens.get(token)
        user = next((each for each in self._desk.organization.users if each.username == username), None)
        if user is None:
            raise unknown_session()
        used = self._desk.calls_today()
        if used >= DAILY_CALLS:
            raise RefusedError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
        self._desk.count_call()
        return Caller(user, token)

    def _soap(self, request: Request) -> Response:
        if request.mimetype not in _SOAP_TYPES:
            text = f"Content type '{request.mimetype}' is not supported; use text/xml"
            raise RefusedError("UNSUPPORTED_MEDIA_TYPE", text, status=415)
        call = envelope.read_call(request.get_data(), self._desk.schema)
        caller = self._caller(call.session)
        results = metadata_api.perform(call, self._desk, caller)
        return Response(envelope.answer(call.operation, results), content_type="text/xml;charset=UTF-8")

    def _rest(self, request: Request, endpoint: str, values: Mapping[str, Any]) -> Response:
        if endpoint == "versions":  # documented: the list of versions asks for no session
            return rest.answer(list(rest.VERSIONS))
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme not in ("Bearer", "OAuth"):
            raise unknown_session()
        caller, desk = self._caller(token.strip()), self._desk
        if endpoint != "deploy_status":
            jobs.finish_all(desk)
        name, identity = values.get("name", ""), values.get("identity", "")
        answers: Mapping[str, Callable[[], Response]] = {
            "userinfo": lambda: rest.userinfo(desk, caller),
            "resources": lambda: rest.resources(_DATA),
            "limits": lambda: rest.limits(desk),
            "query": lambda: rest.query(desk, caller, request, tooling=False),
            "tooling": lambda: rest.query(desk, caller, request, tooling=True),
            "more": lambda: rest.query_more(desk, values["locator"], tooling=False),
            "tooling_more": lambda: rest.query_more(desk, values["locator"], tooling=True),
            "sobjects": lambda: rest.described(desk, caller, None, full=False),
            "describe": lambda: rest.described(desk, caller, name, full=True),
            "sobject": lambda: (
                rest.create(desk, caller, name, request)
                if request.method == "POST"
                else rest.described(desk, caller, name, full=False)
            ),
            "record": lambda: (
                rest.change(desk, caller, name, identity, request)
                if request.method in ("PATCH", "DELETE")
                else rest.record(desk, caller, name, identity, request)
            ),
            "body": lambda: rest.resource_body(desk, identity),
            "deploy": lambda: rest.deploy(desk, caller, request),
            "deploy_status": lambda: rest.deploy_status(desk, caller, identity, request),
        }
        return answers[endpoint]()

    def _counted(self, response: Response) -> Response:
        response.headers["Sforce-Limit-Info"] = f"api-usage={self._desk.calls_today()}/{DAILY_CALLS}"
        return response


def _refusal(error: RefusedError) -> Response:
    content: dict[str, Any] = {"message": error.message, "errorCode": error.code}
    if error.fields:
        content["fields"] = list(error.fields)
    return rest.answer([content], error.status)


def _fault(error: RefusedError) -> Response:
    return Response(envelope.fault(error), 500, content_type="text/xml;charset=UTF-8")


def open_application(data: Path, clock: datetime) -> Application:
    """Return the org kept in a folder, or a new one whose clock starts at `clock`."""
    organization = load(data)
    if organization is None:
        data.mkdir(parents=True, exist_ok=True)
        organization = stock.new_organization(clock)
        save(organization, data)
    return Application(Desk(organization, data, load_switches(data)))
