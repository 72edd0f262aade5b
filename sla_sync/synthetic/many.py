"""Very many legs and nothing else, a month after the other, so that a machine's memory does not bound their number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, time
from pathlib import Path

import numpy as np
import pyarrow as pa

from sla_sync.files import write_atomically
from sla_sync.history.parquet import write_month
from sla_sync.history.tables import LEGS
from sla_sync.synthetic.arrivals import SYSTEM, moments
from sla_sync.synthetic.chance import HOUR, NEVER, SECOND, Chance, Ints
from sla_sync.synthetic.columns import ids, instants, rows
from sla_sync.synthetic.floor import Floor
from sla_sync.synthetic.history import TRUTH, refuse_to_overwrite
from sla_sync.synthetic.hours import local
from sla_sync.synthetic.legs import leg_columns
from sla_sync.synthetic.parameters import Parameters
from sla_sync.synthetic.turns import DISQUALIFIED, Cycles, Turns, Waiting, begun, priorities

_AT_ONCE = 500_000
"""How many legs are made together: some 300 MiB."""
_DECEMBER = 12
_ROUTED = 2 * HOUR
"""Nobody comes at the very end of a month, so that each leg lies in the month in which it was drawn."""


@dataclass(frozen=True, slots=True)
class Plain:
    """What is true of such legs: none is void, and each lead has one."""

    legs: int
    judged: int
    """Whose first response was due when one looks back."""
    on_time: int


def write_legs(parameters: Parameters, number: int, folder: Path) -> Plain:
    """Write so many legs into a folder that is new or empty, and what is true of them as truth.json; raises SlaSyncError.

    No traps are in them but the hours: every leg is a lead's only one, and ends with the verdict that refuses it.
    """
    refuse_to_overwrite(folder)
    floor, as_of = Floor.of(parameters), local(parameters.until, time(), parameters.zone)
    found: list[Plain] = []
    for month in _months(parameters, number):
        write_month(folder, LEGS, month.name, _parts(parameters, floor, month, as_of, found))
    truth = Plain(
        sum(each.legs for each in found), sum(each.judged for each in found), sum(each.on_time for each in found)
    )
    write_atomically(folder / TRUTH, f"{json.dumps(asdict(truth), indent=2)}\n".encode())
    return truth


@dataclass(frozen=True, slots=True)
class _Month:
    """A month, from when to when one may come in it, its first lead and how many there are."""

    name: str
    start: int
    end: int
    first: int
    size: int


def _parts(parameters: Parameters, floor: Floor, month: _Month, as_of: int, found: list[Plain]) -> Iterator[pa.Table]:
    """Yield the legs of a month in parts, and note what is true of each."""
    for step, begin in enumerate(range(0, month.size, _AT_ONCE)):
        name, size = f"{month.name} {step}", min(_AT_ONCE, month.size - begin)
        turns = _turns(parameters, floor, name, month.first + begin, size, month.start, month.end)
        made, truth = _legs(parameters, floor, turns, name, as_of)
        found.append(truth)
        yield made


def _months(parameters: Parameters, number: int) -> Iterator[_Month]:
    """Yield each UTC month of the parameters' time, with so many of all leads as it is long."""
    begin, end = (local(each, time(), parameters.zone) for each in (parameters.since, parameters.until))
    start = begin
    first = 0
    while start < end:
        day = datetime.fromtimestamp(start // SECOND, UTC)
        after = datetime(day.year + day.month // _DECEMBER, day.month % _DECEMBER + 1, 1, tzinfo=UTC)
        edge = min(end, int(after.timestamp()) * SECOND)
        last = number * (edge - begin) // (end - begin)
        if edge - _ROUTED > start:
            yield _Month(f"{day:%Y-%m}", start, edge - _ROUTED, first, last - first)
            first = last
        start = edge


def _turns(parameters: Parameters, floor: Floor, name: str, first: int, size: int, start: int, end: int) -> Turns:
    """Return turns in the order of their assignment."""
    seed = parameters.seed
    created = np.sort(moments(parameters, Chance(seed, f"created {name}"), size, start, end))
    none, no = np.full(size, -1), np.zeros(size, dtype=np.bool_)
    assigned = np.sort(created + Chance(seed, f"system {name}").times(size, SYSTEM))
    source = Chance(seed, f"source {name}").pick(size, [each.weight for each in parameters.sources])
    team = Chance(seed, f"team {name}").pick(size, [each.weight for each in parameters.teams])
    lead = np.arange(first, first + size)
    cycles = Cycles(lead, np.ones_like(lead), source, none, none, created, assigned, no, no)
    waiting = Waiting(np.arange(size), np.ones_like(lead), assigned, none, no)
    return begun(parameters, floor, cycles, team, waiting, name)


def _legs(parameters: Parameters, floor: Floor, turns: Turns, name: str, as_of: int) -> tuple[pa.Table, Plain]:
    """Return the rows of legs, and what is true of them."""
    seed, size = parameters.seed, len(turns.lead)
    decided = floor.after(turns.team, turns.touched, Chance(seed, f"verdict {name}").times(size, parameters.verdict))
    share = np.array([parameters.accepted[word] for word in priorities(parameters)])[turns.priority]
    accepted = Chance(seed, f"accepted {name}").yes(size, share)
    ended = np.where(accepted, NEVER, decided)
    touches: Ints = (turns.touched < as_of).astype(np.int64)
    columns = leg_columns(parameters, floor, turns, ended, np.full(size, DISQUALIFIED), as_of)
    columns |= {
        "leg": ids("T", turns.lead),
        "replied_at": instants(np.full(size, NEVER), as_of),
        "decided_at": instants(decided, as_of),
        "touches": pa.array(touches),
        "channels": pa.array(touches),
    }
    judged = turns.due <= as_of
    return rows(LEGS, columns), Plain(size, int(judged.sum()), int((judged & (turns.touched <= turns.due)).sum()))
