"""The local day of an instant, for many rows at once: by a small table of the days of a zone, so that engines need no zones."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import naive
from sla_sync.semantics.calendar import zone_named
from sla_sync.semantics.civil import first_instant

_DAY = timedelta(days=1)
_STAMP = pa.timestamp("us")
_SCHEMA = pa.schema([("_on_day", pa.date32()), ("_since", _STAMP), ("_until", _STAMP), ("_day", pa.date32())])


def with_local_day(rows: Table, at: str, period: Period, name: str = "day") -> Table:
    """Return the rows whose instant lies in a period, with its local day in the zone of the period."""
    days = ibis.memtable(_days(period))
    on_day = rows[at].date()
    found = rows.inner_join(days, [on_day == days["_on_day"], rows[at] >= days["_since"], rows[at] < days["_until"]])
    return found.select(*(each for each in rows.columns if each != name), **{name: found["_day"]})


def _days(period: Period) -> pa.Table:
    """Return each local day of a period as it lies on one or two days of UTC."""
    zone = zone_named(period.zone)
    rows = []
    for step in range((period.last - period.first).days + 1):
        day = period.first + step * _DAY
        since, until = (first_instant(zone, datetime.combine(each, time())) for each in (day, day + _DAY))
        on_day = since.astimezone(UTC).date()
        while (begin := datetime.combine(on_day, time(), UTC)) < until:
            rows.append((on_day, naive(max(since, begin)), naive(min(until, begin + _DAY)), day))
            on_day += _DAY
    columns = list(zip(*rows, strict=True)) or [()] * len(_SCHEMA)
    return pa.table(
        [pa.array(each, type=kind.type) for each, kind in zip(columns, _SCHEMA, strict=True)], schema=_SCHEMA
    )
