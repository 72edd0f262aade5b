"""Reading a file, or saying in a clause why it cannot be read."""

from __future__ import annotations

import os
import stat
from pathlib import Path


def content_of(path: Path, *, at_most: int) -> bytes | str:
    """Return the first `at_most` bytes of a file, or why there are none: "does not exist"."""
    try:
        kind = path.stat().st_mode
        if stat.S_ISDIR(kind):
            return "is a folder, not a file"
        if not stat.S_ISREG(kind):
            # A pipe or a device may never end.
            return "is not a regular file"
        with path.open("rb") as file:
            return file.read(at_most)
    except FileNotFoundError:
        return "does not exist"
    except PermissionError:
        return "may not be read by this user"
    except (OSError, ValueError) as error:
        return f"cannot be read ({getattr(error, 'strerror', None) or error})"


def shown_from_here(path: Path, root: Path) -> str:
    """Return how a file is named to people: relative to the current folder, else to `root`, else in full."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - the links of a path are part of its name
    for folder in (Path.cwd(), Path(os.path.abspath(root))):  # noqa: PTH100 - as above
        if whole.is_relative_to(folder):
            return whole.relative_to(folder).as_posix()
    return whole.as_posix()
