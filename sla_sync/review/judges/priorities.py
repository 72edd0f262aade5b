"""Changes of priorities: which leads become more urgent, and what that asks of whoever promised to answer them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sla_sync.agreement.canonical import ORDER
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.expressions.walk import fields_in
from sla_sync.agreement.reasoning import Lead, domain_of
from sla_sync.explain.conditions import condition
from sla_sync.explain.names import urgency
from sla_sync.lint.promised import party_of
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, between, of_two, promise, routing, sides
from sla_sync.review.judges.breadth import in_guillemets
from sla_sync.review.judges.first_match import Crossing, crossings
from sla_sync.review.judges.magnitudes import compared
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import wording
from sla_sync.review.judges.uses import conditions, predicate
from sla_sync.review.words import NOTHING, arrow, named, quoted

_PRIORITY = "priority"
_LONGEST = 90


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "priorities", _TELLERS)


def _label(spot: Spot) -> str:
    return f"Priority {quoted(spot.name())}"


def _whole(spot: Spot) -> Iterator[Amendment]:
    """Tell a priority that is new or gone."""
    name = spot.name()
    found = predicate(spot.before or spot.after)
    when = in_guillemets(found) if found is not None else NOTHING
    said = "is gone; it was for leads with" if spot.after is None else "is new, for leads with"
    moves = _Moves(spot, name)
    sides_of_row = [
        condition(found, spot.new) if each is not None and found else NOTHING for each in (spot.before, spot.after)
    ]
    row = Row(f"A lead is {urgency(name)} if", *sides_of_row)
    yield spot.says(moves.bearing, _label(spot), f"{_label(spot)} {said} {when}{moves.example}.", row)


def _when(spot: Spot) -> Iterator[Amendment]:
    name = spot.name()
    before, after = predicate(spot.before), predicate(spot.after)
    if before is None or after is None:
        return
    moves = _Moves(spot, name)
    sentence = f"{_label(spot)}: if {in_guillemets(before)} → if {in_guillemets(after)}{moves.example}."
    row = Row(f"A lead is {urgency(name)} if", condition(before, spot.old), condition(after, spot.new))
    yield spot.says(moves.bearing, _label(spot), sentence, row)


def _order(spot: Spot) -> Iterator[Amendment]:
    """Tell the order of those that were there and still are; one more or one less is told by itself."""
    before = [each for each in spot.old.priorities if each in spot.new.priorities]
    after = [each for each in spot.new.priorities if each in spot.old.priorities]
    if before == after:
        return
    row = Row("Priorities, the first that fits", named(before), named(after))
    moves = _Moves(spot, None)
    sentence = f"Priorities, the first that fits: {arrow(', '.join(before), ', '.join(after))}{moves.example}."
    said = spot.says(moves.bearing, "Priorities", sentence, row)
    yield replace(said, place=("priorities",))


class _Moves:
    """The leads whose priority is another one by the change of one priority, or of all where none is named."""

    def __init__(self, spot: Spot, name: str | None) -> None:
        self._spot = spot
        self._before, self._after = list(spot.old.priorities), list(spot.new.priorities)
        found = crossings(_conditions(spot.old), _conditions(spot.new), domain_of(spot.new))
        self._moved = [each for each in found if self._concerns(each, name)]

    def _concerns(self, crossing: Crossing, name: str | None) -> bool:
        pair = self._names(crossing)
        return pair[0] != pair[1] and (name is None or name in pair)

    def _names(self, crossing: Crossing) -> tuple[str | None, str | None]:
        before = self._before[crossing.before] if crossing.before < len(self._before) else None
        return before, self._after[crossing.after] if crossing.after < len(self._after) else None

    @property
    def bearing(self) -> Bearing:
        """Weigh the moves: a lead that gets a shorter limit asks more of whoever promised it."""
        if not self._moved:
            return TECHNICAL
        old = self._spot.old
        effects = {party: effect for party in sides(old).promising if (effect := self._on(party)) is not Effect.NEUTRAL}
        if effects:
            return between(old, effects)
        answering = sides(old).answering
        if _is_read(self._spot.new) and answering is not None:
            return promise(old, (answering,), Effect.UNMEASURABLE)
        return routing(old)

    def _on(self, party: str) -> Effect:
        effects = [
            _limit_moved(each.within, *self._names(crossing))
            for each in self._spot.old.commitments.values()
            if isinstance(each.within, dict) and party_of(each.by, self._spot.old) == party
            for crossing in self._moved
        ]
        if Effect.UNMEASURABLE in effects:
            return Effect.UNMEASURABLE
        return of_two(Effect.TIGHTENS in effects, Effect.LOOSENS in effects)

    @property
    def example(self) -> str:
        """Return a lead that shows it: `; a lead with source webinar is hot now`."""
        for each in self._moved:
            _, now = self._names(each)
            if isinstance(each.lead, Lead) and each.lead.facts and len(str(each.lead)) <= _LONGEST:
                return f"; {each.lead} {f'is {urgency(now)} now' if now else 'has no priority now'}"
        return ""


def _conditions(agreement: Agreement) -> Sequence[Expression]:
    return [each.when.value for each in agreement.priorities.values()]


def _limit_moved(limits: Mapping[str, object], before: str | None, after: str | None) -> Effect:
    """Return what it asks that a lead has another limit; one without a limit has no promise."""
    one, other = limits.get(before or ""), limits.get(after or "")
    if one is None or other is None:
        return of_two(other is not None and one is None, one is not None and other is None)
    found = compared(one, other)
    return Effect.UNMEASURABLE if found is None else of_two(found < 0, found > 0)


def _is_read(agreement: Agreement) -> bool:
    return any(_PRIORITY in fields_in(each.condition) for each in conditions(agreement))


_TELLERS: Mapping[Pattern, Teller] = {
    (ORDER,): _order,
    (ANY,): _whole,
    (ANY, "means"): wording(_label),
    (ANY, "when"): _when,
}

JUDGES: Mapping[str, Judge] = {"priorities": _judge}
