"""What tests of the HubSpot connector may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.connectors.hubspot.stories import CONFIGS, Portal, portal


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Portal]:
    """Serve a portal of its own to the test."""
    with portal(tmp_path / "portal") as running:
        yield running


@pytest.fixture(scope="session")
def acme_document() -> dict[str, object]:
    """Return the full example as plain mappings."""
    found: dict[str, object] = yaml.safe_load((CONFIGS / "acme" / "agreement.yaml").read_text(encoding="utf-8"))
    return found
