"""What a judge of amendments stands on: both revisions, and the edits of its section that nobody has spoken for."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.review.amendments import Amendment, Edit, Renaming, Revision


@dataclass(frozen=True)
class Ground:
    """Both revisions and some of the edits between them."""

    before: Revision
    after: Revision
    edits: tuple[Edit, ...]
    renamings: tuple[Renaming, ...] = ()

    def under(self, *path: str | int) -> tuple[Edit, ...]:
        """Return the edits at a place and below it; `path` begins as an edit's does."""
        return tuple(each for each in self.edits if each.path[: len(path)] == path)

    def old_name(self, kind: str, name: str) -> str:
        """Return what a word was called before, or its name where it was not renamed."""
        return next((each.old for each in self.renamings if (each.kind, each.new) == (kind, name)), name)


Judge: TypeAlias = Callable[[Ground], Iterable[Amendment]]
"""Turns the edits of one section into amendments. An edit that no amendment names is told by itself, as unclear."""
