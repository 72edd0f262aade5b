"""The contract between the core and a connector: one `Connector` value, the conversations it opens, what it is given."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic import BaseModel

from sla_sync.agreement.binding import BindingDocument
from sla_sync.connector.story import RecordStory
from sla_sync.connector.timekeeping import Timekeeping
from sla_sync.diagnostics import Diagnostic
from sla_sync.reconcile.settings import (
    Address,
    Change,
    Manifest,
    Outcome,
    SettingChange,
    SettingType,
    Snapshot,
    Translation,
)
from sla_sync.resources import Resources

if TYPE_CHECKING:
    from sla_sync.connector.history import TellsCopied
    from sla_sync.connector.simulation import Simulator

CONTRACT = 1


@dataclass(frozen=True)
class Setup:
    """What a translation needs besides the agreement: its name (for the mark), and the people behind its roles and teams."""

    agreement: str
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Standing(StrEnum):
    """How one thing that a connector relies on stands; of what is unknown the platform does not tell, a person must look."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that `doctor` looked at: a name, how it stands, what was found in a sentence, and what to do."""

    name: str
    standing: Standing
    finding: str
    hint: str = ""


class Reader(Protocol):
    """An open conversation that cannot write: its transport refuses every call that changes state."""

    def check(self) -> Iterable[Diagnostic]:
        """Yield what is wrong with credentials, scopes, editions and limits."""
        ...

    def read(self, addresses: Collection[Address]) -> Snapshot:
        """Return these settings, everything else that bears our mark, and the containers they live in."""
        ...

    def manifest(self) -> Manifest | None:
        """Return what the last apply left, or None where nothing was ever applied."""
        ...

    def audit_trail(self, since: datetime | None) -> Iterable[SettingChange]:
        """Yield who changed which setting, newest first, where the platform tells."""
        ...

    def examine(self) -> Iterable[Checkup]:
        """Yield everything that the connector relies on and how it stands, for `doctor`."""
        ...

    def story(self, record: str) -> RecordStory:
        """Return what became of one lead. Raises SlaSyncError where there is none, or nothing is kept of it here."""
        ...


class Writer(Protocol):
    """An open conversation that may write settings, under the platform's apply lock from enter to exit."""

    def rehearse(self, changes: Sequence[Change], manifest: Manifest) -> Iterable[Diagnostic]:
        """Yield what the platform itself would refuse, without writing anything."""
        ...

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Carry out the changes in order, batched as the platform likes; the manifest goes last or in the same transaction.

        One that says nothing is what remains when the tool leaves: it is not kept, and what the tool keeps for itself goes.
        """
        ...


@runtime_checkable
class Backfills(Protocol):
    """What a writer offers besides, where it can bring records under the agreement that were there before it."""

    def backfill(self, resources: Resources, binding: BindingDocument) -> Iterable[str]:
        """Do it, and yield what was done in sentences; done twice it changes nothing more."""
        ...


@runtime_checkable
class Foresees(Protocol):
    """What a reader offers besides, where it can tell before anything is written that a plan does not fit."""

    def foresee(self, changes: Sequence[Change]) -> Iterable[Diagnostic]:
        """Yield what the platform has no room for, and what its edition lacks for these changes."""
        ...


@runtime_checkable
class ForeseesFor(Protocol):
    """What a reader offers besides, where a plan must say how the platform stands towards the agreement itself."""

    def foresee_for(self, resources: Resources, binding: BindingDocument) -> Iterable[Diagnostic]:
        """Yield what is there and does not fit this agreement."""
        ...


@runtime_checkable
class TellsHoldings(Protocol):
    """What a reader offers besides, where it can tell what would be lost with a setting of ours."""

    def holdings(self, addresses: Collection[Address]) -> Mapping[Address, int]:
        """Return for each how many records, or things of others, hold something in it; absent is what nobody can tell.

        It is asked after `read`, of settings that were read.
        """
        ...


@runtime_checkable
class ExaminesFor(Protocol):
    """What a reader offers besides, where `doctor` can hold the platform against the agreement itself."""

    def examine_for(self, resources: Resources, binding: BindingDocument) -> Iterable[Checkup]:
        """Yield how the platform stands towards this agreement: its zone, its teams, what the binding names."""
        ...


@dataclass(frozen=True)
class LockTicket:
    """How this apply signs the lock on the platform. A lock that bears `token` was left by ourselves and is taken over."""

    who: str
    token: str
    expires: datetime


@dataclass(frozen=True)
class Connection:
    """What opening a conversation needs: the target's own options with secrets resolved, the setup, and the clock."""

    target: str
    options: BaseModel
    setup: Setup
    now: Callable[[], datetime]
    lock: LockTicket | None = None
    wait: Callable[[float], None] = time.sleep
    """Waits so many seconds between two calls; a test that does not want to wait gives its own."""


@dataclass(frozen=True)
class Connector:
    """Everything known of a platform before any connection: enough to compile and translate offline."""

    name: str
    contract: int
    types: Mapping[str, SettingType]
    options: type[BaseModel]
    binding: type[BindingDocument]
    translate: Callable[[Resources, BindingDocument, Setup], Translation]
    open_reader: Callable[[Connection], AbstractContextManager[Reader]]
    open_writer: Callable[[Connection, Snapshot], AbstractContextManager[Writer]]
    build: Mapping[str, Callable[[Translation, Manifest], Mapping[str, bytes]]]
    """Format → the files that a team can release by its own pipeline: relative path → content."""
    simulator: Callable[[], Simulator] | None = None
    starter: Callable[[], str] | None = None
    """The sections of a binding for the words of a first agreement: the stages mql, sal and rejected, and what a touch is."""
    open_timekeeping: Callable[[Connection, Resources, BindingDocument], AbstractContextManager[Timekeeping]] | None = (
        None
    )
    """A conversation for `sla-sync clock`; None where the platform keeps its own time."""
    timed_by: Callable[[BindingDocument], str] | None = None
    """What finds the dates of clocks there, in a clause, where it is not `sla-sync clock`; empty where it is."""
    merge_into: Callable[[Mapping[str, bytes], Translation, Manifest], Mapping[str, bytes]] | None = None
    """A team's own source tree (relative path → content) → the files in it that become new or different."""
    history_copied: TellsCopied | None = None
    atomic: bool = False
    """Whether a writer makes settings and keeps the manifest that names them in one transaction."""
