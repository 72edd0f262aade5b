"""Records of custom metadata types: values whose XML says their type, which must be that of the field.

Kept under `CustomMetadata` as `Type.Record`, the type without its ending. `typed` gives the values as Python has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime

from sla_sync_salesforce.simulator.documents import NIL, TEXT, TYPE, Values
from sla_sync_salesforce.simulator.fields import METADATA, fields_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import LABEL_LIMIT, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.standard_fields import FieldShape

_TAKES: Mapping[str, tuple[str, ...]] = {
    "Checkbox": ("boolean",),
    "Date": ("date",),
    "DateTime": ("dateTime",),
    "Number": ("double", "int"),
    "Percent": ("double", "int"),
}
"""Type of a field → the types that a value may say; every other field holds a string."""
_MEMBERS = {"fullName", "label", "description", "protected", "values"}


def parts(full_name: str) -> tuple[str, str]:
    """Return the object (`SLA_Threshold__mdt`) and the developer name of a record."""
    type_name, _, name = full_name.partition(".")
    return f"{type_name}{METADATA}", name


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a record of custom metadata."""
    object_name, name = parts(incoming.full_name)
    own = fields_of(organization, object_name)
    if not own:
        yield f"Invalid custom metadata type: {object_name}"
        return
    yield from wrong_name("DeveloperName", name)
    for member in sorted(incoming.values.keys() - _MEMBERS):
        yield f"'{member}' of a custom metadata record is not implemented by this simulator"
    if not incoming.values.get("label", "").strip():
        yield "Required field is missing: label"
    yield from too_long("label", incoming.values.get("label", ""), LABEL_LIMIT)
    seen: set[str] = set()
    for each in incoming.values.get("values", []):
        field = each.get("field", "")
        if field in seen:
            yield f"Duplicate field specified: {field}"
        seen.add(field)
        shape = own.get(field)
        if shape is None or not field.endswith("__c"):
            yield f"Invalid field {field} for the custom metadata type {object_name}"
        else:
            component = organization.of("CustomField")[f"{object_name}.{field}"]
            yield from _value(each.get("value", {}), shape, component.values)
    given = {each.get("field") for each in incoming.values.get("values", []) if NIL not in each.get("value", {})}
    for field, shape in own.items():
        if shape.required and field.endswith("__c") and field not in given:
            yield f"Required fields are missing: [{field}]"


def _value(value: Values, shape: FieldShape, definition: Values) -> Iterator[str]:
    if NIL in value:
        return
    type_name, text = value.get(TYPE, ""), value.get(TEXT, "")
    takes = _TAKES.get(shape.type, ("string",))
    if type_name not in takes:
        said = f"the type {type_name}" if type_name else "no type (xsi:type)"
        yield f"The value of {shape.name} has {said}, and a field of the type {shape.type} takes {' or '.join(takes)}"
        return
    if shape.length:
        yield from too_long(shape.name, text, shape.length)
    if shape.type in ("Number", "Percent"):
        whole, _, rest = text.lstrip("+-").partition(".")
        most = int(definition["precision"]) - int(definition["scale"])
        if len(whole.lstrip("0")) > most:
            yield f"{shape.name}: value outside of valid range on numeric field: {text}"
        if len(rest.rstrip("0")) > int(definition["scale"]):
            yield f"{shape.name}: {text} has more than {definition['scale']} places after the point"
    choices = definition.get("valueSet", {}).get("valueSetDefinition", {}).get("value", [])
    if definition.get("valueSet", {}).get("restricted") == "true" and text not in {
        each["fullName"] for each in choices
    }:
        yield f"{shape.name}: bad value for restricted picklist field: {text}"


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the record as the platform keeps it, its values sorted by field. Inferred: the order."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("protected", "false")
    if "values" in values:
        values["values"] = sorted(values["values"], key=lambda each: str(each.get("field", "")))
    return values


def typed(component: Component) -> dict[str, str | bool | float | datetime | date | None]:
    """Return the values of a record by field: text, truth, number, instant in UTC, day, or nothing."""
    return {each["field"]: _python(each.get("value", {})) for each in component.values.get("values", [])}


def _python(value: Values) -> str | bool | float | datetime | date | None:
    text = value.get(TEXT, "")
    if NIL in value or text == "":
        return None
    match value.get(TYPE):
        case "boolean":
            return bool(text == "true")
        case "double" | "int":
            return float(text)
        case "dateTime":
            return datetime.fromisoformat(text).astimezone(UTC)
        case "date":
            return date.fromisoformat(text)
        case _:
            return str(text)
