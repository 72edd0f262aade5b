"""Counting requests against the limits of the tier, on the virtual clock.

Real time would make a run impossible to repeat, so every request moves the virtual clock by a twentieth of a second
and every change of state by a whole one, and limits count over virtual seconds. A client that is refused waits in
real time, which the virtual clock cannot see: a refusal therefore moves it to the end of the window. What falls due
while the clock moves so happens at its own instant (`application.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.limits import BURST_WINDOW, SEARCHES_PER_SECOND
from sla_sync_hubspot.simulator.refusals import TOO_MANY_REQUESTS, Json, RefusalError
from sla_sync_hubspot.simulator.switches import Switches

STEP = timedelta(seconds=0.05)
"""How far a request moves the virtual clock."""
CHANGE_STEP = timedelta(seconds=1)
"""How far a request that changes state moves it."""
WINDOW = timedelta(seconds=BURST_WINDOW)
SECOND = timedelta(seconds=1)


class Meter:
    """The requests of the last ten virtual seconds and the searches of the last one; those of the day are state."""

    def __init__(self) -> None:
        self._recent: list[datetime] = []
        self._searches: list[datetime] = []

    def count(self, state: Json, now: datetime, switches: Switches) -> Mapping[str, str]:
        """Count one request and return the headers of its answer; raises RefusalError where a limit is used up."""
        today = state["today"]
        day = now.astimezone(ZoneInfo(state["portal"]["timeZone"])).date().isoformat()
        if today["day"] != day:
            today |= {"day": day, "requests": 0}
        self._recent = [each for each in self._recent if now - each < WINDOW]
        if today["requests"] >= switches.daily_limit:
            raise _refused("DAILY", "You have reached your daily limit.", self._headers(today, switches))
        if len(self._recent) >= switches.burst_limit:
            raise _refused(
                "TEN_SECONDLY_ROLLING",
                "You have reached your ten_secondly_rolling limit.",
                self._headers(today, switches),
            )
        self._recent.append(now)
        today["requests"] += 1
        return self._headers(today, switches)

    def count_search(self, now: datetime) -> None:
        """Count one search of the last virtual second; raises RefusalError where there were too many."""
        self._searches = [each for each in self._searches if now - each < SECOND]
        if len(self._searches) >= SEARCHES_PER_SECOND:
            raise _refused("SECONDLY", "You have reached your secondly limit.", {})
        self._searches.append(now)

    def _headers(self, today: Json, switches: Switches) -> Mapping[str, str]:
        prefix = "X-HubSpot-RateLimit"
        return {
            f"{prefix}-Max": str(switches.burst_limit),
            f"{prefix}-Remaining": str(max(0, switches.burst_limit - len(self._recent))),
            f"{prefix}-Interval-Milliseconds": str(BURST_WINDOW * 1000),
            f"{prefix}-Daily": str(switches.daily_limit),
            f"{prefix}-Daily-Remaining": str(max(0, switches.daily_limit - today["requests"])),
        }


def _refused(policy: str, message: str, headers: Mapping[str, str]) -> RefusalError:
    # No Retry-After is documented for this status, so none is sent.
    return RefusalError(
        TOO_MANY_REQUESTS,
        message,
        category=None,
        headers=headers,
        extra={"errorType": "RATE_LIMIT", "policyName": policy},
    )
