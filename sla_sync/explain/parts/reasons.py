"""Why a lead leaves the way, by list, with what each reason asks for and who reads it."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.amounts import Ask, DurationRange
from sla_sync.agreement.sections.reasons import Reason
from sla_sync.explain.conditions import fields, people
from sla_sync.explain.names import capital, heading, listed, words
from sla_sync.explain.page import Block, Heading, Paragraph, Table, without_empty
from sla_sync.explain.spoken import TO_DECIDE, duration

_HEAD = ("Reason", "When to choose it", "Come back", "Note", "Group", "Then")


def chapter(agreement: Agreement) -> Iterator[Block]:
    """Yield a table for each list of reasons, and who reads it."""
    if not agreement.reasons:
        return
    yield Heading(2, "Why a lead leaves the way")
    for name, reasons in agreement.reasons.items():
        stages = [words(stage) for stage, said in agreement.stages.items() if said.reasons == name]
        yield Heading(3, f"The list “{words(name)}”")
        given = f"Given when a lead is moved to {listed(stages, last='or')}." if stages else ""
        readers = agreement.feedback.get(name, ())
        read = f"{capital(people(readers, agreement))} {'read' if len(readers) > 1 else 'reads'} it." if readers else ""
        if given or read:
            yield Paragraph(" ".join(each for each in (given, read) if each))
        rows = [_row(reason, each) for reason, each in reasons.items()]
        yield without_empty(Table(f"Reasons of “{words(name)}”", _HEAD, rows))


def _row(name: str, reason: Reason) -> tuple[str, ...]:
    detail = f" More exactly: {'; '.join(_detail(*each) for each in reason.detail.items())}." if reason.detail else ""
    share = f" {_bound(reason)}" if reason.at_most is not None else ""
    note = {"required": "needed", "optional": "if wanted", None: ""}[reason.note]
    return (
        heading(name),
        f"{reason.means}{detail}{share}".strip(),
        revisit(reason),
        note,
        words(reason.category) if reason.category else "",
        fields(reason.then),
    )


def _bound(reason: Reason) -> str:
    return (
        f"Its share is {TO_DECIDE}." if isinstance(reason.at_most, Undecided) else f"At most {reason.at_most} of all."
    )


def _detail(name: str, means: str) -> str:
    return f"{words(name)} ({means.rstrip('.')})" if means else words(name)


def revisit(reason: Reason) -> str:
    """Return when to come back: `after 90 days`, `on the day they name`."""
    match reason.revisit:
        case None:
            return ""
        case Ask():
            return "on a day that is asked for"
        case DurationRange(least, most):
            return f"after {least.count} to {duration(most)}"
        case Undecided():
            return TO_DECIDE
        case length:
            return f"after {duration(length)}"
