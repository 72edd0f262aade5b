"""A night as a report for a browser: every target that was asked for, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync.audits.kept import KeptAudit, Verdict
from sla_sync.diagnostics import Diagnostic
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.render.drift_lines import instant
from sla_sync.render.html.drift import DriftTold
from sla_sync.render.html.page import rendered
from sla_sync.render.html.trend import TrendTold
from sla_sync.render.night import headline, rank, told

_QUIET = {Verdict.NOT_AUDITED: "breach", Verdict.NO_DRIFT: "quiet", Verdict.IN_SYNC: "good"}


@dataclass(frozen=True)
class TargetTold:
    """One target of a night: what is kept of its audit, the audit in words or why there is none, and the nights before."""

    kept: KeptAudit
    drift: DriftTold | None = None
    error: SlaSyncError | None = None
    trend: TrendTold | None = None

    @property
    def gravity(self) -> str:
        """How grave it is, in the word that the page has a colour for."""
        return self.drift.gravity if self.drift else _QUIET.get(self.kept.verdict, "quiet")

    @property
    def line(self) -> str:
        """How it stands, in one line."""
        return told(self.kept)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings about its documents, where they are what kept the audit from it."""
        return tuple(self.error.diagnostics) if isinstance(self.error, DocumentError) else ()


def report_of_night(targets: Sequence[TargetTold], now: datetime) -> str:
    """Return a night as an HTML page."""
    zones = {each.kept.zone for each in targets if each.drift} or {"UTC"}
    zone = ZoneInfo(zones.pop() if len(zones) == 1 else "UTC")
    kept = [each.kept for each in targets]
    ordered = sorted(targets, key=lambda each: rank(each.kept))
    return rendered("night.html.j2", verdict=headline(kept), at=instant(now, zone), targets=ordered)
