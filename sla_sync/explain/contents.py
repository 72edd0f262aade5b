"""The whole page, chapter after chapter."""

from __future__ import annotations

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.explain.aloud import in_force, paragraphs
from sla_sync.explain.html import as_html
from sla_sync.explain.markdown import as_markdown
from sla_sync.explain.names import capital, words
from sla_sync.explain.page import Heading, Page, Paragraph
from sla_sync.explain.parts import commitments, dates, goal, hours, keeping, parties, reasons, receiving, scoring, way

_STATUS = {
    DocumentStatus.DRAFT: "Draft, not agreed yet",
    DocumentStatus.AGREED: "Agreed",
    DocumentStatus.RETIRED: "Retired",
}


def page(agreement: Agreement) -> Page:
    """Return the page that the parties sign."""
    metadata = agreement.metadata
    standing = f"{_STATUS[metadata.status]} · in force {in_force(agreement)} · version {keeping.version(agreement)}"
    blocks = (
        Heading(2, "In short"),
        *(Paragraph(each) for each in paragraphs(agreement)),
        *parties.chapter(agreement),
        *goal.chapter(agreement),
        *commitments.chapters(agreement),
        *way.chapter(agreement),
        *scoring.chapter(agreement),
        *receiving.chapter(agreement),
        *reasons.chapter(agreement),
        *hours.chapter(agreement),
        *dates.chapter(agreement),
        *keeping.chapters(agreement),
    )
    return Page(capital(metadata.title or words(metadata.name)), standing, blocks)


def explain_markdown(agreement: Agreement) -> str:
    """Return the page as Markdown."""
    return as_markdown(page(agreement))


def explain_html(agreement: Agreement) -> str:
    """Return the page as one HTML file with its pictures inside; without the drawing tools it says what is missing."""
    return as_html(page(agreement))
