"""Who gets a lead: the first line that matches, and the member of a team whose turn it is.

The turns are a value: what was given so far goes in, what is given now comes out with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Undecided, Volume
from sla_sync.agreement.sections.routing import Route
from sla_sync.semantics.expressions import Reader, holds
from sla_sync.semantics.scores import period_of


@dataclass(frozen=True, slots=True)
class Member:
    """A person of a team: why they get no turn now (`out_of_office`), and how many leads they work."""

    name: str
    away: frozenset[str] = frozenset()
    load: int = 0


@dataclass(frozen=True, slots=True)
class Turn:
    """A lead that was given to a member of a team."""

    team: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a lead goes: a person, a team or queue as a whole, or a stage with its reason.

    `line` is the place of the line among `first_match`, None where none matched.
    """

    line: int | None
    owner: str | None = None
    team: str | None = None
    queue: str | None = None
    stage: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """What routing knows besides the lead: the members of each team, the turns so far, the instant, and whose days count."""

    at: datetime
    zone: ZoneInfo
    members: Mapping[str, Sequence[Member]] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()


def route(agreement: Agreement, lead: Reader, desk: Desk) -> tuple[Place, Desk]:
    """Return where a lead goes, and the desk with that turn noted; to no place where nothing says `otherwise`.

    A line whose owner field is empty, or whose team has nobody to take the lead and names no `overflow`, is passed over.
    """
    routing = agreement.routing
    if routing is None:
        return Place(None), desk
    return _first(agreement, routing.first_match, routing.otherwise, lead, desk)


def route_of_leaver(agreement: Agreement, lead: Reader, desk: Desk) -> tuple[Place, Desk]:
    """Return where the lead of an owner who left goes; by the ordinary routing where nothing is said of it."""
    said = agreement.routing.when_owner_leaves if agreement.routing else None
    if said is None or agreement.routing is None:
        return route(agreement, lead, desk)
    if isinstance(said, str):
        return _first(agreement, (Route(to=said),), None, lead, desk)
    return _first(agreement, said, agreement.routing.otherwise, lead, desk)


def _first(
    agreement: Agreement, lines: Sequence[Route], otherwise: str | None, lead: Reader, desk: Desk
) -> tuple[Place, Desk]:
    for index, line in enumerate(lines):
        if line.when is not None and not holds(line.when.value, lead):
            continue
        if line.stage is not None:
            return Place(index, stage=line.stage, reason=line.reason), desk
        taken = _taken(agreement, line, index, lead, desk)
        if taken is not None:
            return taken
    if otherwise is None:
        return Place(None), desk
    found = _taken(agreement, Route(to=otherwise), None, lead, desk)
    return found or (Place(None), desk)


def _taken(agreement: Agreement, line: Route, index: int | None, lead: Reader, desk: Desk) -> tuple[Place, Desk] | None:
    """Return who takes a lead by a line and the desk after it, or None where nobody can."""
    if line.to is None:
        return None
    if line.to in agreement.queues:
        return Place(index, queue=line.to), desk
    if line.to not in agreement.teams:
        owner = lead.value(line.to)
        return (Place(index, owner=owner), desk) if isinstance(owner, str) else None
    if line.how in {None, "undecided"} or not desk.members.get(line.to):
        # Who of the team takes it is for the team, or for the platform that knows its members.
        return Place(index, team=line.to), desk
    member = turn_of(line, line.to, desk)
    if member is not None:
        noted = replace(desk, turns=(*desk.turns, Turn(line.to, member, desk.at)))
        return Place(index, owner=member, team=line.to), noted
    if line.overflow is None:
        return None
    return _taken(agreement, Route(to=line.overflow), index, lead, desk)


def turn_of(line: Route, team: str, desk: Desk) -> str | None:
    """Return the member whose turn it is by a line, or None where each is skipped or has as many as the cap allows.

    Round robin and weights: whoever has the fewest turns for their weight, counted since the team's first turn, then
    whose last turn is longest ago, then the first in the list. Least loaded: whoever works the fewest leads, then the same.
    """
    present = [
        (position, each)
        for position, each in enumerate(desk.members.get(team, ()))
        if not each.away & set(line.skip) and not _has_enough(line, team, each, desk)
    ]
    given = [turn for turn in desk.turns if turn.team == team]
    last = {turn.member: place for place, turn in enumerate(given)}

    def rank(entry: tuple[int, Member]) -> tuple[float, int, int]:
        position, member = entry
        if line.how == "least loaded":
            burden: float = member.load
        elif line.weights:
            # The share that this member would have after the next turn.
            burden = (sum(turn.member == member.name for turn in given) + 1) / _weight(line, member.name)
        else:
            burden = 0
        return burden, last.get(member.name, -1), position

    weighted = [entry for entry in present if _weight(line, entry[1].name) > 0]
    return min(weighted, key=rank)[1].name if weighted else None


def _weight(line: Route, member: str) -> float:
    """Return the turns of a member beside one of each who is not named; an undecided weight is one."""
    weight = line.weights.get(member, 1)
    return 1 if isinstance(weight, Undecided) else weight


def _has_enough(line: Route, team: str, member: Member, desk: Desk) -> bool:
    cap = line.cap
    if not isinstance(cap, Volume):
        return False
    now = period_of(desk.at, cap.period, desk.zone)
    mine = (turn for turn in desk.turns if (turn.team, turn.member) == (team, member.name))
    return sum(period_of(turn.at, cap.period, desk.zone) == now for turn in mine) >= cap.count
