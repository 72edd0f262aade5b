"""Rules of who agrees and who meets, and what becomes of findings that the parties accept."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.diagnostics import Severity
from tests.agreement.documents import acme
from tests.lint.cases import TODAY, acme_with, found, places, small

OVER = {"name": "small", "effective": {"from": "2026-10-01", "until": "2026-10-02"}}


@pytest.mark.parametrize(
    ("metadata", "severity"),
    [
        ({"status": "agreed"}, Severity.ERROR),
        ({"status": "agreed", "size": "large"}, Severity.ERROR),
        ({"status": "agreed", "size": "small"}, Severity.INFORMATION),
        ({"status": "draft"}, Severity.INFORMATION),
    ],
)
def test_an_agreement_without_sponsor_is_refused_unless_it_is_small_or_a_draft(
    metadata: dict[str, str], severity: Severity
) -> None:
    agreement = small(metadata={"name": "a", "effective": {"from": "2026-10-01"}, **metadata})
    assert [each.severity for each in found("SLA701", agreement)] == [severity]


# 90 days after 2026-10-01 is 2026-12-30.
@pytest.mark.parametrize(
    ("reviews", "today", "missing"),
    [
        ({"weekly": {}}, "2026-10-01", False),
        ({"monthly": {}}, "2026-12-30", True),
        ({"monthly": {}}, "2026-12-31", False),
        ({"after_campaign": {}}, "2026-12-31", True),
        (None, "2026-12-31", True),
    ],
)
def test_the_parties_meet_weekly_in_the_first_90_days_and_ever_after(
    reviews: dict[str, object] | None, today: str, *, missing: bool
) -> None:
    agreement = small(**({} if reviews is None else {"reviews": reviews}))
    assert (found("SLA704", agreement, today=date.fromisoformat(today)) != []) is missing


@pytest.mark.parametrize(
    ("required", "alone"),
    [("[revops]", ["required"]), ("[revops, vp_sales]", []), ("[vp_sales]", []), ("[]", [])],
)
def test_who_keeps_the_document_does_not_approve_it_alone(required: str, alone: list[str]) -> None:
    assert places("SLA707", acme_with(f"approval: {{required: {required}}}")) == alone


def test_an_accepted_warning_is_information_until_its_day_and_then_both_are_findings() -> None:
    metadata = {"name": "small", "effective": {"from": "2026-10-01"}}
    accepted = [{"code": "SLA105", "at": "queues.q", "because": "We need it soon.", "until": "2026-11-30"}]
    agreement = small(metadata=metadata, accepted=accepted, queues={"q": {}})
    (on_time,) = found("SLA105", agreement, today=date(2026, 11, 30))
    (late,) = found("SLA105", agreement, today=date(2026, 12, 1))
    assert (on_time.severity, late.severity) == (Severity.INFORMATION, Severity.WARNING)
    assert on_time.message.endswith("Accepted until 2026-11-30: We need it soon.")
    assert found("SLA710", agreement, today=date(2026, 11, 30)) == []
    assert [each.severity for each in found("SLA710", agreement, today=date(2026, 12, 1))] == [Severity.ERROR]


def test_an_acceptance_that_lasts_as_long_as_the_agreement_is_not_renewed_when_both_are_over() -> None:
    over = date(2027, 1, 1)
    assert found("SLA710", acme(), today=over) == []
    assert [each.severity for each in found("SLA213", acme(), today=over)] == [Severity.INFORMATION]
    shorter = "accepted: [{code: SLA213, because: By hand., until: 2026-12-30, by: revops}]"
    assert len(found("SLA710", acme_with(shorter), today=over)) == 1


@pytest.mark.parametrize(
    ("at", "severity"),
    [
        ("queues", Severity.INFORMATION),
        ("queues.q", Severity.INFORMATION),
        ("queues.q2", Severity.WARNING),
        ("que", Severity.WARNING),
    ],
)
def test_an_acceptance_is_about_a_place_and_all_below_it(at: str, severity: Severity) -> None:
    agreement = small(queues={"q": {}}, accepted=[{"code": "SLA105", "at": at, "because": "Later."}])
    about = [each for each in found("SLA105", agreement) if each.path == ("queues", "q")]
    assert [each.severity for each in about] == [severity]


def test_an_error_cannot_be_accepted_and_its_acceptance_says_so() -> None:
    accepted = [{"code": "SLA302", "because": "It is only a wish."}]
    agreement = small(commitments={"vague": {"by": "vp_sales"}}, accepted=accepted)
    assert [each.severity for each in found("SLA302", agreement)] == [Severity.ERROR]
    (idle,) = (each for each in found("SLA105", agreement) if each.path[0] == "accepted")
    assert idle.message == "SLA302 is an error here, and only warnings can be accepted."


def test_an_acceptance_that_fits_nothing_is_information() -> None:
    fitting = acme_with("accepted: [{code: SLA213, because: By hand.}]")
    idle = acme_with("accepted: [{code: SLA213, at: stages.won, because: By hand.}]")
    assert found("SLA105", fitting) == []
    (one,) = found("SLA105", idle)
    assert one.severity is Severity.INFORMATION
    assert one.message == "SLA213 is accepted at `stages.won`, and nothing like it is found."


def test_an_acceptance_of_what_only_a_platform_or_history_can_tell_may_still_fit() -> None:
    assert found("SLA105", acme_with("accepted: [{code: SLA809, because: We know.}]")) == []


def test_an_acceptance_of_a_code_that_no_rule_has_is_an_error() -> None:
    (one,) = found("SLA102", acme_with("accepted: [{code: SLA214, because: Fine.}, {code: SLA999, because: What?}]"))
    assert one.path == ("accepted", 1, "code")


def test_a_finding_about_a_day_that_is_accepted_is_information() -> None:
    agreement = small(metadata=OVER, accepted=[{"code": "SLA111", "because": "We are late.", "until": "2026-11-30"}])
    assert [each.severity for each in found("SLA111", agreement, today=TODAY)] == [Severity.INFORMATION]
