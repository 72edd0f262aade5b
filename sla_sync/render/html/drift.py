"""An audit of one target as a report for a browser."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from sla_sync.reconcile.drift import Accepted, Drift, Finding, Unverifiable
from sla_sync.render.drift import audited_at, commands, fix_before, headline, subject
from sla_sync.render.drift_lines import DO, RESTORE, WEIGHT, Said, pending_as_line, said_of
from sla_sync.render.html.page import rendered
from sla_sync.render.html.trend import TrendTold

_LONGEST = 20_000
"""Characters of a value that a report shows: those that a person may compare by eye, and more."""


@dataclass(frozen=True, slots=True)
class WayOut:
    """One way out of a finding: what to do, the command where there is one, and what follows it."""

    do: str
    command: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class FindingTold:
    """One finding in words."""

    id: str
    gravity: str
    weight: str
    drift: str
    title: str
    said: tuple[Said, ...]
    records: tuple[str, ...]
    ways: tuple[WayOut, ...]


@dataclass(frozen=True, slots=True)
class DriftTold:
    """An audit in words: nothing of what was read is kept. `groups` has the findings of each weight, the gravest first."""

    title: str
    target: str
    at: str
    gravity: str
    verdict: str
    at_risk: tuple[str, ...]
    hurry: str
    groups: tuple[tuple[str, tuple[FindingTold, ...]], ...]
    pending: tuple[str, ...]
    accepted: tuple[tuple[FindingTold, Accepted], ...]
    unverifiable: tuple[Unverifiable, ...]
    notes: tuple[str, ...]


def drift_told(drift: Drift) -> DriftTold:
    """Return an audit in the words of its report."""
    zone = ZoneInfo(drift.zone)
    title, target = subject(drift)
    told = [_told(each, drift.target, zone) for each in drift.drifted]
    return DriftTold(
        title=title or target,
        target=target,
        at=audited_at(drift),
        gravity=told[0].gravity if told else "good" if drift.in_sync else "quiet",
        verdict=headline(drift),
        at_risk=tuple(each.sentence for each in drift.at_risk),
        hurry=fix_before(drift.first_due, drift.at, zone) if drift.first_due and drift.at_risk else "",
        groups=tuple((weight, tuple(found)) for weight, found in groupby(told, lambda each: each.weight)),
        pending=tuple(map(pending_as_line, drift.pending)),
        accepted=tuple((_told(each.finding, drift.target, zone), each) for each in drift.accepted),
        unverifiable=drift.unverifiable,
        notes=drift.notes,
    )


def report_of_drift(told: DriftTold, trend: TrendTold | None = None) -> str:
    """Return the audit of one target as an HTML page; `trend` is what the audits before it say."""
    return rendered("drift.html.j2", drift=told, trend=trend)


def _told(each: Finding, target: str, zone: ZoneInfo) -> FindingTold:
    return FindingTold(
        id=each.id,
        gravity=str(each.consequence),
        weight=WEIGHT[each.consequence],
        drift=str(each.drift),
        title=each.title,
        said=tuple(said_of(each, zone, most=_LONGEST, promises=len(each.stakes))),
        records=each.harm.records if each.harm else (),
        ways=tuple(_ways(each, target)),
    )


def _ways(each: Finding, target: str) -> Iterator[WayOut]:
    known = commands(target, each.id)
    for do in DO.get(each.drift, ()):
        way = do.partition(",")[0]
        yield WayOut(do, known.get(way, ""), ", then apply the same" if way == RESTORE else "")
