"""What is not ours is taken over only by name, what holds data is deleted only by name, and a rehearsal writes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from sla_sync.connector.simulation import Running
from tests.cli.conftest import Run, served

pytestmark = pytest.mark.slow
HUBSPOT = "hubspot-simulator"
PROPERTY = {
    "name": "sla_next_step",
    "label": "Ours since 2019",
    "type": "string",
    "fieldType": "textarea",
    "groupName": "contactinformation",
    "description": "What the service desk does next.",
}


def post(running: Running, path: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {running.token}", "Content-Type": "application/json"}
    request = Request(f"{running.url}{path}", json.dumps(body).encode(), headers)
    with urlopen(request) as response:
        assert response.status == 201


def actions(answer: str) -> dict[str, str]:
    return {each["address"]: each["action"] for each in json.loads(answer)["changes"]}


def test_a_property_that_somebody_else_made_is_adopted_only_by_name_and_never_deleted(run: Run, here: Path) -> None:
    ours = "Property/contacts/sla_next_step"
    with served(here, HUBSPOT) as running:
        post(running, "/crm/v3/properties/contacts", PROPERTY)
        planned = run("plan", "--target", HUBSPOT, "--format", "json")
        assert actions(planned.out)[ours] == "adopt"
        before = running.application.state_changes
        refused = run("apply", "--target", HUBSPOT, "--yes")
        assert refused.code == 4
        assert f"--ack adopt:{ours}" in refused.err
        assert running.application.state_changes == before
        assert run("apply", "--target", HUBSPOT, "--yes", "--ack", f"adopt:{ours}").code == 0
        assert run("plan", "--target", HUBSPOT, "--exit-code").code == 0
    leave_out_the_next_step(here, removal="delete")
    planned = run("plan", "--target", HUBSPOT, "--format", "json")
    assert actions(planned.out)[ours] == "release"


def leave_out_the_next_step(here: Path, *, removal: str) -> None:
    """Take the next step out of agreement and bindings, and say what becomes of what is left over."""
    agreement = here / "configs/acme/agreement.yaml"
    agreement.write_text(agreement.read_text().replace("authority, next_step]", "authority]"))
    for binding in (here / "configs/acme/bindings").glob("*.yaml"):
        lines = binding.read_text().splitlines(keepends=True)
        binding.write_text("".join(line for line in lines if not line.startswith("  next_step:")))
    targets = here / "configs/targets.yaml"
    said = f"    simulator: true\n    removal: {removal}"
    targets.write_text(targets.read_text().replace("    simulator: true", said))


@pytest.mark.parametrize(("removal", "action"), [("release", "release"), ("delete", "delete")])
def test_what_leaves_the_agreement_stays_unless_the_target_says_delete_and_a_person_names_it(
    run: Run, here: Path, target: str, removal: str, action: str
) -> None:
    assert run("apply", "--target", target, "--yes").code == 0
    leave_out_the_next_step(here, removal=removal)
    planned = run("plan", "--target", target, "--format", "json")
    gone = {address for address, what in actions(planned.out).items() if what == action}
    left = {address for address in gone if "next_step" in address.lower()}
    assert len(left) == 1
    if action == "delete":
        refused = run("apply", "--target", target, "--yes")
        assert refused.code == 4
        assert left.pop() in refused.err
    needed = [each["ack"] for each in json.loads(planned.out)["changes"] if each["ack"]]
    assert bool(needed) is (action == "delete")
    acknowledged = [option for ack in needed for option in ("--ack", ack)]
    applied = run("apply", "--target", target, "--yes", *acknowledged)
    assert applied.code == 0, applied.err + applied.out
    assert run("plan", "--target", target, "--exit-code").code == 0
    assert run("drift", "--target", target).code == 0


def test_a_rehearsal_asks_the_platform_and_leaves_no_setting_behind(run: Run, here: Path, target: str) -> None:
    answer = run("plan", "--target", target, "--rehearse", "--format", "json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["diagnostics"] == []
    assert "Rehearsing" in answer.err
    again = run("plan", "--target", target, "--format", "json")
    assert json.loads(again.out)["changes"] == json.loads(answer.out)["changes"]
