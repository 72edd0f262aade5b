"""An administrator who changes two settings through the platform's own API, as people do between two runs of ours."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from sla_sync.connector.simulation import Running
from sla_sync_salesforce.simulator.documents import Node, read_xml
from sla_sync_salesforce.simulator.schema import NAMESPACE, VERSION
from sla_sync_salesforce.simulator.stock import ADMINISTRATOR

if TYPE_CHECKING:
    import requests

PREFIX = "SLA_"
HELP = "Ask the service desk before you change this."
_HELP_MEMBER = re.compile(r"<inlineHelpText>.*?</inlineHelpText>\s*", re.DOTALL)
_POLLS = 10


def administer(running: Running) -> Sequence[str]:
    """Switch one validation rule off and write another help text into one field; return a sentence for each."""
    import requests  # a client of its own; only this role needs it

    # The sessions of one org differ in what stands after the mark.
    token = running.token.partition("!")[0] + "!simulator.administrator"
    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(running.ca)
        desk = _Telephone(session, f"{running.url}/services/Soap/m/{VERSION}", token)
        done = []
        rule = next(iter(desk.names("ValidationRule")), None)
        if rule is not None:
            desk.edit("ValidationRule", rule, _switched_off)
            done.append(f"{ADMINISTRATOR} switched off the validation rule {rule}.")
        field = next(iter(desk.names("CustomField")), None)
        if field is not None:
            desk.edit("CustomField", field, _other_help)
            done.append(f"{ADMINISTRATOR} changed the help text of the field {field} to «{HELP}».")
    return done


def _switched_off(text: str) -> str:
    return text.replace("<active>true</active>", "<active>false</active>")


def _other_help(text: str) -> str:
    without = _HELP_MEMBER.sub("", text)
    return without.replace("<label>", f"<inlineHelpText>{escape(HELP)}</inlineHelpText><label>", 1)


class _Telephone:
    """A small client of the Metadata API that shares nothing with the connector's."""

    def __init__(self, session: requests.Session, url: str, token: str) -> None:
        self._session, self._url, self._token = session, url, token

    def names(self, type_name: str) -> list[str]:
        """Return what exists of a type with our prefix, sorted."""
        body = f"<queries><type>{type_name}</type></queries><asOfVersion>{VERSION}</asOfVersion>"
        found = [each.text_of("fullName") for each in self._call("listMetadata", body).children]
        return sorted(name for name in found if name.partition(".")[2].startswith(PREFIX))

    def edit(self, type_name: str, full_name: str, change: Callable[[str], str]) -> None:
        """Retrieve one component, change its text and deploy it."""
        manifest = f"<types><members>{full_name}</members><name>{type_name}</name></types><version>{VERSION}</version>"
        request = (
            f"<retrieveRequest><apiVersion>{VERSION}</apiVersion><singlePackage>true</singlePackage>"
            f"<unpackaged>{manifest}</unpackaged></retrieveRequest>"
        )
        job = self._result("retrieve", request).text_of("id")
        result = self._finished(
            "checkRetrieveStatus", f"<asyncProcessId>{job}</asyncProcessId><includeZip>true</includeZip>"
        )
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(result.text_of("zipFile")))) as archive:
            files = {name: archive.read(name).decode() for name in archive.namelist()}
        changed = {name: text if name == "package.xml" else change(text) for name, text in files.items()}
        options = "<rollbackOnError>true</rollbackOnError><singlePackage>true</singlePackage>"
        content = f"<ZipFile>{_zipped(changed)}</ZipFile><DeployOptions>{options}</DeployOptions>"
        job = self._result("deploy", content).text_of("id")
        check = f"<asyncProcessId>{job}</asyncProcessId><includeDetails>false</includeDetails>"
        if self._finished("checkDeployStatus", check).text_of("success") != "true":
            raise RuntimeError(f"The administrator's change of {full_name} was refused.")

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
        answer = self._session.post(self._url, data=envelope.encode(), headers=headers, timeout=30)
        answer.raise_for_status()
        return read_xml(answer.content).children[0].children[0]


def _zipped(files: Mapping[str, str]) -> str:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return base64.b64encode(buffer.getvalue()).decode("ascii")
