"""What happened to one lead, as values in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sla_sync.semantics.expressions import Value


@dataclass(frozen=True, slots=True)
class Raised:
    """A person raised a hand: a form, a campaign response, a request."""

    at: datetime
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Deed:
    """A person did something that scores may count: `visit pricing_page`."""

    at: datetime
    verb: str
    done: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A field holds something else from now on; None where nothing is known any more."""

    at: datetime
    field: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Entered:
    """The lead entered a stage, with the reason that was given."""

    at: datetime
    stage: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The lead was given to a person."""

    at: datetime
    owner: str
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """The lead was put into a queue, where it belongs to nobody."""

    at: datetime
    queue: str


class Channel(StrEnum):
    """How people talk to each other."""

    CALL = "call"
    EMAIL = "email"
    MEETING = "meeting"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Touched:
    """Somebody reached out to the person; `automated` where a machine did."""

    at: datetime
    by: str
    channel: Channel
    automated: bool = False


@dataclass(frozen=True, slots=True)
class Replied:
    """The person answered."""

    at: datetime
    channel: Channel = Channel.EMAIL


@dataclass(frozen=True, slots=True)
class Booked:
    """A meeting was booked."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """The owner said in so many words that the lead is taken on."""

    at: datetime


class Parting(StrEnum):
    """How a lead can go without anybody's fault."""

    MERGED = "merged"
    DELETED = "deleted"
    CONVERTED = "converted by the system"
    RECALLED = "recalled"
    MISTAKEN = "assigned in error"


@dataclass(frozen=True, slots=True)
class Parted:
    """The lead went: merged into another, deleted, converted by a machine, or taken back."""

    at: datetime
    how: Parting


@dataclass(frozen=True, slots=True)
class Happened:
    """A moment in the life of something that is no lead: `asked` of a `list_upload`."""

    at: datetime
    name: str


Event: TypeAlias = (
    Raised | Deed | Changed | Entered | Assigned | Queued | Touched | Replied | Booked | Accepted | Parted | Happened
)


@dataclass(frozen=True, slots=True)
class History:
    """The events of one lead, the earliest first; what happened at one instant keeps the order that it was given in."""

    events: tuple[Event, ...]

    def until(self, instant: datetime) -> int:
        """Return how many of the events had happened by an instant, that instant included."""
        return sum(each.at <= instant for each in self.events)


def history_of(*events: Event) -> History:
    """Return the history that these events make, in whatever order they were found."""
    return History(tuple(sorted(events, key=lambda each: each.at)))


def merged(winner: History, losers: Iterable[History]) -> History:
    """Return the history of a person whose records became one: everything that happened to any of them.

    So the earliest cycle is kept. The histories of the losers end with `Parted(…, MERGED)`, and their clocks are void.
    """
    return history_of(*winner.events, *(event for loser in losers for event in loser.events if not _merged(event)))


def _merged(event: Event) -> bool:
    return isinstance(event, Parted) and event.how is Parting.MERGED
