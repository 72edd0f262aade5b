"""What a request has at hand: the org, the folder that keeps it, who asks, and answers that wait to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sla_sync_salesforce.simulator.organization import Organization, Switches, User, save
from sla_sync_salesforce.simulator.schema import Schema, load_schema

DAILY_CALLS = 15_000
"""Calls a day in an org of the Developer Edition."""


@dataclass
class Retrieve:
    """One request to retrieve, answered when it is polled for the second time."""

    id: str
    zip: bytes
    properties: list[dict[str, Any]]
    messages: list[dict[str, Any]]
    polls: int = 0


@dataclass
class Desk:
    """One org being served. Retrieves and query locators live as long as the process, everything else on disk."""

    organization: Organization
    data: Path
    switches: Switches
    url: str = ""
    retrieves: dict[str, Retrieve] = field(default_factory=dict)
    locators: dict[str, tuple[list[Mapping[str, Any]], int]] = field(default_factory=dict)
    state_changes: int = 0

    @property
    def schema(self) -> Schema:
        """The types of the Metadata API."""
        return load_schema()

    def changed(self) -> None:
        """Count one change of state, let a second pass, and write everything down."""
        self.organization.tick()
        self.state_changes += 1
        save(self.organization, self.data)

    def keep(self) -> None:
        """Write everything down, without a change of settings or records."""
        save(self.organization, self.data)

    def zip_of(self, deploy: str) -> Path:
        """Return where the zip of a deployment stands."""
        return self.data / "deploys" / f"{deploy}.zip"

    def calls_today(self) -> int:
        """Return how many API calls were made on this day of the virtual clock."""
        return self.organization.api_calls.get(self.organization.now.date().isoformat(), 0)

    def count_call(self) -> None:
        """Count one API call; only today's are kept."""
        self.organization.api_calls = {self.organization.now.date().isoformat(): self.calls_today() + 1}


@dataclass(frozen=True)
class Caller:
    """Who asks."""

    user: User
    token: str
