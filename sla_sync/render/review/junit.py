"""A review as JUnit XML: a test case for each signature, each rule about a change, each new finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.diagnostics import Diagnostic
from sla_sync.lint.remarks import Needs, Rule
from sla_sync.render.junit import Case, case_of, cases_as_junit, failed, passed
from sla_sync.render.review import sentences
from sla_sync.review.outcome import Review, Unreviewed


def review_as_junit(review: Review | Unreviewed, rules: Sequence[Rule]) -> str:
    """Return a report in which a missing signature and an error are failures."""
    if isinstance(review, Unreviewed):
        unsigned = (failed(f"signed by {each}", f"{sentences.role(each)} has not signed.") for each in review.missing)
        cases = [*unsigned, *(case_of(each.code, [each]) for each in review.diagnostics)]
        return cases_as_junit({review.title: cases or [passed(review.because)]})
    return cases_as_junit(
        {
            "signatures": list(_signatures(review)),
            "rules about a change": list(_rules(review, rules)),
            "new findings": [case_of(_name(each), [each]) for each in review.appeared],
        }
    )


def _signatures(review: Review) -> Iterator[Case]:
    missing = set(review.consent.missing)
    for asked in review.consent.needed:
        name = f"signed by {asked.role}"
        about = " ".join(each.sentence for each in asked.amendments)
        yield (
            failed(name, f"{sentences.role(asked.role)} has not signed.", about)
            if asked.role in missing
            else passed(name)
        )


def _rules(review: Review, rules: Sequence[Rule]) -> Iterator[Case]:
    found = sentences.corrections(review)
    for rule in rules:
        if rule.needs is Needs.CHANGE:
            yield case_of(f"{rule.code} {rule.meaning}", [each for each in found if each.code == rule.code])


def _name(found: Diagnostic) -> str:
    return f"{found.code} {found.location or ''}".strip()
