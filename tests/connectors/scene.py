"""An example of `configs/` beside a simulator to which it is applied, with the commands that tests of either connector give."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sla_sync.connector import Concern, Observation, TellsLock, Unseen, Watched, Watches
from sla_sync.connector.simulation import Running, Simulator, serve
from sla_sync.pipeline.apply import Applied, apply
from sla_sync.pipeline.drift import drift
from sla_sync.pipeline.look import Sight, look
from sla_sync.places import Place
from sla_sync.reconcile.drift import Drift

CONFIGS = Path(__file__).parents[2] / "configs"
START = datetime(2026, 10, 1, tzinfo=UTC)
"""Where the clock of the simulator starts."""


@dataclass(frozen=True)
class Example:
    """One of the examples: its folder in `configs/`, its targets there, and the target that is a simulator."""

    simulator: Simulator
    target: str
    project: str = "acme"
    targets: str = "targets.yaml"


@dataclass(frozen=True)
class Scene:
    """A folder with a copy of the examples, one of which is used, and with the state of its simulator."""

    folder: Path
    example: Example

    @property
    def configs(self) -> Path:
        """Return where its copy of the examples is."""
        return self.folder / "configs"

    @property
    def target(self) -> str:
        """Return the name of its target."""
        return self.example.target

    @property
    def place(self) -> Place:
        """Return where its documents stand."""
        targets = self.configs / self.example.targets
        return Place(self.configs / self.example.project / "agreement.yaml", targets, self.folder / "state")

    @property
    def data(self) -> Path:
        """Return where the simulator keeps its state."""
        return self.place.state / self.target / "simulator"

    def apply(self, *acknowledged: str) -> Applied:
        """Apply; everything is done."""
        done = apply(self.place, self.target, environ={}, acknowledged=acknowledged)
        assert done.result is None or done.result.complete, [each for each in done.result.outcomes if each.detail]
        return done

    def drift(self) -> Drift:
        """Audit."""
        return drift(self.place, self.target, environ={})

    @contextmanager
    def served(self, record: Path | None = None) -> Iterator[Running]:
        """Serve the simulator for somebody else."""
        with serve(self.example.simulator, self.data, clock=START, record=record) as running:
            yield running

    @contextmanager
    def sight(self) -> Iterator[Sight]:
        """Look at it."""
        with look(self.place, self.target, environ={}) as sight:
            yield sight

    def edit(self, edit: Callable[[Running, str], str], *names: str) -> None:
        """Let an administrator do something, one thing after the other."""
        with self.served() as running:
            for each in names:
                edit(running, each)

    def copy(self, folder: Path) -> Scene:
        """Return another scene in which all is as in this one."""
        shutil.copytree(self.folder, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("deploys"))
        return replace(self, folder=folder)


@dataclass(frozen=True)
class Expected:
    """What an audit must see of one trespass: class, place in the agreement, what it names, whether it is told who did it."""

    concern: Concern
    origin: tuple[str, ...]
    what: str
    told: bool = True


def scene(folder: Path, example: Example) -> Scene:
    """Return a scene to which nothing was applied yet."""
    shutil.copytree(CONFIGS, folder / "configs")
    return Scene(folder, example)


def asked(sight: Sight) -> Watched:
    """Return what an audit asks of a reader that looks beside settings."""
    found = sight.prepared
    return Watched(found.resources, found.binding, found.translation, sight.snapshot, sight.target.connection.now())


def seen(shown: Scene) -> list[Observation | Unseen]:
    """Return what an audit sees beside settings."""
    with shown.sight() as sight:
        assert isinstance(sight.reader, Watches)
        return list(sight.reader.watch(asked(sight)))


def sees_nothing(shown: Scene, *, times: int) -> None:
    """Hold that so many audits see nothing beside settings, that nobody has the lock, and that no clock runs."""
    with shown.sight() as sight:
        assert isinstance(sight.reader, Watches)
        assert isinstance(sight.reader, TellsLock)
        for _ in range(times):
            assert list(sight.reader.watch(asked(sight))) == []
        assert sight.reader.lock() is None
        assert sight.reader.first_due(asked(sight)) is None


def audits_change_nothing(shown: Scene, *, times: int) -> None:
    """Hold that so many audits directly after an apply find nothing, and that none of their calls changes anything."""
    with shown.sight() as sight:
        assert sight.target.simulator is not None
        application = sight.target.simulator.application
        before, wanted = application.state_changes, {each.address for each in sight.prepared.translation.desired}
        for _ in range(times):
            assert sight.reader.read(wanted).settings == sight.snapshot.settings
        assert sight.plan.changes == ()
        assert application.state_changes == before
