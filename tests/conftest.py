"""Laws are tried with the same examples each time, so that a red test is about the change; the nightly run draws new ones."""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("settled", derandomize=True)
settings.register_profile("drawn anew", derandomize=False)
settings.load_profile("drawn anew" if os.environ.get("SLA_SYNC_NEW_EXAMPLES") == "1" else "settled")
