"""Who gets a lead and with what: routing, teams, queues, hand-off, and what a record must hold."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Capacity, Undecided, WorkPerLead
from sla_sync.agreement.sections.routing import Route
from sla_sync.explain.conditions import condition, fields
from sla_sync.explain.names import capital, heading, listed, title, words
from sla_sync.explain.page import Block, Heading, Paragraph, Points, Table, Terms, without_empty
from sla_sync.explain.routes import lines, otherwise, place, route
from sla_sync.explain.spoken import TO_DECIDE, duration, each, number


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield the lines of the routing in order, then the teams and queues, the hand-off and the quality of records."""
    if not (agreement.routing or agreement.teams or agreement.queues or agreement.handoff or agreement.quality):
        return
    yield Heading(2, "Who gets a lead")
    yield from _routing(agreement)
    yield from _teams(agreement)
    yield from _queues(agreement)
    yield from _handoff(agreement)
    yield from _quality(agreement)


def _routing(agreement: Agreement) -> Iterator[Block]:
    routing = agreement.routing
    if routing is None:
        return
    if routing.first_match:
        yield Paragraph("The first line that fits counts.")
        said = [_line(each, agreement) for each in routing.first_match]
        if routing.otherwise:
            said.append(f"{capital(otherwise(agreement))}.")
        yield Points(said, ordered=True)
    elif routing.otherwise:
        yield Paragraph(f"Every lead goes to {place(routing.otherwise, agreement)}.")
    leaves = routing.when_owner_leaves
    if isinstance(leaves, str):
        yield Paragraph(f"When an owner leaves, the leads go to {place(leaves, agreement)}.")
    elif leaves:
        yield Paragraph("When an owner leaves, the first line that fits counts for each of the leads.")
        yield Points([f"{capital(each)}." for each in lines(leaves, agreement)], ordered=True)


def _line(line: Route, agreement: Agreement) -> str:
    weights = ", ".join(f"{words(name)} {_amount(share)}" for name, share in line.weights.items())
    said = f"{capital(route(line, agreement))}{f' (weights: {weights})' if weights else ''}."
    return f"{said} {line.means}" if line.means else said


def _amount(value: float | Undecided) -> str:
    return TO_DECIDE if isinstance(value, Undecided) else number(value)


def _teams(agreement: Agreement) -> Iterator[Block]:
    if not agreement.teams:
        return
    yield Heading(3, "Teams")
    rows = []
    for name, said in agreement.teams.items():
        facts = [
            *([said.means.rstrip(".")] if said.means else []),
            *([f"reachable {said.presence} of the working time"] if said.presence is not None else []),
            *(
                [f"new members: {', '.join(f'{when} {share}' for when, share in said.ramp.items())}"]
                if said.ramp
                else []
            ),
        ]
        rows.append(
            (
                heading(name),
                capital(title(said.manager)) if said.manager else "",
                _amount(said.members) if said.members is not None else "",
                _hours(said.calendar),
                _capacity(said.capacity),
                _effort(said.effort),
                f"{capital('; '.join(facts))}." if facts else "",
            )
        )
    head = ("Team", "Led by", "Members", "Hours", "Time of a member", "Time for a lead", "Besides")
    yield without_empty(Table("Teams that work leads", head, rows))


def _hours(calendar: str | None) -> str:
    if calendar is None:
        return ""
    return "each member’s own" if calendar == "personal" else words(calendar)


def _capacity(said: Capacity | Undecided | None) -> str:
    if said is None:
        return ""
    return TO_DECIDE if isinstance(said, Undecided) else f"{duration(said.time)} {each(said.period)}"


def _effort(said: WorkPerLead | Undecided | None) -> str:
    if said is None:
        return ""
    return TO_DECIDE if isinstance(said, Undecided) else duration(said.time)


def _queues(agreement: Agreement) -> Iterator[Block]:
    if agreement.queues:
        yield Heading(3, "Places where leads wait")
        rows = [
            (heading(name), said.means, capital(title(said.accountable)) if said.accountable else "")
            for name, said in agreement.queues.items()
        ]
        yield Table("Queues", ("Queue", "Meaning", "Answers for it"), rows)


def _handoff(agreement: Agreement) -> Iterator[Block]:
    if agreement.handoff and agreement.handoff.include:
        yield Heading(3, "What travels with a lead")
        yield Paragraph(f"Whoever gets a lead is told the {fields(agreement.handoff.include)}.")


def _quality(agreement: Agreement) -> Iterator[Block]:
    quality = agreement.quality
    if quality is None:
        return
    yield Heading(3, "What a record must hold")
    rows = [
        *((f"Filled in at {words(stage)}", f"{capital(fields(needs))}.") for stage, needs in quality.needs.items()),
        *(
            (f"{heading(field)} is valid", f"If {condition(when.value, agreement)}.")
            for field, when in quality.valid.items()
        ),
    ]
    if quality.retention is not None:
        rows.append(("Kept for", f"{capital(duration(quality.retention))} after the last contact, then deleted."))
    if quality.exclude:
        rows.append(("Counted in no report", f"{capital(listed([words(name) for name in quality.exclude]))}."))
    yield Terms(rows)
