"""Custom fields: what each type needs and takes, and the defaults that the platform writes in.

Inferred: members and limits follow "CustomField" and "Custom Field Attributes"; where the platform's own words are not
published, the complaints say the same in the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import formula_kind
from sla_sync_salesforce.simulator.formulas import Kind, check_formula
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import LABEL_LIMIT, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.standard_fields import TAKES_CUSTOM_FIELDS, standard_objects

_ANYWHERE = frozenset(
    "fullName label type description inlineHelpText required trackHistory trackFeedHistory trackTrending deprecated"
    " securityClassification businessStatus complianceGroup fieldManageability".split()
)
_NUMERIC = frozenset({"precision", "scale"})
_INDEXED = frozenset({"externalId", "unique"})


@dataclass(frozen=True, slots=True)
class _Needs:
    required: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()


_TYPES: Mapping[str, _Needs] = {
    "Checkbox": _Needs(frozenset({"defaultValue"})),
    "Currency": _Needs(_NUMERIC, frozenset({"defaultValue"})),
    "Date": _Needs(frozenset(), frozenset({"defaultValue"})),
    "DateTime": _Needs(frozenset(), frozenset({"defaultValue"})),
    "Email": _Needs(frozenset(), _INDEXED | {"defaultValue", "caseSensitive"}),
    "LongTextArea": _Needs(frozenset({"length", "visibleLines"}), frozenset({"defaultValue"})),
    "Lookup": _Needs(
        frozenset({"referenceTo", "relationshipName"}), frozenset({"deleteConstraint", "relationshipLabel"})
    ),
    "MultiselectPicklist": _Needs(frozenset({"valueSet", "visibleLines"})),
    "Number": _Needs(_NUMERIC, _INDEXED | {"defaultValue"}),
    "Percent": _Needs(_NUMERIC, frozenset({"defaultValue"})),
    "Phone": _Needs(frozenset(), frozenset({"defaultValue"})),
    "Picklist": _Needs(frozenset({"valueSet"})),
    "Text": _Needs(frozenset({"length"}), _INDEXED | {"defaultValue", "caseSensitive"}),
    "TextArea": _Needs(frozenset(), frozenset({"defaultValue"})),
    "Time": _Needs(frozenset(), frozenset({"defaultValue"})),
    "Url": _Needs(frozenset(), frozenset({"defaultValue"})),
}
_FORMULA_KINDS: Mapping[str, Kind] = {
    "Checkbox": "boolean",
    "Currency": "number",
    "Date": "date",
    "DateTime": "datetime",
    "Number": "number",
    "Percent": "number",
    "Text": "text",
    "Time": "time",
}
# Member, type of field (or every type), least, most.
_RANGES = (
    ("length", "Text", 1, 255),
    ("length", "LongTextArea", 256, 131072),
    ("visibleLines", "LongTextArea", 2, 50),
    ("visibleLines", "MultiselectPicklist", 3, 10),
    ("precision", "", 1, 18),
    ("scale", "", 0, 17),
)
_TEXT_LIMITS = (("label", LABEL_LIMIT), ("description", 1000), ("inlineHelpText", 510))
_VALUE_LIMIT, _VALUES_LIMIT, _TRACKED_LIMIT, _FIELDS_LIMIT = 255, 1000, 20, 500


def check(incoming: Incoming, organization: Organization, before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a custom field. The org already holds all fields of the package."""
    object_name, name, values = incoming.object_name, incoming.own_name, incoming.values
    if object_name not in TAKES_CUSTOM_FIELDS:
        yield f"Entity of type 'CustomObject' named '{object_name}' is not implemented by this simulator"
        return
    if name in standard_objects()[object_name]:
        yield f"Changing the standard field {object_name}.{name} is not implemented by this simulator"
        return
    if not name.endswith("__c"):
        yield "fullName must end with: __c or __kav or __x or __b or __e or __p or __mdt or __dll or __dlm"
        return
    yield from wrong_name("DeveloperName", name.removesuffix("__c"))
    for member in ("label", "type"):
        if not values.get(member, "").strip():
            yield f"Required field is missing: {member}"
    for member, limit in _TEXT_LIMITS:
        yield from too_long(member, values.get(member, ""), limit)
    type_name = values.get("type", "")
    if type_name not in _TYPES:
        if type_name:
            yield f"A CustomField of type {type_name} is not implemented by this simulator"
        return
    yield from _members(type_name, values)
    yield from _ranges(type_name, values)
    yield from _choices(values)
    if "formula" in values:
        yield from _formula(object_name, type_name, values, organization)
    if before is not None:
        yield from _changed(before.values, values)
    yield from _limits(object_name, values, organization)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the field as the platform keeps it, with the defaults that it writes in."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    type_name, formula = values.get("type", ""), "formula" in values
    if type_name in ("Text", "Number", "Email") and not formula:
        values.setdefault("externalId", "false")
        values.setdefault("unique", "false")
    if formula:
        values.setdefault("formulaTreatBlanksAs", "BlankAsZero")
    if type_name != "Checkbox":
        values.setdefault("required", "false")
    # Inferred: a retrieve names history tracking only on objects that keep a field history; of ours all do.
    values.setdefault("trackHistory", "false")
    if "valueSet" in values:
        values["valueSet"] = _settled_values(values["valueSet"])
    return values


def _settled_values(value_set: Values) -> Values:
    settled = {"restricted": "false", **value_set}
    definition = settled.get("valueSetDefinition")
    if definition:
        choices = [
            {**each, "default": each.get("default", "false"), "label": each.get("label") or each.get("fullName", "")}
            for each in definition.get("value", [])
        ]
        settled["valueSetDefinition"] = {**definition, "value": choices}
    return settled


def _members(type_name: str, values: Values) -> Iterator[str]:
    needs, formula = _TYPES[type_name], "formula" in values
    required = needs.required & _NUMERIC if formula else needs.required
    for member in sorted(required - values.keys()):
        yield f"Must specify '{member}' for a CustomField of type {type_name}"
    allowed = _ANYWHERE | needs.allowed | needs.required
    if formula:
        allowed = (allowed - {"defaultValue", "length"}) | {"formula", "formulaTreatBlanksAs"}
    elif type_name == "Checkbox":
        allowed -= {"required"}
    for member in values.keys() - allowed:
        yield f"Can not specify '{member}' for a CustomField of type {type_name}"
    if type_name == "Checkbox" and not formula and values.get("defaultValue") not in ("true", "false", None):
        yield f"Default value of a Checkbox must be true or false, and is '{values['defaultValue']}'"


def _ranges(type_name: str, values: Values) -> Iterator[str]:
    for member, only, least, most in _RANGES:
        if member in values and only in ("", type_name) and not least <= int(values[member]) <= most:
            yield f"{member} must be between {least} and {most} for a CustomField of type {type_name}, and is {values[member]}"
    if values.keys() >= _NUMERIC and int(values["scale"]) > int(values["precision"]):
        yield f"Scale {values['scale']} is larger than precision {values['precision']}"


def _choices(values: Values) -> Iterator[str]:
    value_set = values.get("valueSet")
    if value_set is None:
        return
    for member in ("valueSetName", "controllingField", "valueSettings"):
        if member in value_set:
            yield f"'{member}' of a value set is not implemented by this simulator"
    if "valueSetName" in value_set:
        return
    choices = value_set.get("valueSetDefinition", {}).get("value", [])
    if not choices:
        yield "Must specify at least one value in 'valueSetDefinition' for a CustomField of type Picklist"
    if len(choices) > _VALUES_LIMIT:
        yield f"A picklist holds at most {_VALUES_LIMIT} values, and {len(choices)} are given"
    yield from check_choices(choices)
    defaults = [each.get("fullName", "") for each in choices if each.get("default") == "true"]
    if len(defaults) > 1:
        yield f"Only one value may be the default, and {len(defaults)} are: {', '.join(defaults)}"


def check_choices(choices: list[Values]) -> Iterator[str]:
    """Yield what is wrong with the values of a list: names missing, too long or given twice."""
    for member in ("fullName", "label"):
        seen: set[str] = set()
        for each in choices:
            text = str(each.get(member, each.get("fullName", "")))
            if not text.strip():
                yield f"Required field is missing: {member}"
            yield from too_long(member, text, _VALUE_LIMIT)
            if text.casefold() in seen:
                yield f"Duplicate {'label' if member == 'label' else 'value'} specified: {text}"
            seen.add(text.casefold())


def _formula(object_name: str, type_name: str, values: Values, organization: Organization) -> Iterator[str]:
    if type_name not in _FORMULA_KINDS:
        yield f"Can not specify 'formula' for a CustomField of type {type_name}"
        return
    yield from check_formula(
        values["formula"],
        lambda reference: formula_kind(organization, object_name, reference),
        returns=_FORMULA_KINDS[type_name],
        on_save=False,
    )


def _changed(before: Values, after: Values) -> Iterator[str]:
    # Documented: a field's type cannot be changed by a deploy where that could lose data. Inferred: here it never can.
    if before["type"] != after["type"]:
        yield f"Cannot update a field from a {before['type']} to something else"
    elif ("formula" in before) != ("formula" in after):
        made = "from a Formula to something else" if "formula" in before else "to a Formula from something else"
        yield f"Cannot update a field {made}"


def _limits(object_name: str, values: Values, organization: Organization) -> Iterator[str]:
    own = [each.values for name, each in organization.of("CustomField").items() if name.startswith(f"{object_name}.")]
    if len(own) > _FIELDS_LIMIT:
        yield f"You have reached the maximum number of custom fields on {object_name}: {_FIELDS_LIMIT}"
    tracked = sum(each.get("trackHistory") == "true" for each in own)
    if values.get("trackHistory") == "true" and tracked > _TRACKED_LIMIT:
        yield f"You can track the history of at most {_TRACKED_LIMIT} fields of {object_name}, and {tracked} are asked for"
