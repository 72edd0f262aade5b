"""Stages as options of Lead Status: only those that the binding adds; all others stay as the portal has them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Stage, describe
from sla_sync_hubspot.names import CONTACTS, DESCRIPTION_LIMIT, LABEL_LIMIT, shorten, words
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PROPERTY_OPTION

LEAD_STATUS = "hs_lead_status"


def option_address(value: str) -> Address:
    """Return the address of a value of Lead Status."""
    return Address(PROPERTY_OPTION, f"{CONTACTS}/{LEAD_STATUS}/{value}")


def stage_options(vocabulary: Vocabulary) -> Iterator[Desired]:
    """Yield the values of Lead Status that the portal must offer."""
    for stage in vocabulary.resources.stages:
        bound = vocabulary.binding.stages.get(stage.name)
        if bound is None or not bound.add:
            continue
        for value in bound.hs_lead_status:
            yield Desired(
                option_address(value),
                {
                    "label": _label(stage, value, alone=len(bound.hs_lead_status) == 1),
                    "description": describe(stage.means, vocabulary.resources.agreement, limit=DESCRIPTION_LIMIT),
                    "hidden": False,
                },
                origins={(): stage.origin, ("description",): (*stage.origin, "means")},
            )


def _label(stage: Stage, value: str, *, alone: bool) -> str:
    """Labels of one property are unique, so that several values of one stage bear their own."""
    return shorten(stage.label if alone else words(value), LABEL_LIMIT)
