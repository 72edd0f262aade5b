"""What each side promises, how it is measured, and what follows when time runs out."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.measures import Measure
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.explain import measured
from sla_sync.explain.ladders import rungs
from sla_sync.explain.names import capital, heading, party, title, words
from sla_sync.explain.page import Block, Heading, Note, Promise, Table, Terms, without_empty
from sla_sync.explain.promises import details, promiser, sentence
from sla_sync.explain.spoken import duration, month

_WITHOUT_LIMIT = "no limit"


def chapters(agreement: Agreement) -> Iterator[Block]:
    """Yield a chapter for each side that promises, and one for what follows when time runs out."""
    sides = dict.fromkeys(promiser(each, agreement) for each in agreement.commitments.values())
    for side in sides:
        yield Heading(2, f"What {side} promises")
        for name, each in agreement.commitments.items():
            if promiser(each, agreement) == side:
                yield from _commitment(name, each, agreement)
    yield from _ladders(agreement)


def _commitment(name: str, commitment: Commitment, agreement: Agreement) -> Iterator[Block]:
    yield Heading(3, heading(name))
    spoken = sentence(commitment, agreement)
    own = commitment.sentence.strip()
    yield Promise(spoken, own if own and own.rstrip(".") != spoken.rstrip(".") else "")
    by = capital(title(commitment.by)) if commitment.by else "Nobody yet."
    to = [("Promised to", capital(_receiver(commitment.to, agreement)))] if commitment.to else []
    yield Terms([("Answers for it", by), *to, *details(commitment, agreement)])
    yield from _limits(commitment, agreement)
    yield from _months(commitment, agreement)


def _receiver(name: str, agreement: Agreement) -> str:
    return title(name) if name in agreement.roles else party(name)


def _limits(commitment: Commitment, agreement: Agreement) -> Iterator[Block]:
    """Yield the limits and aims as a table where there is more than one."""
    within = commitment.within if isinstance(commitment.within, dict) else {}
    aims = commitment.aim if isinstance(commitment.aim, dict) else {}
    if not within and not aims:
        return
    names = list(dict.fromkeys((*within, *aims)))
    rows = []
    for name in names:
        means = agreement.priorities[name].means if name in agreement.priorities else ""
        limit = duration(within[name]) if name in within else _WITHOUT_LIMIT
        rows.append((heading(name), means, limit, duration(aims[name]) if name in aims else ""))
    yield without_empty(Table("Limits", ("Leads", "Meaning", "Limit", "Aim"), rows))


def _months(commitment: Commitment, agreement: Agreement) -> Iterator[Block]:
    if not isinstance(commitment.target, dict):
        return
    measure = commitment.measure.value if commitment.measure else None
    further = commitment.stretch if isinstance(commitment.stretch, dict) else {}
    rows = [
        (month(name), _of_a_month(each, measure, agreement))
        + ((_of_a_month(further[name], measure, agreement) if name in further else "",) if further else ())
        for name, each in commitment.target.items()
    ]
    head = ("Month", "Promised", *(("Reaching for",) if further else ()))
    yield Table("Month by month", head, rows, frozenset({1, 2}))


def _of_a_month(target: object, measure: Measure | None, agreement: Agreement) -> str:
    return measured.exactly(target, measure, agreement).removesuffix(" per month")


def _ladders(agreement: Agreement) -> Iterator[Block]:
    found = [(name, list(rungs(each, agreement))) for name, each in agreement.commitments.items()]
    found = [(name, steps) for name, steps in found if steps]
    if not found:
        return
    yield Heading(2, "When time runs out")
    for name, steps in found:
        rows = [(capital(when), f"{capital(what)}.") for when, what in steps]
        yield Table(f"The ladder of “{words(name)}”", ("When", "What happens"), rows)
    unanswered = [
        words(name) for name, each in agreement.commitments.items() if each.clock and not rungs(each, agreement)
    ]
    if unanswered:
        yield Note(f"Nothing follows by itself when these run out: {', '.join(unanswered)}.")
