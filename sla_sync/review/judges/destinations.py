"""Where leads go, on whose side that is, and what it means that some go to another side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.reasoning import Lead, domain_of
from sla_sync.agreement.sections.routing import Route
from sla_sync.lint.promised import condition, party_of
from sla_sync.review.amendments import Effect, Matter
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, between, routing, sides
from sla_sync.review.judges.first_match import Crossing, crossings
from sla_sync.review.judges.spots import Spot

_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Destination:
    """A place and the party that holds leads there; nobody holds what goes straight into a stage, or nowhere."""

    place: str
    party: str | None


def destination(agreement: Agreement, *, to: str | None = None, stage: str | None = None) -> Destination:
    """Return where `to` or `stage` leads. Owners named by a field of the lead are taken for people who answer."""
    if to is None:
        return Destination(f"into {stage}" if stage else "nowhere", None)
    if to in agreement.queues:
        return Destination(to, party_of(agreement.queues[to].accountable, agreement))
    manager = agreement.teams[to].manager if to in agreement.teams else None
    return Destination(to, party_of(manager, agreement) or sides(agreement).answering)


def of_route(route: Route | None, agreement: Agreement) -> Destination:
    """Return where a line of the routing leads; what no line matches goes where `otherwise` says."""
    if route is None:
        return destination(agreement, to=agreement.routing.otherwise if agreement.routing else None)
    return destination(agreement, to=route.to, stage=route.stage)


def move_between(spot: Spot, before: Destination, after: Destination) -> Bearing:
    """Return what it means that leads go to `after` and no longer to `before`."""
    return _weighed(spot, [(before, after)])


def _weighed(spot: Spot, moves: Iterable[tuple[Destination, Destination]]) -> Bearing:
    """Leads that stay on the side that answers are its own affair; others are worked by somebody else or nobody."""
    answering = sides(spot.old).answering
    asked: dict[str, Effect] = {}
    stayed: set[str | None] = set()
    for before, after in moves:
        if before.place == after.place:
            continue
        if before.party == after.party:
            stayed.add(after.party)
            continue
        for party, effect in ((before.party, Effect.LOOSENS), (after.party, Effect.TIGHTENS)):
            if party is not None:
                asked[party] = effect if asked.get(party, effect) is effect else Effect.UNMEASURABLE
    if not asked:
        inside = frozenset(each for each in stayed if each is not None) - {answering}
        return Bearing(Matter.ROUTING, bound=inside) if inside else routing(spot.old) if stayed else TECHNICAL
    if answering not in asked:
        return between(spot.old, asked)
    # What counts is what the side that answers must do; the others only feel it.
    said = between(spot.old, {answering: asked[answering]})
    return Bearing(said.matter, asked, said.bound, said.owed)


class Moves:
    """The leads that another line of a first match takes than before."""

    def __init__(self, spot: Spot, before: Sequence[Route], after: Sequence[Route]) -> None:
        self._spot, self._before, self._after = spot, before, after
        self._found = tuple(crossings(_conditions(before), _conditions(after), domain_of(spot.new)))

    def into(self, index: int) -> tuple[Bearing, str]:
        """Return what it means for the leads that a line takes, with one that comes from elsewhere."""
        return self._of([each for each in self._found if each.after == index])

    def out_of(self, index: int) -> tuple[Bearing, str]:
        """Return what it means for the leads that a line took."""
        return self._of([each for each in self._found if each.before == index])

    def of(self, before: int, after: int) -> tuple[Bearing, str]:
        """Return what it means for the leads that a changed line took or takes."""
        return self._of([each for each in self._found if each.before == before or each.after == after])

    @property
    def all(self) -> tuple[Bearing, str]:
        """Return what it means for all leads."""
        return self._of(self._found)

    def _of(self, crossing: Sequence[Crossing]) -> tuple[Bearing, str]:
        moved = [
            (
                each,
                self._at(self._before, each.before, self._spot.old),
                self._at(self._after, each.after, self._spot.new),
            )
            for each in crossing
        ]
        bearing = _weighed(self._spot, [(one, other) for _, one, other in moved])
        return bearing, next(
            (
                f"; {each.lead} goes {_to(other)} instead of {_to(one)}"
                for each, one, other in moved
                if one.place != other.place
                and isinstance(each.lead, Lead)
                and each.lead.facts
                and len(str(each.lead)) <= _LONGEST
            ),
            "",
        )

    @staticmethod
    def _at(routes: Sequence[Route], index: int, agreement: Agreement) -> Destination:
        return of_route(routes[index] if index < len(routes) else None, agreement)


def _to(where: Destination) -> str:
    return where.place if where.place.startswith(("into ", "nowhere")) else f"to {where.place}"


def _conditions(routes: Sequence[Route]) -> Sequence[Expression]:
    return [condition(each.when) for each in routes]
