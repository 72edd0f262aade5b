"""Routing by the lead assignment rule, lived in an org: who is assigned when a lead is made, or saved with the box ticked."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Clock, Destination, Line, Resources, Routing, tree
from sla_sync_salesforce.simulator.save_options import SaveOptions
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, Living, living

QUEUES = {"emea": "EMEA_Queue", "marketing_queue": "Marketing_Queue"}


def line(number: int, to: str, destination: Destination, **changes: Any) -> Line:
    return Line(
        f"line_{number}", ("routing", "first_match", number), "", changes.pop("when", None), destination, to, **changes
    )


LINES = (
    line(0, "emea", Destination.QUEUE, when=tree.Is("country", ("DE", "FR"))),
    line(1, "sdr", Destination.TEAM, when=tree.Is("source", ("contact_sales",)), overflow="marketing_queue"),
    line(2, "marketing_queue", Destination.QUEUE),
)


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    resources, binding, _ = compiled()
    emea = replace(resources.queues[0], name="emea", label="Emea", origin=("queues", "emea"))
    return living(
        tmp_path_factory.mktemp("org"),
        {"routing": Routing(("routing",), LINES), "queues": (*resources.queues, emea)},
        {"routing": "rules", "queues": {**binding.queues, **QUEUES}},
    )


def owner(org: Living, lead: str) -> str:
    return org.name_of(org.values(lead)["OwnerId"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"Country": "DE"}, "EMEA_Queue"),
        ({"Country": "FR", "LeadSource": "Web"}, "EMEA_Queue"),
        ({}, "SDR_Inbound"),
        ({"LeadSource": "Web"}, "Marketing_Queue"),
        # An entry asks for what the stage needs, but the last takes whoever is left.
        ({"Country": "DE", "Email": None}, "Marketing_Queue"),
    ],
    ids=["territory", "the first that fits", "team", "otherwise", "gated"],
)
def test_a_new_lead_is_assigned_by_the_first_entry_that_fits(
    org: Living, values: dict[str, Any], expected: str
) -> None:
    lead = org.lead(**{**DEMO, **FIT, **values})
    assert owner(org, lead) == expected


@pytest.mark.slow
def test_the_assignment_waits_in_the_queue_that_the_rule_chose_until_somebody_takes_it(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    waiting = org.open_leg(lead)
    assert (org.name_of(waiting["OwnerId"]), waiting.get("Person__c"), waiting["Route__c"]) == (
        "SDR_Inbound",
        None,
        False,
    )
    org.lead(lead, OwnerId=org.id_of("ana"))
    (taken,) = org.legs(lead)
    assert (org.name_of(taken["Person__c"]), taken["Team__c"]) == ("ana", "sdr")
    assert taken["Assigned_At__c"] is not None


@pytest.mark.slow
@pytest.mark.parametrize(("asked", "expected"), [(None, "ana"), (False, "ana"), (True, "EMEA_Queue")])
def test_a_lead_that_qualifies_later_is_assigned_only_where_the_box_is_ticked(
    org: Living, asked: bool | None, expected: str
) -> None:
    lead = org.lead(**{**DEMO, **FIT, "Country": "DE", "SLA_Score__c": 0})
    org.lead(lead, OwnerId=org.id_of("ana"))
    org.org.save("Lead", lead, options=SaveOptions(auto_assign=asked), SLA_Score__c=120)
    assert owner(org, lead) == expected
    assert org.name_of(org.open_leg(lead)["OwnerId"]) == expected


@pytest.mark.slow
def test_ladders_give_their_orders_also_where_rules_do_the_routing(tmp_path: Path) -> None:
    resources, _, _ = compiled()
    org = living(tmp_path, {"clocks": _closing(resources)}, bound={"routing": "rules"})
    lead = org.lead(**DEMO, **FIT)
    org.lead(lead, OwnerId=org.id_of("ana"))
    for order, expected in (("sdr", "ben"), ("by routing", "ana")):
        org.org.save("SLA_Leg__c", str(org.open_leg(lead)["Id"]), Pass_To__c=order)
        assert owner(org, lead) == expected
    org.org.save("SLA_Leg__c", str(org.open_leg(lead)["Id"]), Move_To__c="recycled", Move_Reason__c="no_response")
    assert (org.values(lead)["Status"], org.values(lead)["SLA_Reason__c"]) == ("Nurture", "no_response")
    last = org.legs(lead)[-1]
    assert (last["Ended_Because__c"], last["Reason__c"]) == ("Closed", "no_response")


def _closing(resources: Resources) -> tuple[Clock, ...]:
    """Return the clocks with a last step that closes the cycle."""
    return tuple(
        replace(
            clock,
            rungs=tuple(
                replace(rung, notify=(), stage="recycled", reason="no_response")
                if not rung.reassign and rung.index
                else rung
                for rung in clock.rungs
            ),
        )
        for clock in resources.clocks
    )
