"""One deployment: a package carried out on a copy of the org, which takes the place of the org only when all went well."""

from __future__ import annotations

import base64
import copy
import dataclasses
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sla_sync_salesforce.simulator.fields import METADATA, fields_of
from sla_sync_salesforce.simulator.kinds import flow
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.kinds.table import KINDS, display
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.packages.catalogue import DEPLOY_ORDER, FOLDER_TYPES, GATHERED, TYPES
from sla_sync_salesforce.simulator.packages.dependents import dependents
from sla_sync_salesforce.simulator.packages.package import MANIFEST, Complaint, Package
from sla_sync_salesforce.simulator.packages.removal import remove
from sla_sync_salesforce.simulator.problems import Problem, not_implemented
from sla_sync_salesforce.simulator.standard_fields import standard_objects
from sla_sync_salesforce.simulator.store import Store

_NOT_DELETED = (*GATHERED, "FlowDefinition", "LeadConvertSettings", "Settings", "StandardValueSet")


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
    draft = _draft_of(organization)
    result = Result(draft)
    complaints = list(package.complaints)
    complaints += _remove_all(package, draft, user, result, after=False)
    for incoming in _in_order(package.components):
        complaints += _save_all(incoming, draft, user, switches, result)
    complaints += _remove_all(package, draft, user, result, after=True)
    for complaint in complaints:
        result.messages.append(_failure(complaint, package, draft, ignore_warnings=ignore_warnings))
    for type_name, name in package.wrappers:
        told = any((each["componentType"], each["fullName"]) == (type_name, name) for each in result.messages)
        if name in package.manifest.get(type_name, []) and not told:
            result.messages.append(_whole(type_name, name, package, draft))
    if not result.failures and not complaints:
        result.messages.append(_success("", MANIFEST, f"{package.prefix}{MANIFEST}", draft))
    _add_prefix(result.messages, package.prefix)
    return result


def _draft_of(organization: Organization) -> Organization:
    """Return a copy of an org that may be changed; rows are never changed in place, so only their tables are copied."""
    store = copy.copy(organization.store)
    store.rows = {name: dict(rows) for name, rows in store.rows.items()}
    store.history, store.journal = list(store.history), list(store.journal)
    store.numbers, store.prefixes, store.derived = dict(store.numbers), dict(store.prefixes), set(store.derived)
    waiting = {identity: each for identity, each in organization.deploys.items() if not each.is_over}
    bare = dataclasses.replace(organization, store=Store(), deploys=waiting)
    # Several times as fast as `copy.deepcopy`, and what an org holds are plain values.
    twin: Organization = pickle.loads(pickle.dumps(bare, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - made here
    deploys = {identity: twin.deploys.get(identity, each) for identity, each in organization.deploys.items()}
    return dataclasses.replace(twin, store=store, deploys=deploys)


def _in_order(components: Sequence[Incoming]) -> Iterator[list[Incoming]]:
    """Yield components in groups that are saved one after the other, so that what others refer to comes first."""
    early = [each for each in components if each.type == "CustomField" and each.object_name.endswith(METADATA)]
    for type_name in DEPLOY_ORDER:
        if type_name == "CustomMetadata":
            yield early
        yield [each for each in components if each.type == type_name and each not in early]


def _whole(type_name: str, name: str, package: Package, draft: Organization) -> dict[str, Any]:
    """Return what became of a file that only holds others; a custom object without a definition must be there."""
    file = f"{package.prefix}{TYPES[type_name].folder}/{name}.{TYPES[type_name].suffix}"
    message = _success(type_name, name, file, draft)
    missing = type_name == "CustomObject" and not fields_of(draft, name)
    if missing:
        problem = Problem("Must specify a non-empty label for the CustomObject")
        return _failure(Complaint(type_name, name, file, problem), package, draft, ignore_warnings=False)
    return message


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
    together = KINDS[incoming[0].type].together if incoming else None
    for each, text in together(incoming, draft) if together else ():
        waiting.remove(each)
        complaints.append(Complaint(each.type, each.full_name, each.file, Problem(text, each.line, each.column)))
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
        keep = KINDS[incoming.type].keep
        also = keep(incoming, component, draft, user, switches) if keep else False
        changed = changed or also
        if before is not None and not changed:
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
    order = (*reversed(DEPLOY_ORDER), *GATHERED)
    removals = [each for each in package.removals if each[3] == after]
    for type_name, full_name, file, _ in sorted(removals, key=lambda each: order.index(each[0])):
        kept_as = FOLDER_TYPES[type_name] if type_name in FOLDER_TYPES and "/" not in full_name else type_name
        leaving = [f"{each[0]}:{each[1]}" for each in removals]
        problem = _remove_one(kept_as, full_name, draft, user, leaving)
        if problem is not None:
            complaints.append(Complaint(kept_as, full_name, file, problem))
        else:
            result.changes += 1
            result.messages.append({**_success(kept_as, full_name, file, draft), "deleted": True, "changed": True})
    return complaints


def _remove_one(type_name: str, full_name: str, draft: Organization, user: str, leaving: list[str]) -> Problem | None:
    if type_name in _NOT_DELETED or (type_name == "CustomObject" and full_name in standard_objects()):
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


def failure(type_name: str, full_name: str, file: str, problem: str, organization: Organization) -> dict[str, Any]:
    """Return the message of something that fails a deployment and is no component's fault."""
    text = {"columnNumber": 1, "lineNumber": 1, "problem": problem, "problemType": "Error", "success": False}
    return {**_success(type_name, full_name, file, organization), **text}


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
