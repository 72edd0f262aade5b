"""What holds for all tests: their laws are tried with the same examples each time, and garbage is looked for seldom.

So a red test is about the change; the nightly run draws new examples.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

from hypothesis import settings

from tests.hearing import hear_signals

GARBAGE = (50_000, 20, 20)
"""Python looks for garbage so seldom: what thousands of tests make and drop at once is mostly freed without a search."""

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3  # noqa: S108 - pytest makes a folder there that only its user may enter
"""Where files of tests lie in memory, and how many bytes must be free there: a journal settles each line on its disk."""

# A machine that is busy with other things makes no law false, so none has a deadline.
settings.register_profile("settled", derandomize=True, deadline=None)
settings.register_profile("drawn anew", derandomize=False, deadline=None)
settings.load_profile("drawn anew" if os.environ.get("SLA_SYNC_NEW_EXAMPLES") == "1" else "settled")


def pytest_configure() -> None:
    """Look for no garbage while modules are imported and tests are collected, for they all stay; choose where files lie."""
    gc.disable()
    hear_signals()
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Never again look at what was imported and collected: searching it took a tenth of the time of the tests."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()
