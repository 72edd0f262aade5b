"""Lifecycle stages of one's own: named by label, created where the binding allows it, and referred to by their number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import Action, Address, Asked, Manifest, Outcome, Ref, Setup, Status, Translation
from sla_sync.reconcile.plan import DONE, OPEN, Plan, make_plan
from sla_sync.reconcile.references import addresses_of, references
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.build import build_json
from sla_sync_hubspot.names import CONTACTS
from sla_sync_hubspot.paths import LIFECYCLE_STAGES, OPEN_STAGE, Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.types import LIFECYCLE_STAGE, SEGMENT, TYPES, WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, PEOPLE, Portal, acme_binding, acme_resources

pytestmark = pytest.mark.slow

ACCEPTED = Address(LIFECYCLE_STAGE, "Accepted by sales")


@cache
def bound(*, beta: bool = True) -> HubSpotBinding:
    """Return the binding of the full example with one stage that stands on the lifecycle under a label of its own."""
    said = acme_binding().model_dump(mode="json", by_alias=True, exclude_none=True)
    said["stages"]["sal"] = {"lifecyclestage": [ACCEPTED.key], "add": True}
    said["beta"] = ["lifecycle_stages"] if beta else []
    said["timers"] = "here"
    return HubSpotBinding.model_validate(said)


@cache
def asked(*, beta: bool = True) -> Translation:
    """Return the full example in HubSpot's words, with that stage."""
    return translate(acme_resources(), bound(beta=beta), Setup(AGREEMENT, PEOPLE))


def options(portal: Portal) -> dict[str, str]:
    found = portal.client().call("GET", Api.PROPERTIES, f"/{CONTACTS}/lifecyclestage")
    return {str(each["label"]): str(each["value"]) for each in found["options"]}


def create_by_hand(portal: Portal) -> str:
    body = {"label": ACCEPTED.key, "displayOrder": 9, "metadata": dict(OPEN_STAGE)}
    return str(portal.client().call("POST", Api.PIPELINES, LIFECYCLE_STAGES, body=body)["id"])


def planned(portal: Portal, translation: Translation) -> Plan:
    with reading(portal.connection()) as reader:
        snapshot = reader.read(addresses_of(translation.desired, translation.gaps))
        manifest = reader.manifest()
    return make_plan(
        translation, snapshot, TYPES, target="t", agreement=AGREEMENT, agreement_digest="d", manifest=manifest
    )


def texts(value: Any) -> Iterator[object]:
    """Yield everything that stands below a value."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)
    else:
        yield value


@pytest.fixture
def applied(served: Portal) -> Portal:
    outcomes = served.apply(asked())
    assert [each.detail for each in outcomes if each.status is not Status.DONE] == []
    return served


def test_every_test_and_action_refers_to_the_stage_and_none_says_its_label() -> None:
    named = [each for each in asked().desired if Ref(ACCEPTED) in [ref for _, ref in references(each.values)]]
    assert {each.address.type for each in named} == {SEGMENT, WORKFLOW}
    assert all(ACCEPTED in each.requires for each in named)
    left = [
        each.address
        for each in asked().desired
        if each.address != ACCEPTED and ACCEPTED.key in texts(dict(each.values))
    ]
    assert left == []


def test_with_the_beta_the_stage_is_created_and_its_number_stands_in_filters_and_workflows(applied: Portal) -> None:
    number = options(applied)[ACCEPTED.key]
    assert number.isdigit()
    snapshot, _ = applied.read(asked())
    holding = [each.address for each in snapshot.settings.values() if number in texts(dict(each.values))]
    referring = [
        each.address for each in asked().desired if ACCEPTED in [ref.address for _, ref in references(each.values)]
    ]
    assert sorted(holding) == sorted(referring)
    assert planned(applied, asked()).changes == ()


def test_the_plan_opens_with_the_call_that_is_not_documented() -> None:
    assert [each for each in asked().opening if "does not document" in each]
    assert not [each for each in asked(beta=False).opening if "does not document" in each]


def test_without_the_beta_a_person_creates_it_and_the_plan_is_refused_until_then(served: Portal) -> None:
    translation = asked(beta=False)
    before = planned(served, translation)
    step = next(each for each in before.steps if each.gap.id == f"lifecycle-sal-{ACCEPTED.key}")
    assert step.status == OPEN
    assert before.refused
    assert [each.message.split(".")[0] for each in before.diagnostics] == [f"The platform has no {ACCEPTED}"]
    number = create_by_hand(served)
    after = planned(served, translation)
    assert next(each for each in after.steps if each.gap.id == step.gap.id).status == DONE
    assert not after.refused
    assert ACCEPTED not in [each.address for each in after.changes]
    served.apply(translation)
    snapshot, _ = served.read(translation)
    assert [each for each in snapshot.settings.values() if number in texts(dict(each.values))]
    assert planned(served, translation).changes == ()


def test_one_that_stood_there_before_is_adopted_and_not_made_twice(served: Portal) -> None:
    create_by_hand(served)
    change = next(each for each in planned(served, asked()).changes if each.address == ACCEPTED)
    assert (change.action, change.ack) == (Action.ADOPT, f"adopt:{ACCEPTED}")


def test_a_portal_that_refuses_it_says_what_a_person_does_and_nothing_that_needs_it_is_written(served: Portal) -> None:
    served.switch(lifecycle_stages="refused")
    outcomes = served.apply(asked())
    found = next(each for each in outcomes if each.change.address == ACCEPTED)
    assert found.status is Status.FAILED
    assert "does not let the lifecycle stage" in found.detail
    needing = [each for each in outcomes if each.change.desired and ACCEPTED in each.change.desired.requires]
    assert needing
    assert {each.status for each in needing} == {Status.SKIPPED}


def test_a_label_that_somebody_changed_is_put_back(applied: Portal) -> None:
    number = options(applied)[ACCEPTED.key]
    applied.client().call("PATCH", Api.PIPELINES, f"{LIFECYCLE_STAGES}/{number}", body={"label": "Taken"})
    (change,) = planned(applied, asked()).changes
    assert (change.action, change.address) == (Action.UPDATE, ACCEPTED)
    applied.apply(asked())
    assert options(applied)[ACCEPTED.key] == number


@pytest.mark.parametrize(("fault", "asked_for"), [("502-before", 2), ("502-after", 1)])
def test_an_answer_that_got_lost_makes_no_second_stage(served: Portal, fault: str, asked_for: int) -> None:
    path = f"/crm/v3/pipelines{LIFECYCLE_STAGES}"
    served.fail(fault, f"POST {path}")
    assert {each.status for each in served.apply(asked())} == {Status.DONE}
    assert list(options(served)).count(ACCEPTED.key) == 1
    assert sum(call == ("POST", path) for call in served.running.calls) == asked_for


def test_a_stage_that_the_agreement_lets_go_of_stays(applied: Portal) -> None:
    acme = translate(acme_resources(), acme_binding(), Setup(AGREEMENT, PEOPLE))
    outcomes: tuple[Outcome, ...] = applied.apply(acme, delete_removed=True)
    assert (Action.RELEASE, Status.DONE) in [
        (each.change.action, each.status) for each in outcomes if each.change.address == ACCEPTED
    ]
    assert ACCEPTED.key in options(applied)


def test_the_files_name_the_stage_where_its_number_belongs(tmp_path: Path) -> None:
    made = build_json(asked(), Manifest("digest", {}))
    bodies = {name: json.loads(content) for name, content in made.items() if name.endswith(".json")}
    creation = next(each for name, each in bodies.items() if "lifecyclestage-accepted" in name)
    assert creation["path"] == f"/crm/v3/pipelines{LIFECYCLE_STAGES}"
    assert creation["body"] == {"label": ACCEPTED.key, "displayOrder": -1, "metadata": dict(OPEN_STAGE)}
    assert [name for name, each in bodies.items() if f"{{{{ lifecycle stage id of {ACCEPTED.key} }}}}" in texts(each)]


def test_a_comparison_with_another_platform_is_told_the_number(applied: Portal) -> None:
    snapshot, _ = applied.read(asked())
    with reading(applied.connection()) as reader:
        found = reader.facts(Asked(acme_resources(), bound(), asked(), snapshot))
    (value,) = found.stages["sal"]
    assert (value.place, value.value, value.offered) == ("lifecyclestage", options(applied)[ACCEPTED.key], True)
