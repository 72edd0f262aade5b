"""Refuse a run of pytest that left tests out for reasons that nobody agreed to: `skips.py build/tests.xml`."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

AGREED = (
    "needs another user than root",  # root may read and write everything, so no permission can be refused to it
    "needs atheris",  # the coverage-guided fuzzer has no wheel for some Pythons and systems
    "needs pyspark",  # Spark is half a gigabyte and needs Java; `make spark` brings it and runs what needs it
    "needs node",  # what HubSpot runs is JavaScript; the same is tested in Python everywhere
    "needs /dev/full",  # only Linux has a device that is always full
)
"""What a test's reason may begin with."""


def unexplained_skips(junit: str) -> list[str]:
    """Return a line for every test that a JUnit report shows as skipped for a reason that is not agreed."""
    lines = []
    for case in ET.fromstring(junit).iter("testcase"):
        for skip in case.iter("skipped"):
            reason = skip.get("message", "").removeprefix("Skipped: ")
            if not reason.startswith(AGREED):
                lines.append(f"{case.get('classname')}::{case.get('name')}: {reason or 'no reason given'}")
    return lines


def main(arguments: list[str]) -> int:
    """Print what was left out; return 1 where something was."""
    lines = [line for each in arguments for line in unexplained_skips(Path(each).read_text(encoding="utf-8"))]
    for line in lines:
        print(f"skipped without an agreed reason: {line}", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
