"""Who came, when, by what, and when it was enough for a qualification."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from sla_sync.synthetic.chance import HOUR, NEVER, SECOND, Bools, Chance, Curve, Ints
from sla_sync.synthetic.hours import local
from sla_sync.synthetic.parameters import Parameters

EXCLUSIONS = ("test", "competitor")
SYSTEM = Curve(((0, 2), (0.5, 20), (0.95, 120), (1, 900)))
"""How long the platform takes from a request to a qualification, in seconds on the wall."""
_THRESHOLD = 100
_NIGHT = time(2)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Leads in the order of their arrival; instants in milliseconds, -1 where there is none of something."""

    created: Ints
    source: Ints
    batch: Ints
    excluded: Ints
    raised: Ints
    """When the request came that qualified the lead; NEVER for the others."""
    qualified: Ints
    score: Ints
    """The score with which it came."""
    top: Ints
    """The highest that it reached before its first verdict."""

    @property
    def ordinary(self) -> Bools:
        """Which came by themselves and are no test."""
        return (self.batch < 0) & (self.excluded < 0)


def arrivals(parameters: Parameters) -> Arrivals:
    """Return everybody who came by themselves or by an import."""
    traps = parameters.traps
    size = _number_of_leads(parameters)
    start, end = (local(each, time(), parameters.zone) for each in (parameters.since, parameters.until))
    created = moments(parameters, Chance(parameters.seed, "created"), size, start, end)
    source = Chance(parameters.seed, "source").pick(size, [each.weight for each in parameters.sources])
    batch = np.full(size, -1, dtype=np.int64)
    imported = _imports(parameters)
    if len(imported):
        created = np.concatenate([created, np.repeat(imported, parameters.import_size)])
        batch = np.concatenate([batch, np.repeat(np.arange(len(imported)), parameters.import_size)])
        slow = [place for place, each in enumerate(parameters.sources) if not each.at_once] or [0]
        source = np.concatenate([source, np.full(len(imported) * parameters.import_size, slow[0])])
    kinds = Chance(parameters.seed, "excluded").pick(
        len(created), [traps.test, traps.competitor, 1 - traps.test - traps.competitor]
    )
    excluded = np.where((kinds == len(EXCLUSIONS)) | (batch >= 0), -1, kinds)
    made = _qualified(parameters, created, source, batch, excluded)
    order = np.argsort(made.created, kind="stable")
    return Arrivals(*(getattr(made, each.name)[order] for each in fields(Arrivals)))


def _qualified(parameters: Parameters, created: Ints, source: Ints, batch: Ints, excluded: Ints) -> Arrivals:
    """Return the arrivals with the time of their qualification, and scores that fit to it."""
    size, seed = len(created), parameters.seed
    share = np.array([each.qualifies for each in parameters.sources])[source]
    at_once = np.array([each.at_once for each in parameters.sources])[source] | (batch >= 0)
    share = np.where(batch >= 0, 0.5, share)
    qualifies = Chance(seed, "qualifies").yes(size, share)
    later = np.where(at_once, 0, Chance(seed, "interest").times(size, parameters.interest))
    raised = np.where(qualifies, created + later, NEVER)
    system = np.where(batch >= 0, 0, Chance(seed, "system").times(size, SYSTEM))
    qualified = np.where(qualifies, raised + system, NEVER)
    first, more = Chance(seed, "score").draws(size), Chance(seed, "top score").draws(size)
    above = _THRESHOLD + (more * 71 >> 30)
    below = more * _THRESHOLD >> 30
    top = np.where(qualifies, above, below)
    start = np.where(qualifies & at_once, top, (first * np.minimum(top + 1, _THRESHOLD)) >> 30)
    return Arrivals(created, source, batch, excluded, raised, qualified, start, top)


def _number_of_leads(parameters: Parameters) -> int:
    if parameters.leads is not None:
        return parameters.leads
    weight = sum(each.weight for each in parameters.sources)
    share = sum(each.weight * each.qualifies for each in parameters.sources) / weight
    months = (parameters.until - parameters.since).days * 12 / 365
    return round(parameters.mqls_a_month * months / share)


def moments(parameters: Parameters, chance: Chance, size: int, start: int, end: int) -> Ints:
    """Return so many instants between two, by month, weekday and hour of the zone; an hour that a clock skips has none."""
    zone = ZoneInfo(parameters.zone)
    slots = np.arange(start, end, HOUR, dtype=np.int64)
    clocks = [datetime.fromtimestamp(int(each) // SECOND, zone) for each in slots]
    first = parameters.since.year * 12 + parameters.since.month
    weights = np.array(
        [
            parameters.season[clock.month - 1]
            * (1 + parameters.growth * (clock.year * 12 + clock.month - first))
            * parameters.weekdays[clock.weekday()]
            * parameters.hours[clock.hour]
            for clock in clocks
        ]
    )
    return slots[chance.pick(size, weights)] + chance.below(np.full(size, HOUR, dtype=np.int64))


def _imports(parameters: Parameters) -> Ints:
    """Return the instants of imports: spread over the time, each at two in the morning of a weekday."""
    days = (parameters.until - parameters.since).days
    made = []
    for number in range(parameters.imports if parameters.import_size else 0):
        day = parameters.since + timedelta(days=days * (number + 1) // (parameters.imports + 1))
        day += timedelta(days=max(0, _SATURDAY + 2 - day.weekday()) if day.weekday() >= _SATURDAY else 0)
        made.append(local(day, _NIGHT, parameters.zone))
    return np.array(made, dtype=np.int64)
