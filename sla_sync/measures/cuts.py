"""Counted rows cut by one of their columns: the shares of each word in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from ibis.expr.types import BooleanValue, Table

from sla_sync.attainment.attainment import Period
from sla_sync.attainment.business_time import stamp
from sla_sync.attainment.shares import Share

UNKNOWN = "unknown"
"""The name under which a cut holds those of which it is not known."""

Row = Mapping[str, Any]


def share_of_rows(rows: Iterable[Row], part: str, whole: str) -> Share:
    """Return what two columns of counts add up to, as a share."""
    own = tuple(rows)
    return Share(sum(row[part] for row in own), sum(row[whole] for row in own))


def shares_by(rows: Iterable[Row], cut: str, part: str, whole: str) -> dict[str, Share]:
    """Return the share of each word in a column, by the order of words; an empty one is `UNKNOWN`."""
    names: dict[str, list[Row]] = {}
    for row in rows:
        names.setdefault(row[cut] or UNKNOWN, []).append(row)
    return {name: share_of_rows(own, part, whole) for name, own in sorted(names.items())}


def voids_of(rows: Iterable[Row], count: str = "n") -> dict[str, int]:
    """Return how many of counted rows are left out, by why they count for nothing."""
    found = Counter[str]()
    for row in rows:
        if row["void"] is not None:
            found[row["void"]] += row[count]
    return dict(sorted(found.items()))


def inside(rows: Table, at: str, period: Period) -> BooleanValue:
    """Return whether an instant of each row lies in a period."""
    return (rows[at] >= stamp(period.since)) & (rows[at] < stamp(period.until))
