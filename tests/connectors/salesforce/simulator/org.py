"""A small client of a served org for tests: REST, SOAP, deployments and retrieves."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree as ET

import requests
from requests.adapters import BaseAdapter
from werkzeug.test import Client
from werkzeug.wrappers import Response

from sla_sync.connector.simulation import Running, serve
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.application import Application
from tests.connectors.salesforce.simulator.packages import Files, sample, unzipped, zipped

FIRST_DAY = datetime(2026, 10, 1, tzinfo=UTC)
DATA = "/services/data/v63.0"
SOAP = "/services/Soap/m/63.0"
SAFE = {"rollbackOnError": True, "singlePackage": True}
_MET = "{http://soap.sforce.com/2006/04/metadata}"


@dataclass
class Org:
    """One served org, spoken to as the integration unless another token is given."""

    running: Running
    http: requests.Session

    @property
    def application(self) -> Application:
        """The org from inside, for its tokens and counts."""
        application = self.running.application
        assert isinstance(application, Application)
        return application

    def ask(self, method: str, path: str, *, token: str | None = None, **more: Any) -> requests.Response:
        """Send one REST request."""
        headers = {"Authorization": f"Bearer {token or self.running.token}", **more.pop("headers", {})}
        return self.http.request(method, self.running.url + path, headers=headers, timeout=30, **more)

    def get(self, path: str, **parameters: str) -> Any:
        """Return a JSON answer, which must be one of success."""
        answer = self.ask("GET", DATA + path, params=parameters)
        assert answer.ok, answer.text
        return answer.json()

    def query(self, text: str, *, tooling: bool = False) -> list[dict[str, Any]]:
        """Return the records of a query."""
        records: list[dict[str, Any]] = self.get("/tooling/query" if tooling else "/query", q=text)["records"]
        return records

    def refusal(self, method: str, path: str, **more: Any) -> tuple[int, str, str]:
        """Return status, code and message of a refused request."""
        answer = self.ask(method, path, **more)
        (error,) = answer.json()
        return answer.status_code, error["errorCode"], error["message"]

    def soap(self, body: str, *, token: str | None = None, path: str = SOAP) -> requests.Response:
        """Send one SOAP request."""
        envelope = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"'
            ' xmlns="http://soap.sforce.com/2006/04/metadata"><soap:Header><SessionHeader><sessionId>'
            f"{token or self.running.token}</sessionId></SessionHeader></soap:Header><soap:Body>{body}</soap:Body>"
            "</soap:Envelope>"
        )
        headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
        return self.http.post(self.running.url + path, data=envelope.encode(), headers=headers, timeout=30)

    def results(self, body: str, **more: Any) -> list[ET.Element]:
        """Return the results of a SOAP request, which must be one of success."""
        answer = self.soap(body, **more)
        assert answer.ok, answer.text
        return ET.fromstring(answer.content).findall(f".//{_MET}result")

    def start(self, files: Mapping[str, str | bytes] | bytes, token: str | None = None, **options: Any) -> str:
        """Start a deployment and return its id."""
        content = files if isinstance(files, bytes) else zipped(files)
        entity = json.dumps({"deployOptions": {**SAFE, **options}})
        parts = {
            "entity_content": (None, entity, "application/json"),
            "file": ("deploy.zip", content, "application/zip"),
        }
        answer = self.ask("POST", f"{DATA}/metadata/deployRequest", token=token, files=parts)
        assert answer.status_code == 201, answer.text
        identity: str = answer.json()["id"]
        return identity

    def status(self, identity: str) -> dict[str, Any]:
        """Return how far a deployment is, with details."""
        answer = self.get(f"/metadata/deployRequest/{identity}", includeDetails="true")
        result: dict[str, Any] = answer["deployResult"]
        return result

    def deploy(
        self, files: Mapping[str, str | bytes] | bytes, token: str | None = None, **options: Any
    ) -> dict[str, Any]:
        """Deploy and return the final result."""
        identity = self.start(files, token, **options)
        result = self.status(identity)
        while not result["done"]:
            result = self.status(identity)
        return result

    def deploy_sample(self, *changes: Callable[[Files], None], **options: Any) -> dict[str, Any]:
        """Deploy the sample package with these changes made to it."""
        files = sample()
        for change in changes:
            change(files)
        return self.deploy(files, **options)

    def retrieve(self, manifest: Mapping[str, list[str]]) -> dict[str, str]:
        """Return the files of a retrieve by path."""
        return unzipped(base64.b64decode(self.retrieved(manifest).findtext(f"{_MET}zipFile") or ""))

    def retrieved(self, manifest: Mapping[str, list[str]]) -> ET.Element:
        """Return the finished RetrieveResult."""
        types = "".join(
            f"<types>{''.join(f'<members>{each}</members>' for each in members)}<name>{name}</name></types>"
            for name, members in manifest.items()
        )
        (started,) = self.results(
            "<retrieve><retrieveRequest><apiVersion>63.0</apiVersion><singlePackage>true</singlePackage>"
            f"<unpackaged>{types}<version>63.0</version></unpackaged></retrieveRequest></retrieve>"
        )
        check = (
            f"<checkRetrieveStatus><asyncProcessId>{started.findtext(f'{_MET}id')}</asyncProcessId>"
            "<includeZip>true</includeZip></checkRetrieveStatus>"
        )
        for _ in range(5):
            (result,) = self.results(check)
            if result.findtext(f"{_MET}done") == "true":
                return result
        raise AssertionError("the retrieve did not finish")

    def properties(self, manifest: Mapping[str, list[str]]) -> dict[str, dict[str, str]]:
        """Return the file properties of a retrieve by full name."""
        return {
            each["fullName"]: each for each in map(plain, self.retrieved(manifest).findall(f"{_MET}fileProperties"))
        }

    def listed(self, *types: str) -> list[dict[str, str]]:
        """Return what listMetadata answers for these types."""
        queries = "".join(f"<queries><type>{each}</type></queries>" for each in types)
        body = f"<listMetadata>{queries}<asOfVersion>63.0</asOfVersion></listMetadata>"
        return [plain(each) for each in self.results(body)]


def plain(element: ET.Element) -> dict[str, str]:
    """Return the children of an element as texts by name."""
    return {each.tag.removeprefix(_MET): each.text or "" for each in element}


def problems(result: Mapping[str, Any]) -> list[str]:
    """Return the problems of a deployment as `full name: problem`."""
    return [f"{each['fullName']}: {each['problem']}" for each in result["details"]["componentFailures"]]


@dataclass
class _Inside(BaseAdapter):
    """Hands requests to a served application without a connection, which costs more than most answers do."""

    running: Running

    def send(self, request: requests.PreparedRequest, *_: object, **__: object) -> requests.Response:
        """Return what the application answers."""
        with self.running.turn:
            answered = self._client.open(
                str(request.url), method=request.method, data=request.body, headers=dict(request.headers)
            )
        response = requests.Response()
        response.status_code, response.reason = answered.status_code, answered.status.partition(" ")[2]
        response.headers = requests.structures.CaseInsensitiveDict(answered.headers.items())
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        response.raw = io.BytesIO(answered.get_data())
        response.url, response.request = str(request.url), request
        return response

    def close(self) -> None:
        """Leave the application as it is."""

    @cached_property
    def _client(self) -> Client:
        return Client(self._answered)

    def _answered(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        given = self.running.answer(environ)
        assert isinstance(given, Response), "what loses answers is tried over the wire"
        answer: Iterable[bytes] = given(environ, start_response)
        return answer


@cache
def _certificates() -> tuple[tuple[str, bytes], ...]:
    with TemporaryDirectory() as folder, serve(simulator, Path(folder), clock=FIRST_DAY):
        return tuple((name, (Path(folder) / name).read_bytes()) for name in ("server.pem", "ca.pem"))


@contextmanager
def serving(data: Path, *, wire: bool = False) -> Iterator[Org]:
    """Serve the org kept in a folder; its client speaks over the `wire`, or inside this process."""
    for name, content in _certificates():
        if not (data / name).exists():
            (data / name).write_bytes(content)
    with serve(simulator, data, clock=FIRST_DAY) as running, requests.Session() as http:
        http.trust_env = False
        http.verify = str(running.ca)
        if not wire:
            http.mount(running.url, _Inside(running))
        yield Org(running, http)
