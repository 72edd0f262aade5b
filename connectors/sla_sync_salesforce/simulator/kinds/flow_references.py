"""What the elements of a flow refer to: fields that must exist, and values whose type must fit the field they go into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import fields_of, find_field, formula_kind, kind_of
from sla_sync_salesforce.simulator.formulas.reading import Kind, check_formula
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.standard_fields import FieldShape

_FLOW_GLOBALS: Mapping[str, Kind] = {
    "$Flow.CurrentDate": "date",
    "$Flow.CurrentDateTime": "datetime",
    "$Flow.CurrentRecord": "text",
    "$Flow.InterviewGuid": "text",
    "$Flow.InterviewStartTime": "datetime",
    "$Flow.FaultMessage": "text",
    "$GlobalConstant.True": "boolean",
    "$GlobalConstant.False": "boolean",
    "$GlobalConstant.EmptyString": "text",
}
_LITERALS: Mapping[str, Kind] = {
    "booleanValue": "boolean",
    "dateTimeValue": "datetime",
    "dateValue": "date",
    "numberValue": "number",
    "stringValue": "text",
}
_DATA_TYPES: Mapping[str, Kind] = {
    "Boolean": "boolean",
    "Currency": "number",
    "Date": "date",
    "DateTime": "datetime",
    "Number": "number",
    "Picklist": "text",
    "String": "text",
}
# Both sides are put in these groups before they are compared.
_GROUPS: Mapping[str, str] = {"picklist": "text", "multipicklist": "text", "datetime": "date"}
# A function's name may follow what is quoted; a text with such a word and a parenthesis in it is not looked into.
_CALL = re.compile(r"([A-Za-z]+)\s*\(")
_NOT_IN_FLOWS = frozenset(
    {"GETRECORDIDS", "IMAGE", "INCLUDES", "PARENTGROUPVAL", "PREVGROUPVAL", "PRIORVALUE", "VLOOKUP"}
)
_MERGE = re.compile(r"\{!([^}]+)\}")
_ASKING = ("IsNull", "IsChanged", "WasSet", "IsBlank", "IsEmpty")


@dataclass(frozen=True)
class Scope:
    """What a flow can refer to: the record that triggers it, records that it looked up, and values."""

    object_name: str
    records: dict[str, str] = field(default_factory=dict)
    """Name of a variable or lookup → object."""
    queried: dict[str, frozenset[str]] = field(default_factory=dict)
    """Name of a lookup → the fields that it brings; a lookup that names none brings all."""
    scalars: dict[str, Kind] = field(default_factory=dict)


def scope_of(values: Values, _organization: Organization) -> Scope:
    """Return everything that the elements of a flow may name."""
    scope = Scope(values["start"]["object"])
    scope.records.update({"$Record": scope.object_name, "$Record__Prior": scope.object_name})
    for each in values.get("recordLookups", []):
        scope.records[each.get("name", "")] = each.get("object", "")
        if each.get("queriedFields"):
            scope.queried[each.get("name", "")] = frozenset([*each["queriedFields"], "Id"])
    for each in values.get("variables", []):
        if each.get("dataType") == "SObject":
            scope.records[each["name"]] = each.get("objectType", "")
        else:
            scope.scalars[each["name"]] = _DATA_TYPES.get(each.get("dataType", ""), "any")
    for member in ("formulas", "constants"):
        for each in values.get(member, []):
            scope.scalars[each.get("name", "")] = _DATA_TYPES.get(each.get("dataType", ""), "any")
    for each in values.get("textTemplates", []):
        scope.scalars[each.get("name", "")] = "text"
    _add_outputs(values, scope)
    return scope


def _add_outputs(values: Values, scope: Scope) -> None:
    """Note what loops, actions and creations bring."""
    for each in values.get("loops", []):
        collection = each.get("collectionReference", "")
        if collection in scope.records:
            scope.records[each.get("name", "")] = scope.records[collection]
        else:
            scope.scalars[each.get("name", "")] = scope.scalars.get(collection, "any")
    for each in values.get("actionCalls", []):
        scope.scalars[each.get("name", "")] = "any"
    for each in values.get("recordCreates", []):
        if each.get("storeOutputAutomatically") == "true":
            scope.scalars[each.get("name", "")] = "text"


def check_references(values: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    """Yield every reference that leads nowhere and every value that does not fit."""
    yield from _filters("start", values["start"], scope.object_name, scope, organization)
    formula = values["start"].get("filterFormula")
    if formula is not None:
        yield from check_formula(formula, lambda name: _kind(name, scope, organization), returns="boolean")
    yield from _formulas(values, scope, organization)
    yield from _templates(values, scope, organization)
    yield from _loops(values, scope, organization)
    for each in values.get("assignments", []):
        for item in each.get("assignmentItems", []):
            yield from _assignment(each.get("name", ""), item, scope, organization)
    for each in values.get("decisions", []):
        for rule in each.get("rules", []):
            for condition in rule.get("conditions", []):
                yield from _condition(rule.get("name", ""), condition, scope, organization)
    for member in ("recordLookups", "recordUpdates", "recordCreates", "recordDeletes"):
        for each in values.get(member, []):
            yield from _record_element(each, scope, organization)
    for each in values.get("actionCalls", []):
        for parameter in each.get("inputParameters", []):
            yield from _value(each.get("name", ""), parameter.get("value", {}), scope, organization)


def _formulas(values: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    for each in values.get("formulas", []):
        wanted = scope.scalars.get(each.get("name", ""))
        expression = each.get("expression", "")
        problems = list(check_formula(expression, lambda name: _kind(name, scope, organization), returns=wanted))
        # Documented: "Flow Formula Considerations" names the functions that a formula of a flow may not use.
        calls = {found.upper() for found in _CALL.findall(expression)}
        problems += [
            f"The {name} function cannot be used in this type of formula" for name in sorted(calls & _NOT_IN_FLOWS)
        ]
        yield from (f"The formula {each.get('name', '')} is not valid: {problem}" for problem in problems)


def _loops(values: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    for each in values.get("loops", []):
        collection = each.get("collectionReference", "(none)")
        if _kind(collection, scope, organization) is None:
            yield f"The collection {collection}, through which {each.get('name', '')} goes, does not exist"


def _templates(values: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    """Yield the merge fields of texts that lead nowhere."""
    for each in values.get("textTemplates", []):
        for reference in _MERGE.findall(each.get("text", "")):
            if _kind(reference, scope, organization) is None:
                yield f"The element {reference}, to which {each.get('name', '')} refers, does not exist"


def _record_element(element: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    name = element.get("name", "")
    reference = element.get("inputReference")
    object_name = scope.records.get(reference, "") if reference is not None else element.get("object", "")
    own = fields_of(organization, object_name)
    if not own:
        yield f"The element {name} is about {reference or object_name or 'no object'}, which does not exist"
        return
    yield from _filters(name, element, object_name, scope, organization)
    queried = [*element.get("queriedFields", []), *([element["sortField"]] if "sortField" in element else [])]
    for path in queried:
        if path not in own:
            yield f"The field {object_name}.{path}, which {name} reads, does not exist"
    for item in element.get("inputAssignments", []):
        shape = own.get(item.get("field", ""))
        if shape is None:
            yield f"The field {object_name}.{item.get('field', '')}, which {name} writes, does not exist"
        else:
            yield from _write(name, shape, f"{object_name}.{shape.name}", item.get("value", {}), scope, organization)


def _filters(name: str, holder: Values, object_name: str, scope: Scope, organization: Organization) -> Iterator[str]:
    for each in holder.get("filters", []):
        shape = find_field(organization, object_name, each.get("field", ""))
        if shape is None:
            yield f"The field {object_name}.{each.get('field', '')}, which {name} filters by, does not exist"
            continue
        yield from _compared(name, f"{object_name}.{shape.name}", kind_of(shape), each, "value", scope, organization)


def _condition(name: str, condition: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    left = condition.get("leftValueReference", "")
    kind = _kind(left, scope, organization)
    if kind is None:
        yield f"The element {left or '(none)'}, to which {name} refers, does not exist"
        return
    yield from _compared(name, left, kind, condition, "rightValue", scope, organization)


def _compared(
    name: str, left: str, kind: Kind, holder: Values, member: str, scope: Scope, organization: Organization
) -> Iterator[str]:
    value, operator = holder.get(member), holder.get("operator", "")
    if not operator:
        yield f"A condition of {name} has no operator"
    if value is None:
        yield f"A condition of {name} has no value"
    if operator in _ASKING:
        if value is None or ("booleanValue" not in value and "elementReference" not in value):
            yield f"The operator {operator} of {name} needs true or false"
        return
    if value is not None:
        yield from _value(name, value, scope, organization)
        yield from _misfit(name, left, kind, value, scope, organization)


def _assignment(name: str, item: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    target = item.get("assignToReference", "")
    if "operator" not in item:
        yield f"An assignment of {name} has no operator"
    head, _, path = target.partition(".")
    if head in scope.records and path:
        shape = find_field(organization, scope.records[head], path)
        if shape is None:
            yield f"The field {target}, which {name} writes, does not exist"
        else:
            yield from _write(name, shape, target, item.get("value", {}), scope, organization)
    elif target not in scope.scalars and target not in scope.records:
        yield f"The element {target or '(none)'}, to which {name} refers, does not exist"


def _write(
    name: str, shape: FieldShape, target: str, value: Values, scope: Scope, organization: Organization
) -> Iterator[str]:
    if not shape.writeable:
        yield f"The field {target}, which {name} writes, is not writeable"
    yield from _value(name, value, scope, organization)
    yield from _misfit(name, target, kind_of(shape), value, scope, organization)


def _value(name: str, value: Values, scope: Scope, organization: Organization) -> Iterator[str]:
    given = sorted(value)
    if len(given) != 1:
        yield f"A value of {name} needs exactly one of stringValue, elementReference and the like, and has {given}"
    reference = value.get("elementReference")
    if reference is not None and _kind(reference, scope, organization) is None:
        yield f"The element {reference}, to which {name} refers, does not exist"


def _misfit(
    name: str, target: str, wanted: Kind, value: Values, scope: Scope, organization: Organization
) -> Iterator[str]:
    kind: Kind | None = next((_LITERALS[member] for member in value if member in _LITERALS), None)
    if "elementReference" in value:
        kind = _kind(value["elementReference"], scope, organization)
    if kind is None or "any" in (kind, wanted):
        return
    if _GROUPS.get(kind, kind) != _GROUPS.get(wanted, wanted):
        yield f"The value that {name} gives to {target} is of the type {kind}, and {wanted} is needed"


def _kind(reference: str, scope: Scope, organization: Organization) -> Kind | None:
    """Return what a reference holds, or None where it leads nowhere."""
    if reference in _FLOW_GLOBALS:
        return _FLOW_GLOBALS[reference]
    if reference in scope.scalars:
        return scope.scalars[reference]
    head, _, path = reference.partition(".")
    if head in scope.records:
        if not path:
            return "any"
        if "." not in path and path not in scope.queried.get(head, {path}):
            # Inferred: the platform tells it when the flow runs; here it is told at once.
            return None
        shape = find_field(organization, scope.records[head], path)
        return None if shape is None else kind_of(shape)
    if head in scope.scalars and scope.scalars[head] == "any":
        return "any"
    return formula_kind(organization, "", reference) if head.startswith("$") else None


def objects_named(values: Any) -> Iterator[tuple[str, str]]:
    """Yield (member, text) for every text inside a flow, for looking up who refers to a field."""
    if isinstance(values, dict):
        for key, each in values.items():
            if isinstance(each, str):
                yield key, each
            else:
                yield from objects_named(each)
    elif isinstance(values, list):
        for each in values:
            if isinstance(each, str):
                yield "", each
            else:
                yield from objects_named(each)
