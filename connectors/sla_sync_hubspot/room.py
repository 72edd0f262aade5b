"""Whether a plan fits: what it adds, against the limits that the portal tells. Looked at before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.connector import Action, Change, Diagnostic, ForbiddenError, Severity
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, LEADS, OBJECT_TYPE_IDS
from sla_sync_hubspot.tiers import Usage, calculated_usage, daily_calls, pipeline_usage, property_usage, tier_of
from sla_sync_hubspot.types import PIPELINE, PROPERTY, SEGMENT, WORKFLOW

CALCULATED = "calculation_equation"
"""The field type of a property that HubSpot computes."""
_CALLS: Mapping[str, int] = {WORKFLOW: 8, SEGMENT: 2, PROPERTY: 1}
"""The most calls that one change of such a setting takes: a workflow is created, looked at until it is complete, switched
on; what is not named here takes two."""
_CALLS_OF_AN_APPLY = 12
"""Calls that an apply makes besides: the lock, the manifest and the second look at what the plan read."""


@dataclass(frozen=True, slots=True)
class _Need:
    noun: str
    number: int
    usage: Callable[[], Usage]
    cure: str


def _workflows(limit: int, flows: Callable[[], int]) -> Usage:
    try:
        return Usage(limit or None, flows())
    except ForbiddenError:
        return Usage()  # that they cannot be read is said of each of them


def what_does_not_fit(
    client: HubSpotClient, changes: Sequence[Change], flows: Callable[[], int], said: Mapping[str, int]
) -> Iterator[Diagnostic]:
    """Yield an error for every limit that these changes would meet.

    `flows` counts the portal's workflows; `said` are limits that the target names, for portals with other ones.
    """
    new = [each for each in changes if each.action is Action.CREATE and each.desired is not None]
    properties = [each for each in new if each.address.type == PROPERTY]
    calculated = [each for each in properties if each.desired and each.desired.values.get("fieldType") == CALCULATED]
    workflows = sum(each.address.type == WORKFLOW for each in new)
    segments = sum(each.address.type == SEGMENT for each in new)
    pipelines = sum(each.address.type == PIPELINE for each in new)
    calls = _CALLS_OF_AN_APPLY + sum(_CALLS.get(each.address.type, 2) for each in changes)
    if not changes:
        return
    told = calculated_usage(client) if calculated or workflows or segments else Usage()
    tier = tier_of(told)
    if workflows and tier is not None and not said.get("workflows", tier.workflows):
        yield Diagnostic(
            "SLA810",
            Severity.WARNING,
            f"The portal seems to be {tier.name}, which has no workflows, and the agreement needs {workflows} of them.",
            hint="Apply to a portal with Professional or Enterprise, or set limits.workflows of the target.",
        )
    needs = (
        _Need(
            "properties",
            len(properties),
            lambda: property_usage(client, OBJECT_TYPE_IDS[CONTACTS]),
            "Archive properties that nobody uses, or ask HubSpot for more.",
        ),
        _Need(
            "calculated properties", len(calculated), lambda: told, "Archive calculated properties that nobody uses."
        ),
        _Need(
            "workflows",
            workflows,
            lambda: _workflows(said.get("workflows") or (tier.workflows if tier else 0), flows),
            "Delete workflows that nobody uses, or set limits.workflows of the target where the portal may have more.",
        ),
        _Need(
            "segments",
            segments,
            lambda: Usage(
                said.get("segments") or (tier.segments if tier else 0) or None, catalogue.number_of_lists(client)
            ),
            "Delete segments that nobody uses, or set limits.segments of the target where the portal may have more.",
        ),
        _Need(
            "pipelines of leads",
            pipelines,
            lambda: pipeline_usage(client, OBJECT_TYPE_IDS[LEADS]),
            "Archive a pipeline that nobody uses, or take `leads` out of objects in the binding.",
        ),
        _Need(
            "API calls",
            calls,
            lambda: daily_calls(client),
            "Wait until midnight in the portal's time zone, when the count starts again.",
        ),
    )
    for need in needs:
        usage = need.usage() if need.number else Usage()
        if usage.left is not None and need.number > usage.left:
            yield Diagnostic(
                "SLA809",
                Severity.ERROR,
                f"{need.number} {need.noun} are needed, and the portal has room for {usage.left} of {usage.limit:,}.",
                hint=need.cure,
            )
