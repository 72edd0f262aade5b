"""A platform in memory in bad weather: lines are cut, runs are killed, time passes, and others write between any two calls.

It keeps watch over every write that a run makes, and raises `BrokenError` with a sentence where one of them may not be.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from sla_sync.errors import UnreachableError
from sla_sync.reconcile.canonical import canonical_live
from sla_sync.reconcile.manifest import manifest_from_json
from sla_sync.reconcile.settings import Address, Manifest, Values
from sla_sync.reconcile.values import differences
from sla_sync.testing.memory import TYPES, RudePlatform

Answer = TypeVar("Answer")
LOCK_LASTS = timedelta(minutes=30)


class Killed(BaseException):
    """The process of a run is gone; nothing that it would still do is done."""


class BrokenError(AssertionError):
    """An invariant of the protocol does not hold; the message says which and where."""


@dataclass(frozen=True)
class Cut:
    """The line of a run is gone from a call on: before the call was heard, or after it was carried out."""

    heard: bool
    kills: bool = False
    """Whether the process of the run dies with it, so that it gives nothing back."""


@dataclass(frozen=True)
class Meanwhile:
    """Something happens before a call of a run is heard."""

    name: str
    happen: Callable[[], None] = field(compare=False)


Weather = Cut | Meanwhile


@dataclass
class Run:
    """One apply as the platform sees it."""

    number: int
    who: str
    weather: dict[int, Weather] = field(default_factory=dict)
    calls: int = 0
    gone: Callable[[], BaseException] | None = None
    written: list[Address] = field(default_factory=list)
    dropped: list[Address] = field(default_factory=list)
    allowed: set[Address] = field(default_factory=set)
    """What it may adopt."""
    disturbed: set[Address] = field(default_factory=set)
    """What somebody else wrote while it ran."""


def _unreachable() -> BaseException:
    return UnreachableError("The line was cut.", call="memory")


@dataclass
class Watched(RudePlatform):
    """A rude platform that knows who writes and what each may write."""

    theirs: dict[Address, Values] = field(default_factory=dict)
    """What others made, as they left it."""
    kept_inside: set[Address] = field(default_factory=set)
    """Settings of ours in which somebody put a member of their own."""
    ours: set[Address] = field(default_factory=set)
    """What some run ever created or was allowed to adopt."""
    created: set[Address] = field(default_factory=set)
    """What stands there because some run created it."""
    runs: list[Run] = field(default_factory=list)
    """The runs that are under way, the innermost last."""
    writers: list[int] = field(default_factory=list)
    """The numbers of the runs that wrote, in order, each as often as it took over from another."""

    def call(self, work: Callable[[], Answer]) -> Answer:
        """Do one piece of work for the run that is under way, in the weather of this call."""
        if not self.runs:
            return super().call(work)
        run = self.runs[-1]
        if run.gone is not None:
            raise run.gone()
        run.calls += 1
        weather = run.weather.pop(run.calls, None)
        if isinstance(weather, Meanwhile):
            weather.happen()
        if isinstance(weather, Cut):
            run.gone = Killed if weather.kills else _unreachable
            if not weather.heard:
                raise run.gone()
        before = self.manifest
        answer = super().call(work)
        if self.manifest != before:
            self._writes(run)
            self._judge_manifest(manifest_from_json(before) if before else None, run)
        if run.gone is not None:
            raise run.gone()
        return answer

    @contextmanager
    def running(self, run: Run) -> Iterator[None]:
        """Let all calls be those of a run until the context ends."""
        self.runs.append(run)
        try:
            yield
        finally:
            self.runs.pop()

    def put(self, address: Address, values: Values) -> str:
        """Write a setting for the run that is under way, where it may."""
        run = self.runs[-1]
        self._writes(run)
        if address in run.written:
            raise BrokenError(f"Run {run.number} wrote {address} twice.")
        if address in self.theirs:
            known = manifest_from_json(self.manifest).displaced if self.manifest else {}
            if address not in run.allowed:
                raise BrokenError(f"Run {run.number} wrote {address}, which is others' and was not acknowledged.")
            if address not in known:
                raise BrokenError(f"{address} was adopted before it was kept what stood there.")
            del self.theirs[address]
        elif address not in self.settings:
            self.created.add(address)
        self.ours.add(address)
        run.written.append(address)
        self.disturb(address, run)
        return super().put(address, values)

    def drop(self, address: Address) -> None:
        """Delete a setting for the run that is under way, where it may."""
        run = self.runs[-1]
        self._writes(run)
        if address not in self.created:
            raise BrokenError(f"Run {run.number} deleted {address}, which no run had made.")
        self.created.discard(address)
        self.kept_inside.discard(address)
        run.dropped.append(address)
        self.disturb(address, run)
        super().drop(address)

    def disturb(self, address: Address, by: Run | None = None) -> None:
        """Remember for all other runs under way that this setting is no longer what they left."""
        for each in self.runs:
            if each is not by:
                each.disturbed.add(address)

    def agrees(self, address: Address, values: Values) -> bool:
        """Return whether a setting stands there with these canonical values."""
        live = self.settings.get(address)
        if live is None:
            return False
        return not any(differences(values, canonical_live(live, TYPES[address.type]), self.handles.get))

    def _writes(self, run: Run) -> None:
        if self.writers[-1:] != [run.number]:
            if run.number in self.writers:
                raise BrokenError(f"Run {run.number} of {run.who} went on after run {self.writers[-1]} had written.")
            self.writers.append(run.number)

    def _judge_manifest(self, before: Manifest | None, run: Run) -> None:
        """Hold a new manifest against what is there, but for what somebody disturbed while the run was under way."""
        after = manifest_from_json(self.manifest or "")
        known = before.applied if before else {}
        for address, values in after.applied.items():
            if known.get(address) != values and address not in run.disturbed and not self.agrees(address, values):
                raise BrokenError(f"The manifest says that {address} was applied, and it was not.")
        for address in known.keys() & self.settings.keys():
            if address not in after.applied and address not in after.released:
                raise BrokenError(f"The manifest forgot {address}, which is ours and stands there.")
        claimed = after.created - (before.created if before else frozenset())
        for address in claimed - run.disturbed:
            if address not in self.created:
                raise BrokenError(f"The manifest says that we made {address}, and no run did.")
        stood = before.displaced.keys() & self.settings.keys() if before else set()
        if not stood <= after.displaced.keys() | self.created:
            raise BrokenError("The manifest forgot what had stood there before us.")
