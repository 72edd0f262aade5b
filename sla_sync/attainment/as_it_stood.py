"""What was known of a lead at an instant, for many leads at once: the row that counted then, joined to each that asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.funnel import start_stages
from sla_sync.attainment.past import Past

CARRIED = ("source", "priority", "stage", "owner", "team", "cycle")
"""Words that rows may bear themselves; what they say of them counts."""

_FAR = datetime(9999, 1, 1)  # noqa: DTZ001 - instants are in UTC without a zone here
_TEXT = "string"


def with_facts_then(past: Past, rows: Table, at: str, columns: Mapping[str, str]) -> Table:
    """Return rows with the text of some fields as it stood at the instant in column `at`; `columns` names each column."""
    for field, column in columns.items():
        told = past.tables["facts"]
        told = told.filter(told["field"] == field)
        rows = _with_last(rows, told, at, {column: "value"})
    return rows


def with_words_then(past: Past, rows: Table, at: str, columns: Mapping[str, str]) -> Table:
    """Return rows with words that follow from other tables than facts: stage, source, owner, team, cycle.

    Raises KeyError for any other word.
    """
    for word, column in columns.items():
        rows = _WORDS[word](past, rows, at, column)
    return rows


def with_exclusions(past: Past, rows: Table, columns: Mapping[str, str]) -> Table:
    """Return rows with `yes` or `no` for each exclusion; empty where the lead falls under another, for that hides this one."""
    leads = past.tables["leads"]
    found = leads.select(_of=leads["lead"], _excluded=leads["excluded"], _there=ibis.literal(value=True))
    joined = rows.left_join(found, [rows["lead"] == found["_of"]])
    said = {
        column: ibis.cases(
            (joined["_excluded"] == word, "yes"),
            (joined["_excluded"].isnull() & joined["_there"], "no"),
            else_=ibis.null(_TEXT),
        )
        for word, column in columns.items()
    }
    return joined.select(*_besides(rows, said), **said)


def _with_last(rows: Table, told: Table, at: str, columns: Mapping[str, str], *, whose: str = "lead") -> Table:
    """Return rows with what the last of their lead's entries by an instant says; columns → columns of the entries.

    Of several at one instant the one of the highest `rank` counts, or the last in the order of their words, so that every
    engine finds the same.
    """
    far = ibis.literal(_FAR, type="timestamp(6)")
    ranks = ("rank",) if "rank" in told.columns else tuple(sorted(set(columns.values())))
    order = [told["at"], *(told[each] for each in ranks)]
    following = told["at"].lead().over(ibis.window(group_by=told["lead"], order_by=order))
    named = {f"_told_{place}": told[each] for place, each in enumerate(columns.values())}
    spans = told.select(_of=told["lead"], _since=told["at"], _until=ibis.coalesce(following, far), **named)
    joined = rows.left_join(
        spans, [rows[whose] == spans["_of"], rows[at] >= spans["_since"], rows[at] < spans["_until"]]
    )
    said = {column: joined[f"_told_{place}"] for place, column in enumerate(columns)}
    return joined.select(*_besides(rows, said), **said)


def _besides(rows: Table, columns: Iterable[str]) -> list[str]:
    return [each for each in rows.columns if each not in set(columns)]


def _stage(past: Past, rows: Table, at: str, column: str) -> Table:
    """Return rows with the stage; a lead that entered none yet stands in the one where all begin."""
    start = next(iter(start_stages(past.agreement)), None)
    stages = past.tables["stages"]
    places = [(stages["stage"] == name, place) for place, name in enumerate(past.agreement.stages)]
    stages = stages.mutate(_entered=ibis.literal("yes"), rank=ibis.cases(*places, else_=-1))
    found = _with_last(rows, stages, at, {column: "stage", "_any": "_entered"})
    begun = ibis.ifelse(found["_any"].isnull(), ibis.literal(start, type=_TEXT), found[column])
    return found.mutate(**{column: begun}).drop("_any")


def _source(past: Past, rows: Table, at: str, column: str) -> Table:
    """Return rows with the source: of the last hand-raise, and while a cycle is open of the one that opened it."""
    raises = past.tables["raises"].mutate(_raised=ibis._["at"])
    if "cycles" not in past.tables:
        return _with_last(rows, raises, at, {column: "source"})
    cycles = past.tables["cycles"]
    cycles = cycles.mutate(at=cycles["qualified_at"], _closed=cycles["closed_at"]).select(
        "lead", "at", "source", "_closed"
    )
    found = _with_last(rows, raises, at, {"_raised_by": "source", "_raised_at": "_raised"})
    found = _with_last(found, cycles, at, {"_frozen": "source", "_open_until": "_closed", "_opened": "at"})
    anew = found["_opened"].isnull() | (found["_raised_at"] > found["_open_until"])
    source = ibis.ifelse(ibis.coalesce(anew, ibis.literal(value=False)), found["_raised_by"], found["_frozen"])
    return found.mutate(**{column: source}).drop("_raised_by", "_raised_at", "_frozen", "_open_until", "_opened")


def _owner(past: Past, rows: Table, at: str, column: str) -> Table:
    return _with_last(rows, past.tables["owners"], at, {column: "owner"})


def _team(past: Past, rows: Table, at: str, column: str) -> Table:
    """Return rows with the team to which their owner belonged then."""
    users = past.tables["users"].select(lead="user", at="since", team="team", until="until")
    found = _owner(past, rows, at, "_owner")
    found = _with_last(found, users, at, {column: "team", "_until_then": "until"}, whose="_owner")
    gone = ibis.coalesce(found["_until_then"] <= found[at], ibis.literal(value=False))
    team = ibis.ifelse(gone, ibis.null(_TEXT), found[column])
    return found.mutate(**{column: team}).drop("_owner", "_until_then")


def _cycle(past: Past, rows: Table, at: str, column: str) -> Table:
    """Return rows with the number of the cycle; a lead whose cycle is over bears that of the next one already."""
    cycles = past.tables["cycles"]
    ended = cycles.filter(cycles["closed_at"].notnull())
    ended = ended.select("lead", at=ended["closed_at"], number=ended["cycle"] + 1)
    found = _with_last(rows, ended, at, {column: "number"})
    return found.mutate(**{column: ibis.coalesce(found[column], 1)})


_WORDS = {"stage": _stage, "source": _source, "owner": _owner, "team": _team, "cycle": _cycle}
WORDS = tuple(_WORDS)
"""Words that follow from tables of their own, and not from facts."""
