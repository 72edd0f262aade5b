"""A flow as a setting: where it starts, and its elements brought together under the members of the schema."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sla_sync.connector import Address, Aspect, Desired, KeyPath, Value, describe
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, prefix_of
from sla_sync_salesforce.translate.elements import NOW, SWITCH, Asked, Part, filters_of, label_of, leads_to

FLOW_API_VERSION = 63.0


def path(name: str, field: str, to: str, *, minutes: int = 0) -> dict[str, Value]:
    """Return a scheduled path that begins so many minutes after the instant in a field of the record."""
    return {
        "name": name,
        **leads_to(to),
        "label": label_of(name),
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
    asked = filters_of(filters)
    return {
        "locationX": 0,
        "locationY": 0,
        **leads_to(to),
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
    label = label_of(name)
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
            return value.replace(SWITCH, switch)
        case Mapping():
            return {key: _renamed(each, switch) for key, each in value.items()}
        case Sequence():
            return [_renamed(each, switch) for each in value]
        case _:
            return value
