"""The routing as entries of the lead assignment rule, where the binding prefers it to a flow.

Rules run when a lead is created, or saved with the box for them ticked, and give leads to queues and named users only.
They run before the cycle sees the lead, so an assignment opens with the owner that they chose.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Destination, Gap, Line, Resources, Value
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.formulas import FORMULA_LIMIT, UnsayableError, all_of, formula
from sla_sync_salesforce.translate.places import queue_address, queue_of
from sla_sync_salesforce.translate.words import Holds, Words


def rule_name(binding: SalesforceBinding) -> str:
    """Return the name of our assignment rule."""
    return developer_name(binding.prefix, "routing")


def assignment_rules(resources: Resources, binding: SalesforceBinding, words: Words) -> Iterator[Desired | Gap]:
    """Yield an entry for each line that leads to a queue, in their order, and a gap for each that a rule cannot say."""
    if binding.routing != "rules" or resources.routing is None or "routing" in binding.held_by:
        return
    yield Gap(
        "routing:rules",
        "leads that qualify later",
        "Tick «Assign using active assignment rule» when a lead qualifies after it was created, or let a flow do the "
        "routing: assignment rules do not run on an update.",
        resources.routing.origin,
    )
    rule = Address("AssignmentRule", rule_name(binding))
    number = 0
    before: tuple[Address, ...] = (rule,)
    for line in resources.routing.lines:
        places = (line.to, line.overflow) if line.overflow else (line.to,)
        queue = next((found for each in places if (found := queue_of(each, binding)) is not None), None)
        if line.destination not in {Destination.TEAM, Destination.QUEUE} or queue is None:
            continue
        try:
            text = _condition(line, resources, words)
        except UnsayableError as error:
            yield Gap(
                f"routing:{line.name}",
                f"line of the routing to «{line.to}»",
                f"Give such leads their owner by hand: {error}, so the line is passed over.",
                line.origin,
            )
            continue
        number += 1
        if number == 1:
            yield Desired(rule, {"active": True}, origins={(): resources.routing.origin})
        address = Address("AssignmentRuleEntry", f"{rule_name(binding)}/{number}")
        used = text or ""
        fields = sorted(key for key in words.created if key.partition(".")[2] in used)
        entry: dict[str, Value] = {"assignedTo": queue, "assignedToType": "Queue"}
        yield Desired(
            address,
            {**entry, **({"formula": text} if text else {})},
            requires=(
                *before,
                queue_address(queue),
                *(field_address(key.partition(".")[2]) for key in fields),
            ),
            origins={(): line.origin},
        )
        before = (address,)


def _condition(line: Line, resources: Resources, words: Words) -> str | None:
    """Return the formula of an entry: the line, the scope, and what the stage needs. Raises UnsayableError.

    Rules run after the gates have let a lead pass, but also for users whom the gates do not hold: each entry asks again.
    """
    terms = [formula(each, words) for each in (line.when, resources.scope) if each is not None]
    qualified = next((each for each in resources.stages if each.qualifies), None)
    for name in resources.needs.get(qualified.name, ()) if qualified and line.when is not None else ():
        place = words.places.get(name)
        if place is not None and place.holds in {Holds.TEXT, Holds.NUMBER, Holds.INSTANT, Holds.LONG_TEXT}:
            terms.append(f"NOT(ISBLANK({place.path}))")
    text = all_of(terms) if terms else None
    if text is not None and len(text) > FORMULA_LIMIT:
        raise UnsayableError(f"a formula holds {FORMULA_LIMIT} characters and this one has {len(text)}")
    return text
