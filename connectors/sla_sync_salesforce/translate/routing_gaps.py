"""What the routing agrees and Salesforce is not given: each with what happens instead."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Destination, Gap, Line, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.places import queue_of

_IN_TURN = "round robin"
_ABSENT = "out_of_office"


def routing_gaps(resources: Resources, binding: SalesforceBinding) -> Iterator[Gap]:
    """Yield a gap for everything in the routing that is done otherwise than agreed, or not at all."""
    routing = resources.routing
    if routing is None:
        return
    holder = binding.held_by.get("routing")
    if holder is not None:
        yield Gap(
            "routing",
            "routing",
            f"Set up in {holder} who gets a lead: the binding says that it does the routing, so nothing is pushed. Look "
            "weekly for assignments without a person to see whether it does.",
            routing.origin,
        )
        return
    for line in routing.lines:
        yield from _of_line(line, binding)
    if routing.when_owner_leaves:
        places = ", ".join(dict.fromkeys(each.to for each in routing.when_owner_leaves))
        yield Gap(
            "routing:when_owner_leaves",
            "leads of an owner who leaves",
            f"Transfer the open leads of a user to {places} before you deactivate the user: no flow sees that somebody "
            "leaves. Assignments that somebody who is inactive still holds are in the report on ownership.",
            routing.when_owner_leaves[0].origin,
        )


def _of_line(line: Line, binding: SalesforceBinding) -> Iterator[Gap]:
    flow = binding.routing == "flow"
    in_turn = "Its present members get them in turn instead." if flow else "They wait in the queue of the team instead."
    if line.destination is Destination.TEAM and line.how not in {None, _IN_TURN}:
        yield _gap(
            line, "how", f"Give out the leads of «{line.to}» by {line.how} by hand where that matters. {in_turn}"
        )
    if line.weights:
        yield _gap(
            line,
            "weights",
            f"Keep the shares of «{line.to}» by hand where they matter: nothing weighs turns. {in_turn}",
        )
    if line.cap is not None:
        told = "nothing counts how many leads a member got"
        yield _gap(line, "cap", f"Tick «Out of office» for members of «{line.to}» who have {line.cap}: {told}.")
    skipped = [each for each in line.skip if each != _ABSENT]
    if skipped:
        named = ", ".join(skipped)
        yield _gap(
            line, "skip", f"Tick «Out of office» for members of «{line.to}» who are {named}: nothing else tells who is."
        )
    if line.destination is Destination.TEAM and queue_of(line.to, binding) is None and (line.how is None or not flow):
        instead = (
            "its members get its leads in turn until then" if flow else "such leads stay where they are until then"
        )
        yield _gap(line, "queue", f"Bind «{line.to}» to a queue under `teams`: {instead}.")
    if line.notify and not flow:
        named = ", ".join(line.notify)
        yield _gap(
            line, "notify", f"Tell {named} by hand of leads that «{line.to}» gets: no notice is sent at routing."
        )
    if not flow:
        if line.destination is Destination.STAGE:
            yield _gap(line, "stage", f"Move such leads to «{line.to}» by hand: an assignment rule sets no stage.")
        if line.destination is Destination.FIELD:
            yield _gap(
                line,
                "owner",
                f"Give such leads to the person in «{line.to}» by hand: an assignment rule reads no field.",
            )


def _gap(line: Line, part: str, advice: str) -> Gap:
    return Gap(f"routing:{line.name}:{part}", f"{part} of the line to «{line.to}»", advice, (*line.origin, part))
