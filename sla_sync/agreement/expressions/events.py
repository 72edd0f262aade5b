"""The events at which a clock starts, stops or restarts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Moment(StrEnum):
    """What happens to a lead, whichever agreement it is under."""

    RAISED = "raised"
    QUALIFIED = "qualified"
    ASSIGNED = "assigned"
    REASSIGNED = "reassigned"
    ACCEPTED = "accepted"
    TOUCH = "touch"
    REPLY = "reply"
    MEETING_BOOKED = "meeting booked"
    VERDICT = "verdict"


@dataclass(frozen=True, slots=True)
class Enters:
    """`enters sal`."""

    stage: str


@dataclass(frozen=True, slots=True)
class Leaves:
    """`leaves mql`."""

    stage: str


@dataclass(frozen=True, slots=True)
class Changes:
    """`account_owner changes`."""

    field: str


@dataclass(frozen=True, slots=True)
class Named:
    """A moment in the life of something that is not a lead: `asked` of a `list_upload`."""

    name: str


Event: TypeAlias = Moment | Enters | Leaves | Changes | Named
