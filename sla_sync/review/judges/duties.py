"""What a change of a commitment bears on: who must keep it, to whom it is owed, and whether the plan gets a gap."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import CountOf, SumOf
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.review.amendments import Effect, Matter
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, parties_of, promise, sides
from sla_sync.review.judges.spots import Spot

INFLUENCE = "influence"
"""The kind of commitment that is reported and never counts as broken."""


def commitment(spot: Spot) -> str:
    """Return the name of the commitment, as a sentence begins: `first-response`."""
    return spot.name()


def weigh_duty(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what is asked of the party that answers for the commitment, before or after.

    What is only reported, on both sides, is nobody's duty.
    """
    both = tuple(_both(spot))
    if all(each.kind == INFLUENCE for each, _ in both):
        return TECHNICAL
    parties = frozenset(party for each, agreement in both for party in parties_of((each.by,), agreement))
    bearing = promise(spot.new, parties, effect)
    named = frozenset(party for each, agreement in both for party in owed_to(each, agreement))
    return replace(bearing, owed=named - parties) if named - parties else bearing


def weigh_delivery(spot: Spot, effect: Effect) -> Bearing:
    """Weigh a number that is promised: where whoever delivers leads promises fewer of them, the plan gets a gap."""
    bearing = weigh_duty(spot, effect)
    counts = any(each.measure and isinstance(each.measure.value, CountOf | SumOf) for each, _ in _both(spot))
    gap = effect is Effect.LOOSENS and counts and sides(spot.old).delivering in bearing.bound
    return replace(bearing, matter=Matter.PLAN_GAP) if gap else bearing


def owed_to(said: Commitment, agreement: Agreement) -> frozenset[str]:
    """Return the party that `to` names, itself or by one of its roles; none where nobody is named."""
    if said.to is None:
        return frozenset()
    return parties_of((said.to,), agreement) or frozenset({said.to})


def now_or_before(spot: Spot) -> Commitment:
    """Return the commitment as it is proposed, or as it was where it is gone."""
    return next(each for each, _ in reversed(tuple(_both(spot))))


def _both(spot: Spot) -> Iterator[tuple[Commitment, Agreement]]:
    for agreement in (spot.old, spot.new):
        found = agreement.commitments.get(spot.name())
        if found is not None:
            yield found, agreement
