"""What holds for all tests: their laws are tried with the same examples each time, and garbage is looked for seldom.

So a red test is about the change; the nightly run draws new examples.
"""

from __future__ import annotations

import gc
import os

from hypothesis import settings

GARBAGE = (50_000, 20, 20)
"""Python looks for garbage so seldom: what thousands of tests make and drop at once is mostly freed without a search."""

# A machine that is busy with other things makes no law false, so none has a deadline.
settings.register_profile("settled", derandomize=True, deadline=None)
settings.register_profile("drawn anew", derandomize=False, deadline=None)
settings.load_profile("drawn anew" if os.environ.get("SLA_SYNC_NEW_EXAMPLES") == "1" else "settled")


def pytest_configure() -> None:
    """Look for no garbage while modules are imported and tests are collected, for they all stay."""
    gc.disable()


def pytest_collection_finish() -> None:
    """Never again look at what was imported and collected: searching it took a tenth of the time of the tests."""
    gc.freeze()
    gc.set_threshold(*GARBAGE)
    gc.enable()
