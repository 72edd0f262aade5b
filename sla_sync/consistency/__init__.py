"""Whether two platforms that live one agreement tell one story: twelve points, each decided by what both of them show."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sla_sync.agreement.attestations import Point
from sla_sync.consistency.attested import attested
from sla_sync.consistency.doers import escalation, writers
from sla_sync.consistency.fields import rights, types
from sla_sync.consistency.hours import hours
from sla_sync.consistency.people import people
from sla_sync.consistency.sides import Exchange, Pair, Side, worst
from sla_sync.consistency.start import start
from sla_sync.consistency.syncing import direction, inclusion, technical
from sla_sync.consistency.thresholds import thresholds
from sla_sync.consistency.verdicts import Found, Outcome, Verdict
from sla_sync.consistency.vocabulary import vocabulary

__all__ = ["CHECKS", "Exchange", "Found", "Outcome", "Pair", "Point", "Side", "Verdict", "compare"]

CHECKS: Mapping[Point, Callable[[Pair], Iterator[Found]]] = {
    Point.VOCABULARY: vocabulary,
    Point.THRESHOLDS: thresholds,
    Point.WRITERS: writers,
    Point.DIRECTION: direction,
    Point.TYPES: types,
    Point.HOURS: hours,
    Point.PEOPLE: people,
    Point.INCLUSION: inclusion,
    Point.RIGHTS: rights,
    Point.START: start,
    Point.ESCALATION: escalation,
    Point.TECHNICAL: technical,
}
"""What decides each point, in the order in which they are told."""


def compare(pair: Pair) -> tuple[Verdict, ...]:
    """Return the verdict on every point."""
    return tuple(_verdict(point, pair) for point in CHECKS)


def _verdict(point: Point, pair: Pair) -> Verdict:
    found = attested(point, tuple(CHECKS[point](pair)), pair)
    return Verdict(point, worst(found), found)
