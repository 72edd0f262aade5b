"""What an org says when something goes wrong that is no mistake of the request, over REST and over SOAP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import requests
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.application import Application
from sla_sync_salesforce.simulator.troubles import FAULTS, call_of, reads
from tests.connectors.salesforce.simulator.org import DATA, FIRST_DAY, SOAP

_SOAP_SPACE = "http://schemas.xmlsoap.org/soap/envelope/"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with serve(simulator, tmp_path_factory.mktemp("org"), clock=FIRST_DAY) as served:
        yield served


def envelope(operation: str, token: str = "", space: str = "http://soap.sforce.com/2006/04/metadata") -> str:
    return (
        f'<e:Envelope xmlns:e="{_SOAP_SPACE}" xmlns="{space}"><e:Header><SessionHeader><sessionId>{token}</sessionId>'
        f"</SessionHeader></e:Header><e:Body><{operation}/></e:Body></e:Envelope>"
    )


def ask(running: Running, method: str, path: str, **options: Any) -> requests.Response:
    headers = {"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"}
    if path.startswith("/services/Soap"):
        headers["Content-Type"] = "text/xml; charset=UTF-8"
    with requests.Session() as session:
        session.trust_env = False
        return session.request(
            method, running.url + path, headers=headers, verify=str(running.ca), timeout=10, **options
        )


SAID: Mapping[str, tuple[str, int]] = {
    "limit-daily": ("REQUEST_LIMIT_EXCEEDED", 403),
    "limit-concurrent": ("REQUEST_LIMIT_EXCEEDED", 403),
    "unavailable": ("SERVER_UNAVAILABLE", 503),
    "session-ended": ("INVALID_SESSION_ID", 401),
}


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_refusal_speaks_the_language_of_the_api_that_was_asked(running: Running, name: str) -> None:
    code, status = SAID[name]
    running.trouble = Scripted((Line(name, times=3),))
    rest = ask(running, "GET", f"{DATA}/limits")
    assert (rest.status_code, rest.json()[0]["errorCode"]) == (status, code)
    metadata = ask(running, "POST", SOAP, data=envelope("describeMetadata", running.token))
    assert metadata.status_code == 500
    assert f"<faultcode>sf:{code}</faultcode>" in metadata.text
    assert f"<faultstring>{code}: " in metadata.text
    partner = ask(
        running, "POST", "/services/Soap/u/63.0",
        data=envelope("getUserInfo", running.token, "urn:partner.soap.sforce.com"),
    )  # fmt: skip
    assert partner.status_code == 500
    assert f"<sf:exceptionCode>{code}</sf:exceptionCode>" in partner.text


def test_a_locked_row_refuses_one_record_and_each_of_a_collection_and_saves_none(running: Running) -> None:
    running.trouble = Scripted((Line("locked-row", times=3),))
    before = running.application.state_changes
    one = ask(running, "POST", f"{DATA}/sobjects/Lead", json={"LastName": "A", "Company": "A"})
    assert (one.status_code, one.json()[0]["errorCode"]) == (400, "UNABLE_TO_LOCK_ROW")
    records = [{"attributes": {"type": "Lead"}, "LastName": name, "Company": "A"} for name in "ab"]
    many = ask(running, "POST", f"{DATA}/composite/sobjects", json={"allOrNone": False, "records": records})
    assert [each["errors"][0]["statusCode"] for each in many.json()] == ["UNABLE_TO_LOCK_ROW"] * 2
    gone = ask(running, "DELETE", f"{DATA}/composite/sobjects?ids=00Q1,00Q2,00Q3")
    assert len(gone.json()) == 3
    assert running.application.state_changes == before
    assert ask(running, "GET", f"{DATA}/limits").ok, "reads are not locked"


def test_nothing_of_the_orgs_own_happens_to_those_who_sign_in(running: Running) -> None:
    application = running.application
    assert isinstance(application, Application)
    running.happened.clear()
    running.trouble = Scripted(tuple(Line(name, times=9) for name in FAULTS))
    form = {
        "grant_type": "client_credentials", "client_id": application.client_id,
        "client_secret": application.client_secret,
    }  # fmt: skip
    with requests.Session() as session:
        session.trust_env = False
        assert session.post(f"{running.url}/services/oauth2/token", data=form, verify=str(running.ca), timeout=10).ok
        assert session.get(f"{running.url}/services/data", verify=str(running.ca), timeout=10).ok
    assert running.happened == []


CALLS: tuple[tuple[str, str, str, str, bool], ...] = (
    ("GET", f"{DATA}/limits", "", f"{DATA}/limits", True),
    ("POST", f"{DATA}/sobjects/Lead", "{}", f"{DATA}/sobjects/Lead", False),
    ("POST", f"{DATA}/jobs/query", "{}", f"{DATA}/jobs/query", True),
    ("POST", f"{DATA}/jobs/ingest", "{}", f"{DATA}/jobs/ingest", False),
    ("POST", SOAP, envelope("retrieve"), f"{SOAP}#retrieve", True),
    ("POST", SOAP, envelope("deploy"), f"{SOAP}#deploy", False),
    ("POST", "/services/Soap/u/63.0", envelope("login"), "/services/Soap/u/63.0#login", False),
    ("POST", SOAP, "no xml", f"{SOAP}#", False),
    ("POST", SOAP, "<a/>", f"{SOAP}#", False),
)


@pytest.mark.parametrize(("method", "path", "body", "call", "read"), CALLS)
def test_a_call_is_named_by_its_operation_and_a_read_is_told_from_a_write(
    method: str, path: str, body: str, call: str, *, read: bool
) -> None:
    request = Request(EnvironBuilder(path, method=method, data=body.encode()).get_environ())
    assert call_of(request) == call
    assert reads(request) is read


@pytest.mark.parametrize("side", ["before", "after"])
def test_an_unexpected_failure_of_the_metadata_api_leaves_a_deployment_undone_or_under_way(
    tmp_path: Path, side: str
) -> None:
    with serve(simulator, tmp_path, clock=FIRST_DAY) as running:
        application = running.application
        assert isinstance(application, Application)
        running.trouble = Scripted((Line(f"unexpected-{side}", call="*#deploy"),))
        body = envelope("deploy", running.token).replace(
            "<deploy/>", "<deploy><ZipFile>UEs=</ZipFile><DeployOptions></DeployOptions></deploy>"
        )
        answer = ask(running, "POST", SOAP, data=body)
        assert "<faultcode>sf:UNKNOWN_EXCEPTION</faultcode>" in answer.text
        assert len(application.desk.organization.deploys) == int(side == "after")
