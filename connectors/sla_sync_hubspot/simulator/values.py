"""What the portal asks of the values that a client writes into the properties of a record."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.object_types import ACTIVITIES, COMPANY, CONTACT, DEAL, LEAD, OBJECT_TYPES, TICKET
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, Json, RefusalError
from sla_sync_hubspot.simulator.stock import PORTAL_ID
from sla_sync_hubspot.simulator.validations import broken_rule

TEXT_LENGTH = 65_536
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_NUMBER = re.compile(r"-?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"-?\d+")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SEVERAL = "checkbox"
"""The field type whose value may be several options, with semicolons between them."""
_REQUIRED: Mapping[str, tuple[str, ...]] = {
    DEAL.identifier: ("dealname", "dealstage"),
    TICKET.identifier: ("subject", "hs_pipeline_stage"),
    LEAD.identifier: ("hs_lead_name",),
} | {each.identifier: ("hs_timestamp",) for each in ACTIVITIES}
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    CONTACT.identifier: ("email", "firstname", "lastname"),
    COMPANY.identifier: ("name", "domain"),
}


class _Wrong(NamedTuple):
    """Why a value is refused; the code stands in `errors` and in the sentence."""

    name: str
    code: str
    message: str


class _WrongError(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


def check_values(state: Json, object_id: str, values: Any) -> dict[str, str]:
    """Return the values as the portal keeps them; raises RefusalError that names every wrong one.

    Inferred: the codes of a number (INVALID_NUMBER) and of an owner who is not there (INVALID_OWNER_ID). The others
    were seen in answers of portals. A value must be a text here; HubSpot may take a number or a boolean for one.
    """
    if not isinstance(values, dict):
        raise RefusalError(BAD_REQUEST, "Invalid input JSON on line 1, column 1: properties must be an object")
    kept: dict[str, str] = {}
    wrong: list[_Wrong] = []
    for name, value in values.items():
        try:
            kept[name] = _checked(state, object_id, name, value)
        except _WrongError as error:
            wrong.append(_Wrong(name, error.code, error.message))
    if wrong:
        raise _refused(wrong)
    return kept


def check_required(object_id: str, values: Mapping[str, str]) -> None:
    """Raise RefusalError where a new record lacks what every record of its type must have."""
    lacking = [name for name in _REQUIRED.get(object_id, ()) if not values.get(name)]
    choice = _ONE_OF.get(object_id, ())
    if choice and not any(values.get(name) for name in choice):
        # Inferred: the words, and that all of the names are given.
        lacking = list(choice)
    if lacking:
        word = OBJECT_TYPES[object_id].singular.upper()
        raise RefusalError(
            BAD_REQUEST,
            f"Error creating {word}. Some required properties were not set.",
            context={"properties": lacking},
        )


def conflicting(name: str, text: str, existing: str) -> RefusalError:
    """Return the 400 for a value of a unique property that another record has."""
    return _refused([_Wrong(name, "CONFLICTING_UNIQUE_VALUE", f"{existing} already has that value: {text}")])


def _refused(wrong: list[_Wrong]) -> RefusalError:
    listed = [
        {
            "isValid": False, "message": each.message, "error": each.code, "name": each.name,
            "localizedErrorMessage": each.message, "portalId": PORTAL_ID,
        }
        for each in wrong
    ]  # fmt: skip
    errors = [{"message": each.message, "code": each.code, "context": {"propertyName": [each.name]}} for each in wrong]
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return RefusalError(BAD_REQUEST, f"Property values were not valid: {text}", errors=errors)


def _checked(state: Json, object_id: str, name: str, value: Any) -> str:
    definition = state["properties"][object_id].get(name)
    if definition is None:
        raise _WrongError("PROPERTY_DOESNT_EXIST", f'Property "{name}" does not exist')
    if definition["modificationMetadata"]["readOnlyValue"] or definition.get("calculated"):
        raise _WrongError("READ_ONLY_VALUE", f'"{name}" is a read only property; its value cannot be set.')
    if not isinstance(value, str):
        raise _WrongError("INVALID_STRING", f"{value!r} was not a string")
    if not value:
        return value
    kind = definition["type"]
    if kind not in ("string", "phone_number") and value != value.strip():
        raise _WrongError("LEADING_TRAILING_WHITESPACE", f'"{value}" includes leading or trailing whitespace.')
    if name == "email" and object_id == CONTACT.identifier:
        return _email(value)
    if kind == "enumeration":
        return _option(state, object_id, definition, value)
    kept = _CHECKS[kind](value)
    broken = broken_rule(state, object_id, name, kept)
    if broken:
        raise _WrongError("PROPERTY_VALIDATION_RULE", broken)
    return kept


def _email(value: str) -> str:
    if not _EMAIL.fullmatch(value.strip()):
        raise _WrongError("INVALID_EMAIL", f"Email address {value} is invalid")
    return value.strip().lower()


def _text(value: str) -> str:
    if len(value) > TEXT_LENGTH:
        # Inferred: the code; the length is documented.
        raise _WrongError("PROPERTY_VALUE_TOO_LONG", f"The value is longer than {TEXT_LENGTH} characters")
    return value


def _number(value: str) -> str:
    if not _NUMBER.fullmatch(value):
        raise _WrongError("INVALID_NUMBER", f"{value} was not a valid number.")
    return value


def _boolean(value: str) -> str:
    if value not in ("true", "false"):
        raise _WrongError("INVALID_OPTION", f"{value} was not one of the allowed options: [true, false]")
    return value


def _instant(value: str) -> str:
    if _WHOLE.fullmatch(value):
        return spell_instant(_EPOCH + timedelta(milliseconds=int(value)))
    if not _INSTANT.fullmatch(value):
        # Inferred: that a day without a time is refused here, as it was for a stamp of HubSpot's own.
        raise _WrongError("INVALID_LONG", f"{value} was not a valid long.")
    try:
        return spell_instant(datetime.fromisoformat(value))
    except ValueError:
        raise _WrongError("INVALID_LONG", f"{value} was not a valid long.") from None


def _day(value: str) -> str:
    """Return a day; an instant must be a midnight in UTC, as the guide says."""
    try:
        if _WHOLE.fullmatch(value):
            moment = _EPOCH + timedelta(milliseconds=int(value))
        elif _INSTANT.fullmatch(value):
            moment = datetime.fromisoformat(value).astimezone(UTC)
        else:
            return date.fromisoformat(value).isoformat()
    except (ValueError, OverflowError):
        raise _WrongError("INVALID_DATE", f"{value} was not a valid date.") from None
    if (moment - _EPOCH) % timedelta(days=1):
        raise _WrongError("INVALID_DATE", f"{value} is at {moment:%H:%M:%S.%f} UTC, not midnight!")
    return moment.date().isoformat()


def _option(state: Json, object_id: str, definition: Json, value: str) -> str:
    if definition.get("referencedObjectType") == "OWNER":
        return _owner(state, value)
    if definition.get("externalOptions"):
        allowed = [stage["id"] for each in state["pipelines"].get(object_id, ()) for stage in each["stages"]]
    else:
        allowed = [each["value"] for each in definition["options"]]
    several = definition["fieldType"] == _SEVERAL
    for each in value.split(";") if several else [value]:
        if each not in allowed and not (several and not each):
            listed = ", ".join(allowed)
            raise _WrongError("INVALID_OPTION", f"{each} was not one of the allowed options: [{listed}]")
    return value


def _owner(state: Json, value: str) -> str:
    if not _WHOLE.fullmatch(value):
        raise _WrongError("INVALID_INTEGER", f"{value} was not a valid integer (for owner ID).")
    if all(each["id"] != value for each in state["owners"]):
        raise _WrongError("INVALID_OWNER_ID", f"The owner ID {value} does not exist.")
    return value


_CHECKS: Mapping[str, Callable[[str], str]] = {
    "bool": _boolean,
    "date": _day,
    "datetime": _instant,
    "number": _number,
    "phone_number": _text,
    "string": _text,
}
