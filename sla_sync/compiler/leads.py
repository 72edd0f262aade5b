"""Which leads there are: how they raise a hand, and how urgent they are."""

from __future__ import annotations

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import UNDECIDED
from sla_sync.compiler.divisions import spelled_out
from sla_sync.compiler.words import label
from sla_sync.resources import Priority, Source


def sources(agreement: Agreement) -> tuple[Source, ...]:
    """Return every source; one whose handling is not decided yet has none."""
    return tuple(
        Source(
            name,
            ("sources", name),
            source.means,
            label(name),
            "" if source.handling == str(UNDECIDED) else source.handling,
        )
        for name, source in agreement.sources.items()
    )


def priorities(agreement: Agreement) -> tuple[Priority, ...]:
    """Return every priority in its order, with its own condition in plain fields: the first that holds counts."""
    return tuple(
        Priority(name, ("priorities", name), priority.means, label(name), spelled_out(priority.when.value, agreement))
        for name, priority in agreement.priorities.items()
    )
