"""Workflows as people read them: one line for each branch of their enrolment and for each action."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sla_sync.connector import Translation
from sla_sync.reconcile.manifest import plain
from sla_sync_hubspot.types import WORKFLOW


def outlined(translation: Translation) -> str:
    """Return all that is asked for by name, its workflows in outline, and the steps for people."""
    lines: list[str] = []
    for each in translation.desired:
        lines.append(str(each.address))
        if each.address.type == WORKFLOW:
            lines += [f"  {line}" for line in _workflow(plain(each.values))]
    lines += [f"by hand: {gap.id}" for gap in translation.gaps]
    return "\n".join(lines) + "\n"


def _workflow(values: Any) -> Iterator[str]:
    enrolment = values["enrollmentCriteria"]
    for row in _branches(enrolment["listFilterBranch"]):
        yield f"when {row}"
    again = [_test(each["filters"][0]["operation"]["value"], each["filters"][1]["operation"])
             for each in enrolment["reEnrollmentTriggersFilterBranches"]]  # fmt: skip
    if again:
        yield f"again at {' | '.join(again)}"
    if enrolment["unEnrollObjectsNotMeetingCriteria"]:
        yield "lets go"
    for action in values["actions"]:
        yield from _action(action)


def _action(action: Any) -> Iterator[str]:
    number = action["actionId"]
    if "fields" in action:
        yield f"{number} {action['actionTypeId']} {json.dumps(action['fields'], sort_keys=True)}{_to(action, 'connection')}"
        return
    yield f"{number} by {action.get('inputValue', {}).get('propertyName', 'branch')}{_to(action, 'defaultBranch')}"
    for arm in action.get("listBranches", ()):
        for row in _branches(arm["filterBranch"]):
            yield f"{number}   {arm['branchName']}: {row}{_to(arm, 'connection')}"
    for arm in action.get("staticBranches", ()):
        yield f"{number}   {arm['branchValue']}{_to(arm, 'connection')}"


def _to(holder: Any, member: str) -> str:
    link = holder.get(member)
    return f" -> {link['nextActionId']}" if link else ""


def _branches(root: Any) -> Iterator[str]:
    for branch in root["filterBranches"]:
        yield " & ".join(_test(each.get("property", "list"), each.get("operation", each)) for each in branch["filters"])


def _test(name: str, operation: Any) -> str:
    said = operation.get("values", operation.get("value", ""))
    point = operation.get("timePoint", {})
    when = [point[each] for each in ("year", "month", "day", "offset") if each in point]
    empty = " or empty" if operation.get("includeObjectsWithNoValueSet") else ""
    return f"{name} {operation['operator']} {json.dumps(when or said)}{empty}"
