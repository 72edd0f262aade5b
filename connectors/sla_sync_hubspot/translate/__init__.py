"""An agreement in HubSpot's words: pure, offline, one module per kind of setting."""

from __future__ import annotations

from sla_sync.connector import BindingDocument, Desired, Gap, Resources, Setup, Translation
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.names import LABEL_LIMIT, NAME_LIMIT, split_key
from sla_sync_hubspot.translate.properties import properties, property_group
from sla_sync_hubspot.translate.segments import segment
from sla_sync_hubspot.translate.stages import stage_options
from sla_sync_hubspot.translate.steps import steps
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.translate.workflows import workflow
from sla_sync_hubspot.types import PROPERTY


def translate(resources: Resources, binding: BindingDocument, _setup: Setup) -> Translation:
    """Return the settings and the manual steps by which a portal gives what the agreement needs."""
    if not isinstance(binding, HubSpotBinding):
        message = f"a HubSpot binding is needed, and this is a {type(binding).__name__}"
        raise TypeError(message)
    vocabulary = Vocabulary(resources, binding)
    asked: list[Desired] = []
    gaps: list[Gap] = []
    for each in properties(vocabulary):
        name = split_key(each.address.key)[1]
        if len(name) > NAME_LIMIT:
            gaps.append(_too_long(name, NAME_LIMIT, each))
        else:
            asked.append(each)
    if any(each.address.type == PROPERTY for each in asked):
        asked.insert(0, property_group(vocabulary))
    asked.extend(stage_options(vocabulary))
    for wanted in resources.segments:
        known = {each.address for each in asked}
        _sort_in(segment(wanted, vocabulary, known), asked, gaps)
    for stamp in resources.stamps:
        known = {each.address for each in asked}
        _sort_in(workflow(stamp, vocabulary, known), asked, gaps)
    return Translation(tuple(asked), (*gaps, *steps(vocabulary)), agreement=resources.agreement)


def _sort_in(result: Desired | Gap, asked: list[Desired], gaps: list[Gap]) -> None:
    if isinstance(result, Gap):
        gaps.append(result)
    elif len(result.address.key) > LABEL_LIMIT:
        gaps.append(_too_long(result.address.key, LABEL_LIMIT, result))
    else:
        asked.append(result)


def _too_long(name: str, limit: int, wanted: Desired) -> Gap:
    return Gap(
        f"name-{name[:40]}",
        f"Name «{name}»",
        f"Shorten the agreed name or the prefix: «{name}» has more than {limit} characters.",
        wanted.origin(),
    )
