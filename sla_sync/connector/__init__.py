"""All that a connector may import of the core, and the contract between the two.

A connector is one `Connector` value found through the entry-point group `sla_sync.connectors`; there is no base class
for it. `sla_sync.connector.simulation` has what its local double of the platform needs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic import BaseModel

from sla_sync.agreement.binding import BindingDocument, BoundField, Mode
from sla_sync.agreement.durations import Duration, Unit
from sla_sync.agreement.expressions import ExpressionError, parse_expression, tree
from sla_sync.agreement.expressions import events as clock_events
from sla_sync.conventions import bears_mark, describe, mark_line
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity, spell
from sla_sync.errors import (
    ExhaustedError,
    FaultError,
    ForbiddenError,
    LockedError,
    PlatformError,
    RejectedError,
    SlaSyncError,
    UnauthorizedError,
    UnreachableError,
)
from sla_sync.reconcile.canonical import merge
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Aspect,
    Change,
    Coercion,
    Consequence,
    Desired,
    FieldChange,
    Gap,
    Live,
    Manifest,
    Mark,
    Outcome,
    Probe,
    Reason,
    Ref,
    Removal,
    SettingChange,
    SettingType,
    Snapshot,
    Status,
    Translation,
    Unreadable,
    Value,
    Values,
)
from sla_sync.reconcile.values import resolve
from sla_sync.resources import (
    Access,
    Calendar,
    Choice,
    Clock,
    ClosedDay,
    DataType,
    Destination,
    Field,
    Gate,
    Limit,
    Line,
    Opening,
    Priority,
    Promise,
    Queue,
    ReasonSet,
    Report,
    Resources,
    Routing,
    Rung,
    Segment,
    Source,
    Stage,
    Stamp,
    Team,
)

if TYPE_CHECKING:
    from sla_sync.connector.simulation import Simulator

CONTRACT = 1


@dataclass(frozen=True)
class Setup:
    """What a translation needs besides the agreement: its name (for the mark), and the people behind its roles and teams."""

    agreement: str
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Standing(StrEnum):
    """How one thing that a connector relies on stands."""

    GOOD = "good"
    MISSING = "missing"
    UNKNOWN = "unknown"
    """The platform does not tell, so a person must look."""


@dataclass(frozen=True, slots=True)
class Checkup:
    """One thing that `doctor` looked at: a name, how it stands, what was found in a sentence, and what to do."""

    name: str
    standing: Standing
    finding: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to a record, in a sentence; `origin` is the place in the agreement that it concerns."""

    at: datetime
    sentence: str
    origin: KeyPath = ()


@dataclass(frozen=True, slots=True)
class ClockRecord:
    """One clock of one assignment as the platform keeps it: instants in UTC, and the state that it shows."""

    clock: str
    started_at: datetime | None = None
    due_at: datetime | None = None
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One owner's turn in a cycle, a leg, as the platform keeps it; whoever owns it is a person's name or a queue's."""

    cycle: int
    number: int
    owner: str
    priority: str = ""
    source: str = ""
    team: str = ""
    calendar: str = ""
    policy: str = ""
    stage: str = ""
    raised_at: datetime | None = None
    qualified_at: datetime | None = None
    assigned_at: datetime | None = None
    touched_at: datetime | None = None
    verdict_at: datetime | None = None
    ended_at: datetime | None = None
    ended_because: str = ""
    clocks: tuple[ClockRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class RecordStory:
    """What the platform knows of one lead: who it is, its assignments in their order, and what happened, the first first."""

    record: str
    title: str
    assignments: tuple[Assignment, ...]
    happenings: tuple[Happening, ...]


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
        """Carry out the changes in order, batched as the platform likes; the manifest goes last or in the same transaction."""
        ...


@runtime_checkable
class Backfills(Protocol):
    """What a writer offers besides, where it can bring records under the agreement that were there before it."""

    def backfill(self, resources: Resources, binding: BindingDocument) -> Iterable[str]:
        """Do it, and yield what was done in sentences; done twice it changes nothing more."""
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
    merge_into: Callable[[Mapping[str, bytes], Translation, Manifest], Mapping[str, bytes]] | None = None
    """A team's own source tree (relative path → content) → the files in it that become new or different."""


__all__ = [
    "CONTRACT",
    "Access",
    "Action",
    "Address",
    "Aspect",
    "Assignment",
    "Backfills",
    "BindingDocument",
    "BoundField",
    "Calendar",
    "Change",
    "Checkup",
    "Choice",
    "Clock",
    "ClockRecord",
    "ClosedDay",
    "Coercion",
    "Connection",
    "Connector",
    "Consequence",
    "DataType",
    "Desired",
    "Destination",
    "Diagnostic",
    "Duration",
    "ExhaustedError",
    "ExpressionError",
    "FaultError",
    "Field",
    "FieldChange",
    "ForbiddenError",
    "Gap",
    "Gate",
    "Happening",
    "KeyPath",
    "Limit",
    "Line",
    "Live",
    "Location",
    "LockTicket",
    "LockedError",
    "Manifest",
    "Mark",
    "Mode",
    "Opening",
    "Outcome",
    "PlatformError",
    "Priority",
    "Probe",
    "Promise",
    "Queue",
    "Reader",
    "Reason",
    "ReasonSet",
    "RecordStory",
    "Ref",
    "RejectedError",
    "Removal",
    "Report",
    "Resources",
    "Routing",
    "Rung",
    "Segment",
    "SettingChange",
    "SettingType",
    "Setup",
    "Severity",
    "SlaSyncError",
    "Snapshot",
    "Source",
    "Stage",
    "Stamp",
    "Standing",
    "Status",
    "Team",
    "Translation",
    "UnauthorizedError",
    "Unit",
    "UnreachableError",
    "Unreadable",
    "Value",
    "Values",
    "Writer",
    "bears_mark",
    "clock_events",
    "describe",
    "manifest_from_json",
    "manifest_to_json",
    "mark_line",
    "merge",
    "parse_expression",
    "resolve",
    "spell",
    "tree",
]
