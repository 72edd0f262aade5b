"""The transport: one HTTP session that every call to an org goes through, and that refuses to write unless it may.

Reads on the Metadata API travel as POST, so a read is told by the operation inside its envelope; a query of the Bulk API
is a job, so its creation is told by its address. The refusal stands in `send`, the lowest place that requests offers,
so that no caller and no library can forget it. So does the renewal of a session that ended.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from lxml import etree
from requests.auth import AuthBase

from sla_sync.connector import LONGEST_PAUSE, LOOPBACK, asked_pause
from sla_sync.connector.bounded import BOUNDS, BoundedAdapter, Bounds
from sla_sync.connector.locking import PlatformTime
from sla_sync_salesforce.failures import EXPIRED, LaterError
from sla_sync_salesforce.markup import escape, read_xml

READING_OPERATIONS = frozenset(
    {"retrieve", "checkRetrieveStatus", "checkDeployStatus", "listMetadata", "describeMetadata", "readMetadata"}
)
"""Operations of the Metadata API that change nothing."""
SOAP_PATH = "/services/Soap/m/"
# A job that queries is made by POST and changes nothing; jobs that ingest, and composite requests, are writes.
_BULK_QUERY = re.compile(r"/services/data/v\d+\.0/jobs/query/?")
CONNECT_SECONDS = 10.0
TIMEOUT_SECONDS = 120.0
"""For an answer, and between two parts of one, unless the target says otherwise. requests itself waits for ever."""
RETRY_SECONDS = (0.25, 1.0)
"""Waits before the second and the third attempt of a read, where the answer does not say how long to wait."""
_SERVER_ERROR = 500
# Salto and CumulusCI, two tools with many orgs behind them, repeat exactly after these.
_PASSING = (
    b"UNABLE_TO_LOCK_ROW", b"SERVER_UNAVAILABLE", b"FUNCTIONALITY_TEMPORARILY_UNAVAILABLE", b"Polling time out",
    b"ConcurrentRequests",
)  # fmt: skip
# Documented: the transaction of a record that is locked is undone. Inferred: that a request over the limit of concurrent ones
# is refused at the door, so that both were not begun and a write may be sent again; so is whatever is answered with 429 (RFC
# 6585), which comes from what stands before the org.
_NOT_BEGUN = (b"UNABLE_TO_LOCK_ROW", b"ConcurrentRequests")


class ReadOnlyError(RuntimeError):
    """A call that changes state was made on a transport that only reads: a mistake in this program."""


class ForeignHostError(ValueError):
    """An answer led to another host, to which the token of this org is not carried."""


class PageError(ValueError):
    """Something between us and the org answered in its place, so that nobody knows whether the org was asked."""


class _Bearer(AuthBase):
    """Signs each request, so that a forgotten entry of ~/.netrc for the same host cannot."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def operation(body: bytes | str | None) -> str | None:
    """Return the name of the operation inside a SOAP envelope, or None where there is none."""
    if not body:
        return None
    content = body.encode() if isinstance(body, str) else body
    try:
        root = read_xml(content)
    except ValueError:
        return None
    envelope_body = next((child for child in root if etree.QName(child).localname == "Body"), None)
    if envelope_body is None or len(envelope_body) != 1:
        return None
    return etree.QName(envelope_body[0]).localname


def is_read(request: requests.PreparedRequest) -> bool:
    """Return whether a request leaves the org as it is."""
    if request.method == "GET":
        return True
    path = urlsplit(request.url or "").path
    if request.method == "POST" and _BULK_QUERY.fullmatch(path):
        return True
    if request.method != "POST" or not path.startswith(SOAP_PATH):
        return False
    body = request.body
    return isinstance(body, bytes | str) and operation(body) in READING_OPERATIONS


class PlatformSession(requests.Session):
    """A session for one org, with timeouts, retries of reads, the refusal of writes, and the renewal of its token."""

    def __init__(
        self,
        url: str,
        token: str,
        *,
        ca: Path | None,
        may_write: bool,
        pause: Callable[[float], None],
        renew: Callable[[], str] | None = None,
        timeout: float = TIMEOUT_SECONDS,
        bounds: Bounds = BOUNDS,
    ) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, BoundedAdapter(bounds))
        self._url = url
        self._ca = str(ca) if ca else None
        self._may_write = may_write
        self._timeout = (min(CONNECT_SECONDS, timeout), timeout)
        self._pause = pause
        self._renew = renew
        self._bearer = _Bearer(token)
        self.time = PlatformTime()
        self.before_write: Callable[[], None] | None = None
        """Asked before every request that changes the org; what it raises keeps that request back."""
        self.auth = self._bearer
        # A proxy of the environment cannot reach a server on this machine.
        self.trust_env = urlsplit(url).hostname not in LOOPBACK

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send a request; simple-salesforce spells every address with https, also that of a local http server."""
        plain = url.decode() if isinstance(url, bytes) else url
        parts = urlsplit(self._url)
        if parts.scheme == "http":
            plain = plain.replace(f"https://{parts.netloc}/", f"{self._url}/", 1)
        return super().request(method, plain, *args, **kwargs)

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send a prepared request. Raises ReadOnlyError where it would write and may not."""
        if not _same_host(request.url or "", self._url):
            # The place of a further page is named by an answer; a host of another name is none of this org's.
            raise ForeignHostError(f"{urlsplit(request.url or '').netloc} is not the host of this org.")
        reads = is_read(request)
        if not reads and not self._may_write:
            path = urlsplit(request.url or "").path
            raise ReadOnlyError(f"{request.method} {path} would change the org, and this conversation only reads.")
        if not reads and self.before_write is not None:
            self.before_write()
        kwargs["timeout"] = kwargs.get("timeout") or self._timeout
        kwargs["allow_redirects"] = False  # a redirect would carry the token to another host
        if self._ca:
            # Otherwise REQUESTS_CA_BUNDLE of the environment overrides the session's own authority.
            kwargs["verify"] = self._ca
        response = self._sent(request, reads=reads, **kwargs)
        self.time.hear(response.headers.get("Date"))
        if self._renew is None or not _has_ended(response):
            return response
        # Salesforce looks at the session before anything else: what it refused for that was not begun, so that also a
        # write may be sent again. Once: a new session that is refused as well is no matter of time.
        old, self._bearer.token = self._bearer.token, self._renew()
        return self._sent(_signed_anew(request, old, self._bearer.token), reads=reads, **kwargs)

    @property
    def token(self) -> str:
        """The token of the session as it is now."""
        return self._bearer.token

    def _sent(self, request: requests.PreparedRequest, *, reads: bool, **kwargs: Any) -> requests.Response:
        """Return the answer, asked for again after what passes: by reads, and by writes that were not begun."""
        for seconds in RETRY_SECONDS:
            try:
                response = super().send(request, **kwargs)
            except _UNANSWERED as error:
                if isinstance(error, requests.exceptions.SSLError) or not reads:
                    raise
                asked = None
            else:
                if not (_may_pass(response) if reads else _not_begun(response)):
                    return _of_the_org(response)
                asked = _soon(response)
            self._pause(asked or seconds)
        return _of_the_org(super().send(request, **kwargs))


_UNANSWERED = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


def _not_begun(response: requests.Response) -> bool:
    """Return whether the org says of a request that it left everything as it was and may be sent again."""
    if response.status_code == requests.codes.too_many_requests:
        return True
    return not response.ok and any(code in response.content for code in _NOT_BEGUN)


def _soon(response: requests.Response) -> float | None:
    """Return the seconds after which an answer asks to come again. Raises LaterError where nobody waits for that long."""
    asked = None if response.ok or _has_ended(response) else asked_pause(response.headers)
    if asked is not None and asked > LONGEST_PAUSE:
        raise LaterError(response)
    return asked


def _of_the_org(response: requests.Response) -> requests.Response:
    """Return an answer of the org. Raises LaterError for one that asks for a long wait, which must be told.

    Raises PageError for a web page that says that all is well: no API answers so.
    """
    _soon(response)
    if response.ok and response.headers.get("Content-Type", "").startswith("text/html"):
        raise PageError("it is a web page")
    return response


def _same_host(one: str, other: str) -> bool:
    """Return whether two addresses lead to the same host by the same scheme."""
    first, second = urlsplit(one), urlsplit(other)
    return (first.scheme, first.netloc.lower()) == (second.scheme, second.netloc.lower())


def _has_ended(response: requests.Response) -> bool:
    """Return whether the org no longer knows the session: REST says so with 401, SOAP with a fault."""
    return not response.ok and EXPIRED.encode() in response.content


def _signed_anew(request: requests.PreparedRequest, old: str, new: str) -> requests.PreparedRequest:
    """Return the same request for another session, whose token stands in a header and, for SOAP, in the envelope too."""
    again = request.copy()
    again.headers["Authorization"] = f"Bearer {new}"
    body = again.body
    if isinstance(body, str):
        body = body.encode()
    if isinstance(body, bytes) and urlsplit(again.url or "").path.startswith(SOAP_PATH):
        again.prepare_body(body.replace(escape(old).encode(), escape(new).encode(), 1), None)
    return again


def _may_pass(response: requests.Response) -> bool:
    """Return whether the same read may succeed a moment later."""
    if response.ok:
        return False
    if response.status_code == requests.codes.too_many_requests or any(code in response.content for code in _PASSING):
        return True
    # A fault of the Metadata API comes with status 500 as well, and says by its code what is wrong.
    is_fault = b"Fault>" in response.content
    return response.status_code >= _SERVER_ERROR and not is_fault
