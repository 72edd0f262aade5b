"""Custom fields: what each type needs and takes, and the defaults that the platform writes in.

Inferred: members and limits follow "CustomField" and "Custom Field Attributes"; where the platform's own words are not
published, the complaints say the same in the same shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import ACTIVITY, METADATA, fields_of, formula_kind
from sla_sync_salesforce.simulator.formulas.reading import Kind, check_formula
from sla_sync_salesforce.simulator.kinds import choices
from sla_sync_salesforce.simulator.kinds.custom_object import check_format, sort_of
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import LABEL_LIMIT, blank, reserved, too_long, wrong_name
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
    "AutoNumber": _Needs(frozenset({"displayFormat"}), frozenset({"externalId", "startingNumber"})),
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
# The types of fields that custom metadata and custom settings may have; see "Custom Metadata Types" and "Custom Settings".
_TYPES_OF = {
    "metadata": frozenset(
        "Checkbox Date DateTime Email LongTextArea Number Percent Phone Picklist Text TextArea Url".split()
    ),
    "setting": frozenset("Checkbox Currency Date DateTime Email Number Percent Phone Text TextArea Url".split()),
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
_ACTIVITIES = ("Task", "Event")
_TRACKED_LIMIT, _FIELDS_LIMIT = 20, 500


def check(incoming: Incoming, organization: Organization, before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a custom field. The org already holds all fields of the package."""
    object_name, name, values = incoming.object_name, incoming.own_name, incoming.values
    misplaced = _misplaced(object_name, name, organization)
    if misplaced:
        yield misplaced
        return
    yield from wrong_name("DeveloperName", name.removesuffix("__c"))
    yield from reserved("DeveloperName", name.removesuffix("__c"))
    yield from blank(values, "label", "type")
    for member, limit in _TEXT_LIMITS:
        yield from too_long(member, values.get(member, ""), limit)
    type_name = values.get("type", "")
    if type_name not in _TYPES:
        if type_name:
            yield f"A CustomField of type {type_name} is not implemented by this simulator"
        return
    yield from _for_holder(object_name, type_name, values, organization)
    yield from _members(type_name, values)
    yield from _ranges(type_name, values)
    if type_name == "AutoNumber" and "displayFormat" in values:
        yield from check_format(values)
    if type_name == "Lookup":
        yield from _lookup(incoming, organization)
    yield from choices.check(object_name, values, organization)
    if "formula" in values:
        yield from _formula(object_name, type_name, values, organization)
    if before is not None:
        yield from _changed(before.values, values)
    yield from _limits(object_name, values, organization)


def _misplaced(object_name: str, name: str, organization: Organization) -> str:
    """Return why an object cannot take a field of this name, or nothing."""
    if object_name in _ACTIVITIES:
        return f"Custom fields of {object_name} are fields of {ACTIVITY}: deploy {ACTIVITY}.{name}"
    if object_name not in (*organization.of("CustomObject"), *TAKES_CUSTOM_FIELDS, ACTIVITY):
        return f"Entity of type 'CustomObject' named '{object_name}' cannot be found, or it takes no custom fields here"
    if name in standard_objects().get(object_name, {}):
        return f"Changing the standard field {object_name}.{name} is not implemented by this simulator"
    if not name.endswith("__c"):
        return "fullName must end with: __c or __kav or __x or __b or __e or __p or __mdt or __dll or __dlm"
    return ""


def _for_holder(object_name: str, type_name: str, values: Values, organization: Organization) -> Iterator[str]:
    """Yield what custom metadata types and custom settings do not take."""
    holder = organization.of("CustomObject").get(object_name)
    sort = sort_of(object_name, holder.values) if holder is not None else "object"
    if sort != "object" and ("formula" in values or type_name not in _TYPES_OF[sort]):
        made = "formula" if "formula" in values else type_name
        yield f"A CustomField of type {made} is not allowed on a custom {sort}"
    if "fieldManageability" in values and sort != "metadata":
        yield "Can not specify 'fieldManageability' for a CustomField of a custom object"


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
    if type_name == "Lookup" and values["required"] == "false":
        values.setdefault("deleteConstraint", "SetNull")
    if type_name == "AutoNumber":
        values.setdefault("externalId", "false")
        values.pop("startingNumber", None)  # a retrieve does not tell where the numbers began
        values.pop("required", None)
    if incoming.object_name.endswith(METADATA):
        values.setdefault("fieldManageability", "DeveloperControlled")
        values.pop("trackHistory", None)
    if "valueSet" in values:
        values["valueSet"] = choices.settle(values["valueSet"])
    return values


def _lookup(incoming: Incoming, organization: Organization) -> Iterator[str]:
    values = incoming.values
    target = values.get("referenceTo", "")
    if target and (not fields_of(organization, target) or target.endswith(METADATA)):
        yield f"referenceTo value of '{target}' does not resolve to a valid sObject type"
    name = values.get("relationshipName")
    if name is not None:
        yield from wrong_name("Relationship Name", name)
        for other, component in organization.of("CustomField").items():
            same = (component.values.get("referenceTo"), component.values.get("relationshipName")) == (target, name)
            if same and other != incoming.full_name:
                yield f"There is already a Child Relationship named {name} on {target}"
    constraint = values.get("deleteConstraint", "SetNull")
    if values.get("required") == "true" and constraint == "SetNull":
        yield "Must specify either cascade delete or restrict delete for a required lookup foreign key"
    if constraint == "Cascade":
        yield "The delete constraint Cascade is not implemented by this simulator"


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
    if before["type"] != after.get("type"):
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
