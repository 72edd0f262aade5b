"""Both connectors pass the shipped contract, each against its own simulator, over the wire."""

from __future__ import annotations

import os
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from sla_sync.connector import Connector, Setup, Translation
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.validate import validate
from sla_sync.places import find_place
from sla_sync.registry import load_connector
from sla_sync.testing.simulated import SimulatedContract

pytestmark = pytest.mark.slow

CONFIGS = Path(__file__).parents[2] / "configs"


@cache
def prepared(platform: str) -> Prepared:
    documents = validate(find_place(CONFIGS / "acme", here=Path.cwd()), today=date(2026, 10, 1))
    binding = next(path for path, each in documents.bindings.items() if each.metadata.connector == platform)
    assert documents.targets is not None
    return prepare(documents, binding, documents.targets.targets[f"{platform}-simulator"].people)


CUT_EVERY = int(os.environ.get("SLA_SYNC_CUT_EVERY", "40"))
"""The whole takes minutes; the nightly run cuts at each request."""


class OfTheExample(SimulatedContract):
    """The contract on what the example agreement asks of a platform."""

    platform_name: str

    def connector(self) -> Connector:
        """Return the connector."""
        return load_connector(self.platform_name)

    def translation(self) -> Translation:
        """Return the example in the platform's words."""
        return prepared(self.platform_name).translation

    def setup_of(self) -> Setup:
        """Return the example's name and people."""
        return Setup(agreement="acme-inbound", people=prepared(self.platform_name).people)


class TestSalesforce(OfTheExample):
    """The Salesforce connector."""

    platform_name = "salesforce"
    cut_every = CUT_EVERY


class TestHubSpot(OfTheExample):
    """The HubSpot connector."""

    platform_name = "hubspot"
    cut_every = CUT_EVERY
