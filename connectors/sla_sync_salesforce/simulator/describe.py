"""Describes of objects: what a user may see of their fields."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sla_sync_salesforce.simulator.data_tables import DATA_TABLES
from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import object_names
from sla_sync_salesforce.simulator.kinds.standard_value_set import LEAD_STATUS, active_values
from sla_sync_salesforce.simulator.query import Books
from sla_sync_salesforce.simulator.schema import VERSION
from sla_sync_salesforce.simulator.standard_fields import FieldShape
from sla_sync_salesforce.simulator.tables import Column, granted, visible_fields

_WRITTEN = ("PermissionSetAssignment", "StaticResource")
_TYPES = {
    "Id": "id",
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


def sobjects() -> dict[str, Any]:
    """Return the describe of everything that can be queried."""
    names = sorted({*DATA_TABLES, *object_names()})
    return {"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": [_summary(name) for name in names]}


def _summary(name: str) -> dict[str, Any]:
    written = name in _WRITTEN
    base = f"/services/data/v{VERSION}/sobjects/{name}"
    return {
        "name": name,
        "label": name,
        "custom": False,
        "createable": written,
        "updateable": name == "StaticResource",
        "deletable": written,
        "queryable": True,
        "urls": {"sobject": base, "describe": f"{base}/describe", "rowTemplate": f"{base}/{{ID}}"},
    }


def summary(desk: Desk, caller: Caller, name: str) -> dict[str, Any]:
    """Return the short describe of one object. Raises RefusedError for an object that does not exist."""
    return {"objectDescribe": _summary(Books(desk, caller.user, tooling=False).table(name).name), "recentItems": []}


def describe(desk: Desk, caller: Caller, name: str) -> dict[str, Any]:
    """Return an object with the fields that the caller may see. Raises RefusedError for one that does not exist."""
    table = Books(desk, caller.user, tooling=False).table(name)
    if table.name in object_names() and table.name not in DATA_TABLES:
        editable = granted(desk, caller.user, "editable")
        visible = visible_fields(desk, caller.user, table.name)
        fields = [_field(desk, table.name, shape, editable) for shape in visible.values()]
    else:
        fields = [_column(each) for each in table.columns.values()]
    return {**_summary(table.name), "fields": fields, "recordTypeInfos": [], "childRelationships": []}


def _field(desk: Desk, object_name: str, shape: FieldShape, editable: set[str]) -> dict[str, Any]:
    component = desk.organization.of("CustomField").get(f"{object_name}.{shape.name}")
    values: Values = component.values if component else {}
    custom = component is not None
    writeable = shape.writeable and (not custom or shape.required or f"{object_name}.{shape.name}" in editable)
    return {
        "name": shape.name,
        "label": shape.label,
        "type": _TYPES[shape.type],
        "length": shape.length,
        "precision": int(values.get("precision", 0)),
        "scale": int(values.get("scale", 0)),
        "custom": custom,
        "calculated": "formula" in values,
        "calculatedFormula": values.get("formula"),
        "createable": writeable,
        "updateable": writeable,
        "nillable": not shape.required and shape.type != "Checkbox",
        "filterable": shape.type not in ("LongTextArea", "TextArea"),
        "inlineHelpText": values.get("inlineHelpText"),
        "externalId": values.get("externalId") == "true",
        "unique": values.get("unique") == "true",
        "restrictedPicklist": values.get("valueSet", {}).get("restricted") == "true",
        "picklistValues": _choices(desk, object_name, shape, values),
        "referenceTo": [shape.refers_to] if shape.refers_to else [],
        "relationshipName": shape.relationship or None,
    }


def _choices(desk: Desk, object_name: str, shape: FieldShape, values: Values) -> list[dict[str, Any]]:
    given: Sequence[Mapping[str, str]] = values.get("valueSet", {}).get("valueSetDefinition", {}).get("value", [])
    if (object_name, shape.name) == ("Lead", "Status"):
        given = active_values(desk.organization.of("StandardValueSet")[LEAD_STATUS])
    return [
        {
            "value": each["fullName"],
            "label": each["label"],
            "active": each.get("isActive") != "false",
            "defaultValue": each["default"] == "true",
            "validFor": None,
        }
        for each in given
    ]


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
