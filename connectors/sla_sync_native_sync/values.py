"""Values as both sides mean them: read from either, compared, and spelled for the other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = str | float | bool | datetime | date | None
"""None where there is none. An instant is in UTC and has whole seconds, for Salesforce keeps no more."""


class Kind(StrEnum):
    """What a field of Salesforce holds."""

    TEXT = "text"
    CHOICE = "choice"
    NUMBER = "number"
    YES_NO = "yes or no"
    INSTANT = "instant"
    DAY = "day"
    REFERENCE = "reference"


_KINDS: Mapping[str, Kind] = {
    "picklist": Kind.CHOICE,
    "boolean": Kind.YES_NO,
    "double": Kind.NUMBER,
    "int": Kind.NUMBER,
    "currency": Kind.NUMBER,
    "percent": Kind.NUMBER,
    "datetime": Kind.INSTANT,
    "date": Kind.DAY,
    "reference": Kind.REFERENCE,
    "id": Kind.REFERENCE,
}
_FITTING: Mapping[str, frozenset[Kind]] = {
    "enumeration": frozenset({Kind.CHOICE, Kind.REFERENCE}),
    # A single line of text goes with a picklist as well: HubSpot says so of countries and states.
    "string": frozenset({Kind.TEXT, Kind.CHOICE}),
    "number": frozenset({Kind.NUMBER}),
    "bool": frozenset({Kind.YES_NO}),
    "date": frozenset({Kind.DAY, Kind.INSTANT}),
    "datetime": frozenset({Kind.DAY, Kind.INSTANT}),
}
"""Type of a property → the fields that it can be mapped to (knowledge.hubspot.com, «map HubSpot properties»)."""


def kind_of(field_type: str) -> Kind:
    """Return what a field holds, by the type that a describe tells."""
    return _KINDS.get(field_type, Kind.TEXT)


def fits(property_type: str, kind: Kind) -> bool:
    """Return whether HubSpot lets a property of this type be mapped to such a field."""
    return kind in _FITTING.get(property_type, ())


def from_hubspot(kind: Kind, text: str | None) -> Value:
    """Return what a property holds, meant as the field that it is mapped to."""
    if kind is Kind.YES_NO:
        return text == "true"
    if not text or not text.strip():
        return None
    if kind is Kind.NUMBER:
        return float(text)
    if kind is Kind.INSTANT:
        return _instant(text) if "T" in text else datetime.combine(date.fromisoformat(text), datetime.min.time(), UTC)
    return date.fromisoformat(text[:10]) if kind is Kind.DAY else text.strip()


def from_salesforce(kind: Kind, given: object) -> Value:
    """Return what a field holds."""
    if kind is Kind.YES_NO:
        return bool(given)
    if given is None or given == "":
        return None
    if kind is Kind.NUMBER:
        return float(str(given))
    if kind is Kind.INSTANT:
        return _instant(str(given))
    return date.fromisoformat(str(given)[:10]) if kind is Kind.DAY else str(given)


def to_hubspot(property_type: str, value: Value) -> str:
    """Return a value as a property of this type takes it; an empty text clears it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.15g}"
    if property_type == "date" and isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat() if property_type == "date" else f"{value.isoformat()}T00:00:00.000Z"
    return value


def to_salesforce(value: Value) -> object:
    """Return a value as Salesforce takes it in JSON."""
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
