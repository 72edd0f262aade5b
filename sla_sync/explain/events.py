"""Events as people say them: at what a clock starts, and what must have happened when it stops."""

from __future__ import annotations

from collections.abc import Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.explain.names import article, is_a, is_state, listed, state, words

_STARTS: Mapping[Moment, str] = {
    Moment.RAISED: "someone raises a hand",
    Moment.QUALIFIED: "a lead qualifies",
    Moment.ASSIGNED: "a lead is assigned",
    Moment.REASSIGNED: "a lead passes to a new owner",
    Moment.ACCEPTED: "a lead is accepted",
    Moment.TOUCH: "the owner has touched a lead",
    Moment.REPLY: "the person has replied",
    Moment.MEETING_BOOKED: "a meeting is booked",
    Moment.VERDICT: "a verdict is given",
}
_STOPS: Mapping[Moment, str] = {
    Moment.RAISED: "hears of it",
    Moment.QUALIFIED: "qualifies it",
    Moment.ASSIGNED: "assigns it to an owner",
    Moment.REASSIGNED: "gives it to a new owner",
    Moment.ACCEPTED: "accepts it",
    Moment.TOUCH: "touches it",
    Moment.REPLY: "has an answer from the person",
    Moment.MEETING_BOOKED: "has a meeting booked",
    Moment.VERDICT: "gives a verdict on it",
}
_NOUNS: Mapping[Moment, str] = {
    Moment.RAISED: "the hand-raise",
    Moment.QUALIFIED: "qualification",
    Moment.ASSIGNED: "assignment",
    Moment.REASSIGNED: "reassignment",
    Moment.ACCEPTED: "acceptance",
    Moment.TOUCH: "the first touch",
    Moment.REPLY: "the reply",
    Moment.MEETING_BOOKED: "the booking of a meeting",
    Moment.VERDICT: "the verdict",
}
COUNTED: Mapping[Moment, str] = {
    Moment.RAISED: "hand-raises",
    Moment.QUALIFIED: "qualified leads",
    Moment.ASSIGNED: "assigned leads",
    Moment.REASSIGNED: "reassigned leads",
    Moment.ACCEPTED: "accepted leads",
    Moment.TOUCH: "touches",
    Moment.REPLY: "replies",
    Moment.MEETING_BOOKED: "booked meetings",
    Moment.VERDICT: "verdicts",
}


def starting(event: Event, thing: str | None) -> str:
    """Return what has happened when a clock starts, as a clause; `thing` is what is timed where it is no lead."""
    match event:
        case Moment():
            return _STARTS[event]
        case Enters(stage):
            return f"a lead {is_a(stage)}" if is_state(stage) else f"a lead {is_a(stage).replace('is ', 'becomes ', 1)}"
        case Leaves(stage):
            return f"a lead is no longer {words(stage)}"
        case Changes(field):
            return f"the {words(field)} of a lead changes"
        case Named(name):
            said = words(thing or "thing")
            return f"{article(said)} {said} is {words(name)}"


def stopping(event: Event, agreement: Agreement) -> str:
    """Return what the promiser does so that the clock stops, as a verb with its object."""
    match event:
        case Moment():
            return _STOPS[event]
        case Enters(stage):
            return f"has it {words(stage)}" if is_state(stage) else f"takes it on to {words(stage)}"
        case Leaves(stage):
            return "decides on it" if stage in agreement.stages else f"moves it out of {words(stage)}"
        case Changes(field):
            return f"updates its {words(field)}"
        case Named(name):
            return f"has it {words(name)}"


def noun(event: Event) -> str:
    """Return an event as a noun: assignment, the first touch."""
    match event:
        case Moment():
            return _NOUNS[event]
        case Enters(stage):
            return f"entering {words(stage)}"
        case Leaves(stage):
            return f"leaving {words(stage)}"
        case Changes(field):
            return f"the change of {words(field)}"
        case Named(name):
            return f"the moment “{words(name)}”"


def outcome(event: Event, agreement: Agreement) -> str:
    """Return where a lead can go when it leaves a stage: `on to SAL, or recycled or disqualified with a reason`; else nothing."""
    if not isinstance(event, Leaves) or event.stage not in agreement.stages:
        return ""
    ways = agreement.stages[event.stage].moves
    reasoned = [state(each) for each in ways if each in agreement.stages and agreement.stages[each].reasons]
    onward = [words(each) for each in ways if state(each) not in reasoned]
    first = f"on to {listed(onward, last='or')}" if onward else ""
    with_reason = f"{listed(reasoned, last='or')} with a reason" if reasoned else ""
    return ", or ".join(each for each in (first, with_reason) if each)
