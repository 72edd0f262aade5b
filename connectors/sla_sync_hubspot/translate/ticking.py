"""Waits in open time: so many quarters of an hour, after each of which the workflow does something in its hours.

A delay counts calendar time, and only what follows it waits for the hours of a workflow (HubSpot, "Manage your workflow
settings"). So a quarter of an hour that ends in closed hours is over when the next one opens.
"""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.building import Step, count_up, wait
from sla_sync_hubspot.translate.events import name_of
from sla_sync_hubspot.translate.vocabulary import Vocabulary

TICK = 15
"""Minutes."""


def tick(minutes: int, vocabulary: Vocabulary) -> Iterator[Step]:
    """Yield the steps that wait so many open minutes."""
    for length in waits(minutes):
        yield wait(length)
        yield count_up(name_of(kept.CLOCK_TICKS, vocabulary))


def waits(minutes: int) -> tuple[int, ...]:
    """Return the single waits, in minutes, that make up so many of them: what is left over comes first."""
    whole, rest = divmod(minutes, TICK)
    return (*((rest,) if rest else ()), *(TICK,) * whole)
