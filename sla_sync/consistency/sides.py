"""The two sides of a comparison: what each was asked for, what it shows, and what is said of the exchange between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import BindingDocument
from sla_sync.connector import Action, Automation, Change, Facts, FieldChange, KeyPath, Resources
from sla_sync.consistency.verdicts import Found, Outcome
from sla_sync.reconcile.plan import Plan
from sla_sync.reconcile.settings import Consequence, Desired, Value

HERE = "here"
"""What a binding says under `timers` where its own platform runs the clocks."""


@dataclass(frozen=True)
class Side:
    """One target: its binding, the settings that the agreement asks for, how they differ from live ones, and facts."""

    target: str
    platform: str
    binding: BindingDocument
    document: Path
    desired: tuple[Desired, ...]
    plan: Plan
    facts: Facts
    people: Mapping[str, tuple[str, ...]]

    @property
    def runs_clocks(self) -> bool:
        """Whether this platform runs the clocks of the agreement."""
        return self.binding.timers == HERE


class Way(StrEnum):
    """In which direction a pair of fields may be written."""

    BOTH = "both"
    ONE = "one"
    """Only from `source` to the other."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Route:
    """How one pair of fields is exchanged: platform → field, the way, and for one way from where. `said` is the rule's name."""

    fields: Mapping[str, str]
    way: Way
    said: str
    source: str = ""
    alone: frozenset[str] = frozenset()
    """The platforms that some rule of this exchange lets decide alone."""
    path: KeyPath = ()


@dataclass(frozen=True)
class Exchange:
    """What a document says of the exchange between the two platforms."""

    document: Path
    routes: tuple[Route, ...]
    inclusion: str
    every: timedelta

    def route(self, fields: Mapping[str, str]) -> Route | None:
        """Return how these two fields are exchanged with each other, None where they are not."""
        return next((each for each in self.routes if dict(each.fields) == dict(fields)), None)


@dataclass(frozen=True)
class Pair:
    """Two sides of one agreement, the exchange between them where it is written down, and what people vouch for."""

    first: Side
    second: Side
    resources: Resources
    today: date
    exchange: Exchange | None = None
    attestations: Attestations | None = None
    vouched: Path = Path("attestations.yaml")
    """The document of the attestations, whether it is there or not."""
    roles: tuple[str, ...] = ()
    measured: frozenset[str] = frozenset()
    """Clocks that no platform runs because their commitments are only measured."""

    @property
    def sides(self) -> tuple[Side, Side]:
        """Both sides, in the order in which they were named."""
        return self.first, self.second

    @property
    def names(self) -> str:
        """Both targets in words."""
        return f"{self.first.target} and {self.second.target}"

    def other(self, side: Side) -> Side:
        """Return the side that this one is compared with."""
        return self.second if side is self.first else self.first

    def shared(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield each agreed word that both sides have a field for, with these fields by platform."""
        for word, own in self.first.facts.fields.items():
            theirs = self.second.facts.fields.get(word)
            if theirs is not None:
                yield word, {self.first.platform: own.name, self.second.platform: theirs.name}

    def writer_of(self, word: str) -> str | None:
        """Return the platform that writes a word: the one that a binding names, else the one whose automation of ours does.

        What shows how a clock stands is written where the clocks run, also where a program writes it there. What people
        write has several authors, so that it is None where no binding names one.
        """
        declared = [each.writer for side in self.sides if (each := side.binding.fields.get(word)) and each.writer]
        if declared or word in {each.name for each in self.resources.fields if each.written_by_people}:
            return declared[0] if declared else None
        doing = [side.platform for side in self.sides if any(each.address for each in writing(side, word))]
        keeping = [side.platform for side in self.sides if side.runs_clocks and _shows_clock(side, word)]
        return next(iter((*doing, *keeping)), None)

    def travels(self) -> Iterator[tuple[str, dict[str, str], Route | None]]:
        """Yield the words that pass between the sides: those that are mapped, or that one side writes and the other has too."""
        for word, fields in self.shared():
            route = self.exchange.route(fields) if self.exchange else None
            if (route and route.way is not Way.NONE) or self.writer_of(word) in fields:
                yield word, fields, route


def writing(side: Side, word: str) -> tuple[Automation, ...]:
    """Return the automations in force that write the field of a word."""
    fact = side.facts.fields.get(word)
    return tuple(each for each in side.facts.automations if fact and fact.name in each.writes)


def _shows_clock(side: Side, word: str) -> bool:
    fact = side.facts.fields.get(word)
    return fact is not None and fact.name in side.facts.clock_fields


def worst(found: Iterable[Found]) -> Outcome:
    """Return the worst outcome of these; good where there is none."""
    outcomes = {each.outcome for each in found}
    return next((each for each in Outcome if each in outcomes), Outcome.GOOD)


def changed(side: Side, line: KeyPath) -> Iterator[tuple[Change, FieldChange | None]]:
    """Yield what is live otherwise than asked for at a line of the agreement; with None, a whole setting that is missing.

    A setting that comes from a line above counts too; what decides nothing and what is no longer asked for do not.
    """
    for change in side.plan.changes:
        if change.consequence is Consequence.COSMETIC or change.action not in {Action.CREATE, Action.UPDATE}:
            continue
        if change.action is Action.CREATE:
            origins = change.desired.origins.values() if change.desired else ()
            if any(concerns(each, line) for each in origins):
                yield change, None
            continue
        for each in change.fields:
            if concerns(each.origin, line):
                yield change, each


def concerns(origin: KeyPath, line: KeyPath) -> bool:
    """Return whether a value that comes from one place of the agreement is about a line: it stands below it, or above it."""
    length = min(len(origin), len(line))
    return bool(length) and origin[:length] == line[:length]


def is_number(value: Value) -> bool:
    """Return whether a value is a number; yes and no are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)
