"""What leaving takes on Salesforce, without an org: what a deployment takes away, and what a person is told of the rest."""

from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace
from typing import Any
from zipfile import ZipFile

import pytest

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Consequence,
    Desired,
    Live,
    Manifest,
    Reason,
    Removal,
    Snapshot,
    Values,
)  # fmt: skip
from sla_sync_salesforce.deployment import deletions
from sla_sync_salesforce.packing import Packing
from sla_sync_salesforce.types import CONTAINERS, TYPES

WHOLE = {each.type for each in CONTAINERS.values()}


def gone(kind: str, key: str) -> Change:
    address = Address(kind, key)
    return Change(Action.DELETE, address, (), Reason.LEAVING, Consequence.BREACH, live=Live(address, {}))


def test_a_rule_is_taken_away_by_the_name_that_says_its_object() -> None:
    assert deletions([gone("AssignmentRule", "SLA_Routing")]) == [("AssignmentRule", "Lead.SLA_Routing")]


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (("Report", "SLA_Sync/SLA_Kept"), ("ReportFolder", "SLA_Sync")),
        (("Dashboard", "SLA_Sync/SLA_Health"), ("DashboardFolder", "SLA_Sync")),
        (("Queue", "SDR_Inbound"), ("CustomObject", "SLA_Leg__c")),
        (("ReportFolder", "SLA_Sync"), ("Group", "SLA_Role_Vp_Sales")),
        (("AssignmentRule", "SLA_Routing"), ("Queue", "SDR_Inbound")),
    ],
    ids=lambda each: each[0],
)
def test_what_refers_to_others_is_taken_away_before_them(first: tuple[str, str], then: tuple[str, str]) -> None:
    assert [kind for kind, _ in deletions([gone(*then), gone(*first)])] == [first[0], then[0]]


def test_of_what_no_api_deletes_a_person_is_told_what_to_do() -> None:
    for each in TYPES.values():
        leaving = each.leaving
        removal = leaving.removal if leaving else each.on_removal
        assert each.name in WHOLE or removal is not Removal.RELEASE or (leaving and "{}" in leaving.by_hand), each.name


def test_a_rule_that_showed_its_message_nowhere_is_put_back_without_a_field() -> None:
    """An empty name is no name: an org looks for a field that is called so, and refuses everything."""
    address = Address("ValidationRule", "Lead.SLA_Reason")
    ours: Values = {
        "active": True,
        "errorConditionFormula": "TRUE",
        "errorMessage": "Why?",
        "errorDisplayField": "SLA_Reason__c",
    }
    before: Values = {**ours, "errorMessage": "Theirs.", "errorDisplayField": ""}
    change = Change(
        Action.UPDATE, address, (), Reason.BEFORE_US, Consequence.BREACH, Desired(address, before), Live(address, ours)
    )
    nobody: Any = SimpleNamespace(version="63.0", target="the test")
    packed = Packing("acme", nobody, Snapshot({})).pack([change], Manifest("", {address: ours}, canonicalisation=1))
    with ZipFile(BytesIO(packed.content)) as package:
        (rule,) = (package.read(each).decode() for each in package.namelist() if each.endswith("Lead.object"))
    assert "<errorMessage>Theirs.</errorMessage>" in rule
    assert "errorDisplayField" not in rule
