"""How many examples a law is tried with: all of them, or for every save a few."""

from __future__ import annotations

import os


def examples(whole: int) -> int:
    """Return the whole number, or a share of it where SLA_SYNC_HASTE says how many times fewer are enough."""
    return max(5, whole // int(os.environ.get("SLA_SYNC_HASTE", "1")))
