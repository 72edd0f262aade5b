"""Histories of the model as the tables that a connector would export of them, and the past that follows from these."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import ibis
import pyarrow as pa

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.derived import with_derived
from sla_sync.attainment.engines import local_engine
from sla_sync.attainment.kept import nothing, schema_in_utc
from sla_sync.attainment.past import Past
from sla_sync.history.tables import TABLES
from sla_sync.semantics.history import (
    Assigned,
    Changed,
    Channel,
    Entered,
    Event,
    History,
    Parted,
    Parting,
    Queued,
    Raised,
    Replied,
    Touched,
)
from tests.semantics.leads import at

Rows = dict[str, list[dict[str, Any]]]

TEAMS = {"ann": "sdr", "bob": "sdr", "eva": "iberia"}
_BEGINS = {"stays": "entered_at", "cycles": "qualified_at", "legs": "assigned_at"}


@cache
def engine() -> Any:
    """Return one engine for all tests of a process."""
    return local_engine()


def past_of(
    rows: Mapping[str, list[dict[str, Any]]],
    under: Agreement,
    as_of: datetime,
    *,
    agreements: Mapping[str, Agreement] | None = None,
) -> Past:
    """Return the past that follows from rows by table, under an agreement and its versions."""
    tables = {name: ibis.memtable(arrow(name, rows.get(name, []))) for name in TABLES}
    return with_derived(Past(engine(), tables, under, agreements or {"v1": under}, as_of))


def past_of_tables(
    kept: Mapping[str, pa.Table], under: Agreement, as_of: datetime, *, agreements: Mapping[str, Agreement]
) -> Past:
    """Return the past that follows from tables as they are kept; one that is missing is empty."""
    tables = {name: ibis.memtable(_in_utc(kept[name])) if name in kept else nothing(TABLES[name]) for name in TABLES}
    return with_derived(Past(engine(), tables, under, agreements, as_of))


def arrow(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    """Return rows as a table of the history; what a row does not say is empty."""
    schema = schema_in_utc(TABLES[name])
    return pa.Table.from_pylist([{each: _naive(row.get(each)) for each in schema.names} for row in rows], schema=schema)


def found(past: Past, name: str) -> list[dict[str, Any]]:
    """Return the rows of a table that follows from others, by lead and time, their instants with a zone."""
    aware = [
        {each: value.replace(tzinfo=UTC) if isinstance(value, datetime) else value for each, value in row.items()}
        for row in past.rows(past.tables[name])
    ]
    return sorted(aware, key=lambda each: (each["lead"], each[_BEGINS[name]], each.get("number", 0)))


def exported(histories: Mapping[str, History]) -> Rows:
    """Return what a platform would tell of these leads and of their owners."""
    rows: Rows = {name: [] for name in TABLES}
    rows["users"] = [{"user": name, "since": at("01-01 00:00"), "team": team} for name, team in TEAMS.items()]
    for lead, history in histories.items():
        gone = next((each for each in history.events if isinstance(each, Parted)), None)
        merged = "W" if gone is not None and gone.how is Parting.MERGED else None
        born = {"lead": lead, "created_at": history.events[0].at, "merged_into": merged}
        rows["leads"].append(born | {"gone_at": gone.at if gone else None})
        for place, event in enumerate(history.events):
            name, row = _row(event, f"{lead}-{place}")
            if name:
                rows[name].append({"lead": lead, "at": event.at} | row)
    return rows


def lives(dice: random.Random) -> Iterator[Event]:
    """Yield a life: raised and qualified, given to somebody at once, passed about, moved in any way there is; and again."""
    now = at("10-01 09:00") + timedelta(seconds=dice.randrange(40 * 86_400))
    for _ in range(dice.choice((1, 1, 2, 3))):
        for _ in range(dice.choice((0, 1, 1, 2))):
            now += timedelta(seconds=1 + dice.randrange(100_000))
            yield Raised(now, dice.choice(("demo_request", "webinar")))
        if dice.random() < 0.1:
            now += timedelta(minutes=5)
            yield Entered(now, "disqualified", "bad_fit")
        now += timedelta(minutes=1)
        yield Entered(now, "mql")
        now += timedelta(minutes=2)
        owner = dice.choice(tuple(TEAMS))
        yield Assigned(now, owner, TEAMS[owner])
        for _ in range(dice.randrange(9)):
            now += timedelta(seconds=dice.choice((30, 400, 3_000, 9_000, 60_000, 200_000)) + 1 + dice.randrange(60))
            yield _something(dice, now)
        now += timedelta(seconds=1 + dice.randrange(3 * 86_400))
        if dice.random() < 0.1:
            yield Parted(now, dice.choice((Parting.MERGED, Parting.DELETED)))
            return
        if dice.random() < 0.4:
            return
        yield Entered(now, *dice.choice((("recycled", "no_response"), ("disqualified", "bad_fit"), ("won", None))))
        now += timedelta(seconds=1 + dice.randrange(5 * 86_400))


def _something(dice: random.Random, now: datetime) -> Event:
    owner = dice.choice(tuple(TEAMS))
    return dice.choice(
        (
            Assigned(now, owner, TEAMS[owner]),
            Touched(now, owner, Channel.CALL, automated=dice.random() < 0.2),
            Touched(now, owner, Channel.EMAIL),
            Replied(now),
            Raised(now, "webinar"),
            Entered(now, dice.choice(("sal", "sal", "mql", "inquiry"))),
            Queued(now, "pool"),
        )
    )


def _row(event: Event, activity: str) -> tuple[str, dict[str, Any]]:
    match event:
        case Raised(source=source):
            return "raises", {"source": source}
        case Changed(field=field, value=value):
            return "facts", {"field": field, "value": None if value is None else str(value)}
        case Entered(stage=stage, reason=reason):
            return "stages", {"stage": stage, "reason": reason}
        case Assigned(owner=owner):
            return "owners", {"owner": owner}
        case Queued(queue=queue):
            return "owners", {"queue": queue}
        case Touched(by=by, channel=channel, automated=automated):
            touch = {"by": by, "counts": not automated, "inbound": False}
            return "activities", {"activity": activity, "kind": str(channel)} | touch
        case Replied(channel=channel):
            return "activities", {"activity": activity, "kind": str(channel), "counts": False, "inbound": True}
        case _:
            return "", {}


def _naive(value: object) -> object:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) else value


def _in_utc(rows: pa.Table) -> pa.Table:
    plain = [
        pa.field(each.name, pa.timestamp("us") if pa.types.is_timestamp(each.type) else each.type)
        for each in rows.schema
    ]
    return rows.cast(pa.schema(plain))
