"""One kind of file that somebody else may have written: how it is written when all is well, and how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CONFIGS = Path(__file__).parents[2] / "configs"


@dataclass(frozen=True)
class Foreign:
    """One kind of file: what it is written like, what is made wrong of it, and how it is read in its folder."""

    write: Callable[[Path], object]
    file: str
    """A name, or a pattern where one of several files is made wrong."""
    kind: str
    """As in a content type, or one of the kinds that hold tables."""
    read: Callable[[Path], object]
    said: bool = True
    """Whether reading a sound one returns something."""


def text_of(path: Path) -> str:
    """Return what a file says, whatever its bytes."""
    return path.read_bytes().decode("utf-8", "replace")
