"""What a plan must say beforehand of how a portal stands towards an agreement: its zone, and scores that reach too little."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Diagnostic, Resources, Severity, Standing
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.thresholds import thresholds
from sla_sync_hubspot.zones import counts_hours, zones


def outlook(client: HubSpotClient, resources: Resources, binding: HubSpotBinding) -> Iterator[Diagnostic]:
    """Yield a warning for each thing that is there and does not fit; `doctor` tells what fits, and what nobody knows."""
    if counts_hours(binding) and resources.calendars:
        zone = str(client.call("GET", Api.ACCOUNT, "/details").get("timeZone") or "")
        for each in zones(zone, resources.calendars, binding, resources.effective_from.year):
            if each.standing is Standing.MISSING:
                yield Diagnostic("SLA810", Severity.WARNING, each.finding, ("calendars",), hint=each.hint)
    for each in thresholds(client, resources, binding):
        if each.standing is Standing.MISSING:
            model = each.name.partition(" ")[2]
            yield Diagnostic("SLA802", Severity.WARNING, each.finding, ("scoring", model, "threshold"), hint=each.hint)
