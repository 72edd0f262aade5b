"""What a merger does to cycles: a person keeps the earliest opening of what was open then, and none vanishes."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from sla_sync.attainment.spans import until
from sla_sync.attainment.stacking import stacked

_LONGEST = 3
"""How many times the way from a merged record to the last that took it over is halved: mergers of mergers, 8 deep."""


def inherited(found: Table, leads: Table) -> Table:
    """Return the cycles of all records, those of the ones that took others over with what they inherit.

    A cycle that was open at the merger has the earliest opening of both. Where the record that stays never qualified by
    itself, the cycle goes on under it. Every cycle gets the column `own_at`: since when its record has it.
    """
    own = found.mutate(own_at=found["qualified_at"])
    handed = _handed_over(found, leads)
    return stacked(_with_earliest(own, handed), _gone_on(own, handed))


def survivors(leads: Table) -> Table:
    """Return each merged record, as `merged`, with the known one that has taken it over in the end, and when it was merged."""
    away = leads.filter(leads["merged_into"].notnull() & leads["gone_at"].notnull())
    found = away.select(merged="lead", survivor="merged_into", merged_at="gone_at")
    for _ in range(_LONGEST):
        step = found.select(_from="merged", _on="survivor")
        joined = found.left_join(step, [found["survivor"] == step["_from"]])
        found = joined.select("merged", "merged_at", survivor=ibis.coalesce(joined["_on"], joined["survivor"]))
    known = leads.select(_known="lead")
    return found.filter(found["merged"] != found["survivor"]).semi_join(known, [("survivor", "_known")])


def _handed_over(found: Table, leads: Table) -> Table:
    """Return the cycles that were open when their record was merged, with the one that took it over."""
    counts = leads.filter(leads["excluded"].isnull()).select(_plain="lead")
    away = survivors(leads).semi_join(counts, [("merged", "_plain")])
    open_then = found.filter(found["exit_at"].isnull())
    joined = open_then.join(away, [open_then["lead"] == away["merged"]])
    return joined.select("survivor", "merged_at", _raised="raised_at", _source="source", _qualified="qualified_at")


def _with_earliest(own: Table, handed: Table) -> Table:
    open_at_merger = [
        own["lead"] == handed["survivor"],
        own["qualified_at"] <= handed["merged_at"],
        until(own["exit_at"]) > handed["merged_at"],
        handed["_qualified"] < own["qualified_at"],
    ]
    joined = own.select("lead", "cycle", "qualified_at", "exit_at").join(handed, open_at_merger)
    first = _earliest(joined, ["lead", "cycle"]).select(
        _of="lead", _number="cycle", _raised="_raised", _source="_source", _qualified="_qualified"
    )
    both = own.left_join(first, [own["lead"] == first["_of"], own["cycle"] == first["_number"]])
    earlier = both["_qualified"].notnull()
    said = {
        "qualified_at": ibis.coalesce(both["_qualified"], both["qualified_at"]),
        "raised_at": ibis.ifelse(earlier, both["_raised"], both["raised_at"]),
        "source": ibis.ifelse(earlier, ibis.coalesce(both["_source"], both["source"]), both["source"]),
    }
    return both.mutate(**said).select(*own.columns)


def _gone_on(own: Table, handed: Table) -> Table:
    """Return the cycles that go on under records that never qualified by themselves, open since the merger."""
    alone = handed.anti_join(own, [handed["survivor"] == own["lead"]])
    first = _earliest(alone, ["survivor"])
    said = {
        "lead": first["survivor"],
        "cycle": ibis.literal(1, type="int64"),
        "qualified_at": first["_qualified"],
        "raised_at": first["_raised"],
        "source": first["_source"],
        "own_at": first["merged_at"],
    }
    return first.select(*(said.get(name, ibis.null(kind)).cast(kind).name(name) for name, kind in own.schema().items()))


def _earliest(found: Table, of: list[str]) -> Table:
    order = [found["_qualified"], found["merged_at"], found["_source"]]
    ranked = found.mutate(_rank=ibis.row_number().over(ibis.window(group_by=of, order_by=order)))
    return ranked.filter(ranked["_rank"] == 0).drop("_rank")
