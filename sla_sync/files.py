"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sla_sync.errors import SlaSyncError

_OTHERS_TREES = frozenset({"node_modules"})
"""Folders of tools that may stand in a source tree and belong to no release."""


def write_atomically(path: Path, content: bytes, *, lasting: bool = True) -> None:
    """Write a file so that a reader sees the old content or the new, never a part; on failure the old one stays.

    What is not `lasting` outlives the process and may be lost with the machine's power: nobody waits for the disk.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            if lasting:
                os.fsync(stream.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder that is new or empty. Raises SlaSyncError where it holds something already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SlaSyncError(
            f"{folder} is not empty, and nothing in it is overwritten.", hint="Choose a folder that is new or empty."
        )
    draft = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        for name, content in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def read_tree(folder: Path) -> Mapping[str, bytes]:
    """Return the files below a folder by their relative paths, without hidden ones and what links point to.

    Raises SlaSyncError where there is no such folder.
    """
    if not folder.is_dir():
        raise SlaSyncError(f"{folder} is no folder.", hint="Name the folder that holds the team's own source tree.")
    found: dict[str, bytes] = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith(".") and each not in _OTHERS_TREES)
        for name in sorted(names):
            path = Path(parent) / name
            if not name.startswith(".") and path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def write_into(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files into a folder that holds others; nothing there is changed before every one of them is on the disk."""
    drafts = [(folder / f"{name}.new", folder / name) for name in files]
    try:
        for (draft, _), content in zip(drafts, files.values(), strict=True):
            draft.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(content)
        for draft, path in drafts:
            draft.replace(path)
    finally:
        for draft, _ in drafts:
            draft.unlink(missing_ok=True)
