"""The pack in the order of a meeting: who owed what, promises, overdue, waiting, month, rejections, cohorts, gaps, actions."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from zoneinfo import ZoneInfo

from sla_sync.explain.names import heading, words
from sla_sync.measures.pack import Pack
from sla_sync.render.pack.document import Page, Part, Said
from sla_sync.render.pack.numbers import minute, span
from sla_sync.render.pack.parts.cohorts import cohorts
from sla_sync.render.pack.parts.gaps import gaps
from sla_sync.render.pack.parts.meeting import meeting
from sla_sync.render.pack.parts.month import month
from sla_sync.render.pack.parts.overdue import overdue
from sla_sync.render.pack.parts.promises import promises
from sla_sync.render.pack.parts.rejected import rejected
from sla_sync.render.pack.parts.waiting import waiting

MADE_UP = "Made up: a generator wrote this history. No number here is about anybody."
_PARTS: Mapping[Callable[[Pack], Part], frozenset[str]] = {
    promises: frozenset({"R1", "R11", "R15"}),
    overdue: frozenset({"R3"}),
    waiting: frozenset({"R2", "R10"}),
    month: frozenset({"R7", "R12"}),
    rejected: frozenset({"R4", "R6"}),
    cohorts: frozenset({"R5", "R13"}),
    gaps: frozenset({"R8", "R9", "R14", "R16"}),
}
"""The parts between the first and the last, and the reports of which each one is made."""
_REPORT = re.compile(r"[Rr](\d{1,2})")


def page_of(pack: Pack, *, only: Collection[str] = ()) -> Page:
    """Return the pack as a document; `only` names reports (R11, R6) where the agreement wants no others."""
    wanted = {each.upper() for each in only if _REPORT.fullmatch(each)}
    middle = [make(pack) for make, reports in _PARTS.items() if not wanted or wanted & reports]
    return Page(
        title=pack.title or heading(pack.agreement),
        standing=_standing(pack),
        warning=MADE_UP if pack.synthetic else "",
        parts=(_sides(pack), *middle, meeting(pack)),
    )


def _sides(pack: Pack) -> Part:
    return Part("sides", "What each side owed", tuple(Said(f"{each}") for each in pack.sides.values()))


def _standing(pack: Pack) -> tuple[str, ...]:
    zone = ZoneInfo(pack.period.zone)
    versions = sorted({name for each in pack.attainment.figures for name in each.policies})
    covered = f"; turns under {', '.join(versions)}" if versions and versions != [pack.version] else ""
    readers = f" For {', '.join(map(words, pack.readers))}." if pack.readers else ""
    days = f"days of {pack.period.zone}"
    judged = sum(each.attained.whole for each in pack.attainment.figures if not each.cut)
    return (
        f"{span(pack.period)} · as of {minute(pack.as_of, zone)} {pack.as_of.astimezone(zone):%Z} · {days}",
        f"{pack.agreement}, version {pack.version}{covered} · {judged:,} judged against a limit.{readers}",
        f"Source: {pack.source}",
    )
