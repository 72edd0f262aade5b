"""How urgent a lead was at an instant: the recorded priority, else the first of the agreement whose condition held."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.attainment.answers import PRIORITY, choices, holds
from sla_sync.attainment.as_it_stood import with_facts_then
from sla_sync.attainment.asking import reasons, with_answers
from sla_sync.attainment.past import Past


def with_priority(past: Past, rows: Table, at: str) -> Table:
    """Return rows, which bear `policy`, with the priority that their lead had at an instant by that version.

    A condition that history cannot tell ends the list: whoever meets none before it has no priority.
    """
    told = {name: tuple(_told(past, each, rows)) for name, each in past.agreements.items()}
    asked = with_answers(
        past, rows, at, {name: (past.agreements[name], [each for _, each in named]) for name, named in told.items()}
    )
    branches = []
    for name, named in told.items():
        known = asked.under(past.agreements[name])
        branches += [((asked.table["policy"] == name) & holds(each, known), word) for word, each in named]
    none = ibis.null("string")
    found = asked.table.mutate(_urgency=ibis.cases(*branches, else_=none) if branches else none)
    found = with_facts_then(past, found, at, {PRIORITY: "_recorded"})
    said = ibis.coalesce(found["_recorded"], found["_urgency"])
    return found.select(*(each for each in rows.columns if each != PRIORITY), priority=said)


def _told(past: Past, agreement: Agreement, rows: Table) -> Iterator[tuple[str, Expression]]:
    carried, named = tuple(rows.columns), choices(agreement, PRIORITY)
    whole = not reasons(past, agreement, tuple(named.values()), carried=carried)
    for word, condition in named.items():
        if not whole and reasons(past, agreement, (condition,), carried=carried):
            return
        yield word, condition
