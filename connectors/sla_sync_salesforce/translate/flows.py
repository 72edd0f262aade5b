"""Flows as plain values: each element is a `Part`, and `flow` brings parts together under the members of the schema.

Every function is pure and returns what the XML would hold. A value on the right of a condition, of a filter or of an
assignment is given as it is (text, number, true or false), as `ref("Name")` where it is another element, or as `at(…)`
where it is an instant. `to` names the element that follows; None ends the flow there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from sla_sync.connector import Address, Aspect, Desired, KeyPath, Value, describe
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, prefix_of, shorten
from sla_sync_salesforce.names import words as read_aloud

FLOW_API_VERSION = 63.0
NODE_LIMIT = 80
NODE_LABEL_LIMIT = 80
NOW = "$Flow.CurrentDateTime"
_SWITCH = "$Setup.SLA_Switch__c."
SILENT = f"{_SWITCH}Silent__c"
"""The custom setting that silences every flow of ours; `flow` writes it with the prefix of the flow's own name."""

Given: TypeAlias = "str | bool | int | float | Mapping[str, Value]"
Asked: TypeAlias = "tuple[str, str, Given]"
"""A field or reference, an operator of flows, and a value: `("Status", "EqualTo", "MQL")`."""
Set: TypeAlias = "tuple[str, Given]"
"""A field or reference, and the value that it gets."""


@dataclass(frozen=True)
class Part:
    """One element or resource of a flow: the member that it stands in, its values, and its line of the agreement."""

    member: str
    values: Mapping[str, Value]
    origin: KeyPath = ()

    @property
    def name(self) -> str:
        """The name by which connectors and references know it."""
        return str(self.values["name"])


def node_name(*names: str) -> str:
    """Return `First_Response_Is_Due` for two names; one that is too long is cut and ends with digits of its digest."""
    spelled = "_".join(names)
    found = re.findall(r"[A-Za-z0-9]+", spelled)
    name = "_".join(word[:1].upper() + word[1:] for word in found)
    name = name if name[:1].isalpha() else f"N_{name}".rstrip("_")
    if len(name) <= NODE_LIMIT and found:
        return name
    digest = hashlib.sha256(spelled.encode()).hexdigest()[:4]
    return f"{name[: NODE_LIMIT - 5].rstrip('_')}_{digest}"


def ref(name: str) -> Mapping[str, Value]:
    """Return a value that is another element's: `ref("$Record.Id")`."""
    return {"elementReference": name}


def at(instant: datetime) -> Mapping[str, Value]:
    """Return an instant as a value."""
    return {"dateTimeValue": f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}"}


def given(value: Given) -> Mapping[str, Value]:
    """Return a plain value as a flow holds it."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, bool):
        return {"booleanValue": value}
    return {"stringValue": value} if isinstance(value, str) else {"numberValue": float(value)}


def known(left: str) -> Asked:
    """Return the condition that something is not blank."""
    return (left, "IsNull", False)


def blank(left: str) -> Asked:
    """Return the condition that something is blank."""
    return (left, "IsNull", True)


def rule(
    name: str, conditions: Iterable[Asked], to: str | None, *, logic: str = "and", newly: bool = False
) -> dict[str, Value]:
    """Return one outcome of a decision. `newly`: only where the record did not meet the conditions before."""
    return {
        "name": name,
        "conditionLogic": logic,
        "conditions": [
            {"leftValueReference": left, "operator": operator, "rightValue": given(right)}
            for left, operator, right in conditions
        ],
        **_to(to),
        **({"doesRequireRecordChangedToMeetCriteria": True} if newly else {}),
        "label": _label(name),
    }


def decision(name: str, rules: Sequence[Value], otherwise: str | None = None, *, origin: KeyPath = ()) -> Part:
    """Return a decision: the first rule that holds counts."""
    return _node(
        "decisions",
        name,
        {**_to(otherwise, "defaultConnector"), "defaultConnectorLabel": "Otherwise", "rules": list(rules)},
        origin,
    )


def whether(
    name: str,
    conditions: Iterable[Asked],
    *,
    yes: str | None,
    no: str | None = None,
    logic: str = "and",
    origin: KeyPath = (),
) -> Part:
    """Return a decision between two ways."""
    return decision(name, (rule(node_name(name, "Yes"), conditions, yes, logic=logic),), no, origin=origin)


def unless_silent(to: str, name: str = "Is_Silent") -> Part:
    """Return the decision with which every flow of ours begins: nothing happens where the switch says so.

    Where nobody has set the custom setting it is blank, so the question is whether it is true.
    """
    return whether(name, ((SILENT, "EqualTo", True),), yes=None, no=to)


def lookup(
    name: str,
    object_name: str,
    filters: Iterable[Asked],
    *,
    to: str | None,
    fields: Sequence[str] = ("Id",),
    logic: str = "and",
    sort: str | None = None,
    descending: bool = False,
    first: bool = True,
    most: int | None = None,
    origin: KeyPath = (),
) -> Part:
    """Return a look-up of one record (or of all, where not `first`); its fields are read as `Name.Field`."""
    queried = tuple(dict.fromkeys(("Id", *fields)))
    return _node(
        "recordLookups",
        name,
        {
            "assignNullValuesIfNoRecordsFound": False,
            **_to(to),
            "filterLogic": logic,
            "filters": _filters(filters),
            "getFirstRecordOnly": first,
            **({"limit": given(most)} if most is not None else {}),
            "object": object_name,
            "queriedFields": list(queried),
            **({"sortField": sort, "sortOrder": "Desc" if descending else "Asc"} if sort else {}),
            "storeOutputAutomatically": True,
        },
        origin,
    )


def found(name: str, lookup_name: str, *, yes: str | None, no: str | None = None) -> Part:
    """Return the decision whether a look-up of one record found it."""
    return whether(name, (known(lookup_name),), yes=yes, no=no)


def assignment(
    name: str, items: Iterable[Set | tuple[str, str, Given]], to: str | None, *, origin: KeyPath = ()
) -> Part:
    """Return an assignment; an item of three names its operator, such as `Add` or `AssignCount`."""
    spelled: list[Value] = []
    for item in items:
        target, operator, value = item if len(item) == 3 else (item[0], "Assign", item[1])  # noqa: PLR2004 - as typed
        spelled.append({"assignToReference": target, "operator": operator, "value": given(value)})
    return _node("assignments", name, {"assignmentItems": spelled, **_to(to)}, origin)


def update_this(name: str, items: Iterable[Set], to: str | None = None, *, origin: KeyPath = ()) -> Part:
    """Return an update of the record that triggered the flow."""
    values: dict[str, Value] = {**_to(to), "inputAssignments": _inputs(items), "inputReference": "$Record"}
    return _node("recordUpdates", name, values, origin)


def update(
    name: str,
    object_name: str,
    filters: Iterable[Asked],
    items: Iterable[Set],
    to: str | None = None,
    *,
    logic: str = "and",
    origin: KeyPath = (),
) -> Part:
    """Return an update of every record of an object that meets the filters."""
    return _node(
        "recordUpdates",
        name,
        {
            **_to(to),
            "filterLogic": logic,
            "filters": _filters(filters),
            "inputAssignments": _inputs(items),
            "object": object_name,
        },
        origin,
    )


def create(name: str, object_name: str, items: Iterable[Set], to: str | None = None, *, origin: KeyPath = ()) -> Part:
    """Return the creation of a record; its Id is read as `Name`."""
    return _node(
        "recordCreates",
        name,
        {**_to(to), "inputAssignments": _inputs(items), "object": object_name, "storeOutputAutomatically": True},
        origin,
    )


def loop(name: str, collection: str, *, each: str, after: str | None, origin: KeyPath = ()) -> Part:
    """Return a loop over a collection from its first entry; the present entry is read as `Name.Field`."""
    values: dict[str, Value] = {
        "collectionReference": collection,
        "iterationOrder": "Asc",
        **_to(each, "nextValueConnector"),
        **_to(after, "noMoreValuesConnector"),
    }
    return _node("loops", name, values, origin)


def action(
    name: str,
    action_type: str,
    action_name: str,
    inputs: Iterable[Set],
    to: str | None = None,
    *,
    outputs: Mapping[str, str] | None = None,
    failed: str | None = None,
    origin: KeyPath = (),
) -> Part:
    """Return the call of an action. `outputs`: output of the action → the variable that takes it."""
    values: dict[str, Value] = {
        "actionName": action_name,
        "actionType": action_type,
        **_to(to),
        **_to(failed, "faultConnector"),
        "flowTransactionModel": "CurrentTransaction",
        "inputParameters": [{"name": name, "value": given(value)} for name, value in inputs],
        "nameSegment": action_name,
        **({"outputParameters": [{"assignToReference": v, "name": k} for k, v in outputs.items()]} if outputs else {}),
    }
    return _node("actionCalls", name, values, origin)


def formula(name: str, data: str, expression: str, *, scale: int | None = None, origin: KeyPath = ()) -> Part:
    """Return a formula; `data` is String, Number, Boolean, Date or DateTime. A number is rounded to its scale."""
    values: dict[str, Value] = {"name": name, "dataType": data, "expression": expression}
    if data == "Number":
        values["scale"] = 0 if scale is None else scale
    return Part("formulas", values, origin)


def variable(
    name: str, data: str, *, collection: bool = False, object_name: str | None = None, value: Given | None = None
) -> Part:
    """Return a variable; `data` as for a formula, or SObject with the object's name."""
    return Part(
        "variables",
        {
            "name": name,
            "dataType": data,
            "isCollection": collection,
            "isInput": False,
            "isOutput": False,
            **({"objectType": object_name} if object_name else {}),
            **({"scale": 0} if data == "Number" else {}),
            **({"value": given(value)} if value is not None else {}),
        },
    )


def template(name: str, text: str, *, origin: KeyPath = ()) -> Part:
    """Return a text in which `{!Name}` stands for the value of an element."""
    return Part("textTemplates", {"name": name, "isViewedAsPlainText": True, "text": text}, origin)


def path(name: str, field: str, to: str, *, minutes: int = 0) -> dict[str, Value]:
    """Return a scheduled path that begins so many minutes after the instant in a field of the record."""
    return {
        "name": name,
        **_to(to),
        "label": _label(name),
        "maxBatchSize": 200,
        "offsetNumber": minutes,
        "offsetUnit": "Minutes",
        "recordField": field,
        "timeSource": "RecordField",
    }


def start(
    object_name: str,
    *,
    to: str | None,
    before_save: bool = False,
    on: str = "CreateAndUpdate",
    filters: Iterable[Asked] = (),
    logic: str = "and",
    formula_text: str | None = None,
    newly: bool = False,
    paths: Sequence[Value] = (),
) -> dict[str, Value]:
    """Return the start of a record-triggered flow: `on` is Create, Update or CreateAndUpdate."""
    asked = _filters(filters)
    return {
        "locationX": 0,
        "locationY": 0,
        **_to(to),
        **({"doesRequireRecordChangedToMeetCriteria": True} if newly else {}),
        **({"filterFormula": formula_text} if formula_text else {}),
        **({"filterLogic": logic, "filters": asked} if asked else {}),
        "object": object_name,
        "recordTriggerType": on,
        **({"scheduledPaths": list(paths)} if paths else {}),
        "triggerType": "RecordBeforeSave" if before_save else "RecordAfterSave",
    }


def flow(
    name: str,
    begin: Mapping[str, Value],
    parts: Iterable[Part],
    *,
    means: str,
    agreement: str,
    origin: KeyPath = (),
    begin_origin: KeyPath | None = None,
    order: int | None = None,
    requires: Iterable[Address] = (),
    aspects: Mapping[KeyPath, frozenset[Aspect]] | None = None,
) -> Desired:
    """Return a flow as a setting. `order` is its place among the flows of the same trigger, the least first.

    A part that is given twice in the same words counts once. Raises ValueError where one name means two things.
    """
    grouped: dict[str, list[Value]] = {}
    seen: dict[str, Part] = {}
    origins: dict[KeyPath, KeyPath] = {(): origin, ("start",): origin if begin_origin is None else begin_origin}
    for part in parts:
        # Salesforce does not tell names apart by upper and lower case.
        other = seen.setdefault(part.name.lower(), part)
        if other.values != part.values or other.member != part.member:
            message = f"Two elements of the flow {name} are both called {part.name}."
            raise ValueError(message)
        if other is part:
            grouped.setdefault(part.member, []).append(part.values)
            if part.origin:
                origins[part.member, part.name] = part.origin
    label = shorten(read_aloud(name), NODE_LABEL_LIMIT)
    switch = f"$Setup.{prefix_of(name)}Switch__c."
    return Desired(
        Address("Flow", name),
        {
            "apiVersion": FLOW_API_VERSION,
            "description": describe(means, agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "environments": ["Default"],
            "interviewLabel": f"{label} {{!{NOW}}}",
            "label": label,
            "processMetadataValues": [
                {"name": "BuilderType", "value": {"stringValue": "LightningFlowBuilder"}},
                {"name": "CanvasMode", "value": {"stringValue": "AUTO_LAYOUT_CANVAS"}},
                {"name": "OriginBuilderType", "value": {"stringValue": "LightningFlowBuilder"}},
            ],
            "processType": "AutoLaunchedFlow",
            **{member: _renamed(values, switch) for member, values in grouped.items()},
            "start": _renamed(begin, switch),
            "status": "Active",
            **({"triggerOrder": order} if order is not None else {}),
        },
        requires=tuple(dict.fromkeys(requires)),
        origins=origins,
        aspects=aspects or {},
    )


def _renamed(value: Value, switch: str) -> Value:
    match value:
        case str():
            return value.replace(_SWITCH, switch)
        case Mapping():
            return {key: _renamed(each, switch) for key, each in value.items()}
        case Sequence():
            return [_renamed(each, switch) for each in value]
        case _:
            return value


def _to(name: str | None, member: str = "connector") -> dict[str, Value]:
    return {} if name is None else {member: {"targetReference": name}}


def _label(name: str) -> str:
    return shorten(read_aloud(name), NODE_LABEL_LIMIT)


def _filters(filters: Iterable[Asked]) -> list[Value]:
    return [{"field": field, "operator": operator, "value": given(value)} for field, operator, value in filters]


def _inputs(items: Iterable[Set]) -> list[Value]:
    return [{"field": field, "value": given(value)} for field, value in items]


def _node(member: str, name: str, values: Mapping[str, Value], origin: KeyPath) -> Part:
    return Part(member, {"name": name, "label": _label(name), "locationX": 0, "locationY": 0, **values}, origin)
