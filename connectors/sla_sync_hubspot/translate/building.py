"""Workflows put together from steps: what is done one after another, and where the way forks by what a contact holds.

`lay_out` numbers the steps and links them. The arms of a fork meet again at the step after it, unless one ends there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from sla_sync.connector import Ref, Value, Values
from sla_sync_hubspot.names import OBJECT_TYPE_IDS
from sla_sync_hubspot.translate.filters import Branches, filter_branch

SET_PROPERTY, DELAY, DELAY_UNTIL, ROTATE, NOTIFY = "0-5", "0-1", "0-35", "0-11", "0-9"
"""Types of actions (HubSpot, "Workflow action types"; recorded workflows)."""
RUNTIME = "NODE20X"
"""What runs code of ours (published description of the workflows API)."""


@dataclass(frozen=True, slots=True)
class Act:
    """One action: the id of its type and its fields."""

    kind: str
    fields: Values


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of a fork: taken where one of the branches holds, by the contacts that took none before it."""

    name: str
    when: Branches
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Fork:
    """The way of a contact depends on what it holds: the first arm that fits, else `otherwise`."""

    arms: tuple[Arm, ...]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Switch:
    """The way depends on the very value of one property."""

    property: str
    arms: Mapping[str, tuple[Step, ...]]
    otherwise: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Code:
    """Code of ours that HubSpot runs, and the names of the secrets that it is given."""

    source: str
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class End:
    """The way of a contact ends here."""


Step: TypeAlias = Act | Code | Fork | Switch | End


@dataclass(frozen=True, slots=True)
class Trigger:
    """What enrols a contact again: `property` comes to pass `test`, an operation of a filter; with IS_KNOWN each new value."""

    property: str
    test: Values


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Who is enrolled: whoever comes to meet `when`; again at a trigger, if it still holds. `lets_go` of who no longer does."""

    when: Branches
    again: tuple[Trigger, ...] = ()
    lets_go: bool = False


def set_text(name: str, text: str) -> Act:
    """Return the action that writes a text, a number, `true` or the value of an option."""
    return _set(name, {"type": "STATIC_VALUE", "staticValue": text})


def set_reference(name: str, ref: Ref) -> Act:
    """Return the action that writes the id of what the portal has, such as an owner."""
    return _set(name, {"type": "STATIC_VALUE", "staticValue": ref})


def set_now(name: str) -> Act:
    """Return the action that writes the present instant."""
    return _set(name, {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"})


def copy(source: str, name: str) -> Act:
    """Return the action that copies one property of the enrolled record into another of its own."""
    return _set(name, {"type": "OBJECT_PROPERTY", "propertyName": source})


def count_up(name: str, by: int = 1) -> Act:
    """Return the action that adds to a number; one without a value counts from 0."""
    return _set(name, {"type": "INCREMENT", "incrementAmount": by})


def wait_until(name: str, minutes: int = 0) -> Act:
    """Return the delay until so many minutes after the instant in a property; it is over at once where that has passed."""
    # Inferred: that minutes can be added; recorded workflows add days.
    date: Values = {"type": "OBJECT_PROPERTY", "propertyName": name}
    return Act(DELAY_UNTIL, {"date": date, "delta": str(minutes), "time_unit": "MINUTES"})


def wait(minutes: int) -> Act:
    """Return the delay of so many minutes of calendar time."""
    return Act(DELAY, {"delta": str(minutes), "time_unit": "MINUTES"})


def _set(name: str, value: Values) -> Act:
    return Act(SET_PROPERTY, {"property_name": name, "value": value})


def workflow_values(
    name: str, description: str, enrolment: Enrolment, steps: Sequence[Step], *, owner: str = "contacts"
) -> dict[str, Value]:
    """Return a whole workflow of records of `owner`, as the API takes it, switched on."""
    layout = _Layout()
    start = layout.place(tuple(steps), None)
    return {
        "name": name,
        "description": description,
        "type": "CONTACT_FLOW" if owner == "contacts" else "PLATFORM_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": OBJECT_TYPE_IDS[owner],
        "isEnabled": True,
        **({"startActionId": start} if start else {}),
        "actions": layout.in_order(),
        "enrollmentCriteria": {
            "type": "LIST_BASED",
            "shouldReEnroll": bool(enrolment.again),
            "unEnrollObjectsNotMeetingCriteria": enrolment.lets_go,
            "reEnrollmentTriggersFilterBranches": [_trigger(each) for each in enrolment.again],
            "listFilterBranch": filter_branch(enrolment.when),
        },
    }


def _trigger(trigger: Trigger) -> Values:
    named: Values = {
        "operationType": "STRING",
        "operator": "IS_EQUAL_TO",
        "value": trigger.property,
        "includeObjectsWithNoValueSet": False,
    }
    return {
        "filterBranchType": "AND",
        "filterBranchOperator": "AND",
        "filterBranches": [],
        "filters": [
            {"filterType": "PROPERTY", "property": "hs_name", "operation": named},
            {"filterType": "PROPERTY", "property": "hs_value", "operation": trigger.test},
        ],
    }


@dataclass
class _Layout:
    """The actions of one workflow as they are numbered; ids count in the order in which people read the steps."""

    actions: list[dict[str, Value]] = field(default_factory=list)
    last: int = 0

    def in_order(self) -> list[Value]:
        """Return the actions by their ids."""
        return [*sorted(self.actions, key=lambda each: int(str(each["actionId"])))]

    def place(self, steps: tuple[Step, ...], then: str | None) -> str | None:
        """Place steps and return the id of the first, or `then` where there is none. `then` follows the last of them."""
        if not steps:
            return then
        ids = [self._number() if not isinstance(each, End) else None for each in steps]
        for step, own, following in zip(steps, ids, [*ids[1:], then], strict=True):
            if own is None:
                break
            self._put(step, own, following)
        return ids[0]

    def _number(self) -> str:
        self.last += 1
        return str(self.last)

    def _put(self, step: Step, own: str, then: str | None) -> None:
        match step:
            case Act():
                action: dict[str, Value] = {
                    "actionId": own, "actionTypeId": step.kind, "actionTypeVersion": 0, "type": "SINGLE_CONNECTION",
                    "fields": step.fields,
                }  # fmt: skip
                self.actions.append({**action, **_link("connection", then)})
            case Code():
                # Recorded workflows and the published description have these members, and no id of a type.
                code: dict[str, Value] = {
                    "actionId": own, "type": "CUSTOM_CODE", "runtime": RUNTIME, "sourceCode": step.source,
                    "secretNames": [*step.secrets], "inputFields": [], "outputFields": [],
                }  # fmt: skip
                self.actions.append({**code, **_link("connection", then)})
            case Fork():
                arms: list[Value] = [
                    {
                        "branchName": arm.name,
                        "filterBranch": filter_branch(arm.when),
                        **_link("connection", self.place(arm.steps, then)),
                    }
                    for arm in step.arms
                ]
                other = _link("defaultBranch", self.place(step.otherwise, then))
                self.actions.append({"actionId": own, "type": "LIST_BRANCH", "listBranches": arms, **other})
            case Switch():
                ways: list[Value] = [
                    {"branchValue": value, **_link("connection", self.place(steps, then))}
                    for value, steps in step.arms.items()
                ]
                other = _link("defaultBranch", self.place(step.otherwise, then))
                value: Values = {"type": "OBJECT_PROPERTY", "propertyName": step.property}
                self.actions.append(
                    {"actionId": own, "type": "STATIC_BRANCH", "inputValue": value, "staticBranches": ways, **other}
                )
            case End():
                pass


def _link(member: str, target: str | None) -> dict[str, Value]:
    # None asks for the absence of a link, so that a step which somebody hangs on is seen; it is never sent.
    return {member: {"edgeType": "STANDARD", "nextActionId": target} if target else None}
