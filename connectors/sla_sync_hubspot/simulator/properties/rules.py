"""What HubSpot asks of a property's definition (see the guide "Properties" and the published description of the API)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.limits import PROPERTIES_PER_OBJECT, UNIQUE_PROPERTIES_PER_OBJECT, Tier
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, FORBIDDEN, Json, RefusalError, invalid

NAME_LENGTH = 99
"""A name is shorter than 100 characters (observed, not documented)."""
CALCULATION = "calculation_equation"
FIELD_TYPES: Mapping[str, frozenset[str]] = {
    "bool": frozenset({"booleancheckbox", "calculation_equation"}),
    "enumeration": frozenset({"booleancheckbox", "checkbox", "radio", "select", "calculation_equation"}),
    "date": frozenset({"date"}),
    "datetime": frozenset({"date"}),
    "string": frozenset({"file", "text", "textarea", "html", "phonenumber", "calculation_equation"}),
    "number": frozenset({"number", "calculation_equation"}),
    "phone_number": frozenset({"phonenumber"}),
}
_ALL_FIELD_TYPES = frozenset[str]().union(*FIELD_TYPES.values())
_NUMBER_HINTS = ("currency", "duration", "formatted", "percentage", "probability", "unformatted")
_TEXT_HINTS = (
    "domain_name", "email", "ip_address", "multi_line", "phone_number", "physical_address", "postal_code",
    "unformatted_single_line",
)  # fmt: skip
_SENSITIVITIES = ("highly_sensitive", "non_sensitive", "sensitive")

# Inferred: that `hidden` and `displayOrder` may be left out. The published description asks for `hidden`; public code
# leaves both out.
_OPTION = shapes.record(
    {"label": shapes.filled, "value": shapes.filled},
    {"displayOrder": shapes.integer, "hidden": shapes.boolean, "description": shapes.text},
)
_CHANGEABLE: Mapping[str, shapes.Check] = {
    "label": shapes.filled,
    "groupName": shapes.filled,
    "type": shapes.one_of(FIELD_TYPES),
    "fieldType": shapes.one_of(_ALL_FIELD_TYPES),
    "description": shapes.text,
    "options": shapes.list_of(_OPTION),
    "displayOrder": shapes.integer,
    "hidden": shapes.boolean,
    "formField": shapes.boolean,
    "calculationFormula": shapes.filled,
    "showCurrencySymbol": shapes.boolean,
    "currencyPropertyName": shapes.text,
    "numberDisplayHint": shapes.one_of(_NUMBER_HINTS),
    "textDisplayHint": shapes.one_of(_TEXT_HINTS),
}
_FIXED: Mapping[str, shapes.Check] = {
    "hasUniqueValue": shapes.boolean,
    "dataSensitivity": shapes.one_of(_SENSITIVITIES),
    "referencedObjectType": shapes.one_of(("OWNER",)),
}
IGNORED_ON_CHANGE = frozenset(_FIXED)
"""A change that names these is answered 200 and they keep their value (observed)."""
_REQUIRED = ("label", "groupName", "type", "fieldType")

CREATION = shapes.record(
    {"name": shapes.filled} | {name: _CHANGEABLE[name] for name in _REQUIRED},
    {**_CHANGEABLE, **_FIXED, "externalOptions": shapes.boolean},
)
CHANGE = shapes.record({}, {**_CHANGEABLE, **_FIXED})

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def spell_name(name: str, where: str = "name") -> str:
    """Return the name as HubSpot keeps it, in lower case; raises RefusalError for one that it refuses.

    Inferred from what portals accepted: letters, digits and underscores, a letter first, fewer than 100 characters.
    """
    lowered = name.lower()
    if not _NAME.fullmatch(lowered):
        raise invalid(
            f"Property name {name!r} must begin with a letter and hold only letters, digits and underscores",
            where=where,
            code="INVALID_NAME",
        )
    if len(lowered) > NAME_LENGTH:
        raise invalid(
            f"Property name {name!r} is longer than {NAME_LENGTH} characters", where=where, code="NAME_TOO_LONG"
        )
    return lowered


def check_definition(definition: Json) -> None:
    """Raise RefusalError unless the parts of a whole definition fit each other."""
    kind, field_type = definition["type"], definition["fieldType"]
    if field_type not in FIELD_TYPES[kind]:
        allowed = ", ".join(sorted(FIELD_TYPES[kind]))
        raise invalid(
            f"The fieldType {field_type!r} is not valid for type {kind!r}; valid are: {allowed}",
            where="fieldType",
            code="INVALID_FIELD_TYPE",
        )
    if (field_type == CALCULATION) is not ("calculationFormula" in definition):
        # Inferred: that one without the other is refused, and the words.
        raise invalid(
            f"A property has a calculationFormula if and only if its fieldType is {CALCULATION}",
            where="calculationFormula",
        )
    _check_sensitivity(definition)
    _check_currency(definition)
    _check_options(definition)


def _check_sensitivity(definition: Json) -> None:
    if definition.get("dataSensitivity", "non_sensitive") != "non_sensitive":
        scope = "sensitive-data-property-create"
        raise RefusalError(FORBIDDEN, f"Missing required scope for: {scope}", category="MISSING_SCOPES")


def _check_currency(definition: Json) -> None:
    if "currencyPropertyName" in definition and not definition.get("showCurrencySymbol"):
        raise invalid(
            "Only currency properties can specify a currency property",
            where="currencyPropertyName",
            code="ONLY_CURRENCY_PROPERTIES_CAN_SPECIFY_CURRENCY",
        )


def _check_options(definition: Json) -> None:
    kind, options = definition["type"], definition.get("options") or []
    if definition.get("externalOptions"):
        if kind != "enumeration" or "referencedObjectType" not in definition or options:
            raise invalid(
                "externalOptions needs type enumeration, a referencedObjectType and no options of its own",
                where="externalOptions",
                code="INVALID_EXTERNAL_OPTIONS",
            )
        return
    if kind == "bool":
        _check_boolean_options(options)
    elif kind == "enumeration" and not options:
        raise invalid("A property of type enumeration needs options", where="options", code="MISSING_OPTIONS")
    elif kind != "enumeration" and options:
        raise invalid(f"A property of type {kind} cannot have options", where="options", code="UNEXPECTED_OPTIONS")
    _check_unique(options, "value", "NON_UNIQUE_PROPERTY_VALUE")
    _check_unique(options, "label", "NON_UNIQUE_PROPERTY_LABEL")


def _check_boolean_options(options: list[Json]) -> None:
    if sorted(each["value"] for each in options) != ["false", "true"]:
        raise RefusalError(
            BAD_REQUEST,
            "A property of type bool must have exactly the options true and false",
            sub_category="PropertyValidationError.INVALID_BOOLEAN_OPTION",
            errors=[
                {"message": "Expected the options true and false", "code": "INVALID_BOOLEAN_OPTION", "in": "options"}
            ],
        )


def _check_unique(options: list[Json], member: str, code: str) -> None:
    seen: set[str] = set()
    for position, each in enumerate(options):
        if each[member] in seen:
            raise RefusalError(
                BAD_REQUEST,
                f"Two options have the {member} {each[member]!r}",
                sub_category=f"PropertyValidationError.{code}",
                errors=[
                    {"message": f"{each[member]!r} is not unique", "code": code, "in": f"options[{position}].{member}"}
                ],
            )
        seen.add(each[member])


def place_options(options: list[Json]) -> list[Json]:
    """Return the options as HubSpot keeps them: -1 becomes one more than the last place, absent members are filled in.

    Inferred: an option without `displayOrder` takes its position in the list.
    """
    last = max((each.get("displayOrder", position) for position, each in enumerate(options)), default=-1)
    placed = []
    for position, each in enumerate(options):
        order = each.get("displayOrder", position)
        if order < 0:
            last = order = last + 1
        kept = {
            "label": each["label"],
            "value": each["value"],
            "displayOrder": order,
            "hidden": each.get("hidden", False),
        }
        if "description" in each:
            kept["description"] = each["description"]
        placed.append(kept)
    return placed


def check_limits(properties: Mapping[str, Json], everywhere: int, definition: Json, tier: Tier) -> None:
    """Raise RefusalError where one more property does not fit; `everywhere` counts the custom ones of all objects."""
    custom = sum(1 for each in properties.values() if not each["hubspotDefined"])
    if everywhere >= tier.properties or custom >= PROPERTIES_PER_OBJECT:
        raise RefusalError(
            BAD_REQUEST,
            f"This account has reached its limit of {min(tier.properties, PROPERTIES_PER_OBJECT)} custom properties",
            sub_category="PropertyValidationError.PROPERTY_LIMIT_EXCEEDED",
        )
    calculated = sum(1 for each in properties.values() if not each["hubspotDefined"] and each["calculated"])
    if "calculationFormula" in definition and calculated >= tier.calculated:
        # Inferred: the code; the numbers are documented by tier.
        raise RefusalError(
            BAD_REQUEST,
            f"This account has reached its limit of {tier.calculated} calculated properties",
            sub_category="PropertyValidationError.CALCULATED_PROPERTY_LIMIT_EXCEEDED",
        )
    unique = sum(1 for each in properties.values() if not each["hubspotDefined"] and each["hasUniqueValue"])
    if definition.get("hasUniqueValue") and unique >= UNIQUE_PROPERTIES_PER_OBJECT:
        raise RefusalError(
            BAD_REQUEST,
            f"An object can have at most {UNIQUE_PROPERTIES_PER_OBJECT} properties with unique values",
            sub_category="PropertyValidationError.UNIQUE_PROPERTY_LIMIT_EXCEEDED",
        )
