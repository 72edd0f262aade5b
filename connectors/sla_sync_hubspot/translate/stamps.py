"""Stamps as workflows: who enters a segment is given the instant, once."""

from __future__ import annotations

from collections.abc import Collection

from sla_sync.connector import Address, Desired, Gap, KeyPath, Ref, Segment, Stamp, Value, Values, describe, tree
from sla_sync_hubspot.names import CONTACTS, DESCRIPTION_LIMIT, OBJECT_TYPE_IDS, property_name, title
from sla_sync_hubspot.translate import operations
from sla_sync_hubspot.translate.filters import (
    Branches,
    Filter,
    both,
    compile_expression,
    filter_branch,
    filter_origins,
    in_list,
    property_filter,
)
from sla_sync_hubspot.translate.segments import required_by, segment_address
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from sla_sync_hubspot.types import WORKFLOW

SET_PROPERTY = "0-5"
"""The type of the action that sets a property (HubSpot, "Workflow action types")."""
_ENROLMENT: KeyPath = ("enrollmentCriteria", "listFilterBranch")


def stamp_workflow(stamp: Stamp, vocabulary: Vocabulary, known: Collection[Address]) -> Desired | Gap:
    """Return the workflow that keeps the instant at which a lead enters a stage, or what a person has to build."""
    agreement = vocabulary.resources.agreement
    name = title(agreement, f"Stamp {stamp.name}")
    target = property_name(vocabulary.binding.prefix, stamp.field)
    entry = _entry_segment(stamp, vocabulary)
    try:
        entering, required = _entering(stamp, entry, vocabulary, known)
        # The first time counts: whoever has the stamp already is not enrolled.
        unstamped: Branches = ((property_filter(target, operations.known(negated=True), stamp.origin),),)
        enrolled = both(entering, unstamped)
        # Inferred: that a workflow takes and keeps a description.
        means = describe(stamp.means, agreement, limit=DESCRIPTION_LIMIT)
        values = {"name": name, "description": means, **_flow(filter_branch(enrolled), target)}
    except UnsayableError as reason:
        return Gap(
            f"stamp-{stamp.name}",
            f"Workflow «{name}»",
            f"Build a workflow named «{name}» by hand that sets `{target}` to the time at which a contact enters stage "
            f"{stamp.stage}: {reason}.",
            stamp.origin,
        )
    return Desired(
        Address(WORKFLOW, name),
        values,
        requires=tuple(dict.fromkeys((*required, *required_by(unstamped, known)))),
        origins={
            (): stamp.origin,
            **({_ENROLMENT: entry.origin} if entry else {}),
            **filter_origins(enrolled, _ENROLMENT),
        },
    )


def _entry_segment(stamp: Stamp, vocabulary: Vocabulary) -> Segment | None:
    """Return the segment of leads that meet the condition of the stage, where the agreement states one."""
    stages = {stage.name: stage for stage in vocabulary.resources.stages}
    stage = stages.get(stamp.stage)
    if stage is None or stage.enter_when is None:
        return None
    return next((each for each in vocabulary.resources.segments if each.when == stage.enter_when), None)


def _entering(
    stamp: Stamp, entry: Segment | None, vocabulary: Vocabulary, known: Collection[Address]
) -> tuple[Branches, tuple[Address, ...]]:
    if entry is None:
        branches = compile_expression(tree.Is("stage", (stamp.stage,)), vocabulary)
        return branches, required_by(branches, known)
    address = segment_address(vocabulary.resources.agreement, entry.label)
    if address not in known:
        raise UnsayableError(f"it needs the segment «{entry.label}», which has to be built by hand")
    member: Filter = in_list(Ref(address))
    return ((member,),), (address,)


def _flow(branch: Values, target: str) -> Values:
    action: dict[str, Value] = {
        "actionId": "1",
        "actionTypeId": SET_PROPERTY,
        "actionTypeVersion": 0,
        "type": "SINGLE_CONNECTION",
        "fields": {"property_name": target, "value": {"type": "TIMESTAMP", "timestampType": "EXECUTION_TIME"}},
    }
    return {
        "type": "CONTACT_FLOW",
        "flowType": "WORKFLOW",
        "objectTypeId": OBJECT_TYPE_IDS[CONTACTS],
        "isEnabled": True,
        "startActionId": "1",
        "actions": [action],
        "enrollmentCriteria": {
            "type": "LIST_BASED",
            "shouldReEnroll": False,
            "unEnrollObjectsNotMeetingCriteria": False,
            "reEnrollmentTriggersFilterBranches": [],
            "listFilterBranch": branch,
        },
    }
