"""What a request has at hand: the org, the folder that keeps it, who asks, and answers that wait to be fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.bulk_job import BulkJob
from sla_sync_salesforce.simulator.organization import Organization, Switches, User, save
from sla_sync_salesforce.simulator.projection import project
from sla_sync_salesforce.simulator.records_file import keep_records
from sla_sync_salesforce.simulator.schema import Schema, load_schema
from sla_sync_salesforce.simulator.sessions import Sessions

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
    locked: set[str] = field(default_factory=set)
    """Ids of records that somebody else holds: a write is refused with UNABLE_TO_LOCK_ROW."""
    told: int = 0
    """How much of the history of the records stands on disk."""
    daily_calls: int = DAILY_CALLS
    """How many calls a day the org allows."""
    answering: bool = False
    """Whether a request is being answered: what it changes is written down once, at its end."""
    unkept: bool = False
    """Whether something is still to be written down."""
    spent: set[str] = field(default_factory=set)
    """Deployments whose zips are no longer needed once the state that says so stands on disk."""
    bulk: dict[str, BulkJob] = field(default_factory=dict)
    sessions: Sessions = field(init=False)
    world: object = None
    """What `running.world` has looked up of the settings, kept while they stay as they are."""

    def __post_init__(self) -> None:
        self.organization.address_picklists = self.switches.address_picklists
        self.told = len(self.organization.store.history)
        self.sessions = Sessions(stock.tokens(self.organization))
        project(self.organization)

    @property
    def schema(self) -> Schema:
        """The types of the Metadata API."""
        return load_schema()

    def changed(self) -> None:
        """Count one change of settings, let a second pass, and have everything written down."""
        self.changed_aside()
        project(self.organization)

    def changed_aside(self) -> None:
        """Do the same for settings of which the org makes no rows, so that none need be made anew."""
        self.organization.tick()
        self.state_changes += 1
        self.keep()

    def keep(self) -> None:
        """Have everything written down, without a change of settings or records: now, or when the request ends."""
        self.unkept = True
        if not self.answering:
            self._write_down()

    def _write_down(self) -> None:
        save(self.organization, self.data)
        self.unkept = False
        if self.organization.store.journal:
            self.keep_records()
        while self.spent:
            self.zip_of(self.spent.pop()).unlink(missing_ok=True)

    def keep_records(self) -> None:
        """Write down what was written to the records since that was last done, and the clock."""
        self.told = keep_records(self.organization.store, self.data, self.organization.now, self.told)

    def settle(self, before: int) -> None:
        """Write down what a request changed; what it wrote to records counts as one change unless it was counted."""
        if self.organization.store.journal:
            self.state_changes = max(self.state_changes, before + 1)
        if self.unkept:
            self._write_down()
        elif self.organization.store.journal:
            self.keep_records()

    def discard(self, deploy: str) -> None:
        """Remove the zip of a deployment as soon as the state on disk needs it no more."""
        self.spent.add(deploy)

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
