"""A review as findings at lines of files, for what shows findings beside the lines of a change: SARIF, annotations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.render.review import sentences
from sla_sync.review.outcome import Review, Unreviewed

AMENDMENT = "amendment"
"""Stands where other findings have the code of a rule."""


def review_as_findings(review: Review | Unreviewed) -> tuple[Diagnostic, ...]:
    """Return every amendment as a note at its line, then what is new or wrong with the change."""
    if isinstance(review, Unreviewed):
        return review.diagnostics
    return (*_amendments(review), *review.appeared, *(_awaited(review, each) for each in review.diagnostics))


def _amendments(review: Review) -> Iterator[Diagnostic]:
    asked = sentences.asked_by(review)
    for index, each in enumerate(review.difference.amendments):
        place = review.locations[index] if index < len(review.locations) else None
        said = f"{each.sentence} {sentences.gains(each)}"
        hint = f"Have it signed by {', '.join(asked[index])}." if asked[index] else ""
        yield Diagnostic(AMENDMENT, Severity.INFORMATION, said, each.place, place, hint)


def _awaited(review: Review, found: Diagnostic) -> Diagnostic:
    # A signature that is still awaited is no mistake of the change, whatever it means for an apply.
    lowered = review.awaits(found) and found.severity is Severity.ERROR
    return replace(found, severity=Severity.WARNING) if lowered else found
