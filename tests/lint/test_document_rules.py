"""Rules of the document as a whole: what is open, too much, out of date, misspelled for others, or used by nothing."""

from __future__ import annotations

from datetime import date

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.lint import lint
from tests.agreement.documents import SMALL, acme
from tests.lint.cases import TODAY, acme_with, found, places, small

OPEN = {"quality": {"by": "vp_sales", "measure": "mql to sal within 14 days", "target": "undecided"}}


def spelled(text: str) -> list[Diagnostic]:
    """Return what is found about the spelling of a text that is added to the smallest agreement."""
    source = read_text_source(SMALL + text)
    agreement = Agreement.model_validate(source.data)
    every = (each.diagnostic for each in lint(agreement, {}, TODAY, source=source))
    return [each for each in every if each.code == "SLA104"]


def together(one: Agreement, other: Agreement) -> list[str]:
    every = lint(one, {}, TODAY, neighbours={"other.yaml": other})
    return [each.diagnostic.message for each in every if each.diagnostic.code == "SLA112"]


def agreed(scope: str | None = None, *, start: str = "2026-10-01", until: str | None = None) -> Agreement:
    said: dict[str, object] = {"name": "small", "status": "agreed", "effective": {"from": start}}
    said |= {"scope": scope} if scope else {}
    said |= {"effective": {"from": start, "until": until}} if until else {}
    return small(metadata=said)


def test_a_value_that_is_not_agreed_yet_is_information_in_a_draft_and_an_error_in_an_agreed_text() -> None:
    effective = {"from": "2026-10-01"}
    draft = found("SLA103", small(commitments=OPEN))
    signed = found(
        "SLA103", small(commitments=OPEN, metadata={"name": "a", "status": "agreed", "effective": effective})
    )
    assert [each.severity for each in draft] == [Severity.INFORMATION]
    assert [each.severity for each in signed] == [Severity.ERROR]
    assert draft[0].path == ("commitments", "quality", "target")


def test_a_role_and_a_choice_among_words_may_be_undecided_too() -> None:
    text = "sources: {webinar: {means: They came., handling: undecided}}\nstages: {won: {end: won, accountable: undecided}}"
    agreement = acme_with(text)
    assert places("SLA103", agreement) == ["handling", "accountable"]
    assert found("SLA102", agreement) == []


@pytest.mark.parametrize(
    ("text", "taken_for"),
    [
        ("groups: {nordics: [SE, NO]}", "`NO` is a text here, and many other tools read it as a truth value."),
        ("terms: {on: Switched on.}", "`on` is a text here, and many other tools read it as a truth value."),
        ("terms: {opening: 10:00}", "`10:00` is a text here, and many other tools read it as a number in base sixty."),
        ("terms: {many: 1_000}", "`1_000` is a text here, and many other tools read it as a number."),
        ("terms: {bits: 0b101}", "`0b101` is a text here, and many other tools read it as a number."),
    ],
)
def test_text_that_other_tools_do_not_read_as_text_is_found(text: str, taken_for: str) -> None:
    assert [each.message for each in spelled(f"{text}\n")] == [taken_for]


@pytest.mark.parametrize(
    "text",
    [
        "groups: {nordics: [SE, 'NO']}",
        'terms: {"on": "10:00"}',
        "terms: {note: 'yes, often', day: 2026-10-01, hours: 09:00-17:00}",
        "scoring: {person: {grade: {engagement: {1: 60, 2: 0}}}}",
    ],
    ids=["quoted value", "quoted key", "longer texts and dates", "digits of grades"],
)
def test_text_in_quotes_and_text_that_all_tools_read_alike_is_fine(text: str) -> None:
    assert spelled(f"{text}\n") == []


def test_the_place_of_a_key_is_named_where_the_key_is_meant() -> None:
    source = read_text_source(f"{SMALL}terms:\n  on: Switched on.\n")
    every = lint(Agreement.model_validate(source.data), {}, TODAY, source=source)
    (one,) = (each for each in every if each.diagnostic.code == "SLA104")
    place = one.located(source, {}).location
    assert place is not None
    assert (place.line, place.column) == (len(SMALL.splitlines()) + 2, 3)


@pytest.mark.parametrize(
    ("text", "unused"),
    [
        ("roles: {intern: {party: sales}}", ["intern"]),
        ("roles: {chair: {party: executive, sponsor: true}, pen: {party: operations, steward: true}}", []),
        ("calendars: {night: {open: {mon-fri: 20:00-24:00}}}", ["night"]),
        ("groups: {tier_1: [US]}", ["tier_1"]),
        ("groups: {tier_1: [US]}\npriorities: {hot: {means: Near., when: country is in tier_1}}", []),
        ("groups: {details: [email]}\ncommitments: {data: {by: vp_sales, measure: complete details at sql}}", []),
        (
            "groups: {tier_1: [US]}\ncommitments: {n: {by: vp_sales, measure: count of mql where country is in tier_1}}",
            [],
        ),
        ("segments: {size: {big: employees >= 200}}", ["size"]),
        ("segments: {size: {big: employees >= 200}}\npriorities: {hot: {means: Big., when: size is big}}", []),
        ("segments: {size: {big: employees >= 200}}\nscoring: {large: {for: big, precedence: 2}}", []),
        ("reasons: {never: {other: {means: None of these.}}}\nfeedback: {never: vp_sales}", ["never"]),
        ("teams: {field: {manager: vp_sales}}", ["field"]),
    ],
)
def test_what_nothing_refers_to_is_found(text: str, unused: list[str]) -> None:
    assert places("SLA105", acme_with(text)) == unused


def test_a_model_is_used_by_its_name_or_by_any_condition_that_names_none() -> None:
    models = {"web": {"threshold": 10}, "product": {"threshold": 10}}
    named = {"hot": {"when": "product score reaches threshold"}}
    either = {"hot": {"when": "grade is A1"}}
    assert places("SLA105", small(scoring=models, priorities=named)) == ["web"]
    assert places("SLA105", small(scoring=models, priorities=either)) == []


def test_nine_stages_five_priorities_and_twelve_commitments_can_be_explained_and_one_more_cannot() -> None:
    def grown(stages: int, priorities: int, commitments: int) -> Agreement:
        return small(
            stages={f"s{n}": {} for n in range(stages)},
            priorities={f"p{n}": {"when": f"employees > {n}"} for n in range(priorities)},
            commitments={f"c{n}": {} for n in range(commitments)},
        )

    assert places("SLA110", grown(9, 5, 12)) == []
    assert places("SLA110", grown(10, 6, 13)) == ["stages", "priorities", "commitments"]


def test_a_document_of_more_than_220_lines_is_too_long_to_be_read_in_one_sitting() -> None:
    def lines(count: int) -> list[str]:
        source = read_text_source(SMALL + "# more\n" * (count - len(SMALL.splitlines())))
        every = lint(Agreement.model_validate(source.data), {}, TODAY, source=source)
        return [each.diagnostic.message for each in every if each.diagnostic.code == "SLA110"]

    assert lines(220) == []
    assert lines(221) == ["The agreement has 221 lines; more than 220 are hard to read in one sitting."]


@pytest.mark.parametrize(
    ("today", "severities"),
    [(date(2026, 12, 31), []), (date(2027, 1, 1), [Severity.WARNING])],
)
def test_an_agreement_that_is_over_is_a_warning_from_the_day_after(today: date, severities: list[Severity]) -> None:
    assert [each.severity for each in found("SLA111", acme(), today=today)] == severities


def test_an_agreement_that_was_retired_may_be_over() -> None:
    effective = {"from": "2026-01-01", "until": "2026-03-31"}
    assert found("SLA111", small(metadata={"name": "a", "status": "retired", "effective": effective})) == []


def test_two_agreements_without_scope_are_both_about_every_lead() -> None:
    (said,) = together(agreed(), agreed())
    assert said == "On 2026-10-01 this agreement and 'small' in other.yaml are both about every lead."


def test_two_agreements_that_share_a_lead_name_one() -> None:
    (said,) = together(agreed("country is US or CA"), agreed("country is CA or MX"))
    assert "country CA" in said


def test_the_last_day_of_one_agreement_is_not_the_first_day_of_another() -> None:
    (said,) = together(agreed(until="2026-12-31"), agreed(start="2026-12-31"))
    assert said.startswith("On 2026-12-31 ")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (agreed("country is US"), agreed("country is CA")),
        (agreed("employees < 200"), agreed("employees >= 200")),
        (agreed(until="2026-12-31"), agreed(start="2027-01-01")),
        (agreed(), small()),
    ],
    ids=["countries apart", "sizes apart", "one after the other", "the other is a draft"],
)
def test_two_agreements_that_share_no_lead_on_any_day_may_stand_side_by_side(one: Agreement, other: Agreement) -> None:
    assert together(one, other) == []
    assert together(other, one) == []
