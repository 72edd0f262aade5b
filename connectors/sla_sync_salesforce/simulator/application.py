"""The WSGI application: who may ask, which resource answers, and errors in the platform's own shapes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.api import envelope, metadata_api, rest, sign_in, soap_data
from sla_sync_salesforce.simulator.api.refusing import refusal, speaks_soap
from sla_sync_salesforce.simulator.api.routes import HANDLERS, route
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.organization import load, load_switches, save
from sla_sync_salesforce.simulator.packages import jobs
from sla_sync_salesforce.simulator.refusals import RefusedError, unknown_session
from sla_sync_salesforce.simulator.scheduling import run_until

_BODY_LIMIT = 160 * 1024 * 1024
_SOAP_TYPES = ("text/xml", "application/soap+xml")


class Application:
    """One simulated org that answers requests, one at a time."""

    client_id, client_secret = sign_in.CLIENT_ID, sign_in.CLIENT_SECRET
    """The app by which others may sign in."""
    password, security_token = sign_in.PASSWORD, sign_in.SECURITY_TOKEN
    """Those of every user."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.token = self.token_of(stock.INTEGRATION)
        self.state_changes = 0
        """How many requests changed settings or records since this object was made."""
        self.now = desk.organization.now
        """The virtual clock, in UTC."""

    @property
    def desk(self) -> Desk:
        """The org from inside: its rows, its switches, its limits."""
        return self._desk

    @property
    def administrator_token(self) -> str:
        """The session of the administrator, who is not the integration."""
        return self.token_of(stock.ADMINISTRATOR)

    @property
    def viewer_token(self) -> str:
        """The session of a user who may not change the org."""
        return self.token_of(stock.VIEWER)

    @property
    def auditor_token(self) -> str:
        """The session of a user who sees everything and changes nothing; the user is there from now on."""
        users = self._desk.organization.users
        if all(each.username != stock.AUDITOR for each in users):
            users.append(stock.auditor())
        return self.token_of(stock.AUDITOR)

    @property
    def private_key(self) -> str:
        """The key of the app's certificate in PEM format, for signing in by an assertion."""
        return sign_in.private_key(self._desk.data)

    def token_of(self, username: str) -> str:
        """Return an open session of a user. Raises KeyError for a user that is not there."""
        if all(each.username != username for each in self._desk.organization.users):
            raise KeyError(username)
        return self._desk.sessions.token_of(username)

    def refresh_token_of(self, username: str) -> str:
        """Return a token that can be traded for new sessions of a user."""
        return self._desk.sessions.refresh_token(username)

    def expire_sessions(self) -> None:
        """End every session: whoever goes on must sign in again."""
        self._desk.sessions.expire()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        desk = self._desk
        before, savepoint = desk.state_changes, desk.organization.store.copy()
        with Request(environ) as request:
            request.max_content_length = _BODY_LIMIT
            desk.url, desk.answering = request.host_url.rstrip("/"), True
            try:
                response = self._answer(request)
            except BaseException:
                desk.organization.store.restore(savepoint)
                raise
            finally:
                desk.answering = False
        desk.settle(before)
        self.state_changes, self.now = desk.state_changes, desk.organization.now
        answer: Iterable[bytes] = response(environ, start_response)
        return answer

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant; raises ValueError for one before now."""
        if instant < self.now:
            message = f"The clock stands at {self.now.isoformat()} and does not run back to {instant.isoformat()}."
            raise ValueError(message)
        run_until(self._desk, instant)
        self._desk.keep_records()
        self.now = self._desk.organization.now

    def _answer(self, request: Request) -> Response:
        try:
            return self._routed(request)
        except RefusedError as error:
            refused = error
        except HTTPException as error:
            refused = RefusedError("UNKNOWN_EXCEPTION", str(error.description), status=error.code or 400)
        answer = refusal(request.path, refused)
        return answer if speaks_soap(request.path) else self._counted(answer)

    def _routed(self, request: Request) -> Response:
        endpoint, values = route(request)
        match endpoint:
            case "versions":  # documented: the list of versions asks for no session
                return rest.answer(list(rest.VERSIONS))
            case "token":
                return sign_in.token(self._desk, request)
            case "revoke":
                return sign_in.revoke(self._desk, request)
            case "soap":
                return self._soap(request)
            case "soap_data":
                return self._soap_data(request, request.path.split("/")[3])
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme not in ("Bearer", "OAuth"):
            raise unknown_session()
        caller = self._caller(token.strip())
        if endpoint not in ("deploy", "deploy_status"):
            jobs.finish_all(self._desk)
        return self._counted(HANDLERS[endpoint](self._desk, caller, request, values))

    def _caller(self, token: str) -> Caller:
        desk = self._desk
        username = desk.sessions.username(token)
        user = next((each for each in desk.organization.users if each.username == username), None)
        if user is None or not user.active:
            raise unknown_session()
        if desk.calls_today() >= desk.daily_calls:
            raise RefusedError("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.", status=403)
        desk.count_call()
        return Caller(user, token)

    def _soap(self, request: Request) -> Response:
        _check_type(request)
        call = envelope.read_call(request.get_data(), self._desk.schema)
        caller = self._caller(call.session)
        results = metadata_api.perform(call, self._desk, caller)
        return Response(envelope.answer(call.operation, results), content_type="text/xml;charset=UTF-8")

    def _soap_data(self, request: Request, api: str) -> Response:
        _check_type(request)
        asked = soap_data.read_request(api, request.get_data())
        if asked.operation == "login":
            text = soap_data.login(self._desk, asked)
        else:
            text = soap_data.perform(self._desk, self._caller(asked.session), asked)
        return Response(text, content_type="text/xml;charset=UTF-8")

    def _counted(self, response: Response) -> Response:
        response.headers["Sforce-Limit-Info"] = f"api-usage={self._desk.calls_today()}/{self._desk.daily_calls}"
        return response


def _check_type(request: Request) -> None:
    if request.mimetype not in _SOAP_TYPES:
        text = f"Content type '{request.mimetype}' is not supported; use text/xml"
        raise RefusedError("UNSUPPORTED_MEDIA_TYPE", text, status=415)


def open_application(data: Path, clock: datetime) -> Application:
    """Return the org kept in a folder, or a new one whose clock starts at `clock`."""
    organization = load(data)
    if organization is None:
        data.mkdir(parents=True, exist_ok=True)
        organization = stock.new_organization(clock)
        save(organization, data)
    return Application(Desk(organization, data, load_switches(data)))
