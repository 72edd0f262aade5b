"""What is printed can be read: UTF-8 into files and pipes on every system, and no sign that ends a command on a terminal."""

from __future__ import annotations

import io
import sys


def settle_streams() -> None:
    """Let stdout and stderr take every text.

    Windows gives files and pipes the encoding of the machine's language, which has no arrows or ticks and in which no
    program would look for our JSON. A terminal keeps its own; what it cannot show it gets as an escape.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
