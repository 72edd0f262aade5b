"""Build the wheel and the source archive twice, as far apart as one machine allows, and hold their bytes against each other.

    python -m tests.house.reproducible [FOLDER]

What is the same is kept in FOLDER (dist/ where none is named), with the digests in SHA256SUMS.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SOURCES = (
    "sla_sync",
    "connectors",
    "pyproject.toml",
    "README.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "LICENSE",
    ".gitignore",
)
"""What a build reads."""
EPOCH = "1580601600"
"""Seconds, 2020-02-02: when every file of an archive was made. Hatchling takes the same where nobody says otherwise."""


@dataclass(frozen=True)
class Circumstances:
    """Where and how something is built, none of which may show in what is built."""

    folder: str
    mask: int
    """The bits of a mode that new files do not get."""
    environ: Mapping[str, str]
    mode: int
    """The mode of every source file."""
    touched: float
    """When every source file was last changed, in seconds."""


HERE = Circumstances("a", 0o022, {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"}, 0o644, 1_000_000_000.0)
ELSEWHERE = Circumstances(
    "much/further down/ö",
    0o077,
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "2"},
    0o600,
    1_700_000_001.5,
)


def built(below: Path, under: Circumstances, *, target: str = "wheel") -> Path:
    """Return what hatchling builds of a copy of the sources, under these circumstances."""
    source, made = below / under.folder / "source", below / under.folder / "made"
    if not source.exists():
        _copy(source, under)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(made)]
    answer = subprocess.run(
        command,
        cwd=source,
        env={**environ, **under.environ, "SOURCE_DATE_EPOCH": EPOCH},
        umask=under.mask,
        capture_output=True,
        text=True,
        check=False,
    )
    if answer.returncode:
        raise RuntimeError(answer.stderr)
    (found,) = (each for each in made.iterdir() if (each.suffix == ".whl") == (target == "wheel"))
    return found


def _copy(source: Path, under: Circumstances) -> None:
    source.mkdir(parents=True)
    for name in SOURCES:
        if (PROJECT / name).is_dir():
            shutil.copytree(PROJECT / name, source / name, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
        elif (PROJECT / name).is_file():
            shutil.copy(PROJECT / name, source / name)
    for path in source.rglob("*"):
        if path.is_file():
            path.chmod(under.mode)
            os.utime(path, (under.touched, under.touched))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    """Build everything twice and return 1 where the bytes are not the same."""
    kept = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "dist"
    kept.mkdir(parents=True, exist_ok=True)
    for old in (*kept.glob("*.whl"), *kept.glob("*.tar.gz")):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as name:
        for target in ("sdist", "wheel"):
            one, other = (built(Path(name), each, target=target) for each in (HERE, ELSEWHERE))
            if digest(one) != digest(other):
                print(f"{one.name} was built twice with other bytes.", file=sys.stderr)
                return 1
            shutil.copy(one, kept)
            print(f"{digest(one)}  {one.name}, twice the same")
    return 0


def sums(folder: Path) -> None:
    """Write the digests of all files of a folder, as `sha256sum --check` reads them."""
    files = sorted(each for each in folder.iterdir() if each.is_file() and each.name != "SHA256SUMS")
    (folder / "SHA256SUMS").write_text("".join(f"{digest(each)}  {each.name}\n" for each in files), encoding="ascii")


if __name__ == "__main__":
    sys.exit(main())
