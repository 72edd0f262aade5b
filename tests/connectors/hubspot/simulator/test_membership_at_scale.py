"""Whatever is written in whatever order, each list holds whom its filters mean, and each workflow enrols whom it should."""

from __future__ import annotations

import random
from typing import Any

import pytest

from sla_sync_hubspot.simulator import membership
from tests.connectors.hubspot.simulator.portal import (
    CONTACTS,
    FLOWS,
    LISTS,
    NUMBER,
    OBJECTS,
    Portal,
    branch,
    in_list,
    made,
    tested,
)

NAMES = tuple(f"sla_n{number}" for number in range(5))


def some_filter(dice: random.Random, lists: list[str]) -> dict[str, Any]:
    name = dice.choice(NAMES)
    return dice.choice(
        [
            tested(name, operationType="NUMBER", operator="IS_GREATER_THAN", value=dice.randrange(9),
                   includeObjectsWithNoValueSet=dice.random() < 0.3),
            tested(name, operationType="ALL_PROPERTY", operator=dice.choice(["IS_KNOWN", "IS_UNKNOWN"])),
            tested(name, operationType="NUMBER", operator="HAS_EVER_BEEN_EQUAL_TO", value=dice.randrange(9)),
            tested("createdate", operationType="ALL_PROPERTY", operator="IS_KNOWN"),
            *([in_list(dice.choice(lists)) | {"operator": dice.choice(["IN_LIST", "NOT_IN_LIST"])}] if lists else []),
        ]
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_every_list_holds_whom_its_filters_mean(furnished: tuple[Portal, str], seed: int) -> None:
    portal, _ = furnished
    dice = random.Random(seed)
    for name in NAMES:
        portal.done("POST", CONTACTS, NUMBER | {"name": name})
    lists: list[str] = []
    contacts: list[str] = []
    for turn in range(60):
        if turn % 6 == 0:
            body = {
                "name": f"L{turn}", "objectTypeId": "0-1", "processingType": "DYNAMIC",
                "filterBranch": branch(*(some_filter(dice, lists) for _ in range(dice.randrange(1, 3)))),
            }  # fmt: skip
            lists.append(str(portal.done("POST", LISTS, body)["list"]["listId"]))
        values = {name: str(dice.randrange(9)) for name in NAMES if dice.random() < 0.3}
        if turn % 3 == 0 or not contacts:
            contacts.append(made(portal, "contacts", email=f"{turn}@example.com", **values))
        elif dice.random() < 0.1:
            portal.done("DELETE", f"{OBJECTS}/contacts/{contacts.pop(dice.randrange(len(contacts)))}")
        else:
            cleared = {name: "" for name in NAMES if dice.random() < 0.1}
            portal.done("PATCH", f"{OBJECTS}/contacts/{dice.choice(contacts)}", {"properties": values | cleared})
        inside = portal.application.portal
        for list_id in lists:
            meant = {
                each.id
                for each in inside.records.of("0-1")
                if membership.meets(inside, each, inside.state["lists"][list_id]["filterBranch"])
            }
            assert set(membership.members(inside, list_id)) == meant, (turn, list_id)


@pytest.mark.parametrize(
    ("criteria", "values"),
    [
        (tested("sla_fit", operationType="ALL_PROPERTY", operator="IS_UNKNOWN"), {}),
        (tested("createdate", operationType="ALL_PROPERTY", operator="IS_KNOWN"), {}),
        (tested("hs_object_id", operationType="ALL_PROPERTY", operator="IS_KNOWN"), {}),
        (tested("sla_fit", operationType="NUMBER", operator="IS_EQUAL_TO", value=3), {"sla_fit": "3"}),
        (tested("hs_email_domain", operationType="ALL_PROPERTY", operator="IS_KNOWN"), {}),
        (tested("sla_calc", operationType="NUMBER", operator="IS_EQUAL_TO", value=2), {}),
    ],
)
def test_a_new_contact_is_enrolled_by_what_it_has_and_by_what_it_lacks(
    furnished: tuple[Portal, str], criteria: dict[str, Any], values: dict[str, str]
) -> None:
    portal, _ = furnished
    portal.done("POST", CONTACTS, NUMBER | {"name": "sla_calc", "fieldType": "calculation_equation",
                                            "calculationFormula": "1 + 1"})  # fmt: skip
    action = {"type": "SINGLE_CONNECTION", "actionId": "1", "actionTypeId": "0-5",
              "fields": {"property_name": "company", "value": {"type": "STATIC_VALUE", "staticValue": "Seen"}}}  # fmt: skip
    portal.done("POST", FLOWS, {
        "name": "New", "type": "CONTACT_FLOW", "flowType": "WORKFLOW", "isEnabled": True, "objectTypeId": "0-1",
        "startActionId": "1", "actions": [action],
        "enrollmentCriteria": {"type": "LIST_BASED", "listFilterBranch": branch(criteria), "shouldReEnroll": False,
                               "unEnrollObjectsNotMeetingCriteria": False},
    })  # fmt: skip
    contact = made(portal, "contacts", email="ada@example.com", **values)
    answer = portal.done("GET", f"{OBJECTS}/contacts/{contact}?properties=company")
    assert answer["properties"]["company"] == "Seen"
