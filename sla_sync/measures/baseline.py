"""What every commitment of an agreement came to before it was promised, as values and as it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sla_sync.attainment.attainment import Period
from sla_sync.conventions import FORMAT_VERSION
from sla_sync.measures.figures import Unit
from sla_sync.measures.scorecard import Kept


@dataclass(frozen=True, slots=True)
class Baseline:
    """What was measured of an agreement, of which days, as of when and from where; `gaps` says what the history lacks."""

    agreement: str
    title: str
    version: str
    currency: str | None
    period: Period
    as_of: datetime
    source: str
    synthetic: bool
    months: float
    """How many months the days are, by their business days."""
    kept: tuple[Kept, ...]
    gaps: tuple[str, ...]


def as_plain(found: Baseline) -> Mapping[str, Any]:
    """Return what was measured as JSON holds it."""
    return {
        "format_version": FORMAT_VERSION,
        "agreement": found.agreement,
        "version": found.version,
        "since": found.period.first.isoformat(),
        "until": found.period.last.isoformat(),
        "timezone": found.period.zone,
        "as_of": found.as_of.astimezone(UTC).isoformat(),
        "source": found.source,
        "synthetic": found.synthetic,
        "months": found.months,
        "commitments": {each.commitment: _measured(found, each) for each in found.kept},
        "gaps": list(found.gaps),
    }


def per_month(found: Baseline, each: Kept) -> float | None:
    """Return a number or a sum by the month; None for a share, and where nothing was measured."""
    value = each.actual.value
    counted = each.actual.unit in {Unit.COUNT, Unit.MONEY}
    return value / found.months if counted and value is not None and found.months else None


def _measured(found: Baseline, each: Kept) -> Mapping[str, Any]:
    actual, target = each.actual, each.target
    return {
        "by": each.by,
        "promise": each.promise,
        "target": None if target is None else target.value,
        "value": actual.value,
        "unit": actual.unit.value,
        "per_month": per_month(found, each),
        "n": actual.n,
        "interval": None if actual.interval is None else list(actual.interval),
        "definition": each.basis.definition,
        "left_out": dict(each.basis.left_out),
        "unusable": dict(each.basis.unusable),
        "note": " ".join(filter(None, (actual.note, each.basis.note))) if not each.because else "",
        "because": each.because,
    }
