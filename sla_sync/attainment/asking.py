"""What an agreement asks of a lead at an instant, asked of many rows at once: facts as they stood, conditions that held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from ibis.expr.types import Table, Value

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.attainment.answers import Asked, holds
from sla_sync.attainment.as_it_stood import CARRIED, with_exclusions, with_facts_then, with_words_then
from sla_sync.attainment.needed import Needed
from sla_sync.attainment.past import Past
from sla_sync.history.privacy import KNOWN, OTHER


@dataclass(frozen=True)
class Told:
    """Rows with a hidden column for each word that was asked; `asked` reads them under the agreement of the past."""

    table: Table
    columns: Mapping[str, str]
    settled: frozenset[str]

    def under(self, agreement: Agreement, table: Table | None = None) -> Asked:
        """Return what conditions of an agreement ask, of this table or one that was made of it."""
        found: Mapping[str, Value] = {
            each: (self.table if table is None else table)[column] for each, column in self.columns.items()
        }
        return Asked(agreement, found, self.settled)


def with_facts(past: Past, rows: Table, at: str, fields: tuple[str, ...]) -> Table:
    """Return rows that have a column `lead`, with a column for each field: its text as it stood at the instant in column `at`.

    Numbers stay text, as history keeps them; what was never known or was emptied is null. The column is named as the field is.
    """
    return with_facts_then(past, rows, at, {each: each for each in fields})


def untold(past: Past, condition: Expression, *, carried: Collection[str] = ()) -> str | None:
    """Return why history cannot tell whether a condition holds, in a whole sentence; None where it can.

    `carried` are the words that the rows will bear themselves.
    """
    return next(iter(reasons(past, past.agreement, (condition,), carried=carried)), None)


def where(past: Past, rows: Table, at: str, condition: Expression | None) -> Table:
    """Return those rows (with the columns `lead` and `at`) for which a condition held then; all of them where there is none.

    Words that a row carries itself (source, priority, stage, owner, team, cycle) are taken from it. Ask `untold` first; raises
    ValueError for what history cannot tell.
    """
    if condition is None:
        return rows
    told = with_answers(past, rows, at, {past.agreement.metadata.name: (past.agreement, (condition,))})
    return told.table.filter(holds(condition, told.under(past.agreement))).select(*rows.columns)


def reasons(
    past: Past,
    agreement: Agreement,
    conditions: Collection[Expression],
    *,
    carried: Collection[str] = (),
    besides: Collection[str] = (),
) -> tuple[str, ...]:
    """Return every reason why history cannot tell some conditions of an agreement, each once.

    `carried` are words that the rows will bear themselves, `besides` fields of which the record is passed over.
    """
    needed = needed_by(agreement, conditions, recorded(past) - frozenset(besides), carried)
    return tuple(dict.fromkeys((*needed.reasons, *_shortened(past, needed))))


def recorded(past: Past) -> frozenset[str]:
    """Return the fields of which history holds any value."""
    return frozenset(str(each["field"]) for each in past.rows(past.tables["facts"].select("field").distinct()))


def with_answers(
    past: Past,
    rows: Table,
    at: str,
    asked: Mapping[str, tuple[Agreement, Collection[Expression]]],
    *,
    besides: Collection[str] = (),
) -> Told:
    """Return rows with all that conditions of some agreements ask, looked up once; raises ValueError for what is not told.

    Recorded values of the fields in `besides` are passed over, so that the agreement alone says what they are.
    """
    carried = [each for each in CARRIED if each in rows.columns]
    known = recorded(past) - frozenset(besides)
    needed = [needed_by(agreement, conditions, known, carried) for agreement, conditions in asked.values()]
    for each in needed:
        if each.reasons:
            raise ValueError(each.reasons[0])
    facts, words, away = (sorted(set().union(*each)) for each in zip(*map(_sorts, needed), strict=True))
    columns = {each: f"_asked_{place}" for place, each in enumerate((*facts, *words, *away))}
    table = with_facts_then(past, rows, at, {each: columns[each] for each in facts})
    table = with_words_then(past, table, at, {each: columns[each] for each in words})
    if away:
        table = with_exclusions(past, table, {each: columns[each] for each in away})
    settled = frozenset().union(*(each.settled for each in needed))
    return Told(table, {**columns, **{each: each for each in carried}}, settled)


def _sorts(needed: Needed) -> tuple[set[str], set[str], set[str]]:
    return needed.facts, needed.words, needed.exclusions


def needed_by(
    agreement: Agreement, conditions: Collection[Expression], known: Collection[str], carried: Collection[str] = ()
) -> Needed:
    """Return what some conditions of an agreement ask of a history that has recorded some fields."""
    found = Needed(agreement, known, carried)
    for each in conditions:
        found.ask(each)
    return found


def _shortened(past: Past, needed: Needed) -> list[str]:
    """Return what history cannot tell because its export kept only such words as were agreed then."""
    asked = {name: words for name, words in needed.named.items() if name in needed.facts and words}
    if not asked:
        return []
    facts = past.tables["facts"]
    words = sorted({*(word for each in asked.values() for word in each), KNOWN, OTHER})
    kept = facts.filter(facts["field"].isin(sorted(asked)) & facts["value"].isin(words))
    found = {(str(row["field"]), str(row["value"])) for row in past.rows(kept.select("field", "value").distinct())}
    return [
        f"History keeps only some words of `{name}`, and `{word}` is none of them."
        for name, each in sorted(asked.items())
        for word in sorted(each - {KNOWN, OTHER})
        if (name, word) not in found and {(name, KNOWN), (name, OTHER)} & found
    ]
