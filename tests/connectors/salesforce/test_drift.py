"""Whatever an administrator does to what was applied is found, blamed and put right; what nobody did is never found."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sla_sync.cli.app import app
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.diagnostics import errors_in
from sla_sync.errors import RefusedError, SlaSyncError
from sla_sync.pipeline.look import look
from sla_sync.reconcile.drift import DriftClass
from sla_sync.reconcile.settings import Address
from sla_sync.render.plan import plan_as_text
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.actors.administration import EDITS, edit
from sla_sync_salesforce.simulator.organization import SWITCHES_FILE
from sla_sync_salesforce.types import CONTAINERS, RECORDS, TYPES
from tests.connectors.scene import Example, Scene, audits_change_nothing, scene

TARGET = "salesforce-simulator"
DIFFERENT = 3
CUT_EVERY = int(os.environ.get("SLA_SYNC_CUT_EVERY", "40"))
"""At every how-manieth request an apply is cut; the nightly run asks for each."""
EDITS_EVERY = 1 if os.environ.get("SLA_SYNC_WHOLE") else 4
"""Every how-manieth edit is tried alone; all of them are put right together in any case."""
CLEAN_AUDITS = int(os.environ.get("SLA_SYNC_AUDITS", "3"))
"""How many audits of an untouched org are made; the nightly run asks for a hundred."""


@dataclass(frozen=True)
class Expected:
    """What one edit must be found as: class, type of setting, consequence, whether it is told who did it."""

    drift: str
    type: str
    consequence: str = "breach"
    told: bool = True
    settings: int = 1
    variant: str = "acme"


RULES, APEX = "rules", "apex"
EXPECTED: Mapping[str, Expected] = {
    "field help": Expected("changed", "CustomField", "cosmetic"),
    "field label": Expected("changed", "CustomField", "cosmetic"),
    "picklist value": Expected("extra", "CustomField"),
    "status value": Expected("changed", "LeadStatusValue", "cosmetic"),
    "status value off": Expected("changed", "LeadStatusValue"),
    "rule out": Expected("missing", "ValidationRule"),
    "rule off": Expected("disabled", "ValidationRule"),
    "rule message": Expected("changed", "ValidationRule", "cosmetic"),
    "assignment order": Expected("changed", "AssignmentRuleEntry", settings=2, variant=RULES),
    "assignment off": Expected("disabled", "AssignmentRule", variant=RULES),
    "other assignment rule": Expected("disabled", "AssignmentRule", variant=RULES),
    "flow off": Expected("disabled", "Flow"),
    "flow edited": Expected("changed", "Flow", "cosmetic"),
    "flow order": Expected("changed", "Flow"),
    "flow path in": Expected("extra", "Flow"),
    "apex class": Expected("changed", "ApexClass", variant=APEX),
    "silent switch": Expected("extra", "SilentSwitch"),
    "queue member out": Expected("missing", "GroupMember", "weakening"),
    "queue member in": Expected("extra", "GroupMember", "weakening"),
    "queue renamed": Expected("changed", "Queue", "cosmetic"),
    "group member out": Expected("missing", "GroupMember", "weakening"),
    "group member in": Expected("extra", "GroupMember", "weakening"),
    "group renamed": Expected("changed", "Group", "cosmetic"),
    "permission set out": Expected("missing", "PermissionSetAssignment", "weakening"),
    "permission set in": Expected("extra", "PermissionSetAssignment", "weakening"),
    # Whoever lost the set of the integration sees no members of teams any more.
    "integration out": Expected("missing", "TeamMember", told=False, settings=2),
    # Nobody is named for it, and yet nobody may pass the gates but the user who applies.
    "integration in": Expected("extra", "PermissionSetAssignment", "weakening"),
    "permission out": Expected("changed", "PermissionSet", "weakening"),
    "permission in": Expected("extra", "PermissionSet", "weakening"),
    "custom permission": Expected("changed", "CustomPermission", "cosmetic"),
    "report filter": Expected("changed", "Report", "weakening"),
    "report column out": Expected("changed", "Report", "weakening"),
    "report folder": Expected("changed", "ReportFolder", "cosmetic"),
    "dashboard folder": Expected("changed", "DashboardFolder", "cosmetic"),
    "report type": Expected("changed", "ReportType", "weakening"),
    "dashboard": Expected("changed", "Dashboard", "cosmetic"),
    "list filter": Expected("changed", "ListView", "weakening"),
    "list column out": Expected("changed", "ListView", "weakening"),
    "threshold": Expected("changed", "CustomMetadata"),
    "calendar row": Expected("changed", "CustomMetadata"),
    # Of a row that is gone the platform does not tell who deleted it.
    "team member out": Expected("missing", "TeamMember", told=False),
    "team member in": Expected("extra", "TeamMember"),
    "team member moved": Expected("changed", "TeamMember"),
    "holiday in": Expected("extra", "Holiday"),
    "holiday out": Expected("missing", "Holiday"),
    "business hours": Expected("changed", "BusinessHours"),
    "conversion": Expected("missing", "LeadConversionMapping"),
    "notification": Expected("changed", "CustomNotificationType", "weakening"),
    "object": Expected("changed", "CustomObject", "cosmetic"),
    "lead process": Expected("changed", "BusinessProcess", variant="process"),
    "record type": Expected("disabled", "RecordType", variant="process"),
}
OTHER_RULE_OFF = "switch-off:AssignmentRule/Everything"
BLIND = "integration out"
"""After it an apply sees no members of teams, so that it puts right what else was done to them only the next time."""
BINDINGS: Mapping[str, tuple[str, str]] = {
    "acme": ("", ""),
    APEX: ("deadlines: calendar", "deadlines: apex"),
    RULES: ("prefix: SLA_", "routing: rules\nprefix: SLA_"),
    "process": ("prefix: SLA_", "lead_process: {name: SLA_Leads, record_type: SLA_Lead}\nprefix: SLA_"),
}


def fresh(folder: Path, variant: str) -> Scene:
    org = scene(folder, Example(simulator, TARGET))
    targets = org.configs / "targets.yaml"
    # So that an apply may also take away what somebody put in.
    tidy = targets.read_text("utf-8").replace("simulator: true ", "removal: delete\n    simulator: true ", 1)
    targets.write_text(tidy, "utf-8")
    binding = org.configs / "acme" / "bindings" / "salesforce.yaml"
    text = binding.read_text("utf-8")
    before, after = BINDINGS[variant]
    assert before in text
    binding.write_text(text.replace(before, after, 1) if before else text, "utf-8")
    return org


@pytest.fixture(scope="module")
def orgs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Scene]:
    """Return the orgs that were applied to, by variant; each is made once."""
    return {}


def applied(orgs: dict[str, Scene], variant: str, tmp_path_factory: pytest.TempPathFactory) -> Scene:
    if variant not in orgs:
        orgs[variant] = fresh(tmp_path_factory.mktemp(variant), variant)
        orgs[variant].apply()
    return orgs[variant]


def test_every_edit_that_there_is_has_something_expected_of_it() -> None:
    assert EXPECTED.keys() == EDITS.keys()


def test_every_type_of_setting_that_is_written_is_tampered_with() -> None:
    whole = {each.type for each in CONTAINERS.values()}
    assert {each.type for each in EXPECTED.values()} == (TYPES.keys() | RECORDS) - whole


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXPECTED)[::EDITS_EVERY])
def test_an_edit_is_found_and_blamed(
    name: str, orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = EXPECTED[name]
    org = applied(orgs, expected.variant, tmp_path_factory).copy(tmp_path)
    org.edit(edit, name)
    # Whoever takes the only member out of a queue also leaves it without anybody, which is a finding of its own.
    found = [each for each in org.drift().findings if each.drift is not DriftClass.PEOPLE]
    assert {(str(each.drift), each.address.type, str(each.consequence)) for each in found} == {
        (expected.drift, expected.type, expected.consequence)
    }
    assert len({each.address for each in found}) == expected.settings
    assert all(each.commitment for each in found)
    assert {(each.who, each.when is not None) for each in found} == {
        ("Admin", True) if expected.told else (None, False)
    }


@pytest.mark.slow
@pytest.mark.parametrize("variant", BINDINGS)
def test_whatever_was_edited_is_put_right_by_one_apply(
    variant: str, orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    org = applied(orgs, variant, tmp_path_factory).copy(tmp_path)
    org.edit(edit, *(name for name, each in EXPECTED.items() if each.variant == variant and name != BLIND))
    assert org.drift().findings
    assert org.apply(*([OTHER_RULE_OFF] if variant == RULES else ())).result is not None
    assert org.drift().findings == ()


@pytest.mark.slow
def test_another_assignment_rule_is_switched_off_only_where_an_acknowledgement_names_it(
    orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    org = applied(orgs, RULES, tmp_path_factory).copy(tmp_path)
    org.edit(edit, "other assignment rule")
    with pytest.raises(RefusedError) as refused:
        org.apply()
    (found,) = errors_in(refused.value.diagnostics)
    assert found.code == "SLA820"
    assert found.message.startswith("AssignmentRule/Everything is switched on and would be switched off by ")
    assert OTHER_RULE_OFF in found.hint
    with org.sight() as sight:
        said = plan_as_text(sight.plan)
        assert sight.snapshot.settings[Address("AssignmentRule", "Everything")].values == {"active": True}
    assert f"needs --ack {OTHER_RULE_OFF}" in said
    assert "      switches off AssignmentRule/Everything" in said
    org.apply(OTHER_RULE_OFF)
    with org.sight() as sight:
        assert sight.snapshot.settings[Address("AssignmentRule", "Everything")].values == {"active": False}


@pytest.mark.slow
def test_an_apply_gives_its_user_back_what_it_needs_to_see(
    orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    org = applied(orgs, "acme", tmp_path_factory).copy(tmp_path)
    org.edit(edit, BLIND)
    assert org.apply().result is not None
    assert org.drift().findings == ()


@pytest.mark.slow
@pytest.mark.parametrize("variant", BINDINGS)
def test_directly_after_an_apply_there_is_nothing_to_plan_and_nothing_to_find(
    variant: str, orgs: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory
) -> None:
    org = applied(orgs, variant, tmp_path_factory)
    with org.sight() as sight:
        assert sight.plan.changes == ()
    assert org.drift().findings == ()


@pytest.mark.slow
def test_a_finding_ends_the_command_with_its_own_exit_code_and_names_who_silenced_the_org(
    orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    org = applied(orgs, "acme", tmp_path_factory).copy(tmp_path)
    shutil.copytree(org.place.state, tmp_path / ".sla-sync")
    monkeypatch.chdir(tmp_path)
    command = ["drift", "configs/acme", "--target", TARGET]
    assert CliRunner().invoke(app, command).exit_code == 0
    with look(replace(org.place, state=tmp_path / ".sla-sync"), TARGET, environ={}) as sight:
        assert sight.target.simulator is not None
        edit(sight.target.simulator, "silent switch")
    said = CliRunner().invoke(app, command)
    assert said.exit_code == DIFFERENT
    assert "HIGH extra: SilentSwitch/SLA_Switch__c/the whole org" in said.stdout
    assert "Who: Admin, " in said.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    "switches",
    [
        {
            "omitted_status_values": "keep",
            "merge_permissions": False,
            "retrieve_active_flow": False,
            "omitted_queue_members": "clear",
            "omitted_business_hours": "remove",
            "omitted_lead_mappings": "keep",
        },
        {"activate_flows": False},
    ],
    ids=["otherwise", "flows asleep"],
)
def test_clean_audits_find_nothing_in_an_org_that_behaves_otherwise(
    switches: Mapping[str, object], tmp_path: Path
) -> None:
    org = fresh(tmp_path, "acme")
    org.data.mkdir(parents=True)
    (org.data / SWITCHES_FILE).write_text(json.dumps(switches), "utf-8")
    org.apply()
    audits_change_nothing(org, times=CLEAN_AUDITS)
    assert org.drift().findings == ()


@pytest.mark.slow
def test_an_apply_is_one_rehearsal_and_one_deployment(
    orgs: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory
) -> None:
    for variant in ("acme", APEX):
        org = applied(orgs, variant, tmp_path_factory)
        with org.sight() as sight:
            assert sight.target.simulator is not None
            desk = sight.target.simulator.application.desk  # type: ignore[attr-defined]
            sent = [bool(each.options["checkOnly"]) for each in desk.organization.deploys.values()]
        assert sent == [True, False], variant


ROWS = ("queue member out", "group member in", "permission set out", "team member out", "team member in", "holiday in")


@pytest.mark.slow
@pytest.mark.parametrize("cut_before", [True, False], ids=["before", "after"])
def test_an_apply_of_rows_that_is_cut_off_converges_when_repeated(
    cut_before: bool, orgs: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start = applied(orgs, "acme", tmp_path_factory).copy(tmp_path / "start")
    start.edit(edit, *ROWS, "queue renamed")
    whole = start.copy(tmp_path / "whole")
    requests = _requests_of_an_apply(whole)
    for number in range(1 if cut_before else 1 + CUT_EVERY // 2, requests + 1, CUT_EVERY):
        org = start.copy(tmp_path / f"cut-{number}")
        _cut_apply(org, number, before=cut_before)
        org.apply()
        assert org.drift().findings == (), number
        shutil.rmtree(org.folder)


def _requests_of_an_apply(org: Scene) -> int:
    return _cut_apply(org, None, before=True)


def _cut_apply(org: Scene, number: int | None, *, before: bool) -> int:
    """Apply with the connection cut at a request of the writing, and return how many requests the writing took."""
    from sla_sync.pipeline.look import coming_manifest, open_writer

    with org.sight() as sight:
        running = sight.target.simulator
        assert running is not None
        assert sight.plan.changes
        start = running.requests
        running.trouble = None if number is None else Cut(start + number, before=before)
        try:
            with open_writer(sight) as writer:
                list(writer.apply(sight.plan.changes, coming_manifest(sight, commit=None)))
        except SlaSyncError:
            assert number is not None
        return running.requests - start
