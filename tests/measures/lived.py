"""Histories of leads as the tables of a past: what the model reads event by event, as rows that a connector would export."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.past import Past
from sla_sync.semantics.history import (
    Assigned,
    Booked,
    Changed,
    Channel,
    Entered,
    Event,
    Queued,
    Raised,
    Replied,
    Touched,
)
from tests.measures.pasts import past_of
from tests.semantics.leads import at

TEAMS: Mapping[str, str] = {"ann": "sdr", "bob": "sdr", "eva": "iberia"}
Row = dict[str, object]


def past_of_lives(under: Agreement, lives: Mapping[str, tuple[Event, ...]], as_of: datetime) -> Past:
    """Return the past of some leads, with all that follows from what happened to them by an instant."""
    tables: dict[str, Any] = {
        "users": [{"user": name, "since": at("01-01 00:00"), "team": team} for name, team in TEAMS.items()]
    }
    for lead, events in lives.items():
        known = [each for each in events if each.at <= as_of]
        if known:
            tables.setdefault("leads", []).append({"lead": lead, "created_at": known[0].at})
        for place, event in enumerate(known):
            for table, row in _rows(event):
                said = {"activity": f"{lead}-{place}"} if table == "activities" else {}
                tables.setdefault(table, []).append({"lead": lead, "at": event.at, **row, **said})
    return with_derived(past_of(under, as_of, **tables))


def life(dice: random.Random) -> Iterator[Event]:
    """Yield what happens to a lead: it asks, qualifies, is passed about, touched, decided, sold to, and may come again."""
    now = at("10-01 09:00") + timedelta(seconds=dice.randrange(45 * 86_400))
    yield Changed(now, "employees", dice.choice((5, 200, 900)))
    if dice.random() < 0.7:
        yield Changed(_later(now, 1), "account", dice.choice(("acme", "globex", "initech", "umbrella")))
    for again in range(dice.choice((1, 1, 2, 3))):
        now = _later(now, 60)
        yield Raised(now, dice.choice(("demo_request", "webinar")))
        now = _later(now, 60 + dice.randrange(600))
        yield Entered(now, "mql")
        if again:
            # Who still had the lead would have a turn in the new cycle, of which the model knows nothing.
            now = _later(now, 60)
            yield Assigned(now, "ann", "sdr")
        for _ in range(dice.randrange(7)):
            now = _later(now, dice.choice((30, 400, 9_000, 60_000, 200_000)) + dice.randrange(60))
            yield _anything(dice, now)
        if dice.random() < 0.5:
            now = _later(now, dice.choice((3_000, 400_000, 900_000)))
            yield Entered(now, "sal")
            now = _later(now, 40_000)
            yield Changed(now, "amount", dice.choice((100, 250.5)))
        now = _later(now, dice.choice((3_000, 90_000, 500_000)))
        if dice.random() < 0.25:
            yield Entered(now, "won")
            return
        if dice.random() < 0.3:
            return
        yield Entered(now, "recycled", dice.choice(("no_response", "no_response", "bad_timing")))
        now = _later(now, 2 * 86_400)


def _anything(dice: random.Random, now: datetime) -> Event:
    owner = dice.choice(tuple(TEAMS))
    return dice.choice(
        (
            Assigned(now, owner, TEAMS[owner]),
            Assigned(now, owner, TEAMS[owner]),
            Touched(now, owner, Channel.CALL),
            Touched(now, owner, Channel.EMAIL, automated=dice.random() < 0.2),
            Touched(now, owner, Channel.MEETING),
            Replied(now),
            Booked(now),
            Changed(now, "employees", dice.choice((5, 200, 900))),
            Queued(now, "pool"),
        )
    )


def _later(at: datetime, seconds: int) -> datetime:
    return at + timedelta(seconds=seconds)


def _rows(event: Event) -> Iterator[tuple[str, Row]]:
    match event:
        case Raised(source=source):
            yield "raises", {"source": source}
        case Changed(field=field, value=value):
            yield "facts", {"field": field, "value": None if value is None else str(value)}
        case Entered(stage=stage, reason=reason):
            yield "stages", {"stage": stage, "reason": reason}
        case Assigned(owner=owner):
            yield "owners", {"owner": owner}
        case Queued(queue=queue):
            yield "owners", {"queue": queue}
        case Touched(by=by, channel=channel, automated=automated):
            yield "activities", {"kind": channel.value, "by": by, "counts": not automated}
        case Replied():
            yield "activities", {"kind": "email", "counts": False, "inbound": True}
        case Booked():
            yield "activities", {"kind": "meeting", "counts": False, "inbound": True}
