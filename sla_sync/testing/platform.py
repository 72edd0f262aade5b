"""A platform under test: what the suite asks of it and does to it, whether it is served over HTTP or lies in a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sla_sync.connector import Connection, Connector, UnreachableError
from sla_sync.connector.simulation import Running, Simulator
from sla_sync.connector.simulation.schedules import Cut

T = TypeVar("T")


class Platform(Protocol):
    """A platform that the connector under test speaks to, until the context that yielded it ends."""

    @property
    def connector(self) -> Connector:
        """The connector, on a way to the platform that `cut` can cut."""
        ...

    @property
    def connection(self) -> Connection:
        """What opens a conversation with it, with a ticket for its apply lock; `wait` waits for nothing."""
        ...

    @property
    def calls(self) -> int:
        """How many calls it was asked since the context began, reads included."""
        ...

    def state(self) -> object:
        """Return what equals itself as long as nothing of the platform changed."""
        ...

    def cut(self, at: int | None, *, before: bool = True) -> None:
        """Cut the line at this call (counting from 1) and at all later ones; None mends it.

        The call at which it is cut is left undone with `before`; otherwise it is done, and only its answer is lost.
        """
        ...

    def run_until(self, instant: datetime) -> None:
        """Let the time of the platform, and of the connection, run on to an instant."""
        ...

    def administer(self) -> Sequence[str]:
        """Change applied settings as an administrator would, each one once; return what was done, a sentence each."""
        ...


@dataclass(frozen=True)
class Served:
    """A connector's simulator while it is served over HTTP."""

    connector: Connector
    connection: Connection
    running: Running
    simulator: Simulator

    @property
    def calls(self) -> int:
        """How many requests it has answered."""
        return self.running.requests

    def state(self) -> object:
        """Return how many requests changed it."""
        return self.running.application.state_changes

    def cut(self, at: int | None, *, before: bool = True) -> None:
        """Cut the connection at a request, before or after it is carried out; None mends it."""
        self.running.trouble = None if at is None else Cut(at, before=before)

    def run_until(self, instant: datetime) -> None:
        """Let the simulator's clock run, which is the connection's too."""
        self.running.run_until(instant)

    def administer(self) -> Sequence[str]:
        """Let the simulator's administrator change settings through the platform's own API."""
        return self.simulator.administer(self.running)


@dataclass
class Line:
    """The way to a platform that lies in this process or in a file: it counts calls, and can be cut at any of them.

    Hand every call of the connector through `call`, such as each statement of a database or each write of a file.
    """

    calls: int = 0
    cut_at: int | None = None
    cut_before: bool = True

    def call(self, work: Callable[[], T]) -> T:
        """Do one piece of work as one call. Raises UnreachableError where the line is cut."""
        self.calls += 1
        if self.cut_at is None or self.calls < self.cut_at:
            return work()
        if self.calls == self.cut_at and not self.cut_before:
            work()
        raise UnreachableError("The line to the platform was cut by the test.", hint="Mend it.")


@dataclass
class VirtualTime:
    """A clock that stands still until it is told to run on."""

    now: datetime

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now


@dataclass(frozen=True)
class Local:
    """A platform that lies in this process or in a file, reached over a line that can be cut.

    `contents` returns all that is there, and `edit` plays the administrator.
    """

    connector: Connector
    connection: Connection
    line: Line
    time: VirtualTime
    contents: Callable[[], object]
    edit: Callable[[], Sequence[str]]

    @property
    def calls(self) -> int:
        """How many calls went over the line."""
        return self.line.calls

    def state(self) -> object:
        """Return all that is there."""
        return self.contents()

    def cut(self, at: int | None, *, before: bool = True) -> None:
        """Cut the line at a call, before or after it is done; None mends it."""
        self.line.cut_at, self.line.cut_before = at, before

    def run_until(self, instant: datetime) -> None:
        """Let the time run on."""
        self.time.now = instant

    def administer(self) -> Sequence[str]:
        """Change applied settings as an administrator would."""
        return self.edit()
