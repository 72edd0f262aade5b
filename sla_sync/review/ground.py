"""What a judge of amendments stands on: both revisions, and the edits of its section that nobody has spoken for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.review.amendments import Amendment, Edit, Renaming, Revision


@dataclass(frozen=True)
class Ground:
    """Both revisions and some of the edits between them.

    What was renamed bears its new name in `before` too, everywhere, so that both sides can be held against each other.
    """

    before: Revision
    after: Revision
    edits: tuple[Edit, ...]
    renamings: tuple[Renaming, ...] = ()

    def under(self, *path: str | int) -> tuple[Edit, ...]:
        """Return the edits at a place and below it; `path` begins as an edit's does."""
        return tuple(each for each in self.edits if each.path[: len(path)] == path)


Judge: TypeAlias = Callable[[Ground], Iterable[Amendment]]
"""Turns the edits of one section into amendments. An edit that no amendment names is told by itself, as unclear."""
