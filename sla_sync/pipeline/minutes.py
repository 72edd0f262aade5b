"""The minutes of a meeting: what the last ones left open, and the empty page for the next, which is never overwritten."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from sla_sync.errors import SlaSyncError
from sla_sync.files import write_new
from sla_sync.measures.pack import Minutes

_NAME = re.compile(r"(?:minutes-)?(\d{4}-\d{2}-\d{2})\.md")
_OPEN = re.compile(r"\s*[-*+]\s+\[ \]\s+(\S.*)")
_LONGEST = 64_000
"""Bytes of a file of minutes that are read."""


def name_of(day: date) -> str:
    """Return how the file of a day's minutes is called."""
    return f"minutes-{day}.md"


def folder_of(said: str | None, home: Path) -> Path | None:
    """Return the folder of minutes that an agreement names, beside it. Raises SlaSyncError where it lies elsewhere."""
    if said is None:
        return None
    folder = (home / said).resolve()
    if not folder.is_relative_to(home.resolve()):
        raise SlaSyncError(
            f"The minutes at «{said}» lie outside the folder of the agreement.",
            hint="Name a folder below it in `reviews`, such as minutes/.",
        )
    return folder


def last_minutes(folders: tuple[Path, ...], before: date) -> Minutes | None:
    """Return the newest minutes of a day before another in some folders; None where there are none."""
    found = sorted(
        (day, path)
        for folder in folders
        if folder.is_dir()
        for path in folder.iterdir()
        if (day := _day_of(path)) is not None and day < before and path.is_file() and not path.is_symlink()
    )
    if not found:
        return None
    day, path = found[-1]
    with path.open("rb") as file:
        text = file.read(_LONGEST).decode("utf-8", errors="replace").replace("\r\n", "\n").strip()
    return Minutes(f"{day}", text, open_actions(text))


def _day_of(path: Path) -> date | None:
    named = _NAME.fullmatch(path.name)
    try:
        return date.fromisoformat(named[1]) if named else None
    except ValueError:
        return None


def open_actions(text: str) -> tuple[str, ...]:
    """Return the actions in minutes that are not ticked: the lines that begin with `- [ ]`."""
    return tuple(dict.fromkeys(found[1].strip() for line in text.splitlines() if (found := _OPEN.fullmatch(line))))


def write_minutes(path: Path, text: str) -> bool:
    """Write the empty page for a meeting, and return whether it was written: what is there already stays as it is."""
    return write_new(path, text.encode("utf-8"))
