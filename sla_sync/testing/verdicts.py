"""What the suite says of a connector that breaks the contract: what was found, and where to look."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sla_sync.connector import Address, Change, Outcome, Status, spell
from sla_sync.reconcile.apply import Result
from sla_sync.reconcile.plan import Plan

_MOST = 5


def not_empty(plan: Plan) -> str:
    """Say that a plan holds changes after all was applied."""
    return (
        f"After an apply the plan must be empty, and {_many(len(plan.changes), 'change')} would follow:\n"
        f"{_listed(map(_change, plan.changes))}\n"
        "Either the writer does not write this, or the reader does not return it as it was written, or the setting type "
        "lacks a default, a coercion or a key by which the two spellings are one."
    )


def not_matched(plan: Plan, asked: int) -> str:
    """Say that settings which were applied are neither changed nor found."""
    unread = [f"{each.address}: {each.because}" for each in plan.unreadable]
    return (
        f"All {asked} settings must match after an apply, and {plan.matched} do.\n{_listed(unread)}\n"
        "Let the reader return every address that it is asked for, or call it unreadable only where the platform does."
    )


def not_done(result: Result) -> str:
    """Say what became of the changes that were not done, and what cut the apply off."""
    open_ones = [each for each in result.outcomes if each.status is not Status.DONE]
    because = f"It was cut off: {result.error} → {result.error.hint}" if result.error else "It came to its end."
    return (
        f"An apply on a platform that does not fail must do every change, and {_many(len(open_ones), 'change')} were not "
        f"done. {because}\n{_listed(map(_outcome, open_ones))}"
    )


def changed(what: str) -> str:
    """Say that something which only looks has changed the platform."""
    return (
        f"{what} must change nothing on the platform, and something changed. Open its reader over a transport that "
        "refuses every call that writes."
    )


def not_read_alike(seed: int, polite: Plan, rude: Plan) -> str:
    """Say that a plan depends on how the platform spells what it is asked."""
    ours = {each.address for each in polite.changes}
    more = [_change(each) for each in rude.changes if each.address not in ours]
    fewer = [f"{each} is not changed any more" for each in sorted(ours - {each.address for each in rude.changes})]
    return (
        f"A plan must not depend on what the table of types says to mean nothing, and this one does (seed {seed}):\n"
        f"{_listed([*more, *fewer])}\n"
        "Look at keyed, defaults, coerce and ignored of that type: one of them promises what the values do not keep."
    )


def not_found_again(edits: Sequence[str], found: Iterable[Address]) -> str:
    """Say that an audit did not find what an administrator changed."""
    return (
        f"An audit must find each of {_many(len(edits), 'edit')} on a setting of its own:\n{_listed(edits)}\n"
        f"It found differences at: {', '.join(map(str, sorted(found))) or 'nothing'}.\n"
        "Let the reader return what the administrator changed, and let administer change each setting once."
    )


def not_one_by_one(address: Address, left: Iterable[Address], plan: Plan) -> str:
    """Say that putting one setting right left other differences than were there."""
    return (
        f"After {address} alone was put right, these must still differ: {', '.join(map(str, sorted(left))) or 'none'}.\n"
        f"These do:\n{_listed(map(_change, plan.changes))}\n"
        "Let apply write the changes that it is given and no other; and let administer change settings of which none "
        "requires another, for what is put right takes with it what it requires."
    )


def not_let_go(address: Address, plan: Plan) -> str:
    """Say that a setting that left the agreement is not let go, or something else changes."""
    return (
        f"Where {address} is no longer asked for, the plan must let go of it alone, and it holds "
        f"{_many(len(plan.changes), 'change')}:\n{_listed(map(_change, plan.changes))}\n"
        "Let the reader return what bears our mark though nobody asks for it, and say in the type how it is marked."
    )


def _change(change: Change) -> str:
    inside = "; ".join(f"{spell(each.path)} is {each.before!r}, not {each.after!r}" for each in change.fields[:_MOST])
    return f"{change.action} {change.address} ({change.reason}){f': {inside}' if inside else ''}"


def _outcome(outcome: Outcome) -> str:
    return f"{outcome.change.action} {outcome.change.address}: {outcome.status} {outcome.detail}".rstrip()


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(_first(lines))


def _first(lines: Iterable[str]) -> Iterator[str]:
    known = [f"  {each}" for each in lines]
    yield from known[:_MOST]
    if len(known) > _MOST:
        yield f"  … and {len(known) - _MOST} more"


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
