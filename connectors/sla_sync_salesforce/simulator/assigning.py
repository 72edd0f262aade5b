"""Assignment rules: the first entry of the rule that a new record meets says who owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.formulas.values import holds
from sla_sync_salesforce.simulator.running.conditions import compare, logic
from sla_sync_salesforce.simulator.running.paths import RecordNames, field_at
from sla_sync_salesforce.simulator.running.transaction import Transaction
from sla_sync_salesforce.simulator.store import Row, Value

_OPERATORS: Mapping[str, str] = {
    "equals": "EqualTo",
    "lessThan": "LessThan",
    "greaterThan": "GreaterThan",
    "lessOrEqual": "LessThanOrEqualTo",
    "greaterOrEqual": "GreaterThanOrEqualTo",
    "contains": "Contains",
    "startsWith": "StartsWith",
    "includes": "Contains",
}
_REVERSED = {"notEqual": "equals", "notContain": "contains", "excludes": "includes"}


def assign(tx: Transaction, object_name: str, identity: str, *, asked: bool | str | None, is_new: bool) -> None:
    """Give a saved record to whom the rule says. `asked`: as the header says, the id of a rule, or None.

    Inferred: where nothing is said, a rule runs for a record that is created and not for one that is changed.
    """
    if asked is False or (asked is None and not is_new):
        return
    rule = _rule(tx, object_name, asked if isinstance(asked, str) else None)
    row = tx.store.get(object_name, identity)
    entry = next((each for each in rule if row is not None and _meets(tx, object_name, row, each)), None)
    owner = _owner(tx, entry) if entry is not None else None
    if owner is not None and row is not None and row.get("OwnerId") != owner:
        tx.store.put(object_name, identity, {"OwnerId": owner}, by=tx.user, at=tx.now)


def _rule(tx: Transaction, object_name: str, identity: str | None) -> Sequence[Values]:
    """Return the entries of the active rule of an object, or of the rule with an id."""
    for full_name, component in tx.world.organization.of("AssignmentRule").items():
        chosen = component.id == identity if identity else component.values.get("active") == "true"
        if chosen and full_name.startswith(f"{object_name}."):
            entries: Sequence[Values] = component.values.get("ruleEntry", [])
            return entries
    return ()


def _meets(tx: Transaction, object_name: str, row: Row, entry: Values) -> bool:
    if "formula" in entry:
        return holds(entry["formula"], RecordNames(tx.view, object_name, row))
    items = entry.get("criteriaItems", [])
    held = [_holds(tx, object_name, row, each) for each in items]
    return logic(entry.get("booleanFilter", "and"), len(held))(held)


def _holds(tx: Transaction, object_name: str, row: Row, item: Values) -> bool:
    subject, _, path = item["field"].partition(".")
    person = tx.store.get("User", tx.user) or {}
    found = field_at(tx.view, "User", person, path) if subject == "User" else field_at(tx.view, object_name, row, path)
    asked = item["operation"]
    if asked in _REVERSED:
        return not _any(found, _REVERSED[asked], item.get("value", ""))
    return _any(found, asked, item.get("value", ""))


def _any(found: Value, asked: str, given: str) -> bool:
    """Return whether one of the values between commas fits. Documented: a comma means or; nothing given means blank."""
    choices = [each.strip() for each in given.split(",")] if given else [""]
    return any(compare(found, _OPERATORS[asked], _as(found, each), fold=True) for each in choices)


def _as(found: Value, given: str) -> Value:
    """Return a value of a criterion as the type of the field's value."""
    if given == "":
        return None
    if isinstance(found, bool):
        return given.lower() in ("true", "1")
    if isinstance(found, (int, float)):
        return float(given)
    if isinstance(found, datetime):
        return datetime.fromisoformat(given)
    return date.fromisoformat(given[:10]) if isinstance(found, date) else given


def _owner(tx: Transaction, entry: Values) -> str | None:
    wanted, queue = entry.get("assignedTo"), entry.get("assignedToType") == "Queue"
    object_name, key = ("Group", "DeveloperName") if queue else ("User", "Username")
    rows = tx.store.of(object_name).values()
    return next((str(row["Id"]) for row in rows if row.get(key) == wanted), None)
