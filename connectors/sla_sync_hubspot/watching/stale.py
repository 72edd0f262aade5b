"""What stands in a portal and does not count yet or any more: segments that are still filled, scores that nobody published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta

from sla_sync.connector import Concern, Observation, Unseen
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.types import SEGMENT
from sla_sync_hubspot.watching.ground import Ground

_DONE = "COMPLETE"
_PATIENCE = timedelta(hours=6)
"""Inferred: so long a large portal may take to fill a list; HubSpot names no time."""
_SCORES = frozenset({"score", "fit", "engagement"})


def stale(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield the segments of ours that are still filled long after their last change, and scores that are not there."""
    yield from _segments(ground)
    yield from _scores(ground)


def _segments(ground: Ground) -> Iterator[Observation]:
    wishes = {each.address: each for each in ground.asked.translation.desired if each.address.type == SEGMENT}
    handles = {
        live.handle: address
        for address, live in ground.asked.snapshot.settings.items()
        if address in wishes and live.handle
    }
    for found in catalogue.lists_with_ids(ground.client, sorted(handles)):
        status = str(found.get("processingStatus") or _DONE)
        changed = wire.instant(found.get("filtersUpdatedAt")) or wire.instant(found.get("updatedAt"))
        if status == _DONE or changed is None or ground.asked.now - changed < _PATIENCE:
            continue
        address = handles[str(found["listId"])]
        finding = (
            f"The segment «{found['name']}» is not filled ({status}), {_hours(ground.asked.now - changed)} after its "
            "last change: who is in it cannot be relied on."
        )
        yield Observation(
            Concern.STALE, f"Segment '{found['name']}'", finding, wishes[address].origin(), address, None, changed
        )


def _scores(ground: Ground) -> Iterator[Observation]:
    """Yield a score that the agreement relies on and the portal does not show: HubSpot makes its property on publishing.

    Inferred: that a score which is a draft, or was switched off for good, has no property.
    """
    models = ground.asked.resources.thresholds
    words: Mapping[str, str] = {
        **{f"{model}_score": model for model in models},
        **dict.fromkeys(_SCORES, next(iter(models), "")),
    }
    for word, bound in ground.binding.fields.items():
        if word in words and words[word] and not bound.add and bound.field not in ground.properties():
            finding = f"The property `{bound.field}` of the score '{word}' is not there: publish the score in HubSpot."
            yield Observation(Concern.STALE, f"Score '{word}'", finding, ("scoring", words[word]))


def _hours(length: timedelta) -> str:
    hours = int(length / timedelta(hours=1))
    return "an hour" if hours == 1 else f"{hours} hours"
