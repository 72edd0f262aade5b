"""Changes of what both parties work for, and of the plan behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.sections.goal import Goal
from sla_sync.explain.names import capital
from sla_sync.review.amendments import Amendment, Effect, Matter, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import Bearing, goal, promise, sides
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Figure, Thing, change_of, effect_of, wording
from sla_sync.review.judges.values import spelled

_SHARED = "goal"


def _shared(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "goal", _SHARED_TELLERS)


def _further(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "goals", _FURTHER_TELLERS)


def _goal(spot: Spot) -> str:
    return "Goal" if spot.place[0] == _SHARED else f"Goal «{spot.name()}»"


def _plan(spot: Spot) -> str:
    return "Plan" if spot.place[0] == _SHARED else f"Plan of goal «{spot.name()}»"


def _weigh(spot: Spot, effect: Effect) -> Bearing:
    del effect
    return goal(spot.new)


def _value(thing: Thing, what: str) -> Teller:
    """Return what tells a number, a day or a name."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        before, after = (None if each == {} else each for each in (spot.before, spot.after))
        sentence = f"{thing(spot)}: {change_of(what, before, after)}."
        row = Row(f"{thing(spot)}: {what}", spelled(before), spelled(after))
        yield spot.says(_weigh(spot, Effect.UNMEASURABLE), thing(spot), sentence, row)

    return tell


def _keyed(thing: Thing, what: str) -> Teller:
    """Return what tells a number under a name that the parties chose; `{}` in `what` is that name."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        yield from _value(thing, what.format(spot.name(-1)))(spot)

    return tell


def _whole(spot: Spot) -> Iterator[Amendment]:
    gone = spot.after is None
    said = cast("Goal", spot.before if gone else spot.after)
    text = said.statement.rstrip(".") or f"{spelled(said.metric)} {spelled(said.target)}"
    sentence = f"{_goal(spot)} is {'given up' if gone else 'new'}: {text}."
    row = Row(_goal(spot), *((text, "no such goal") if gone else ("no such goal", text)))
    yield spot.says(goal(spot.new), _goal(spot), sentence, row)


def _whole_plan(spot: Spot) -> Iterator[Amendment]:
    gone = spot.after is None
    sentence = f"{_plan(spot)}: {'there is none any more' if gone else 'it is written down for the first time'}."
    yield spot.says(goal(spot.new), _plan(spot), sentence)


def _time_to_close(spot: Spot) -> Iterator[Amendment]:
    """Tell the time from qualification to signature: where it is longer, what is due by a day must come sooner, or lacks."""
    what = "the time from qualification to signature"
    figure = Figure(what, more=Effect.LOOSENS)
    effect = effect_of(figure, spot.before, spot.after)
    delivering = sides(spot.new).delivering
    bearing = goal(spot.new)
    if effect is Effect.LOOSENS and delivering is not None:
        duty = promise(spot.new, {delivering}, effect)
        bearing = Bearing(Matter.PLAN_GAP, duty.effects, duty.bound, duty.owed)
    row = Row(capital(what), spelled(spot.before), spelled(spot.after))
    yield spot.says(bearing, _plan(spot), f"{_plan(spot)}: {change_of(what, spot.before, spot.after)}.", row)


_KEYS: Mapping[Pattern, Teller] = {
    ("statement",): wording(_goal, "its statement", _weigh),
    ("metric",): _value(_goal, "metric"),
    ("target",): _value(_goal, "target"),
    ("by",): _value(_goal, "reached by"),
    ("owner",): _value(_goal, "owner"),
    ("benefits", ANY): wording(_goal, "what a party wins by it", _weigh),
    ("plan",): _whole_plan,
    ("plan", "revenue"): _value(_plan, "revenue"),
    ("plan", "expected_anyway"): _value(_plan, "the share that comes in anyway"),
    ("plan", "sources", ANY): _keyed(_plan, "the share of {}"),
    ("plan", "average_deal"): _value(_plan, "the average deal"),
    ("plan", "mql_to_close"): _time_to_close,
    ("plan", "rates"): _value(_plan, "what passes from stage to stage"),
    ("plan", "rates", ANY): _keyed(_plan, "the rate {}"),
}
_SHARED_TELLERS: Mapping[Pattern, Teller] = {(): _whole, **_KEYS}
_FURTHER_TELLERS: Mapping[Pattern, Teller] = {(ANY,): _whole, **{(ANY, *key): tell for key, tell in _KEYS.items()}}

JUDGES: Mapping[str, Judge] = {"goal": _shared, "goals": _further}
