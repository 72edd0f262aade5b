"""What `measure` counts, as a tree of values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from sla_sync.agreement.durations import Duration
from sla_sync.agreement.expressions.events import Event
from sla_sync.agreement.expressions.tree import Comparison, Expression


class Counter(StrEnum):
    """What is counted while a lead is worked."""

    TOUCHES = "touches"
    CALLS = "calls"
    EMAILS = "emails"
    MEETINGS = "meetings"
    CHANNELS = "channels"
    REPLIES = "replies"


@dataclass(frozen=True, slots=True)
class CountOf:
    """`count of first mql where … once per account in 90 days`: leads that reached a stage."""

    stage: str
    first: bool = False
    where: Expression | None = None
    once_per_account: Duration | None = None


@dataclass(frozen=True, slots=True)
class CountOfEvents:
    """`count of calls`, `count of meeting booked where …`: how often something happened."""

    event: Counter | Event
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class SumOf:
    """`sum of amount of won`: a number added up over what reached a stage."""

    amount: str
    stage: str
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class StageRate:
    """`mql to sal within 14 days`: the share that went on from `start` to `end` in time."""

    start: str
    end: str
    within: Duration
    where: Expression | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """`touches >= 6`."""

    counter: Counter
    comparison: Comparison
    count: int


@dataclass(frozen=True, slots=True)
class Effort:
    """`touches >= 6 and channels >= 2 before no_response within 15 business days`: work done before a reason is given.

    Or, with `of` in place of `before`, work done within a time of an event: `calls >= 1 within 1 day of assigned`.
    """

    needs: tuple[Need, ...]
    before: str | None = None
    within: Duration | None = None
    of: Event | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """`complete contact_details at mql`: the share that has every field of a group on entering a stage."""

    group: str
    stage: str


@dataclass(frozen=True, slots=True)
class Manual:
    """`manual`: people say so, with a link to evidence for each period."""


Measure: TypeAlias = CountOf | CountOfEvents | SumOf | StageRate | Effort | Complete | Manual
