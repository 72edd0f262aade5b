"""Which assignments are a lead's own: those that began for it, and not those of a lead that was merged into it.

A merge leads every look-up of the loser to the winner and runs no flow for what it moves, so an assignment remembers
the lead for which it began. One that was written without that (by a load of data) is taken for the lead's own.
"""

from __future__ import annotations

from sla_sync_salesforce.translate.elements import Asked, Given, blank

ASKED_FIELDS = ("Lead__c", "Of_Lead__c")


def own_legs(lead: Given, *more: Asked) -> tuple[tuple[Asked, ...], str]:
    """Return the filters, and their logic, that find a lead's own assignments which meet some more filters."""
    asked: tuple[Asked, ...] = (("Lead__c", "EqualTo", lead), ("Of_Lead__c", "EqualTo", lead), blank("Of_Lead__c"))
    further = "".join(f" AND {number}" for number in range(len(asked) + 1, len(asked) + len(more) + 1))
    return (*asked, *more), f"1 AND (2 OR 3){further}"
