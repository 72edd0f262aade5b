"""The way of a lead: the stages with their owners and exits, and how leads are told apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.leads import Group, Predicate, Segment
from sla_sync.agreement.sections.stages import Stage
from sla_sync.explain.conditions import condition, fields
from sla_sync.explain.names import capital, heading, listed, title, words
from sla_sync.explain.page import Block, Heading, Paragraph, Picture, Table, Terms, without_empty
from sla_sync.explain.pictures.diagram import diagram
from sla_sync.explain.pictures.funnel import describe, draw
from sla_sync.explain.spoken import TO_DECIDE, duration, exact_money

_HANDLING = {
    "work": "Sales works it.",
    "nurture": "Marketing nurtures it.",
    "ignore": "Nobody works it.",
    "undecided": "Still to be decided.",
}


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield the stages as a picture and a table, then the sources, priorities, segments and groups."""
    yield Heading(2, "The way of a lead")
    yield Picture(
        "The stages, who answers for each, and the ways out",
        describe(agreement),
        lambda: draw(agreement),
        diagram(agreement),
    )
    for name, stage in agreement.stages.items():
        yield Heading(3, heading(name))
        if stage.means:
            yield Paragraph(stage.means)
        yield Terms(list(_stage(stage, agreement)))
        if stage.tracks:
            yield _conditions("What a person gets here; the first that fits counts", "Track", stage.tracks, agreement)
    yield from _sources(agreement)
    yield from _priorities(agreement)
    yield from _segments(agreement)
    yield from _groups(agreement)


def _stage(stage: Stage, agreement: Agreement) -> Iterator[tuple[str, str]]:
    if stage.accountable:
        yield "Answers for it", capital(title(stage.accountable))
    if stage.enter_when:
        yield "A lead enters", f"When {condition(stage.enter_when.value, agreement)}."
    if stage.needs:
        yield "Must be known", f"{capital(fields(stage.needs))}."
    if stage.moves:
        yield "Goes on to", f"{capital(_moves(stage, agreement))}."
    if stage.max_age:
        yield "Stays", f"{capital(duration(stage.max_age))} at most."
    if stage.reasons:
        yield "Reason", f"One from the list “{words(stage.reasons)}” must be given."
    if stage.resets:
        yield "Begins anew", f"{capital(fields(stage.resets))}."
    if stage.again_after:
        yield "May enter again", f"After {duration(stage.again_after)}."
    if stage.contact_if:
        yield "May be contacted", f"If {condition(stage.contact_if.value, agreement)}."
    if stage.then:
        yield "Then runs", f"{capital(fields(stage.then))}."
    if stage.end:
        yield "Ends", "The case is won." if stage.end == "won" else "The case is closed without a sale."


def _moves(stage: Stage, agreement: Agreement) -> str:
    return listed(
        [
            f"{words(name)} if {condition(when.value, agreement)}" if when else words(name)
            for name, when in stage.moves.items()
        ],
        last="or",
    )


def _sources(agreement: Agreement) -> Iterator[Block]:
    if not agreement.sources:
        return
    yield Heading(3, "Where leads come from")
    currency = agreement.metadata.currency
    rows = [
        (
            heading(name),
            each.means,
            _HANDLING[each.handling],
            _amount(each.lead_value, currency),
            _amount(each.cost_per_lead, currency),
        )
        for name, each in agreement.sources.items()
    ]
    head = ("Source", "Meaning", "Handling", "Worth of a lead", "Cost of a lead")
    yield without_empty(Table("Sources and what becomes of their leads", head, rows, frozenset({3, 4})))


def _amount(value: float | Undecided | None, currency: str | None) -> str:
    if value is None:
        return ""
    return TO_DECIDE if isinstance(value, Undecided) else exact_money(value, currency)


def _priorities(agreement: Agreement) -> Iterator[Block]:
    if not agreement.priorities:
        return
    yield Heading(3, "How urgent a lead is")
    rows = [
        (heading(name), each.means, f"{capital(condition(each.when.value, agreement))}.")
        for name, each in agreement.priorities.items()
    ]
    yield Table("Priorities; the first that fits counts", ("Priority", "Meaning", "When"), rows)


def _segments(agreement: Agreement) -> Iterator[Block]:
    for division, segments in agreement.segments.items():
        yield Heading(3, f"Segments by {words(division)}")
        yield _conditions("The first that fits counts", "Segment", segments, agreement)


def _conditions(caption: str, what: str, named: Mapping[str, Segment], agreement: Agreement) -> Table:
    rows = []
    for name, each in named.items():
        when = each.when if isinstance(each, Predicate) else each
        means = each.means if isinstance(each, Predicate) else ""
        rows.append((heading(name), f"{capital(condition(when.value, agreement))}.", means))
    kept = 3 if any(row[2] for row in rows) else 2
    return Table(caption, (what, "When", "Meaning")[:kept], [row[:kept] for row in rows])


def _groups(agreement: Agreement) -> Iterator[Block]:
    if not agreement.groups:
        return
    yield Heading(3, "Groups that conditions refer to")
    yield Terms([(heading(name), _members(each, agreement)) for name, each in agreement.groups.items()])


def _members(group: Group, agreement: Agreement) -> str:
    said = [
        (words(each) if "_" in each else each) if isinstance(each, str) else condition(each, agreement)
        for each in group
    ]
    return f"{'; '.join(said)}." if any(not isinstance(each, str) for each in group) else f"{listed(said)}."
