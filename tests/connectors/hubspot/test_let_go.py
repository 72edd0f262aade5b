"""A workflow that the agreement no longer asks for is switched off and left: it warns nobody early and takes no step twice."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from sla_sync.connector import Action, Address, Status, Translation
from sla_sync.connector.simulation import Deed, Heard, Move, Running, serve
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.plan import plan
from sla_sync.pipeline.timekeeping import keep_time
from sla_sync.reconcile.plan import Plan
from sla_sync.render.plan import plan_as_text
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.types import WORKFLOW
from tests.connectors.hubspot.clock_stage import EXAMPLES
from tests.connectors.hubspot.stories import AGREEMENT, Portal, stamped
from tests.examples.places import documents

pytestmark = pytest.mark.slow
CHOICES = [("computed", "delay"), *([("delay", "computed")] if os.environ.get("SLA_SYNC_WHOLE") else [])]
"""The way back takes minutes; the nightly run goes it too."""

STAMP = Address(WORKFLOW, f"SLA | {AGREEMENT} | Stamp qualified")
TARGET = "startup-simulator"
TOKEN = "STARTUP_TOKEN"
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""Ten in the morning in London."""
LEAD = "Ida Moss"
SPREAD = timedelta(minutes=15)
"""By so much a workflow that waited for its hours acts earlier or later, by its id."""


def without_stamp() -> Translation:
    return replace(stamped(), desired=tuple(each for each in stamped().desired if each.address != STAMP))


@pytest.fixture
def applied(served: Portal) -> Portal:
    """Return a portal to which the example with its one workflow was applied."""
    assert {each.status for each in served.apply(stamped())} == {Status.DONE}
    return served


def flow(portal: Portal) -> dict[str, Any]:
    listed = portal.client().call("GET", Api.FLOWS)["results"]
    found = next(each for each in listed if each["name"] == STAMP.key)
    raw: dict[str, Any] = portal.client().call("GET", Api.FLOWS, f"/{found['id']}")
    return raw


def counted(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return a workflow without what HubSpot counts up when it is saved."""
    return {key: value for key, value in raw.items() if key not in {"isEnabled", "revisionId", "updatedAt"}}


def test_it_is_switched_off_with_all_that_it_says_kept_and_a_second_plan_is_empty(applied: Portal) -> None:
    before = flow(applied)
    (change,) = applied.changes(without_stamp())
    assert (change.action, change.address) == (Action.RELEASE, STAMP)
    assert [(each.path, each.before, each.after) for each in change.fields] == [(("isEnabled",), True, False)]
    assert [each.status for each in applied.apply(without_stamp())] == [Status.DONE]
    after = flow(applied)
    assert (before["isEnabled"], after["isEnabled"]) == (True, False)
    assert counted(after) == counted(before)
    assert applied.changes(without_stamp()) == ()


def test_one_that_somebody_switched_off_already_is_released_without_a_write(applied: Portal) -> None:
    raw = flow(applied)
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    applied.client().call("PUT", Api.FLOWS, f"/{raw['id']}", body={**kept, "isEnabled": False})
    calls = len(applied.running.calls)
    assert [each.change.fields for each in applied.apply(without_stamp())] == [()]
    assert not [path for method, path in applied.running.calls[calls:] if method == "PUT" and "/flows/" in path]


def test_it_is_switched_on_again_when_the_agreement_asks_for_it_again(applied: Portal) -> None:
    first = flow(applied)["id"]
    applied.apply(without_stamp())
    assert [each.action for each in applied.changes(stamped())] == [Action.UPDATE]
    applied.apply(stamped())
    assert (flow(applied)["id"], flow(applied)["isEnabled"]) == (first, True)


def test_whoever_switches_it_on_again_may_keep_it_on(applied: Portal) -> None:
    applied.apply(without_stamp())
    raw = flow(applied)
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    applied.client().call("PUT", Api.FLOWS, f"/{raw['id']}", body={**kept, "isEnabled": True})
    assert applied.changes(without_stamp()) == ()


def test_a_copy_that_somebody_made_of_it_is_not_switched_off(applied: Portal) -> None:
    raw = flow(applied)
    body = {
        key: raw[key] for key in ("type", "flowType", "objectTypeId", "actions", "startActionId", "enrollmentCriteria")
    }
    copy = {**body, "name": f"{STAMP.key} (cloned)", "description": "A copy.", "isEnabled": True}
    made = applied.client().call("POST", Api.FLOWS, body=copy)
    (change,) = applied.changes(stamped())
    assert (change.action, change.address.key, change.fields) == (Action.RELEASE, copy["name"], ())
    applied.apply(stamped())
    assert applied.client().call("GET", Api.FLOWS, f"/{made['id']}")["isEnabled"] is True


def test_one_that_could_not_be_switched_off_stays_ours_and_is_tried_again(applied: Portal) -> None:
    applied.switch(missing_scopes=["automation"])
    snapshot, manifest = applied.read(stamped())
    assert STAMP in snapshot.unreadable
    applied.switch()
    snapshot, manifest = applied.read(without_stamp())
    changes = applied.changes(without_stamp())
    applied.switch(missing_scopes=["automation"])
    outcomes = applied.carry_out(without_stamp(), changes, snapshot, manifest)
    assert [each.status for each in outcomes] == [Status.FAILED]
    applied.switch()
    assert flow(applied)["isEnabled"] is True
    assert [each.status for each in applied.apply(without_stamp())] == [Status.DONE]
    assert flow(applied)["isEnabled"] is False


@pytest.mark.parametrize("fault", ["502-before", "502-after"])
def test_an_answer_that_got_lost_is_no_reason_to_leave_it_on(applied: Portal, fault: str) -> None:
    path = f"/automation/v4/flows/{flow(applied)['id']}"
    applied.fail(fault, f"PUT {path}")
    assert [each.status for each in applied.apply(without_stamp())] == [Status.DONE]
    assert flow(applied)["isEnabled"] is False


def test_one_that_is_off_when_its_turn_comes_is_not_written(applied: Portal) -> None:
    snapshot, manifest = applied.read(without_stamp())
    changes = applied.changes(without_stamp())
    raw = flow(applied)
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    applied.client().call("PUT", Api.FLOWS, f"/{raw['id']}", body={**kept, "isEnabled": False})
    calls = len(applied.running.calls)
    outcomes = applied.carry_out(without_stamp(), changes, snapshot, manifest)
    assert [each.status for each in outcomes] == [Status.DONE]
    assert ("PUT", f"/automation/v4/flows/{raw['id']}") not in applied.running.calls[calls:]


def heard_after(folder: Path, choices: Sequence[str]) -> tuple[Sequence[Heard], list[Plan]]:
    """Apply the small example with one choice of deadlines after the other, let a lead pass through, and return who was told."""
    agreed = folder / "startup"
    shutil.copytree(EXAMPLES / "startup", agreed)
    bound = agreed / "bindings" / "hubspot.yaml"
    written = bound.read_text(encoding="utf-8")
    found = documents("startup")
    day = found.usable.metadata.effective.start
    with serve(simulator, folder / "data", clock=datetime(2026, 10, 1, tzinfo=UTC)) as running:
        targets = agreed / "targets.yaml"
        reached = f'simulator: {{url: "{running.url}", token: {TOKEN}}}'
        targets.write_text(targets.read_text(encoding="utf-8").replace("simulator: true", reached), encoding="utf-8")
        place = replace(found.place, agreement=agreed / "agreement.yaml", targets=targets, state=folder / "state")
        environ = {TOKEN: running.token}
        made = []
        for how in choices:
            bound.write_text(f"{written}deadlines: {how}\n", encoding="utf-8")
            done = apply(place, TARGET, environ=environ, today=day)
            assert done.result is not None
            assert done.result.complete
            made.append(done.plan)
            assert plan(place, TARGET, environ=environ, today=day).changes == ()
        _passes_through(running, lambda: keep_time(place, TARGET, environ=environ, today=day), choices[-1])
        assert simulator.heard is not None
        return simulator.heard(running), made


def _binding(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: value for key, value in found.items() if key not in {"apiVersion", "kind"}}


def _passes_through(running: Running, clock: Any, how: str) -> None:
    """Let a lead ask for a demonstration and be called by nobody for two working days."""
    assert simulator.play is not None
    path = EXAMPLES / "startup" / "bindings" / "hubspot.yaml"
    words = HubSpotBinding.model_validate(_binding(path)).model_dump(mode="json", by_alias=True, exclude_none=True)
    facts = {"email": "ida@buyer.example", "company": "Buyer"}
    simulator.play(running, [Move(MONDAY, LEAD, Deed.ARRIVES, source="demo_request", facts=facts)], words)
    while running.now < MONDAY + timedelta(days=2):
        if how == "computed":
            clock()
        running.run_until(running.now + timedelta(minutes=15))


@pytest.mark.parametrize("choices", CHOICES, ids=" then ".join)
def test_after_another_choice_of_deadlines_each_notice_comes_once_and_when_it_should(
    tmp_path: Path, choices: tuple[str, str]
) -> None:
    told, plans = heard_after(tmp_path / "changed", choices)
    alone, _ = heard_after(tmp_path / "alone", choices[-1:])
    assert told
    assert len({(each.to, each.title) for each in told}) == len(told)
    assert [(each.to, each.title) for each in told] == [(each.to, each.title) for each in alone]
    assert all(abs(one.at - other.at) <= SPREAD for one, other in zip(told, alone, strict=True))
    stopped = [each for each in plans[-1].changes if each.action is Action.RELEASE and each.fields]
    assert stopped
    assert plan_as_text(plans[-1]).count("; it is switched off and left") == len(stopped)
    assert [each.code for each in plans[-1].diagnostics if "are not carried on" in each.message] == ["SLA810"]
