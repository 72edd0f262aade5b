"""Orgs for the tests of the simulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.salesforce.simulator.org import Org, serving


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    """Return an org on its first day, served."""
    with serving(tmp_path) as org:
        yield org


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Org]:
    """Return an org that the tests of one file share, and that none of them changes."""
    with serving(tmp_path_factory.mktemp("org")) as org:
        yield org
        assert org.application.state_changes == 0
