"""Build the wheel, install it in a bare environment outside this folder, and use what was installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CONNECTORS = ["hubspot", "salesforce"]
TUTORIAL = PROJECT / "docs/examples/sqlite"
KIT = ("pytest==", "iniconfig==", "pluggy==", "packaging==", "pygments==")
"""What the extra `testing` needs."""
MAKE_CRM = "import sqlite3; sqlite3.connect('crm.db').executescript(open('crm.sql').read())"
TRIED = (
    ("validate", "configs/agreement.yaml is valid."),
    ("plan --target crm", "8 to create"),
    ("apply --target crm --yes", "crm: 8 created."),
    ("plan --target crm", "Nothing to change: 8 settings match."),
    ("drift --target crm", "crm: 8 settings match"),
    ("remove --target crm --yes", "crm: 7 updated, 1 deleted."),
)
"""What a stranger's connector is tried with, and what the command says."""
FIND = "from importlib.metadata import entry_points as e; print(*sorted(c.load().name for c in e(group='sla_sync.connectors')))"


def run(arguments: Sequence[str | Path], folder: Path) -> str:
    """Run a command without this project's environment and return what it prints; its failure ends the run."""
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    print("$", *(Path(each).name if isinstance(each, Path) else each for each in arguments), flush=True)
    answer = subprocess.run(
        [str(each) for each in arguments], cwd=folder, env=plain, text=True, capture_output=True, check=False
    )
    if answer.returncode:
        sys.exit(f"{answer.stdout}{answer.stderr}ended with {answer.returncode}")
    return answer.stdout


def build_wheel(folder: Path) -> Path:
    """Build the wheel into `folder` with the hatchling of this environment and return its path."""
    run([sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder], PROJECT)
    (wheel,) = folder.glob("*.whl")
    return wheel


def kit_lock(folder: Path) -> Path:
    """Write the part of the lock that the kit adds to what is installed anyway, and return its path."""
    blocks = re.findall(
        r"^[a-z].*?(?=^[a-z]|\Z)", (PROJECT / "requirements/dev.lock").read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    kept = folder / "kit.lock"
    kept.write_text("".join(each for each in blocks if each.startswith(KIT)), encoding="utf-8")
    return kept


def try_a_strangers_connector(folder: Path, wheel: Path) -> None:
    """Install the tutorial's connector beside the wheel, let it be judged by the kit, and plan and apply with it."""
    python, command = folder / "bare/bin/python", folder / "bare/bin/sla-sync"
    install: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
    run([*install, "--require-hashes", "--requirement", kit_lock(folder)], folder)
    run([*install, "--no-index", f"sla-sync[testing] @ {wheel.as_uri()}"], folder)
    stranger = folder / "stranger"
    shutil.copytree(TUTORIAL, stranger, ignore=shutil.ignore_patterns("__pycache__"))
    run([*install, "--no-index", "--no-deps", "--no-build-isolation", stranger], folder)
    shutil.rmtree(stranger / "sla_sync_sqlite")  # what is tried is what was installed
    judged = run([python, "-m", "pytest", "-q", "test_sqlite_contract.py"], stranger)
    print(judged.splitlines()[-1])
    run([python, "-c", MAKE_CRM], stranger)
    for arguments, expected in TRIED:
        if expected not in run([command, *arguments.split()], stranger):
            sys.exit(f"sla-sync {arguments} does not say «{expected}».")


def found_connectors(python: Path, folder: Path) -> list[str]:
    """Return the names of the connectors that an environment has."""
    return run([python, "-c", FIND], folder).split()


def main() -> int:
    """Return 0 where the installed command works; anything else ends the program with what went wrong."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as name:
        folder = Path(name)
        wheel = build_wheel(folder / "wheel")
        venv.create(folder / "bare", with_pip=True)
        python, command = folder / "bare/bin/python", folder / "bare/bin/sla-sync"
        install: list[str | Path] = [python, "-m", "pip", "install", "--quiet"]
        run([*install, "--require-hashes", "--requirement", PROJECT / "requirements/run.lock"], folder)
        run([*install, "--no-deps", "--no-index", wheel], folder)
        shutil.copytree(PROJECT / "configs", folder / "work/configs")
        run([command, "--help"], folder / "work")
        print(run([command, "validate", "configs/acme"], folder / "work"), end="")
        found = found_connectors(python, folder / "work")
        if found != CONNECTORS:
            sys.exit(f"The installed connectors are {found}, not {CONNECTORS}.")
        try_a_strangers_connector(folder, wheel)
        with_theirs = found_connectors(python, folder / "work")
        if with_theirs != [*CONNECTORS, "sqlite"]:
            sys.exit(f"With the tutorial's connector the connectors are {with_theirs}.")
        keep = PROJECT / "dist"
        keep.mkdir(exist_ok=True)
        kept = Path(shutil.copy(wheel, keep)).relative_to(PROJECT)
        print(f"{kept} works in a bare environment; its connectors: {', '.join(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
