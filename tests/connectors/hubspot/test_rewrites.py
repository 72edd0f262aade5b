"""What HubSpot rewrites by itself is no difference: each rule, and that without it there would be one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sla_sync.connector import Address, Live, Manifest, Ref, SettingType, Snapshot, Value, Values
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.canonical import canonical_desired, canonical_live
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.plan import make_plan
from sla_sync.reconcile.settings import Desired, Translation
from sla_sync.reconcile.values import differences, resolve
from sla_sync_hubspot import wire
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate.building import Act, Arm, End, Enrolment, Fork, Trigger, set_text, workflow_values
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.operations import known
from sla_sync_hubspot.types import PIPELINE, PROPERTY, PROPERTY_OPTION, SEGMENT, TYPES, USER, WORKFLOW

FLOW = Address(WORKFLOW, "SLA | x | Flow")
ANA = Address(USER, "ana")


@dataclass(frozen=True)
class Rewrite:
    """What is asked for and what HubSpot answers instead; `rule` is the entry of the table that makes them one."""

    name: str
    type: str
    asked: Values
    answered: Values
    rule: tuple[str, str]


def branch(*filters: Values) -> Values:
    return {
        "filterBranchType": "OR",
        "filters": [],
        "filterBranches": [{"filterBranchType": "AND", "filterBranches": [], "filters": list(filters)}],
    }


def tested(**operation: Value) -> Values:
    return {"filterType": "PROPERTY", "property": "sla_x", "operation": operation}


def enrolled(*filters: Values) -> Values:
    return {"enrollmentCriteria": {"listFilterBranch": branch(*filters)}}


def again(*filters: Values) -> Values:
    one: Values = {"filterBranchType": "AND", "filterBranches": [], "filters": list(filters)}
    return {"enrollmentCriteria": {"reEnrollmentTriggersFilterBranches": [one]}}


def forked(*filters: Values) -> Values:
    action: Values = {"actionId": "1", "type": "LIST_BRANCH", "listBranches": [{"filterBranch": branch(*filters)}]}
    return {"actions": [action]}


def action(**fields: Value) -> Values:
    return {"actions": [{"actionId": "1", "actionTypeId": "0-5", "fields": fields}]}


def linked(member: str, target: Value) -> Values:
    return {"actions": [{"actionId": "1", member: {"edgeType": "STANDARD", "nextActionId": target}}]}


_BRANCHES = {
    (SEGMENT, "filterBranch.filterBranches.*"): lambda *each: {"filterBranch": branch(*each)},
    (WORKFLOW, "enrollmentCriteria.listFilterBranch.filterBranches.*"): enrolled,
    (WORKFLOW, "enrollmentCriteria.reEnrollmentTriggersFilterBranches.*"): again,
    (WORKFLOW, "actions.*.listBranches.*.filterBranch.filterBranches.*"): forked,
}
_FILTERS: tuple[tuple[str, str, str, Values, Values], ...] = (
    ("a number comes as a text", "coerce", "filters.*.operation.value", tested(value=50), tested(value="50")),
    ("a number gets a fraction", "coerce", "filters.*.operation.value", tested(value=50), tested(value="50.0")),
    ("values have no order", "keyed", "filters.*.operation.values",
     tested(values=["A", "B"]), tested(values=["B", "A"])),
    ("a value comes as a number", "coerce", "filters.*.operation.values", tested(values=["7"]), tested(values=[7])),
    ("a truth comes as a text", "coerce", "filters.*.operation.includeObjectsWithNoValueSet",
     tested(includeObjectsWithNoValueSet=True), tested(includeObjectsWithNoValueSet="true")),
    ("the id of a list comes as a number", "coerce", "filters.*.listId",
     {"filterType": "IN_LIST", "listId": "12"}, {"filterType": "IN_LIST", "listId": 12}),
)  # fmt: skip
_MONDAY: Values = {"day": "MONDAY", "startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 0}}
_FRIDAY: Values = {**_MONDAY, "day": "FRIDAY"}
_MONDAY_OTHERWISE: Values = {
    "endTime": {"minute": 0, "hour": 17},
    "startTime": {"minute": 0, "hour": 9},
    "day": "MONDAY",
}
_CHRISTMAS: Values = {"month": "DECEMBER", "dayOfMonth": 25, "year": 2026}
_NEW_YEAR: Values = {"month": "JANUARY", "dayOfMonth": 1, "year": 2027}

REWRITES: tuple[Rewrite, ...] = (
    *(
        Rewrite(f"{name} at {place}", type_name, build(asked), build(answered), (member, f"{place}.{pattern}"))
        for (type_name, place), build in _BRANCHES.items()
        for name, member, pattern, asked, answered in _FILTERS
    ),
    Rewrite("options come in another order", PROPERTY,
            {"options": [{"value": "a", "displayOrder": 0}, {"value": "b", "displayOrder": 1}]},
            {"options": [{"value": "b", "displayOrder": 1}, {"value": "a", "displayOrder": 0}]},
            ("keyed", "options")),
    Rewrite("the place of an option comes as a text", PROPERTY, {"options": [{"value": "a", "displayOrder": 0}]},
            {"options": [{"value": "a", "displayOrder": "0"}]}, ("coerce", "options.*.displayOrder")),
    Rewrite("hidden is left out of an option", PROPERTY, {"options": [{"value": "a", "hidden": False}]},
            {"options": [{"value": "a"}]}, ("defaults", "options.*.hidden")),
    Rewrite("hidden is left out", PROPERTY, {"hidden": False}, {}, ("defaults", "hidden")),
    Rewrite("hidden comes as a text", PROPERTY, {"hidden": False}, {"hidden": "false"}, ("coerce", "hidden")),
    Rewrite("a description is escaped", PROPERTY, {"description": "A & B"}, {"description": "A &amp; B\r\n"},
            ("coerce", "description")),
    Rewrite("hidden is left out of an option of HubSpot's own", PROPERTY_OPTION, {"hidden": False}, {},
            ("defaults", "hidden")),
    Rewrite("stages come in another order", PIPELINE, {"stages": [{"stageId": "a"}, {"stageId": "b"}]},
            {"stages": [{"stageId": "b"}, {"stageId": "a"}]}, ("keyed", "stages")),
    Rewrite("the place of a stage comes as a text", PIPELINE, {"stages": [{"stageId": "a", "displayOrder": 0}]},
            {"stages": [{"stageId": "a", "displayOrder": "0"}]}, ("coerce", "stages.*.displayOrder")),
    Rewrite("a body becomes markup", WORKFLOW, action(body="Call & write.\nNow."),
            action(body="<p>Call &amp; write.</p>\n<p>Now.</p>"), ("coerce", "actions.*.fields.body")),
    Rewrite("minutes come as a number", WORKFLOW, action(delta="240"), action(delta=240),
            ("coerce", "actions.*.fields.delta")),
    Rewrite("a value comes as a number", WORKFLOW, action(value={"staticValue": "0"}), action(value={"staticValue": 0}),
            ("coerce", "actions.*.fields.value.staticValue")),
    Rewrite("an amount comes as a text", WORKFLOW, action(value={"incrementAmount": 1}),
            action(value={"incrementAmount": "1"}), ("coerce", "actions.*.fields.value.incrementAmount")),
    Rewrite("a truth comes as such", WORKFLOW, action(overwrite_current_owner="true"),
            action(overwrite_current_owner=True), ("coerce", "actions.*.fields.overwrite_current_owner")),
    Rewrite("people come in another order", WORKFLOW, action(user_ids=["1", "2"]), action(user_ids=["2", "1"]),
            ("keyed", "actions.*.fields.user_ids")),
    Rewrite("ids come as numbers", WORKFLOW, action(team_ids=["1"]), action(team_ids=[1]),
            ("coerce", "actions.*.fields.team_ids")),
    Rewrite("people are left out", WORKFLOW, action(subject="x", user_ids=["1"]), action(subject="x"),
            ("withheld", "actions.*.fields.user_ids")),
    Rewrite("actions come in another order", WORKFLOW,
            {"actions": [{"actionId": "1", "type": "A"}, {"actionId": "2", "type": "B"}]},
            {"actions": [{"actionId": "2", "type": "B"}, {"actionId": "1", "type": "A"}]}, ("keyed", "actions")),
    Rewrite("the version of an action comes as a text", WORKFLOW, {"actions": [{"actionId": "1", "actionTypeVersion": 0}]},
            {"actions": [{"actionId": "1", "actionTypeVersion": "0"}]}, ("coerce", "actions.*.actionTypeVersion")),
    Rewrite("the version of an action is left out", WORKFLOW, {"actions": [{"actionId": "1", "actionTypeVersion": 0}]},
            {"actions": [{"actionId": "1"}]}, ("defaults", "actions.*.actionTypeVersion")),
    Rewrite("the next action comes as a number", WORKFLOW, linked("connection", "2"), linked("connection", 2),
            ("coerce", "actions.*.connection.nextActionId")),
    Rewrite("the other way comes as a number", WORKFLOW, linked("defaultBranch", "2"), linked("defaultBranch", 2),
            ("coerce", "actions.*.defaultBranch.nextActionId")),
    Rewrite("the first action comes as a number", WORKFLOW, {"startActionId": "1"}, {"startActionId": 1},
            ("coerce", "startActionId")),
    Rewrite("windows come in another order", WORKFLOW, {"timeWindows": [_MONDAY, _FRIDAY]},
            {"timeWindows": [_FRIDAY, _MONDAY_OTHERWISE]}, ("keyed", "timeWindows")),
    Rewrite("holidays come in another order", WORKFLOW, {"blockedDates": [_CHRISTMAS, _NEW_YEAR]},
            {"blockedDates": [_NEW_YEAR, _CHRISTMAS]}, ("keyed", "blockedDates")),
    Rewrite("re-enrolment is left out", WORKFLOW, {"enrollmentCriteria": {"shouldReEnroll": False}},
            {"enrollmentCriteria": {}}, ("defaults", "enrollmentCriteria.shouldReEnroll")),
    Rewrite("leaving is left out", WORKFLOW, {"enrollmentCriteria": {"unEnrollObjectsNotMeetingCriteria": False}},
            {"enrollmentCriteria": {}}, ("defaults", "enrollmentCriteria.unEnrollObjectsNotMeetingCriteria")),
    Rewrite("switched on comes as a text", WORKFLOW, {"isEnabled": True}, {"isEnabled": "true"},
            ("coerce", "isEnabled")),
)  # fmt: skip


def differs(setting_type: SettingType, asked: Values, answered: Values) -> bool:
    address = Address(setting_type.name, "it")
    snapshot = Snapshot({address: Live(address, answered, managed=True)})
    return diff((Desired(address, asked),), snapshot, {setting_type.name: setting_type}) != ()


def without(setting_type: SettingType, member: str, pattern: str) -> SettingType:
    """Return the type without one of its rules."""
    rules = getattr(setting_type, member)
    left: Any = (
        {key: value for key, value in rules.items() if key != pattern}
        if isinstance(rules, Mapping)
        else rules - {pattern}
    )
    changed: dict[str, Any] = {member: left}
    return replace(setting_type, **changed)


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.name)
def test_what_hubspot_rewrites_is_no_difference(rewrite: Rewrite) -> None:
    assert not differs(TYPES[rewrite.type], rewrite.asked, rewrite.answered)


@pytest.mark.parametrize("rewrite", REWRITES, ids=lambda each: each.name)
def test_without_its_rule_it_would_be_one(rewrite: Rewrite) -> None:
    assert differs(without(TYPES[rewrite.type], *rewrite.rule), rewrite.asked, rewrite.answered)


def test_a_workflow_that_the_portal_answers_in_all_these_spellings_is_as_agreed() -> None:
    fork = Fork((Arm("a", ((property_filter("email", known(negated=False)),),), (End(),)),), (set_text("sla_x", "1"),))
    notice = Act("0-9", {"user_ids": [Ref(ANA)], "subject": "Hello", "body": "You & me."})
    enrolment = Enrolment(
        ((property_filter("email", known(negated=False)),),), (Trigger("email", known(negated=False)),)
    )
    values = workflow_values(FLOW.key, "It.", enrolment, (fork, notice))
    answered = resolve(values, {ANA: "7"}.get)
    assert isinstance(answered, Mapping)
    found = canonical_live({**answered, "unheardOf": 1}, TYPES[WORKFLOW])
    assert not list(differences(canonical_desired(values, TYPES[WORKFLOW]), found, {ANA: "7"}.get))
    assert list(differences(canonical_desired(values, TYPES[WORKFLOW]), found, {ANA: "8"}.get))


def raw_flow(**more: Any) -> dict[str, Any]:
    return {"id": 5, "name": FLOW.key, "isEnabled": True, "revisionId": "3", "updatedAt": "2026-10-01T00:00:00Z"} | more


def test_what_hubspot_counts_up_by_itself_is_not_read() -> None:
    before, after = (
        raw_flow(nextAvailableActionId="4"),
        raw_flow(revisionId="9", updatedAt="x", nextAvailableActionId="9"),
    )
    assert before != after
    assert wire.flow_values(before) == wire.flow_values(after)
    lists = [{"name": "n", "processingType": "DYNAMIC", "size": size, "listVersion": size} for size in (1, 2)]
    assert wire.segment_values(lists[0]) == wire.segment_values(lists[1])
    places = [{"label": "l", "displayOrder": order, "updatedAt": str(order)} for order in (-1, 7)]
    assert wire.property_values(places[0]) == wire.property_values(places[1])


@pytest.mark.parametrize("type_name", [SEGMENT, WORKFLOW])
def test_one_text_is_the_same_as_several_of_which_there_is_one(type_name: str) -> None:
    asked = branch(tested(operationType="MULTISTRING", operator="IS_EQUAL_TO", values=["A"]))
    answered = branch(tested(operationType="STRING", operator="IS_EQUAL_TO", value="A"))
    read = wire.segment_values if type_name == SEGMENT else wire.flow_values
    spoken = [{"filterBranch": each} for each in (asked, answered)]
    wanted, raw = spoken if type_name == SEGMENT else [in_a_fork(each) for each in spoken]
    assert not differs(TYPES[type_name], wanted, read(raw))
    assert differs(TYPES[type_name], wanted, raw)


def in_a_fork(arm: Values) -> Values:
    return {"actions": [{"actionId": "1", "listBranches": [arm]}]}


def test_the_triggers_of_a_workflow_are_read_as_they_are_asked_for() -> None:
    trigger = Trigger("email", {"operationType": "MULTISTRING", "operator": "IS_EQUAL_TO", "values": ["x"]})
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),), (trigger,))
    values = workflow_values(FLOW.key, "It.", enrolment, (set_text("sla_x", "1"),))
    assert not differs(TYPES[WORKFLOW], values, wire.flow_values(dict(values)))


@pytest.mark.parametrize(
    "kind", [{"operationType": "MULTISTRING", "values": ["email"]}, {"operationType": "STRING", "value": "email"}]
)
def test_the_property_of_a_trigger_is_one_text_however_it_is_answered(kind: dict[str, Value]) -> None:
    asked = again(
        {"filterType": "PROPERTY", "property": "hs_name", "operation": {"operationType": "STRING", "value": "email"}}
    )
    answered = again({"filterType": "PROPERTY", "property": "hs_name", "operation": kind})
    assert not differs(TYPES[WORKFLOW], asked, wire.flow_values(answered))
    assert differs(TYPES[WORKFLOW], asked, answered) is ("values" in kind)


def test_names_are_given_as_hubspot_keeps_them() -> None:
    assert property_name("SLA_", "Due_At") == "sla_due_at"


def told(answered: Values) -> tuple[int, list[str]]:
    """Return how many values drifted, and what could not be checked."""
    asked = Desired(FLOW, action(subject="x", user_ids=["1"]))
    snapshot = Snapshot({FLOW: Live(FLOW, answered, managed=True, handle="5")})
    manifest = Manifest("d", {FLOW: canonical_desired(asked.values, TYPES[WORKFLOW])})
    plan = make_plan(
        Translation((asked,)), snapshot, TYPES, target="t", agreement="x", agreement_digest="d", manifest=manifest
    )
    found = audit(plan, (asked,), snapshot, TYPES, manifest=manifest)
    return len(found.drifted), [each.what for each in found.unverifiable]


def test_people_that_an_answer_leaves_out_are_said_to_be_unknown_and_are_no_drift() -> None:
    assert told(action(subject="x")) == (0, [f"{FLOW} actions.1.fields.user_ids"])
    assert told(action(subject="x", user_ids=["1"])) == (0, [])


def test_people_that_an_answer_says_to_be_none_are_drift() -> None:
    assert told(action(subject="x", user_ids=[])) == (1, [])


def test_a_step_that_somebody_hangs_on_is_a_difference() -> None:
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    values = workflow_values(FLOW.key, "It.", enrolment, (set_text("sla_x", "1"),))
    live = workflow_values(FLOW.key, "It.", enrolment, (set_text("sla_x", "1"), set_text("sla_y", "2")))
    assert not differs(TYPES[WORKFLOW], values, values)
    assert differs(TYPES[WORKFLOW], values, live)
