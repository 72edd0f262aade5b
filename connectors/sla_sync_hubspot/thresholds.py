"""Scores and their thresholds: whether the property is there and is a number, and what the portal tells of its reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sla_sync.connector import Checkup, ForbiddenError, RejectedError, Resources, Standing
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.names import CONTACTS, OBJECT_TYPE_IDS

_MOST = "MAX_NUMBER"


def scores(
    resources: Resources, binding: HubSpotBinding, properties: Mapping[str, Mapping[str, Any]]
) -> Iterator[Checkup]:
    """Yield whether each score that is compared with a threshold is there and is a number."""
    words = sorted({"score", "fit", "engagement", *(f"{each}_score" for each in resources.thresholds)})
    for word in words if resources.thresholds else ():
        bound = binding.fields.get(word)
        if bound is None:
            continue
        found = properties.get(bound.field)
        if found is not None and found.get("type") == "number":
            yield Checkup(f"score {word}", Standing.GOOD, f"The property '{bound.field}' is a number.")
        elif found is None and bound.add:
            yield Checkup(f"score {word}", Standing.GOOD, f"The property '{bound.field}' is added by apply.")
        else:
            what = f"of type {found.get('type')}, and a score is a number" if found else "not there"
            yield Checkup(
                f"score {word}",
                Standing.MISSING,
                f"The property '{bound.field}' is {what}.",
                "Bind the property of your lead score, or let `add: number` create one.",
            )


def thresholds(client: HubSpotClient, resources: Resources, binding: HubSpotBinding) -> Iterator[Checkup]:
    """Yield what the portal tells of the thresholds of scores that somebody else built; of our own we wrote the rules.

    The lead scoring API, which shows thresholds, is a beta whose member names differ between HubSpot's own pages, so that
    nothing is read from it. What is documented is the rule that a property takes no number above another.
    """
    theirs = dict(_of_others(resources, binding))
    rules = _most(client) if theirs else {}
    for model, (name, points) in theirs.items():
        most = rules.get(name)
        if most is not None and most < points:
            yield Checkup(
                f"threshold {model}",
                Standing.MISSING,
                f"The property '{name}' takes no number above {most:g}, so that nobody reaches the {points:g} points of "
                f"«{model}».",
                "Change the rule in the settings of the property, or the threshold in the agreement.",
            )
        else:
            yield Checkup(
                f"threshold {model}",
                Standing.UNKNOWN,
                f"No documented call shows from how many points «{model}» counts in HubSpot, so the {points:g} points of the "
                "agreement are not compared.",
                f"Look at the score of '{name}' in Marketing > Lead Scoring: it must count from {points:g} points.",
            )


def _of_others(resources: Resources, binding: HubSpotBinding) -> Iterator[tuple[str, tuple[str, float]]]:
    """Yield each model whose score stands in a property that the binding does not add, with the property and the points."""
    models: Mapping[str, float] = resources.thresholds
    for model, points in models.items():
        own = f"{model}_score"
        bound = binding.fields.get(own if own in binding.fields or len(models) > 1 else "score")
        if bound is not None and not bound.add:
            yield model, (bound.field, points)


def _most(client: HubSpotClient) -> dict[str, float]:
    """Return property → the greatest number that a rule lets it take; nothing where rules cannot be read."""
    try:
        found = catalogue.validations_of(client, OBJECT_TYPE_IDS[CONTACTS])
    except (ForbiddenError, RejectedError):
        return {}
    rules = {str(each["propertyName"]): each.get("ruleArguments") for each in found if each.get("ruleType") == _MOST}
    return {name: number for name, said in rules.items() if (number := _number(said)) is not None}


def _number(arguments: Sequence[Any] | None) -> float | None:
    try:
        return float(arguments[0]) if arguments else None
    except (TypeError, ValueError):
        return None
