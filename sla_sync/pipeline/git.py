"""What git kept of a folder, brought into another one without touching the working tree.

A pull request is written by others: names of revisions are never options, links are never followed, no path leaves the
folder, and what is brought is bounded.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from sla_sync.agreement.characters import LARGEST
from sla_sync.errors import SlaSyncError

MOST_FILES = 5_000
MOST_BYTES = 64 * 1024 * 1024
_SECONDS = 60
_REGULAR = frozenset({b"100644", b"100755", b"100664"})
"""Modes of what is a file; a link (120000) or another repository (160000) is not brought."""
_FULL_DEPTH = "Fetch it first; in a pipeline let the checkout bring the whole history (fetch-depth: 0)."


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of a repository. `said` is what a person called it, `top` the folder of the working tree."""

    top: Path
    digest: str
    said: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """One file of a commit; `size` in bytes."""

    path: PurePosixPath
    blob: str
    size: int


def find_commit(said: str, *, here: Path) -> Commit:
    """Return the commit that a person names. Raises SlaSyncError where git knows none by that name."""
    if said.startswith("-"):
        raise SlaSyncError(f"«{said}» is no revision: it begins with a dash.", hint="Name a branch, a tag or a commit.")
    top = _asked(here, "rev-parse", "--show-toplevel")
    if top is None:
        raise SlaSyncError(
            f"«{said}» is neither a folder nor a file, and {here} is in no git repository that could know it.",
            hint="Name a folder, an agreement file, or a revision from inside a repository.",
        )
    digest = _asked(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{said}^{{commit}}")
    if digest is None:
        raise SlaSyncError(f"«{said}» is neither a folder, nor a file, nor a revision that git has.", hint=_FULL_DEPTH)
    return Commit(Path(top), digest, said)


def is_commit(said: str, *, here: Path) -> bool:
    """Return whether git has a commit by this name."""
    if said.startswith("-"):
        return False
    return _asked(here, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{said}^{{commit}}") is not None


def changes_of(folder: Path, *, most: int) -> tuple[Commit, ...]:
    """Return the last commits up to here that changed something in a folder, the newest first; none outside a repository."""
    top = _asked(folder, "rev-parse", "--show-toplevel")
    found = _asked(folder, "log", f"--max-count={most}", "--format=%H", "HEAD", "--", ".") if top is not None else None
    return tuple(Commit(Path(top or ""), digest, digest) for digest in (found or "").split())


def holds(commit: Commit, path: PurePosixPath) -> bool:
    """Return whether a commit has a regular file at a path, seen from the top of the repository."""
    return any(each.path == path for each in _listed(commit, path))


def bring(commit: Commit, folder: PurePosixPath, into: Path) -> None:
    """Write the regular files that a commit has below a folder into another one, each at its path from the top.

    Raises SlaSyncError where they are more or larger than the documents of an agreement can be.
    """
    kept = _listed(commit, folder)
    size = sum(min(each.size, LARGEST + 1) for each in kept)
    if len(kept) > MOST_FILES or size > MOST_BYTES:
        raise SlaSyncError(
            f"{commit.said} has {len(kept)} files with {size:,} bytes below {folder}; "
            f"at most {MOST_FILES:,} files and {MOST_BYTES:,} bytes are read.",
            hint="Keep the agreements in a folder of their own.",
        )
    for each, content in zip(kept, _contents(commit, kept), strict=True):
        path = into.joinpath(*each.path.parts)
        path.parent.mkdir(parents=True, exist_ok=True)
        # A file that is too large to be read stays too large, and is not written whole.
        path.write_bytes(content[: LARGEST + 1])


def last_words(base: Commit, head: Commit, folder: PurePosixPath) -> str:
    """Return how the last change below a folder was called by its author, merges aside; empty where there is none."""
    asked = ("log", "-1", "--no-merges", "--format=%s", f"{base.digest}..{head.digest}", "--", str(folder))
    return _asked(head.top, *asked) or ""


def _listed(commit: Commit, path: PurePosixPath) -> tuple[_Kept, ...]:
    """Return the regular files at a path and below it whose own paths stay inside the repository."""
    asked = ["ls-tree", "-r", "-l", "-z", "--full-tree", commit.digest, "--"]
    said = _run(commit.top, [*asked, *([str(path)] if path.parts else [])])
    found = []
    for line in said.stdout.split(b"\0") if said.returncode == 0 else ():
        about, _, name = line.partition(b"\t")
        mode, _, blob, size = about.split() if name else (b"", b"", b"", b"-")
        if mode in _REGULAR and _stays_inside(own := PurePosixPath(os.fsdecode(name))):
            found.append(_Kept(own, blob.decode("ascii"), int(size)))
    return tuple(found)


def _stays_inside(path: PurePosixPath) -> bool:
    return not path.is_absolute() and ".." not in path.parts and ".git" not in path.parts


def _contents(commit: Commit, kept: Sequence[_Kept]) -> Iterator[bytes]:
    """Yield what each file holds, by one process for all of them."""
    wanted = "".join(f"{each.blob}\n" for each in kept).encode("ascii")
    said = _run(commit.top, ["cat-file", "--batch"], given=wanted)
    rest = memoryview(said.stdout)
    for each in kept:
        header = bytes(rest[:200]).partition(b"\n")[0]
        start = len(header) + 1
        if said.returncode != 0 or header.split()[1:] != [b"blob", b"%d" % each.size]:
            raise SlaSyncError(f"git cannot show {each.path} of {commit.said}.", hint=_FULL_DEPTH)
        yield bytes(rest[start : start + each.size])
        rest = rest[start + each.size + 1 :]


def _asked(here: Path, *arguments: str) -> str | None:
    said = _run(here, arguments)
    return os.fsdecode(said.stdout).strip() or None if said.returncode == 0 else None


def _run(folder: Path, arguments: Sequence[str], *, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Run git, which reads and changes nothing. Raises SlaSyncError where it cannot be started or does not end."""
    command = ["git", "--no-replace-objects", "--literal-pathspecs", *arguments]
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.run(  # noqa: S603 - a list of arguments; what others name comes after --end-of-options or --
            command, cwd=folder, input=given, capture_output=True, timeout=_SECONDS, check=False,
            env={**os.environ, **quiet},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        because = "did not end in time" if isinstance(error, subprocess.TimeoutExpired) else "cannot be started"
        raise SlaSyncError(
            f"git {because}, so no revision can be read.", hint="Install git, or name folders instead."
        ) from None
