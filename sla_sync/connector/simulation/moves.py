"""A story as it is acted out in a simulator: what is done with which lead, when and by whom, and what people hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

OWNER, COLLEAGUE = "owner", "colleague"
"""Who acts where a story cannot know whom the routing chose: the owner of the lead, or somebody else of the same team."""


class Ticking(Protocol):
    """A simulator, or several on one clock."""

    @property
    def now(self) -> datetime:
        """Return the time there, in UTC."""
        ...

    def run_until(self, instant: datetime) -> None:
        """Let the clock run to an instant that is not before now."""
        ...


def at_their_time(moves: Iterable[Move], ticking: Ticking) -> Iterator[Move]:
    """Yield the moves in their order of time, each when the clock has come to it; one in the past comes at once."""
    for move in sorted(moves, key=lambda each: each.at):
        if move.at > ticking.now:
            ticking.run_until(move.at)
        yield move


class Deed(StrEnum):
    """What somebody does in a story that is played on a simulator."""

    ARRIVES = "arrives"
    """A new lead, with the facts that it brings and, where `source` is said, how it raised a hand."""
    ASKS = "asks"
    """A person who is known raises a hand again."""
    CHANGES = "changes"
    """Facts of the lead become known or others, such as its score."""
    MOVES = "moves"
    """`by` moves the lead into `stage`, with a reason where one is said."""
    TAKES = "takes"
    """`by` takes the lead, or is given it."""
    RETURNS = "returns"
    """`by` gives the lead back to the queue `to`."""
    TOUCHES = "touches"
    """`by` reaches out in person."""
    MAILS = "mails"
    """A machine writes in the name of `by`, which is no touch."""
    CONVERTS = "converts"
    """The lead becomes a contact."""


@dataclass(frozen=True, slots=True)
class Move:
    """One line of a story: at this instant, this happens to the lead of that name. Words are those of the agreement.

    `by` is a person's name there, `OWNER` or `COLLEAGUE`, and empty where a machine acts.
    """

    at: datetime
    lead: str
    deed: Deed
    by: str = ""
    facts: Mapping[str, str | int | float | bool] = field(default_factory=dict)
    source: str = ""
    stage: str = ""
    reason: str = ""
    note: str = ""
    to: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """What the platform told people by itself: when, the people by the names of the targets file, and about which lead."""

    at: datetime
    to: tuple[str, ...]
    lead: str
    title: str
