"""Where a lead goes, line by line of the routing."""

from __future__ import annotations

from collections.abc import Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Expression
from sla_sync.agreement.quantities import Undecided, Volume
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.sections.routing import Route, Routing
from sla_sync.explain.conditions import condition, people, person
from sla_sync.explain.names import listed, queue, team, turns, words
from sla_sync.explain.spoken import TO_DECIDE, counted

_SEVERAL = 2
_TURNS = {
    "round robin": "where the members take turns",
    "weighted": "where the members take turns by agreed weights",
    "least loaded": "to the member with the least work",
    "undecided": f"in a way {TO_DECIDE}",
}


def place(name: str, agreement: Agreement) -> str:
    """Return where a lead goes: a team, a queue, or the owner that a field holds."""
    if name in agreement.teams:
        return team(name)
    return queue(name) if name in agreement.queues else person(name, agreement)


def lines(routes: Sequence[Route], agreement: Agreement) -> Sequence[str]:
    """Return every line as a clause; one without a condition after others is for all that is left."""
    return [
        f"{'otherwise ' if index and line.when is None else ''}{route(line, agreement)}"
        for index, line in enumerate(routes)
    ]


def in_short(routing: Routing, agreement: Agreement) -> Sequence[str]:
    """Return the lines with what they all share said once, each a whole sentence or several clauses of one."""
    routes, shared = _without_shared_condition(routing.first_match)
    skips = {each.skip for each in routes if each.to in agreement.teams}
    skipped = next(iter(skips)) if len(skips) == 1 and len(routes) > 1 else ()
    if skipped:
        routes = tuple(each.model_copy(update={"skip": ()}) for each in routes)
    said = list(lines(routes, agreement))
    rest = otherwise(agreement)
    if shared is not None and rest:
        rest = f"any other lead {rest.removeprefix('otherwise it ')}"
    first = f"If {condition(shared, agreement)}: " if shared is not None and said else "Who gets a lead: "
    whole = "; ".join(each for each in (*said, rest) if each)
    passing = f"Nobody who is {listed([words(each) for each in skipped], last='or')} gets a turn." if skipped else ""
    return [each for each in (f"{first}{whole}." if whole else "", passing) if each]


def _without_shared_condition(routes: Sequence[Route]) -> tuple[Sequence[Route], Expression | None]:
    """Return the lines without the condition with which each of them begins, and that condition; None where none is shared."""
    said = [_terms(line) for line in routes]
    if len(said) < _SEVERAL or not all(terms and terms[0] == said[0][0] for terms in said):
        return routes, None
    rest = [All(terms[1:]) if len(terms) > _SEVERAL else next(iter(terms[1:]), None) for terms in said]
    shorter = (
        line.model_copy(update={"when": Written("", when) if when is not None else None})
        for line, when in zip(routes, rest, strict=True)
    )
    return tuple(shorter), said[0][0]


def _terms(line: Route) -> tuple[Expression, ...]:
    if line.when is None:
        return ()
    return line.when.value.terms if isinstance(line.when.value, All) else (line.when.value,)


def route(line: Route, agreement: Agreement) -> str:
    """Return where one line of the routing sends a lead, as a clause."""
    when = f"if {condition(line.when.value, agreement)}, " if line.when else ""
    if line.to is None and line.stage is not None:
        reason = f" with the reason “{words(line.reason)}”" if line.reason else ""
        said = f"{when}it {turns(line.stage)}{reason}"
    else:
        how = f", {_TURNS[line.how]}" if line.how else ""
        skip = f", passing over anyone {listed([words(each) for each in line.skip], last='or')}" if line.skip else ""
        said = f"{when}it goes to {place(line.to or '', agreement)}{how}{skip}{_cap(line)}{_overflow(line, agreement)}"
    hears = "hear" if len(line.notify) > 1 else "hears"
    return f"{said}, and {people(line.notify, agreement)} {hears} of it" if line.notify else said


def otherwise(agreement: Agreement) -> str:
    """Return where a lead goes that no line matches, as a clause; empty where nothing is said."""
    routing = agreement.routing
    if routing is None or not routing.otherwise:
        return ""
    verb = "waits in" if routing.otherwise in agreement.queues else "goes to"
    return f"{'otherwise it' if routing.first_match else 'it'} {verb} {place(routing.otherwise, agreement)}"


def _cap(line: Route) -> str:
    match line.cap:
        case None:
            return ""
        case Undecided():
            return f", with a cap {TO_DECIDE}"
        case Volume(count, period):
            return f", at most {counted(count)} a {period} for each member"
        case other:
            return f", at most {other} for each member"


def _overflow(line: Route, agreement: Agreement) -> str:
    return f", or to {place(line.overflow, agreement)} when no member can take it" if line.overflow else ""
