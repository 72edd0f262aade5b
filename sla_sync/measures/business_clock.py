"""In whose open hours time is counted: the calendar of each owner's team, under the version by which they are judged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sla_sync.agreement.sections.commitments import OWNER_CALENDAR
from sla_sync.attainment.business_time import open_time
from sla_sync.attainment.past import Past
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.calendars import PERSONAL, Calendars, calendars_of

UNKNOWN = "?"
"""The key of hours that nobody knows: those of people who have their own."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """Calendars by a key, equal ones under the same; `keys` holds the key of what a table says of a row, word by word."""

    calendars: Mapping[str, BusinessCalendar]
    keys: Mapping[tuple[str, ...], str]

    def open_time(self, first: datetime, last: datetime) -> pa.Table:
        """Return the open hours of all of them from an instant to another; raises CalendarError."""
        return open_time(self.calendars, first, last)

    def with_key(self, table: Table, name: str, columns: tuple[str, ...]) -> Table:
        """Return the table with the key for what these columns say; it is empty where nothing is known of that."""
        words = [f"_word{place}" for place, _ in enumerate(columns)]
        schema = pa.schema([(each, pa.string()) for each in (*words, "_key")])
        rows = [dict(zip(schema.names, (*said, key), strict=True)) for said, key in self.keys.items()]
        known = ibis.memtable(pa.Table.from_pylist(rows, schema=schema))
        pairs = [ibis.coalesce(table[column], "") == known[word] for column, word in zip(columns, words, strict=True)]
        found = table.left_join(known, pairs)
        return found.select(*table.columns, **{name: found["_key"]})


def of_teams(past: Past) -> Clocks:
    """Return the hours of each version and team, of the main calendar under the team ""; raises CalendarError, FormatError."""
    found: dict[str, BusinessCalendar] = {}
    keys: dict[tuple[str, ...], str] = {
        (policy, team): UNKNOWN if calendar is None else _key(found, calendar)
        for policy, known in _versions(past)
        for team in ("", *known.teams)
        for calendar in (_hours(known, team),)
    }
    return Clocks(found, keys)


def of_runs(past: Past) -> Clocks:
    """Return the hours of each version, commitment with a clock, and calendar of a turn; under "" of a turn that has none.

    Raises CalendarError and FormatError.
    """
    found: dict[str, BusinessCalendar] = {}
    keys: dict[tuple[str, ...], str] = {}
    for policy, known in _versions(past):
        for name, commitment in past.agreements[policy].commitments.items():
            if commitment.clock is None:
                continue
            runs_in = commitment.clock.runs_in
            for hours in ("", *known.named):
                own = known.called(hours) if hours and runs_in == OWNER_CALENDAR else None
                keys[policy, name, hours] = _key(found, own or known.for_clock(runs_in, None, None))
    return Clocks(found, keys)


def with_hours_of_team(table: Table, clocks: Clocks, name: str) -> Table:
    """Return the table with the key of the hours of each row's `team` under its `policy`.

    Those of the main calendar where the agreement does not name the team. It is `UNKNOWN` where hours are personal, and empty
    where nobody gave the version.
    """
    found = clocks.with_key(table, name, ("policy", "team")).mutate(_nobody=ibis.literal(""))
    found = clocks.with_key(found, "_main", ("policy", "_nobody"))
    return found.mutate(**{name: ibis.coalesce(found[name], found["_main"])}).drop("_main", "_nobody")


def _versions(past: Past) -> Iterator[tuple[str, Calendars]]:
    for policy, agreement in past.agreements.items():
        yield policy, calendars_of(agreement, files=past.files)


def _hours(known: Calendars, team: str) -> BusinessCalendar | None:
    return None if known.teams.get(team) == PERSONAL else known.of_owner(None, team)


def _key(found: dict[str, BusinessCalendar], calendar: BusinessCalendar) -> str:
    same = next((key for key, each in found.items() if each == calendar), None)
    key = str(len(found)) if same is None else same
    found.setdefault(key, calendar)
    return key
