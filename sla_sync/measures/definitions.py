"""What the number of a commitment means, in one sentence; and its promise in the words of its keys, where nobody wrote one."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.expressions import print_event, print_expression, print_measure
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.measures import (
    Complete,
    Counter,
    CountOf,
    CountOfEvents,
    Effort,
    Manual,
    Measure,
    StageRate,
    SumOf,
)
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.commitments import Commitment

_COUNTERS: Mapping[Counter, str] = {
    Counter.TOUCHES: "Touches by whoever had the lead",
    Counter.CALLS: "Calls by whoever had the lead",
    Counter.EMAILS: "Personal mails by whoever had the lead",
    Counter.MEETINGS: "Meetings of whoever had the lead",
    Counter.CHANNELS: "Touches by whoever had the lead, on any channel",
    Counter.REPLIES: "Replies of buyers",
}


def definition(measure: Measure) -> str:
    """Return what is counted, of what, and when, in a sentence."""
    match measure:
        case CountOf(stage, first, condition, once):
            which = "each lead the first time only" if first else "each lead once in each of its cycles"
            account = f", an account once in {once}" if once else ""
            return (
                f"Leads that entered {stage}{_where(condition)}, {which}{account}; on the day on which they entered it."
            )
        case CountOfEvents(event, condition):
            return f"{_events(event)}{_where(condition)}, on the day on which it happened."
        case SumOf(amount, stage, condition):
            return f"The {amount} of what entered {stage}{_where(condition)}, once in each cycle; on the day on which it did."
        case StageRate(start, end, within, condition):
            return (
                f"Of leads that entered {start}{_where(condition)} and had {within} since, those that reached {end} in that "
                "time and in the same cycle."
            )
        case Effort(before=None):
            of = print_event(measure.of) if measure.of else "event"
            return f"Of each {of} whose time is over, those with {_work(measure)}."
        case Effort():
            return f"Of exits for {measure.before}, those before which there were {_work(measure)}."
        case Complete(group, stage):
            return f"Of leads that entered {stage}, those of which all of {group} was known and valid then, and not only since."
        case Manual():
            return "People count it, and say so with evidence."


def in_words(commitment: Commitment) -> str:
    """Return what is promised in the words of the agreement's keys, with the target where there is one."""
    if commitment.clock is not None:
        limits = ", ".join(f"{limit} for {name}" if name else str(limit) for name, limit in commitment.limits.items())
        within = f" within {limits}" if limits else ""
        share = f", {commitment.on_time}" if commitment.on_time is not None else ""
        return f"From {commitment.clock.starts} to {commitment.clock.stops}{within}{share}."
    said = print_measure(commitment.measure.value) if commitment.measure else "manual"
    target = commitment.target
    number = "" if target is None or isinstance(target, dict) else f": {target}"
    return f"{said[:1].upper()}{said[1:]}{number}."


def _where(condition: Expression | None) -> str:
    return "" if condition is None else f" where {print_expression(condition)}"


def _events(event: Counter | Event) -> str:
    return _COUNTERS[event] if isinstance(event, Counter) else f"Each time that `{print_event(event)}` happened"


def _work(effort: Effort) -> str:
    needs = " and ".join(f"{each.counter} {each.comparison} {each.count}" for each in effort.needs)
    return f"{needs} within {effort.within}" if effort.within else needs
