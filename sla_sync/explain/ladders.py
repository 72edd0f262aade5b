"""What happens as time runs out, rung by rung: the warning, and each step after the limit."""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Rate, Undecided, WarnAt
from sla_sync.agreement.sections.commitments import Commitment, Step
from sla_sync.explain.conditions import people
from sla_sync.explain.names import capital, listed, queue, team, turns, words
from sla_sync.explain.spoken import TO_DECIDE, duration, how_often, point

_BY_ROUTING = "by routing"


def rungs(commitment: Commitment, agreement: Agreement) -> Sequence[tuple[str, str]]:
    """Return when something happens and what, in the order of the agreement: (`at half the time`, `the owner is warned`)."""
    found = []
    if commitment.warn is not None:
        found.append((_warning(commitment.warn), "the owner is warned"))
    return (*found, *((_when(step), _what(step, agreement)) for step in commitment.on_breach))


def ladder(commitment: Commitment, agreement: Agreement) -> str:
    """Return the whole ladder as one sentence; empty where nothing follows."""
    said = "; ".join(f"{when} {what}" for when, what in rungs(commitment, agreement))
    return f"{capital(said)}." if said else ""


def _warning(warn: WarnAt | Undecided) -> str:
    if isinstance(warn, Undecided):
        return f"at a point {TO_DECIDE}"
    return f"at {point(warn.point)}" if isinstance(warn.point, Rate) else f"{duration(warn.point)} after the start"


def _when(step: Step) -> str:
    if step.at is not None:
        return f"{duration(step.at)} after the start"
    return "at the limit" if step.after is None else f"{duration(step.after)} after the limit"


def _what(step: Step, agreement: Agreement) -> str:
    acts = []
    if step.notify:
        several = len(step.notify) > 1
        acts.append(f"{people(step.notify, agreement)} {'hear' if several else 'hears'} of it")
    if step.reassign is not None:
        to = "through the routing again" if step.reassign == _BY_ROUTING else f"to {_place(step.reassign, agreement)}"
        acts.append(f"the lead passes {to}{_at_most(step)}")
    if step.return_to_queue is not None:
        acts.append(f"the lead goes back to {queue(step.return_to_queue)}")
    if step.stage is not None:
        reason = f" with the reason “{words(step.reason)}”" if step.reason else ""
        acts.append(f"the lead {turns(step.stage)}{reason}")
    if step.close:
        acts.append("the case is closed")
    return listed(acts) or "nothing more happens"


def _place(name: str, agreement: Agreement) -> str:
    return team(name) if name in agreement.teams else people((name,), agreement)


def _at_most(step: Step) -> str:
    if step.at_most is None:
        return ""
    return (
        f", as often as is {TO_DECIDE}"
        if isinstance(step.at_most, Undecided)
        else f", {how_often(step.at_most.count)} at most"
    )
