"""Record-triggered flows: names, connectors, triggers, and what a flow before save must not do.

Inferred: the rules follow "Flow" of the Metadata API guide and "Record-Triggered Flow Considerations"; the platform wraps
each complaint in the words `field integrity exception: unknown (…)`, and what stands inside is said here in our words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of, find_field
from sla_sync_salesforce.simulator.kinds.flow_references import Scope, check_references, scope_of
from sla_sync_salesforce.simulator.kinds.flow_running import not_run
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, FlowVersion, Organization, Switches

NODES = (
    "actionCalls",
    "assignments",
    "decisions",
    "loops",
    "recordCreates",
    "recordDeletes",
    "recordLookups",
    "recordUpdates",
)
RESOURCES = ("constants", "formulas", "textTemplates", "variables")
_ATTRIBUTES = frozenset(
    "fullName apiVersion areMetricsLoggedToDataCloud description environments interviewLabel label processMetadataValues"
    " processType runInMode start startElementReference status timeZoneSidKey triggerOrder isTemplate".split()
)
_NOT_BEFORE_SAVE = ("actionCalls", "recordCreates", "recordDeletes")
_NAME_LIMIT, _LABEL_LIMIT, _DESCRIPTION_LIMIT, _VERSIONS_LIMIT = 80, 255, 1000, 50
_RECORD_TRIGGERS = ("RecordBeforeSave", "RecordAfterSave", "RecordBeforeDelete")
_ACTIONS = ("apex", "customNotificationAction", "emailSimple")
_APEX_CLASS = "SlaDeadline"
_LOGIC_WORDS = ("AND", "OR", "NOT", "(", ")")
_NUMBERED = re.compile(r"\d+|[A-Za-z]+|\S")
_OLDEST, _NEWEST = 1.0, 63.0


def check(incoming: Incoming, organization: Organization, before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a flow."""
    values = incoming.values
    yield from wrong_name("Flow API Name", incoming.full_name, limit=_NAME_LIMIT)
    for member in sorted(values.keys() - _ATTRIBUTES - {*NODES, *RESOURCES}):
        yield f"'{member}' of a flow is not implemented by this simulator"
    for member, limit in (("label", _LABEL_LIMIT), ("description", _DESCRIPTION_LIMIT)):
        yield from too_long(member, values.get(member, ""), limit)
    if before is not None and len(before.versions) >= _VERSIONS_LIMIT and is_new_version(values, before):
        yield f"You have reached the maximum number of versions of a flow: {_VERSIONS_LIMIT}"
    if not values.get("label", "").strip():
        yield "Required field is missing: label"
    if not _OLDEST <= float(values.get("apiVersion", _NEWEST)) <= _NEWEST:
        yield _wrapped(f"The API version {values['apiVersion']} of the flow is not valid")
    if values.get("status") in ("Obsolete", "InvalidDraft"):
        yield _wrapped(f"A flow cannot be deployed with the status {values['status']}")
    if values.get("processType") != "AutoLaunchedFlow":
        yield f"A flow of the process type {values.get('processType', '(none)')} is not implemented by this simulator"
        return
    start = values.get("start")
    if start is None or start.get("triggerType") not in _RECORD_TRIGGERS:
        yield "A flow without a record trigger is not implemented by this simulator"
        return
    yield from _actions(values)
    yield from not_run(values)
    trouble = [
        *_names(values),
        *_start(start, organization),
        *_connectors(values),
        *_before_save(values),
        *_logic(values),
    ]
    yield from map(_wrapped, trouble)
    if fields_of(organization, start.get("object", "")):
        scope: Scope = scope_of(values, organization)
        yield from map(_wrapped, check_references(values, scope, organization))


def _wrapped(complaint: str) -> str:
    return f"field integrity exception: unknown ({complaint}.)"


def elements(values: Values) -> Iterator[tuple[str, Values]]:
    """Yield every node and resource of a flow with the member it stands in."""
    for member in (*NODES, *RESOURCES):
        for each in values.get(member, []):
            yield member, each


def _names(values: Values) -> Iterator[str]:
    for member in NODES:
        for each in values.get(member, []):
            if not each.get("label", "").strip():
                yield f"The element {each.get('name', '')} has no label"
    named = [each for _, each in elements(values)]
    named += [rule for decision in values.get("decisions", []) for rule in decision.get("rules", [])]
    named += [path for path in values.get("start", {}).get("scheduledPaths", []) if "name" in path]
    seen: set[str] = set()
    for each in named:
        name = each.get("name", "")
        yield from wrong_name("Element API Name", name, limit=_NAME_LIMIT)
        if name in seen:
            yield f"The API name {name} is used more than once"
        seen.add(name)


def _start(start: Values, organization: Organization) -> Iterator[str]:
    object_name = start.get("object", "")
    if not object_name:
        yield "The start element needs an object"
    elif not fields_of(organization, object_name):
        yield f"The object {object_name} does not exist"
    if start.get("recordTriggerType", "None") == "None":
        yield "The start element needs a recordTriggerType"
    if (start.get("recordTriggerType") == "Delete") != (start.get("triggerType") == "RecordBeforeDelete"):
        yield "The start element has a triggerType that doesn't go with its recordTriggerType"
    paths = start.get("scheduledPaths", [])
    if "connector" not in start and not paths:
        yield "The flow can't run because nothing is connected to the Start element"
    changed = start.get("doesRequireRecordChangedToMeetCriteria") == "true"
    if changed and "filters" not in start and "filterFormula" not in start:
        yield "The start element asks for a change that meets its conditions, and has no conditions"
    if changed and start.get("recordTriggerType") == "Create":
        yield "The start element asks for a change, and the flow runs only when a record is created"
    if paths and start.get("triggerType") != "RecordAfterSave":
        yield "Scheduled paths are for flows that run after the record is saved"
    for path in paths:
        yield from _path(path, object_name, organization)


def _path(path: Values, object_name: str, organization: Organization) -> Iterator[str]:
    name = path.get("name", path.get("pathType", ""))
    if path.get("pathType") == "AsyncAfterCommit":
        return
    if not {"offsetNumber", "offsetUnit", "timeSource"} <= path.keys():
        yield f"The scheduled path {name} needs offsetNumber, offsetUnit and timeSource"
    if path.get("timeSource") == "RecordField":
        shape = find_field(organization, object_name, path.get("recordField", ""))
        if shape is None or shape.type not in ("Date", "DateTime"):
            yield f"The scheduled path {name} needs a date field, and {path.get('recordField', '(none)')} is none"
    if not 1 <= int(path.get("maxBatchSize", "200")) <= 200:  # noqa: PLR2004 - the documented range
        yield f"The scheduled path {name} has a maxBatchSize of {path['maxBatchSize']}; 1 to 200 are allowed"


def targets_in(value: Any) -> Iterator[str]:
    """Yield every element that a connector inside this value leads to."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key.lower().endswith("connector"):
                yield each.get("targetReference", "")
            else:
                yield from targets_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from targets_in(each)


def _connectors(values: Values) -> Iterator[str]:
    nodes = {each.get("name") for member in NODES for each in values.get(member, [])}
    for target in targets_in(values):
        if target not in nodes:
            yield f"The element {target or '(none)'}, to which a connector leads, does not exist"


def _before_save(values: Values) -> Iterator[str]:
    if values["start"].get("triggerType") != "RecordBeforeSave":
        return
    for member in _NOT_BEFORE_SAVE:
        for each in values.get(member, []):
            yield f"The element {each.get('name', '')} ({member}) isn't allowed in a flow that runs before the record is saved"
    for each in values.get("recordUpdates", []):
        if each.get("inputReference") != "$Record":
            yield f"The element {each.get('name', '')} updates another record, which a flow before save may not do"


def _logic(values: Values) -> Iterator[str]:
    conditioned = [("start", values["start"], "filterLogic", "filters")]
    conditioned += [
        (rule.get("name", ""), rule, "conditionLogic", "conditions")
        for decision in values.get("decisions", [])
        for rule in decision.get("rules", [])
    ]
    conditioned += [
        (each.get("name", ""), each, "filterLogic", "filters")
        for member in ("recordLookups", "recordUpdates", "recordDeletes")
        for each in values.get(member, [])
    ]
    for name, holder, logic_member, list_member in conditioned:
        logic, count = holder.get(logic_member), len(holder.get(list_member, []))
        if list_member == "conditions" and not count:
            yield f"The outcome {name} has no conditions"
        if logic is None or logic.lower() in ("and", "or"):
            continue
        words = _NUMBERED.findall(logic)
        numbers = {int(word) for word in words if word.isdigit()}
        odd = [word for word in words if not word.isdigit() and word.upper() not in _LOGIC_WORDS]
        if odd or numbers != set(range(1, count + 1)):
            yield f"The condition logic '{logic}' of {name} does not fit its {count} conditions"
    for decision in values.get("decisions", []):
        if not decision.get("rules"):
            yield f"The decision {decision.get('name', '')} has no outcome"


def _actions(values: Values) -> Iterator[str]:
    for action in values.get("actionCalls", []):
        kind = action.get("actionType", "(none)")
        if kind not in _ACTIONS:
            yield f"The action type {kind} of {action.get('name', '')} is not implemented by this simulator"
        elif kind == "apex" and action.get("actionName") != _APEX_CLASS:
            name = action.get("actionName", "(none)")
            yield f"The class {name}, which {action.get('name', '')} calls, is not implemented by this simulator"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the version as the platform keeps it. Inferred: the defaults that it writes in."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("apiVersion", "63.0")
    values.setdefault("environments", ["Default"])
    values.setdefault("status", "Draft")
    values["recordLookups"] = [
        {"assignNullValuesIfNoRecordsFound": "false", **each} for each in values.get("recordLookups", [])
    ]
    return {key: value for key, value in values.items() if value != []}


def is_new_version(values: Values, before: Component) -> bool:
    """Return whether a flow differs from its latest version in more than its status."""
    return _content(values) != _content(before.versions[-1].values)


def _content(values: Values) -> Values:
    return {key: value for key, value in values.items() if key not in ("status", "fullName")}


def add_version(
    component: Component, values: Values, organization: Organization, user: str, switches: Switches
) -> None:
    """Keep a deployed flow: as a new version where it differs from the latest, and active where it says so."""
    # Inferred: an unchanged flow mints no version; its status is taken over.
    if not component.versions or is_new_version(values, component):
        number = component.versions[-1].number + 1 if component.versions else 1
        version = FlowVersion(number, organization.new_id("Flow"), values, user, organization.instant)
        component.versions.append(version)
    latest = component.versions[-1]
    if values["status"] == "Active" and switches.activate_flows:
        activate(component, latest.number)
    elif component.active == latest.number:
        activate(component, 0)
    else:
        mark_statuses(component)


def activate(component: Component, number: int) -> None:
    """Make one version the active one, or none where `number` is 0."""
    component.active = number
    mark_statuses(component)


def mark_statuses(component: Component) -> None:
    """Write into each version whether it is active; a version that was is obsolete."""
    for version in component.versions:
        was = version.values["status"]
        if version.number == component.active:
            status = "Active"
        else:
            status = "Obsolete" if was in ("Active", "Obsolete") and component.active else "Draft"
        version.values = {**version.values, "status": status}
    component.values = component.versions[-1].values


def version_to_retrieve(component: Component, switches: Switches) -> FlowVersion:
    """Return the version that a retrieve brings. Inferred: the active one, else the latest (a switch)."""
    if switches.retrieve_active_flow and component.active:
        return next(each for each in component.versions if each.number == component.active)
    return component.versions[-1]


def check_definition(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a flow definition, which only chooses the active version."""
    for member in sorted(incoming.values.keys() - {"fullName", "activeVersionNumber"}):
        yield f"'{member}' of a flow definition is not implemented by this simulator"
    flow = organization.of("Flow").get(incoming.full_name)
    number = int(incoming.values.get("activeVersionNumber", "0"))
    if flow is None:
        yield f"No flow named {incoming.full_name} found"
    elif number and number not in {each.number for each in flow.versions}:
        yield f"The flow {incoming.full_name} has no version {number}"
