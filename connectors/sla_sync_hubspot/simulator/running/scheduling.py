"""The virtual clock runs: what is due is carried out in the order in which it is due, and what it changes is considered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sla_sync_hubspot.simulator import membership
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.running.desk import Desk, open_desk
from sla_sync_hubspot.simulator.running.entry import look_at_clock, react, refresh, timed_flows
from sla_sync_hubspot.simulator.running.interpreter import resume

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def follow(portal: Portal, *, settings: bool) -> None:
    """Let the workflows know of what a request changed, settings too or records only, and carry out what is due by now."""
    desk = open_desk(portal)
    if settings:
        refresh(desk)
    react(desk)
    _carry_out(desk, portal.now)


def is_due(portal: Portal, instant: datetime) -> bool:
    """Return whether anything happens by itself until an instant."""
    first = open_desk(portal).book.first()
    if first is not None and first.due <= instant:
        return True
    every = timedelta(minutes=portal.switches.segment_minutes)
    # Most requests lie between two looks, and need not find out what looks at the clock.
    if (portal.now - _EPOCH) // every == (instant - _EPOCH) // every:
        return False
    look = _next_look(open_desk(portal))
    return look is not None and look <= instant


def run_until(portal: Portal, instant: datetime) -> None:
    """Let the clock run to an instant, and everything happen that is due by then."""
    desk = open_desk(portal)
    refresh(desk)
    react(desk)
    while True:
        first, look = desk.book.first(), _next_look(desk)
        moments = [each for each in (first.due if first else None, look) if each and each <= instant]
        if not moments:
            break
        portal.now = max(portal.now, min(moments))
        if look and look <= portal.now:
            # Lists first, for the criteria of workflows may ask for them.
            membership.refresh(portal)
            look_at_clock(desk)
        _carry_out(desk, portal.now)
    portal.now = max(portal.now, instant)


def _carry_out(desk: Desk, until: datetime) -> None:
    """Carry out what is due by now; the workflows that it enrols begin in their turn."""
    while True:
        react(desk)
        first = desk.book.first()
        if first is None or first.due > until:
            return
        resume(desk, first)


def _next_look(desk: Desk) -> datetime | None:
    """Return when what looks at the clock is evaluated next, or None where neither a list nor a workflow does."""
    lists = membership.next_refresh(desk.portal)
    if lists is not None or not timed_flows(desk):
        return lists
    every = timedelta(minutes=desk.portal.switches.segment_minutes)
    return _EPOCH + ((desk.now - _EPOCH) // every + 1) * every
