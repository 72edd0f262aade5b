"""The routing, lived in an org: the first line that fits, members in turn, who is skipped, and what a ladder orders."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Desired, Destination, Gap, Line, Resources, Routing, tree
from sla_sync_salesforce.simulator.saving import save_many
from sla_sync_salesforce.translate.places import queues
from sla_sync_salesforce.translate.routing import routing
from sla_sync_salesforce.translate.routing_gaps import routing_gaps
from sla_sync_salesforce.translate.rules import assignment_rules
from sla_sync_salesforce.translate.words import learn
from tests.connectors.salesforce.example import compiled
from tests.connectors.salesforce.living import DEMO, FIT, Living, living


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Living:
    return living(tmp_path_factory.mktemp("org"))


def routed(*lines: Line, **changes: Any) -> Resources:
    resources, _, _ = compiled()
    return replace(resources, routing=Routing(("routing",), lines), **changes)


def line(to: str, destination: Destination = Destination.TEAM, **changes: Any) -> Line:
    when = changes.pop("when", None)
    return Line(f"line_{to}", ("routing", "first_match", 0), "", when, destination, to, **changes)


def owner(org: Living, lead: str) -> str:
    return org.name_of(org.values(lead)["OwnerId"])


def test_a_new_assignment_gets_its_person_and_the_lead_its_owner(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    (leg,) = org.legs(lead)
    assert owner(org, lead) == org.name_of(leg["Person__c"]) == org.name_of(leg["OwnerId"])
    assert owner(org, lead) in {"ana", "ben"}
    assert (leg["Team__c"], leg["Calendar__c"], leg["Route__c"]) == ("sdr", "office", False)
    assert leg["Assigned_At__c"] == leg["Qualified_At__c"]
    assert org.values(lead)["SLA_Assigned_At__c"] == leg["Assigned_At__c"]


def test_members_get_leads_in_turn(org: Living) -> None:
    owners = [owner(org, org.lead(**DEMO, **FIT)) for _ in range(10)]
    assert Counter(owners) == {"ana": 5, "ben": 5}
    assert all(one != other for one, other in pairwise(owners))


@pytest.mark.slow
def test_members_get_leads_in_turn_also_where_two_hundred_are_saved_at_once(org: Living) -> None:
    rows = [(None, {**DEMO, **FIT, "LastName": f"Lead {number}"}) for number in range(200)]
    saved = save_many(org.org.desk, org.org.admin, "Lead", rows)
    assert Counter(owner(org, str(each)) for each in saved) == {"ana": 100, "ben": 100}


def test_who_is_out_of_office_is_skipped_and_with_nobody_there_the_next_line_counts(org: Living) -> None:
    org.away("ana")
    assert {owner(org, org.lead(**DEMO, **FIT)) for _ in range(3)} == {"ben"}
    org.away("ben")
    lead = org.lead(**DEMO, **FIT)
    org.away("ana", away=False)
    org.away("ben", away=False)
    assert owner(org, lead) == "Marketing_Queue"
    leg = org.open_leg(lead)
    assert (leg.get("Person__c"), leg.get("Assigned_At__c"), leg["Route__c"]) == (None, None, False)
    assert org.name_of(leg["OwnerId"]) == "Marketing_Queue"


def test_the_owner_of_the_account_comes_first_where_active(org: Living) -> None:
    for name, expected in (("sam", {"sam"}), ("former", {"ana", "ben"})):
        account = org.org.save("Account", Name=f"Of {name}")
        org.org.row("Account", account)["OwnerId"] = org.id_of(name)
        assert owner(org, org.lead(**DEMO, **FIT, SLA_Matched_Account__c=account)) in expected


@pytest.mark.slow
def test_a_lead_that_leads_nowhere_stays_with_its_owner(tmp_path: Path) -> None:
    never = line("sdr", how="round robin", when=tree.Is("country", ("DE",)))
    org = living(tmp_path, {"routing": Routing(("routing",), (never,))})
    lead = org.lead(**DEMO, **FIT, OwnerId=org.id_of("ben"))
    assert org.name_of(org.open_leg(lead)["Person__c"]) == "ben"
    waits = org.lead(**DEMO, **FIT, OwnerId=org.queue("Marketing_Queue"))
    assert org.open_leg(waits).get("Person__c") is None
    assert org.open_leg(waits)["Route__c"] is False


@pytest.mark.slow
def test_overflow_takes_what_a_team_cannot(tmp_path: Path) -> None:
    full = line("sdr", how="round robin", skip=("out_of_office",), overflow="marketing_queue")
    org = living(tmp_path, {"routing": Routing(("routing",), (full,))})
    org.away("ana")
    org.away("ben")
    assert owner(org, org.lead(**DEMO, **FIT)) == "Marketing_Queue"


@pytest.mark.slow
def test_a_line_without_a_way_to_choose_leads_to_the_queue_of_the_team(tmp_path: Path) -> None:
    org = living(tmp_path, {"routing": Routing(("routing",), (line("sdr"),))})
    lead = org.lead(**DEMO, **FIT)
    assert owner(org, lead) == "SDR_Inbound"
    assert org.open_leg(lead)["Team__c"] == "sdr"


@pytest.mark.slow
def test_a_line_to_a_stage_moves_the_lead_with_its_reason(tmp_path: Path) -> None:
    away = line("recycled", Destination.STAGE, reason="no_budget")
    org = living(tmp_path, {"routing": Routing(("routing",), (away,))})
    lead = org.lead(**DEMO, **FIT)
    assert org.values(lead)["Status"] == "Nurture"
    (leg,) = org.legs(lead)
    assert (leg["Ended_Because__c"], leg["Reason__c"]) == ("Closed", "no_budget")


def test_an_order_gives_the_lead_to_another_member_and_never_to_the_same(org: Living) -> None:
    for _ in range(4):
        lead = org.lead(**DEMO, **FIT)
        before = owner(org, lead)
        org.org.save("SLA_Leg__c", str(org.open_leg(lead)["Id"]), Pass_To__c="sdr")
        assert {before, owner(org, lead)} == {"ana", "ben"}
        first, second = org.legs(lead)
        assert first["Ended_Because__c"] == "Reassigned"
        assert (second["Leg__c"], org.name_of(second["Person__c"])) == (2, owner(org, lead))


def test_an_order_that_finds_nobody_is_taken_back(org: Living) -> None:
    lead = org.lead(**DEMO, **FIT)
    before = owner(org, lead)
    other = ({"ana", "ben"} - {before}).pop()
    org.away(other)
    org.org.save("SLA_Leg__c", str(org.open_leg(lead)["Id"]), Pass_To__c="sdr")
    org.away(other, away=False)
    assert owner(org, lead) == before
    assert org.open_leg(lead).get("Pass_To__c") is None
    assert len(org.legs(lead)) == 1


@pytest.mark.slow
def test_the_notice_of_a_line_goes_out_when_the_owner_is_chosen(tmp_path: Path) -> None:
    told = line("sdr", how="round robin", notify=("owner", "sdr_manager"))
    org = living(tmp_path, {"routing": Routing(("routing",), (told,))})
    org.lead(**DEMO, **FIT)
    assert [each.title for each in org.org.sent if each.flow == "SLA_Leg_Routing"] == ["A lead has come in"]


@pytest.mark.slow
def test_a_router_that_does_the_job_leaves_nothing_to_push(tmp_path: Path) -> None:
    resources, binding, _ = compiled()
    held = binding.model_copy(update={"held_by": {"routing": "leandata"}})
    (gap,) = routing_gaps(resources, held)
    assert "leandata" in gap.advice
    org = living(tmp_path, bound={"held_by": {"routing": "leandata"}})
    lead = org.lead(**DEMO, **FIT, OwnerId=org.id_of("ben"))
    assert owner(org, lead) == "ben"
    assert org.name_of(org.open_leg(lead)["Person__c"]) == "ben"
    assert [*assignment_rules(resources, held, learn(resources, held))] == []


def test_every_part_of_a_line_that_is_done_otherwise_says_so() -> None:
    hard = line("sdr", how="least loaded", weights={"ana": 2.0}, cap="20 per member per day", skip=("at_capacity",))
    _, binding, _ = compiled()
    gaps = {each.id: each.advice for each in routing_gaps(routed(hard), binding)}
    assert set(gaps) == {f"routing:line_sdr:{part}" for part in ("how", "weights", "cap", "skip")}
    assert "in turn instead" in gaps["routing:line_sdr:how"]


def test_rules_lead_to_queues_in_the_order_of_the_lines(tmp_path: Path) -> None:
    resources, binding, _ = compiled()
    ruled = binding.model_copy(update={"routing": "rules"})
    found = [*assignment_rules(resources, ruled, learn(resources, ruled))]
    entries = [each for each in found if isinstance(each, Desired) and each.address.type == "AssignmentRuleEntry"]
    assert [(each.address.key, each.values["assignedTo"]) for each in entries] == [
        ("SLA_Routing/1", "SDR_Inbound"),
        ("SLA_Routing/2", "Marketing_Queue"),
    ]
    assert "formula" not in entries[1].values
    assert entries[0].address in entries[1].requires
    assert [each.id for each in found if isinstance(each, Gap)] == ["routing:rules"]


def test_queues_hold_leads_and_assignments_and_have_their_people() -> None:
    resources, binding, setup = compiled()
    found = [each for each in queues(resources, binding, setup) if isinstance(each, Desired)]
    keys = [str(each.address) for each in found]
    assert keys == [
        "Queue/SDR_Inbound",
        "GroupMember/SDR_Inbound/ana",
        "GroupMember/SDR_Inbound/ben",
        "Queue/Marketing_Queue",
        "GroupMember/Marketing_Queue/morgan",
    ]
    assert found[0].values["queueSobject"] == [{"sobjectType": "SLA_Leg__c"}, {"sobjectType": "Lead"}]


def test_nothing_is_routed_where_nothing_is_agreed() -> None:
    resources, binding, setup = compiled()
    bare = replace(resources, routing=None, clocks=())
    assert [*routing(bare, binding, setup, learn(bare, binding))] == []
