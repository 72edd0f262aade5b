"""Describes of objects: what a user may see of their fields."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.identifiers import DATA_KEYS
from sla_sync_salesforce.simulator.integrity import own_values
from sla_sync_salesforce.simulator.picklists import Picklist, picklist
from sla_sync_salesforce.simulator.queries.books import Books, relationships
from sla_sync_salesforce.simulator.queries.data_tables import DATA_TABLES
from sla_sync_salesforce.simulator.queries.tables import Column, may, may_write_field, visible_fields
from sla_sync_salesforce.simulator.schema import VERSION
from sla_sync_salesforce.simulator.standard_fields import FieldShape, targets

_WRITTEN = ("PermissionSetAssignment", "StaticResource")
_TYPES = {
    "Id": "id",
    "AutoNumber": "string",
    "Checkbox": "boolean",
    "Currency": "currency",
    "Date": "date",
    "DateTime": "datetime",
    "Email": "email",
    "LongTextArea": "textarea",
    "Lookup": "reference",
    "MultiselectPicklist": "multipicklist",
    "Number": "double",
    "Percent": "percent",
    "Phone": "phone",
    "Picklist": "picklist",
    "Text": "string",
    "TextArea": "textarea",
    "Time": "time",
    "Url": "url",
}
_COLUMN_TYPES = {"number": "double", "complex": "complexvalue"}


def sobjects(desk: Desk, caller: Caller) -> dict[str, Any]:
    """Return the describe of everything that the caller can query."""
    records = (name for name in object_names(desk.organization) if may(desk, caller.user, name, "allowRead"))
    names = sorted({*DATA_TABLES, *records})
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [_summary(desk, caller, name) for name in names]}


def _summary(desk: Desk, caller: Caller, name: str) -> dict[str, Any]:
    component = desk.organization.of("CustomObject").get(name)
    values: Values = component.values if component else {}
    records, base = name in object_names(desk.organization), f"/services/data/v{VERSION}/sobjects/{name}"
    written = records and not name.endswith("__mdt")

    def allowed(flag: str) -> bool:
        return written and may(desk, caller.user, name, flag)

    return {
        "name": name,
        "label": values.get("label", name),
        "labelPlural": values.get("pluralLabel", values.get("label", f"{name}s")),
        "keyPrefix": desk.organization.store.prefix(name) if component or name in DATA_KEYS else None,
        "custom": component is not None,
        "customSetting": "customSettingsType" in values,
        "createable": name in _WRITTEN or allowed("allowCreate"),
        "updateable": name == "StaticResource" or allowed("allowEdit"),
        "deletable": name in _WRITTEN or allowed("allowDelete"),
        "queryable": True,
        "retrieveable": True,
        "mergeable": name == "Lead",
        "triggerable": written,
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }


def summary(desk: Desk, caller: Caller, name: str) -> dict[str, Any]:
    """Return the short describe of one object. Raises RefusedError for an object that does not exist."""
    known = Books(desk, caller.user, tooling=False).table(name).name
    return {"objectDescribe": _summary(desk, caller, known), "recentItems": []}


def describe(desk: Desk, caller: Caller, name: str) -> dict[str, Any]:
    """Return an object with the fields that the caller may see. Raises RefusedError for one that does not exist."""
    books = Books(desk, caller.user, tooling=False)
    table = books.table(name)
    if table.stored:
        visible = visible_fields(desk, caller.user, table.name)
        fields = [_field(desk, caller, table.name, shape) for shape in visible.values()]
    else:
        fields = [_column(each) for each in table.columns.values()]
    return {
        **_summary(desk, caller, table.name),
        "fields": fields,
        "recordTypeInfos": _record_types(desk, table.name),
        "childRelationships": [
            {"relationshipName": called, "childSObject": child, "field": field}
            for called, (child, field) in relationships(books, table).items()
        ],
    }


def _record_types(desk: Desk, object_name: str) -> list[dict[str, Any]]:
    rows = [row for row in desk.organization.store.of("RecordType").values() if row["SobjectType"] == object_name]
    own = [
        {
            "recordTypeId": row["Id"],
            "developerName": row["DeveloperName"],
            "name": row["Name"],
            "active": row["IsActive"],
            # Inferred: every active record type is open to every user, since profiles are not kept here.
            "available": row["IsActive"],
            "master": False,
            "defaultRecordTypeMapping": False,
        }
        for row in rows
    ]
    master = {
        "recordTypeId": "012000000000000AAA",
        "developerName": "Master",
        "name": "Master",
        "active": True,
        "available": True,
        "master": True,
        "defaultRecordTypeMapping": True,
    }
    return [*own, master]


def _field(desk: Desk, caller: Caller, object_name: str, shape: FieldShape) -> dict[str, Any]:
    values = own_values(desk.organization, object_name, shape.name)
    custom = bool(values)
    writeable = may_write_field(desk, caller.user, object_name, shape)
    offered = picklist(desk.organization, object_name, shape.name)
    text = shape.name == "Name" and _is_numbered(desk, object_name)
    return {
        "name": shape.name,
        "label": shape.label,
        "type": _TYPES.get(shape.type, "string"),
        "length": shape.length,
        "precision": int(str(values.get("precision", 0))),
        "scale": int(str(values.get("scale", 0))),
        "custom": custom,
        "autoNumber": values.get("type") == "AutoNumber" or text,
        "nameField": shape.name == "Name",
        "calculated": "formula" in values,
        "calculatedFormula": values.get("formula"),
        "createable": writeable,
        "updateable": writeable,
        "permissionable": custom and not shape.required,
        "nillable": not shape.required and shape.type != "Checkbox",
        "defaultedOnCreate": shape.type == "Checkbox" or shape.name == "OwnerId" or offered.default is not None,
        "filterable": shape.type not in ("LongTextArea", "TextArea"),
        "sortable": shape.type not in ("LongTextArea", "TextArea"),
        "inlineHelpText": values.get("inlineHelpText"),
        "externalId": values.get("externalId") == "true",
        "unique": values.get("unique") == "true",
        "dependentPicklist": offered.controlled_by is not None,
        "controllerName": offered.controlled_by,
        "restrictedPicklist": offered.restricted,
        "picklistValues": _choices(desk, object_name, offered),
        "referenceTo": list(targets(object_name, shape)),
        "relationshipName": shape.relationship or None,
        "polymorphicForeignKey": len(targets(object_name, shape)) > 1,
    }


def _is_numbered(desk: Desk, object_name: str) -> bool:
    component = desk.organization.of("CustomObject").get(object_name)
    return component is not None and component.values.get("nameField", {}).get("type") == "AutoNumber"


def _choices(desk: Desk, object_name: str, offered: Picklist) -> list[dict[str, Any]]:
    controller: tuple[str, ...] = ()
    if offered.controlled_by is not None:
        controller = picklist(desk.organization, object_name, offered.controlled_by).names
    return [
        {
            "value": each["fullName"],
            "label": each["label"],
            "active": each.get("isActive") != "false",
            "defaultValue": each.get("default") == "true",
            "validFor": _valid_for(offered, str(each["fullName"]), controller),
        }
        for each in offered.values
    ]


def _valid_for(offered: Picklist, value: str, controller: Sequence[str]) -> str | None:
    """Return for which values of the controlling field a value is offered.

    Documented: a bit for each of them, the highest of the first byte for the first, written in base 64.
    """
    if offered.controlled_by is None:
        return None
    bits = bytearray((len(controller) + 7) // 8)
    for place, each in enumerate(controller):
        if each in offered.valid_for.get(value, ()):
            bits[place // 8] |= 0x80 >> place % 8
    return base64.b64encode(bytes(bits)).decode("ascii")


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "label": column.name,
        "type": "reference" if column.refers_to else _COLUMN_TYPES.get(column.kind, column.kind),
        "custom": False,
        "filterable": column.filterable,
        "sortable": column.sortable,
        "referenceTo": [column.refers_to] if column.refers_to else [],
        "relationshipName": column.relationship or None,
        "picklistValues": [],
    }
