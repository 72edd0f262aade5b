"""Stages that show on a deal: the contact keeps which of them its deal shows, so that a deal closes its cycle."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sla_sync.connector import Address, Desired
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import Enrolment, Switch, Trigger, set_text
from sla_sync_hubspot.translate.events import name_of
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.positions import on_deal, qualifying_stage
from sla_sync_hubspot.translate.touches import on_contacts
from sla_sync_hubspot.translate.vocabulary import Place, Vocabulary
from sla_sync_hubspot.translate.workflows import our_workflow

_STAGE = "dealstage"
_TO_CONTACT = 3
"""The association from a deal to a contact (the vendor's table "Association type ID values")."""


def deals(vocabulary: Vocabulary, known: Collection[Address]) -> Iterator[Desired]:
    """Yield the workflow of deals by which their contacts follow them, where a stage shows on a deal."""
    stages = on_deal(vocabulary)
    if not stages or qualifying_stage(vocabulary) is None:
        return
    into = name_of(kept.DEAL_STAGE, vocabulary)
    ways = {
        value: (on_contacts(set_text(into, each.name), _TO_CONTACT),)
        for each in stages
        for value in vocabulary.binding.stages[each.name].dealstage
    }
    shows = operations.one_of(Place(_STAGE, Holds.CHOICE), tuple(ways), negated=False)
    yield our_workflow(
        "Note deal",
        f"Notes on its contacts when a deal comes into {', '.join(f'«{each.label}»' for each in stages)}.",
        Enrolment(((property_filter(_STAGE, shows),),), (Trigger(_STAGE, operations.known(negated=False)),)),
        (Switch(_STAGE, ways),),
        vocabulary,
        known,
        origin=stages[0].origin,
        owner="deals",
    )
