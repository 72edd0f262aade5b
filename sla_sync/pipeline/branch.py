"""Changed files as one commit on a new branch, made beside the working tree: nothing there moves, and nothing is pushed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from sla_sync.authoring.rewriting import Rewrite
from sla_sync.errors import SlaSyncError

_SECONDS = 60
_NEVER = "0" * 40
"""What git takes for a branch that must not be there yet."""


def commit_on_branch(rewrites: Iterable[Rewrite], branch: str, message: str, *, here: Path) -> str:
    """Return the commit that holds the rewrites on a new branch from HEAD.

    Raises SlaSyncError where the branch is there already, or a file in the working tree is not as it was committed.
    """
    top = Path(_git(here, "rev-parse", "--show-toplevel").strip())
    if branch.startswith("-") or _answers(top, "check-ref-format", "--branch", branch) is None:
        raise SlaSyncError(f"«{branch}» cannot be the name of a branch.", hint="Name a branch such as adopt/limits.")
    if _answers(top, "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}") is not None:
        raise SlaSyncError(f"The branch {branch} is there already.", hint="Name a new one, or delete it first.")
    head = _git(top, "rev-parse", "--verify", "HEAD").strip()
    with TemporaryDirectory(prefix="sla-sync-index-") as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        _git(top, "read-tree", head, environ=index)
        for each in rewrites:
            path = each.path.resolve().relative_to(top.resolve()).as_posix()
            mode = _mode(top, head, path, each)
            blob = _git(top, "hash-object", "-w", "--stdin", "--no-filters", given=each.new.encode("utf-8")).strip()
            _git(top, "update-index", "--cacheinfo", f"{mode},{blob},{path}", environ=index)
        tree = _git(top, "write-tree", environ=index).strip()
    commit = _git(top, "commit-tree", tree, "-p", head, "-m", message).strip()
    _git(top, "update-ref", f"refs/heads/{branch}", commit, _NEVER)
    return commit


def _mode(top: Path, head: str, path: str, rewrite: Rewrite) -> str:
    """Return the mode of a committed file. Raises SlaSyncError where the working tree says something else than HEAD."""
    listed = _git(top, "ls-tree", head, "--", path).split()
    blob = _git(top, "hash-object", "--stdin", "--no-filters", given=rewrite.old).strip()
    if not listed or listed[2] != blob:
        raise SlaSyncError(
            f"{rewrite.path} is not as it was committed, so a branch from HEAD would mix your changes with these.",
            hint="Commit or stash what you have changed there, or adopt with --write.",
        )
    return listed[0]


def _answers(folder: Path, *arguments: str) -> str | None:
    said = _run(folder, arguments, b"", {})
    return said.stdout.decode("utf-8", "replace") if said.returncode == 0 else None


def _git(folder: Path, *arguments: str, given: bytes = b"", environ: dict[str, str] | None = None) -> str:
    said = _run(folder, arguments, given, environ or {})
    if said.returncode != 0:
        because = said.stderr.decode("utf-8", "replace").strip().splitlines()
        raise SlaSyncError(
            f"git {arguments[0]} was refused: {because[-1] if because else 'it does not say why'}.",
            hint="Run the command inside the repository of the documents, with a name and an e-mail address set in git.",
        )
    return said.stdout.decode("utf-8", "replace")


def _run(
    folder: Path, arguments: Iterable[str], given: bytes, environ: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    command = ["git", "--literal-pathspecs", *arguments]
    quiet = {"GIT_TERMINAL_PROMPT": "0"}
    try:
        return subprocess.run(  # noqa: S603 - git with arguments of ours; what others wrote comes after `--` or by stdin
            command, cwd=folder, input=given, capture_output=True, timeout=_SECONDS, check=False,
            env={**os.environ, **quiet, **environ},
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SlaSyncError("git cannot be used here.", hint="Install git, or adopt with --write.") from error
