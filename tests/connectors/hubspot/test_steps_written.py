"""Writing workflows step by step: what is no longer agreed goes, and no loose end stays."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.connector import Action, Address, Desired, Ref, Status, Translation
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.translate.building import ROTATE, Act, Enrolment, set_text, workflow_values
from sla_sync_hubspot.translate.filters import property_filter
from sla_sync_hubspot.translate.operations import known
from sla_sync_hubspot.types import PROPERTY, TEAM, WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, Portal

STEPS = Address(WORKFLOW, f"SLA | {AGREEMENT} | Steps")


def flow_of_steps(*names: str) -> Translation:
    """Return a workflow that sets these properties one after another."""
    made = [
        Desired(
            Address(PROPERTY, f"contacts/{name}"),
            {"label": name, "groupName": "contactinformation", "type": "string", "fieldType": "text"},
        )
        for name in ("sla_one", "sla_two")
    ]
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    values = workflow_values(STEPS.key, "It.", enrolment, [set_text(name, "1") for name in names])
    return Translation((*made, Desired(STEPS, values)), agreement=AGREEMENT)


def steps_of(served: Portal) -> list[dict[str, Any]]:
    handle = served.read(flow_of_steps("sla_one"))[0].handle(STEPS)
    actions: list[dict[str, Any]] = served.client().call("GET", Api.FLOWS, f"/{handle}")["actions"]
    return actions


def test_a_step_that_is_no_longer_agreed_goes_with_the_ways_that_led_to_it(served: Portal) -> None:
    longer, shorter = flow_of_steps("sla_one", "sla_two"), flow_of_steps("sla_one")
    served.apply(longer)
    assert [each.action for each in served.changes(shorter)] == [Action.UPDATE]
    served.apply(shorter)
    assert [each["fields"]["property_name"] for each in steps_of(served)] == ["sla_one"]
    assert served.changes(shorter) == ()


def test_a_step_that_somebody_hangs_on_is_taken_off_again(served: Portal) -> None:
    shorter = flow_of_steps("sla_one")
    served.apply(shorter)
    client = served.client()
    raw = client.call("GET", Api.FLOWS, f"/{served.read(shorter)[0].handle(STEPS)}")
    more = {**raw["actions"][0], "actionId": "7", "fields": {**raw["actions"][0]["fields"], "property_name": "sla_two"}}
    raw["actions"][0]["connection"] = {"edgeType": "STANDARD", "nextActionId": "7"}
    raw["actions"].append(more)
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    client.call("PUT", Api.FLOWS, f"/{raw['id']}", body=kept)
    assert [each.address for each in served.changes(shorter)] == [STEPS]
    served.apply(shorter)
    assert len(steps_of(served)) == 1


def several(*names: str, refused: str = "") -> Translation:
    """Return workflows that each set a property; the one of the name `refused` sets one that does not exist."""
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    flows = [
        Desired(
            Address(WORKFLOW, f"SLA | {AGREEMENT} | {name}"),
            workflow_values(
                f"SLA | {AGREEMENT} | {name}",
                "It.",
                enrolment,
                [set_text("nothing" if name == refused else "city", "x")],
            ),
        )
        for name in names
    ]
    return Translation(tuple(flows), agreement=AGREEMENT)


def flow_names(served: Portal) -> list[str]:
    found = served.client().pages(Api.FLOWS, limit=100)
    return sorted(str(each["name"]).rpartition(" | ")[2] for each in found)


def test_workflows_are_all_begun_before_the_first_is_waited_for(served: Portal) -> None:
    served.apply(several("a", "b", "c"))
    flows = [
        method for method, path in served.running.calls if path.startswith("/automation/v4/flows") and method != "GET"
    ]
    assert flows == ["POST", "POST", "POST", "PUT", "PUT", "PUT"]
    assert served.changes(several("a", "b", "c")) == ()


def test_one_that_is_refused_stops_no_other_and_nothing_is_made_twice(served: Portal) -> None:
    outcomes = served.apply(several("a", "b", "c", refused="b"))
    assert [each.status for each in outcomes] == [Status.DONE, Status.FAILED, Status.DONE]
    assert "nothing" in outcomes[1].detail
    assert flow_names(served) == ["a", "c"]


@pytest.mark.parametrize("method", ["POST", "PUT"])
@pytest.mark.parametrize("side", ["before", "after"])
def test_a_server_that_fails_in_the_middle_leaves_no_second_copy(served: Portal, side: str, method: str) -> None:
    served.fail(f"503-{side}", f"{method} /automation/v4/flows*")
    assert {each.status for each in served.apply(several("a", "b", "c"))} == {Status.DONE}
    assert flow_names(served) == ["a", "b", "c"]
    assert served.changes(several("a", "b", "c")) == ()


def test_hidden_workflows_are_never_made_twice_whatever_else_is_applied(served: Portal) -> None:
    served.apply(several("a", "b"))
    served.switch(flows="unreadable")
    more = several("a", "b")
    assert served.changes(more) == ()
    assert served.apply(more) == ()
    served.switch()
    assert flow_names(served) == ["a", "b"]


def test_a_person_who_changed_makes_no_second_copy_of_a_hidden_workflow(served: Portal) -> None:
    team = Act(
        ROTATE,
        {
            "team_ids": [Ref(Address(TEAM, "sdr"))],
            "target_property": "hubspot_owner_id",
            "overwrite_current_owner": "true",
        },
    )
    enrolment = Enrolment(((property_filter("email", known(negated=False)),),))
    wanted = Translation((Desired(STEPS, workflow_values(STEPS.key, "It.", enrolment, [team])),), agreement=AGREEMENT)
    served.apply(wanted)
    served.switch(flows="unreadable")
    application: Any = served.running.application
    application._state["teams"][0]["id"] = "501099"
    assert served.changes(wanted) == ()
    served.switch()
    assert [each.action for each in served.changes(wanted)] == [Action.UPDATE]
    assert flow_names(served) == ["Steps"]
