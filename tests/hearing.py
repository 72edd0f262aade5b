"""Signals that reach a test, whatever started it: what a shell or `nohup` puts into the background ignores some."""

from __future__ import annotations

import signal


def hear_signals() -> None:
    """Answer Ctrl-C and SIGHUP again where they are ignored; what is started later would inherit that too."""
    for name, answer in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, answer)
