"""Work on a lead: what is counted while it is worked, since when, and whether it was enough."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sla_sync.agreement.expressions.measures import Counter, Need
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.cycles import cycles
from sla_sync.semantics.expressions import compares
from sla_sync.semantics.history import Channel, Replied, Touched
from sla_sync.semantics.moments import is_touch
from sla_sync.semantics.story import Story

_CHANNELS: Mapping[Counter, Channel] = {
    Counter.CALLS: Channel.CALL,
    Counter.EMAILS: Channel.EMAIL,
    Counter.MEETINGS: Channel.MEETING,
}


def is_counted(counter: Counter, story: Story, place: int) -> bool:
    """Return whether an event is one of those that a counter counts: a reply, or a touch by the owner on its channel."""
    event = story.history.events[place]
    if counter is Counter.REPLIES:
        return isinstance(event, Replied)
    if not isinstance(event, Touched) or not is_touch(event, story.standings[place].owner):
        return False
    return _CHANNELS.get(counter, event.channel) is event.channel


def counted(counter: Counter, story: Story, begin: datetime, end: datetime) -> int:
    """Return how often something was counted from one instant to another, both included; of channels the different ones."""
    places = [
        place
        for place, event in enumerate(story.history.events)
        if begin <= event.at <= end and is_counted(counter, story, place)
    ]
    if counter is not Counter.CHANNELS:
        return len(places)
    touches = (story.history.events[place] for place in places)
    return len({each.channel for each in touches if isinstance(each, Touched)})


def kept_up(needs: Iterable[Need], story: Story, begin: datetime, end: datetime) -> bool:
    """Return whether each need was met by what was done from one instant to another."""
    return all(compares(counted(need.counter, story, begin, end), need.comparison, need.count) for need in needs)


def since(story: Story, place: int) -> tuple[datetime, BusinessCalendar]:
    """Return since when the cycle of an event is worked, and by whose hours.

    Its first assignment, else its qualification, else its first event.
    """
    cycle = next(each for each in cycles(story) if each.first <= place <= each.last)
    if cycle.legs:
        leg = cycle.legs[0]
        return leg.assigned_at, story.calendars.of_owner(leg.owner, leg.team)
    return cycle.qualified_at or story.history.events[cycle.first].at, story.calendars.main
