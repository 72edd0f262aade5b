"""Ctrl-C and SIGTERM: a command stops as after any failure, gives back what it holds, and says so in one sentence."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What asks a process to stop; not every system has each of them."""
_SAID = {"SIGINT": "Ctrl-C"}
_ASKED_BY_SIGNAL = 128
"""What is added to the number of a signal to make the exit code, as shells do."""


class Stopped(KeyboardInterrupt):
    """Somebody asked the command to stop; what it holds is given back on the way out, as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def stoppable() -> Iterator[list[Stopped]]:
    """Turn signals that ask to stop into `Stopped` until the context ends, and give the list of those that came.

    One that comes while the first is still being obeyed stops that too. What is ignored, as under nohup, or has an answer
    of its own already, stays so; off the main thread nothing is changed.
    """
    came: list[Stopped] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        came.append(Stopped(number))
        raise came[-1]

    known = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    ours = threading.current_thread() is threading.main_thread()
    before = {
        each: found
        for each in known
        if ours and (found := signal.getsignal(each)) in {signal.SIG_DFL, signal.default_int_handler}
    }
    for each in before:
        signal.signal(each, stop)
    try:
        yield came
    finally:
        for each, found in before.items():
            signal.signal(each, found)


def stopped(by: Stopped) -> int:
    """Say on stderr that a command was stopped, and how far it had come where it knows that; return the exit code."""
    name = signal.Signals(by.number).name
    lines = [f"error: Stopped by {_SAID.get(name, name)} before it was done.", *getattr(by, "__notes__", ())]
    lines.append("  → Run the same command again: it goes on with what is left.")
    sys.stderr.write("\n".join(lines) + "\n")
    return _ASKED_BY_SIGNAL + by.number
