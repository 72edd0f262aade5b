"""One deployment: a package carried out on a copy of the org, which takes the place of the org only when all went well."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sla_sync_salesforce.simulator.catalogue import DEPLOY_ORDER, TYPES
from sla_sync_salesforce.simulator.dependents import dependents, remove
from sla_sync_salesforce.simulator.kinds import flow
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.kinds.table import KINDS, display
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.package import MANIFEST, Complaint, Package
from sla_sync_salesforce.simulator.problems import Problem, not_implemented


@dataclass
class Result:
    """What became of a package. `organization` is the org as it would be, or is, afterwards."""

    organization: Organization
    messages: list[dict[str, Any]] = field(default_factory=list)
    changes: int = 0

    @property
    def failures(self) -> list[dict[str, Any]]:
        """The messages that keep the deployment from succeeding."""
        return [each for each in self.messages if not each["success"]]


def carry_out(
    package: Package, organization: Organization, user: str, switches: Switches, *, ignore_warnings: bool
) -> Result:
    """Return what a package would make of an org; the org itself is left as it is."""
    draft = copy.deepcopy(organization)
    result = Result(draft)
    complaints = list(package.complaints)
    complaints += _remove_all(package, draft, user, result, after=False)
    for type_name in DEPLOY_ORDER:
        incoming = [each for each in package.components if each.type == type_name]
        complaints += _save_all(incoming, draft, user, switches, result)
    complaints += _remove_all(package, draft, user, result, after=True)
    for complaint in complaints:
        result.messages.append(_failure(complaint, package, draft, ignore_warnings=ignore_warnings))
    for name in package.wrappers:
        if name in package.manifest.get("CustomObject", []) and not any(each.full_name == name for each in complaints):
            file = f"{package.prefix}{TYPES['CustomObject'].folder}/{name}.{TYPES['CustomObject'].suffix}"
            result.messages.append(_success("CustomObject", name, file, draft))
    if not complaints:
        result.messages.append(_success("", MANIFEST, f"{package.prefix}{MANIFEST}", draft))
    _add_prefix(result.messages, package.prefix)
    return result


def _add_prefix(messages: list[dict[str, Any]], prefix: str) -> None:
    for each in messages:
        if prefix and not each["fileName"].startswith(prefix):
            each["fileName"] = prefix + each["fileName"]


def _save_all(
    incoming: list[Incoming], draft: Organization, user: str, switches: Switches, result: Result
) -> list[Complaint]:
    """Save the components of one type, then check them; those that fail are taken back, and the rest is checked again."""
    complaints: list[Complaint] = []
    before = {each.full_name: copy.deepcopy(draft.of(each.type).get(each.full_name)) for each in incoming}
    waiting = list(incoming)
    for each in waiting:
        _stage(each, before[each.full_name], draft, user, switches)
    while True:
        failed = []
        for each in waiting:
            problems = [Problem(text, each.line, each.column) for text in _check(each, draft, before[each.full_name])]
            if problems:
                failed.append(each)
                complaints += [Complaint(each.type, each.full_name, each.file, problem) for problem in problems]
        if not failed:
            break
        for each in failed:
            waiting.remove(each)
            _unstage(each, before[each.full_name], draft)
    for each in waiting:
        _commit(each, before[each.full_name], draft, user, switches, result)
    return complaints


def _check(incoming: Incoming, draft: Organization, before: Component | None) -> Iterator[str]:
    yield from KINDS[incoming.type].check(incoming, draft, before)


def _stage(incoming: Incoming, before: Component | None, draft: Organization, user: str, switches: Switches) -> None:
    """Put what references look at into the draft, so that components of one type may refer to one another."""
    if incoming.type in ("Flow", "FlowDefinition"):
        return
    values = KINDS[incoming.type].settle(incoming, before, switches)
    # Inferred: a text that is set to nothing is kept as not set.
    values = {key: value for key, value in values.items() if value != ""}
    now = draft.instant
    content = None if incoming.content is None else base64.b64encode(incoming.content).decode("ascii")
    if before is None:
        staged = Component("", values, user, now, user, now, content)
    else:
        staged = Component(before.id, values, before.created_by, before.created_at, user, now, content)
    draft.of(incoming.type)[incoming.full_name] = staged


def _unstage(incoming: Incoming, before: Component | None, draft: Organization) -> None:
    if incoming.type in ("Flow", "FlowDefinition"):
        return
    if before is None:
        del draft.of(incoming.type)[incoming.full_name]
    else:
        draft.of(incoming.type)[incoming.full_name] = before


def _commit(
    incoming: Incoming, before: Component | None, draft: Organization, user: str, switches: Switches, result: Result
) -> None:
    """Give a component that passed its id and date, and say what became of it."""
    if incoming.type == "FlowDefinition":
        component, changed = _choose_version(incoming, draft, user)
    elif incoming.type == "Flow":
        component, changed = _save_flow(incoming, before, draft, user, switches)
    else:
        component = draft.of(incoming.type)[incoming.full_name]
        changed = before is None or (component.values, component.content) != (before.values, before.content)
        if before is None:
            component.id = draft.new_id(incoming.type if incoming.type != "StandardValueSet" else "LeadStatus")
        elif not changed:
            # Inferred: what is deployed unchanged keeps its author and date.
            draft.of(incoming.type)[incoming.full_name] = component = before
    created = before is None and incoming.type != "FlowDefinition"
    if changed:
        result.changes += 1
        row = KINDS[incoming.type]
        verb, done = ("created", "Created") if created else ("changed", "Changed")
        text = f"{done} {display(incoming.type, incoming.full_name, component.values)}"
        draft.note(f"{verb}{row.action}", row.section, text, user)
    message = _success(incoming.type, incoming.full_name, incoming.file, draft)
    result.messages.append({**message, "id": component.id, "created": created, "changed": changed})


def _save_flow(
    incoming: Incoming, before: Component | None, draft: Organization, user: str, switches: Switches
) -> tuple[Component, bool]:
    values = flow.settle(incoming, before, switches)
    component = draft.of("Flow").get(incoming.full_name)
    if component is None:
        now = draft.instant
        component = Component(draft.new_id("FlowDefinition"), values, user, now, user, now)
        draft.of("Flow")[incoming.full_name] = component
    flow.add_version(component, values, draft, user, switches)
    changed = before is None or (component.versions, component.active) != (before.versions, before.active)
    if changed:
        component.changed_by, component.changed_at = user, draft.instant
    return component, changed


def _choose_version(incoming: Incoming, draft: Organization, user: str) -> tuple[Component, bool]:
    component = draft.of("Flow")[incoming.full_name]
    number = int(incoming.values.get("activeVersionNumber", "0"))
    changed = component.active != number
    flow.activate(component, number)
    if changed:
        component.changed_by, component.changed_at = user, draft.instant
    return component, changed


def _remove_all(package: Package, draft: Organization, user: str, result: Result, *, after: bool) -> list[Complaint]:
    complaints = []
    order = (*reversed(DEPLOY_ORDER), "CustomObject")
    removals = [each for each in package.removals if each[3] == after]
    for type_name, full_name, file, _ in sorted(removals, key=lambda each: order.index(each[0])):
        kept_as = "ReportFolder" if type_name == "Report" and "/" not in full_name else type_name
        leaving = [each[1] for each in removals if each[0] == type_name]
        problem = _remove_one(kept_as, full_name, draft, user, leaving)
        if problem is not None:
            complaints.append(Complaint(kept_as, full_name, file, problem))
        else:
            result.changes += 1
            result.messages.append({**_success(kept_as, full_name, file, draft), "deleted": True, "changed": True})
    return complaints


def _remove_one(type_name: str, full_name: str, draft: Organization, user: str, leaving: list[str]) -> Problem | None:
    if type_name in ("CustomObject", "FlowDefinition", "StandardValueSet"):
        return not_implemented(f"Deleting a component of type {type_name}")
    if type_name == "Flow" and full_name.rpartition("-")[2].isdigit():
        return _remove_version(full_name, draft)
    component = draft.of(type_name).get(full_name)
    if component is None:
        return Problem(f"No {type_name} named: {full_name} found", warning=True)
    keeping = next(dependents(draft, type_name, full_name, leaving), None)
    if keeping is not None:
        return Problem(keeping)
    row = KINDS[type_name]
    draft.note(f"deleted{row.action}", row.section, f"Deleted {display(type_name, full_name, component.values)}", user)
    remove(draft, type_name, full_name)
    return None


def _remove_version(full_name: str, draft: Organization) -> Problem | None:
    name, _, number = full_name.rpartition("-")
    component = draft.of("Flow").get(name)
    version = next((each for each in component.versions if each.number == int(number)), None) if component else None
    if component is None or version is None:
        return Problem(f"No Flow named: {full_name} found", warning=True)
    if component.active == version.number:
        return Problem("insufficient access rights on cross-reference id")
    component.versions.remove(version)
    if component.versions:
        flow.mark_statuses(component)
    else:
        del draft.of("Flow")[name]
    return None


def _success(type_name: str, full_name: str, file: str, draft: Organization) -> dict[str, Any]:
    return {
        "changed": False,
        "componentType": type_name,
        "created": False,
        "createdDate": draft.instant,
        "deleted": False,
        "fileName": file,
        "fullName": full_name,
        "success": True,
    }


def _failure(complaint: Complaint, package: Package, draft: Organization, *, ignore_warnings: bool) -> dict[str, Any]:
    problem = complaint.problem
    return {
        **_success(complaint.type, complaint.full_name, f"{package.prefix}{complaint.file}", draft),
        "columnNumber": problem.column,
        "lineNumber": problem.line,
        "problem": problem.message,
        "problemType": "Warning" if problem.warning else "Error",
        # Documented: a warning fails a deployment unless ignoreWarnings is true.
        "success": problem.warning and ignore_warnings,
    }
