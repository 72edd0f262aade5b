"""The life of a contact as workflows: how it enters stages, what a cycle, a turn and a touch are, and how it comes back."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import Address, Desired, Gap
from sla_sync_hubspot.translate.clocks import runs_here
from sla_sync_hubspot.translate.cycle import cycle
from sla_sync_hubspot.translate.deals import deals
from sla_sync_hubspot.translate.entering import entering
from sla_sync_hubspot.translate.following import following
from sla_sync_hubspot.translate.positions import on_contact, qualifying_stage
from sla_sync_hubspot.translate.raising import raising
from sla_sync_hubspot.translate.recycling import recycling
from sla_sync_hubspot.translate.rotation import routing_gaps
from sla_sync_hubspot.translate.touches import touches
from sla_sync_hubspot.translate.turn import turn
from sla_sync_hubspot.translate.vocabulary import Vocabulary


def life(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired | Gap]:
    """Yield the workflows by which a portal lives the agreement, and gaps for what none can do."""
    if qualifying_stage(vocabulary) is None:
        yield from _unbound(vocabulary)
        return
    yield from raising(vocabulary, known)
    yield from entering(vocabulary, known)
    yield from cycle(vocabulary, known)
    if runs_here(vocabulary):
        yield from turn(vocabulary, known)
        yield from touches(vocabulary, known)
        yield from deals(vocabulary, known)
        yield from following(vocabulary, known)
        yield from routing_gaps(vocabulary)
    yield from recycling(vocabulary, known)
    yield from _ages(vocabulary)


def _unbound(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap where an agreement qualifies contacts by a stage that does not show on them."""
    stage = next((each for each in vocabulary.resources.stages if each.qualifies), None)
    if stage is not None:
        yield Gap(
            "cycle",
            "Cycles of contacts",
            f"Bind «{stage.label}», in which a contact qualifies, to values of the contact: no cycle is opened and no clock "
            "runs until then.",
            stage.origin,
        )


def _ages(vocabulary: Vocabulary) -> Iterator[Gap]:
    """Yield a gap for each stage in which a contact may stay only for some time: nothing moves it on."""
    for stage in on_contact(vocabulary):
        if stage.max_age is not None:
            yield Gap(
                f"age-{stage.name}",
                f"Age in «{stage.label}»",
                f"Look weekly for contacts that stay in «{stage.label}» longer than {stage.max_age}: nothing moves them on.",
                (*stage.origin, "max_age"),
            )
