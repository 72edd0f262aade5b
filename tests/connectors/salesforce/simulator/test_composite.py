from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.salesforce.simulator.org import DATA, Org
from tests.connectors.salesforce.simulator.records_org import lead, living

COLLECTION = f"{DATA}/composite/sobjects"


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    with living(tmp_path) as org:
        yield org


def part(method: str, path: str, name: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"method": method, "url": f"{DATA}{path}", "referenceId": name, **({"body": body} if body else {})}


def composite(org: Org, *parts: dict[str, Any], together: bool = False) -> list[dict[str, Any]]:
    answer = org.ask("POST", f"{DATA}/composite", json={"allOrNone": together, "compositeRequest": parts})
    assert answer.ok, answer.text
    found: list[dict[str, Any]] = answer.json()["compositeResponse"]
    return found


def person(name: str, **values: Any) -> dict[str, Any]:
    return {"attributes": {"type": "Lead"}, "LastName": name, "Company": "Acme", **values}


def test_a_later_request_uses_the_answer_to_an_earlier_one(org: Org) -> None:
    made, leg, found = composite(
        org,
        part("POST", "/sobjects/Lead", "person", {"LastName": "Reyes", "Company": "Acme"}),
        part("POST", "/sobjects/SLA_Leg__c", "leg", {"Lead__c": "@{person.id}"}),
        part("GET", "/query?q=SELECT+Lead__c+FROM+SLA_Leg__c", "found"),
    )
    assert [each["httpStatusCode"] for each in (made, leg, found)] == [201, 201, 200]
    assert found["body"]["records"][0]["Lead__c"] == made["body"]["id"]
    assert made["httpHeaders"]["Location"] == f"{DATA}/sobjects/Lead/{made['body']['id']}"
    (record,) = composite(org, part("GET", f"/sobjects/Lead/{made['body']['id']}?fields=LastName", "again"))
    assert record["body"]["LastName"] == "Reyes"


def test_one_request_that_fails_leaves_the_others_or_takes_all_back(org: Org) -> None:
    parts = (
        part("POST", "/sobjects/Lead", "good", {"LastName": "Reyes", "Company": "Acme"}),
        part("POST", "/sobjects/Lead", "bad", {"LastName": "Reyes"}),
        part("POST", "/sobjects/Lead", "last", {"LastName": "Last", "Company": "Acme"}),
    )
    good, bad, last = composite(org, *parts, together=True)
    assert [each["httpStatusCode"] for each in (good, bad, last)] == [400, 400, 400]
    assert (good["body"][0]["errorCode"], bad["body"][0]["errorCode"]) == (
        "PROCESSING_HALTED",
        "REQUIRED_FIELD_MISSING",
    )
    assert last["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert org.query("SELECT Id FROM Lead") == []
    assert [each["httpStatusCode"] for each in composite(org, *parts)] == [201, 400, 201]
    assert len(org.query("SELECT Id FROM Lead")) == 2


def test_a_reference_that_leads_nowhere_and_a_name_given_twice_are_refused(org: Org) -> None:
    (found,) = composite(org, part("POST", "/sobjects/SLA_Leg__c", "leg", {"Lead__c": "@{nobody.id}"}))
    assert found["body"][0]["message"].startswith("Invalid reference specified.")
    twice = [part("GET", "/limits", "same"), part("GET", "/limits", "same")]
    assert org.refusal("POST", f"{DATA}/composite", json={"compositeRequest": twice})[1] == "INVALID_REFERENCE_ID"
    many = [part("GET", "/limits", f"r{place}") for place in range(26)]
    assert org.refusal("POST", f"{DATA}/composite", json={"compositeRequest": many})[1] == "LIMIT_EXCEEDED"


def test_a_composite_counts_as_one_call(org: Org) -> None:
    before = org.application.desk.calls_today()
    composite(org, part("GET", "/limits", "one"), part("GET", "/limits", "two"))
    assert org.application.desk.calls_today() == before + 1


def test_a_batch_goes_on_or_halts_at_an_error(org: Org) -> None:
    parts = [{"method": "GET", "url": "v63.0/sobjects/Leed/describe"}, {"method": "GET", "url": "v63.0/limits"}]
    answer = org.ask("POST", f"{DATA}/composite/batch", json={"batchRequests": parts}).json()
    assert (answer["hasErrors"], [each["statusCode"] for each in answer["results"]]) == (True, [400, 200])
    halted = org.ask("POST", f"{DATA}/composite/batch", json={"batchRequests": parts, "haltOnError": True}).json()
    assert [each["statusCode"] for each in halted["results"]] == [400, 412]


def test_a_collection_saves_what_is_right_and_says_what_is_wrong(org: Org) -> None:
    rows = [person("Ada"), person("Bo", SLA_Reason__c="price"), person("Cy")]
    first, second, third = org.ask("POST", COLLECTION, json={"records": rows}).json()
    assert (first["success"], second["success"], third["success"]) == (True, False, True)
    assert second["errors"] == [
        {
            "statusCode": "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
            "message": "SLA Reason: bad value for restricted picklist field: price",
            "fields": ["SLA_Reason__c"],
        }
    ]
    change = [{"attributes": {"type": "Lead"}, "id": each["id"], "Company": "Beta"} for each in (first, third)]
    assert all(each["success"] for each in org.ask("PATCH", COLLECTION, json={"records": change}).json())
    found = org.get(
        "/composite/sobjects/Lead", ids=f"{third['id']},{first['id']},00Q000000000000AAA", fields="LastName,Company"
    )
    assert [each and (each["LastName"], each["Company"]) for each in found] == [("Cy", "Beta"), ("Ada", "Beta"), None]


def test_a_collection_of_all_or_none_writes_none(org: Org) -> None:
    rows = [person("Ada"), {**person("Bo"), "Company": ""}]
    first, second = org.ask("POST", COLLECTION, json={"records": rows, "allOrNone": True}).json()
    assert first["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert second["errors"][0]["statusCode"] == "REQUIRED_FIELD_MISSING"
    assert org.query("SELECT Id FROM Lead") == []


def test_all_or_none_counts_for_records_of_several_objects(org: Org) -> None:
    leg = {"attributes": {"type": "SLA_Leg__c"}, "Cycle__c": 99_999}
    first, second = org.ask("POST", COLLECTION, json={"records": [person("Ada"), leg], "allOrNone": True}).json()
    assert first["errors"][0]["statusCode"] == "ALL_OR_NONE_OPERATION_ROLLED_BACK"
    assert second["errors"][0]["statusCode"] == "NUMBER_OUTSIDE_VALID_RANGE"
    assert org.query("SELECT Id FROM Lead") == []


def test_a_collection_is_deleted_together_or_one_by_one(org: Org) -> None:
    ids = [lead(org, name) for name in ("Ada", "Bo")]
    gone = "00Q5g00000000zzAAA"
    first, second = org.ask("DELETE", COLLECTION, params={"ids": f"{ids[0]},{gone}", "allOrNone": "true"}).json()
    assert (first["success"], second["errors"][0]["statusCode"]) == (False, "ENTITY_IS_DELETED")
    assert len(org.query("SELECT Id FROM Lead")) == 2
    first, second = org.ask("DELETE", COLLECTION, params={"ids": f"{ids[0]},{gone}"}).json()
    assert (first["success"], second["success"]) == (True, False)
    assert [each["Id"] for each in org.query("SELECT Id FROM Lead")] == [ids[1]]


def test_a_collection_is_upserted_by_external_id(org: Org) -> None:
    path = f"{COLLECTION}/Lead/SLA_Key__c"
    lead(org, "Ada", SLA_Key__c="A")
    rows = [person("Ada", SLA_Key__c="A", City="Rome"), person("Bo", SLA_Key__c="B")]
    first, second = org.ask("PATCH", path, json={"records": rows}).json()
    assert (first["success"], first["created"], second["created"]) == (True, False, True)
    assert org.query("SELECT LastName FROM Lead WHERE City = 'Rome'")[0]["LastName"] == "Ada"


def test_more_than_two_hundred_records_are_refused(org: Org) -> None:
    rows = [person("x")] * 201
    assert org.refusal("POST", COLLECTION, json={"records": rows})[1] == "EXCEEDED_ID_LIMIT"


def test_a_tree_makes_all_records_or_none(org: Org) -> None:
    rows = [{**person(name), "attributes": {"type": "Lead", "referenceId": name}} for name in ("Ada", "Bo")]
    made = org.ask("POST", f"{DATA}/composite/tree/Lead", json={"records": rows})
    assert (made.status_code, [each["referenceId"] for each in made.json()["results"]]) == (201, ["Ada", "Bo"])
    broken = org.ask("POST", f"{DATA}/composite/tree/Lead", json={"records": [rows[0], {**rows[1], "Company": None}]})
    assert (broken.status_code, [each["referenceId"] for each in broken.json()["results"]]) == (400, ["Bo"])
    assert len(org.query("SELECT Id FROM Lead")) == 2
