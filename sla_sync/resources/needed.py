"""Everything one agreement needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sla_sync.agreement.expressions.tree import Expression
from sla_sync.resources.clocks import Calendar, Clock, Promise
from sla_sync.resources.lead import (
    Access,
    Field,
    Gate,
    ReasonSet,
    Report,
    Segment,
    Stage,
    Stamp,
)
from sla_sync.resources.routing import Priority, Queue, Routing, Source, Team


@dataclass(frozen=True)
class Resources:
    """Everything one agreement needs. `thresholds` and `groups` are what its expressions refer to by name."""

    agreement: str
    title: str
    effective_from: date
    timezone: str
    fields: tuple[Field, ...] = ()
    stages: tuple[Stage, ...] = ()
    stamps: tuple[Stamp, ...] = ()
    reason_sets: tuple[ReasonSet, ...] = ()
    gates: tuple[Gate, ...] = ()
    segments: tuple[Segment, ...] = ()
    reports: tuple[Report, ...] = ()
    access: tuple[Access, ...] = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    """Scoring model → points at which `score reaches threshold` holds."""
    score_bounds: Mapping[str, Mapping[str, tuple[float | None, float | None]]] = field(default_factory=dict)
    """Scoring model → `score`, `fit` and `engagement` → the least and the most points, None where there is no bound."""
    groups: Mapping[str, tuple[str | Expression, ...]] = field(default_factory=dict)
    exclusions: tuple[str, ...] = ()
    """Names of predicates that the binding defines: leads that no report and no segment counts."""
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Stage → the agreed names of the fields it needs."""
    policy: str = ""
    """The agreement and its version, as a record keeps them: `acme-inbound@2026-10-01`."""
    scope: Expression | None = None
    """Whose leads the agreement is about; all where None."""
    in_force: tuple[datetime, datetime | None] | None = None
    """The instants from which and until which (that one no more) the agreement is in force."""
    sources: tuple[Source, ...] = ()
    priorities: tuple[Priority, ...] = ()
    calendars: tuple[Calendar, ...] = ()
    teams: tuple[Team, ...] = ()
    queues: tuple[Queue, ...] = ()
    routing: Routing | None = None
    clocks: tuple[Clock, ...] = ()
    deadline: str | None = None
    """The clock whose limit is the lead's own deadline; the others are kept beside it."""
    promises: tuple[Promise, ...] = ()
