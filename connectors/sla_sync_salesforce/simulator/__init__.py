"""A strict local double of a Salesforce org: REST, SOQL, Tooling and Metadata API, with its state in one folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sla_sync.connector.simulation import Heard, Move, Running, Simulator
from sla_sync_salesforce.simulator.troubles import FAULTS, call_of, reads

if TYPE_CHECKING:
    from sla_sync_salesforce.simulator.application import Application


def _create(data: Path, clock: datetime) -> Application:
    from sla_sync_salesforce.simulator.application import open_application  # its parsers need not be paid for by --help

    return open_application(data, clock)


def _administer(running: Running) -> Sequence[str]:
    from sla_sync_salesforce.simulator.actors.administration import administer

    return administer(running)


def _play(running: Running, moves: Sequence[Move], words: Mapping[str, Any]) -> Mapping[str, str]:
    from sla_sync_salesforce.simulator.actors.playing import play

    return play(running, moves, words)


def _heard(running: Running) -> Sequence[Heard]:
    from sla_sync_salesforce.simulator.actors.playing import heard

    return heard(running)


simulator = Simulator(
    platform="salesforce",
    create=_create,
    administer=_administer,
    tls=True,
    play=_play,
    heard=_heard,
    faults=FAULTS,
    call_of=call_of,
    reads=reads,
)

__all__ = ["simulator"]
