"""What a synthetic history is made of; the defaults are the agreement of the example and its last quarter of 2026."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from types import MappingProxyType

from sla_sync.errors import SlaSyncError
from sla_sync.synthetic.chance import DAY, HOUR, MINUTE, SECOND, Curve
from sla_sync.synthetic.hours import Hours

_MINUTE, _HOUR, _DAY = MINUTE // SECOND, HOUR // SECOND, DAY // SECOND


@dataclass(frozen=True, slots=True)
class Member:
    """A person who gets leads, from a day to before another; what was touched by then is finished by the same person."""

    name: str
    pace: float = 1.0
    """How many times as long as the curve says this person takes to answer."""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Team:
    """People who share hours and take leads in turn."""

    name: str
    calendar: str
    members: tuple[Member, ...]
    hours: Hours = field(default_factory=Hours)
    weight: float = 1.0
    """The share of leads that come to it, beside the weights of the other teams."""


@dataclass(frozen=True, slots=True)
class Source:
    """By what people ask."""

    name: str
    weight: float
    """How often, beside the weights of the others."""
    qualifies: float
    """The share that becomes an MQL."""
    priority: str
    at_once: bool = False
    """Whether asking is enough; otherwise it takes interest, and time."""


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of the agreement: from when on turns are judged by it, and its limits by priority, in open seconds."""

    name: str
    since: date
    within: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Traps:
    """How often that happens by which naive figures go wrong: shares of leads or turns."""

    test: float = 0.01
    competitor: float = 0.01
    duplicates: float = 0.03
    """MQLs that prove to be somebody whom we had, and are merged before anybody answers."""
    deleted: float = 0.02
    taken: float = 0.03
    """Turns that are passed on before their time is up."""
    returned: float = 0.02
    """Turns that the owner gives back to the queue before their time is up."""
    queued: float = 0.04
    """Cycles that wait in a queue before anybody gets them."""
    reassigned: float = 0.5
    """Turns without an answer an hour after their time was up that are given to another."""
    flips: float = 0.05
    """Accepted leads whose stage is set before anybody touched them."""
    automatic: float = 0.5
    """Turns in which a machine sends a mail at once."""
    by_others: float = 0.1
    """Turns in which somebody else than the owner calls."""
    new_source: float = 0.05
    """MQLs whose source is overwritten after they qualified."""
    late_country: float = 0.06
    """Leads whose country is missing when they come, and is filled in later."""
    no_reason: float = 0.05
    """Exits without a reason."""
    again: float = 0.35
    """Recycled leads that qualify once more."""
    by_hand: float = 0.05
    """Disqualified leads that somebody brings back, although the agreement knows no such way."""
    date_only: float = 0.3
    """Deals of which only the day is known on which they closed."""


_SHARES_OF_TRAPS = tuple(each.name for each in fields(Traps))
NO_TRAPS = Traps(**dict.fromkeys(_SHARES_OF_TRAPS, 0.0))
"""A world in which nothing goes wrong but late answers."""

_SDR = Team(
    "sdr",
    "office",
    (
        Member("ana", 0.85),
        Member("ben", 1.2, until=date(2026, 12, 28)),
        Member("cy", 1.0, since=date(2026, 12, 28)),
    ),
)
_SOURCES = (
    Source("demo_request", 4, 1.0, "hot", at_once=True),
    Source("contact_sales", 3, 1.0, "hot", at_once=True),
    Source("webinar", 33, 0.1, "warm"),
    Source("content", 60, 0.03, "warm"),
)
_POLICIES = (
    Policy("2026-10-01", date(2026, 10, 1), {"hot": 20 * _MINUTE, "warm": 3 * _HOUR}),
    Policy("2026-10-19", date(2026, 10, 19), {"hot": 15 * _MINUTE, "warm": 2 * _HOUR}),
)
_RESPONSE = {
    "hot": Curve(
        (
            (0, 20),
            (0.25, 4 * _MINUTE),
            (0.5, 8 * _MINUTE),
            (0.71, 15 * _MINUTE),
            (0.85, _HOUR),
            (0.93, 4 * _HOUR),
            (0.97, 16 * _HOUR),
        )
    ),
    "warm": Curve(
        ((0, 60), (0.25, 25 * _MINUTE), (0.5, _HOUR), (0.71, 2 * _HOUR), (0.85, 6 * _HOUR), (0.96, 24 * _HOUR))
    ),
}
_VERDICT = Curve(((0, 10 * _MINUTE), (0.4, 2 * _HOUR), (0.8, 8 * _HOUR), (0.95, 15 * _HOUR), (1, 30 * _HOUR)))
_INTEREST = Curve(((0, _HOUR), (0.3, 2 * _DAY), (0.8, 14 * _DAY), (1, 40 * _DAY)))
_SQL_LAG = Curve(((0, _DAY), (0.5, 9 * _DAY), (0.9, 24 * _DAY), (1, 45 * _DAY)))
_OPPORTUNITY_LAG = Curve(((0, _DAY), (0.5, 7 * _DAY), (0.9, 20 * _DAY), (1, 40 * _DAY)))
_DEAL_LAG = Curve(((0, 5 * _DAY), (0.5, 40 * _DAY), (0.9, 90 * _DAY), (1, 150 * _DAY)))
_EXIT_LAG = Curve(((0, _DAY), (0.5, 8 * _DAY), (1, 25 * _DAY)))
_REVISIT = Curve(((0, 10 * _DAY), (0.5, 35 * _DAY), (1, 100 * _DAY)))
_HOURS_OF_A_DAY = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 16, 14, 16, 17, 15, 12, 9, 7, 6, 5, 4, 3, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """A world, its seed and its quarter; raises SlaSyncError where they cannot be. Shares lie between 0 and 1."""

    seed: int = 1
    since: date = date(2026, 10, 1)
    until: date = date(2027, 1, 1)
    """The day at whose first moment one looks back; nothing later is in the tables, though it is in the truth."""
    zone: str = "America/New_York"
    mqls_a_month: float = 110
    """First MQLs that come by themselves; the number of leads follows from it."""
    leads: int | None = None
    """How many leads, where that is asked for instead."""
    growth: float = 0.02
    """By how much more of them come in a month than in the month before."""
    season: tuple[float, ...] = (1, 1, 1, 1, 1, 1, 0.9, 0.8, 1.1, 1.1, 1, 0.8)
    """How many come in each month of the year, beside the others."""
    weekdays: tuple[float, ...] = (10, 11, 11, 10, 8, 2, 2)
    hours: tuple[float, ...] = _HOURS_OF_A_DAY
    sources: tuple[Source, ...] = _SOURCES
    teams: tuple[Team, ...] = (_SDR,)
    policies: tuple[Policy, ...] = _POLICIES
    response: Mapping[str, Curve] = field(default_factory=lambda: MappingProxyType(_RESPONSE))
    """By priority, the open time from the assignment to the owner's first touch."""
    verdict: Curve = _VERDICT
    """The open time from the first touch to the verdict."""
    verdict_within: int = 16 * _HOUR
    """The limit of the verdict in open seconds: two business days where each has eight hours."""
    accepted: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({"hot": 0.8, "warm": 0.62}))
    """By priority, the share of verdicts that accept."""
    to_sql: float = 0.6
    no_response: float = 0.24
    """The share of accepted leads that never answer; what is left of them says no."""
    to_opportunity: float = 0.8
    to_won: float = 0.25
    interest: Curve = _INTEREST
    """How long after the first sign of interest the one comes that qualifies."""
    sql_lag: Curve = _SQL_LAG
    opportunity_lag: Curve = _OPPORTUNITY_LAG
    deal_lag: Curve = _DEAL_LAG
    exit_lag: Curve = _EXIT_LAG
    revisit: Curve = _REVISIT
    """How long after its exit a recycled lead asks again."""
    touches: tuple[float, ...] = (1, 2, 3, 4, 5, 40, 25, 15, 5)
    """How often somebody who never answered was touched: the weight of once, of twice …"""
    channels: tuple[float, ...] = (5, 55, 40)
    """On how many channels, where there are touches enough: the weight of one, two and three."""
    average_deal: int = 40_000
    imports: int = 2
    """How many lists are brought in, each at two in the morning."""
    import_size: int = 60
    import_pace: float = 4.0
    """How many times as long as usual it takes to answer somebody of a list."""
    traps: Traps = field(default_factory=Traps)

    def __post_init__(self) -> None:
        shares = {each: getattr(self, each) for each in ("to_sql", "no_response", "to_opportunity", "to_won")}
        shares |= {f"traps.{each}": getattr(self.traps, each) for each in _SHARES_OF_TRAPS}
        shares |= {f"accepted.{name}": share for name, share in self.accepted.items()}
        shares |= {f"sources.{each.name}": each.qualifies for each in self.sources}
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise SlaSyncError(f"{name} is {share}, which is no share.", hint="Write a number from 0 to 1.")
        if self.to_sql + self.no_response > 1:
            raise SlaSyncError("to_sql and no_response are more than all.", hint="Let them add up to at most 1.")
        marks = self.traps.duplicates + self.traps.deleted + self.traps.taken + self.traps.returned
        if marks > 1:
            raise SlaSyncError("More turns end early than there are.", hint="Lower the shares of traps.")
        if self.since >= self.until:
            raise SlaSyncError(f"No day lies from {self.since} to before {self.until}.", hint="Set `until` later.")
        if not self.policies or min(each.since for each in self.policies) > self.since:
            raise SlaSyncError(f"No policy is in force on {self.since}.", hint="Begin one on or before that day.")
        wanted = {each.priority for each in self.sources}
        for name, found in (
            ("response", set(self.response)),
            ("accepted", set(self.accepted)),
            *((f"policy {each.name}", set(each.within)) for each in self.policies),
        ):
            if missing := sorted(wanted - found):
                raise SlaSyncError(f"{name} says nothing of {missing[0]}.", hint="Name every priority of the sources.")
