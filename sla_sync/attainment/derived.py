"""From events to turns: the stays, cycles and turns of a past, each reckoned once where the engine can keep a table."""

from __future__ import annotations

from dataclasses import replace

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.funnel import qualified_stage
from sla_sync.attainment import cycles, legs, stays
from sla_sync.attainment.answering import named
from sla_sync.attainment.answers import SCORE, number_of
from sla_sync.attainment.as_it_stood import with_facts_then
from sla_sync.attainment.kept import cut
from sla_sync.attainment.past import Past
from sla_sync.attainment.reckoned import reckoned
from sla_sync.attainment.recorded import with_recorded
from sla_sync.attainment.urgency import with_priority
from sla_sync.history.tables import CYCLES, LEGS, STAYS, TABLES


def with_derived(plain: Past) -> Past:
    """Return a past of kept tables, cut at its instant, with its stays, cycles and turns as they follow under the agreement.

    The tables may be expressions of any engine, with instants in UTC without a zone. Recorded turns win over those that follow.
    """
    kept = {name: named(plain.engine, cut(name, plain.tables[name], plain.as_of)) for name in TABLES}
    plain = replace(plain, tables=kept)
    agreement, versions = plain.agreement, plain.agreements
    moved = reckoned(plain.engine, stays.entries(kept, agreement))
    stayed = reckoned(plain.engine, stays.stays(moved, kept["leads"]))
    opened = reckoned(plain.engine, cycles.with_void(cycles.opened(moved, kept, versions)))
    opened = reckoned(plain.engine, _frozen(plain, opened))
    found = reckoned(plain.engine, legs.turns(opened, kept, versions))
    found = legs.with_stage(legs.with_team(found, kept["users"], versions), stayed)
    found = reckoned(plain.engine, legs.with_deeds(found, kept["activities"]))
    found = legs.as_kept(with_priority(plain, found, "assigned_at"))
    found = reckoned(plain.engine, with_recorded(found, kept["legs"], opened))
    whole = reckoned(plain.engine, cycles.with_turns(opened, found, kept["activities"]))
    return replace(plain, tables={**kept, STAYS.name: stayed, CYCLES.name: whole, LEGS.name: found})


def _frozen(plain: Past, opened: Table) -> Table:
    """Return cycles with the priority and the score that their leads had when each opened."""
    here = opened.mutate(stage=ibis.literal(qualified_stage(plain.agreement), type="string"))
    told = with_facts_then(plain, here, "qualified_at", {SCORE: SCORE, "source": "_said"})
    told = told.mutate(score=number_of(told[SCORE]), source=ibis.coalesce(told["source"], told["_said"]))
    return with_priority(plain, told, "qualified_at").drop("stage", "_said")
