"""Build the wheel, install it in a bare environment outside this folder, and use what was installed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Sequence
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
CONNECTORS = ["hubspot", "salesforce"]
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
        found = run([python, "-c", FIND], folder / "work").split()
        if found != CONNECTORS:
            sys.exit(f"The installed connectors are {found}, not {CONNECTORS}.")
        keep = PROJECT / "dist"
        keep.mkdir(exist_ok=True)
        kept = Path(shutil.copy(wheel, keep)).relative_to(PROJECT)
        print(f"{kept} works in a bare environment; its connectors: {', '.join(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
