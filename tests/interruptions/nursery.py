"""Commands as processes of their own that need not start Python anew: a nursery has imported everything and forks each.

A child is the real command with its own pid, signals, files and limits. Before it begins, a trap may be laid in it: at
its nth step on the disk a signal comes, or the disk refuses.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.hearing import hear_signals

PROJECT = Path(__file__).parents[2]
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_MOVES = frozenset({"os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "os.truncate", "sqlite3.connect"})
_PRELOADED = (
    "sla_sync.cli.app", "sla_sync.pipeline.apply", "sla_sync.pipeline.export", "sla_sync.pipeline.night", "sla_sync.render.plan",
    "sla_sync.pipeline.timekeeping", "sla_sync.history.parquet", "sla_sync_salesforce.writer", "sla_sync_salesforce.reader",
    "sla_sync_hubspot.writer", "sla_sync_hubspot.reader", "sla_sync.authoring.project", "sla_sync.pipeline.adopt",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Trap:
    """What happens at the nth step that a command takes on the disk below its folder; at 0 steps are only counted.

    `do` is the name of a signal, or of an error of the disk, which then comes at that step and at each that follows, as a
    disk stays full. `room` is how many bytes a file may hold at most; with `dies`, whoever writes more is killed there.
    """

    at: int = 0
    do: str = ""
    room: int | None = None
    dies: bool = False


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its code (minus the number of a signal that killed it), what it said, the steps on the disk."""

    code: int
    out: str
    err: str
    steps: int


class Ear(threading.Thread):
    """Hears what a command says into a pipe: a file would have no more room than the trap leaves."""

    def __init__(self, pipe: Path) -> None:
        super().__init__(daemon=True)
        os.mkfifo(pipe)
        self._pipe = pipe
        self._heard = ""
        self.start()

    def run(self) -> None:
        """Listen until nobody speaks any more."""
        self._heard = self._pipe.read_text(encoding="utf-8")

    def all(self) -> str:
        """Return everything, once it was said."""
        self.join()
        return self._heard


@dataclass
class Running:
    """A command that runs."""

    pid: int
    nursery: Nursery
    ears: Mapping[str, Ear]

    def wait(self) -> Ended:
        """Return how it ended."""
        told = self.nursery.ask({"wait": self.pid})
        heard = {name: ear.all() for name, ear in self.ears.items()}
        return Ended(int(told["code"]), heard["out"], heard["err"], int(heard["steps"] or 0))


@dataclass
class Nursery:
    """The process that forks commands."""

    process: subprocess.Popen[str]
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def start(
        self, arguments: Sequence[str], here: Path, environ: Mapping[str, str], said: Path, trap: Trap | None = None
    ) -> Running:
        """Start a command in a folder; what it says goes into files below another."""
        folder = said / str(next(self.numbers))
        folder.mkdir(parents=True)
        ears = {name: Ear(folder / name) for name in ("out", "err", "steps")}
        order = {"arguments": list(arguments), "here": str(here), "environ": dict(environ), "said": str(folder)}
        told = self.ask({**order, "trap": asdict(trap or Trap())})
        return Running(int(told["pid"]), self, ears)

    def ask(self, order: Mapping[str, Any]) -> Any:
        """Say one line to the process and return the line that it answers."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Keep a nursery until the context ends."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.interruptions.nursery"],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        try:
            yield Nursery(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait()


def lay(trap: Trap, folder: Path, said: Path) -> list[int]:
    """Lay a trap in this process, and return where the steps on the disk below a folder are counted."""
    steps = [0]
    number = getattr(signal, trap.do, None) if trap.do.startswith("SIG") else None
    refusal = getattr(errno, trap.do, None) if number is None and trap.do else None

    def step(*paths: object) -> None:
        named = [os.fsdecode(each) for each in paths if isinstance(each, str | bytes | os.PathLike)]
        inside = any(str(folder) in each or not each.startswith("/") for each in named if each)
        if named and (not inside or any(str(said) in each for each in named)):
            return
        steps[0] += 1
        if trap.at and refusal is not None and steps[0] >= trap.at:
            raise OSError(refusal, os.strerror(refusal), next(iter(named), None))
        if trap.at and number is not None and steps[0] == trap.at:
            os.kill(os.getpid(), number)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode, flags = arguments
            if isinstance(path, int):
                return
            if (isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & _WRITES:
                step(path)
        elif event in _MOVES:
            step(*arguments[:2])

    settle = os.fsync

    def fsync(handle: Any) -> None:
        step()
        settle(handle)
        step()

    setattr(os, "fsync", fsync)  # noqa: B010 - whoever settles a file asks the module for it
    sys.addaudithook(hook)
    if trap.room is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL if trap.dies else signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (trap.room, trap.room))
    return steps


def _child(order: Mapping[str, Any]) -> None:
    from sla_sync.cli import main

    said, here = Path(order["said"]), Path(order["here"])
    for handle, name in ((1, "out"), (2, "err")):
        os.dup2(os.open(said / name, os.O_WRONLY), handle)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, handle in (("stdin", 0), ("stdout", 1), ("stderr", 2)):
        setattr(sys, stream, os.fdopen(handle, "r" if handle == 0 else "w", encoding="utf-8", closefd=False))
    counter = os.open(said / "steps", os.O_WRONLY)
    os.chdir(here)
    os.environ.clear()
    os.environ.update(order["environ"])
    sys.argv = ["sla-sync", *order["arguments"]]
    steps = lay(Trap(**order["trap"]), here, said)
    code = 99
    try:
        code = main(order["arguments"])
    except BaseException:  # noqa: BLE001 - what no command may do is shown, and told by its code
        import traceback

        traceback.print_exc()
        code = 70
    finally:
        for spoken in (sys.stdout, sys.stderr):
            try:
                spoken.flush()
            except OSError:
                code = code or 120
        os.write(counter, str(steps[0]).encode())
        os._exit(code)


def tend() -> None:
    """Fork what is ordered on stdin, one line each, until it ends."""
    import importlib

    hear_signals()
    for each in _PRELOADED:
        importlib.import_module(each)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        order = json.loads(line)
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answers.write(json.dumps({"code": os.waitstatus_to_exitcode(status)}) + "\n")
        else:
            pid = os.fork()
            if pid == 0:
                _child(order)
            answers.write(json.dumps({"pid": pid}) + "\n")
        answers.flush()


if __name__ == "__main__":
    tend()
