"""A workflow of ours as a setting: its name, its mark, and what must stand before it can."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sla_sync.connector import Address, Aspect, Desired, KeyPath, describe
from sla_sync_hubspot.names import CONTACTS, DESCRIPTION_LIMIT, title
from sla_sync_hubspot.translate.building import Enrolment, Step, workflow_values
from sla_sync_hubspot.translate.filters import filter_origins
from sla_sync_hubspot.translate.needs import needed_by
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import WORKFLOW

_ENROLMENT: KeyPath = ("enrollmentCriteria", "listFilterBranch")


def our_workflow(
    label: str,
    means: str,
    enrolment: Enrolment,
    steps: Sequence[Step],
    vocabulary: Vocabulary,
    known: Collection[Address],
    *,
    origin: KeyPath,
    owner: str = CONTACTS,
    does: Mapping[KeyPath, frozenset[Aspect]] | None = None,
) -> Desired:
    """Return a workflow of records of `owner`. Raises UnsayableError where its enrolment or a fork tests nothing."""
    agreement = vocabulary.resources.agreement
    name = title(agreement, label)
    # Inferred: that a workflow takes and keeps a description.
    values = workflow_values(name, describe(means, agreement, limit=DESCRIPTION_LIMIT), enrolment, steps, owner=owner)
    return Desired(
        Address(WORKFLOW, name),
        values,
        requires=needed_by(values, known),
        origins={(): origin, **filter_origins(enrolment.when, _ENROLMENT)},
        aspects=does or {},
    )
