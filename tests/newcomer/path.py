"""Time what a newcomer does who reads the README and nothing else: from a clone to a first plan of an agreement of their own.

    python tests/newcomer/path.py [--python PYTHON]

The clone is of this repository as it is committed, with a home of its own, so that nothing kept from before helps. What
pip downloads is counted too; how long that takes depends on the network. Prints each command with its seconds, and leaves
with 1 where one fails or all of it takes more than five minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
GOAL = 300.0
"""Seconds."""
KEPT = ("PATH", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
"""What a newcomer's environment has besides a home."""


def typed(readme: str) -> list[str]:
    """Return the lines that the README asks to type under "Try it", before it shows what the demo prints.

    A block with `$` shows answers too; of one without, every line is typed.
    """
    section = readme.partition("## Try it")[2].partition("<!-- output")[0]
    lines: list[str] = []
    for block in re.findall(r"(?ms)^```\n(.+?)\n```$", section):
        asked = re.findall(r"(?m)^\$ (.+)$", block)
        lines += asked or block.splitlines()
    return lines


@dataclass
class Terminal:
    """Where a newcomer types: a folder, and what stands in the environment of somebody who has just come."""

    folder: Path
    environ: dict[str, str]

    def type(self, line: str) -> float:
        """Do what a line says, print what it took, and return the seconds. Leaves with 1 where it fails."""
        words = shlex.split(line)
        if words[0] == "cd":
            self.folder /= words[1]
            return 0.0
        if words[0] == "source":
            self.environ["PATH"] = f"{(self.folder / words[1]).parent}{os.pathsep}{self.environ['PATH']}"
            return 0.0
        program = shutil.which(words[0], path=self.environ["PATH"])
        if program is None:
            sys.exit(f"{line}: {words[0]} is not there.")
        began = time.monotonic()
        done = subprocess.run(
            [program, *words[1:]], cwd=self.folder, env=self.environ, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, check=False,
        )  # fmt: skip
        took = time.monotonic() - began
        print(f"{took:7.1f} s  {line}", flush=True)
        if done.returncode:
            sys.exit(f"It failed with exit code {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return took


def main() -> None:
    """Walk the path."""
    parser = argparse.ArgumentParser(description="Time the way from a clone to a first plan.")
    parser.add_argument("--python", default=sys.executable, help="The Python with which the environment is made.")
    python = str(Path(parser.parse_args().python).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        home = Path(scratch) / "home"
        home.mkdir()
        environ = {
            "HOME": str(home),
            "LANG": "C.UTF-8",
            **{name: os.environ[name] for name in KEPT if name in os.environ},
        }
        terminal = Terminal(home, environ)
        took = terminal.type(shlex.join(["git", "clone", "--quiet", str(PROJECT), "sla-sync"]))
        terminal.folder = home / "sla-sync"
        for line in typed((PROJECT / "README.md").read_text(encoding="utf-8")):
            took += terminal.type(f"{line} PYTHON={python}" if line.startswith("make ") else line)
    print(f"{took:7.1f} s  in all; the goal is {GOAL:.0f} s")
    sys.exit(took > GOAL)


if __name__ == "__main__":
    main()
