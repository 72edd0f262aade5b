"""A strict local double of a HubSpot portal: properties, lists, workflows, pipelines and the account, over HTTP.

It follows HubSpot's published descriptions and what was recorded from portals; where it had to guess, a comment beside
the code says "Inferred:". What it does not have it refuses by name. `switches.json` in its data folder changes how it
behaves (see `switches.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sla_sync.connector.simulation import Application, Running, Simulator


def _create(data: Path, clock: datetime) -> Application:
    from sla_sync_hubspot.simulator.application import HubSpotApplication

    return HubSpotApplication(data, clock)


def _administer(running: Running) -> Sequence[str]:
    from sla_sync_hubspot.simulator.administrator import administer

    return administer(running)


simulator = Simulator(platform="hubspot", create=_create, administer=_administer)

__all__ = ["simulator"]
