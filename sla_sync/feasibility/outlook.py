"""All that history says of a promise before it is made: numbers, rates, grades, reasons, presence, hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.past import Past
from sla_sync.feasibility.coverage import Ceiling, ceilings
from sla_sync.feasibility.months import Stretch, stretch_of
from sla_sync.feasibility.presence import Presence, presences
from sla_sync.feasibility.rates import SeenRate, seen_rates
from sla_sync.feasibility.volumes import Outlook, outlooks
from sla_sync.measures.calibration import Calibration, calibration
from sla_sync.measures.rejections import Rejections, rejections


@dataclass(frozen=True, slots=True)
class Backtest:
    """How many a month the model would have qualified by the scores that were recorded; `because` says why nobody can tell."""

    months: Mapping[str, int]
    because: str = ""

    @property
    def monthly(self) -> float | None:
        """The mean of the months; None where there is none."""
        return sum(self.months.values()) / len(self.months) if self.months else None


@dataclass(frozen=True)
class Seen:
    """What a history says of an agreement, over the whole months that it covers."""

    stretch: Stretch
    volumes: tuple[Outlook, ...]
    rates: tuple[SeenRate, ...]
    presences: tuple[Presence, ...]
    ceilings: tuple[Ceiling, ...]
    calibration: Calibration | None
    rejections: Rejections | None
    backtest: Backtest


def seen(past: Past, agreed: Agreement, backtest: Backtest, *, stretch: Stretch | None = None) -> Seen:
    """Return all of it; `past` is asked about the agreement as if it had always been in force.

    `backtest` is reckoned by whoever can replay. Raises CalendarError and FormatError.
    """
    whole = stretch or stretch_of(past)
    period = whole.period
    if period is None:
        return Seen(whole, outlooks(past, agreed, whole), (), (), (), None, None, backtest)
    return Seen(
        stretch=whole,
        volumes=outlooks(past, agreed, whole),
        rates=seen_rates(past, agreed, whole),
        presences=presences(past, agreed, period),
        ceilings=ceilings(past, agreed, period),
        calibration=calibration(past, period),
        rejections=rejections(past, period),
        backtest=backtest,
    )
