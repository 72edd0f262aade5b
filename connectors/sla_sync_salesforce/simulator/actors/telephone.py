"""A small client of the platform's own API for the people of a story; it shares nothing with the connector's."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.documents import Node, read_xml
from sla_sync_salesforce.simulator.packages.catalogue import FOLDER_TYPES, UNLISTED
from sla_sync_salesforce.simulator.packages.rendering import escape
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION

if TYPE_CHECKING:
    import requests

PREFIX = "SLA_"
_NAMED_BY_PEOPLE = ("ApexClass", "AssignmentRule", "BusinessProcess", "Queue", "RecordType")
"""Types whose names the binding chooses, so that they need not bear the prefix."""
_POLLS = 10


@contextmanager
def calling(running: Running, role: str = "administrator") -> Iterator[Telephone]:
    """Return a line to a served org, open as the person of this session."""
    import requests  # a client of its own; only these roles need it

    # The sessions of one org differ in what stands after the mark.
    token = running.token.partition("!")[0] + f"!simulator.{role}"
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(running.ca)
        yield Telephone(session, running.url, token)


class Telephone:
    """One signed-in person: lists, retrieves and deploys settings, and reads and writes records."""

    def __init__(self, session: requests.Session, url: str, token: str) -> None:
        self._session, self._url, self._token = session, url, token

    def names(self, type_name: str) -> list[str]:
        """Return what exists of a type with our prefix, sorted."""
        if type_name in UNLISTED:
            return ["LeadStatus"]
        folders = self._listed(FOLDER_TYPES[type_name]) if type_name in FOLDER_TYPES else [""]
        found = [name for folder in folders for name in self._listed(type_name, folder)]
        return sorted(name for name in found if PREFIX in name or type_name in _NAMED_BY_PEOPLE)

    def _listed(self, type_name: str, folder: str = "") -> list[str]:
        within = f"<folder>{folder}</folder>" if folder else ""
        body = f"<queries>{within}<type>{type_name}</type></queries><asOfVersion>{VERSION}</asOfVersion>"
        return [each.text_of("fullName") for each in self._call("listMetadata", body).children]

    def retrieve(self, type_name: str, full_name: str) -> dict[str, str]:
        """Return the files of one component by path, package.xml among them."""
        manifest = (
            f"<types><members>{escape(full_name)}</members><name>{type_name}</name></types><version>{VERSION}</version>"
        )
        request = (
            f"<retrieveRequest><apiVersion>{VERSION}</apiVersion><singlePackage>true</singlePackage>"
            f"<unpackaged>{manifest}</unpackaged></retrieveRequest>"
        )
        job = self._result("retrieve", request).text_of("id")
        result = self._finished(
            "checkRetrieveStatus", f"<asyncProcessId>{job}</asyncProcessId><includeZip>true</includeZip>"
        )
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(result.text_of("zipFile")))) as archive:
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def deploy(self, files: Mapping[str, str]) -> None:
        """Deploy files. Raises RuntimeError where the org refuses them."""
        options = "<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage>"
        content = f"<ZipFile>{_zipped(files)}</ZipFile><DeployOptions>{options}</DeployOptions>"
        job = self._result("deploy", content).text_of("id")
        check = f"<asyncProcessId>{job}</asyncProcessId><includeDetails>true</includeDetails>"
        result = self._finished("checkDeployStatus", check)
        if result.text_of("success") != "true":
            details = result.child("details")
            told = [each.text_of("problem") for each in (details.children if details else ())]
            raise RuntimeError(f"The deployment was refused: {', '.join(filter(None, told))}")

    def edit(self, type_name: str, full_name: str, change: Callable[[str], str]) -> None:
        """Retrieve one component, change its text and deploy it. Raises RuntimeError where nothing changes."""
        files = self.retrieve(type_name, full_name)
        changed = {name: text if name == "package.xml" else change(text) for name, text in files.items()}
        if changed == files:
            raise RuntimeError(f"There is nothing to change in the {type_name} {full_name}.")
        self.deploy(changed)

    def query(self, text: str) -> list[dict[str, Any]]:
        """Return the records of a query."""
        answer = self._ask("GET", "/query", params={"q": text})
        records: list[dict[str, Any]] = answer.json()["records"]
        return records

    def write(self, object_name: str, identity: str, values: Mapping[str, object]) -> None:
        """Change a record."""
        self._ask("PATCH", f"/sobjects/{object_name}/{identity}", json=dict(values))

    def create(self, object_name: str, values: Mapping[str, object]) -> str:
        """Create a record and return its id."""
        return str(self._ask("POST", f"/sobjects/{object_name}", json=dict(values)).json()["id"])

    def delete(self, object_name: str, identity: str) -> None:
        """Delete a record."""
        self._ask("DELETE", f"/sobjects/{object_name}/{identity}")

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        url = f"{self._url}/services/data/v{VERSION}{path}"
        answer = self._session.request(method, url, headers=headers, timeout=30, **more)
        if not answer.ok:
            raise RuntimeError(f"{method} {path} was refused: {answer.text}")
        return answer

    def _finished(self, operation: str, body: str) -> Node:
        for _ in range(_POLLS):
            result = self._result(operation, body)
            if result.text_of("done") == "true":
                return result
        raise RuntimeError(f"{operation} did not finish within {_POLLS} polls.")

    def _result(self, operation: str, body: str) -> Node:
        return self._call(operation, body).children[0]

    def _call(self, operation: str, body: str) -> Node:
        envelope = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">'
            f'<soap:Header><SessionHeader xmlns="{NAMESPACE}"><sessionId>{self._token}</sessionId></SessionHeader>'
            f'</soap:Header><soap:Body><{operation} xmlns="{NAMESPACE}">{body}</{operation}></soap:Body></soap:Envelope>'
        )
        headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'}
        url = f"{self._url}/services/Soap/m/{VERSION}"
        answer = self._session.post(url, data=envelope.encode(), headers=headers, timeout=30)
        answer.raise_for_status()
        return read_xml(answer.content).children[0].children[0]


def _zipped(files: Mapping[str, str]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
