"""Records as clients write them, JSON or CSV, made into typed values that the caller may write."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.queries.tables import may_write_field, visible_fields
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.standard_fields import FieldShape
from sla_sync_salesforce.simulator.store import Row, Value

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)")
_NUMERIC = ("Number", "Currency", "Percent")
NOTHING = "#N/A"
"""What a CSV writes where a field is to be emptied; an empty cell leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Who writes records of which object, with the fields of it that this user sees, by lower-case name."""

    desk: Desk
    user: User
    object_name: str
    shapes: Mapping[str, FieldShape]

    def row(self, body: Mapping[str, Any], *, text: bool = False) -> Row:
        """Return the typed values of a record; those of a CSV are all `text`. Raises RefusedError."""
        values: Row = {}
        refused: list[str] = []
        for name, given in body.items():
            if name in ("attributes", "Id", "id"):
                continue
            shape = self._shape(name, given)
            if not may_write_field(self.desk, self.user, self.object_name, shape):
                refused.append(shape.name)
                continue
            values[shape.name] = _from_text(shape, given) if text else _from_json(shape, given)
        if refused:
            message = (
                f"Unable to create/update fields: {', '.join(refused)}. Please check the security settings of this field"
                " and verify that it is read/write for your profile or permission set."
            )
            raise RefusedError("INVALID_FIELD_FOR_INSERT_UPDATE", message, fields=tuple(refused))
        return values

    def _shape(self, name: str, given: object) -> FieldShape:
        shape = self.shapes.get(name.lower())
        if shape is None:
            if isinstance(given, Mapping):
                raise not_implemented(f"A reference by external id, such as {name},")
            text = f"No such column '{name}' on sobject of type {self.object_name}"
            raise RefusedError("INVALID_FIELD", text, fields=(name,))
        return shape


def incoming(desk: Desk, user: User, object_name: str) -> Incoming:
    """Return the reader of records of an object that a user writes."""
    shapes = {name.lower(): shape for name, shape in visible_fields(desk, user, object_name).items()}
    return Incoming(desk, user, object_name, shapes)


def _wrong(type_name: str, given: object) -> RefusedError:
    kind = {str: "VALUE_STRING", bool: "VALUE_TRUE" if given is True else "VALUE_FALSE"}.get(
        type(given), "VALUE_NUMBER_INT"
    )
    text = (
        f"Cannot deserialize instance of {type_name.lower()} from {kind} value {given} or request may be missing a"
        " required field at [line:1, column:1]"
    )
    return RefusedError("JSON_PARSER_ERROR", text)


def _from_json(shape: FieldShape, given: object) -> Value:
    if given is None:
        if shape.type == "Checkbox":
            # Documented: a checkbox is never empty.
            raise _wrong("boolean", given)
        return None
    if shape.type == "Checkbox":
        if not isinstance(given, bool):
            raise _wrong("boolean", given)
        return given
    if shape.type in _NUMERIC:
        if isinstance(given, str):
            # Documented: numbers in JSON may be written as texts.
            return _number(shape, given)
        if isinstance(given, bool) or not isinstance(given, (int, float)):
            raise _wrong("double", given)
        return given
    if not isinstance(given, (str, int, float)) or isinstance(given, bool):
        raise _wrong("string" if shape.type not in ("DateTime", "Date") else shape.type, given)
    return _timed(shape, str(given))


def _from_text(shape: FieldShape, given: object) -> Value:
    text = str(given)
    if text in ("", NOTHING):
        return False if shape.type == "Checkbox" else None
    if shape.type == "Checkbox":
        if text.lower() not in ("true", "false", "1", "0"):
            raise RefusedError("INVALID_TYPE_ON_FIELD_IN_RECORD", f"{shape.label}: value not of required type: {text}")
        return text.lower() in ("true", "1")
    return _number(shape, text) if shape.type in _NUMERIC else _timed(shape, text)


def _number(shape: FieldShape, text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        raise _wrong("double", text) from None
    return int(number) if number.is_integer() and shape.type == "Number" else number


def _timed(shape: FieldShape, text: str) -> Value:
    """Return a text as the type of its field: an instant in UTC to the second, a day, or what it is."""
    if shape.type == "DateTime":
        if not _INSTANT.fullmatch(text):
            raise _wrong("datetime", text)
        try:
            # Documented: a date/time field keeps no fractions of a second.
            return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
        except ValueError:
            raise _wrong("datetime", text) from None
    if shape.type == "Date":
        try:
            return date.fromisoformat(text[:10])
        except ValueError:
            raise _wrong("date", text) from None
    # The platform trims what it keeps as text; a text of blanks alone is empty.
    return text.strip() or None
