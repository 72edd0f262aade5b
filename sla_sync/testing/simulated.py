"""The suite for a connector that ships a simulator: the contract over HTTP against it, and what a simulator must keep."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from sla_sync.connector import Connection
from sla_sync.connector.simulation import Running, Simulator, serve
from sla_sync.testing.contract import START, ConnectorContract
from sla_sync.testing.platform import Platform, Served

__all__ = ["SimulatedContract"]


class SimulatedContract(ConnectorContract):
    """What must hold of a connector and its simulator. Subclasses give the connector, a translation and its setup."""

    judges_simulator = True

    def simulator(self) -> Simulator:
        """Return the simulator that the connector ships."""
        make = self.connector().simulator
        assert make is not None, "This connector ships no simulator: derive from ConnectorContract."
        return make()

    @contextmanager
    def platform(self, folder: Path) -> Iterator[Platform]:
        """Serve the connector's simulator."""
        simulator = self.simulator()
        with serve(simulator, folder, clock=START) as running:
            yield Served(self.connector(), self.connection(running), running, simulator)

    def connection(self, running: Running, *, token: str | None = None) -> Connection:
        """Return a connection to a running simulator."""
        given = {"url": running.url, "token": token or running.token, "ca": running.ca and str(running.ca)}
        options = self.connector().options.model_validate({key: value for key, value in given.items() if value})
        return self.connect(options, lambda: running.now)

    def refused(self, platform: Platform, folder: Path) -> tuple[Connection, str] | None:
        """Return a connection with another token than the simulator's, and that token."""
        assert isinstance(platform, Served), folder
        wrong = f"{platform.running.token[:20]}wrong"
        return self.connection(platform.running, token=wrong), wrong

    def absent(self, folder: Path) -> Connection:
        """Return a connection to an address at which nobody listens any more."""
        with self.platform(folder) as platform:
            return platform.connection

    def test_the_clock_of_its_simulator_runs_on_and_never_back(self, tmp_path: Path) -> None:
        with serve(self.simulator(), tmp_path / "data", clock=START) as running:
            running.run_until(START + timedelta(days=3))
            assert running.now == START + timedelta(days=3)
            with pytest.raises(ValueError, match="back"):
                running.run_until(START)
        with serve(self.simulator(), tmp_path / "data", clock=START) as running:
            assert running.now == START + timedelta(days=3), "The simulator's clock must survive a restart."
