"""A working copy of a small agreement, a platform full of others' things, and commands that run in this process."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from sla_sync.cli import main
from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Trouble
from sla_sync.registry import load_connector
from tests.chaos.occupied import settle_where_we_would, silence
from tests.chaos.others import settle_others
from tests.chaos.schedule import PATIENCE

CONFIGS = Path(__file__).parent / "configs"
PLATFORMS = ("hubspot", "salesforce")
START = datetime(2026, 10, 1, tzinfo=UTC)
TODAY = "2026-10-01"
TARGET = "there"
_STOPPED = frozenset({130, 143})
IN_MEMORY = next((each for each in ("/dev/shm",) if Path(each).is_dir()), None)  # noqa: S108 - nothing there is shared
_TARGETS = """apiVersion: sla-sync/v1
kind: Targets
targets:
  there:
    connector: {platform}
    binding: small/bindings/{platform}.yaml
    agreements: [small/agreement.yaml]
    simulator: {at}
    timeout: {patience}
"""
_PLAIN_HOURS = {
    "clock: {starts: assigned, stops: touch, runs_in: office}": "clock: {starts: assigned, stops: touch}",
    "4 business hours": "4 hours",
    "calendars:\n  office: {open: {mon-fri: 09:00-17:00}, holidays: [2026-10-15]}\n": "",
}
"""What makes the agreement small on Salesforce too, where each day of a calendar is a record."""
_UNFIT = "    bad_fit: {means: Outside the agreed profile.}\n"
_CHANGED = {
    "means: Ready for sales.": "means: Ready for a call by sales.",
    "within: 4": "within: 2",
    _UNFIT: f"{_UNFIT}    no_budget: {{means: No money for it this year.}}\n",
}
"""The agreement of later: another text, another limit, one reason more."""


@dataclass(frozen=True)
class Said:
    """What a command said and how it left."""

    command: tuple[str, ...]
    code: int
    out: str
    err: str

    @property
    def found(self) -> Any:
        """The JSON that it answered."""
        return json.loads(self.out)


@dataclass
class Stage:
    """One working copy and the platform that it speaks to."""

    here: Path
    running: Running
    said: list[Said] = field(default_factory=list)

    def run(self, *arguments: str, trouble: Trouble | None = None) -> Said:
        """Run a command of the tool in this process, in this weather."""
        command, *rest = arguments
        out, err = io.StringIO(), io.StringIO()
        self.running.trouble = trouble
        try:
            with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
                code = main([command, str(self.here / "configs" / "small"), "--target", TARGET, *rest])
        finally:
            self.running.trouble = None
        if code in _STOPPED:
            raise KeyboardInterrupt  # it was meant for all that this process does
        said = Said(arguments, code, out.getvalue(), err.getvalue())
        self.said.append(said)
        return said

    def agree(self, changed: Mapping[str, str] = _CHANGED) -> None:
        """Let the agreement be that of later."""
        path = self.here / "configs" / "small" / "agreement.yaml"
        text = path.read_text(encoding="utf-8")
        for before, after in changed.items():
            assert before in text, before
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")

    def delete_removed(self) -> None:
        """Let the target say that what is not agreed any more, or is too much, is taken away."""
        path = self.here / "configs" / "targets.yaml"
        path.write_text(path.read_text(encoding="utf-8") + "    removal: delete\n", encoding="utf-8")

    @property
    def state(self) -> Path:
        """Where the working copy keeps its journal."""
        return self.here / ".sla-sync" / TARGET


@contextlib.contextmanager
def stage(platform: str, world: str = "others") -> Iterator[Stage]:
    """Serve a copy of a world, with a working copy beside it, until the context ends."""
    here = Path(mkdtemp(dir=IN_MEMORY))
    try:
        shutil.copytree(made(platform, world), here, dirs_exist_ok=True)
        with served(platform, here) as found:
            yield found
    finally:
        shutil.rmtree(here)


@contextlib.contextmanager
def served(platform: str, here: Path) -> Iterator[Stage]:
    """Serve the platform of a folder, and let its targets file point there."""
    make = load_connector(platform).simulator
    assert make is not None
    with serve(make(), here / "platform", clock=START) as running:
        at = {"url": running.url, "token": "CHAOS_TOKEN", **({"ca": str(running.ca)} if running.ca else {})}
        targets = _TARGETS.format(platform=platform, at=json.dumps(at), patience=PATIENCE)
        (here / "configs" / "targets.yaml").write_text(targets, encoding="utf-8")
        os.environ["CHAOS_TOKEN"] = running.token
        yield Stage(here, running)


@cache
def made(platform: str, world: str) -> Path:
    """Return the folder of a world, made once in a process, by what happened there since the world that it grew from."""
    folder = Path(mkdtemp(dir=IN_MEMORY, prefix=f"chaos-{platform}-{world}-"))
    _MADE.append(folder)
    earlier = GROWN_FROM[world]
    if earlier:
        shutil.copytree(made(platform, earlier), folder, dirs_exist_ok=True)
    else:
        small = folder / "configs" / "small"
        (small / "bindings").mkdir(parents=True)
        text = (CONFIGS / "agreement.yaml").read_text(encoding="utf-8")
        if platform == "salesforce":
            for before, after in _PLAIN_HOURS.items():
                assert before in text, before
                text = text.replace(before, after)
        (small / "agreement.yaml").write_text(text, encoding="utf-8")
        shutil.copy(CONFIGS / "bindings" / f"{platform}.yaml", small / "bindings")
    with served(platform, folder) as found:
        _HAPPENED[world](platform, found)
    return folder


def _applied(_platform: str, here: Stage) -> None:
    """Apply, and take over what stands there."""
    asked = here.run("plan", "--format", "json", "--today", TODAY).found["changes"]
    acks = [part for each in asked for ack in each["acknowledgements"] for part in ("--ack", ack)]
    said = here.run("apply", "--yes", "--today", TODAY, *acks)
    assert said.code == 0, said.err


GROWN_FROM: Mapping[str, str] = {
    "others": "",
    "applied": "others",
    "occupied": "others",
    "adopted": "occupied",
    "silenced": "applied",
}
"""World → the one that it grew from."""
_HAPPENED: Mapping[str, Callable[[str, Stage], None]] = {
    "others": lambda platform, here: settle_others(platform, here.running),
    "applied": _applied,
    "occupied": lambda platform, here: settle_where_we_would(platform, here.running),
    "adopted": _applied,
    "silenced": lambda platform, here: silence(platform, here.running),
}
_MADE: list[Path] = []


def clear() -> None:
    """Delete the folders of all worlds that this process made."""
    made.cache_clear()
    while _MADE:
        shutil.rmtree(_MADE.pop(), ignore_errors=True)
