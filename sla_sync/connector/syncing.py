"""What the model of an integration between two platforms may know of the core, and what it offers to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from sla_sync.agreement.load import load_sync
from sla_sync.agreement.sync import EMAIL, OWNER, OWNER_ID, MappedField, Rule, Sync
from sla_sync.diagnostics import errors_in
from sla_sync.errors import DocumentError, SlaSyncError

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Move, Running

__all__ = [
    "EMAIL", "OWNER", "OWNER_ID", "DocumentError", "MappedField", "PairPlayer", "Passed", "PlayedPair", "Rule", "Shown",
    "SlaSyncError", "Sync", "errors_in", "load_sync",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Passed:
    """What the integration wrote at one look: into which platform, about which lead, and the values by their names there."""

    at: datetime
    into: str
    lead: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a property of a contact held from an instant on; instants are spelled in ISO 8601."""

    at: datetime
    value: str
    by_itself: bool = False
    """Whether a workflow of HubSpot wrote it."""


@dataclass(frozen=True)
class PlayedPair:
    """How a story came out that was played on two platforms: records by the lead's name, and what HubSpot shows of each."""

    records: Mapping[str, str]
    """The record in Salesforce that each lead became."""
    passed: Sequence[Passed]
    shown: Mapping[str, Mapping[str, Sequence[Shown]]]
    """Lead → property that is mapped or ours → what it held, the first first."""
    errors: Sequence[str]


class PairPlayer(Protocol):
    """Acts out a story on two served simulators that an integration joins, on one clock, until an instant.

    People fill in forms in HubSpot and work leads in Salesforce; words are the bindings by the name of their connector.
    Raises RuntimeError where a platform refuses what somebody does.
    """

    def __call__(
        self,
        settings: Sync,
        platforms: Mapping[str, Running],
        words: Mapping[str, Mapping[str, Any]],
        moves: Sequence[Move],
        until: datetime,
        /,
    ) -> PlayedPair:
        """Play it."""
        ...
