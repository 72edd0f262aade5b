"""Assignment rules of leads: entries in order, each with criteria and the user or queue that gets the record.

Kept under `AssignmentRule` as `Lead.Name`; the file that holds all rules of an object is composed from these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.fields import find_field, formula_kind
from sla_sync_salesforce.simulator.formulas.reading import check_formula
from sla_sync_salesforce.simulator.kinds.filters import check_logic, check_operation
from sla_sync_salesforce.simulator.kinds.incoming import Incoming
from sla_sync_salesforce.simulator.names import beyond, wrong_name
from sla_sync_salesforce.simulator.organization import Component, Organization, Switches

_ENTRY = ("assignedTo", "assignedToType", "booleanFilter", "criteriaItems", "formula", "notifyCcRecipients", "template")
_ENTRIES_LIMIT, _CRITERIA_LIMIT = 3000, 25


def check(incoming: Incoming, organization: Organization, _before: Component | None) -> Iterator[str]:
    """Yield what the platform refuses in an assignment rule."""
    if incoming.object_name != "Lead":
        yield f"Assignment rules of {incoming.object_name} are not implemented by this simulator"
        return
    yield from wrong_name("Rule Name", incoming.own_name, limit=80)
    yield from beyond("an assignment rule", incoming.values, ("active", "ruleEntry"))
    entries = incoming.values.get("ruleEntry", [])
    if len(entries) > _ENTRIES_LIMIT:
        yield f"A rule holds at most {_ENTRIES_LIMIT} entries, and {len(entries)} are given"
    for number, entry in enumerate(entries, start=1):
        yield from (f"Rule entry {number}: {problem}" for problem in _entry(entry, organization))


def check_together(incoming: Sequence[Incoming], _organization: Organization) -> Iterator[tuple[Incoming, str]]:
    """Yield the second rule of a package that wants to be active. A rule that is active in the org gives way."""
    active = [each for each in incoming if each.values.get("active") == "true"]
    for each in active[1:]:
        first = active[0].own_name
        yield each, f"Only one assignment rule of Lead may be active, and {first} of this package is active already"


def _entry(entry: Values, organization: Organization) -> Iterator[str]:
    yield from beyond("a rule entry", entry, _ENTRY)
    assigned, kind = entry.get("assignedTo", ""), entry.get("assignedToType", "")
    if not assigned or not kind:
        yield "Required field is missing: assignedTo and assignedToType"
    elif kind == "Queue" and assigned not in organization.of("Queue"):
        yield f"In field: assignedTo - no Queue named {assigned} found"
    elif kind == "Queue" and "Lead" not in _objects(organization, assigned):
        yield f"In field: assignedTo - the queue {assigned} does not take records of Lead"
    elif kind == "User":
        found = next((each for each in organization.users if each.username == assigned), None)
        if found is None:
            yield f"In field: assignedTo - no User named {assigned} found"
        elif not found.active:
            yield f"In field: assignedTo - the User {assigned} is not active"
    template = entry.get("template")
    if template is not None and template not in organization.of("EmailTemplate"):
        yield f"In field: template - no EmailTemplate named {template} found"
    items = entry.get("criteriaItems", [])
    if items and "formula" in entry:
        yield "A rule entry has either criteriaItems or a formula, not both"
    if len(items) > _CRITERIA_LIMIT:
        yield f"A rule entry holds at most {_CRITERIA_LIMIT} criteria, and {len(items)} are given"
    for item in items:
        yield from _criterion(item, organization)
    yield from check_logic(entry.get("booleanFilter"), items)
    if "formula" in entry:
        yield from check_formula(
            entry["formula"], lambda name: formula_kind(organization, "Lead", name), returns="boolean"
        )


def _criterion(item: Values, organization: Organization) -> Iterator[str]:
    path = item.get("field", "")
    object_name, _, name = path.partition(".")
    # Documented: criteria name fields of the lead, or of the person that saves it.
    shape = find_field(organization, object_name, name) if object_name in ("Lead", "User") else None
    if shape is None:
        yield f"In field: field - no CustomField named {path} found"
        return
    if "valueField" in item:
        yield "'valueField' of a criterion is not implemented by this simulator"
    yield from check_operation(path, shape.type, {"value": "", **item} if shape.type != "Checkbox" else item)


def _objects(organization: Organization, queue: str) -> list[str]:
    return [each.get("sobjectType", "") for each in organization.of("Queue")[queue].values.get("queueSobject", [])]


def settle(incoming: Incoming, _before: Component | None, _switches: Switches) -> Values:
    """Return the rule as the platform keeps it."""
    values = {key: value for key, value in incoming.values.items() if key != "fullName"}
    values.setdefault("active", "false")
    return values


def keep_one_active(
    incoming: Incoming, component: Component, organization: Organization, user: str, _switches: Switches
) -> bool:
    """Switch off the rule that was active before, as Setup does. Inferred: that a deploy does it too."""
    others = [
        each
        for name, each in organization.of("AssignmentRule").items()
        if name != incoming.full_name and each.values.get("active") == "true"
    ]
    if component.values.get("active") != "true":
        return False
    for each in others:
        each.values["active"] = "false"
        each.changed_by, each.changed_at = user, organization.instant
    return bool(others)
