"""How fast and how regularly a portal runs its workflows: the part of `switches.json` under `workflows`.

spread_minutes        actions that waited for a time window are spread over so many minutes after it opens (15)
spread_seed           another number spreads them otherwise
latency_seconds       between what enrols a record, or ends its delay, and the next action (0)
enrols_existing       whether a workflow that is switched on enrols who meets its criteria already (false)
blocked_dates         where an action goes from a blocked date: to the next `opening`, or to the `same_time` of the
                      next day on which the workflow may act
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.shapes import between, boolean, one_of, record

SHAPE = record(
    {},
    {
        "spread_minutes": between(0, 60),
        "spread_seed": between(0, 10**9),
        "latency_seconds": between(0, 86_400),
        "enrols_existing": boolean,
        "blocked_dates": one_of(("opening", "same_time")),
    },
)


@dataclass(frozen=True, slots=True)
class Pace:
    """The engine as the test wants it.

    Documented: the spread, and that existing records are enrolled only where whoever switches on says so. HubSpot's
    pages of 2024 send an action from a blocked date to the same time of the next day, those of 2025 to its opening.
    Inferred: that switching on through the API enrols nobody, and how late the engine is.
    """

    spread: timedelta = timedelta(minutes=15)
    seed: int = 0
    latency: timedelta = timedelta(0)
    enrols_existing: bool = False
    keeps_time: bool = False


def pace_of(said: Json) -> Pace:
    """Return what the switches say, which fit `SHAPE`."""
    return Pace(
        spread=timedelta(minutes=said.get("spread_minutes", 15)),
        seed=said.get("spread_seed", 0),
        latency=timedelta(seconds=said.get("latency_seconds", 0)),
        enrols_existing=said.get("enrols_existing", False),
        keeps_time=said.get("blocked_dates", "opening") == "same_time",
    )
