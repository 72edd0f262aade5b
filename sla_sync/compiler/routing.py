"""Who works the leads: teams, queues, and the lines by which a lead gets its owner."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import UNDECIDED, Undecided
from sla_sync.agreement.sections.routing import Route
from sla_sync.compiler.divisions import spelled_out
from sla_sync.compiler.words import label
from sla_sync.diagnostics import KeyPath
from sla_sync.resources import Destination, Line, Queue, Routing, Team

OTHERWISE = "otherwise"


def teams(agreement: Agreement) -> tuple[Team, ...]:
    """Return every team."""
    return tuple(
        Team(name, ("teams", name), team.means, label(name), team.manager, team.calendar)
        for name, team in agreement.teams.items()
    )


def queues(agreement: Agreement) -> tuple[Queue, ...]:
    """Return every queue."""
    return tuple(
        Queue(name, ("queues", name), queue.means, label(name), queue.accountable)
        for name, queue in agreement.queues.items()
    )


def routing(agreement: Agreement) -> Routing | None:
    """Return who gets a lead, conditions in plain fields; None where nothing is agreed."""
    section = agreement.routing
    if section is None:
        return None
    origin: KeyPath = ("routing",)
    leaving = section.when_owner_leaves
    return Routing(
        origin,
        (
            *_lines(agreement, section.first_match, (*origin, "first_match"), "line"),
            *_place(agreement, section.otherwise, (*origin, OTHERWISE), OTHERWISE),
        ),
        tuple(
            _lines(agreement, leaving, (*origin, "when_owner_leaves"), "owner_leaves")
            if isinstance(leaving, tuple)
            else _place(agreement, leaving, (*origin, "when_owner_leaves"), "owner_leaves")
        ),
    )


def _lines(agreement: Agreement, routes: tuple[Route, ...], origin: KeyPath, name: str) -> Iterator[Line]:
    for index, route in enumerate(routes):
        to = route.stage or route.to
        if to is None:
            continue
        yield Line(
            f"{name}_{index + 1}",
            (*origin, index),
            route.means,
            None if route.when is None else spelled_out(route.when.value, agreement),
            Destination.STAGE if route.stage else _destination(agreement, to),
            to,
            reason=route.reason,
            how=None if route.how == str(UNDECIDED) else route.how,
            skip=route.skip,
            weights={who: float(turns) for who, turns in route.weights.items() if not isinstance(turns, Undecided)},
            cap=None if route.cap is None or isinstance(route.cap, Undecided) else str(route.cap),
            overflow=route.overflow,
            notify=route.notify,
        )


def _place(agreement: Agreement, to: str | None, origin: KeyPath, name: str) -> Iterator[Line]:
    if to is not None:
        yield Line(name, origin, "", None, _destination(agreement, to), to)


def _destination(agreement: Agreement, to: str) -> Destination:
    """Return what a name leads to; what is no team and no queue is a field that holds a person."""
    if to in agreement.teams:
        return Destination.TEAM
    return Destination.QUEUE if to in agreement.queues else Destination.FIELD
