"""Each time that something of the language happened: a touch, a reply, `assigned`, `enters sal`, a field that changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.expressions import print_event
from sla_sync.agreement.expressions.events import Changes, Enters, Event, Leaves, Moment, Named
from sla_sync.agreement.expressions.measures import Counter
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.attainment.as_it_stood import WORDS, with_words_then
from sla_sync.attainment.asking import recorded
from sla_sync.attainment.past import Past
from sla_sync.semantics.standings import accepts

CHANNELS: Mapping[Counter, str] = {
    Counter.CALLS: "call", Counter.EMAILS: "email", Counter.MEETINGS: "meeting",
}  # fmt: skip
"""The kind of activity that a counter counts; the others count touches on every channel."""


def happenings(past: Past, event: Counter | Event) -> Table | str:
    """Return `lead`, `at` and `void` of each time that an event happened, or why history cannot tell it, in a sentence."""
    match event:
        case Counter.REPLIES:
            return _of_activities(past, replies(past))
        case Counter():
            return _of_activities(past, touches(past, event))
        case Moment():
            return _MOMENTS[event](past)
        case Enters(stage):
            stays = past.tables["stays"]
            return stays.filter(stays["stage"] == stage).select("lead", at="entered_at", void="void")
        case Leaves(stage):
            left = _left(past, stage)
            return left.select("lead", "at", "void")
        case Changes(field):
            return _changes(past, field)
        case Named():
            return f"History is about leads, and does not tell when `{print_event(event)}` happened."


def touches(past: Past, counter: Counter = Counter.TOUCHES) -> Table:
    """Return the touches of whoever had the lead, or of anybody where nobody had it; `kind` is the channel."""
    told = past.tables["activities"]
    told = told.filter(told["counts"])
    if counter in CHANNELS:
        told = told.filter(told["kind"] == CHANNELS[counter])
    owned = with_words_then(past, told, "at", {"owner": "_owner"})
    own = owned["_owner"].isnull() | (owned["_owner"] == owned["by"])
    return owned.filter(ibis.coalesce(own, ibis.literal(value=False))).drop("_owner")


def replies(past: Past) -> Table:
    """Return what came from buyers, a meeting that they booked aside."""
    told = past.tables["activities"]
    return told.filter(told["inbound"] & (told["kind"] != "meeting"))


def voids(past: Past) -> Table:
    """Return the leads that count for nothing as `_void_lead`, with the reason as `void`."""
    stays = past.tables["stays"]
    gone = stays.filter(stays["void"].notnull())
    return gone.group_by(_void_lead=gone["lead"]).agg(void=gone["void"].min())


def _of_activities(past: Past, told: Table) -> Table:
    return _with_void(past, told.select("lead", "at"))


def _with_void(past: Past, told: Table) -> Table:
    away = voids(past)
    return told.left_join(away, [told["lead"] == away["_void_lead"]]).drop("_void_lead")


def _left(past: Past, stage: str) -> Table:
    """Return each time that a lead left a stage for another, which `went_to` names."""
    stays = past.tables["stays"]
    found = stays.filter((stays["stage"] == stage) & stays["went_to"].isin(list(past.agreement.stages)))
    return found.select("lead", at="left_at", void="void", went_to="went_to")


def _verdict(past: Past) -> Table | str:
    stage = qualified_stage(past.agreement)
    return "No stage of the agreement is the one in which leads qualify." if stage is None else _left(past, stage)


def _accepted(past: Past) -> Table | str:
    """Return the verdicts by which a lead went on: neither back nor off the path."""
    agreement, stage = past.agreement, qualified_stage(past.agreement)
    left = _verdict(past)
    if isinstance(left, str) or stage is None:
        return left
    forward = [name for name in agreement.stages if accepts(agreement, name)]
    return left.filter(left["went_to"].isin(forward)).select("lead", "at", "void")


def _reassigned(past: Past) -> Table:
    """Return each turn of somebody else after the first that somebody had in the cycle."""
    legs = past.tables["legs"]
    owned = legs.filter(legs["owner"].notnull())
    order = ibis.window(group_by=["lead", "cycle"], order_by=owned["number"])
    owned = owned.mutate(_before=owned["owner"].lag().over(order))
    again = owned.filter(owned["_before"].notnull() & (owned["_before"] != owned["owner"]))
    return again.select("lead", at="assigned_at", void="void")


def _of_cycles(column: str) -> Callable[[Past], Table]:
    def found(past: Past) -> Table:
        cycles = past.tables["cycles"]
        return cycles.filter(cycles[column].notnull()).select("lead", at=column, void="void")

    return found


def _booked(past: Past) -> Table:
    told = past.tables["activities"]
    return _of_activities(past, told.filter(told["inbound"] & (told["kind"] == "meeting")))


def _raised(past: Past) -> Table:
    return _with_void(past, past.tables["raises"].select("lead", "at"))


def _changes(past: Past, field: str) -> Table | str:
    if field in WORDS or field not in recorded(past):
        return f"History does not tell when `{field}` changed."
    facts = past.tables["facts"]
    told = facts.filter(facts["field"] == field)
    order = ibis.window(group_by=told["lead"], order_by=[told["at"], told["value"]])
    before, now = ibis.coalesce(told["value"].lag().over(order), ""), ibis.coalesce(told["value"], "")
    told = told.mutate(_changed=before != now)
    return _with_void(past, told.filter(told["_changed"]).select("lead", "at"))


_MOMENTS: Mapping[Moment, Callable[[Past], Table | str]] = {
    Moment.RAISED: _raised,
    Moment.QUALIFIED: _of_cycles("qualified_at"),
    Moment.ASSIGNED: _of_cycles("assigned_at"),
    Moment.REASSIGNED: _reassigned,
    Moment.ACCEPTED: _accepted,
    Moment.TOUCH: lambda past: _of_activities(past, touches(past)),
    Moment.REPLY: lambda past: _of_activities(past, replies(past)),
    Moment.MEETING_BOOKED: _booked,
    Moment.VERDICT: _verdict,
}
