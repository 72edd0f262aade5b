"""Refusals by kind and by size, each with the acknowledgement that releases it; there is no global force."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date

from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.reconcile.plan import Plan, naming_all
from sla_sync.reconcile.settings import Action, Change, switch_off

BULK_SHARE = 0.5
"""An apply that alters more than this share of what is ours needs an acknowledgement with the number in it."""
BULK_POPULATION = 10
"""Shares of fewer settings than this say nothing."""

_ADVICE = {
    Action.ADOPT: "exists and is not ours",
    Action.DELETE: "holds data that would be lost",
}


def guard(plan: Plan, *, acknowledged: Collection[str] = (), expired: date | None = None) -> tuple[Diagnostic, ...]:
    """Return what stands in the way of this plan; an error refuses it. `expired`: the last day, where it has passed."""
    return (
        *_unacknowledged(plan, acknowledged),
        *_bulk(plan, acknowledged),
        *_expired(plan, expired),
        *_idle(plan, acknowledged),
    )


def adoption_of_all(plan: Plan) -> str | None:
    """Return the acknowledgement that names everything that a plan takes over, or None where that is less than two."""
    return naming_all("adopt-all", (each.ack for each in plan.changes if each.action is Action.ADOPT and each.ack))


def _unacknowledged(plan: Plan, acknowledged: Collection[str]) -> Iterator[Diagnostic]:
    everything = adoption_of_all(plan)
    for change in plan.changes:
        adopted = change.action is Action.ADOPT
        if change.ack and change.ack not in acknowledged and not (adopted and everything in acknowledged):
            for_all = f", --ack {everything} for all that exist" if adopted and everything else ""
            yield Diagnostic(
                "SLA820",
                Severity.ERROR,
                f"{change.address} {_ADVICE.get(change.action, 'needs an acknowledgement')}.",
                hint=f"Add --ack {_quoted(change.ack)} to release this one{for_all}, or bind another name.",
            )
        for other in change.switches_off:
            needed = switch_off(other)
            if needed not in acknowledged:
                yield Diagnostic(
                    "SLA820",
                    Severity.ERROR,
                    f"{other} is switched on and would be switched off by {change.address}: only one of them can be on.",
                    hint=f"Add --ack {_quoted(needed)} to release this one, or let the binding do without {change.address}.",
                )


def bulk_acknowledgement(plan: Plan) -> str | None:
    """Return the acknowledgement that a plan of this size needs, or None where it needs none."""
    altering = [change for change in plan.changes if _alters(change)]
    population = plan.matched + len(altering)
    if population < BULK_POPULATION or len(altering) <= BULK_SHARE * population:
        return None
    return f"bulk:{len(altering)}"


def _alters(change: Change) -> bool:
    stopped = change.action is Action.RELEASE and bool(change.fields)
    return stopped or change.action in {Action.UPDATE, Action.DELETE}


def _bulk(plan: Plan, acknowledged: Collection[str]) -> Iterator[Diagnostic]:
    needed = bulk_acknowledgement(plan)
    if needed and needed not in acknowledged:
        number = needed.partition(":")[2]
        yield Diagnostic(
            "SLA821",
            Severity.ERROR,
            f"This plan alters {number} of the settings that are already ours, which is more than half of them.",
            hint=f"Read the plan, then add --ack {needed}.",
        )


def _expired(plan: Plan, last_day: date | None) -> Iterator[Diagnostic]:
    if last_day is not None:
        yield Diagnostic(
            "SLA111",
            Severity.ERROR,
            f"Agreement '{plan.agreement}' was in force until {last_day} and is applied to nothing any longer.",
            ("metadata", "effective", "until"),
            hint="Agree on a new period and write it under metadata.effective.",
        )


def _idle(plan: Plan, acknowledged: Collection[str]) -> Iterator[Diagnostic]:
    useful = {bulk_acknowledgement(plan), adoption_of_all(plan)}.union(
        *(change.acknowledgements for change in plan.changes)
    )
    for each in sorted(set(acknowledged) - {ack for ack in useful if ack}):
        yield Diagnostic(
            "SLA822",
            Severity.WARNING,
            f"The acknowledgement '{each}' releases nothing in this plan.",
            hint="Remove it, or compare it with the ids that plan prints.",
        )


def _quoted(text: str) -> str:
    return f"'{text}'" if any(letter in text for letter in " |&;()<>$'\"") else text
