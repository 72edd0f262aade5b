"""Which commitment puts its deadline on a lead."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.sections.commitments import Commitment

_BEFORE_AN_OWNER_WORKS = frozenset({Moment.RAISED, Moment.QUALIFIED, Moment.ASSIGNED, Moment.REASSIGNED})


def deadline_commitment(agreement: Agreement, modes: Mapping[str, Mode]) -> str | None:
    """Return the commitment whose limit is the lead's deadline: the first that times an owner and is pushed at all.

    A commitment in mode `measure` writes nothing, one without a limit has no deadline to write, and one that ends when
    the lead gets its owner is no deadline of that owner.
    """
    return next(
        (
            name
            for name, commitment in agreement.commitments.items()
            if _times_an_owner(commitment) and modes.get(name, Mode.ACT) is not Mode.MEASURE
        ),
        None,
    )


def _times_an_owner(commitment: Commitment) -> bool:
    clock = commitment.clock
    if clock is None or clock.of is not None or commitment.within is None:
        return False
    return clock.stops.value not in _BEFORE_AN_OWNER_WORKS
