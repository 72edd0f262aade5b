"""The records of a type in the order of their last change, so that a search which asks for a stretch looks at no other."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sla_sync_hubspot.simulator.records import Record, Records

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Order:
    """Records that are not archived, the one that was changed first first; of one instant, the first created."""

    instants: Sequence[int]
    rows: Sequence[Record]

    def stretch(self, since: float, until: float) -> Sequence[Record]:
        """Return the records that were last changed in a stretch of milliseconds, both ends included."""
        return self.rows[bisect_left(self.instants, since) : bisect_right(self.instants, until)]


def order_of(records: Records, object_id: str) -> Order:
    """Return the order of the records of a type, which is kept until one of them is written."""
    found = records.orders.get(object_id)
    if not isinstance(found, Order):
        rows = sorted(records.of(object_id), key=lambda each: (milliseconds(each.updated), each.created, int(each.id)))
        found = records.orders[object_id] = Order([milliseconds(each.updated) for each in rows], rows)
    return found


def milliseconds(instant: datetime) -> int:
    """Return an instant as a search knows it, which knows nothing of what is less than a millisecond."""
    return (instant - _EPOCH) // _MILLISECOND
