"""R8, completeness: of those who entered a stage, how many had then what the stage needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Expression, Known
from sla_sync.attainment.answers import holds
from sla_sync.attainment.as_it_stood import with_words_then
from sla_sync.attainment.asking import untold, with_answers
from sla_sync.attainment.attainment import Period
from sla_sync.attainment.past import Past
from sla_sync.attainment.shares import Share
from sla_sync.measures.cuts import inside, share_of_rows, shares_by, voids_of
from sla_sync.measures.entries import entries
from sla_sync.measures.figures import Basis

_CARRIED = ("stage", "source")
_ALL = "whole"


@dataclass(frozen=True, slots=True)
class Complete:
    """What a stage needs, at entry: all of it, and field by field; a field that history does not know is in `unknown`.

    Where history knows none of the fields, `whole` is of nobody.
    """

    stage: str
    whole: Share
    by_field: Mapping[str, Share]
    by_source: Mapping[str, Share]
    unknown: tuple[str, ...]
    basis: Basis


def completeness(past: Past, period: Period) -> tuple[Complete, ...]:
    """Return each stage that needs something, of the entries in the period."""
    needed = ((stage, needs_of(past.agreement, stage)) for stage in past.agreement.stages)
    return tuple(_complete(past, period, stage, fields) for stage, fields in needed if fields)


def needs_of(agreement: Agreement, stage: str) -> tuple[str, ...]:
    """Return the fields that a stage needs: those that it names itself, and those that quality asks for besides."""
    quality = agreement.quality
    besides = quality.needs.get(stage, ()) if quality else ()
    return tuple(dict.fromkeys((*agreement.stages[stage].needs, *besides)))


def as_it_should_be(agreement: Agreement, field: str) -> Expression:
    """Return the condition that a field is known, and valid where the agreement says what that is."""
    rule = agreement.quality.valid.get(field) if agreement.quality else None
    return Known(field) if rule is None else All((Known(field), rule.value))


def _complete(past: Past, period: Period, stage: str, fields: tuple[str, ...]) -> Complete:
    asked = {field: as_it_should_be(past.agreement, field) for field in fields}
    unknown = tuple(field for field, each in asked.items() if untold(past, each, carried=_CARRIED) is not None)
    known = {field: each for field, each in asked.items() if field not in unknown}
    rows = past.rows(_counted(past, _entered(past, period, stage), known))
    counted = [row for row in rows if row["void"] is None]
    flags = _flags(known)
    return Complete(
        stage=stage,
        whole=share_of_rows(counted, _ALL, "n") if known else Share(0, 0),
        by_field={field: share_of_rows(counted, flag, "n") for field, flag in flags.items()},
        by_source=shares_by(counted, "source", _ALL, "n") if known else {},
        unknown=unknown,
        basis=Basis(_definition(stage, unknown), sum(row["n"] for row in counted), voids_of(rows)),
    )


def _definition(stage: str, unknown: tuple[str, ...]) -> str:
    besides = f" History does not know {', '.join(unknown)}, so nobody is judged by that." if unknown else ""
    return (
        f"Of the leads that entered {stage} in the period, those that had all the fields that it needs at that instant, whatever "
        f"was filled in later.{besides}"
    )


def _entered(past: Past, period: Period, stage: str) -> Table:
    """Return who entered a stage in a period, with the source of the cycle, or of the last hand-raise before it."""
    rows = entries(past, stage).drop("priority")
    rows = rows.filter(inside(rows, "at", period)).mutate(stage=ibis.literal(stage))
    told = with_words_then(past, rows, "at", {"source": "_source"})
    return told.mutate(source=ibis.coalesce(told["source"], told["_source"])).drop("_source")


def _flags(known: Mapping[str, Expression]) -> dict[str, str]:
    """Return the name of the column that counts each field."""
    return {field: f"has_{place}" for place, field in enumerate(known)}


def _counted(past: Past, rows: Table, known: Mapping[str, Expression]) -> Table:
    """Return how many entries there are by source, how many of them had each field, and how many all of them."""
    told = with_answers(past, rows, "at", {"": (past.agreement, tuple(known.values()))})
    asked = told.under(past.agreement)
    flags = {flag: holds(known[field], asked) for field, flag in _flags(known).items()}
    flags[_ALL] = holds(All(tuple(known.values())), asked)
    judged = told.table.mutate(**{name: ibis.coalesce(each, ibis.literal(value=False)) for name, each in flags.items()})
    sums = {name: ibis.ifelse(judged[name], 1, 0).sum() for name in flags}
    return judged.group_by("source", "void").agg(n=judged.count(), **sums)
