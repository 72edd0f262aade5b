"""The elements of a flow as plain values: each is a `Part`, which names what follows it; `flows` makes a flow of them.

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

from sla_sync.connector import KeyPath, Value
from sla_sync_salesforce.names import shorten
from sla_sync_salesforce.names import words as read_aloud

NODE_LIMIT = 80
NODE_LABEL_LIMIT = 80
NOW = "$Flow.CurrentDateTime"
SWITCH = "$Setup.SLA_Switch__c."
SILENT = f"{SWITCH}Silent__c"
"""The custom setting that silences every flow of ours; a flow spells it with the prefix of its own name."""

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


def leads_to(name: str | None, member: str = "connector") -> dict[str, Value]:
    """Return the member that leads to the element that follows; none where the flow ends there."""
    return {} if name is None else {member: {"targetReference": name}}


def label_of(name: str) -> str:
    """Return the words by which people read a name of a flow or of an element."""
    return shorten(read_aloud(name), NODE_LABEL_LIMIT)


def filters_of(filters: Iterable[Asked]) -> list[Value]:
    """Return conditions on fields of an object, which look-ups, updates and starts have."""
    return [{"field": field, "operator": operator, "value": given(value)} for field, operator, value in filters]


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
        **leads_to(to),
        **({"doesRequireRecordChangedToMeetCriteria": True} if newly else {}),
        "label": label_of(name),
    }


def decision(name: str, rules: Sequence[Value], otherwise: str | None = None, *, origin: KeyPath = ()) -> Part:
    """Return a decision: the first rule that holds counts."""
    return _node(
        "decisions",
        name,
        {**leads_to(otherwise, "defaultConnector"), "defaultConnectorLabel": "Otherwise", "rules": list(rules)},
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
            **leads_to(to),
            "filterLogic": logic,
            "filters": filters_of(filters),
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
    return _node("assignments", name, {"assignmentItems": spelled, **leads_to(to)}, origin)


def update_this(name: str, items: Iterable[Set], to: str | None = None, *, origin: KeyPath = ()) -> Part:
    """Return an update of the record that triggered the flow."""
    values: dict[str, Value] = {**leads_to(to), "inputAssignments": _inputs(items), "inputReference": "$Record"}
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
            **leads_to(to),
            "filterLogic": logic,
            "filters": filters_of(filters),
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
        {**leads_to(to), "inputAssignments": _inputs(items), "object": object_name, "storeOutputAutomatically": True},
        origin,
    )


def loop(name: str, collection: str, *, each: str, after: str | None, origin: KeyPath = ()) -> Part:
    """Return a loop over a collection from its first entry; the present entry is read as `Name.Field`."""
    values: dict[str, Value] = {
        "collectionReference": collection,
        "iterationOrder": "Asc",
        **leads_to(each, "nextValueConnector"),
        **leads_to(after, "noMoreValuesConnector"),
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
        **leads_to(to),
        **leads_to(failed, "faultConnector"),
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


def _inputs(items: Iterable[Set]) -> list[Value]:
    return [{"field": field, "value": given(value)} for field, value in items]


def _node(member: str, name: str, values: Mapping[str, Value], origin: KeyPath) -> Part:
    return Part(member, {"name": name, "label": label_of(name), "locationX": 0, "locationY": 0, **values}, origin)
