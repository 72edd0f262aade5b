"""What an agreement takes of an org: the figures with which a plan opens, beside what an org offers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from sla_sync.connector import Desired

# What an Enterprise Edition org offers (Salesforce Help, "Salesforce Features and Edition Allocations").
_FIELDS_OFFERED = 500
_RULES_OFFERED = 500
_FLOWS_OFFERED = 2000
_ROW_BYTES = 10_000_000
"""All rows of custom metadata of an org together."""
_FORMS: Mapping[str, tuple[str, str]] = {
    "CustomObject": ("object", "objects"),
    "Flow": ("active flow", "active flows"),
    "ValidationRule": ("validation rule", "validation rules"),
    "CustomMetadata": ("row of custom metadata", "rows of custom metadata"),
    "ApexClass": ("Apex class", "Apex classes"),
    "AssignmentRuleEntry": ("entry of the lead assignment rule", "entries of the lead assignment rule"),
    "Queue": ("queue", "queues"),
    "Group": ("public group", "public groups"),
    "Report": ("report", "reports"),
    "ListView": ("list view", "list views"),
    "PermissionSet": ("permission set", "permission sets"),
}


def footprint(desired: Iterable[Desired]) -> tuple[str, ...]:
    """Return sentences that say what these settings take of an org, fields by object first."""
    desired = tuple(desired)
    if not desired:
        return ()
    fields = Counter(each.address.key.partition(".")[0] for each in desired if each.address.type == "CustomField")
    kinds = Counter(each.address.type for each in desired)
    lines: list[str] = []
    if fields:
        listed = ", ".join(f"{number} on {holder}" for holder, number in sorted(fields.items()))
        lines.append(
            f"Custom fields: {listed}. Enterprise Edition offers {_FIELDS_OFFERED} on each object; "
            "`sla-sync doctor` says how many the org has left."
        )
    counted = [
        f"{kinds[type_name]} {one if kinds[type_name] == 1 else many}"
        for type_name, (one, many) in _FORMS.items()
        if kinds[type_name]
    ]
    if counted:
        lines.append(f"Besides: {', '.join(counted)}.")
    rules = Counter(each.address.key.partition(".")[0] for each in desired if each.address.type == "ValidationRule")
    for holder, number in sorted(rules.items()):
        if number * 5 > _RULES_OFFERED:
            lines.append(f"{number} active validation rules on {holder} are much: an org offers {_RULES_OFFERED}.")
    rows = sum(_size(each) for each in desired if each.address.type == "CustomMetadata")
    if rows * 5 > _ROW_BYTES:
        lines.append(
            f"The rows of custom metadata take about {rows // 1000} kB of the {_ROW_BYTES // 1000} kB of an org."
        )
    if kinds["Flow"] * 5 > _FLOWS_OFFERED:
        lines.append(f"{kinds['Flow']} active flows are much: an org offers {_FLOWS_OFFERED}.")
    return tuple(lines)


def _size(row: Desired) -> int:
    """Return about how many bytes a row of custom metadata takes: Salesforce counts what its fields may hold."""
    listed = row.values.get("values")
    return 300 + 100 * len(listed) if isinstance(listed, list | tuple) else 300
