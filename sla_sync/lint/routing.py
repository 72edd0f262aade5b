"""50x: who gets a lead, and how leads are divided; why they leave is in `reasons`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import All, Any, Expression, Is, Known, Not
from sla_sync.agreement.funnel import distances, qualified_stage, start_stages
from sla_sync.agreement.reasoning import Domain, Lead, domain_of, example, implies, overlap, uncovered
from sla_sync.agreement.reasoning.apart import Row, asked_by, near, row_of
from sla_sync.agreement.sections.leads import Predicate, Segment
from sla_sync.agreement.sections.routing import Route
from sla_sync.diagnostics import KeyPath, Severity
from sla_sync.lint import reasons
from sla_sync.lint.promised import condition, party_of
from sla_sync.lint.remarks import Case, Needs, Remark, Rule

_OUT, _FULL = "out_of_office", "at_capacity"


def no_last_place(case: Case) -> Iterator[Remark]:
    """Yield a routing that leaves leads with nobody; an agreement without routing is only told so."""
    routing = case.agreement.routing
    if routing is None:
        yield Remark(
            "The agreement does not say who gets a lead.",
            (),
            "Add `routing` with `first_match` and `otherwise`.",
            severity=Severity.INFORMATION,
        )
    elif routing.otherwise is None:
        yield Remark(
            "A lead that no route matches belongs to nobody.",
            ("routing",),
            "Add `otherwise` with a team or a queue.",
            at_key=True,
        )


def never_reached(case: Case) -> Iterator[Remark]:
    """Yield routes, priorities and segments that no lead comes to, because of those before them or of themselves."""
    agreement, domain = case.agreement, domain_of(case.agreement)
    for what, path, lines in _first_matches(agreement):
        row = row_of([each.takes for each in lines], domain)
        for index, line in enumerate(lines):
            before = _taking(row, lines[:index], line.when, domain)
            if example(domain, holds=[line.when], fails=before) is not None:
                continue
            alone = example(domain, holds=[line.when]) is None
            yield Remark(
                f"No lead comes to {what} {line.name}: "
                + (
                    "its condition never holds."
                    if alone
                    else f"{_taken_by(what, lines[:index], line, domain)} them all."
                ),
                (*path, line.key),
                "Correct its condition." if alone else "Put it before what takes its leads, or remove it.",
                at_key=isinstance(line.key, str),
            )


@dataclass(frozen=True, slots=True)
class _Line:
    """One of several conditions of which the first counts; `takes` are the leads that never go on to the next."""

    key: str | int
    name: str
    when: Expression
    takes: Expression | None


def _taking(row: Row, before: Sequence[_Line], when: Expression, domain: Domain) -> list[Expression]:
    """Return what some lines before take, of which one might take a lead that meets a condition."""
    taking = (before[place].takes for place in near(row, asked_by(when, domain)) if place < len(before))
    return [each for each in taking if each is not None]


def _first_matches(agreement: Agreement) -> Iterator[tuple[str, KeyPath, Sequence[_Line]]]:
    routing = agreement.routing
    lists: list[tuple[str, tuple[Route, ...]]] = []
    if routing is not None:
        lists.append(("first_match", routing.first_match))
        if isinstance(routing.when_owner_leaves, tuple):
            lists.append(("when_owner_leaves", routing.when_owner_leaves))
    for name, routes in lists:
        yield "route", ("routing", name), [_line(index, each) for index, each in enumerate(routes)]
    priorities = [_part(name, each.when.value) for name, each in agreement.priorities.items()]
    yield "priority", ("priorities",), priorities
    for name, parts in agreement.segments.items():
        yield f"part of '{name}'", ("segments", name), [_part(part, _when(each)) for part, each in parts.items()]


def _when(segment: Segment) -> Expression:
    return segment.when.value if isinstance(segment, Predicate) else segment.value


def _part(name: str, when: Expression) -> _Line:
    return _Line(name, f"'{name}'", when, when)


def _line(index: int, route: Route) -> _Line:
    """Return a route; one that lets members be skipped, or is full, hands leads on to the next."""
    when, passes = condition(route.when), route.skip or route.cap is not None
    taken = None if passes and route.overflow is None else when
    if taken is not None and route.to is not None and route.to.endswith("_owner"):
        taken = All((taken, Known(route.to)))
    return _Line(index, f"{index + 1}", when, taken)


def _taken_by(what: str, before: Sequence[_Line], line: _Line, domain: Domain) -> str:
    one = next((each for each in before if each.takes and implies(line.when, each.takes, domain) is None), None)
    return f"{what} {one.name} takes" if one else "those before it take"


def below_the_gate(case: Case) -> Iterator[Remark]:
    """Yield ways by which sales is given a lead that is not qualified, and that no source lets pass by name."""
    agreement, domain = case.agreement, domain_of(case.agreement)
    below = _below(agreement)
    if agreement.routing is None or below is None:
        return
    lines = [_line(index, route) for index, route in enumerate(agreement.routing.first_match)]
    row = row_of([each.takes for each in lines], domain)
    for index, (route, line) in enumerate(zip(agreement.routing.first_match, lines, strict=True)):
        if _is_sales(route.to, agreement) and not _is_bypass(line.when, domain):
            before = _taking(row, lines[:index], All((below, line.when)), domain)
            lead = example(domain, holds=[below, line.when], fails=before)
            if isinstance(lead, Lead):
                yield Remark(
                    f"Route {line.name} gives '{route.to}' leads that are not qualified, such as {lead}.",
                    ("routing", "first_match", index, "when" if route.when else "to"),
                    f"Add `stage is {qualified_stage(agreement)}` to its condition.",
                )
    if _is_sales(agreement.routing.otherwise, agreement):
        lead = example(domain, holds=[below], fails=_taking(row, lines, below, domain))
        if isinstance(lead, Lead):
            yield Remark(
                f"`otherwise` gives '{agreement.routing.otherwise}' leads that are not qualified, such as {lead}.",
                ("routing", "otherwise"),
                "Name a queue of the party that qualifies leads.",
            )


def _below(agreement: Agreement) -> Expression | None:
    """Return the condition on which a lead stands before the gate and may not pass it; None where nothing is before."""
    qualified = qualified_stage(agreement)
    starts = start_stages(agreement)
    if qualified is None or not starts:
        return None
    far = distances(agreement, starts[0])
    early = tuple(name for name in far if far[name] < far[qualified] and agreement.stages[name].end is None)
    if not early:
        return None
    gate = agreement.stages[qualified].enter_when
    passing: list[Expression] = [] if gate is None else [gate.value]
    for name in early:
        move = agreement.stages[name].moves.get(qualified)
        if move is not None:
            passing.append(All((Is("stage", (name,)), move.value)))
    here = Is("stage", early)
    return All((here, Not(Any(tuple(passing))))) if passing else here


def _is_sales(place: str | None, agreement: Agreement) -> bool:
    """Return whether a place is on another side than the one that answers for leads before the gate."""
    starts = start_stages(agreement)
    own = party_of(agreement.stages[starts[0]].accountable, agreement) if starts else None
    if place is None or own is None:
        return False
    if place in agreement.teams:
        return party_of(agreement.teams[place].manager, agreement) not in {None, own}
    if place in agreement.queues:
        return party_of(agreement.queues[place].accountable, agreement) not in {None, own}
    return place.endswith("_owner")


def _is_bypass(when: Expression, domain: Domain) -> bool:
    """Return whether a condition lets leads pass by their source: those without one never come through."""
    return implies(when, Known("source"), domain) is None


def without_a_successor(case: Case) -> Iterator[Remark]:
    """Yield a routing that says nothing of the leads of somebody who leaves."""
    if case.agreement.routing is not None and case.agreement.routing.when_owner_leaves is None:
        yield Remark(
            "Nobody gets the leads of an owner who leaves.",
            ("routing",),
            "Add `when_owner_leaves` with a team or a queue.",
            at_key=True,
            absent=True,
        )


def turns_without_regard(case: Case) -> Iterator[Remark]:
    """Yield turns that come to members who are away or full, and turns of one member."""
    agreement = case.agreement
    for index, route in enumerate(agreement.routing.first_match if agreement.routing else ()):
        at = ("routing", "first_match", index)
        if route.how is None or route.how == "undecided":
            continue
        team = agreement.teams.get(route.to or "")
        if team is not None and team.members == 1:
            yield Remark(
                f"Route {index + 1} takes turns in team '{route.to}', which has one member.",
                (*at, "how"),
                "Remove `how`, or add members to the team.",
            )
            continue
        lacking = [] if _OUT in route.skip else ["are out of office"]
        bounded = _FULL in route.skip or route.cap is not None
        lacking += ["have no time left"] if team is not None and team.capacity is not None and not bounded else []
        if lacking:
            yield Remark(
                f"Route {index + 1} gives leads to members of '{route.to}' who {' or '.join(lacking)}.",
                (*at, "how"),
                f"Add `skip: [{_OUT}, {_FULL}]`.",
            )


def badly_divided(case: Case) -> Iterator[Remark]:
    """Yield divisions whose parts overlap though neither contains the other, and leads that no part takes."""
    agreement, domain = case.agreement, domain_of(case.agreement)
    for name, parts in agreement.segments.items():
        conditions = {part: (each.when if isinstance(each, Predicate) else each).value for part, each in parts.items()}
        row, names = row_of(tuple(conditions.values()), domain), tuple(conditions)
        pairs = ((place, each) for place, asked in enumerate(row.asked) for each in near(row, asked) if place < each)
        for one, other in ((names[place], names[each]) for place, each in pairs):
            first, second = conditions[one], conditions[other]
            # A special part before a general one is how a first match is meant to be written.
            if implies(first, second, domain) is None or implies(second, first, domain) is None:
                continue
            lead = overlap(first, second, domain)
            if isinstance(lead, Lead):
                yield Remark(
                    f"'{one}' and '{other}' of division '{name}' overlap: {lead} is in both, and counts as '{one}'.",
                    ("segments", name, other),
                    "Write conditions that exclude each other, or one that contains the other.",
                    at_key=True,
                )
        lead = uncovered(conditions.values(), domain)
        if isinstance(lead, Lead):
            yield Remark(
                f"Division '{name}' leaves a gap: {lead} is in none of its parts.",
                ("segments", name),
                "Add a last part that takes the others.",
                at_key=True,
            )


def queue_of_nobody(case: Case) -> Iterator[Remark]:
    """Yield queues for which no role answers."""
    for name, queue in case.agreement.queues.items():
        if queue.accountable is None:
            message = f"Nobody answers for what waits in queue '{name}'."
            yield Remark(message, ("queues", name), "Add `accountable` with a role.", at_key=True)


def bypass_without_priority(case: Case) -> Iterator[Remark]:
    """Yield routes that let named sources pass the gate though no priority says how soon such a lead is answered."""
    agreement, domain = case.agreement, domain_of(case.agreement)
    below = _below(agreement)
    if agreement.routing is None or below is None:
        return
    urgent = [each.when.value for each in agreement.priorities.values()]
    for index, route in enumerate(agreement.routing.first_match):
        when = condition(route.when)
        passes = isinstance(overlap(below, when, domain), Lead)
        if not passes or not _is_sales(route.to, agreement) or not _is_bypass(when, domain):
            continue
        lead = example(domain, holds=[when], fails=urgent)
        if isinstance(lead, Lead):
            yield Remark(
                f"Route {index + 1} lets leads pass that nobody qualified, and no priority is theirs: {lead}.",
                ("routing", "first_match", index, "when"),
                "Add a priority for them, with a limit of its own.",
                severity=None if urgent else Severity.INFORMATION,
            )


_BY_CODE: Mapping[str, Rule] = {rule.code: rule for rule in reasons.RULES}

RULES: tuple[Rule, ...] = (
    Rule(
        "SLA501",
        Severity.ERROR,
        "Every lead belongs to somebody.",
        no_last_place,
        because="The lead that no line matches is the one nobody looks for.",
        bad="routing: {first_match: [{when: stage is mql, to: sdr}]}",
        good="routing: {first_match: [{when: stage is mql, to: sdr}], otherwise: marketing_queue}",
    ),
    Rule(
        "SLA502",
        Severity.ERROR,
        "Every route, priority and segment can be reached.",
        never_reached,
        because="A line that never matches is a promise that somebody believes in.",
        bad="priorities:\n"
        "  hot: {means: They are ready., when: stage is mql}\n"
        "  warm: {means: They asked to talk., when: stage is mql and source is demo_request}",
        good="priorities:\n"
        "  hot: {means: They asked to talk., when: stage is mql and source is demo_request}\n"
        "  warm: {means: They are ready., when: stage is mql}",
    ),
    Rule(
        "SLA503",
        Severity.ERROR,
        "Every team has an active member.",
        because="A lead of an empty team waits until somebody complains.",
        bad="teams: {sdr: {members: 0}}",
        good="teams: {sdr: {members: 2}}",
        needs=Needs.LIVE,
    ),
    *(_BY_CODE[code] for code in ("SLA504", "SLA505", "SLA506", "SLA507")),
    Rule(
        "SLA508",
        Severity.ERROR,
        "Sales is given qualified leads, and others only from sources that a route names.",
        below_the_gate,
        because="Whoever is sent unqualified leads stops answering the qualified ones.",
        bad="routing: {first_match: [{when: country is US, to: sdr}], otherwise: marketing_queue}",
        good="routing: {first_match: [{when: stage is mql and country is US, to: sdr}], otherwise: marketing_queue}",
    ),
    Rule(
        "SLA509",
        Severity.WARNING,
        "The leads of an owner who leaves go to somebody.",
        without_a_successor,
        because="The leads of people who left are found a quarter later.",
        bad="routing: {first_match: [{when: stage is mql, to: sdr}], otherwise: marketing_queue}",
        good="routing: {first_match: [{when: stage is mql, to: sdr}], otherwise: marketing_queue, when_owner_leaves: sdr}",
    ),
    Rule(
        "SLA510",
        Severity.WARNING,
        "Turns come to several members who are there and have time.",
        turns_without_regard,
        because="A lead that is given to somebody on holiday is late before anybody can help it.",
        bad="routing: {first_match: [{when: stage is mql, to: sdr, how: round robin}], otherwise: marketing_queue}",
        good="routing: {first_match: [{when: stage is mql, to: sdr, how: round robin, skip: [out_of_office, at_capacity]}],\n"
        "  otherwise: marketing_queue}",
    ),
    *(_BY_CODE[code] for code in ("SLA511", "SLA512")),
    Rule(
        "SLA513",
        Severity.WARNING,
        "The parts of a division take every lead, and none twice by chance.",
        badly_divided,
        because="A lead between two territories is called by both or by neither.",
        bad="segments: {size: {large: employees >= 200, small: employees <= 300}}",
        good="segments: {size: {large: employees >= 200, small: employees < 200 or employees is unknown}}",
    ),
    Rule(
        "SLA514",
        Severity.WARNING,
        "A role answers for every queue.",
        queue_of_nobody,
        because="A queue without an owner is where leads go to be forgotten.",
        bad="queues: {marketing_queue: {means: Held until someone decides.}}",
        good="queues: {marketing_queue: {means: Held until someone decides., accountable: vp_marketing}}",
    ),
    Rule(
        "SLA515",
        Severity.WARNING,
        "A source that passes the gate has a priority.",
        bypass_without_priority,
        because="Whoever lets some leads jump the queue has to say how far.",
        bad="routing: {first_match: [{when: source is webinar, to: sdr}], otherwise: marketing_queue}",
        good="priorities: {guest: {means: They came to a webinar., when: source is webinar}}\n"
        "routing: {first_match: [{when: source is webinar, to: sdr}], otherwise: marketing_queue}",
    ),
)
