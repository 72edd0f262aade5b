"""One comment for each subject: found by its hidden first line and its author, then edited; written where there is none.

The first line alone proves nothing, for anybody can write it into a comment of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sla_sync.errors import SlaSyncError

_MARKER = re.compile(r"<!-- sla-sync:[\w:.-]+ -->")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as the host shows it. `author` is the name of the account that wrote it."""

    id: str
    author: str
    body: str


class Thread(Protocol):
    """The comments on one pull request or merge request."""

    def author(self) -> str:
        """Return the name of the account that the token belongs to."""
        ...

    def comments(self) -> Iterable[Comment]:
        """Yield every comment, over all pages, oldest first."""
        ...

    def write(self, body: str) -> str:
        """Write a comment and return its address."""
        ...

    def edit(self, comment: Comment, body: str) -> str:
        """Replace the text of a comment and return its address."""
        ...


class Done(StrEnum):
    """What became of the comment."""

    WRITTEN = "written"
    EDITED = "edited"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Told:
    """What became of the comment, and its address, empty where nothing was sent."""

    done: Done
    address: str


def tell(thread: Thread, body: str) -> Told:
    """Let the thread have exactly this comment by us for its subject. Raises SlaSyncError where it names no subject."""
    subject = marker_of(body)
    author = thread.author()
    ours = (each for each in thread.comments() if each.author == author and _first_line(each.body) == subject)
    found = next(ours, None)
    if found is None:
        return Told(Done.WRITTEN, thread.write(body))
    if _plain(found.body) == _plain(body):
        return Told(Done.UNCHANGED, "")
    return Told(Done.EDITED, thread.edit(found, body))


def marker_of(body: str) -> str:
    """Return the hidden first line of a comment. Raises SlaSyncError where it has none."""
    first = _first_line(body)
    if not _MARKER.fullmatch(first):
        raise SlaSyncError(
            "The text does not begin with the hidden line by which its comment is found again.",
            hint="Make it with `sla-sync review BASE --format markdown`.",
        )
    return first


def _first_line(body: str) -> str:
    return body.partition("\n")[0].strip()


def _plain(body: str) -> str:
    """Return a text without what hosts change when they keep it: ends of lines, and blanks at the end."""
    return body.replace("\r\n", "\n").strip()
