"""How the agreement is kept alive: meetings, reports, changes, what is accepted, what is open, and the glossary."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.governance import Review
from sla_sync.explain.conditions import people
from sla_sync.explain.meetings import meetings, relaxation, review
from sla_sync.explain.names import capital, heading, listed, title, words
from sla_sync.explain.open_points import open_points
from sla_sync.explain.page import Block, Heading, Note, Paragraph, Points, Signatures, Table, Terms
from sla_sync.explain.parts.parties import signing
from sla_sync.explain.spoken import day, duration

_KINDS = {
    "weekly": "Every week",
    "monthly": "Every month",
    "quarterly": "Every quarter",
    "after_campaign": "After a campaign",
}
REPORTS = {
    "R1": "On-time rate",
    "R2": "How fast we answer",
    "R3": "Overdue now",
    "R4": "Effort before giving up",
    "R5": "Conversion by cohort",
    "R6": "Why leads were rejected or recycled",
    "R7": "Promised and delivered",
    "R8": "Completeness of data",
    "R9": "Funnel in and out",
    "R10": "Volume and capacity",
    "R11": "Both sides’ scorecard",
    "R12": "Marketing-sourced revenue and the goal",
    "R13": "Does the score tell winners",
    "R14": "Changes and drift",
    "R15": "Outside hours and zero seconds",
    "R16": "Who owns what",
}
"""The reports by number, as they are called on the screen."""


def chapters(agreement: Agreement) -> Iterator[Block]:
    """Yield the chapters that close the page."""
    yield from _meetings(agreement)
    yield from _reports(agreement)
    yield from _changes(agreement)
    yield from _accepted(agreement)
    yield from _open(agreement)
    yield from _glossary(agreement)
    yield Heading(2, "Signatures")
    yield Signatures(signing(agreement))


def _meetings(agreement: Agreement) -> Iterator[Block]:
    found = meetings(agreement)
    if not found:
        return
    yield Heading(2, "When we meet")
    yield Terms([(_KINDS[kind], _meeting(kind, each, agreement)) for kind, each in found])


def _meeting(kind: str, meeting: Review, agreement: Agreement) -> str:
    said = f"{capital(review(kind, meeting, agreement))}."
    pack = f" On the table: {listed([_report(each) for each in meeting.pack])}." if meeting.pack else ""
    minutes = f" The minutes are kept in {meeting.minutes}." if meeting.minutes else ""
    return " ".join(each for each in (f"{said}{pack}{minutes}", relaxation(meeting)) if each)


def _report(name: str) -> str:
    return f"{REPORTS[name].lower()} ({name})" if name in REPORTS else words(name)


def _reports(agreement: Agreement) -> Iterator[Block]:
    if not agreement.reports:
        return
    yield Heading(2, "What we report")
    rows = [
        (
            heading(name),
            f"{capital(listed([_report(number) for number in each.shows]))}." if each.shows else each.means,
            capital(people(each.audience, agreement)),
            capital(each.schedule or ""),
        )
        for name, each in agreement.reports.items()
    ]
    yield Table("Reports", ("Report", "Shows", "For", "When"), rows)


def _changes(agreement: Agreement) -> Iterator[Block]:
    approval, moved = agreement.approval, agreement.moved
    yield Heading(2, "Changes")
    rows = []
    if approval.required:
        rows.append(("Must sign", f"{capital(listed([title(each) for each in approval.required]))}."))
    if approval.notice is not None:
        rows.append(("Notice", f"No change counts sooner than {duration(approval.notice)} after it is signed."))
    rows += [
        (f"Changes of {words(section)}", f"Need {listed([title(each) for each in names])}.")
        for section, names in approval.owners.items()
    ]
    rows.append(("This version", version(agreement)))
    for label, names in (
        ("Stage", moved.stages if moved else {}),
        ("Reason", moved.reasons if moved else {}),
        ("Field", moved.fields if moved else {}),
    ):
        rows += [(f"{label} renamed", f"“{words(old)}” is now called “{words(new)}”.") for old, new in names.items()]
    yield Terms(rows)


def version(agreement: Agreement) -> str:
    """Return the version by which this text is known: the one given, else its first day."""
    return agreement.metadata.version or f"{agreement.metadata.effective.start}"


def _accepted(agreement: Agreement) -> Iterator[Block]:
    if not agreement.accepted:
        return
    yield Heading(2, "What we know and accept")
    rows = [
        (
            each.code,
            each.because,
            day(each.until) if each.until else "no end is named",
            capital(title(each.by)) if each.by else "",
            each.at or "everywhere",
        )
        for each in agreement.accepted
    ]
    yield Table("Findings that we live with", ("Finding", "Because", "Until", "Accepted by", "Where"), rows)


def _open(agreement: Agreement) -> Iterator[Block]:
    points = open_points(agreement)
    yield Heading(2, "What is still to be decided")
    if points:
        yield Points([f"{capital(each)}." for each in points])
        yield Note("Nothing on this list is promised until it is decided.")
    else:
        yield Paragraph("Nothing: every value in this agreement is decided.")


def _glossary(agreement: Agreement) -> Iterator[Block]:
    """Yield every word that the agreement gives a meaning, in the order of the alphabet."""
    said = {
        **{heading(name): text for name, text in agreement.terms.items()},
        **{heading(name): each.means for name, each in agreement.stages.items()},
        **{heading(name): each.means for name, each in agreement.priorities.items()},
    }
    pairs = sorted(((term, text) for term, text in said.items() if text), key=lambda pair: pair[0].casefold())
    if pairs:
        yield Heading(2, "Glossary")
        yield Terms(pairs)
