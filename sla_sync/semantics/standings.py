"""Where a lead stands after each event: stage, owner, cycle, source and facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import distances_from_start, qualified_stage, start_stages
from sla_sync.semantics.expressions import Value
from sla_sync.semantics.history import Assigned, Changed, Entered, Event, History, Parted, Queued, Raised


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a lead stands.

    A turn runs from the end of the one before, or the first event, to the event that closes it. A cycle is a turn in
    which the lead qualified; `cycle` counts them from 1, so a lead that waits for its next cycle already bears its number.
    """

    stage: str | None = None
    since: datetime | None = None
    reason: str | None = None
    owner: str | None = None
    team: str | None = None
    queue: str | None = None
    source: str | None = None
    turn: int = 0
    cycle: int = 1
    qualified: bool = False
    assigned: bool = False
    closed: bool = False
    parted: Parted | None = None
    facts: Mapping[str, Value] = field(default_factory=dict)


def standings(agreement: Agreement, history: History) -> tuple[Standing, ...]:
    """Return where the lead stands before the first event and after each."""
    found = [Standing()]
    start = next(iter(start_stages(agreement)), None)
    qualifying = qualified_stage(agreement)
    for event in history.events:
        now = _opened(found[-1])
        if now.stage is None and start is not None and not isinstance(event, Entered):
            now = _entered(agreement, now, Entered(event.at, start), qualifying)
        found.append(_after(agreement, now, event, qualifying))
    return tuple(found)


def closes(agreement: Agreement, stage: str) -> bool:
    """Return whether entering a stage closes the cycle: it ends there, or a reason must be given for it."""
    section = agreement.stages.get(stage)
    return section is not None and (section.end is not None or section.reasons is not None)


def accepts(agreement: Agreement, stage: str) -> bool:
    """Return whether a lead that leaves the qualified stage for this one is accepted: it goes neither back nor off the path."""
    section, qualified = agreement.stages.get(stage), qualified_stage(agreement)
    if section is None or qualified is None:
        return False
    far = distances_from_start(agreement)
    return section.end == "won" or (not closes(agreement, stage) and far.get(stage, 0) > far[qualified])


def _opened(last: Standing) -> Standing:
    """Return the standing in which the next event finds the lead: after a close a new turn has begun."""
    if not last.closed:
        return last
    cycle = last.cycle + last.qualified
    return replace(last, turn=last.turn + 1, cycle=cycle, qualified=False, assigned=False, closed=False)


def _after(agreement: Agreement, now: Standing, event: Event, qualifying: str | None) -> Standing:
    match event:
        case Raised(source=source):
            # The source of a cycle is frozen when the lead qualifies.
            return now if now.qualified else replace(now, source=source)
        case Changed(field=name, value=value):
            others = {each: held for each, held in now.facts.items() if each != name}
            return replace(now, facts=others if value is None else {**others, name: value})
        case Entered():
            return _entered(agreement, now, event, qualifying)
        case Assigned(owner=owner, team=team):
            return replace(now, owner=owner, team=team, queue=None, assigned=True)
        case Queued(queue=queue):
            return replace(now, owner=None, team=None, queue=queue)
        case Parted():
            return replace(now, parted=event)
        case _:
            return now


def _entered(agreement: Agreement, now: Standing, event: Entered, qualifying: str | None) -> Standing:
    if event.stage == now.stage:
        return now
    return replace(
        now,
        stage=event.stage,
        since=event.at,
        reason=event.reason,
        qualified=now.qualified or event.stage == qualifying,
        closed=closes(agreement, event.stage),
    )
