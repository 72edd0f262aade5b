"""Whether the portal's time zone is that of the calendars: workflows count opening hours in the portal's and no other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sla_sync.connector import Calendar, Checkup, Standing
from sla_sync_hubspot.binding import Deadlines, HubSpotBinding

_NO_ZONE = "US/Eastern"
"""In which workflows run where the portal names no zone (HubSpot, "Manage your workflow settings")."""


def counts_hours(binding: HubSpotBinding) -> bool:
    """Return whether workflows of this binding count opening hours by themselves."""
    return binding.timers == "here" and binding.deadlines in {Deadlines.TICKS, Deadlines.DELAY}


def zones(portal: str, calendars: Sequence[Calendar], binding: HubSpotBinding, year: int) -> Iterator[Checkup]:
    """Yield whether the portal's zone is that of the calendars, which matters where workflows count opening hours."""
    zone = portal or _NO_ZONE
    said = f"{zone}, which counts where a portal names none" if not portal else zone
    others = sorted({each.timezone for each in calendars if not _same(zone, each.timezone, year)})
    if not others:
        yield Checkup("time zone", Standing.GOOD, f"The portal and the calendars are in one zone: {said}.")
    elif counts_hours(binding):
        yield Checkup(
            "time zone",
            Standing.MISSING,
            f"Workflows count opening hours in the portal's zone ({said}), and calendars are in {', '.join(others)}.",
            "Set the portal's zone in Settings > Account Defaults, or choose `deadlines: computed` in the binding.",
        )
    else:
        yield Checkup(
            "time zone",
            Standing.GOOD,
            f"The portal is in {said}, calendars are in {', '.join(others)}; no workflow counts opening hours here.",
        )


def _same(one: str, other: str, year: int) -> bool:
    """Return whether two zones show the same time throughout a year."""
    try:
        zones_ = ZoneInfo(one), ZoneInfo(other)
    except (ZoneInfoNotFoundError, ValueError):
        return one == other
    start = datetime(year, 1, 1, tzinfo=UTC)
    instants = (start + timedelta(days=day) for day in range(366))
    return all(each.astimezone(zones_[0]).utcoffset() == each.astimezone(zones_[1]).utcoffset() for each in instants)
