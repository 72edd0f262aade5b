"""Who gets a contact, who is told, and what a step changes: by the mode of a promise and the people behind its words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sla_sync.connector import Desired, Mode
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.building import Enrolment, workflow_values
from sla_sync_hubspot.translate.clock_flow import clock_workflows
from sla_sync_hubspot.translate.events import is_in
from sla_sync_hubspot.translate.rotation import routing_gaps, routing_steps
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import WORKFLOW
from tests.connectors.hubspot.clock_stage import Bend, Stage, example, open_stage, put_flow

START = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def ladder(*steps: dict[str, Any]) -> Bend:
    """Return what gives the clock of the example other steps."""

    def bend(document: dict[str, Any]) -> None:
        document["commitments"]["answer"]["on_breach"] = list(steps)

    return bend


def lines(*found: dict[str, Any], otherwise: str | None = "parking") -> Bend:
    """Return what gives the example other lines of its routing."""

    def bend(document: dict[str, Any]) -> None:
        document["routing"] = {"first_match": list(found), **({"otherwise": otherwise} if otherwise else {})}

    return bend


def breached(bend: Bend | None = None, owner: str = "ana", **bound: Any) -> Stage:
    """Return a stage at which the limit has passed, and one hour more."""
    stage = open_stage(example(bend=bend, **bound), START)
    stage.set(hubspot_owner_id=stage.owner_id(owner), hs_lead_status="OPEN")
    stage.start("answer", START, priority="asked")
    stage.dates(("answer.due", START + HOUR), ("answer.step1", START + 2 * HOUR))
    stage.shop.run_to(START + 3 * HOUR)
    return stage


def routed(vocabulary: Vocabulary, times: int = 1) -> list[str | None]:
    """Return who gets each of so many contacts that qualify."""
    stage = open_stage(vocabulary, START)
    enrolment = Enrolment(((is_in(kept.CYCLE_STATE, (kept.OPEN,), vocabulary),),))
    values = workflow_values("SLA | Route", "", enrolment, routing_steps(vocabulary))
    put_flow(stage, Desired(next(iter(clock_workflows(vocabulary)[0])).address, values))
    found = []
    for number in range(times):
        stage.contact = stage.shop.contact(email=f"n{number}@example.com")
        stage.set(hs_lead_status="OPEN")
        stage.set(cycle_state=kept.OPEN)
        found.append(stage.owner() or stage.value("queue"))
    return found


def advice(gaps: list[Any]) -> str:
    return " ".join(gap.advice for gap in gaps)


def test_a_team_takes_turns() -> None:
    assert routed(example(), 4) == ["morgan", "ana", "morgan", "ana"]


def test_a_team_of_one_gets_contacts_without_a_rotation() -> None:
    alone = example(bend=lines({"when": "stage is mql", "to": "reps", "how": "round robin"}))
    vocabulary = Vocabulary(alone.resources, alone.binding, {"reps": ("ana",)})
    assert routed(vocabulary) == ["ana"]
    assert "0-11" not in str(routing_steps(vocabulary))


def test_a_team_whose_people_are_not_named_is_the_team_of_the_portal() -> None:
    found = example()
    vocabulary = Vocabulary(found.resources, found.binding)
    assert routed(vocabulary, 2) == ["morgan", "morgan"]


def test_what_no_line_wants_waits_in_the_queue_of_the_rest() -> None:
    nobody = example(bend=lines({"when": "stage is sal", "to": "reps", "how": "round robin"}))
    assert routed(nobody) == ["parking"]


def test_a_line_to_a_person_in_a_property_of_another_record_is_passed_over_and_said() -> None:
    assert "account_owner" in advice(routing_gaps(example()))


def test_what_a_rotation_does_otherwise_than_agreed_is_said() -> None:
    said = advice(routing_gaps(example("product-led")))
    assert "least loaded" in said
    assert "8 per member per day" in said
    assert "out of office or at capacity" in said


def test_routing_that_another_product_holds_is_not_pushed() -> None:
    held = example(held_by={"routing": "leandata"})
    assert routing_steps(held) == ()
    assert "leandata" in advice(routing_gaps(held))


def test_a_step_never_gives_a_contact_to_the_owner_it_has() -> None:
    step = ladder({"notify": "owner"}, {"after": "1 business hour", "reassign": "reps"})
    for owner, other in (("ana", "morgan"), ("morgan", "ana")):
        assert breached(step, owner).owner() == other


def test_a_step_by_routing_asks_the_lines_again() -> None:
    step = ladder({"notify": "owner"}, {"after": "1 business hour", "reassign": "by routing"})
    assert breached(step).owner() == "morgan"


def test_a_step_back_into_a_queue_leaves_the_contact_without_an_owner() -> None:
    step = ladder({"notify": "owner"}, {"after": "1 business hour", "return_to_queue": "parking", "notify": "founder"})
    stage = breached(step)
    assert (stage.owner(), stage.value("queue")) == (None, "parking")
    assert stage.told()[-1][1] == ("pat",)


def test_a_step_moves_a_contact_with_the_reason_there_first() -> None:
    step = ladder({"notify": "owner"}, {"after": "1 business hour", "stage": "later", "reason": "no_answer"})
    stage = breached(step)
    assert stage.shop.value(stage.contact, "hs_lead_status") == "BAD_TIMING"
    assert stage.value("reason") == "no_answer"


def test_a_step_at_once_comes_with_the_limit() -> None:
    stage = breached(ladder({"reassign": "reps", "notify": "owner"}))
    assert stage.happened("answer.step0") == stage.happened("answer.due")
    assert (stage.told(), stage.owner()) == ([(START + HOUR, ("ana",), "Overdue")], "morgan")


def test_a_mode_that_records_tells_nobody_and_keeps_the_states() -> None:
    stage = breached(modes={"answer": Mode.RECORD})
    assert (stage.told(), stage.state("answer"), stage.owner()) == ([], kept.OVERDUE, "ana")


def test_a_mode_that_alerts_tells_people_and_leaves_the_owner() -> None:
    stage = breached(modes={"answer": Mode.ALERT})
    assert [to for _, to, _ in stage.told()] == [("ana",), ("pat",)]
    assert stage.owner() == "ana"


def test_a_mode_that_measures_pushes_nothing_of_the_clock() -> None:
    flows, _ = clock_workflows(example(modes={"answer": Mode.MEASURE}))
    assert flows
    assert not any("Answer" in each.address.key for each in flows)


def test_clocks_that_run_on_another_platform_push_nothing() -> None:
    assert clock_workflows(example(timers="salesforce")) == ([], [])


def test_somebody_behind_whom_nobody_stands_is_a_gap() -> None:
    found = example()
    _, gaps = clock_workflows(Vocabulary(found.resources, found.binding, {"reps": ("ana",)}))
    assert "«founder»" in advice(gaps)


def test_a_clock_that_pauses_is_a_gap_and_has_no_workflow() -> None:
    flows, gaps = clock_workflows(example("product-led"))
    assert "stood still" in advice(gaps)
    assert not any("First Response" in each.address.key for each in flows)


def test_every_workflow_says_what_must_stand_before_it() -> None:
    flows, _ = clock_workflows(example())
    assert all(each.address.type == WORKFLOW and each.requires for each in flows)
