"""A list whose pages shift while it is read: read again, until nothing can have slipped from one page to the next unseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from sla_sync.connector import FaultError

Entries: TypeAlias = list[dict[str, Any]]
Pages: TypeAlias = Sequence[Entries]
MOST_READINGS = 6
"""So often a list is read; one from which others delete each time is told."""


def steady(read: Callable[[], Pages], suffices: Callable[[Entries], bool], *, what: str) -> Entries:
    """Return the entries of a list, and miss none that was there all the time, unless what was found suffices anyway.

    Inferred: that a further page begins after so many entries, so that whatever others delete from a page that was read
    lets the next one begin an entry too late.

    What they deleted so was seen and is seen no more: a reading that holds all that the one before it held proves that
    neither of them missed anything. Raises FaultError where none does.
    """
    before: frozenset[str] | None = None
    for _ in range(MOST_READINGS):
        pages = read()
        found = [each for page in pages for each in page]
        ids = frozenset(str(each["id"]) for each in found)
        if len(pages) == 1 or suffices(found) or (before is not None and before <= ids):
            return found
        before = ids
    raise FaultError(
        f"Others deleted {what} each of the {MOST_READINGS} times that all {what} were listed, so that some may be missing.",
        hint="Run the command again when nobody else deletes any.",
    )
