"""Portals for the tests of the simulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.connectors.hubspot.simulator.portal import Portal, copied, furnish, open_portal


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    """Return an empty portal."""
    return open_portal(tmp_path)


@pytest.fixture
def furnished(tmp_path: Path) -> tuple[Portal, str]:
    """Return a portal with a group, properties and a list, and the id of that list."""
    return copied(tmp_path, furnish)
