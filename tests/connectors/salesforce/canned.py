"""A server on loopback that gives prepared answers, one after the other, and keeps what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from pydantic import SecretStr

from sla_sync_salesforce.client import Client
from sla_sync_salesforce.options import SalesforceOptions

TOKEN = "00Dsecret!token"
NAMESPACE = "http://soap.sforce.com/2006/04/metadata"


@dataclass(frozen=True)
class Answer:
    """One prepared answer; status 0 hangs up instead."""

    status: int
    body: str = ""
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json"),)


@dataclass
class Asked:
    """What the server was asked, and how long the client said it would wait."""

    url: str
    waiting: list[Answer] = field(default_factory=list)
    """What it will still answer, in order."""
    requests: list[tuple[str, str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)

    def options(self) -> SalesforceOptions:
        """Return the options of a target on this server."""
        return SalesforceOptions(url=self.url, token=SecretStr(TOKEN))

    def client(self, *, may_write: bool = False, patience: float = 3600.0) -> Client:
        """Return a client of this server that does not sleep."""
        return Client("staging", self.options(), may_write=may_write, pause=self.pauses.append, patience=patience)


@contextmanager
def canned(*answers: Answer) -> Iterator[Asked]:
    """Serve these answers in order; a request beyond them is answered with 500."""
    asked = Asked("", list(answers))
    waiting = asked.waiting

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            asked.requests.append((self.command, self.path, body))
            asked.headers.append(dict(self.headers.items()))
            answer = waiting.pop(0) if waiting else Answer(500, "no answer prepared")
            if not answer.status:
                self.close_connection = True
                return
            content = answer.body.encode()
            self.send_response_only(answer.status)  # tells no time, where the prepared answer does not
            for name, value in answer.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = _answer  # noqa: N815 - the library's own names

        def log_message(self, *arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    asked.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def records(*found: Mapping[str, object]) -> Answer:
    """Return the answer to a query that finds these records."""
    return Answer(200, json.dumps({"done": True, "records": found}))


def soap(operation: str, *results: str) -> Answer:
    """Return the answer of an operation of the Metadata API."""
    inside = "".join(f"<result>{each}</result>" for each in results)
    return Answer(
        200,
        f'<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="{NAMESPACE}" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<soapenv:Body><{operation}Response>{inside}</{operation}Response></soapenv:Body></soapenv:Envelope>",
        (("Content-Type", "text/xml"),),
    )


def fault(code: str, message: str) -> Answer:
    """Return a fault of the Metadata API."""
    return Answer(
        500,
        '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
        'xmlns:sf="http://soap.sforce.com/2006/04/metadata"><soapenv:Body><soapenv:Fault>'
        f"<faultcode>sf:{code}</faultcode><faultstring>{code}: {message}</faultstring>"
        "</soapenv:Fault></soapenv:Body></soapenv:Envelope>",
        (("Content-Type", "text/xml"),),
    )
