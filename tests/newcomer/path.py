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
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
GOAL = 300.0
"""Seconds."""


def first_commands(readme: str) -> list[str]:
    """Return the commands that the README asks for under "Try it", before it shows any output."""
    section = readme.partition("## Try it")[2].partition("<!-- output")[0]
    return [line for block in re.findall(r"(?ms)^```\n(.+?)\n```$", section) for line in block.splitlines()]


def following(said: str) -> list[str]:
    """Return the commands that the answer of `init` asks for next, each without the folder to go to before."""
    line = next(each for each in said.splitlines() if each.startswith("Next: "))
    return [each for each in line.removeprefix("Next: ").split(" && ") if not each.startswith("cd ")]


def timed(command: list[str], *, folder: Path, home: Path) -> tuple[float, str]:
    """Run one command as somebody would who has just come, print what it took, and return the seconds and what it said."""
    kept = ("PATH", "PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
    environ = {"HOME": str(home), "LANG": "C.UTF-8", **{name: os.environ[name] for name in kept if name in os.environ}}
    began = time.monotonic()
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, check=False)
    took = time.monotonic() - began
    print(f"{took:7.1f} s  {' '.join(command)}", flush=True)
    if done.returncode:
        sys.exit(f"It failed with exit code {done.returncode}:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return took, done.stderr


def main() -> None:
    """Walk the path."""
    parser = argparse.ArgumentParser(description="Time the way from a clone to a first plan.")
    parser.add_argument("--python", default=sys.executable, help="The Python with which the environment is made.")
    python = str(Path(parser.parse_args().python).resolve())
    with tempfile.TemporaryDirectory() as scratch:
        home, folder = Path(scratch) / "home", Path(scratch) / "sla-sync"
        home.mkdir()
        took, _ = timed(["git", "clone", "--quiet", str(PROJECT), str(folder)], folder=home, home=home)
        for line in first_commands((PROJECT / "README.md").read_text(encoding="utf-8")):
            took += timed([*line.split(), f"PYTHON={python}"], folder=folder, home=home)[0]
        command = str(folder / ".venv/bin/sla-sync")
        seconds, said = timed([command, "init", "mine", "--yes"], folder=folder, home=home)
        took += seconds
        for line in following(said):
            took += timed([command, *line.split()[1:]], folder=folder / "mine", home=home)[0]
    print(f"{took:7.1f} s  in all; the goal is {GOAL:.0f} s")
    sys.exit(took > GOAL)


if __name__ == "__main__":
    main()
