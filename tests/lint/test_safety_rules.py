"""Rules of personal data, consent, retention, and who is counted."""

from __future__ import annotations

import pytest

from sla_sync.diagnostics import Severity
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, places, small


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Ask sam.miller+sla@sales.acme.example about it.", "an e-mail address"),
        ("Call +1 555 010 0199 for help.", "a phone number"),
        ("Call +44 (0)20 7946 0018.", "a phone number"),
        ("Call (555) 010-0199.", "a phone number"),
        ("Whoever writes from @acme.example works here.", ""),
        ("From 2026-10-01 to 2026-12-31 we win 1,500,000 dollars.", ""),
        ("Open from 09:00-17:00, with 100-200 leads.", ""),
        ("Grew by +15 to +1200 leads.", ""),
    ],
)
def test_addresses_and_numbers_of_people_are_found_and_other_figures_are_not(text: str, what: str) -> None:
    messages = [each.message for each in found("SLA901", small(terms={"help": text}))]
    assert messages == ([f"`terms.help` holds {what}."] if what else [])


def test_conditions_and_bindings_are_searched_too() -> None:
    condition = "priorities: {hot: {means: One., when: email is sam@acme.example}}"
    assert places("SLA901", acme_with(condition)) == ["when"]
    assert places("SLA901", acme(), acme_bound("teams: {sdr: {queue: sam@acme.example}}")) == ["queue"]


def test_the_places_where_people_are_written_to_ask_for_consent() -> None:
    tracks = {"nurture": {"next": ["mql"], "tracks": {"letters": "engagement < 30"}}}
    stages = {"mql": {"start": True, "next": ["won", "nurture"]}, "won": {"end": "won"}}
    asked = {"nurture": {**tracks["nurture"], "contact_if": "do_not_contact is no"}}
    assert places("SLA903", small(stages={**stages, **tracks})) == ["nurture"]
    assert places("SLA903", small(stages={**stages, **asked})) == []


@pytest.mark.parametrize(
    ("sections", "wrong"),
    [
        ({"sources": {"webinar": {"handling": "nurture"}}}, ["webinar"]),
        ({"sources": {"webinar": {"handling": "work"}}}, []),
        ({"commitments": {"c": {"by": "vp_sales", "measure": "touches >= 6 before other"}}}, ["measure"]),
        ({"commitments": {"c": {"by": "vp_sales", "measure": "count of mql"}}}, []),
    ],
)
def test_nurture_and_follow_up_ask_for_a_word_on_consent_anywhere(
    sections: dict[str, object], wrong: list[str]
) -> None:
    consent = {"mql": {"contact_if": "do_not_contact is no", "next": ["sal"]}, "sal": {"end": "won"}}
    assert places("SLA903", small(**sections)) == wrong
    assert places("SLA903", small(**sections, stages=consent)) == []


@pytest.mark.parametrize(
    ("revisit", "retention", "late"),
    [
        ("90 days", "3 months", []),
        ("91 days", "3 months", ["revisit"]),
        ("ask", "3 months", []),
        ("1 to 12 months", "6 months", ["revisit"]),
        ("12 months", "24 months", []),
        # 64 working days are 89.6 days, 65 are 91.
        ("64 business days", "90 days", []),
        ("65 business days", "90 days", ["revisit"]),
    ],
)
def test_a_lead_is_revisited_before_its_record_is_deleted(revisit: str, retention: str, late: list[str]) -> None:
    reasons = {"recycle": {"no_budget": {"revisit": revisit}}}
    assert places("SLA904", small(reasons=reasons, quality={"retention": retention})) == late


@pytest.mark.parametrize(
    ("exclude", "missing"),
    [
        (["test", "employee", "competitor"], ""),
        (["test_records", "internal_staff", "competitors"], ""),
        (["test"], "people of the company and competitors"),
        (["student"], "test records, people of the company and competitors"),
    ],
)
def test_records_that_are_nobodys_leads_are_left_out_of_the_figures(exclude: list[str], missing: str) -> None:
    messages = [each.message for each in found("SLA905", small(quality={"exclude": exclude}))]
    assert messages == ([f"Every figure counts {missing}, for no exclusion leaves them out."] if missing else [])


def test_an_agreement_that_excludes_nobody_yet_is_told_so_and_one_that_forgets_some_is_warned() -> None:
    assert [each.severity for each in found("SLA905", small())] == [Severity.INFORMATION]
    assert [each.severity for each in found("SLA905", small(quality={"exclude": ["test"]}))] == [Severity.WARNING]


@pytest.mark.parametrize(
    ("report", "wrong"),
    [
        ({"shows": ["R1"]}, ["late"]),
        ({"shows": ["R3", "R4"], "audience": ["vp_sales"]}, []),
        ({"shows": ["R5", "R7"]}, []),
    ],
)
def test_reports_that_name_people_name_their_readers(report: dict[str, object], wrong: list[str]) -> None:
    assert places("SLA906", small(reports={"late": report})) == wrong
