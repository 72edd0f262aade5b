"""Which of the things that happened is an event of the language: `assigned`, `touch`, `leaves mql`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Changes, Enters, Leaves, Moment, Named
from sla_sync.agreement.expressions.events import Event as Asked
from sla_sync.agreement.funnel import qualified_stage
from sla_sync.semantics.history import Accepted, Assigned, Booked, Event, Happened, Raised, Replied, Touched
from sla_sync.semantics.standings import Standing, accepts
from sla_sync.semantics.story import Story


def happens(asked: Asked, story: Story, place: int) -> bool:
    """Return whether the event at a place of the history is what is asked for."""
    event = story.history.events[place]
    before, after = story.standings[place : place + 2]
    match asked:
        case Moment():
            return _MOMENTS[asked](story.agreement, event, before, after)
        case Enters(stage):
            return after.stage == stage != before.stage
        case Leaves(stage):
            return before.stage == stage != after.stage
        case Changes(field):
            return story.before(place).value(field) != story.after(place).value(field)
        case Named(name):
            return isinstance(event, Happened) and event.name == name


def is_touch(event: Event, owner: str | None) -> bool:
    """Return whether an event is a touch: somebody reached out in person, and it was the owner where there is one."""
    return isinstance(event, Touched) and not event.automated and owner in {None, event.by}


def _qualified(_agreement: Agreement, _event: Event, before: Standing, after: Standing) -> bool:
    return after.qualified and not (before.qualified and before.turn == after.turn)


def _assigned(_agreement: Agreement, event: Event, before: Standing, after: Standing) -> bool:
    return isinstance(event, Assigned) and not (before.assigned and before.turn == after.turn)


def _reassigned(_agreement: Agreement, event: Event, before: Standing, after: Standing) -> bool:
    again = before.assigned and before.turn == after.turn
    return isinstance(event, Assigned) and again and before.owner != after.owner


def _accepted(agreement: Agreement, event: Event, before: Standing, after: Standing) -> bool:
    return isinstance(event, Accepted) or (
        _verdict(agreement, event, before, after) and accepts(agreement, after.stage or "")
    )


def _verdict(agreement: Agreement, _event: Event, before: Standing, after: Standing) -> bool:
    return before.stage is not None and before.stage == qualified_stage(agreement) != after.stage


_MOMENTS: Mapping[Moment, Callable[[Agreement, Event, Standing, Standing], bool]] = {
    Moment.RAISED: lambda _agreement, event, _before, _after: isinstance(event, Raised),
    Moment.QUALIFIED: _qualified,
    Moment.ASSIGNED: _assigned,
    Moment.REASSIGNED: _reassigned,
    Moment.ACCEPTED: _accepted,
    Moment.TOUCH: lambda _agreement, event, before, _after: is_touch(event, before.owner),
    Moment.REPLY: lambda _agreement, event, _before, _after: isinstance(event, Replied),
    Moment.MEETING_BOOKED: lambda _agreement, event, _before, _after: isinstance(event, Booked),
    Moment.VERDICT: _verdict,
}
