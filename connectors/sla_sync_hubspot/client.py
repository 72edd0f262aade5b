"""The transport: every call to HubSpot goes through `HubSpotClient.call`, which alone knows tokens, waits and errors.

hubspot-api-client gives the connection and the authentication; JSON goes in and out raw, because its typed models drop
members of properties and change nested filters.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from itertools import chain
from typing import Any
from urllib.parse import quote

import urllib3
from hubspot.crm.properties import ApiClient, Configuration
from hubspot.crm.properties.exceptions import ApiException

from sla_sync.connector import (
    MISREAD_HINT,
    FaultError,
    ForbiddenError,
    PlatformError,
    RejectedError,
    UnreachableError,
    onward,
)
from sla_sync.connector.bounded import BOUNDS, Bounds, UnboundedAnswerError, pools
from sla_sync.connector.locking import PlatformTime
from sla_sync_hubspot.failures import UNANSWERED_PAUSES, Failure, error_of, pause
from sla_sync_hubspot.hosts import refuse_foreign
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.paths import ASK_SCOPES, PATHS, Api, only_reads
from sla_sync_hubspot.signing_in import REFRESH, handed_token, refresh_form, renews, secrets_of, token_of

CONNECT_SECONDS = 5.0

Query = Sequence[tuple[str, str]]


class ReadOnlyTransportError(RuntimeError):
    """The program tried to change the portal through a transport that only reads: a mistake in sla-sync itself."""


class HubSpotClient:
    """A conversation with one portal. Without `writes` it refuses every call that changes the portal."""

    def __init__(
        self,
        options: HubSpotOptions,
        *,
        target: str,
        writes: bool,
        wait: Callable[[float], None] = time.sleep,
        environ: Mapping[str, str] = os.environ,
        bounds: Bounds = BOUNDS,
    ) -> None:
        refuse_foreign(options.url, target=target, environ=environ)
        configuration = Configuration(host=options.url)
        configuration.access_token = handed_token(options)
        configuration.retries = False  # which call may be repeated, and when, is decided in `call`
        configuration.ssl_ca_cert = str(options.ca) if options.ca else None
        self._transport = ApiClient(configuration)
        self._transport.user_agent = "sla-sync (hubspot-api-client)"
        self._transport.rest_client.pool_manager.pool_classes_by_scheme = pools(bounds)
        self._paths = {**PATHS, **options.paths}
        self._auth = options.auth if renews(options) else None
        self._secrets = secrets_of(options)
        self._target = target
        self._writes = writes
        self._timeout = (min(CONNECT_SECONDS, options.timeout), options.timeout)
        self._answered = ""
        self.wait = wait
        self.time = PlatformTime()
        self.before_write: Callable[[], None] | None = None
        """Asked before every call that changes the portal; what it raises keeps that call back."""

    def call(self, method: str, api: Api, path: str = "", *, query: Query = (), body: Any = None) -> Any:
        """Return the JSON that HubSpot answers. Raises one error of `sla_sync.connector` for whatever goes wrong.

        Reads are repeated after failures that pass; writes only where HubSpot says that it did not begin.
        """
        reading = only_reads(method, api, path)
        if not (reading or self._writes):
            message = f"{method} {self._paths[api]}{path} changes the portal, and this transport only reads"
            raise ReadOnlyTransportError(message)
        renewed = self._ensure_token()

        def ask() -> Any:
            nonlocal renewed
            if not reading and self.before_write is not None:
                self.before_write()
            try:
                return self._once(method, self._paths[api] + path, query, body)
            except _AnswerError as answer:
                if answer.failure.status != HTTPStatus.UNAUTHORIZED or renewed or not self._auth:
                    raise
            # HubSpot looks at the token before anything else, so that also a write was not begun.
            renewed = self._renew()
            return ask()

        return self._repeated(ask, method, api, path, reading=reading)

    def _repeated(self, ask: Callable[[], Any], method: str, api: Api, path: str, *, reading: bool) -> Any:
        """Return what is answered at last, after waits where waiting helps; raises the error where it does not."""
        repeated = 0
        while True:
            try:
                return ask()
            except _AnswerError as answer:
                seconds = pause(answer.failure, repeated, reading=reading)
                if seconds is None:
                    raise self._error(answer.failure, method, api, path) from None
            except urllib3.exceptions.HTTPError as error:
                if not reading or repeated >= len(UNANSWERED_PAUSES):
                    raise self._unreachable(error, method, api, path) from None
                seconds = UNANSWERED_PAUSES[repeated]
            self.wait(seconds)
            repeated += 1

    def by_page(self, api: Api, path: str = "", *, limit: int, query: Query = ()) -> list[list[dict[str, Any]]]:
        """Return all pages of a list that is paged with `after`, each as its results."""
        found: list[list[dict[str, Any]]] = []
        after: str | None = None
        seen: set[str] = set()
        while True:
            here = [*query, ("limit", str(limit)), *([("after", after)] if after else [])]
            page = self.call("GET", api, path, query=here)
            found.append(list(page.get("results", ())))
            after = page.get("paging", {}).get("next", {}).get("after") if page.get("paging") else None
            if after is None:
                return found
            after = onward(seen, after)

    def pages(self, api: Api, path: str = "", *, limit: int, query: Query = ()) -> list[dict[str, Any]]:
        """Return the results of all pages of a list that is paged with `after`."""
        return list(chain.from_iterable(self.by_page(api, path, limit=limit, query=query)))

    def granted_scopes(self) -> frozenset[str] | None:
        """Return the scopes of our token, or None where HubSpot does not tell, as of service keys."""
        self._ensure_token()
        token = str(self._transport.configuration.access_token)
        try:
            if self._auth:
                told = self.call("GET", Api.OAUTH, f"/access-tokens/{segment_of(token)}")
            else:
                told = self.call("POST", Api.PRIVATE_APPS, ASK_SCOPES, body={"tokenKey": token})
        except (ForbiddenError, RejectedError, FaultError):
            return None
        scopes = told.get("scopes") if isinstance(told, dict) else None
        return frozenset(map(str, scopes)) if isinstance(scopes, list) else None

    def _ensure_token(self) -> bool:
        """Return whether a token was had just now, because there was none."""
        return bool(self._auth) and self._transport.configuration.access_token is None and self._renew()

    def _renew(self) -> bool:
        """Have a new access token. Raises one of our errors where HubSpot gives none."""
        if self._auth is None:
            return False
        form, path = refresh_form(self._auth), self._paths[Api.OAUTH] + REFRESH
        # It changes nothing, so that it is repeated as reads are.
        answer = self._repeated(
            lambda: self._once("POST", path, (), None, form=form), "POST", Api.OAUTH, REFRESH, reading=True
        )
        token = token_of(answer, call=f"POST {self._paths[Api.OAUTH]}{REFRESH}")
        self._secrets |= {token}
        self._transport.configuration.access_token = token
        return True

    def _once(self, method: str, path: str, query: Query, body: Any, *, form: Query = ()) -> Any:
        headers = {"Accept": "application/json"}
        call = f"{method} {path}"
        try:
            answer = self._transport.call_api(
                path,
                method,
                query_params=list(query),
                header_params={**headers, "Content-Type": "application/x-www-form-urlencoded"} if form else headers,
                body=body,
                post_params=list(form),
                auth_settings=[] if form else ["oauth2"],
                _preload_content=False,
                _return_http_data_only=True,
                _request_timeout=self._timeout,
            )
            content = answer.data
            self.time.hear(answer.headers.get("Date"))
            self._answered = call
        except UnboundedAnswerError as error:
            message = f"Target '{self._target}': HubSpot's answer to {self._shown(call)} was not read: {error}."
            raise FaultError(message, call=self._shown(call), hint=MISREAD_HINT) from None
        except ApiException as error:
            self.time.hear((error.headers or {}).get("Date"))
            if not error.status:
                raise urllib3.exceptions.SSLError(str(error.reason)) from None
            raise _AnswerError(Failure(error.status, _members(error.body), _lower(error.headers))) from None
        except UnicodeDecodeError as error:
            # hubspot-api-client takes every refusal for UTF-8; a gateway's page may be anything.
            refused = error.__context__
            if not isinstance(refused, ApiException):
                raise
            raise _AnswerError(Failure(int(refused.status), {}, _lower(refused.headers))) from None
        except AttributeError as error:
            # Where the certificate is not trusted, hubspot-api-client stumbles over the answer that there is none of.
            unanswered = error.__context__
            if not isinstance(unanswered, ApiException) or unanswered.status:
                raise
            raise urllib3.exceptions.SSLError(str(unanswered.reason)) from None
        if not content and answer.status in _WITHOUT_CONTENT:
            return {}
        try:
            return json.loads(content)
        except (ValueError, RecursionError):
            message = f"Target '{self._target}': HubSpot answered {call} with something that is not JSON."
            raise FaultError(
                message,
                call=call,
                status=answer.status,
                hint="Check that the url of this target is HubSpot's API and not a web page in front of it.",
            ) from None

    def _error(self, failure: Failure, method: str, api: Api, path: str) -> PlatformError:
        error = error_of(failure, target=self._target, call=f"{method} {self._paths[api]}{path}")
        error.message, error.call = self._shown(error.message), self._shown(error.call or "")
        error.args = (error.message,)
        return error

    def misread(self, said: str) -> FaultError | None:
        """Return the error for an answer of another shape, after which this could not be read; None before the first."""
        if not self._answered:
            return None
        call = self._shown(self._answered)
        message = f"Target '{self._target}': HubSpot answered {call} in a shape that is not known: {self._shown(said)}."
        return FaultError(message, call=call, hint=MISREAD_HINT)

    def _shown(self, text: str) -> str:
        """Return a text without our secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return text

    def _unreachable(self, error: Exception, method: str, api: Api, path: str) -> UnreachableError:
        call = f"{method} {self._paths[api]}{path}"
        reason = self._shown(_innermost(error))
        return UnreachableError(
            f"Target '{self._target}': HubSpot at {self._transport.configuration.host} did not answer {call} ({reason}).",
            call=call,
            hint="Check the url of this target and the network, then run again.",
        )


_WITHOUT_CONTENT = frozenset({HTTPStatus.ACCEPTED, HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT})
"""Answers in which nothing is all that there is to say; of a 200 the content was lost on the way."""


class _AnswerError(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.status)
        self.failure = failure


def _innermost(error: BaseException) -> str:
    """Return what is at the bottom of an error; the libraries above it only repeat it."""
    cause = error
    while (below := cause.__cause__ or cause.__context__) is not None:
        cause = below
    return str(cause) or type(cause).__name__


def segment_of(text: str) -> str:
    """Return a name as one step of a path. Raises RejectedError for a name that would be a step to elsewhere."""
    if text in {"", ".", ".."}:
        raise RejectedError(f"«{text}» cannot be the name of anything on HubSpot.")
    return quote(text, safe="")


def _members(body: object) -> Mapping[str, Any]:
    try:
        found = json.loads(body) if isinstance(body, str | bytes) else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _lower(headers: Mapping[str, str] | None) -> Mapping[str, str]:
    return {key.lower(): value for key, value in (headers or {}).items()}
