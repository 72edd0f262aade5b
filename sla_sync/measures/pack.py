"""The weekly pack: every report of a meeting as values, in the order in which they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sla_sync.attainment.attainment import Attainment, Period
from sla_sync.measures.calibration import Calibration
from sla_sync.measures.completeness import Complete
from sla_sync.measures.conversion import Conversion
from sla_sync.measures.effort import Tried
from sla_sync.measures.hygiene import Hygiene
from sla_sync.measures.load import Load
from sla_sync.measures.overdue import Overdue
from sla_sync.measures.pacing import Pace
from sla_sync.measures.rejections import Rejections
from sla_sync.measures.revenue import Revenue
from sla_sync.measures.scorecard import Kept
from sla_sync.measures.speed import Waited
from sla_sync.measures.waterfall import Waterfall


@dataclass(frozen=True, slots=True)
class Minutes:
    """The minutes of the last meeting: their day, their text, and the actions in them that are not done."""

    day: str
    text: str
    open_actions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One line of R14: a drift that is open, or a version of the agreement that took force."""

    since: datetime
    said: str
    severity: str = ""


@dataclass(frozen=True)
class Pack:
    """What both parties look at. `links` says how a lead's id becomes an address, with `{id}` in it; empty without one."""

    title: str
    agreement: str
    version: str
    period: Period
    as_of: datetime
    synthetic: bool
    """Whether the history was made up; every page then says so."""
    source: str
    """Where the history comes from: a target and when it was last read, or a folder."""
    sides: Mapping[str, str]
    """One sentence for each party."""
    scorecard: tuple[Kept, ...]
    attainment: Attainment
    overdue: Overdue
    speed: tuple[Waited, ...]
    pacing: tuple[Pace, ...]
    rejections: Rejections
    conversions: tuple[Conversion, ...]
    completeness: tuple[Complete, ...]
    effort: tuple[Tried, ...]
    waterfall: Waterfall
    revenue: Revenue | None
    hygiene: Hygiene
    load: tuple[Load, ...]
    changes: tuple[Change, ...]
    disputes: tuple[str, ...]
    """Each disputed turn in a sentence."""
    gaps: tuple[str, ...]
    """What the history does not tell, in sentences."""
    minutes: Minutes | None
    names: Mapping[str, str] = field(default_factory=dict)
    """The names of owners by id, for readers to whom the agreement shows them; others see the id."""
    links: str = ""
    currency: str = ""
    """The currency of every amount, by its three letters."""
    readers: tuple[str, ...] = ()
    """The roles that meet over it."""
    calibration: Calibration | None = None
