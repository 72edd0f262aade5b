"""What targets.yaml names and is not there, or cannot be used, is told before anybody plans."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sla_sync.agreement.load import load_targets
from sla_sync.diagnostics import Diagnostic
from sla_sync.pipeline.named_by_targets import what_targets_name
from sla_sync.pipeline.validate import validate
from sla_sync.places import find_place
from tests.agreement.documents import CONFIGS

SAID: Mapping[str, str] = {
    "connector": "hubspot",
    "binding": "first/bindings/hubspot.yaml",
    "agreements": "[first/agreement.yaml]",
}
FIRST = CONFIGS / "examples" / "first"


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Return a folder with an agreement and its binding, and a targets file yet to be written."""
    folder = tmp_path / "configs" / "first"
    (folder / "bindings").mkdir(parents=True)
    (folder / "agreement.yaml").write_bytes((FIRST / "agreement.yaml").read_bytes())
    (folder / "bindings" / "hubspot.yaml").write_text(
        "apiVersion: sla-sync/v1\nkind: Binding\n"
        "metadata: {name: b, agreement: first-agreement, connector: hubspot}\n"
        "stages: {mql: {hs_lead_status: [NEW]}, sal: {hs_lead_status: [OPEN]}, rejected: {hs_lead_status: [GONE]}}\n",
        encoding="utf-8",
    )
    return tmp_path


def found(here: Path, said: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Return what validating finds in the targets file that says this of one target."""
    lines = "".join(f"    {key}: {value}\n" for key, value in {**SAID, **said}.items())
    path = here / "configs" / "targets.yaml"
    path.write_text(f"apiVersion: sla-sync/v1\nkind: Targets\ntargets:\n  portal:\n{lines}", encoding="utf-8")
    place = find_place(here / "configs" / "first", here=Path.cwd())
    return tuple(each for each in validate(place).diagnostics if each.location and "targets" in each.location.file)


SIMULATOR = {"simulator": "true"}
TOKEN = {"token": "HUBSPOT_TOKEN"}


@pytest.mark.parametrize("said", [SIMULATOR, TOKEN, {"auth": "{method: token, token: {keyring: a/b}}"}])
def test_a_target_whose_files_and_options_are_sound_gives_no_finding(here: Path, said: Mapping[str, str]) -> None:
    assert found(here, said) == ()


@pytest.mark.parametrize(
    ("said", "line", "finding"),
    [
        (
            {**SIMULATOR, "binding": "first/bindings/hubspo.yaml"},
            6,
            (
                "warning SLA106: Target 'portal' names the binding first/bindings/hubspo.yaml, which is not there. "
                "Name one of those that are there: hubspot.yaml."
            ),
        ),
        (
            {**SIMULATOR, "binding": "targets.yaml"},
            6,
            (
                "warning SLA106: Target 'portal' names the binding targets.yaml, which is not in the folder bindings beside "
                "the agreement. Name one of those that are there: hubspot.yaml."
            ),
        ),
        (
            {**SIMULATOR, "agreements": "[frist/agreement.yaml]"},
            7,
            (
                "warning SLA106: Target 'portal' names the agreement frist/agreement.yaml, which is not there. Correct the "
                "path, which begins in the folder of targets.yaml, or remove the target."
            ),
        ),
        (
            {**SIMULATOR, "connector": "salesforce"},
            6,
            (
                "error SLA102: Target 'portal' is on 'salesforce', and its binding first/bindings/hubspot.yaml is for "
                "'hubspot'. Let both name the same connector."
            ),
        ),
        ({}, 5, "error SLA103: Target 'portal': Say either token or auth. Correct the entry, or leave it out."),
        (
            {"auth": "{method: oauht}"},
            8,
            "error SLA103: `targets.portal.auth.method`: `oauht` is not allowed here. Write `oauth`, if that is meant.",
        ),
        (
            {**TOKEN, "tokn": "HUBSPOT_TOKEN"},
            9,
            "error SLA101: `tokn` is not a key of target 'portal'. Write `token`, if that is meant.",
        ),
        (
            {**SIMULATOR, "promoted_from": "portl"},
            9,
            (
                "error SLA102: Target 'portal' is promoted from 'portl', which is not a target of the file. "
                "Write `portal`, if that is meant."
            ),
        ),
        (
            {**SIMULATOR, "people": "{vp_salse: sam, vp_marketing: ana, integration: robot}"},
            9,
            (
                "warning SLA102: Target 'portal' names the people behind 'vp_salse', which is neither a role nor a team of the "
                "agreement. Write `vp_sales`, if that is meant."
            ),
        ),
        ({**TOKEN, "timeout": "0"}, 9, "error SLA103: `targets.portal.timeout`: `0` is too small. Write more than 0."),
        (
            {**TOKEN, "audit_as": "{auth: {method: oauth}}"},
            9,
            (
                "error SLA103: `targets.portal.auth`: The method oauth also needs client_id and client_secret and "
                "refresh_token. Correct the entry, or leave it out."
            ),
        ),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else None,
)
def test_what_a_target_names_wrongly_is_told_with_its_line(
    here: Path, said: Mapping[str, str], line: int, finding: str
) -> None:
    (one,) = found(here, said)
    assert one.location is not None
    assert (one.location.line, f"{one.severity.value} {one.code}: {one.message} {one.hint}") == (line, finding)


def test_a_connector_that_is_not_installed_is_named_with_those_that_are(here: Path) -> None:
    first, *_ = found(here, {**SIMULATOR, "connector": "hubspt"})
    assert first.message == "No connector 'hubspt' is installed; installed are: hubspot, salesforce."


@pytest.mark.parametrize("key", ["binding", "agreements"])
def test_a_name_that_no_disk_can_hold_is_not_there(here: Path, key: str) -> None:
    name = "a" * 5000
    (one,) = found(here, {**SIMULATOR, key: name if key == "binding" else f"[first/agreement.yaml, {name}]"})
    assert one.code == "SLA106"
    assert one.message.endswith("which is not there.")


def test_no_finding_shows_a_secret_or_looks_for_one(here: Path) -> None:
    """An option that is wrong is told though nothing is kept where its secret should be."""
    (one,) = found(here, {"auth": "{method: oauth, client_secret: SAFE_PLACE}"})
    assert "SAFE_PLACE" not in one.message


def test_what_the_configurations_of_this_repository_name_is_there() -> None:
    path = CONFIGS / "targets.yaml"
    targets = load_targets(path, root=path.parent).value
    assert targets is not None
    place = find_place(CONFIGS / "acme", here=CONFIGS.parent)
    assert tuple(what_targets_name(place, targets, {}, ())) == ()
