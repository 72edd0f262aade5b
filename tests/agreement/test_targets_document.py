"""Targets: what the file says of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.load import Loaded, load_targets
from sla_sync.agreement.targets import Targets
from sla_sync.errors import TargetError
from tests.agreement.documents import CONFIGS

TARGETS = """\
apiVersion: sla-sync/v1
kind: Targets
targets:
  play: {connector: salesforce, binding: b.yaml, agreements: [a.yaml], simulator: true}
  served: {connector: hubspot, binding: b.yaml, agreements: [a.yaml], simulator: {url: http://localhost, token: T}}
  org: {connector: salesforce, binding: b.yaml, agreements: [a.yaml], url: https://x, token: SF, people: people.yaml}
"""


def targets(tmp_path: Path) -> Loaded[Targets]:
    path = tmp_path / "targets.yaml"
    path.write_text(TARGETS, encoding="utf-8")
    return load_targets(path, root=tmp_path)


def test_whatever_is_no_simulator_is_production(tmp_path: Path) -> None:
    found = targets(tmp_path).value
    assert found is not None
    assert {name: each.production for name, each in found.targets.items()} == {
        "play": False,
        "served": False,
        "org": True,
    }


def test_only_an_embedded_simulator_is_started_by_commands(tmp_path: Path) -> None:
    found = targets(tmp_path).value
    assert found is not None
    assert [name for name, each in found.targets.items() if each.simulator] == ["play"]


def test_options_of_the_connector_are_kept_for_it(tmp_path: Path) -> None:
    found = targets(tmp_path).value
    assert found is not None
    assert found.targets["org"].options == {"url": "https://x", "token": "SF"}
    assert found.targets["served"].options == {"url": "http://localhost", "token": "T"}


def test_people_may_stand_in_a_file_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "people.yaml").write_text("people: {vp_sales: sam, sdr: [ana, ben]}\n", encoding="utf-8")
    found = targets(tmp_path).value
    assert found is not None
    assert found.targets["org"].people == {"vp_sales": ("sam",), "sdr": ("ana", "ben")}


def test_a_file_of_people_that_is_not_there_stops_only_its_own_target(tmp_path: Path) -> None:
    found = targets(tmp_path)
    assert [each.code for each in found.diagnostics] == ["SLA106"]
    assert found.value is not None
    assert found.value.targets["play"].people == {}
    with pytest.raises(TargetError, match=r"people\.yaml"):
        _ = found.value.targets["org"].people


def test_the_targets_of_the_example_are_its_two_simulators() -> None:
    found = load_targets(CONFIGS / "targets.yaml", root=CONFIGS)
    assert found.diagnostics == ()
    assert found.value is not None
    assert list(found.value.targets) == ["salesforce-simulator", "hubspot-simulator"]
    assert all(each.simulator and not each.production for each in found.value.targets.values())
