"""What a user installs: the core, both connectors and what joins them, the licence, and nothing of this house's tests."""

from __future__ import annotations

import zipfile
from pathlib import Path, PurePosixPath

import pytest

from tests.house.bare_install import PROJECT, build_wheel

PACKAGES = ("sla_sync", "sla_sync_hubspot", "sla_sync_native_sync", "sla_sync_salesforce")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    with zipfile.ZipFile(build_wheel(tmp_path_factory.mktemp("wheel"))) as wheel:
        return frozenset(wheel.namelist())


def sources() -> frozenset[str]:
    found = set()
    for root in (PROJECT, PROJECT / "connectors"):
        for package in PACKAGES:
            found |= {path.relative_to(root).as_posix() for path in root.glob(f"{package}/**/*") if path.is_file()}
    return frozenset(each for each in found if "__pycache__" not in each)


@pytest.mark.slow
def test_the_wheel_ships_every_file_of_the_packages(shipped: frozenset[str]) -> None:
    assert sorted(sources() - shipped) == []


@pytest.mark.slow
def test_the_wheel_ships_nothing_but_the_packages_and_its_metadata(shipped: frozenset[str]) -> None:
    tops = {PurePosixPath(each).parts[0] for each in shipped}
    (metadata,) = (each for each in tops if each.endswith(".dist-info"))
    assert sorted(tops - {metadata}) == sorted(PACKAGES)
    assert sorted(each for each in shipped if Path(each).name.startswith(("test_", "conftest"))) == []
    assert f"{metadata}/licenses/LICENSE" in shipped
    assert f"{metadata}/entry_points.txt" in shipped
