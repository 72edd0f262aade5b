"""Whatever an administrator does to a portal's settings is found, blamed and put right; what nobody did is never found."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.simulator.actors.edits import EDITS, edit
from sla_sync_hubspot.types import TYPES
from tests.connectors.scene import Example, Scene, audits_change_nothing, scene

EDITS_EVERY = 1 if os.environ.get("SLA_SYNC_WHOLE") else 6
"""Every how-manieth edit is tried alone; those of the full example are put right together in any case."""
CLEAN_AUDITS = int(os.environ.get("SLA_SYNC_AUDITS", "2"))
"""How many audits of an untouched portal are made; the nightly run asks for a hundred."""
ADMINISTRATOR = "user 9000001"


@dataclass(frozen=True)
class Expected:
    """What one edit must be found as: class, type of setting, consequence, whether it is told who did it."""

    drift: str
    type: str
    consequence: str = "breach"
    told: bool = True
    variant: str = "acme"


PRODUCT_LED, LEADS, STAGES = "product-led", "leads", "stages"
EXPECTED: Mapping[str, Expected] = {
    "group label": Expected("changed", "PropertyGroup", "cosmetic"),
    "property label": Expected("changed", "Property", "cosmetic"),
    "property hidden": Expected("changed", "Property"),
    "property option in": Expected("extra", "Property"),
    "property option hidden": Expected("changed", "Property"),
    "property option label": Expected("changed", "Property", "cosmetic"),
    "property out": Expected("missing", "Property"),
    "status value label": Expected("changed", "PropertyOption", "cosmetic"),
    "status value hidden": Expected("changed", "PropertyOption"),
    # Of a rule the log tells nothing but that its property was changed, which may have been something else.
    "validation rule": Expected("changed", "PropertyValidation", told=False, variant=PRODUCT_LED),
    # Inferred, as all that is known of these stages: the audit log does not name the stage that was changed.
    "lifecycle stage": Expected("changed", "LifecycleStage", told=False, variant=STAGES),
    "pipeline label": Expected("changed", "Pipeline", "cosmetic", variant=LEADS),
    "pipeline stage out": Expected("changed", "Pipeline", variant=LEADS),
    "segment renamed": Expected("changed", "Segment", "cosmetic"),
    "segment filters": Expected("changed", "Segment"),
    "segment out": Expected("missing", "Segment"),
    "workflow off": Expected("disabled", "Workflow"),
    "workflow renamed": Expected("changed", "Workflow", "cosmetic"),
    "workflow description": Expected("changed", "Workflow", "cosmetic"),
    "workflow edited": Expected("changed", "Workflow"),
    "workflow enrolment": Expected("changed", "Workflow"),
    "workflow out": Expected("missing", "Workflow"),
}


def _as_it_is(_: Path) -> None:
    """Change nothing."""


def _bound(before: str, after: str, configs: Path) -> None:
    """Change the binding of the example, in which what is not documented may be used."""
    binding = configs / "acme" / "bindings" / "hubspot.yaml"
    text = binding.read_text("utf-8")
    assert before in text
    binding.write_text(f"{text.replace(before, after, 1)}beta: [lifecycle_stages]\n", "utf-8")


@dataclass(frozen=True)
class Variant:
    """A project that needs settings which others do not: the example, and what is changed in it."""

    example: Example
    change: Callable[[Path], None] = _as_it_is


_ACME = Example(simulator, "hubspot-simulator")
VARIANTS: Mapping[str, Variant] = {
    "acme": Variant(_ACME),
    PRODUCT_LED: Variant(
        Example(simulator, "product-led-simulator", "examples/product-led", "examples/product-led/targets.yaml")
    ),
    LEADS: Variant(_ACME, partial(_bound, "objects: [contacts]", "objects: [contacts, leads]")),
    STAGES: Variant(
        _ACME,
        partial(_bound, "{hs_lead_status: [Qualified], add: true}", "{lifecyclestage: [Working], add: true}"),
    ),
}


def fresh(folder: Path, name: str, **switches: object) -> Scene:
    project = scene(folder, VARIANTS[name].example)
    VARIANTS[name].change(project.configs)
    targets = project.configs / project.example.targets
    # So that an apply may also hide what somebody put in.
    tidy = targets.read_text("utf-8").replace("simulator: true", "removal: delete\n    simulator: true")
    targets.write_text(tidy, "utf-8")
    project.data.mkdir(parents=True)
    # Below Enterprise HubSpot tells of workflows only when they were changed, and not by whom.
    (project.data / "switches.json").write_text(json.dumps({"tier": "enterprise", **switches}), "utf-8")
    return project


@pytest.fixture(scope="module")
def projects() -> dict[str, Scene]:
    """Return the portals that were applied to, by variant; each is made once."""
    return {}


def applied(projects: dict[str, Scene], name: str, factory: pytest.TempPathFactory) -> Scene:
    if name not in projects:
        projects[name] = fresh(factory.mktemp(name), name)
        projects[name].apply()
    return projects[name]


def test_every_edit_that_there_is_has_something_expected_of_it() -> None:
    assert EXPECTED.keys() == EDITS.keys()


def test_every_type_of_setting_that_is_written_is_tampered_with() -> None:
    assert {each.type for each in EXPECTED.values()} == TYPES.keys()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(EXPECTED)[::EDITS_EVERY])
def test_an_edit_is_found_and_blamed(
    name: str, projects: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = EXPECTED[name]
    project = applied(projects, expected.variant, tmp_path_factory).copy(tmp_path)
    project.edit(edit, name)
    found = project.drift().findings
    assert {(str(each.drift), each.address.type) for each in found} == {(expected.drift, expected.type)}
    # The gravest comes first.
    assert str(found[0].consequence) == expected.consequence
    assert len({each.address for each in found}) == 1
    assert all(each.commitment for each in found)
    assert {(each.who, each.when is not None) for each in found} == {
        (ADMINISTRATOR, True) if expected.told else (None, False)
    }


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS if EDITS_EVERY == 1 else ["acme"])
def test_whatever_was_edited_is_put_right_by_one_apply(
    variant: str, projects: dict[str, Scene], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = applied(projects, variant, tmp_path_factory).copy(tmp_path)
    assert project.drift().findings == ()
    for name, expected in EXPECTED.items():
        if expected.variant == variant:
            project.edit(edit, name)
    assert project.drift().findings
    project.apply()
    assert project.drift().findings == ()


@pytest.mark.slow
def test_clean_audits_find_nothing_and_change_nothing(
    projects: dict[str, Scene], tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = applied(projects, "acme", tmp_path_factory)
    audits_change_nothing(project, times=CLEAN_AUDITS)
    for _ in range(CLEAN_AUDITS):
        assert project.drift().findings == ()
