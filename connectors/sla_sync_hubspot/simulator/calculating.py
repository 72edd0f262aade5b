"""Calculated properties: written anew, with all that follows from them, whenever a value that they name becomes another.

Inferred: that this is done at once, also for all records when a formula is created or changed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sla_sync_hubspot.simulator.formula_values import evaluate
from sla_sync_hubspot.simulator.formulas import names, parse
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import CALCULATED, Source
from sla_sync_hubspot.simulator.refusals import Json, invalid

_SOURCE = Source(CALCULATED)


def recalculate(
    portal: Portal, object_id: str, identifier: str, changed: Collection[str] | None = None
) -> Collection[str]:
    """Write the calculated properties of a record that name what changed, or all of them, and those that name these.

    Returns what changed, with the calculated properties that became others.
    """
    properties: Mapping[str, Json] = portal.state["properties"][object_id]
    formulas = portal.memory.once(f"formulas of {object_id}", lambda: _formulas(properties))
    pending = set(formulas) if changed is None else _naming(formulas, changed)
    moved = set(changed or ())
    for _ in formulas:
        if not pending:
            break
        record = portal.records.rows[object_id][identifier]
        found = {name: evaluate(parse(formulas[name]), record.get, properties) for name in sorted(pending)}
        fitting = {name: text for name, text in found.items() if _fits(properties[name], text)}
        changes = portal.records.write(object_id, identifier, fitting, _SOURCE, portal.now)
        moved |= {each.property for each in changes}
        pending = _naming(formulas, {each.property for each in changes})
    return moved


def _formulas(properties: Mapping[str, Json]) -> dict[str, str]:
    return {name: each["calculationFormula"] for name, each in properties.items() if "calculationFormula" in each}


def recalculate_all(portal: Portal, object_id: str, name: str) -> None:
    """Write one calculated property of every record, and what follows."""
    portal.memory.forget()  # this very formula is new, or another
    for record in portal.records.of(object_id):
        recalculate(portal, object_id, record.id, named_by(portal.state["properties"][object_id][name]))


def check_circle(properties: Mapping[str, Json], definition: Json, name: str) -> None:
    """Raise RefusalError where a formula leads back to its own property. Inferred: the words."""
    seen: set[str] = set()
    pending = set(named_by(definition))
    while pending:
        each = pending.pop()
        if each == name:
            raise invalid(f"The formula of {name} depends on its own value", where="calculationFormula")
        if each not in seen:
            seen.add(each)
            pending |= named_by(properties[each]) if each in properties else set()


def named_by(definition: Json) -> frozenset[str]:
    """Return the properties that the formula of a property names, none where it has no formula."""
    formula = definition.get("calculationFormula")
    return frozenset(each.property for each in names(parse(formula))) if formula else frozenset()


def _naming(formulas: Mapping[str, str], changed: Collection[str]) -> set[str]:
    wanted = frozenset(changed)
    return {
        name for name, formula in formulas.items() if any(each.property in wanted for each in names(parse(formula)))
    }


def _fits(definition: Json, text: str) -> bool:
    """Return whether a property takes a text. Inferred: one that is no option leaves the property as it is."""
    if definition["type"] != "enumeration" or not text:
        return True
    return any(each["value"] == text for each in definition["options"])
