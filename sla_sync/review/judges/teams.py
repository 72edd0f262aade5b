"""Changes of teams: how many people answer, how much time they have, and in whose hours they work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.quantities import Capacity, Period, Volume, WorkPerLead
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.explain.names import capital
from sla_sync.explain.names import team as spoken_team
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import Bearing, measurement, parties_of, promise, routing, sides
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.openings import effect_of_hours
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Figure, appears, change_of, figure, wording
from sla_sync.review.judges.timed import weigh_hours
from sla_sync.review.judges.values import spelled


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "teams", _TELLERS)


def _team(spot: Spot) -> str:
    return f"Team «{spot.name()}»"


def _party(spot: Spot) -> frozenset[str]:
    """Return the party whose team it is: that of its manager, else whoever answers leads."""
    managers = [
        agreement.teams[spot.name()].manager for agreement in (spot.old, spot.new) if spot.name() in agreement.teams
    ]
    answering = sides(spot.new).answering
    return parties_of(managers, spot.new) or parties_of(managers, spot.old) or frozenset(filter(None, {answering}))


def _weigh(spot: Spot, effect: Effect) -> Bearing:
    """Weigh what the team can do: no promise names it, and each of its party's promises rests on it."""
    return promise(spot.new, _party(spot), effect)


def _members(spot: Spot) -> Iterator[Amendment]:
    """Tell how many people there are; where a promise is made for each of them, its number moves too."""
    yield from figure(_team, Figure("members", more=Effect.TIGHTENS), _weigh_members)(spot)


def _weigh_members(spot: Spot, effect: Effect) -> Bearing:
    each = any(_for_each(said, spot.name()) for said in spot.new.commitments.values())
    return measurement(spot.new) if each else _weigh(spot, effect)


def _for_each(said: Commitment, team: str) -> bool:
    targets = said.target.values() if isinstance(said.target, dict) else (said.target,)
    return any(isinstance(each, Volume) and each.per_member and each.team in {None, team} for each in targets)


def _time(what: str, *, more: Effect) -> Teller:
    """Return what tells a working time, of a member or for a lead."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        before, after = spot.before, spot.after
        grown = None if before is None or after is None else _compared(before, after)
        effect = Effect.UNMEASURABLE if grown is None else more if grown > 0 else _less(more)
        row = Row(f"{_team(spot)}: {what}", spelled(before), spelled(after))
        yield spot.says(_weigh(spot, effect), _team(spot), f"{_team(spot)}: {change_of(what, before, after)}.", row)

    return tell


def _less(more: Effect) -> Effect:
    return {Effect.TIGHTENS: Effect.LOOSENS, Effect.LOOSENS: Effect.TIGHTENS}.get(more, more)


def _compared(before: object, after: object) -> int | None:
    match before, after:
        case Capacity(time=one, period=Period() as first), Capacity(time=other, period=second) if first is second:
            return compared(one, other)
        case WorkPerLead(time=one), WorkPerLead(time=other):
            return compared(one, other)
        case _:
            return None


def _manager(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "nobody") for each in (spot.before, spot.after))
    sentence = f"{_team(spot)}: {names[0]} → {names[1]} leads it."
    bearing = Bearing(routing(spot.new).matter, bound=_party(spot))
    yield spot.says(bearing, _team(spot), sentence, Row(f"{capital(spoken_team(spot.name()))} is led by", *names))


def _calendar(spot: Spot) -> Iterator[Amendment]:
    names = tuple(str(each or "no calendar") for each in (spot.before, spot.after))
    old, new = (agreement.calendars.get(name) for agreement, name in zip((spot.old, spot.new), names, strict=True))
    known = old is not None and new is not None
    effect = effect_of_hours(old, new, spot.old, spot.new) if known else Effect.UNMEASURABLE
    sentence = f"{_team(spot)}: its clocks run in {names[0]} → {names[1]}."
    row = Row(f"{_team(spot)}: its clocks run in", *names)
    used = tuple(name for name in names if name in {*spot.old.calendars, *spot.new.calendars})
    yield spot.says(weigh_hours(spot, used, effect), _team(spot), sentence, row)


_TELLERS: Mapping[Pattern, Teller] = {
    (ANY,): appears(_team, _weigh, new=Effect.UNMEASURABLE),
    (ANY, "means"): wording(_team),
    (ANY, "manager"): _manager,
    (ANY, "members"): _members,
    (ANY, "calendar"): _calendar,
    (ANY, "capacity"): _time("capacity", more=Effect.TIGHTENS),
    (ANY, "effort"): _time("effort", more=Effect.UNMEASURABLE),
    (ANY, "ramp", ANY): figure(
        lambda spot: f"Team «{spot.name()}», {spot.name(3)} of a new member",
        Figure("capacity", more=Effect.TIGHTENS),
        _weigh,
    ),
    (ANY, "presence"): figure(_team, Figure("presence", more=Effect.TIGHTENS), _weigh),
}

JUDGES: Mapping[str, Judge] = {"teams": _judge}
"""What judges teams."""
