"""Leads and contacts that go: before one is deleted, also as the loser of a merge, its open assignment ends.

Of the two a flow learns nothing: a merge is told to what runs after the deletion only (Apex Developer Guide, "Triggers
and Merge Statements"), and there is no such flow. Without this, an assignment of nobody would be overdue for ever, and
after a merge the winner would have two that are open.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Desired, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Given, blank, known, ref
from sla_sync_salesforce.translate.handraise import works_contacts
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT

_MERGED = "Keep_Merged"
GONE = "Gone"
"""Why such a turn ended; what began for a lead that was merged into one that goes now becomes `Merged`.

The stamps of either are not copied: a record that is being deleted cannot be saved.
"""


def parting(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the flow for leads, and that for contacts where they have assignments of their own."""
    if not any(stage.qualifies for stage in resources.stages):
        return
    yield _flow(OBJECT, "Lead__c", binding, setup)
    if works_contacts(resources, binding):
        yield _flow("Contact", "Contact__c", binding, setup)


def _flow(kind: str, look_up: str, binding: SalesforceBinding, setup: Setup) -> Desired:
    ends: tuple[tuple[str, Given], ...] = (("Ended_At__c", ref(NOW)), ("Ended_Because__c", GONE))
    leads = kind == OBJECT
    its_own = (look_up, "EqualTo", ref("$Record.Id"))
    end = elements.update(
        "End_Turn", leg_object(binding), (its_own, blank("Ended_At__c")), ends, _MERGED if leads else None
    )
    # Without its look-up nothing else would tell afterwards that a turn had come here by a merge.
    others = (its_own, known("Of_Lead__c"), ("Of_Lead__c", "NotEqualTo", ref("$Record.Id")))
    merged = elements.update(_MERGED, leg_object(binding), others, (("Ended_Because__c", "Merged"),))
    return flows.flow(
        developer_name(binding.prefix, kind, "parting"),
        {**flows.start(kind, to="Is_Silent", on="Delete"), "triggerType": "RecordBeforeDelete"},
        (elements.unless_silent("End_Turn"), end, *((merged,) if leads else ())),
        means=f"Ends the open assignment of a {kind.lower()} that is deleted or merged into another.",
        agreement=setup.agreement,
        origin=("stages",),
        order=100,
        requires=(
            *(leg_field(binding, each) for each in (look_up, "Of_Lead__c", "Ended_At__c", "Ended_Because__c")),
            *switch_addresses(binding)[:2],
        ),
    )
