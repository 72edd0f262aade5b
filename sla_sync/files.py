"""Writing files so that nobody ever reads half of one, whenever the process dies and however full the disk is.

What is written stands first in a draft beside its place, hidden and under a name of its own, so that two processes never
write into one. A draft that a killed process left behind goes with a later write to the same place.
"""

from __future__ import annotations

import os
import re
import shutil
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from sla_sync.errors import SlaSyncError

_OTHERS_TREES = frozenset({"node_modules"})
"""Folders of tools that may stand in a source tree and belong to no release."""
_ABANDONED = 3600.0
"""Seconds after which nobody writes into a draft any more."""


def write_atomically(path: Path, content: bytes, *, lasting: bool = True, mode: int | None = None) -> None:
    """Write a file so that a reader sees the old content or the new, never a part; on failure the old one stays.

    The rights of a file that is there stay too; a new one gets `mode`, where one is given. What is not `lasting` outlives
    the process and may be lost with the machine's power: nobody waits for the disk. What is no regular file, such as
    /dev/stdout, is written to and not replaced.
    """
    if path.exists() and not path.is_file():
        path.write_bytes(content)
        return
    with _draft_of(path) as draft:
        _fill(draft, content, lasting=lasting, mode=mode)
        if path.exists():
            shutil.copymode(path, draft)
        draft.replace(path)
    if lasting:
        _settle(path.parent)


def write_new(path: Path, content: bytes, *, mode: int | None = None) -> bool:
    """Write a file that is not there yet, whole, and return whether it was written: one that is there stays as it is."""
    if path.exists():
        return False
    with _draft_of(path) as draft:
        _fill(draft, content, lasting=True, mode=mode)
        if not _placed(draft, path):
            return False
    _settle(path.parent)
    return True


def is_free(path: Path, content: bytes) -> bool:
    """Return whether a new file can stand there: nothing does, or just this, which a run that was killed has left."""
    if not path.exists():
        return True
    return path.is_file() and path.read_bytes() == content


def write_tree(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder that is new or empty. Raises SlaSyncError where it holds something already."""
    with new_folder(folder) as draft:
        for name, content in files.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Give a folder to fill that becomes `folder` when the context ends well, and goes where it does not.

    Raises SlaSyncError where there is one that holds something already.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise SlaSyncError(
            f"{folder} is not empty, and nothing in it is overwritten.", hint="Choose a folder that is new or empty."
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _draft_of(folder) as draft:
        draft.mkdir()
        yield draft
        try:
            if folder.exists():
                folder.rmdir()
            draft.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            for each in draft.iterdir():  # an empty folder that cannot be replaced, such as the root of a volume
                shutil.move(each, folder)


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
    """Write files into a folder that holds others; nothing there is changed before every one of them is on the disk.

    Where the process dies between the first and the last, the rest is as it was; the same call puts that right.
    """
    drafts: list[tuple[Path, Path]] = []
    try:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            draft = _new_draft(path)
            drafts.append((draft, path))
            draft.write_bytes(content)
        for draft, path in drafts:
            if path.exists():
                shutil.copymode(path, draft)
            draft.replace(path)
    finally:
        for draft, _ in drafts:
            _discard(draft)


@contextmanager
def _draft_of(path: Path) -> Iterator[Path]:
    """Give the name of a draft that nobody else has; what is left of it goes when the context ends, however it ends.

    An error of the disk names the place and not the draft, of which nobody knows.
    """
    draft = _new_draft(path)
    try:
        yield draft
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        _discard(draft)


def _new_draft(path: Path) -> Path:
    _sweep(path)
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.new")


def _sweep(path: Path) -> None:
    """Throw away the drafts of a place that a process which is long dead left behind."""
    ours = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}\.new")
    with suppress(OSError):
        left = [each for each in os.scandir(path.parent) if ours.fullmatch(each.name)]
        for each in left:
            if time.time() - each.stat(follow_symlinks=False).st_mtime > _ABANDONED:
                _discard(Path(each.path))


def _discard(draft: Path) -> None:
    """Throw a draft away, as far as the disk lets us: what went wrong before is the news."""
    with suppress(OSError):
        if draft.is_dir() and not draft.is_symlink():
            shutil.rmtree(draft, ignore_errors=True)
        else:
            draft.unlink(missing_ok=True)


def _fill(draft: Path, content: bytes, *, lasting: bool, mode: int | None) -> None:
    def opener(name: str, flags: int) -> int:
        return os.open(name, flags, 0o666 if mode is None else mode)

    with open(draft, "xb", opener=opener) as stream:
        stream.write(content)
        stream.flush()
        if lasting:
            os.fsync(stream.fileno())


def _placed(draft: Path, path: Path) -> bool:
    """Give a draft its name, and return False where somebody else took that name meanwhile."""
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return False
    except (OSError, NotImplementedError):  # a disk without links: the name was free a moment ago
        draft.replace(path)
    return True


def _settle(folder: Path) -> None:
    """Wait until the names in a folder are on the disk, where the system can say so: Windows opens no folders."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
