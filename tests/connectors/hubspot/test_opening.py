"""With what a plan opens: what the agreement takes of a portal and of which edition; and steps that a look can tick off."""

from __future__ import annotations

from typing import Any

from sla_sync.connector import Address, Desired, Gap, Probe, Stage, Translation
from sla_sync.reconcile.plan import DONE, OPEN, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.translate.building import ROTATE, Act, Enrolment, workflow_values
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.footprint import footprint
from sla_sync_hubspot.translate.lifecycle import lifecycle_steps
from sla_sync_hubspot.translate.operations import known
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PROPERTY, PROPERTY_OPTION, TYPES, WORKFLOW
from sla_sync_hubspot.types import SEGMENT as SEGMENT_TYPE
from tests.connectors.hubspot.stories import AGREEMENT, Portal, acme, binding, resources


def setting(type_name: str, key: str, **values: Any) -> Desired:
    return Desired(Address(type_name, key), values)


def flow(*steps: Act) -> Desired:
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    return Desired(Address(WORKFLOW, "w"), workflow_values("w", "It.", enrolment, steps))


def test_nothing_takes_nothing() -> None:
    assert footprint(()) == ()


def test_what_is_taken_is_counted_beside_what_editions_offer() -> None:
    wanted = [
        setting(PROPERTY, "contacts/a", fieldType="text"),
        setting(PROPERTY, "contacts/b", fieldType="calculation_equation"),
        setting(SEGMENT_TYPE, "0-1/s"),
    ]
    taken, calculated = footprint(wanted)
    assert taken.startswith(
        "It takes 2 properties (an object may have 1,000 custom properties), 1 calculated property ("
    )
    assert "1 segment (" in taken
    assert "workflow" not in taken
    assert calculated.startswith("Calculated properties need")


def test_rotation_and_custom_code_name_what_they_need() -> None:
    plain = footprint([flow()])
    rotating = footprint([flow(Act(ROTATE, {"team_ids": ["1"], "target_property": "hubspot_owner_id"}))])
    code = Desired(Address(WORKFLOW, "c"), {"actions": [{"actionId": "1", "type": "CUSTOM_CODE"}]})
    assert not [each for each in plain if each.startswith("Rotation")]
    assert [each for each in rotating if each.startswith("Rotation needs Sales Hub or Service Hub")]
    assert [each for each in footprint([code]) if each.startswith("Custom code")]


def test_the_plan_of_the_full_example_opens_with_it() -> None:
    assert acme().opening[: len(footprint(acme().desired))] == footprint(acme().desired)


def vocabulary(**more: Any) -> Vocabulary:
    stages = tuple(Stage(name, ("stages", name), "", name, place) for place, name in enumerate(("lead", "sal")))
    said = {"lead": {"lifecyclestage": ["lead"]}, "sal": {"lifecyclestage": ["454331368"]}}
    return Vocabulary(resources(stages=stages), binding(stages=said, **more))


def test_a_lifecycle_stage_that_hubspot_does_not_ship_is_a_step_by_hand() -> None:
    steps = list(lifecycle_steps(vocabulary()))
    assert [each.id for each in steps] == ["lifecycle-sal-454331368"]
    assert "a number that HubSpot gives it" in steps[0].advice


def test_a_look_tells_whether_the_lifecycle_stage_is_there(served: Portal) -> None:
    there = Probe(Address(PROPERTY_OPTION, "contacts/lifecyclestage/customer"), ("hidden",), value=False)
    gaps = (*lifecycle_steps(vocabulary()), Gap("shipped", "Shipped", "Create it.", probe=there))
    translation = Translation((), gaps, agreement=AGREEMENT)
    with reading(served.connection()) as reader:
        snapshot = reader.read(addresses_of(translation.desired, translation.gaps))
    plan = make_plan(translation, snapshot, TYPES, target="t", agreement=AGREEMENT, agreement_digest="d")
    assert [each.status for each in plan.steps] == [OPEN, DONE]
    assert plan.changes == ()
