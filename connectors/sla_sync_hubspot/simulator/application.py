"""The portal as a WSGI application: who asks, whether they may, which endpoint answers, and what is kept of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from sla_sync_hubspot.simulator.call import Answer, Bearer, Call, spell_time
from sla_sync_hubspot.simulator.memory import Memory
from sla_sync_hubspot.simulator.metering import CHANGE_STEP, SECOND, STEP, WINDOW, Meter
from sla_sync_hubspot.simulator.oauth import bearer_of
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records_file import keep_records, load_records
from sla_sync_hubspot.simulator.refusals import (
    BAD_REQUEST,
    FORBIDDEN,
    METHOD_NOT_ALLOWED,
    SERVER_ERROR,
    UNAUTHORIZED,
    UNSUPPORTED_MEDIA_TYPE,
    Json,
    RefusalError,
    not_built,
)
from sla_sync_hubspot.simulator.routes import Route, area_of, is_granted, is_public, map_of, needed_scope
from sla_sync_hubspot.simulator.running.scheduling import follow, is_due, run_until
from sla_sync_hubspot.simulator.state import Lines, copied, keep_state, open_state
from sla_sync_hubspot.simulator.stock import (
    ADMINISTRATOR_TOKEN,
    ADMINISTRATOR_USER_ID,
    APP_TOKEN,
    APP_USER_ID,
    AUDITOR_TOKEN,
)
from sla_sync_hubspot.simulator.switches import FILE as SWITCHES_FILE
from sla_sync_hubspot.simulator.switches import Switches, read_switches

_BEARERS = {
    APP_TOKEN: Bearer(APP_USER_ID, person=False),
    AUDITOR_TOKEN: Bearer(APP_USER_ID, person=False, reads_only=True),
    ADMINISTRATOR_TOKEN: Bearer(ADMINISTRATOR_USER_ID, person=True),
}
_USER_TOKEN = "simulator-user-"  # noqa: S105 - opens nothing but this simulator, on loopback
"""How the token of one of the portal's users begins; the id of the user follows."""
_CORRELATIONS = uuid.UUID("5f0b0a3e-6f53-4bb3-9c59-3d1f6a8f2c10")
_A_DAY = 86_400
"""Seconds."""


class HubSpotApplication:
    """A portal whose state stands in one folder (see `Application` in `sla_sync.connector.simulation`)."""

    def __init__(self, data: Path, clock: datetime) -> None:
        self._data = data
        self._state = open_state(data, spell_time(clock))
        self._records, kept = load_records(data)
        self._lines: Lines = {}
        self._meter = Meter()
        self._memory = Memory()
        self._switches: Switches = read_switches(data)
        self._switches_seen = self._switches_mark()
        self.token = APP_TOKEN
        self.state_changes = 0
        clocks = (datetime.fromisoformat(self._state["clock"]), kept)
        self.now = max(each for each in clocks if each).astimezone(UTC)
        self._set_zone()

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        self._state["requests"] += 1
        headers: dict[str, str] = {}
        try:
            self._read_switches()
            self._pass(STEP)
            answer = self._answer(Request(environ), headers)
        except RefusalError as refusal:
            correlation = str(uuid.uuid5(_CORRELATIONS, str(self._state["requests"])))
            headers |= refusal.headers
            answer = Answer(refusal.status, refusal.body(correlation))
        response: Iterable[bytes] = _response(answer, headers)(environ, start_response)
        return response

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant, and all happen that is due by then.

        Raises ValueError for one before now, or where the switches cannot be read.
        """
        if instant < self.now:
            message = f"The clock stands at {self.now.isoformat()} and does not run back to {instant.isoformat()}."
            raise ValueError(message)
        try:
            self._read_switches()
        except RefusalError as error:
            raise ValueError(error.message) from None
        self._run(instant.astimezone(UTC))
        self._state["clock"] = spell_time(self.now)
        self._lines = keep_state(self._data, self._state, self._lines)

    @property
    def auditor_token(self) -> str:
        """The token of an app that may read and lacks every scope to write.

        Documented: workflows have one scope, `automation`, for both, so that such an app may still write these.
        """
        return AUDITOR_TOKEN

    def token_of(self, email: str) -> str:
        """Return a token in whose name one of the portal's users acts; raises KeyError for somebody else."""
        for each in self._state["owners"]:
            if each["email"] == email:
                return f"{_USER_TOKEN}{each['userId']}"
        raise KeyError(email)

    @contextmanager
    def index_of_yesterday(self) -> Iterator[None]:
        """Let the search see nothing that was written within a day, for as long as this lasts."""
        self._read_switches()
        kept, self._switches = self._switches, replace(self._switches, search_seconds=_A_DAY)
        try:
            yield
        finally:
            self._switches = kept

    @property
    def portal(self) -> Portal:
        """The portal from inside: its settings, its records, its switches and its clock."""
        return Portal(self._state, self._records, self._switches, self.now, self._memory)

    def _run(self, until: datetime) -> None:
        portal = self.portal
        run_until(portal, until)
        self.now = portal.now
        keep_records(self._records, self._data, self.now)

    def _pass(self, length: timedelta) -> None:
        """Let the clock run on as a request moves it; what is due on the way happens at its own instant."""
        until = self.now + length
        if not is_due(self.portal, until):
            self.now = until
            return
        try:
            self._run(until)
        except OSError as error:
            raise _unwritten(error) from None

    def _answer(self, request: Request, headers: dict[str, str]) -> Answer:
        public = is_public(request.path)
        bearer = Bearer(APP_USER_ID, person=False) if public else _bearer(request, self._state, self.now)
        if not public:
            self._count(headers)
        version, route, path = self._route(request)
        if route.endpoint is None:
            raise not_built(f"{request.method} {request.path}")
        if route.searches:
            headers.clear()
            self._count_search()
        body = _read_body(request, route)
        query = dict(request.args.lists())
        arrived = self.now
        if route.writes and is_due(self.portal, arrived + CHANGE_STEP):
            self._pass(CHANGE_STEP)
        moment = arrived + CHANGE_STEP if route.writes else arrived
        state = self._draft(route) if route.writes and not route.records else self._state
        memory = self._memory if state is self._state else Memory()
        call = Call(state, arrived, moment, bearer, self._switches, version, path, query, body, self._records, memory)
        _check_scope(route, call)
        if not route.writes:
            return route.endpoint(call)
        before = self._records.savepoint()
        try:
            answer = route.endpoint(call)
            self._keep(state, moment)
        except BaseException:
            self._records.restore(before)
            raise
        return answer

    def _draft(self, route: Route) -> Json:
        # Pipelines change, in its place, what the properties say that name their stages.
        return copied(self._state, whole=route.area == "pipelines")

    def _count(self, headers: dict[str, str]) -> None:
        try:
            headers |= self._meter.count(self._state, self.now, self._switches)
        except RefusalError as refusal:
            if refusal.members["policyName"] != "DAILY":
                self._pass(WINDOW)
            raise

    def _count_search(self) -> None:
        try:
            self._meter.count_search(self.now)
        except RefusalError:
            self._pass(SECOND)
            raise

    def _keep(self, state: Json, moment: datetime) -> None:
        """Keep what a request changed, and what workflows made of it at once."""
        changed = state is not self._state and state != self._state
        if not changed and not self._records.steps:
            return
        portal = Portal(state, self._records, self._switches, moment, Memory() if changed else self._memory)
        follow(portal, settings=changed)
        changed = state is not self._state and state != self._state
        try:
            if changed:
                state["clock"] = spell_time(portal.now)
                self._lines = keep_state(self._data, state, self._lines)
            keep_records(self._records, self._data, portal.now)
        except OSError as error:
            raise _unwritten(error) from None
        self._state, self._memory = state, portal.memory
        self.now = portal.now
        self.state_changes += 1

    def _route(self, request: Request) -> tuple[str, Route, Mapping[str, str]]:
        found = area_of(request.path.rstrip("/"))
        if found is None:
            raise not_built(f"{request.method} {request.path}")
        area, version, rest = found
        try:
            route, arguments = map_of(area).bind("").match(rest or "/", method=request.method)
        except MethodNotAllowed as error:
            allowed = ", ".join(sorted(set(error.valid_methods or ()) - {"HEAD"}))
            raise RefusalError(
                METHOD_NOT_ALLOWED,
                f"{request.method} is not allowed for {request.path}; allowed are: {allowed}",
                category=None,
                headers={"Allow": allowed},
            ) from None
        except NotFound:
            raise not_built(f"{request.method} {request.path}") from None
        return version, route, arguments

    def _switches_mark(self) -> tuple[int, int]:
        try:
            found = (self._data / SWITCHES_FILE).stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def _read_switches(self) -> None:
        mark = self._switches_mark()
        if mark == self._switches_seen:
            return
        try:
            self._switches = read_switches(self._data)
        except ValueError as error:
            raise RefusalError(SERVER_ERROR, f"The simulator cannot read {error}", category=None) from None
        self._switches_seen = mark
        self._set_zone()

    def _set_zone(self) -> None:
        """Give the portal the time zone of its switches, as an administrator sets it for the account."""
        zone = self._switches.time_zone
        if zone:
            offset = self.now.astimezone(ZoneInfo(zone)).strftime("%z")
            sign = -1 if offset.startswith("-") else 1
            minutes = sign * (int(offset[1:3]) * 60 + int(offset[3:5]))
            self._state["portal"] |= {
                "timeZone": zone, "utcOffset": f"{offset[:3]}:{offset[3:5]}", "utcOffsetMilliseconds": minutes * 60_000,
            }  # fmt: skip
            self._memory.forget()


def _unwritten(error: OSError) -> RefusalError:
    return RefusalError(SERVER_ERROR, f"The simulator cannot write its state: {error}", category=None)


def _response(answer: Answer, headers: Mapping[str, str]) -> Response:
    if answer.body is None:
        response = Response(b"", answer.status)
        del response.headers["Content-Type"]
    else:
        text = json.dumps(answer.body, ensure_ascii=False)
        response = Response(text, answer.status, content_type="application/json;charset=utf-8")
    for key, value in {**headers, **answer.headers}.items():
        response.headers[key] = value
    return response


def _bearer(request: Request, state: Json, now: datetime) -> Bearer:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    token = token.strip()
    found = _BEARERS.get(token) if scheme.lower() == "bearer" else None
    if found is None and token.startswith(_USER_TOKEN):
        user = token.removeprefix(_USER_TOKEN)
        known = any(str(each["userId"]) == user for each in state["owners"])
        found = Bearer(user, person=True) if known else None
    found = found or bearer_of(token, now)
    if found is None:
        raise RefusalError(
            UNAUTHORIZED,
            "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more "
            "details at https://developers.hubspot.com/docs/methods/auth/oauth-overview",
            category="INVALID_AUTHENTICATION",
        )
    return found


def _check_scope(route: Route, call: Call) -> None:
    scope = needed_scope(route, call)
    if is_granted(scope, call) or call.bearer.person or route.public:
        return
    raise RefusalError(
        FORBIDDEN,
        "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
        "https://developers.hubspot.com/scopes.",
        category="MISSING_SCOPES",
        errors=[
            {
                "message": "One or more of the following scopes are required.",
                "context": {"requiredGranularScopes": [scope]},
            }
        ],
        links={"scopes": "https://developers.hubspot.com/scopes"},
    )


def _read_body(request: Request, route: Route) -> Any:
    if route.form:
        return request.form.to_dict()
    return _body(request) if route.has_body and request.method != "GET" else None


def _body(request: Request) -> Any:
    if request.mimetype != "application/json":
        kind = request.headers.get("Content-Type", "none")
        raise RefusalError(UNSUPPORTED_MEDIA_TYPE, f"The Content-Type {kind} is not application/json", category=None)
    try:
        return json.loads(request.get_data(), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise RefusalError(BAD_REQUEST, "Invalid input JSON: the body is not UTF-8") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise RefusalError(BAD_REQUEST, f"Invalid input JSON on {place}: {error.msg}") from None
    except (ValueError, RecursionError) as error:
        raise RefusalError(BAD_REQUEST, f"Invalid input JSON: {error}") from None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not a number")
