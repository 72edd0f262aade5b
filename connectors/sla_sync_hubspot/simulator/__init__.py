"""A strict local double of a HubSpot portal: properties, lists, workflows, pipelines and the account, over HTTP.

It follows HubSpot's published descriptions and what was recorded from portals; where it had to guess, a comment beside
the code says "Inferred:". What it does not have it refuses by name. `switches.json` in its data folder changes how it
behaves (see `switches.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sla_sync.connector.simulation import Application, Heard, Move, Running, Simulator
from sla_sync_hubspot.simulator.troubles import FAULTS, reads


def _create(data: Path, clock: datetime) -> Application:
    from sla_sync_hubspot.simulator.application import HubSpotApplication

    return HubSpotApplication(data, clock)


def _administer(running: Running) -> Sequence[str]:
    from sla_sync_hubspot.simulator.actors.administrator import administer

    return administer(running)


def _play(running: Running, moves: Sequence[Move], words: Mapping[str, Any]) -> Mapping[str, str]:
    from sla_sync_hubspot.simulator.actors.playing import play

    return play(running, moves, words)


def _heard(running: Running) -> Sequence[Heard]:
    from sla_sync_hubspot.simulator.actors.playing import heard

    return heard(running)


simulator = Simulator(
    platform="hubspot", create=_create, administer=_administer, play=_play, heard=_heard, faults=FAULTS, reads=reads
)

__all__ = ["simulator"]
