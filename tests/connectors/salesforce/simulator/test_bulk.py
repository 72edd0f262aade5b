from __future__ import annotations

import base64
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.connectors.salesforce.simulator.org import DATA, Org
from tests.connectors.salesforce.simulator.records_org import lead, living

INGEST, QUERY = f"{DATA}/jobs/ingest", f"{DATA}/jobs/query"


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with living(tmp_path) as org:
        yield org


def ingested(org: Org, content: str, operation: str = "insert", **more: str) -> str:
    """Run a job to its end and return its id."""
    settings = {"object": "Lead", "operation": operation, "contentType": "CSV", "lineEnding": "LF", **more}
    job = org.ask("POST", INGEST, json=settings)
    assert job.ok, job.text
    identity: str = job.json()["id"]
    upload = org.ask("PUT", f"{INGEST}/{identity}/batches", data=content.encode(), headers={"Content-Type": "text/csv"})
    assert upload.status_code == 201, upload.text
    assert (
        org.ask("PATCH", f"{INGEST}/{identity}", json={"state": "UploadComplete"}).json()["state"] == "UploadComplete"
    )
    assert states(org, f"{INGEST}/{identity}") == ["InProgress", "JobComplete"]
    return identity


def states(org: Org, path: str) -> list[str]:
    return [org.ask("GET", path).json()["state"] for _ in range(2)]


def rows(answer: requests.Response) -> list[dict[str, str]]:
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_records_are_taken_in_and_what_is_wrong_is_told_line_by_line(org: Org) -> None:
    job = ingested(org, 'LastName,Company,SLA_Handed__c\nAda,"Acme, Inc.",true\nBo,,false\nCy,Beta,maybe\n')
    (good,) = rows(org.ask("GET", f"{INGEST}/{job}/successfulResults"))
    assert (good["sf__Created"], good["LastName"], good["Company"]) == ("true", "Ada", "Acme, Inc.")
    missing, wrong = rows(org.ask("GET", f"{INGEST}/{job}/failedResults"))
    assert missing["sf__Error"] == "REQUIRED_FIELD_MISSING:Required fields are missing: [Company]:Company"
    assert wrong["sf__Error"].startswith("INVALID_TYPE_ON_FIELD_IN_RECORD")
    (found,) = org.query("SELECT Id, SLA_Handed__c FROM Lead")
    assert (found["Id"], found["SLA_Handed__c"]) == (good["sf__Id"], True)
    told = org.ask("GET", f"{INGEST}/{job}").json()
    assert (told["numberRecordsProcessed"], told["numberRecordsFailed"]) == (3, 2)
    assert rows(org.ask("GET", f"{INGEST}/{job}/unprocessedrecords")) == []


def test_an_empty_cell_changes_nothing_and_a_word_empties_the_field(org: Org) -> None:
    one, other = lead(org, City="Rome"), lead(org, City="Rome")
    ingested(org, f"Id,City,Company\n{one},#N/A,\n{other},,Beta\n", "update")
    found = {each["Id"]: each for each in org.query("SELECT Id, City, Company FROM Lead")}
    assert (found[one]["City"], found[one]["Company"]) == (None, "Acme")
    assert (found[other]["City"], found[other]["Company"]) == ("Rome", "Beta")


def test_records_are_upserted_and_deleted(org: Org) -> None:
    known = lead(org, SLA_Key__c="A")
    job = ingested(
        org, "SLA_Key__c,LastName,Company\nA,Ada,Acme\nB,Bo,Acme\n", "upsert", externalIdFieldName="SLA_Key__c"
    )
    done = rows(org.ask("GET", f"{INGEST}/{job}/successfulResults"))
    assert [(each["sf__Created"], each["SLA_Key__c"]) for each in done] == [("false", "A"), ("true", "B")]
    assert done[0]["sf__Id"] == known
    job = ingested(org, f"Id\n{known}\n{known}\n", "delete")
    (failed,) = rows(org.ask("GET", f"{INGEST}/{job}/failedResults"))
    assert failed["sf__Error"].startswith("ENTITY_IS_DELETED")
    assert [each["SLA_Key__c"] for each in org.query("SELECT SLA_Key__c FROM Lead")] == ["B"]


def test_a_query_hands_its_rows_out_in_pages(org: Org) -> None:
    for name in ("Ada", "Bo", 'C "y"'):
        lead(org, name)
    settings = {"operation": "query", "query": "SELECT LastName, Owner.Name, IsConverted FROM Lead ORDER BY LastName"}
    job = org.ask("POST", QUERY, json=settings).json()["id"]
    assert org.refusal("GET", f"{QUERY}/{job}/results")[1] == "INVALIDJOBSTATE"
    assert states(org, f"{QUERY}/{job}") == ["InProgress", "JobComplete"]
    first = org.ask("GET", f"{QUERY}/{job}/results", params={"maxRecords": "2"})
    last = org.ask(
        "GET", f"{QUERY}/{job}/results", params={"maxRecords": "2", "locator": first.headers["Sforce-Locator"]}
    )
    assert (first.headers["Sforce-NumberOfRecords"], last.headers["Sforce-Locator"]) == ("2", "null")
    assert [each["LastName"] for each in rows(first) + rows(last)] == ["Ada", "Bo", 'C "y"']
    assert rows(first)[0] == {"LastName": "Ada", "Owner.Name": "Integration", "IsConverted": "false"}


REFUSED: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("an operation that is none", {"object": "Lead", "operation": "merge"}, "INVALIDOPERATION"),
    ("an object that is none", {"object": "Leed", "operation": "insert"}, "NOT_FOUND"),
    ("an upsert by nothing", {"object": "Lead", "operation": "upsert"}, "INVALIDJOB"),
    ("a member that is none", {"object": "Lead", "operation": "insert", "speed": 1}, "INVALIDJOB"),
    ("a delimiter that is not taken", {"object": "Lead", "operation": "insert", "columnDelimiter": "TAB"}, "NOT_IMPL"),
)


@pytest.mark.parametrize(("settings", "code"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_a_job_that_is_wrong_is_refused(org: Org, settings: dict[str, Any], code: str) -> None:
    assert org.refusal("POST", INGEST, json=settings)[1].startswith(code)


def test_a_job_takes_content_once_and_only_while_it_is_open(org: Org) -> None:
    job = org.ask("POST", INGEST, json={"object": "Lead", "operation": "insert"}).json()["id"]
    path, headers = f"{INGEST}/{job}/batches", {"Content-Type": "text/csv"}
    assert org.refusal("PUT", path, data=b"{}", headers={"Content-Type": "application/json"})[0] == 415
    assert org.ask("PUT", path, data=b"LastName,Company\nA,B\n", headers=headers).status_code == 201
    assert org.refusal("PUT", path, data=b"LastName,Company\nA,B\n", headers=headers)[1] == "INVALIDJOBSTATE"
    assert org.ask("PATCH", f"{INGEST}/{job}", json={"state": "Aborted"}).json()["state"] == "Aborted"
    assert org.query("SELECT Id FROM Lead") == []
    assert org.ask("DELETE", f"{INGEST}/{job}").status_code == 204
    assert org.refusal("GET", f"{INGEST}/{job}")[0] == 404


UNASKABLE = (
    ("a count", "SELECT COUNT() FROM Lead"),
    ("a sum", "SELECT MAX(CreatedDate) FROM Lead"),
    ("a group", "SELECT Status, COUNT(Id) FROM Lead GROUP BY Status"),
    ("an offset", "SELECT Id FROM Lead OFFSET 10"),
    ("children", "SELECT Id, (SELECT Id FROM Tasks) FROM Lead"),
)


@pytest.mark.parametrize("text", [each[1] for each in UNASKABLE], ids=[each[0] for each in UNASKABLE])
def test_a_query_that_this_api_does_not_carry_out_is_refused(org: Org, text: str) -> None:
    assert org.refusal("POST", QUERY, json={"operation": "query", "query": text})[1] == "API_ERROR"
    assert (
        org.refusal("POST", QUERY, json={"operation": "query", "query": "SELECT Nothing FROM Lead"})[1]
        == "INVALID_FIELD"
    )


def test_a_query_changes_nothing_and_a_locator_belongs_to_its_job(org: Org) -> None:
    lead(org)
    before = org.application.state_changes
    jobs = []
    for operation in ("query", "queryAll"):
        body = {"operation": operation, "query": "SELECT Id, Owner.Name FROM Lead WHERE LastName = 'Nobody'"}
        jobs.append(org.ask("POST", QUERY, json=body).json()["id"])
        states(org, f"{QUERY}/{jobs[-1]}")
    assert org.application.state_changes == before
    empty = org.ask("GET", f"{QUERY}/{jobs[0]}/results")
    assert empty.text == '"Id","Owner.Name"\n'
    for wrong in ("1", "nonsense", base64.urlsafe_b64encode(f"{jobs[1]}:0".encode()).decode()):
        refused = org.refusal("GET", f"{QUERY}/{jobs[0]}/results", params={"locator": wrong})
        assert refused[1] == "INVALID_QUERY_LOCATOR"
    assert org.ask("DELETE", f"{QUERY}/{jobs[1]}").status_code == 204
    assert org.refusal("GET", f"{QUERY}/{jobs[1]}")[0] == 404
