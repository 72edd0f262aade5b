"""The pack as JSON: every number under the name that the dataclasses of `measures` give it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.quantities import Rate
from sla_sync.attainment.attainment import Figure as Attained
from sla_sync.attainment.shares import Share
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.measures.pack import Pack
from sla_sync.measures.waterfall import Level

Plain = Mapping[str, "Plain"] | list["Plain"] | str | int | float | bool | None


def pack_as_json(pack: Pack) -> str:
    """Return the whole pack as JSON."""
    return json.dumps(pack_as_plain(pack), indent=2, ensure_ascii=False, allow_nan=False)


def pack_as_plain(pack: Pack) -> Mapping[str, Plain]:
    """Return the whole pack as JSON can say it; instants are in UTC."""
    return {
        "format_version": FORMAT_VERSION,
        **{each.name: plain_of(getattr(pack, each.name)) for each in fields(pack)},
    }


def pointer(*steps: str | int) -> str:
    """Return the place in JSON to which these names and numbers lead."""
    return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in steps)


def plain_of(value: object) -> Plain:
    """Return a value of the measures as JSON can say it, dataclasses by the names of their fields; raises TypeError."""
    if isinstance(value, Enum):
        return str(value.value)
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {_key(key): plain_of(each) for key, each in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_of(each) for each in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, (Duration, Rate)):
        return str(value)
    if is_dataclass(value):
        own: dict[str, Plain] = {each.name: plain_of(getattr(value, each.name)) for each in fields(value)}
        return {**own, **_reckoned(value)}
    raise TypeError(type(value).__name__)


def _key(key: object) -> str:
    return "-".join(map(str, key)) if isinstance(key, tuple) else str(key)


def _reckoned(value: object) -> Mapping[str, Plain]:
    """Return what follows from the fields of a value and is shown beside them."""
    if isinstance(value, Share):
        return {"value": value.value, "interval": list(value.interval) if value.interval else None}
    if isinstance(value, Attained):
        return {"attained": plain_of(value.attained), "zero_second": plain_of(value.zero_second)}
    if isinstance(value, Level):
        return {"left_over": value.left_over}
    return {}
