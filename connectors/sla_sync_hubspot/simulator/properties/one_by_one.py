"""Properties: list, read, create, change and archive one."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync_hubspot.simulator.calculating import check_circle, recalculate_all
from sla_sync_hubspot.simulator.call import CREATED, NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.formulas import check_formula
from sla_sync_hubspot.simulator.object_types import ObjectType
from sla_sync_hubspot.simulator.properties import rules as property_rules
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, CONFLICT, Json, RefusalError, invalid, not_found
from sla_sync_hubspot.simulator.uses import property_uses

# The same refusal bears another name in the newest version (both observed on portals).
_EXISTS: Mapping[str, tuple[str, str]] = {
    "2026-09": ("OBJECT_ALREADY_EXISTS", "Properties.PROPERTY_WITH_NAME_EXISTS"),
}
_EXISTS_BEFORE = ("VALIDATION_ERROR", "PropertyValidationError.PROPERTY_EXISTS")
_OPTION_PARTS = frozenset({"options"})
_SAME_ANYWAY = frozenset({"type", "fieldType"})


def list_properties(call: Call) -> Answer:
    """Answer every property of an object type, or with `archived=true` every archived one."""
    kind = "archived_properties" if call.flag("archived") else "properties"
    found: list[Json] = list(call.state[kind][call.object_type.identifier].values())
    if call.word("dataSensitivity") in ("sensitive", "highly_sensitive"):
        found = []
    return Answer(body={"results": found})


def read_property(call: Call) -> Answer:
    """Answer one property; an archived one is found only with `archived=true`."""
    kind = "archived_properties" if call.flag("archived") else "properties"
    found = call.state[kind][call.object_type.identifier].get(call.path["name"])
    if found is None:
        raise no_property(call.object_type, call.path["name"])
    return Answer(body=found)


def create_property(call: Call) -> Answer:
    """Create one property."""
    created = create(call, call.body, call.object_type)
    location = f"/crm/v3/properties/{call.object_type.plural.lower()}/{created['name']}"
    return Answer(CREATED, created, {"Location": location})


def change_property(call: Call) -> Answer:
    """Change what the body names; `options` is replaced as a whole."""
    property_rules.CHANGE(call.body, "")
    named: Json = {
        key: value
        for key, value in call.body.items()
        if value is not None and key not in property_rules.IGNORED_ON_CHANGE
    }
    object_type = call.object_type
    found = _find(call, object_type, call.path["name"])
    if found["hubspotDefined"]:
        _check_read_only(found, named)
    _check_group(call, object_type, str(named.get("groupName", found["groupName"])))
    changed = found | named
    if "options" not in named and found["type"] != changed["type"] and changed["type"] not in ("enumeration", "bool"):
        changed["options"] = []
    if not found["hubspotDefined"]:
        property_rules.check_definition(changed)
        _check_calculation(call, object_type, changed, found["name"])
    if "options" in named:
        changed["options"] = property_rules.place_options(named["options"])
    if "displayOrder" in named:
        changed["displayOrder"] = _place(call, object_type, named["displayOrder"], besides=found["name"])
    changed = _signed(call, changed)
    call.state["properties"][object_type.identifier][found["name"]] = changed
    if "calculationFormula" in named:
        recalculate_all(call.portal, object_type.identifier, found["name"])
    call.note("PROPERTY", "UPDATE", found["name"])
    return Answer(body=changed)


def archive_property(call: Call) -> Answer:
    """Archive one property, unless a list or a workflow uses it."""
    archive(call, call.object_type, call.path["name"])
    return Answer(NO_CONTENT)


def create(call: Call, body: Json, object_type: ObjectType) -> Json:
    """Create a property from one body and return it; a name that is archived is restored with the new definition."""
    property_rules.CREATION(body, "")
    definition = {key: value for key, value in body.items() if value is not None}
    name = property_rules.spell_name(definition["name"])
    properties = call.state["properties"][object_type.identifier]
    if name in properties:
        category, sub_category = _EXISTS.get(call.version, _EXISTS_BEFORE)
        message = f"A property named '{name}' already exists."
        raise RefusalError(
            CONFLICT,
            message,
            category=category,
            sub_category=sub_category,
            context={"name": [name]},
            errors=[{"message": message, "in": "name"}],
        )
    _check_group(call, object_type, definition["groupName"])
    property_rules.check_definition(definition)
    _check_calculation(call, object_type, definition, name)
    everywhere = sum(
        1 for each in call.state["properties"].values() for one in each.values() if not one["hubspotDefined"]
    )
    property_rules.check_limits(properties, everywhere, definition, call.switches.tier)
    archived = call.state["archived_properties"][object_type.identifier].pop(name, {})
    defaults: Json = {
        "description": "",
        "displayOrder": -1,
        "calculated": False,
        "externalOptions": False,
        "hasUniqueValue": False,
        "hidden": False,
        "formField": False,
        "dataSensitivity": "non_sensitive",
    }
    created = defaults | definition | {"name": name, "hubspotDefined": False, "archived": False}
    created["createdAt"] = archived.get("createdAt", call.stamp)
    created["options"] = property_rules.place_options(definition.get("options", []))
    created["displayOrder"] = _place(call, object_type, created["displayOrder"], besides=name)
    created["calculated"] = "calculationFormula" in created
    created["modificationMetadata"] = {
        "archivable": True, "readOnlyDefinition": False, "readOnlyOptions": False,
        "readOnlyValue": created["calculated"],
    }  # fmt: skip
    if call.bearer.person:
        created["createdUserId"] = call.bearer.user_id
    created = _signed(call, created)
    properties[name] = created
    if created["calculated"]:
        recalculate_all(call.portal, object_type.identifier, name)
    call.note("PROPERTY", "CREATE", name)
    return created


def archive(call: Call, object_type: ObjectType, name: str) -> None:
    """Move a property to the archive."""
    found = _find(call, object_type, name)
    if not found["modificationMetadata"]["archivable"]:
        message = (
            f"Property {name} of object type {object_type.identifier} is defined by HubSpot and cannot be archived"
        )
        raise RefusalError(BAD_REQUEST, message, sub_category="PropertyValidationError.PROPERTY_INVALID")
    uses = property_uses(call.state, object_type.identifier, name)
    if uses:
        raise RefusalError(
            BAD_REQUEST,
            f"Property: {name} of object type {object_type.identifier} is currently used in {len(uses)} places "
            "and cannot be deleted",
            sub_category="PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE",
            context={"usageCount": [str(len(uses))]},
            errors=[
                {
                    "message": f"{use.kind} {use.name} uses it",
                    "subCategory": "PropertyValidationError.PROPERTY_USAGE",
                    "context": {
                        "parentType": [use.kind], "parentDisplayType": [use.kind], "parentName": [use.identifier],
                    },
                }
                for use in uses
            ],
        )  # fmt: skip
    del call.state["properties"][object_type.identifier][name]
    archived = _signed(call, found) | {"archived": True, "archivedAt": call.stamp}
    call.state["archived_properties"][object_type.identifier][name] = archived
    call.note("PROPERTY", "ARCHIVE", name)


def no_property(object_type: ObjectType, name: str) -> RefusalError:
    """Return the 404 for a property that is not there; one in the archive counts as not there."""
    return not_found(f"Property '{name}' of object type {object_type.identifier} does not exist", propertyName=name)


def _find(call: Call, object_type: ObjectType, name: str) -> Json:
    found: Json | None = call.state["properties"][object_type.identifier].get(name)
    if found is None:
        raise no_property(object_type, name)
    return found


def _signed(call: Call, definition: Json) -> Json:
    """Return a definition with when it was changed and by whom."""
    # The API leaves the user out where an app made the change.
    signed = {key: value for key, value in definition.items() if key != "updatedUserId"} | {"updatedAt": call.stamp}
    return signed | ({"updatedUserId": call.bearer.user_id} if call.bearer.person else {})


def _check_read_only(found: Json, named: Json) -> None:
    # Inferred: the status and words of this refusal; `modificationMetadata` is documented, the answer is not.
    metadata = found["modificationMetadata"]
    for key, value in named.items():
        if key in _OPTION_PARTS and not metadata["readOnlyOptions"]:
            property_rules.check_definition(found | {"options": value})
            continue
        if key in _SAME_ANYWAY and value == found[key]:
            continue
        if metadata["readOnlyDefinition"] or key in _OPTION_PARTS:
            raise RefusalError(
                BAD_REQUEST,
                f"The {key} of property {found['name']} is read only",
                sub_category="PropertyValidationError.READ_ONLY_DEFINITION",
                errors=[{"message": f"{key} cannot be modified", "in": key}],
            )


def _check_calculation(call: Call, object_type: ObjectType, definition: Json, name: str) -> None:
    if "calculationFormula" in definition:
        properties = call.state["properties"][object_type.identifier]
        check_formula(properties, definition)
        check_circle(properties, definition, name)


def _check_group(call: Call, object_type: ObjectType, group: str) -> None:
    if group not in call.state["groups"][object_type.identifier]:
        raise invalid(f"Property group {group!r} does not exist", where="groupName", code="GROUP_DOES_NOT_EXIST")


def _place(call: Call, object_type: ObjectType, order: int, *, besides: str) -> int:
    if order >= 0:
        return order
    others = call.state["properties"][object_type.identifier].values()
    return max((int(each["displayOrder"]) for each in others if each["name"] != besides), default=-1) + 1
