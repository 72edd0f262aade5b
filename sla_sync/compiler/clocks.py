"""Which commitments put a deadline on a lead."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement


def deadline_commitment(agreement: Agreement, modes: Mapping[str, Mode]) -> str | None:
    """Return the commitment whose limit is the lead's deadline: the first that times leads and is pushed at all.

    A commitment in mode `measure` writes nothing, and one without a limit has no deadline to write.
    """
    for name, commitment in agreement.commitments.items():
        timed = commitment.clock is not None and commitment.clock.of is None and commitment.within is not None
        if timed and modes.get(name, Mode.ACT) is not Mode.MEASURE:
            return name
    return None
