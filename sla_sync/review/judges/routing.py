"""Changes of the routing: within the side that answers they are its own, beyond it they change what is promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from sla_sync.agreement.sections.routing import Route
from sla_sync.review.amendments import Amendment, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.destinations import Moves, destination, move_between
from sla_sync.review.judges.route_lines import Lines, aligned, told_line
from sla_sync.review.judges.spots import Pattern, Spot, Teller, told
from sla_sync.review.words import arrow

_ROUTING = "Routing"
_LEAVING = "When an owner leaves"


def _judge(ground: Ground) -> Iterator[Amendment]:
    yield from told(ground, "routing", _TELLERS)


def _first_match(spot: Spot) -> Iterator[Amendment]:
    yield from _lines(spot, _ROUTING, _routes(spot.before), _routes(spot.after))


def _when_owner_leaves(spot: Spot) -> Iterator[Amendment]:
    """Tell who gets the leads of an owner who leaves; one place is a list with one line."""
    before, after = spot.before, spot.after
    if isinstance(before, str | None) and isinstance(after, str | None):
        yield _place(spot, f"{_LEAVING}: the leads go to", before, after)
    else:
        yield from _lines(spot, _LEAVING, _routes(before), _routes(after))


def _routes(value: object) -> Sequence[Route]:
    if isinstance(value, str):
        return (Route(to=value),)
    return cast("tuple[Route, ...]", value or ())


def _otherwise(spot: Spot) -> Iterator[Amendment]:
    before, after = (cast("str | None", each) for each in (spot.before, spot.after))
    yield _place(spot, f"{_ROUTING}: what no line matches goes to", before, after)


def _place(spot: Spot, what: str, before: str | None, after: str | None) -> Amendment:
    now, proposed = (each or "nobody" for each in (before, after))
    bearing = move_between(spot, destination(spot.old, to=before), destination(spot.new, to=after))
    return spot.says(bearing, _ROUTING, f"{what} {arrow(now, proposed)}.", Row(what, now, proposed))


def _lines(spot: Spot, label: str, before: Sequence[Route], after: Sequence[Route]) -> Iterator[Amendment]:
    """Tell each line that is new, gone or different, then an order that decides otherwise."""
    pairs = aligned(before, after)
    moves = Moves(spot, before, after)
    lines = Lines(spot, label, before, after)
    paired = {one for one, _ in pairs}, {other for _, other in pairs}
    for index in (each for each in range(len(after)) if each not in paired[1]):
        yield lines.new(index, moves.into(index))
    for index in (each for each in range(len(before)) if each not in paired[0]):
        yield lines.gone(index, moves.out_of(index))
    for one, other in pairs:
        yield from told_line(lines, moves, one, other)
    kept = [other for _, other in sorted(pairs)]
    if kept != sorted(kept):
        yield lines.reordered([one for one, _ in sorted(pairs)], sorted(kept), moves.all)


_TELLERS: Mapping[Pattern, Teller] = {
    ("first_match",): _first_match,
    ("otherwise",): _otherwise,
    ("when_owner_leaves",): _when_owner_leaves,
}

JUDGES: Mapping[str, Judge] = {"routing": _judge}
