"""An agreement in HubSpot's words: pure, offline, one module per kind of setting."""

from __future__ import annotations

from collections.abc import Iterable

from sla_sync.connector import BindingDocument, Desired, Gap, Resources, Setup, Translation
from sla_sync_hubspot.binding import of_hubspot
from sla_sync_hubspot.names import LABEL_LIMIT, NAME_LIMIT, split_key
from sla_sync_hubspot.translate.bounds import opening
from sla_sync_hubspot.translate.clock_flow import clock_workflows
from sla_sync_hubspot.translate.footprint import footprint
from sla_sync_hubspot.translate.hygiene import views
from sla_sync_hubspot.translate.leads import lead_pipeline, leads_opening
from sla_sync_hubspot.translate.life import life
from sla_sync_hubspot.translate.lifecycle import lifecycle_opening, lifecycle_stages, lifecycle_steps, numbered
from sla_sync_hubspot.translate.positions import qualifying_stage
from sla_sync_hubspot.translate.properties import properties, property_group
from sla_sync_hubspot.translate.segments import segment
from sla_sync_hubspot.translate.stages import stage_options
from sla_sync_hubspot.translate.stamps import stamp_workflow
from sla_sync_hubspot.translate.steps import steps
from sla_sync_hubspot.translate.validations import validations
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PROPERTY


def translate(resources: Resources, binding: BindingDocument, setup: Setup) -> Translation:
    """Return the settings and the manual steps by which a portal gives what the agreement needs."""
    bound = of_hubspot(binding)
    vocabulary = Vocabulary(resources, bound, setup.people)
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
    asked.extend(lifecycle_stages(vocabulary))
    for made in lead_pipeline(vocabulary):
        _sort_in(made, asked, gaps)
    asked.extend(validations(vocabulary))
    for wanted in resources.segments:
        known = {each.address for each in asked}
        _sort_in(segment(wanted, vocabulary, known), asked, gaps)
    for made in views(vocabulary, {each.address for each in asked}):
        _sort_in(made, asked, gaps)
    qualifying = qualifying_stage(vocabulary)
    for stamp in resources.stamps:
        known = {each.address for each in asked}
        # The stage that opens a cycle is stamped with it.
        if qualifying is None or stamp.stage != qualifying.name:
            _sort_in(stamp_workflow(stamp, vocabulary, known), asked, gaps)
    known = {each.address for each in asked}
    timed, untimed = clock_workflows(vocabulary)
    for made in (*life(vocabulary, known), *timed, *untimed):
        _sort_in(made, asked, gaps)
    told = _each_once((*gaps, *lifecycle_steps(vocabulary), *steps(vocabulary)))
    opens = (*footprint(asked), *lifecycle_opening(vocabulary), *leads_opening(vocabulary), *opening(vocabulary))
    found = tuple(numbered(each, vocabulary) for each in asked)
    return Translation(found, told, agreement=resources.agreement, opening=opens)


def _each_once(gaps: Iterable[Gap]) -> tuple[Gap, ...]:
    """Return the gaps without those that several workflows have in common, such as a role behind which nobody stands."""
    return tuple({each.id: each for each in gaps}.values())


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
