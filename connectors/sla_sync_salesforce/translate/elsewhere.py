"""Clocks that another platform runs: no assignment is opened in the org, and its fields show what the other one says."""

from __future__ import annotations

from sla_sync.connector import DataType, Gap, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.words import OBJECT, own_field

HERE = "here"
"""What a binding says under `timers` where the clocks run in the org itself."""


def timed_elsewhere(resources: Resources, binding: SalesforceBinding) -> Gap | None:
    """Return what people must see to where another platform runs the clocks; None where the org runs them."""
    if binding.timers == HERE:
        return None
    stamps = [
        f"{OBJECT}.{own_field(binding, each.name)}"
        for each in resources.fields
        if each.data in {DataType.INSTANT, DataType.CHOICE} and not each.written_by_people
    ]
    mapped = f", and let it write {', '.join(stamps)}" if stamps else ""
    return Gap(
        "timers",
        "clocks of another platform",
        f"Let the clocks run on {binding.timers}{mapped}: the binding says `timers: {binding.timers}`, so that nothing is "
        "timed, routed or escalated in Salesforce.",
        ("commitments",),
    )
