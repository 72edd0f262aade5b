"""What a test may set about the portal, in `switches.json` beside the state; read again before every request.

tier                   free, starter, professional (unless told otherwise) or enterprise
flows                  readable, or unreadable: the flow list is empty, GET answers 403 FLOW_ACCESS_DENIED and a
                       batch read 207 FLOW_NOT_FOUND_BY_FLOW_ID, as service keys have seen it
stale_revision_status  409 or 400, for a PUT of a flow with an old revision: HubSpot does not document which
missing_scopes         scopes that the app was not granted
burst_limit            requests per ten virtual seconds, in place of the tier's
daily_limit            requests per virtual day, in place of the tier's
search_seconds         virtual seconds (1 unless told otherwise) until the search sees a write
filling_hours          virtual hours (0 unless told otherwise) for which a list reads PROCESSING after its filters changed
segment_minutes        virtual minutes (15 unless told otherwise) between evaluations of lists that look at the clock
time_zone              the time zone of the portal (US/Eastern unless told otherwise)
lifecycle_stages       undocumented, as portals created stages of the lifecycle over the API when somebody tried it; or
                       refused, as a portal may answer that keeps to what is documented
leads                  false for a professional or enterprise account without Sales Hub, which has no leads
custom_code            false for one without Data Hub, whose workflows run no code
rotation               false for one without Sales and Service Hub, whose workflows rotate no owners
workflows              how fast and how regularly workflows run, see `pace.py`
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from sla_sync_hubspot.simulator.limits import TIERS, Tier
from sla_sync_hubspot.simulator.pace import SHAPE as WORKFLOWS
from sla_sync_hubspot.simulator.pace import Pace, pace_of
from sla_sync_hubspot.simulator.refusals import RefusalError
from sla_sync_hubspot.simulator.shapes import Check, between, boolean, filled, list_of, one_of, record

FILE = "switches.json"


def _status(allowed: tuple[int, ...]) -> Check:
    def check(value: Any, where: str) -> None:
        if value not in allowed:
            raise ValueError(f"{where} is {value!r}, which is not one of {allowed}")

    return check


_COUNT = between(1, 10**9)
_SHAPE = record(
    {},
    {
        "tier": one_of(tuple(TIERS)),
        "flows": one_of(("readable", "unreadable")),
        "stale_revision_status": _status((400, 409)),
        "missing_scopes": list_of(filled),
        "burst_limit": _COUNT,
        "daily_limit": _COUNT,
        "search_seconds": between(0, 86_400),
        "filling_hours": between(0, 10_000),
        "segment_minutes": between(1, 10_080),
        "time_zone": one_of(available_timezones()),
        "lifecycle_stages": one_of(("undocumented", "refused")),
        "leads": boolean,
        "custom_code": boolean,
        "rotation": boolean,
        "workflows": WORKFLOWS,
    },
)


@dataclass(frozen=True, slots=True)
class Switches:
    """The portal as the test wants it."""

    tier: Tier
    flows_readable: bool = True
    stale_revision_status: int = 409
    missing_scopes: frozenset[str] = frozenset()
    burst_limit: int = 0
    daily_limit: int = 0
    search_seconds: int = 1
    segment_minutes: int = 15
    filling_hours: int = 0
    time_zone: str = ""
    lifecycle_stages: bool = True
    workflows: Pace = field(default_factory=Pace)


def read_switches(data: Path) -> Switches:
    """Return what the file says, or the ordinary portal where there is none.

    Raises ValueError where the file cannot be used.
    """
    path = data / FILE
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        said = {}
    try:
        _SHAPE(said, "")
    except RefusalError as error:
        raise ValueError(f"{FILE}: {error.message}") from None
    tier = TIERS[said.get("tier", "professional")]
    tier = replace(
        tier,
        leads=tier.leads and said.get("leads", True),
        custom_code=tier.custom_code and said.get("custom_code", True),
        rotation=tier.rotation and said.get("rotation", True),
    )
    return Switches(
        tier=tier,
        flows_readable=said.get("flows", "readable") == "readable",
        stale_revision_status=said.get("stale_revision_status", 409),
        missing_scopes=frozenset(said.get("missing_scopes", ())),
        burst_limit=said.get("burst_limit", tier.burst),
        daily_limit=said.get("daily_limit", tier.daily),
        search_seconds=said.get("search_seconds", 1),
        filling_hours=said.get("filling_hours", 0),
        segment_minutes=said.get("segment_minutes", 15),
        time_zone=said.get("time_zone", ""),
        lifecycle_stages=said.get("lifecycle_stages", "undocumented") == "undocumented",
        workflows=pace_of(said.get("workflows", {})),
    )
