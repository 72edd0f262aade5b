"""Who would have qualified under either revision, and when: the first instant at which `enter_when` held, by what was recorded.

Both sides are reckoned by the same rule, so that what people did by hand changes neither.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, Table

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.attainment.answers import SCORE, holds
from sla_sync.attainment.asking import needed_by, recorded, with_answers
from sla_sync.attainment.past import Past
from sla_sync.replay.revisions import Revision, differ

DEFINITION = (
    "People for whom the condition of the qualifying stage held for the first time in the period, by the scores and facts that "
    "were recorded; each person counts once."
)

_SINCE = {"source": ("raises", "at"), "stage": ("stages", "at"), "owner": ("owners", "at"), "team": ("owners", "at")}
"""Where the instants stand at which a word may change that is no fact."""


def overridden(before: Revision, after: Revision) -> tuple[str, ...]:
    """Return the words of which the record was made under a rule that one revision changes, so that it counts for nothing."""
    found = ["priority"] if differ(before, after, "priorities") else []
    if differ(before, after, "segments"):
        found += ["segment", *before.agreement.segments, *after.agreement.segments]
    return tuple(dict.fromkeys(found))


def sides(past: Past, before: Revision, after: Revision) -> Table:
    """Return for each lead when it would have qualified first under either revision: `lead, before_at, after_at, void`.

    Where the conditions ask for the score, `before_score` and `after_score` are what it was then.
    Raises ValueError for conditions that history cannot tell; ask `asking.reasons` first.
    """
    conditions = (_condition(before), _condition(after))
    told = with_answers(
        past,
        _instants(past, before, after),
        "at",
        {"before": (before.agreement, conditions[:1]), "after": (after.agreement, conditions[1:])},
        besides=overridden(before, after),
    )
    table = told.table
    held: list[BooleanValue] = [
        holds(condition, told.under(side.agreement))
        for side, condition in zip((before, after), conditions, strict=True)
    ]
    # Where the conditions ask for the score it is looked up already, and who was accepted is judged by it.
    score = ibis.coalesce(table[told.columns[SCORE]], "") if SCORE in told.columns else ibis.literal("")
    judged = table.select("lead", "at", score=score, _before=held[0], _after=held[1])
    judged = judged.filter(judged["_before"] | judged["_after"])
    found = judged.group_by("lead").agg(
        before_at=judged["at"].min(where=judged["_before"]),
        after_at=judged["at"].min(where=judged["_after"]),
        before_score=judged["score"].argmin(judged["at"], where=judged["_before"]),
        after_score=judged["score"].argmin(judged["at"], where=judged["_after"]),
    )
    if SCORE not in told.columns:
        found = found.drop("before_score", "after_score")
    return _with_void(past, found)


def _condition(side: Revision) -> Expression:
    condition = side.qualifies_when
    if condition is None:
        message = f"{side.name} does not say on which condition leads qualify."
        raise ValueError(message)
    return condition


def _instants(past: Past, before: Revision, after: Revision) -> Table:
    """Return every instant of a lead at which what the conditions ask may have changed."""
    known = recorded(past) - frozenset(overridden(before, after))
    needed = [needed_by(side.agreement, (_condition(side),), known) for side in (before, after)]
    fields = sorted(set().union(*(each.facts for each in needed)))
    words = sorted(set().union(*(each.words for each in needed)))
    facts = past.tables["facts"]
    parts = [facts.filter(facts["field"].isin(fields)).select("lead", "at")] if fields else []
    for word in words:
        if word == "cycle":
            cycles = past.tables["cycles"]
            parts.append(cycles.filter(cycles["closed_at"].notnull()).select("lead", at="closed_at"))
        else:
            table, at = _SINCE[word]
            parts.append(past.tables[table].select("lead", at=at))
    if not parts or any(each.exclusions for each in needed):
        parts.append(past.tables["leads"].select("lead", at="created_at"))
    return ibis.union(*parts, distinct=True) if len(parts) > 1 else parts[0].distinct()


def _with_void(past: Past, found: Table) -> Table:
    """Return the leads with the reason for which each counts for nothing: that of its first cycle, or of the lead itself."""
    cycles, leads = past.tables["cycles"], past.tables["leads"]
    first = cycles.filter(cycles["cycle"] == 1).select(_of="lead", _void="void")
    none = ibis.null("string")
    whose = leads.select(
        _lead="lead",
        _void_of_lead=ibis.coalesce(
            leads["excluded"],
            ibis.ifelse(leads["batch"].notnull(), "import", none),
            ibis.ifelse(leads["merged_into"].notnull(), "merged", none),
            ibis.ifelse(leads["gone_at"].notnull(), "deleted", none),
        ),
    )
    both = found.left_join(first, [found["lead"] == first["_of"]])
    both = both.left_join(whose, [both["lead"] == whose["_lead"]])
    void = ibis.ifelse(both["_of"].notnull(), both["_void"], both["_void_of_lead"])
    return both.select(*found.columns, void=void)
