"""Writing a file so that nobody ever reads half of it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from sla_sync.errors import SlaSyncError


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never a part; on failure the old one stays."""
    draft = path.with_name(f"{path.name}.new")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
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
