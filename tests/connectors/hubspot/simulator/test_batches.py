from __future__ import annotations

from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import OBJECTS, Portal, held, made

PEOPLE = f"{OBJECTS}/contacts"


def batch(portal: Portal, what: str, *inputs: dict[str, Any], **more: Any) -> tuple[int, Any]:
    """Send a batch and return the status and the body of the answer."""
    answer = portal.ask("POST", f"{PEOPLE}/batch/{what}", {"inputs": list(inputs)} | more)
    return answer.status_code, answer.get_json() if answer.get_data() else None


def person(name: str, **more: str) -> dict[str, Any]:
    """Return the input that creates a contact."""
    return {"properties": {"email": f"{name}@acme.example"} | more}


def test_a_batch_is_created_read_changed_and_archived(portal: Portal) -> None:
    status, body = batch(portal, "create", person("a"), person("b"))
    assert (status, body["status"], len(body["results"])) == (201, "COMPLETE", 2)
    ids = [{"id": each["id"]} for each in body["results"]]
    changes = [each | {"properties": {"firstname": f"N{each['id']}"}} for each in ids]
    status, body = batch(portal, "update", *changes)
    assert (status, [each["properties"]["firstname"] for each in body["results"]]) == (200, ["N101", "N102"])
    status, body = batch(portal, "read", *ids, properties=["firstname"], propertiesWithHistory=["email"])
    assert status == 200
    assert [each["propertiesWithHistory"]["email"][0]["value"] for each in body["results"]] == [
        "a@acme.example",
        "b@acme.example",
    ]
    assert batch(portal, "archive", *ids) == (204, None)
    assert batch(portal, "read", *ids)[1]["results"] == []


def test_one_request_is_one_change_however_many_records_it_writes(portal: Portal) -> None:
    before = portal.application.state_changes
    batch(portal, "create", *(person(str(number)) for number in range(100)))
    assert portal.application.state_changes == before + 1


@pytest.mark.parametrize(("what", "most"), [("create", 100), ("update", 100), ("upsert", 100), ("read", 100)])
def test_a_batch_has_a_limit(portal: Portal, what: str, most: int) -> None:
    inputs = [
        {
            "create": person(str(number)),
            "read": {"id": str(number)},
            "update": {"id": str(number), "properties": {}},
        }.get(what, {"id": f"{number}@acme.example", "idProperty": "email", "properties": {}})
        for number in range(most + 1)
    ]
    assert batch(portal, what, *inputs)[0] == 400
    assert batch(portal, what, *inputs[:most])[0] < 300
    assert batch(portal, what)[0] == 400


def test_a_batch_that_asks_for_history_is_smaller(portal: Portal) -> None:
    ids = [{"id": str(number)} for number in range(51)]
    assert batch(portal, "read", *ids, propertiesWithHistory=["email"])[0] == 400
    assert batch(portal, "read", *ids[:50], propertiesWithHistory=["email"])[0] == 207


def test_a_batch_with_one_wrong_input_is_refused_as_a_whole(portal: Portal) -> None:
    status, body = batch(portal, "create", person("a"), person("b", nothing="x"))
    assert (status, body["errors"][0]["code"]) == (400, "PROPERTY_DOESNT_EXIST")
    assert portal.done("GET", PEOPLE)["results"] == []
    status, body = batch(portal, "create", person("a"), person("a"))
    assert (status, body["category"]) == (409, "CONFLICT")
    assert portal.application.state_changes == 0


def test_a_batch_whose_inputs_bear_traces_is_written_in_part(portal: Portal) -> None:
    traced = [person("a"), person("b", nothing="x"), person("a"), person("c")]
    inputs = [each | {"objectWriteTraceId": str(number)} for number, each in enumerate(traced)]
    status, body = batch(portal, "create", *inputs)
    assert (status, body["numErrors"]) == (207, 2)
    assert [each["objectWriteTraceId"] for each in body["results"]] == ["0", "3"]
    told = [(each["category"], each["context"]["objectWriteTraceId"]) for each in body["errors"]]
    assert told == [("VALIDATION_ERROR", ["1"]), ("CONFLICT", ["2"])]
    assert len(portal.done("GET", PEOPLE)["results"]) == 2


def test_an_input_that_is_refused_when_half_of_it_was_written_leaves_nothing(portal: Portal) -> None:
    link = {"to": {"id": "999"}, "types": [{"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}]}
    half = person("a") | {"associations": [link], "objectWriteTraceId": "0"}
    status, body = batch(portal, "create", half, person("b") | {"objectWriteTraceId": "1"})
    assert (status, body["numErrors"]) == (207, 1)
    found = portal.done("GET", PEOPLE)["results"]
    assert [each["properties"]["email"] for each in found] == ["b@acme.example"]


def test_records_that_are_not_there_are_told_and_the_others_are_read_and_changed(portal: Portal) -> None:
    there = made(portal, "contacts", email="a@acme.example")
    for what, more in (("read", {}), ("update", {"properties": {"firstname": "A"}})):
        status, body = batch(portal, what, {"id": there} | more, {"id": "999"} | more)
        assert (status, [each["id"] for each in body["results"]]) == (207, [there])
        assert (body["errors"][0]["category"], body["errors"][0]["context"]) == ("OBJECT_NOT_FOUND", {"ids": ["999"]})
    assert held(portal, "contacts", there, "firstname") == {"firstname": "A"}


def test_an_upsert_changes_who_is_there_and_creates_who_is_not(portal: Portal) -> None:
    there = made(portal, "contacts", email="a@acme.example")
    inputs = [{"id": f"{name}@acme.example", "idProperty": "email", "properties": {"firstname": name}} for name in "ab"]
    status, body = batch(portal, "upsert", *inputs)
    assert (status, [each["new"] for each in body["results"]]) == (200, [False, True])
    assert body["results"][0]["id"] == there
    assert held(portal, "contacts", body["results"][1]["id"], "email", "firstname") == {
        "email": "b@acme.example", "firstname": "b",
    }  # fmt: skip


def test_an_id_stands_once_in_a_batch_and_an_upsert_needs_a_unique_property(portal: Portal) -> None:
    there = {"id": made(portal, "contacts", email="a@acme.example"), "properties": {"firstname": "A"}}
    status, body = batch(portal, "update", there, there)
    assert (status, "Duplicate IDs" in body["message"]) == (400, True)
    by_name = {"id": "A", "idProperty": "firstname", "properties": {}}
    assert batch(portal, "upsert", by_name)[0] == 400


def test_records_are_read_in_a_batch_by_a_unique_property(portal: Portal) -> None:
    there = made(portal, "contacts", email="a@acme.example")
    status, body = batch(portal, "read", {"id": "A@acme.example"}, idProperty="email")
    assert (status, [each["id"] for each in body["results"]]) == (200, [there])
