"""What the kept audits of one target say, as a picture of bars and in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sla_sync.audits.kept import KeptAudit, Verdict
from sla_sync.audits.trend import Trend
from sla_sync.render.night import NIGHTS, repairs, span_of
from sla_sync.render.words import count

_STEP, _TALLEST, _FULL = 9, 36, 10
"""The width of a bar with its gap, the height of the tallest, and of how many findings that is."""
_LEAST = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """One audit: a bar from the ground, `unknown` where nobody could look. `said` is its tooltip."""

    x: int
    height: int
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class TrendTold:
    """The last audits of a target as bars, the same in words, how long repairs take and what is open longest."""

    bars: tuple[Bar, ...]
    width: int
    height: int
    span: str
    alternative: str
    lines: tuple[str, ...]


def trend_told(trend: Trend, now: datetime) -> TrendTold:
    """Return a trend as its report shows it."""
    last = trend.audits[-NIGHTS:]
    bars = tuple(_bar(number, each) for number, each in enumerate(last))
    span = span_of(last)
    said = "; ".join(each.said for each in bars)
    return TrendTold(bars, len(bars) * _STEP, _TALLEST, span, f"{span}. {said}.", tuple(repairs(trend, now)))


def _bar(number: int, audit: KeptAudit) -> Bar:
    day = f"{audit.at:%Y-%m-%d}"
    if audit.verdict is Verdict.NOT_AUDITED:
        return Bar(number * _STEP, _TALLEST, "unknown", f"{day}: {audit.verdict}")
    found = len(audit.open)
    height = _LEAST + round((_TALLEST - _LEAST) * min(found, _FULL) / _FULL)
    return Bar(number * _STEP, height, "found" if found else "none", f"{day}: {count(found, 'finding')}")
