"""A working copy, a served simulator that can strike at any request, and the commands that are run there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from werkzeug.test import Client

from sla_sync.connector.simulation import Asked, Exchange, Fault, Given, serve
from sla_sync.connector.simulation import Running as Served
from sla_sync.registry import load_connector
from sla_sync_hubspot.names import LOCK_PROPERTY
from sla_sync_salesforce.names import LOCK_NAME
from tests.interruptions.nursery import PROJECT, Ended, Nursery, Running, Trap

PLATFORMS = ("hubspot", "salesforce")
START = datetime(2026, 10, 1, tzinfo=UTC)
_LOCKS = {
    "hubspot": (f"/crm/v3/properties/contacts/{LOCK_PROPERTY}", '"description"'),
    "salesforce": (
        f"/services/data/v63.0/query/?q=SELECT+Id+FROM+StaticResource+WHERE+Name+=+'{LOCK_NAME}'",
        '"Id"',
    ),
}
"""Where the lock is looked for, and what an answer holds that found it."""
_LOST, _DONE = "struck-lost", "struck-done"


@dataclass
class Strike:
    """Sends a signal to a process at one request; `lost` keeps the platform from carrying that request out."""

    at: int
    signal: int
    lost: bool = False
    pid: int | None = None
    happened: threading.Event = field(default_factory=threading.Event)
    writes: list[Asked] = field(default_factory=list)
    """What was asked since then and changes the platform."""

    def fault_of(self, asked: Asked, _fitting: Sequence[str]) -> str | None:
        """Name the fault of a request, if it is the one."""
        if self.happened.is_set() and not asked.reads:
            self.writes.append(asked)
        if asked.number != self.at or self.pid is None:
            return None
        return _LOST if self.lost else _DONE


@dataclass
class Stage:
    """One working copy and the platform that it speaks to."""

    here: Path
    said: Path
    platform: str
    served: Served
    nursery: Nursery
    environ: dict[str, str]

    @property
    def target(self) -> str:
        """The target that is this platform."""
        return f"{self.platform}-simulator"

    def start(self, *arguments: str, here: Path | None = None, trap: Trap | None = None) -> Running:
        """Start a command in the working copy, or in another."""
        return self.nursery.start(arguments, here or self.here, self.environ, self.said, trap)

    def run(self, *arguments: str, here: Path | None = None, trap: Trap | None = None) -> Ended:
        """Run a command to its end."""
        return self.start(*arguments, here=here, trap=trap).wait()

    def struck(self, strike: Strike, *arguments: str, here: Path | None = None) -> tuple[Ended, bool]:
        """Run a command that is struck at a request counted from now, and return how it ended and whether it was."""
        with self.striking(strike):
            running = self.start(*arguments, here=here)
            strike.pid = running.pid
            ended = running.wait()
        return ended, strike.happened.is_set()

    @contextmanager
    def striking(self, strike: Strike) -> Iterator[None]:
        """Have the platform strike once, at a request counted from now."""
        strike.at += self.served.requests

        def happen(exchange: Exchange, *, lost: bool) -> Given:
            strike.happened.set()
            assert strike.pid is not None
            os.kill(strike.pid, strike.signal)
            return self.served.faults["cut-before"].happen(exchange) if lost else exchange.carry_out()

        before = self.served.faults
        self.served.faults = {
            **before,
            _LOST: Fault(_LOST, "A process is struck, and its request is lost.", lambda each: happen(each, lost=True)),
            _DONE: Fault(_DONE, "A process is struck, and its request is done.", lambda each: happen(each, lost=False)),
        }
        self.served.trouble = strike
        try:
            yield
        finally:
            self.served.faults, self.served.trouble = before, None

    def applied(self) -> Ended:
        """Apply to the end."""
        return self.run("apply", "--target", self.target, "--yes")

    def another(self, name: str) -> Path:
        """Return another working copy of the same documents."""
        return copy(self.here.parent / name, self.served, self.target)

    def locked(self) -> bool:
        """Return whether the apply lock stands on the platform."""
        path, found = _LOCKS[self.platform]
        headers = {"Authorization": f"Bearer {self.served.token}"}
        answer = Client(self.served.application).get(path, headers=headers)
        return found in answer.get_data(as_text=True)

    def journal(self) -> list[str]:
        """Return the lines of the journal."""
        path = self.here / ".sla-sync" / self.target / "journal.jsonl"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def drafts(self) -> list[Path]:
        """Return what was left of files that were being written."""
        return [each for each in self.here.rglob("*") if each.name.endswith(".new")]


def copy(folder: Path, served: Served, target: str) -> Path:
    """Make a working copy of the example whose target is a served simulator."""
    shutil.copytree(PROJECT / "configs", folder / "configs")
    targets = folder / "configs" / "targets.yaml"
    text = targets.read_text(encoding="utf-8")
    own = text.index(f"  {target}:")
    at = {"url": served.url, "token": "TOKEN", **({"ca": str(served.ca)} if served.ca else {})}
    said = text[own:].replace("simulator: true", f"simulator: {json.dumps(at)}", 1)
    targets.write_text(text[:own] + said, encoding="utf-8")
    return folder


@contextmanager
def staged(folder: Path, platform: str, nursery: Nursery, prepared: Path | None = None) -> Iterator[Stage]:
    """Serve a platform, as it stands in a prepared folder or empty, with a working copy before it."""
    data = folder / "data"
    if prepared is not None:
        shutil.copytree(prepared, data)
        (data / "lock").unlink(missing_ok=True)
    simulator = load_connector(platform).simulator
    assert simulator is not None
    with serve(simulator(), data, clock=START) as served:
        here = copy(folder / "here", served, f"{platform}-simulator")
        environ = {"TOKEN": served.token, "PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        yield Stage(here, folder / "said", platform, served, nursery, environ)


NAMES = {"SIGKILL": signal.SIGKILL, "SIGTERM": signal.SIGTERM, "SIGINT": signal.SIGINT}
"""What ends a process, by name."""
