"""What leaves a kept history: what is too old, and all that it holds of one person.

Of a lead of whom something was told since, it is kept where it stood when the kept time began: measures of that time must not
see it appear out of nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from sla_sync.history.folding import fold, write_rows
from sla_sync.history.incoming import bare
from sla_sync.history.parquet import files, rows_in
from sla_sync.history.tables import ACTIVITIES, DEALS, FACTS, LEADS, LEGS, OWNERS, RAISES, STAGES, TABLES, USERS, Table

_STOOD: Final[Mapping[str, tuple[str, ...]]] = {
    RAISES.name: ("lead",),
    FACTS.name: ("lead", "field"),
    STAGES.name: ("lead",),
    OWNERS.name: ("lead",),
}
"""Tables of which the last row before the kept time is kept, and of what it is the last."""
_ENDS: Final[Mapping[str, str]] = {DEALS.name: "closed_at", LEGS.name: "ended_at"}
"""Tables of what lasts, and when it ended; empty while it lasts."""
_PARTED: Final = ("gone_at", "converted_at")
_SINCE: Final = "_since"
_ORDER: Final = ("lead", "field", "stage", "source", "activity", "deal", "leg")
"""By what rows of one instant are ordered, as far as their table has it."""


def is_kept(table: Table, row: Mapping[str, object], begin: datetime | None) -> bool:
    """Return whether a row may be kept that comes now; `begin` is the first instant of the first month that is kept.

    Of what is older, where leads stood and what was done since must be known before it can be told what leaves. Who could own a
    lead is kept however long they have been there: without it nobody knows whose the kept leads were.
    """
    if begin is None or table.name not in _ENDS:
        return True
    ended = row.get(_ENDS[table.name]) or begin
    return any(isinstance(each, datetime) and each >= begin for each in (row[table.at], ended))


def drop_older(folder: Path, begin: datetime) -> Mapping[str, tuple[str, ...]]:
    """Take out what was before an instant, the first of a month; return the months by table of which rows were taken.

    Of leads of whom something is told since then, these rows stay: the lead itself, the last of its raises, of its stages, of
    its owners and of each of its facts, what was done since its last stage or owner, and deals and turns that lasted on. Of users
    who left before, none stays.
    """
    living = _living(folder, begin)
    stood: list[pa.Table] = []
    gone: dict[str, tuple[str, ...]] = {}
    # What was done is judged by where leads stood, so it comes after that.
    for name in (LEADS.name, *_STOOD, *_ENDS, ACTIVITIES.name):
        seen = pa.table({each: pa.array([], pa.string()) for each in _STOOD.get(name, ())})
        taken = []
        for path in reversed(_before(folder, name, begin)):
            rows = bare(rows_in(path), [each.name for each in TABLES[name].columns])
            kept = rows.join(living, keys="lead", join_type="left semi")
            if name in _STOOD:
                kept, seen = _last_of(kept, _STOOD[name], seen)
                stood += [kept.select(["lead", "at"])] if name in {STAGES.name, OWNERS.name} else []
            elif name in _ENDS:
                kept = kept.filter(_lasts(kept.column(_ENDS[name]), begin))
            elif name == ACTIVITIES.name:
                kept = _since(kept, stood)
            if len(kept) < len(rows):
                taken.append(path.stem)
                write_rows(folder, TABLES[name], path.stem, kept, _ORDER)
        gone[name] = tuple(sorted(taken))
    _drop_users(folder, begin)
    return {name: months for name, months in gone.items() if months}


def _before(folder: Path, name: str, begin: datetime) -> tuple[Path, ...]:
    return tuple(each for each in files(folder, name) if each.stem < f"{begin:%Y-%m}")


def _living(folder: Path, begin: datetime) -> pa.Table:
    """Return the leads of whom anything is told since an instant, as a table of one column."""
    found = [pa.array([], pa.string())]
    for name, table in TABLES.items():
        columns = [each.name for each in table.columns]
        if "lead" not in columns:
            continue
        later = [each for each in (*_PARTED, _ENDS.get(name, "")) if each in columns]
        for path in files(folder, name):
            rows = rows_in(path, columns=["lead", *later])
            if path.stem < f"{begin:%Y-%m}":
                told = [
                    pc.fill_null(pc.greater_equal(rows.column(each), pa.scalar(begin)), fill_value=False)
                    for each in later
                ]
                rows = rows.filter(pc.or_(told[0], told[-1])) if told else rows.slice(0, 0)
            found.append(pc.unique(rows.column("lead")))
    return pa.table({"lead": pc.unique(pa.chunked_array(found))})


def _last_of(rows: pa.Table, of: Sequence[str], seen: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Return the last rows of all that was not seen in a later month, those of one instant together, and what is seen now."""
    new = rows.join(seen, keys=list(of), join_type="left anti")
    last = new.group_by(list(of)).aggregate([("at", "max")]).rename_columns([*of, "at"])
    kept = new.join(last, keys=[*of, "at"], join_type="left semi")
    return kept, pa.concat_tables([seen, bare(last, of)])


def _since(rows: pa.Table, stood: Sequence[pa.Table]) -> pa.Table:
    """Return what was done with leads since they came to where they stood."""
    if not stood:
        return rows.slice(0, 0)
    last = pa.concat_tables(stood).group_by("lead").aggregate([("at", "max")]).rename_columns(["lead", _SINCE])
    both = rows.join(last, keys="lead", join_type="inner")
    return bare(both.filter(pc.greater_equal(both.column("at"), both.column(_SINCE))), rows.column_names)


def _lasts(until: pa.ChunkedArray, begin: datetime) -> pa.ChunkedArray:
    return pc.fill_null(pc.greater_equal(until, pa.scalar(begin)), fill_value=True)


def _drop_users(folder: Path, begin: datetime) -> None:
    for path in files(folder, USERS.name):
        rows = rows_in(path)
        stays = _lasts(rows.column("until"), begin)
        if not pc.all(stays).as_py():
            write_rows(folder, USERS, path.stem, rows.filter(stays), ("user",))


def forget(folder: Path, leads: frozenset[str]) -> tuple[frozenset[str], Mapping[str, int]]:
    """Remove all that is kept of a lead, by any of the ids under which it may stand, and of those that it took over.

    Returns the ids that had any row, and how many rows of each table went.
    """
    fold(folder)
    same = _taken_over(folder, leads)
    removed: dict[str, int] = {}
    seen: set[str] = set()
    for name, table in TABLES.items():
        if "lead" not in {each.name for each in table.columns}:
            continue
        for path in files(folder, name):
            rows = rows_in(path)
            theirs = pc.is_in(rows.column("lead"), pa.array(sorted(same)))
            number = pc.sum(theirs).as_py() or 0
            if number:
                seen.update(rows.filter(theirs).column("lead").to_pylist())
                removed[name] = removed.get(name, 0) + number
                write_rows(folder, table, path.stem, rows.filter(pc.invert(theirs)))
    return frozenset(seen), removed


def _taken_over(folder: Path, leads: frozenset[str]) -> frozenset[str]:
    while True:
        found = set(leads)
        for path in files(folder, LEADS.name):
            rows = rows_in(path, columns=["lead", "merged_into"])
            mine = pc.fill_null(pc.is_in(rows.column("merged_into"), pa.array(sorted(leads))), fill_value=False)
            found |= set(rows.filter(mine).column("lead").to_pylist())
        if found == leads:
            return leads
        leads = frozenset(found)
