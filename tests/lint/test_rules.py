"""Rules of stages, commitments, dates and bindings beyond what the broken files show."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.diagnostics import Severity
from sla_sync.lint import RULES, Finding, lint
from tests.agreement.documents import SMALL, acme

TODAY = date(2026, 11, 1)


def changed(**sections: object) -> Agreement:
    data = dict(read_text_source(SMALL).data or {})
    return Agreement.model_validate({**data, **sections})


def codes(agreement: Agreement, *bindings: BindingDocument, today: date = TODAY) -> list[str]:
    return [each.diagnostic.code for each in found(agreement, *bindings, today=today)]


def found(agreement: Agreement, *bindings: BindingDocument, today: date = TODAY) -> tuple[Finding, ...]:
    return lint(agreement, {f"{index}.yaml": each for index, each in enumerate(bindings)}, today)


def stages(**entries: dict[str, Any]) -> Agreement:
    return changed(
        stages=entries, commitments={"volume": {"by": "vp_sales", "measure": "manual"}}, reasons={"why": {"other": {}}}
    )


def binding(**sections: object) -> BindingDocument:
    said = {
        "metadata": {"name": "b", "agreement": "small", "connector": "salesforce"},
        "stages": {"mql": {"Lead.Status": ["MQL"]}, "sal": {"Lead.Status": ["Working"]}},
    }
    return BindingDocument.model_validate({**said, **sections})


def test_the_example_raises_nothing() -> None:
    assert codes(acme()) == []


def test_every_rule_says_in_one_sentence_what_it_means() -> None:
    for rule in RULES:
        assert rule.meaning.endswith(".")
        assert rule.meaning.count(".") == 1


def test_an_exit_that_leads_back_before_qualification_asks_for_a_reason() -> None:
    recycled: dict[str, Any] = {"next": ["mql"]}
    funnel: dict[str, Any] = {
        "inquiry": {"next": ["mql"]},
        "mql": {"enter_when": "email is known", "next": ["sal"]},
        "sal": {"next": ["won", "recycled"]},
        "won": {"end": "won"},
    }
    assert codes(stages(**funnel, recycled=recycled)) == ["SLA211"]
    assert codes(stages(**funnel, recycled={**recycled, "reasons": "why"})) == []


def test_a_stage_that_only_leads_to_an_exit_is_an_exit_too() -> None:
    funnel: dict[str, Any] = {
        "mql": {"enter_when": "email is known", "next": ["sal"]},
        "sal": {"next": ["won", "lost"]},
        "won": {"end": "won"},
        "lost": {"next": ["recycled"]},
        "recycled": {"reasons": "why", "next": ["mql"]},
        "begin": {"start": True, "next": ["mql"]},
    }
    exits = [each.diagnostic.path for each in found(stages(**funnel))]
    assert exits == [("stages", "lost")]


def test_a_stage_in_the_middle_is_no_exit() -> None:
    funnel: dict[str, Any] = {
        "mql": {"start": True, "next": ["sal"]},
        "sal": {"next": ["on_hold", "sql"]},
        "on_hold": {"next": ["sal"]},
        "sql": {"end": "won"},
    }
    assert codes(stages(**funnel)) == []


def test_start_true_settles_where_leads_begin() -> None:
    one: dict[str, Any] = {"next": ["won"]}
    assert codes(stages(a=one, b=one, won={"end": "won"})) == ["SLA201"]
    assert codes(stages(a={**one, "start": True}, b={**one, "next": ["a"]}, won={"end": "won"})) == ["SLA206"]


def test_a_value_that_is_not_agreed_yet_is_information_in_a_draft_and_an_error_in_an_agreed_text() -> None:
    open_value = {"quality": {"by": "vp_sales", "measure": "mql to sal within 14 days", "target": "undecided"}}
    effective = {"from": "2026-10-01"}
    draft = found(changed(commitments=open_value))
    agreed = found(changed(commitments=open_value, metadata={"name": "a", "status": "agreed", "effective": effective}))
    assert [each.diagnostic.severity for each in draft] == [Severity.INFORMATION]
    assert [each.diagnostic.severity for each in agreed] == [Severity.ERROR]
    assert draft[0].diagnostic.path == ("commitments", "quality", "target")


@pytest.mark.parametrize(
    ("today", "severities"),
    [(date(2026, 12, 31), []), (date(2027, 1, 1), [Severity.WARNING])],
)
def test_an_agreement_that_is_over_is_a_warning_from_the_day_after(today: date, severities: list[Severity]) -> None:
    assert [each.diagnostic.severity for each in found(acme(), today=today)] == severities


def test_an_accepted_warning_is_information_until_its_day() -> None:
    metadata = {"name": "small", "effective": {"from": "2026-10-01", "until": "2026-10-02"}}
    accepted = [{"code": "SLA111", "because": "We are late.", "until": "2026-11-30"}]
    agreement = changed(metadata=metadata, accepted=accepted)
    on_time, late = found(agreement, today=TODAY), found(agreement, today=date(2026, 12, 1))
    assert [each.diagnostic.severity for each in on_time] == [Severity.INFORMATION]
    assert "We are late." in on_time[0].diagnostic.message
    assert [each.diagnostic.severity for each in late] == [Severity.WARNING]


def test_an_error_cannot_be_accepted() -> None:
    agreement = changed(
        commitments={"vague": {"by": "vp_sales"}}, accepted=[{"code": "SLA302", "because": "It is only a wish."}]
    )
    assert [each.diagnostic.severity for each in found(agreement)] == [Severity.ERROR]


def test_a_sound_binding_raises_nothing() -> None:
    assert codes(changed(), binding()) == []


def test_a_stage_that_is_not_bound_is_named_with_its_platform() -> None:
    one = found(changed(), binding(stages={"mql": {"Lead.Status": ["MQL"]}}))
    assert [each.diagnostic.code for each in one] == ["SLA801"]
    assert one[0].diagnostic.message == "Stage 'sal' is not bound on salesforce."


def test_fields_of_entry_conditions_and_priorities_must_be_bound() -> None:
    agreement = changed(
        priorities={"hot": {"when": "employees > 200 and stage is mql"}},
        stages={
            "mql": {"enter_when": "score reaches threshold and industry is retail", "needs": "email", "next": ["sal"]},
            "sal": {"end": "won"},
        },
    )
    assert codes(agreement, binding()) == ["SLA801"] * 4
    bound = {name: f"Lead.{name}" for name in ("email", "industry", "score", "employees")}
    assert codes(agreement, binding(fields=bound)) == []


def test_two_stages_may_share_a_value_of_two_places() -> None:
    apart = {"mql": {"Lead.Status": ["A"]}, "sal": {"Contact.Status": ["A"]}}
    together = {"mql": {"Lead.Status": ["A", "B"]}, "sal": {"Lead.Status": ["B"]}}
    assert codes(changed(), binding(stages=apart)) == []
    assert codes(changed(), binding(stages=together)) == ["SLA803"]


def test_two_stages_with_one_condition_are_one_value() -> None:
    same = {"mql": {"when": "Opportunity.IsWon is true"}, "sal": {"when": "Opportunity.IsWon is true"}}
    assert codes(changed(), binding(stages=same)) == ["SLA803"]


def test_a_binding_for_another_agreement_is_refused() -> None:
    other = {"name": "b", "agreement": "other", "connector": "salesforce"}
    assert codes(changed(), binding(metadata=other)) == ["SLA102"]


def test_a_finding_about_a_binding_is_placed_in_its_document() -> None:
    text = "metadata: {name: b, agreement: small, connector: x}\nstages: {mql: {S: [A]}, sal: {S: [A]}}\n"
    source = read_text_source(text, "b.yaml")
    bound = BindingDocument.model_validate(source.data)
    (one,) = lint(changed(), {"b.yaml": bound}, TODAY)
    place = one.located(read_text_source(SMALL), {Path("b.yaml"): source}).location
    assert place is not None
    assert (place.file, place.line) == ("b.yaml", 2)
