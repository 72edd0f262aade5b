"""Custom objects, custom metadata types and custom settings: what makes one, without its fields.

Kept under `CustomObject` by name; fields, rules, list views and record types stand beside it as components of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import CUSTOM, METADATA
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import LABEL_LIMIT, reserved, too_long, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches
from sla_sync_salesforce.simulator.standard_fields import standard_objects

_EVERYWHERE = frozenset("fullName label pluralLabel description deprecated".split())
_OF_OBJECTS = _EVERYWHERE | frozenset(
    "deploymentStatus enableActivities enableBulkApi enableFeeds enableHistory enableLicensing enableReports enableSearch"
    " enableSharing enableStreamingApi externalSharingModel gender nameField sharingModel startsWith"
    " allowInChatterGroups compactLayoutAssignment visibility".split()
)
_OF_SETTINGS = _EVERYWHERE | frozenset("customSettingsType enableFeeds visibility".split())
_OF_METADATA = _EVERYWHERE | frozenset({"visibility"})
_NEEDED = ("label", "pluralLabel", "nameField", "deploymentStatus", "sharingModel")
_SHARING = ("Private", "Read", "ReadWrite", "ControlledByParent")
_NAME_FIELDS = ("AutoNumber", "Text")
_NAME_MEMBERS = frozenset("fullName label type displayFormat startingNumber trackHistory trackFeedHistory".split())
_TEXT_LIMITS = (("label", LABEL_LIMIT), ("pluralLabel", LABEL_LIMIT), ("description", 1000))
_FORMAT_LIMIT, _OBJECTS_LIMIT = 30, 400


def sort_of(full_name: str, values: Values) -> str:
    """Return `metadata`, `setting` or `object`."""
    if full_name.endswith(METADATA):
        return "metadata"
    return "setting" if "customSettingsType" in values else "object"


def check(incoming: Incoming, organization: Organization, before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in a custom object."""
    name, values = incoming.full_name, incoming.values
    suffix = next((each for each in (METADATA, CUSTOM) if name.endswith(each)), "")
    if not suffix or name in standard_objects():
        yield f"Entity of type 'CustomObject' named '{name}' cannot be found"
        return
    own = name.removesuffix(suffix)
    yield from wrong_name("Object Name", own)
    yield from reserved("Object Name", own)
    kind = sort_of(name, values)
    allowed = {"metadata": _OF_METADATA, "setting": _OF_SETTINGS, "object": _OF_OBJECTS}[kind]
    for member in sorted(values.keys() - allowed):
        yield f"Can not specify '{member}' for a CustomObject that is a custom {kind}"
    if not values.get("label", "").strip():
        yield "Must specify a non-empty label for the CustomObject"
    for member, limit in _TEXT_LIMITS:
        yield from too_long(member, values.get(member, ""), limit)
    if kind == "object":
        yield from _object(values)
    elif kind == "metadata" and not values.get("pluralLabel", "").strip():
        yield "Must specify a non-empty plural label for the CustomObject"
    if kind == "setting" and values["customSettingsType"] == "List":
        yield "A custom setting of the type List is not implemented by this simulator"
    if before is not None and sort_of(name, before.values) != kind:
        yield f"Cannot change {name} from a custom {sort_of(name, before.values)} to a custom {kind}"
    if len(organization.of("CustomObject")) > _OBJECTS_LIMIT:
        yield f"You have reached the maximum number of custom objects: {_OBJECTS_LIMIT}"


def _object(values: Values) -> Iterator[str]:
    for member in _NEEDED:
        if member not in values:
            yield f"Must specify '{member}' for a CustomObject"
    if "sharingModel" in values and values["sharingModel"] not in _SHARING:
        yield f"The sharing model {values['sharingModel']} is not valid for a custom object"
    if values.get("sharingModel") == "ControlledByParent":
        yield "The sharing model ControlledByParent needs a master-detail field, which is not implemented by this simulator"
    name_field = values.get("nameField", {})
    for member in sorted(name_field.keys() - _NAME_MEMBERS):
        yield f"Can not specify '{member}' for a nameField"
    if "nameField" not in values:
        return
    type_name = name_field.get("type", "")
    if not name_field.get("label", "").strip():
        yield "Must specify a non-empty label for the nameField"
    yield from too_long("nameField label", name_field.get("label", ""), LABEL_LIMIT)
    if type_name not in _NAME_FIELDS:
        yield f"The nameField must be of the type Text or AutoNumber, and is of the type {type_name or '(none)'}"
    elif type_name == "AutoNumber":
        yield from check_format(name_field)
    elif "displayFormat" in name_field:
        yield "Can not specify 'displayFormat' for a nameField of type Text"


def check_format(field: Values) -> Iterator[str]:
    """Yield what is wrong with the format of an auto-number: `SLA-{000000}`, at most 30 characters."""
    display = field.get("displayFormat", "")
    if not display:
        yield "Must specify 'displayFormat' for a CustomField of type AutoNumber"
        return
    zeros = display.partition("{")[2].partition("}")[0]
    if display.count("{") != 1 or not zeros or set(zeros) != {"0"}:
        yield f"Display Format: the format {display} must hold one number such as {{0}} or {{0000}}"
    yield from too_long("displayFormat", display, _FORMAT_LIMIT)


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the object as the platform keeps it, with the switches that it writes in. Inferred: which these are."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    kind = sort_of(incoming.full_name, values)
    values.setdefault("visibility", "Public")
    if kind == "setting":
        values.setdefault("enableFeeds", "false")
    if kind == "object":
        for member in ("enableActivities", "enableFeeds", "enableHistory", "enableReports", "enableSearch"):
            values.setdefault(member, "false")
        for member in ("enableBulkApi", "enableSharing", "enableStreamingApi"):
            values.setdefault(member, "true")
        if "nameField" in values and values["nameField"].get("type") == "Text":
            values["nameField"] = {"trackHistory": "false", **values["nameField"]}
    return values
