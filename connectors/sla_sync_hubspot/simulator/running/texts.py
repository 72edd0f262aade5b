"""What the values of actions come to for one record: static texts, its own values, now, a count, and texts with tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.instants import instant_of, spell_instant
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running.delays import relative

TOKEN = re.compile(r"\{\{\s*(.*?)\s*\}\}")
ENROLLED = "enrolled_object."
"""How a token for a property of the enrolled record begins (recorded)."""


def value_of(said: Json, target: Json, values: Mapping[str, str], now: datetime, zone: ZoneInfo) -> str:
    """Return what an action writes into a property. Inferred: a source without a value clears the target."""
    return _VALUES[said["type"]](said, target, values, now, zone)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text with the values of the record in place of its tokens; a value that is not there leaves nothing."""
    return TOKEN.sub(lambda found: values.get(found[1].removeprefix(ENROLLED), ""), text)


def tokens(text: str) -> Iterator[str]:
    """Yield what stands between the braces of each token."""
    return (each[1] for each in TOKEN.finditer(text))


def _static(said: Json, _target: Json, _values: Mapping[str, str], _now: datetime, _zone: ZoneInfo) -> str:
    return str(said["staticValue"])


def _now(_said: Json, target: Json, _values: Mapping[str, str], now: datetime, zone: ZoneInfo) -> str:
    return _spelled(now, target, zone)


def _copied(said: Json, target: Json, values: Mapping[str, str], _now: datetime, zone: ZoneInfo) -> str:
    text = values.get(said["propertyName"], "")
    if target["type"] in ("date", "datetime") and text:
        moment = instant_of(text, zone)
        return _spelled(moment, target, zone) if moment else text
    return text


def _later(said: Json, target: Json, _values: Mapping[str, str], now: datetime, zone: ZoneInfo) -> str:
    return _spelled(relative(said["timeDelay"], now, zone), target, zone)


def _counted(said: Json, target: Json, values: Mapping[str, str], _now: datetime, _zone: ZoneInfo) -> str:
    """Return the number one step further. Inferred: a property without a value counts from 0."""
    total = Decimal(values.get(target["name"], "0")) + Decimal(str(said["incrementAmount"]))
    return f"{total.normalize():f}"


def _spelled(moment: datetime, target: Json, zone: ZoneInfo) -> str:
    """Return an instant as the property holds it. Inferred: the day of a date property is that of the portal's zone."""
    if target["type"] == "date":
        return moment.astimezone(zone).date().isoformat()
    return spell_instant(moment.astimezone(UTC))


_VALUES: Mapping[str, Callable[[Json, Json, Mapping[str, str], datetime, ZoneInfo], str]] = {
    "STATIC_VALUE": _static,
    "TIMESTAMP": _now,
    "OBJECT_PROPERTY": _copied,
    "RELATIVE_DATETIME": _later,
    "INCREMENT": _counted,
}
