"""The pipeline of leads: the agreed stages where the portal has leads, said otherwise where it has none."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from pydantic import ValidationError

from sla_sync.connector import Action, Address, Manifest, Setup, Status, Translation
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync_hubspot import connector
from sla_sync_hubspot.build import build_json
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.room import what_does_not_fit
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.translate.leads import STAGES_PER_PIPELINE, lead_pipeline, pipeline_id
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import PIPELINE, TYPES, WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, PEOPLE, Portal, acme_binding, acme_resources, binding

OURS = Address(PIPELINE, f"leads/{pipeline_id(AGREEMENT)}")
PATH = f"/0-136/{pipeline_id(AGREEMENT)}"
NAMES = [each.name for each in acme_resources().stages]


@cache
def asked() -> Translation:
    """Return the pipeline of the full example, and nothing else of it."""
    said = acme_binding().model_dump(mode="json", by_alias=True, exclude_none=True)
    bound = connector.binding.model_validate({**said, "objects": ["contacts", "leads"]})
    found = translate(acme_resources(), bound, Setup(AGREEMENT, PEOPLE))
    return replace(found, desired=tuple(each for each in found.desired if each.address == OURS))


def planned(portal: Portal) -> Plan:
    with reading(portal.connection()) as reader:
        snapshot = reader.read(addresses_of(asked().desired))
        manifest = reader.manifest()
    return make_plan(asked(), snapshot, TYPES, target="t", agreement=AGREEMENT, agreement_digest="d", manifest=manifest)


def shown(portal: Portal) -> dict[str, Any]:
    found: dict[str, Any] = portal.client().call("GET", Api.PIPELINES, PATH)
    return found


@pytest.fixture
def applied(served: Portal) -> Portal:
    assert [each.status for each in served.apply(asked())] == [Status.DONE]
    return served


def test_it_has_the_agreed_stages_in_their_order_and_a_second_plan_is_empty(applied: Portal) -> None:
    found = shown(applied)
    assert found["label"] == f"SLA | {AGREEMENT}"
    assert [each["id"].rpartition("_leads_")[2] for each in found["stages"]] == NAMES
    assert planned(applied).changes == ()


def test_the_pipeline_that_was_there_is_left_alone(served: Portal) -> None:
    before = served.client().call("GET", Api.PIPELINES, "/0-136")["results"]
    served.apply(asked())
    after = served.client().call("GET", Api.PIPELINES, "/0-136")["results"]
    assert [each for each in after if each["id"] != pipeline_id(AGREEMENT)] == before


def test_a_renamed_stage_is_put_back_one_that_is_gone_is_made_again_and_one_of_theirs_stays(applied: Portal) -> None:
    client, (first, second, *_) = applied.client(), shown(applied)["stages"]
    client.call("PATCH", Api.PIPELINES, f"{PATH}/stages/{first['id']}", body={"label": "Something else"})
    client.call("DELETE", Api.PIPELINES, f"{PATH}/stages/{second['id']}")
    theirs = {"label": "Theirs", "displayOrder": 20, "metadata": {}}
    client.call("POST", Api.PIPELINES, f"{PATH}/stages", body=theirs)
    (change,) = planned(applied).changes
    assert change.action is Action.UPDATE
    applied.apply(asked())
    after = {each["id"]: each["label"] for each in shown(applied)["stages"]}
    assert (after[first["id"]], after[second["id"]]) == (first["label"], second["label"])
    assert "Theirs" in after.values()
    assert planned(applied).changes == ()


@pytest.mark.parametrize("fault", ["502-before", "502-after"])
def test_an_answer_that_got_lost_makes_no_second_pipeline(served: Portal, fault: str) -> None:
    served.fail(fault, "POST /crm/v3/pipelines/0-136")
    assert [each.status for each in served.apply(asked())] == [Status.DONE]
    labels = [each["label"] for each in served.client().call("GET", Api.PIPELINES, "/0-136")["results"]]
    assert labels.count(f"SLA | {AGREEMENT}") == 1


@pytest.mark.parametrize("switches", [{"leads": False}, {"tier": "starter"}])
def test_a_portal_without_leads_is_told_the_edition_and_nothing_is_tried(
    served: Portal, switches: dict[str, Any]
) -> None:
    served.switch(**switches)
    plan = planned(served)
    assert plan.changes == ()
    (hidden,) = plan.unreadable
    assert hidden.address == OURS
    assert "Sales Hub Professional or Enterprise" in hidden.because


@pytest.mark.slow
def test_a_portal_with_no_room_for_a_pipeline_refuses_the_plan(served: Portal) -> None:
    client = served.client()
    limit = next(
        each["limit"]
        for each in client.call("GET", Api.LIMITS, "/pipelines")["hubspotDefinedObjectTypes"]
        if each["objectTypeId"] == "0-136"
    )
    for number in range(1, limit):
        client.call(
            "POST", Api.PIPELINES, "/0-136", body={"label": f"Theirs {number}", "displayOrder": 1, "stages": []}
        )
    found = list(what_does_not_fit(served.client(), planned(served).changes, lambda: 0, {}))
    assert [each.code for each in found] == ["SLA809"]
    assert "1 pipelines of leads are needed" in found[0].message


def test_what_is_no_longer_agreed_is_deleted_only_where_no_lead_stands_in_it(applied: Portal) -> None:
    nothing = replace(asked(), desired=())
    assert [each.action for each in applied.changes(nothing, delete_removed=True)] == [Action.DELETE]
    stage = shown(applied)["stages"][0]["id"]
    contact = applied.client().call("POST", Api.OBJECTS, "/contacts", body={"properties": {"email": "a@b.example"}})[
        "id"
    ]
    lead = {"hs_lead_name": "Ada", "hs_pipeline": pipeline_id(AGREEMENT), "hs_pipeline_stage": stage}
    kind = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 578}
    body = {"properties": lead, "associations": [{"to": {"id": contact}, "types": [kind]}]}
    made = applied.client().call("POST", Api.OBJECTS, "/leads", body=body)
    assert [each.status for each in applied.apply(nothing, delete_removed=True)] == [Status.FAILED]
    applied.client().call("DELETE", Api.OBJECTS, f"/leads/{made['id']}")
    assert [each.status for each in applied.apply(nothing, delete_removed=True)] == [Status.DONE]


def test_the_plan_says_that_nothing_of_ours_moves_a_lead() -> None:
    assert [each.id for each in asked().gaps if each.id.startswith("leads-")] == ["leads-moved"]
    assert [each for each in asked().opening if each.startswith("Leads need Sales Hub Professional")]
    said = acme_binding().model_dump(mode="json", by_alias=True, exclude_none=True)
    both = translate(
        acme_resources(),
        connector.binding.model_validate({**said, "objects": ["contacts", "leads"]}),
        Setup(AGREEMENT, PEOPLE),
    )
    assert not [
        each for each in both.desired if each.address.type == WORKFLOW and each.values["objectTypeId"] == "0-136"
    ]


def test_more_stages_than_a_pipeline_of_leads_has_are_a_step_by_hand() -> None:
    first = acme_resources().stages[0]
    many = tuple(replace(first, name=f"stage_{number}") for number in range(STAGES_PER_PIPELINE + 1))
    vocabulary = Vocabulary(replace(acme_resources(), stages=many), binding(objects=["contacts", "leads"]))
    (found,) = lead_pipeline(vocabulary)
    assert getattr(found, "id", "") == "leads-stages"


def test_leads_alone_carry_no_stamps() -> None:
    with pytest.raises(ValidationError, match="stamps stand on the contact"):
        binding(objects=["leads"])


def test_the_files_hold_the_whole_pipeline() -> None:
    bodies = [json.loads(each) for name, each in build_json(asked(), Manifest("d", {})).items() if "pipeline" in name]
    (creation,) = bodies
    assert (creation["method"], creation["path"]) == ("POST", "/crm/v3/pipelines/0-136")
    assert [each["metadata"] for each in creation["body"]["stages"]] == [{}] * len(NAMES)
