"""Leaving a portal: the whole example goes, what stood there before stands as it stood, data stays unless it is named."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.remove import Asked, Removed, plan_removal, remove
from sla_sync.reconcile.guard import bulk_acknowledgement
from sla_sync.reconcile.leaving import deletion_of_all
from sla_sync.reconcile.remove import Departure
from sla_sync_hubspot.names import manifest_property, pulse_property
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.actors.edits import Hand
from tests.connectors.hubspot.test_drift import fresh
from tests.connectors.scene import START, Scene

pytestmark = pytest.mark.slow
TODAY = date(2026, 10, 1)
PROPERTIES, CONTACTS = "/crm/v3/properties/contacts", "/crm/v3/objects/contacts"
THEIRS = {
    "name": "sla_need",
    "label": "Their need",
    "description": "What they asked for.",
    "groupName": "contactinformation",
    "type": "string",
    "fieldType": "text",
}
OPTION = {"value": "MQL", "label": "Marketing lead", "description": "Theirs.", "hidden": False}
VOLATILE = frozenset({"updatedAt", "updatedUserId", "createdAt", "revisionId"})


def _reached(project: Scene, running: Running) -> Mapping[str, str]:
    """Let the project's target be this served portal, and return the environment by which it is reached."""
    targets = project.place.targets
    assert targets is not None
    reached = f'simulator: {{url: "{running.url}", token: PORTAL_TOKEN}}'
    targets.write_text(targets.read_text("utf-8").replace("simulator: true", reached), "utf-8")
    return {"PORTAL_TOKEN": running.token}


@contextmanager
def _open(project: Scene) -> Iterator[Running]:
    with serve(simulator, project.data, clock=START) as running:
        yield running


def standing(project: Scene) -> Mapping[str, Any]:
    """Return what stands in a portal, without what every write counts up and without what is in its archives."""
    state = json.loads((project.data / "state.json").read_text("utf-8"))
    properties = {
        (kind, name): {key: value for key, value in each.items() if key not in VOLATILE}
        for kind, found in state["properties"].items()
        for name, each in found.items()
    }
    lists = {each["name"] for each in state["lists"].values() if "deletedAt" not in each}
    flows = {each["name"]: each["isEnabled"] for each in state["flows"].values()}
    rest = {key: state.get(key) for key in ("groups", "pipelines", "validations")}
    return {"properties": properties, "lists": lists, "flows": flows, **rest}


def _settle(running: Running) -> None:
    """Put settings of others into the portal, some of them where the agreement will ask for its own."""
    hand = Hand(running)
    hand.ask("POST", PROPERTIES, THEIRS)
    status = hand.ask("GET", f"{PROPERTIES}/hs_lead_status")
    hand.ask("PATCH", f"{PROPERTIES}/hs_lead_status", {"options": [*status["options"], {**OPTION, "displayOrder": 90}]})


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Mapping[str, Any]]:
    """Return a portal to which the example was applied, and what stood in it before."""
    project = fresh(tmp_path_factory.mktemp("settled"), "acme")
    with _open(project) as running:
        _settle(running)
    before = standing(project)
    target = project.target
    asked = [
        each
        for change in plan(project.place, target, environ={}, today=TODAY).changes
        for each in change.acknowledgements
    ]
    assert {"adopt:Property/contacts/sla_need", "adopt:PropertyOption/contacts/hs_lead_status/MQL"} <= set(asked)
    done = apply(project.place, target, environ={}, today=TODAY, acknowledged=asked)
    assert done.result is not None
    assert done.result.complete
    with _open(project) as running:  # what `sla-sync clock` leaves where it finds the dates
        Hand(running).ask("POST", PROPERTIES, {**THEIRS, "name": pulse_property("acme-inbound"), "hidden": True})
    return project, before


def seen(project: Scene, *acknowledged: str) -> Departure:
    asked = Asked(frozenset(acknowledged))
    return plan_removal(project.place, project.target, environ={}, today=TODAY, asked=asked)


def leave(project: Scene, *acknowledged: str) -> Removed:
    bulk = bulk_acknowledgement(seen(project, *acknowledged).plan)
    asked = Asked(frozenset({*acknowledged, bulk or ""}))
    return remove(project.place, project.target, environ={}, today=TODAY, asked=asked)


def test_a_portal_stands_as_it_stood_and_the_agreement_can_come_back(
    settled: tuple[Scene, Mapping[str, Any]], tmp_path: Path
) -> None:
    project, before = settled[0].copy(tmp_path), settled[1]
    done = leave(project)
    assert done.result is not None
    assert done.result.complete, [each for each in done.result.outcomes if each.detail]
    assert done.departure.kept == ()
    assert standing(project) == before
    assert leave(project).result is None
    target = project.target
    again = plan(project.place, target, environ={}, today=TODAY)
    asked = [each for change in again.changes for each in change.acknowledgements]
    apply(project.place, target, environ={}, today=TODAY, acknowledged=asked)
    assert plan(project.place, target, environ={}, today=TODAY).changes == ()


def test_data_stays_with_the_group_it_stands_in_unless_it_is_named(
    settled: tuple[Scene, Mapping[str, Any]], tmp_path: Path
) -> None:
    project = settled[0].copy(tmp_path)
    with _open(project) as running:
        values = {"email": "ida@buyer.example", "sla_score": "80", "hs_lead_status": "Nurture"}
        made = Hand(running).ask("POST", CONTACTS, {"properties": values})
        running.run_until(running.now + timedelta(hours=1))  # what our workflows write meanwhile counts as moved
    done = leave(project)
    assert done.result is not None
    assert done.result.complete, [each for each in done.result.outcomes if each.detail]
    kept = {str(each.address): each.because for each in done.departure.kept}
    assert kept["Property/contacts/sla_score"] == "1 record holds something in it"
    assert kept["PropertyOption/contacts/hs_lead_status/Nurture"] == "1 record holds something in it"
    assert "stays and needs it" in kept["PropertyGroup/contacts/sla_sync"]
    after = standing(project)
    assert {name for _, name in after["properties"] if name.startswith("sla_")} == {
        "sla_need",
        *(each.rpartition("/")[2] for each in kept if each.startswith("Property/")),
    }
    assert "managed by" not in str(after)
    with _open(project) as running:
        still = Hand(running).ask("GET", f"{CONTACTS}/{made['id']}", properties="sla_score,hs_lead_status")
    assert (still["properties"]["sla_score"], still["properties"]["hs_lead_status"]) == ("80", "Nurture")


@pytest.mark.parametrize("repeated", [False, True])
@pytest.mark.parametrize("nth", range(8, 80, 8) if os.environ.get("SLA_SYNC_WHOLE") else [40])
def test_a_first_apply_that_was_cut_off_leaves_nothing_that_remove_does_not_know(
    tmp_path: Path, nth: int, *, repeated: bool
) -> None:
    project = fresh(tmp_path, "acme")
    place, target = project.place, project.target
    with _open(project) as running:
        environ = _reached(project, running)
        plan(place, target, environ=environ, today=TODAY)
        running.trouble = Cut(2 * running.requests + nth)
        with suppress(SlaSyncError):
            done = apply(place, target, environ=environ, today=TODAY)
            assert done.result is not None
            assert not done.result.complete
        running.trouble = None
        if repeated:
            repeat = apply(place, target, environ=environ, today=TODAY)
            assert repeat.result is not None
            assert repeat.result.complete
        left = plan_removal(place, target, environ=environ, today=TODAY)
        assert left.kept == ()
        bulk = frozenset({bulk_acknowledgement(left.plan) or ""})
        gone = remove(place, target, environ=environ, today=TODAY, asked=Asked(bulk)).result
        assert gone is None or gone.complete
    bare = fresh(tmp_path / "bare", "acme")
    with _open(bare):
        pass
    assert standing(project) == standing(bare)


def _arrives(project: Scene, **values: str) -> None:
    with _open(project) as running:
        Hand(running).ask("POST", CONTACTS, {"properties": values})
        running.run_until(running.now + timedelta(hours=1))


def test_named_data_goes_and_one_more_record_makes_it_another_name(
    settled: tuple[Scene, Mapping[str, Any]], tmp_path: Path
) -> None:
    project = settled[0].copy(tmp_path)
    _arrives(project, email="a@buyer.example", sla_score="80", sla_source="Web")
    everything = deletion_of_all(seen(project).kept)
    _arrives(project, email="b@buyer.example", sla_next_step="Call")
    assert everything is not None
    assert deletion_of_all(seen(project).kept) not in {None, everything}
    named = [each.ack for each in seen(project).kept if each.ack]
    done = leave(project, *named)
    assert done.result is not None
    assert done.result.complete
    assert done.departure.kept == ()
    assert standing(project) == settled[1]


@pytest.mark.parametrize("nth", range(4, 60, 8) if os.environ.get("SLA_SYNC_WHOLE") else [12])
def test_a_removal_that_is_cut_off_converges_when_repeated(
    settled: tuple[Scene, Mapping[str, Any]], tmp_path: Path, nth: int
) -> None:
    project = settled[0].copy(tmp_path)
    with _open(project) as running:
        environ = _reached(project, running)
        place, target = project.place, project.target
        first = plan_removal(place, target, environ=environ, today=TODAY)
        asked = Asked(frozenset({bulk_acknowledgement(first.plan) or ""}))
        seen_by_plan = running.requests
        running.trouble = Cut(running.requests * 2 + nth)
        with suppress(SlaSyncError):
            done = remove(place, target, environ=environ, today=TODAY, asked=asked)
            assert done.result is not None
            assert not done.result.complete
        assert running.requests >= seen_by_plan + nth
        running.trouble = None
        left = plan_removal(place, target, environ=environ, today=TODAY)
        again = Asked(frozenset({bulk_acknowledgement(left.plan) or ""}))
        assert remove(place, target, environ=environ, today=TODAY, asked=again).result is not None
        assert plan_removal(place, target, environ=environ, today=TODAY).plan.changes == ()
    assert standing(project) == settled[1]


def test_after_an_apply_that_was_cut_off_no_workflow_of_ours_acts_on(
    settled: tuple[Scene, Mapping[str, Any]], tmp_path: Path
) -> None:
    project = settled[0].copy(tmp_path)
    with _open(project) as running:  # as a run that is killed leaves it: all is there, and nothing says who made it
        Hand(running).ask("DELETE", f"{PROPERTIES}/{manifest_property('acme-inbound')}")
    assert apply(project.place, project.target, environ={}, today=TODAY).result is not None
    left = leave(project)
    assert left.result is not None
    assert left.result.complete
    assert {acts for name, acts in standing(project)["flows"].items() if name.startswith("SLA | ")} == {False}
