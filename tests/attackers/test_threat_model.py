"""The page about security names tests and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).parents[2]
_NAMED = re.compile(r"`((?:tests|connectors|sla_sync)/[\w/]+\.py)(?:::(\w+))?`")


def test_every_file_and_every_test_that_the_threat_model_names_is_there() -> None:
    named = _NAMED.findall((PROJECT / "docs/security.md").read_text(encoding="utf-8"))
    assert len(named) > 20
    lacking = [
        (file, test)
        for file, test in named
        if not (path := PROJECT / file).is_file() or (test and f"def {test}(" not in path.read_text(encoding="utf-8"))
    ]
    assert not lacking
