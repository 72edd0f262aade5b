"""The object of leads, where the binding names it: a pipeline with the agreed stages, and nothing that moves a lead."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, KeyPath, Value
from sla_sync_hubspot.names import LEADS, PIPELINE_LABEL_LIMIT, shorten, slug, title_prefix
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PIPELINE

STAGES_PER_PIPELINE = 30
"""HubSpot's pages name this number for leads ("Set up and manage object pipelines")."""


def pipeline_id(agreement: str) -> str:
    """Return the id of our pipeline of leads; a caller of the API may choose one in lower case."""
    return slug(f"sla_{agreement}_leads")


def lead_pipeline(vocabulary: Vocabulary) -> Iterator[Desired | Gap]:
    """Yield the pipeline of leads with the agreed stages, and the step that says who moves leads in it."""
    if LEADS not in vocabulary.binding.objects:
        return
    resources = vocabulary.resources
    identifier = pipeline_id(resources.agreement)
    label = shorten(title_prefix(resources.agreement).rstrip(" |"), PIPELINE_LABEL_LIMIT)
    if len(resources.stages) > STAGES_PER_PIPELINE:
        yield Gap(
            "leads-stages",
            "Pipeline of leads",
            f"Take `leads` out of objects in the binding, or agree on fewer stages: a pipeline of leads has at most "
            f"{STAGES_PER_PIPELINE}, and the agreement has {len(resources.stages)}.",
            ("stages",),
        )
        return
    origins: dict[KeyPath, KeyPath] = {(): ("stages",)}
    stages: list[Value] = []
    for position, stage in enumerate(resources.stages):
        own = slug(f"{identifier}_{stage.name}")
        stages.append({"stageId": own, "label": stage.label, "displayOrder": position})
        origins["stages", own] = stage.origin
    yield Desired(Address(PIPELINE, f"{LEADS}/{identifier}"), {"label": label, "stages": stages}, origins=origins)
    yield Gap(
        "leads-moved",
        f"Leads in the pipeline «{label}»",
        f"Let people create leads in the pipeline «{label}» and move them as they move the contact: stages, clocks and stamps "
        "of the agreement stand on the contact, and no workflow of ours creates or moves a lead.",
        ("stages",),
    )


def leads_opening(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield the sentence that says which edition leads need."""
    if LEADS in vocabulary.binding.objects:
        yield "Leads need Sales Hub Professional or Enterprise; a portal without them shows no pipeline of leads."
