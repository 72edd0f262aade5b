"""Replaying a change over a history: both revisions are read, the history is opened, and both are held against it."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sla_sync.agreement.binding import MEANING
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.possible import told_aside
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.compared import revision_of
from sla_sync.pipeline.known_days import days_told
from sla_sync.pipeline.past import as_of_day, folder_of, past_of
from sla_sync.pipeline.periods import since_day
from sla_sync.pipeline.revisions import Side, open_side
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import Place
from sla_sync.replay.replay import Replay, replay
from sla_sync.replay.revisions import Revision
from sla_sync.review.amendments import Revision as Compared
from sla_sync.semantics.calendar import zone_named

QUARTER = timedelta(days=90)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Over:
    """Over what to replay: a folder with a history, or the one that was exported of a target, and which of its days.

    Without days they are the last 90 of the history; `since` may be a time before the last day.
    """

    history: Path | None = None
    target: str | None = None
    since: date | timedelta = QUARTER
    until: date | None = None


def replay_of(
    base: str, head: str | None, over: Over, *, config: Path | None, here: Path, ids: bool = False, engine: Any = None
) -> Replay:
    """Return what a change would have done: from one revision, folder or file to another, or to the working tree.

    Raises SlaSyncError where a side has no agreement that can be read, or there is no history.
    """
    with ExitStack() as opened:
        sides = [opened.enter_context(open_side(each, config=config, here=here)) for each in (base, head)]
        before, after = (_read(each) for each in sides)
        place = sides[1].place if sides[1].place is not None else sides[0].place
        if place is None:
            raise SlaSyncError("There is no agreement to replay.", hint="Name it with --config.")
        return replayed(before, after, over, place=place, ids=ids, engine=engine)


def replayed(
    before: Compared, after: Compared, over: Over, *, place: Place, ids: bool = False, engine: Any = None
) -> Replay:
    """Return what the change between two revisions that were read would have done; raises SlaSyncError."""
    old, new = _side(before), _side(after)
    agreed = old.agreement
    folder = folder_of(place, history=over.history, target=over.target)
    past = past_of(
        place,
        history=folder,
        as_of=as_of_day(folder, over.until, agreed.metadata.timezone, local_engine()),
        agreement=agreed,
        agreements={agreed.metadata.version_in_force: agreed},
        engine=engine,
    )
    period, late = days_told(past, _period(over, past.as_of, agreed.metadata.timezone))
    found = replay(past, old, new, period, ids=ids)
    return replace(found, unknown=(*late, *told_aside(past.aside), *found.unknown))


def _read(side: Side) -> Compared:
    if side.place is None:
        raise SlaSyncError(
            f"{side.name} has no {side.looked_for}, so there is nothing to replay.",
            hint="Name the agreement with --config, or another revision.",
        )
    documents: Documents = validate(side.place)
    if documents.agreement is None:
        raise SlaSyncError(
            f"The agreement at {side.name} cannot be read, so it cannot be replayed.",
            hint=f"See what is wrong with it: sla-sync validate {side.place.agreement}",
        )
    return revision_of(side.name, documents)


def _side(said: Compared) -> Revision:
    bindings = {name: {key: getattr(binding, key, None) for key in MEANING} for name, binding in said.bindings.items()}
    return Revision(said.name, said.agreement, said.holidays, bindings)


def _period(over: Over, as_of: datetime, zone: str) -> Period:
    last = over.until or (as_of - timedelta(microseconds=1)).astimezone(zone_named(zone)).date()
    first = since_day(over.since, last)
    if first > last:
        raise SlaSyncError(f"The days from {first} to {last} are none.", hint="Give --since an earlier day.")
    return Period(first, last, zone)
