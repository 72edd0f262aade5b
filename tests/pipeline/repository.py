"""A git repository with an agreement, for tests."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

CONFIGS = Path(__file__).parents[2] / "configs"
_WHO = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": f"{what}@acme.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
    **{f"GIT_{who}_DATE": "2026-11-02T09:00:00Z" for who in ("AUTHOR", "COMMITTER")},
}


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git as somebody, on one day, without the settings of this machine; return what it says."""
    said = subprocess.run(
        ["git", *arguments],  # noqa: S607 - git is where the PATH says
        cwd=folder,
        input=given,
        env={**os.environ, **_WHO},
        capture_output=True,
        check=False,
    )
    assert said.returncode == 0, said.stderr.decode()
    return said.stdout.decode().strip()


def commit(folder: Path, message: str = "A change") -> str:
    """Commit all of a working tree and return the commit."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def repository(folder: Path, configs: Path = CONFIGS / "acme") -> Path:
    """Return a repository whose branch main has an agreement in configs/acme, and the targets of the example."""
    shutil.copytree(_kept(configs), folder, dirs_exist_ok=True)
    return folder


@cache
def _kept(configs: Path) -> Path:
    """Return a repository to copy, which is made once and goes with this process."""
    folder = Path(mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(configs, folder / "configs" / "acme")
    shutil.copy(CONFIGS / "targets.yaml", folder / "configs" / "targets.yaml")
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder, "The agreement")
    return folder


def replaced(file: Path, old: str, new: str) -> None:
    """Replace a text that stands in a file."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
