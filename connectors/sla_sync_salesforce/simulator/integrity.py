"""What the platform checks of every value that is saved, by whom ever: lengths, numbers, picklists, references, owners."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from sla_sync_salesforce.simulator.fields import ACTIVITY, fields_of
from sla_sync_salesforce.simulator.organization import Organization
from sla_sync_salesforce.simulator.picklists import picklist
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.standard_fields import FieldShape, targets
from sla_sync_salesforce.simulator.store import Fields, Row, Value

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_IDENTITY = re.compile(r"[A-Za-z0-9]{15}([A-Z0-5]{3})?")
_NUMERIC = ("Number", "Currency", "Percent")
_TEXTS = ("Text", "TextArea", "LongTextArea", "Email", "Phone", "Url", "Picklist")
_PICKLIST_LIMIT, _AREA_LIMIT, _PHONE_LIMIT = 255, 255, 40
_DEFAULT_LENGTHS = {
    "Picklist": _PICKLIST_LIMIT,
    "TextArea": _AREA_LIMIT,
    "Phone": _PHONE_LIMIT,
    "Email": 80,
    "Url": 255,
}


def check_values(organization: Organization, object_name: str, values: Fields) -> Row:
    """Return values as the platform keeps them. Raises RefusedError with the platform's code for the first that is wrong."""
    shapes = fields_of(organization, object_name)
    kept = {name: _checked(organization, object_name, shapes[name], value) for name, value in values.items()}
    if isinstance(kept.get("OwnerId"), str):
        _check_owner(organization, object_name, str(kept["OwnerId"]))
    return kept


def check_required(organization: Organization, object_name: str, row: Fields) -> None:
    """Refuse a row, as it would stand, that lacks what its object requires. Raises RefusedError."""
    missing = tuple(
        name
        for name, shape in fields_of(organization, object_name).items()
        if shape.required and shape.writeable and row.get(name) in (None, "") and not _named_by_id(object_name, name)
    )
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        raise RefusedError("REQUIRED_FIELD_MISSING", text, fields=missing)


def _named_by_id(object_name: str, field: str) -> bool:
    """Return whether the platform gives this name itself, which it does for records of custom objects."""
    return field == "Name" and object_name.endswith("__c")


def check_unique(organization: Organization, object_name: str, identity: str | None, values: Fields) -> None:
    """Refuse a value that another row has in a field that holds each value once. Raises RefusedError."""
    for name, value in values.items():
        if value is None or own_values(organization, object_name, name).get("unique") != "true":
            continue
        for other, row in organization.store.of(object_name).items():
            if other != identity and _folded(row.get(name)) == _folded(value):
                text = f"duplicate value found: {name} duplicates value on record with id: {other[:15]}"
                raise RefusedError("DUPLICATE_VALUE", text, fields=(name,))


def own_values(organization: Organization, object_name: str, field: str) -> Mapping[str, object]:
    """Return the metadata of a custom field; nothing for a standard one."""
    holder = ACTIVITY if object_name in ("Task", "Event") else object_name
    component = organization.of("CustomField").get(f"{holder}.{field}")
    return component.values if component else {}


def reference(organization: Organization, object_name: str, shape: FieldShape, given: str) -> str:
    """Return the id that a lookup holds, in 18 characters. Raises RefusedError for one that leads nowhere."""
    if not _IDENTITY.fullmatch(given):
        raise RefusedError("MALFORMED_ID", f"{shape.label}: id value of incorrect type: {given}", fields=(shape.name,))
    store = organization.store
    for target in targets(object_name, shape):
        row = store.get(target, given)
        if row is not None:
            return str(row["Id"])
        if target in ("Profile", "Organization") and given.startswith(("00e", "00D")):
            return given
    prefixes = {store.prefix(target) for target in targets(object_name, shape)}
    if given[:3] not in prefixes:
        text = f"{shape.label}: id value of incorrect type: {given}"
        raise RefusedError("FIELD_INTEGRITY_EXCEPTION", text, fields=(shape.name,))
    raise RefusedError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=(shape.name,))


def _folded(value: Value) -> Value:
    return value.casefold() if isinstance(value, str) else value


def _checked(organization: Organization, object_name: str, shape: FieldShape, value: Value) -> Value:
    if value is None or value == "":
        return False if shape.type == "Checkbox" else None
    if shape.type == "Lookup":
        return reference(organization, object_name, shape, str(value))
    if shape.type in _NUMERIC and isinstance(value, (int, float)):
        return _number(shape, value, own_values(organization, object_name, shape.name))
    if shape.type in _TEXTS:
        _check_text(organization, object_name, shape, str(value))
    return value


def _check_text(organization: Organization, object_name: str, shape: FieldShape, text: str) -> None:
    most = shape.length or _DEFAULT_LENGTHS.get(shape.type, 0)
    if most and len(text) > most:
        message = f"{shape.label}: data value too large: {text} (max length={most})"
        raise RefusedError("STRING_TOO_LONG", message, fields=(shape.name,))
    if shape.type == "Email" and not _EMAIL.fullmatch(text):
        message = f"{shape.label}: invalid email address: {text}"
        raise RefusedError("INVALID_EMAIL_ADDRESS", message, fields=(shape.name,))
    if shape.type == "Picklist":
        offered = picklist(organization, object_name, shape.name)
        if offered.restricted and text not in offered.names:
            message = f"{shape.label}: bad value for restricted picklist field: {text}"
            raise RefusedError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, fields=(shape.name,))


def _number(shape: FieldShape, value: float, own: Mapping[str, object]) -> float:
    if "precision" in own:
        scale = int(str(own["scale"]))
        whole = int(str(own["precision"])) - scale
    elif shape.type == "Number":
        scale, whole = 0, shape.length
    else:
        return value
    if not math.isfinite(value) or abs(value) >= 10 ** (whole or 18):
        text = f"{shape.label}: value outside of valid range on numeric field: {value}"
        raise RefusedError("NUMBER_OUTSIDE_VALID_RANGE", text, fields=(shape.name,))
    # Documented: what has more decimal places than the field is rounded, a half away from zero.
    rounded = math.copysign(math.floor(abs(value) * 10**scale + 0.5) / 10**scale, value)
    return int(rounded) if rounded.is_integer() else rounded


def _check_owner(organization: Organization, object_name: str, owner: str) -> None:
    store = organization.store
    person = store.get("User", owner)
    if person is not None and not person["IsActive"]:
        text = f"operation performed with inactive user [{owner}] as owner of {object_name.lower()}"
        raise RefusedError("INACTIVE_OWNER_OR_USER", text, fields=("OwnerId",))
    if person is None:
        serves = any(
            row["QueueId"] == owner and row["SobjectType"] == object_name for row in store.of("QueueSobject").values()
        )
        if not serves:
            text = "Owner ID: Queue not associated with this SObject type"
            raise RefusedError("FIELD_INTEGRITY_EXCEPTION", text, fields=("OwnerId",))
