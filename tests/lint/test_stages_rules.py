"""Rules of the stages and of the ways between them."""

from __future__ import annotations

from typing import Any

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import Severity
from tests.agreement.documents import acme
from tests.lint.cases import acme_bound, acme_with, found, places, small

MANUAL = {"volume": {"by": "vp_sales", "measure": "manual"}}
FUNNEL: dict[str, Any] = {
    "inquiry": {"next": ["mql"]},
    "mql": {"enter_when": "email is known", "next": ["sal"]},
    "sal": {"next": ["won", "recycled"]},
    "won": {"end": "won"},
    "recycled": {"next": ["mql"]},
}


def stages(**entries: dict[str, Any]) -> Agreement:
    return small(stages=entries, commitments=MANUAL, reasons={"why": {"other": {}}})


def funnel(**changed: dict[str, Any]) -> Agreement:
    return stages(**{**FUNNEL, **changed})


def test_an_exit_that_leads_back_before_qualification_asks_for_a_reason() -> None:
    assert places("SLA211", funnel()) == ["recycled"]
    assert places("SLA211", funnel(recycled={"next": ["mql"], "reasons": "why"})) == []


def test_a_stage_that_only_leads_to_an_exit_is_an_exit_too() -> None:
    lost = {"next": ["recycled"]}
    recycled = {"reasons": "why", "next": ["mql"]}
    assert places("SLA211", funnel(sal={"next": ["won", "lost"]}, lost=lost, recycled=recycled)) == ["lost"]


def test_a_stage_in_the_middle_is_no_exit() -> None:
    middle: dict[str, Any] = {
        "mql": {"start": True, "next": ["sal"]},
        "sal": {"next": ["on_hold", "sql"]},
        "on_hold": {"next": ["sal"]},
        "sql": {"end": "won"},
    }
    assert found("SLA211", stages(**middle)) == []


def test_start_true_settles_where_leads_begin() -> None:
    one: dict[str, Any] = {"next": ["won"]}
    won = {"end": "won"}
    two = stages(a=one, b=one, won=won)
    settled = stages(a={**one, "start": True}, b={**one, "next": ["a"]}, won=won)
    assert (places("SLA201", two), places("SLA206", two)) == (["b"], [])
    assert (places("SLA201", settled), places("SLA206", settled)) == ([], ["b"])


def test_a_loop_is_named_with_all_its_stages_at_the_step_that_closes_it() -> None:
    (one,) = found("SLA207", funnel())
    assert "mql → sal → recycled → mql" in one.message
    assert one.path == ("stages", "recycled", "next", 0)


@pytest.mark.parametrize("brake", [{"resets": ["engagement"]}, {"again_after": "30 days"}])
@pytest.mark.parametrize("stage", ["mql", "sal", "recycled"])
def test_one_brake_anywhere_in_a_loop_is_enough(stage: str, brake: dict[str, Any]) -> None:
    assert found("SLA207", funnel(**{stage: {**FUNNEL[stage], **brake}})) == []


def test_going_back_and_forth_between_two_working_stages_is_no_loop_of_qualification() -> None:
    working = {"next": ["won", "on_hold"]}
    assert found("SLA207", funnel(sal=working, on_hold={"next": ["sal"]}, recycled={"end": "lost"})) == []


@pytest.mark.parametrize(
    ("mql", "pql", "together"),
    [
        ("employees >= 50", "did create project", ["pql"]),
        ("employees >= 50", "employees < 50", []),
        ("source is webinar", "source is demo", []),
        ("employees >= 50", "employees < 60", ["pql"]),
    ],
)
def test_two_stages_that_a_lead_may_enter_from_one_ask_for_conditions_that_exclude_each_other(
    mql: str, pql: str, together: list[str]
) -> None:
    sources: dict[str, dict[str, str]] = {"webinar": {}, "demo": {}}
    entries = {
        "inquiry": {"next": ["mql", "pql"]},
        "mql": {"enter_when": mql, "next": ["won"]},
        "pql": {"enter_when": pql, "next": ["won"]},
        "won": {"end": "won"},
    }
    agreement = small(stages=entries, commitments=MANUAL, sources=sources)
    assert [each.path[1] for each in found("SLA208", agreement)] == together


def test_the_lead_that_enters_two_stages_is_described() -> None:
    (one,) = found(
        "SLA208",
        funnel(
            inquiry={"next": ["mql", "pql"]},
            mql={"enter_when": "employees >= 50", "next": ["sal"]},
            pql={"enter_when": "employees < 60", "next": ["sal"]},
        ),
    )
    assert "a lead with employees 5" in one.message


def test_a_stage_that_leads_to_the_other_one_comes_before_it() -> None:
    ordered = funnel(inquiry={"next": ["mql", "pql"]}, pql={"enter_when": "employees > 5", "next": ["mql", "sal"]})
    assert found("SLA208", ordered) == []


def test_the_condition_of_a_move_is_part_of_the_entry() -> None:
    apart = funnel(
        inquiry={"next": [{"mql": "employees >= 50"}, {"pql": "employees < 50"}]},
        pql={"enter_when": "did create project", "next": ["sal"]},
    )
    assert found("SLA208", apart) == []


def test_a_working_stage_without_a_way_out_is_found() -> None:
    assert places("SLA210", funnel(sal={"next": ["won"]}, recycled={"end": "lost"})) == ["mql", "sal"]
    assert places("SLA210", funnel()) == []


def test_stages_before_qualification_stages_that_end_and_stages_off_the_path_need_no_max_age() -> None:
    assert places("SLA214", funnel(recycled={"reasons": "why", "next": ["mql"]})) == ["mql", "sal"]


def test_what_a_draft_leaves_out_is_information_and_what_an_agreed_text_leaves_out_is_a_warning() -> None:
    agreed = {"name": "a", "status": "agreed", "effective": {"from": "2026-10-01"}}
    for metadata, severity in (
        ({**agreed, "status": "draft"}, Severity.INFORMATION),
        ({**agreed, "size": "small"}, Severity.INFORMATION),
        (agreed, Severity.WARNING),
    ):
        assert {each.severity for each in found("SLA214", small(metadata=metadata))} == {severity}


def test_every_kind_of_word_says_what_it_means() -> None:
    agreement = small(
        stages={"mql": {"means": " ", "next": ["won"]}, "won": {"means": "Signed.", "end": "won"}},
        priorities={"hot": {"when": "stage is mql"}},
        reasons={"why": {"other": {}}},
        terms={"touch": ""},
        commitments=MANUAL,
    )
    assert places("SLA203", agreement) == ["mql", "hot", "other", "touch"]


def test_a_person_who_ended_as_lost_and_may_begin_again_has_a_way_back() -> None:
    assert places("SLA213", funnel(recycled={"end": "lost"})) == ["recycled"]
    assert places("SLA213", funnel(recycled={"end": "lost", "next": ["inquiry"]})) == []


@pytest.mark.parametrize(
    ("clock", "held"),
    [
        ("{starts: assigned, stops: touch}", []),
        ("{starts: raised, stops: leaves mql}", []),
        ("{starts: enters mql, stops: touch}", []),
        ("{starts: enters sal, stops: touch}", ["to"]),
    ],
)
def test_a_holder_that_has_promised_something_in_the_stage_may_hold_it_for_the_other_party(
    clock: str, held: list[str]
) -> None:
    promise = f"{{by: sdr_manager, within: 1 day, clock: {clock}}}"
    by_marketing = "{by: vp_marketing, measure: count of mql}"
    replaced = ("first-response", "follow-up", "verdict")
    text = "\n".join(["commitments:", f"  mine: {promise}", *(f"  {name}: {by_marketing}" for name in replaced)])
    assert list(dict.fromkeys(places("SLA204", acme_with(text)))) == held


def test_leads_in_a_queue_of_the_accountable_party_are_in_the_right_hands() -> None:
    assert found("SLA204", acme_with("routing: {first_match: [{when: stage is inquiry, to: marketing_queue}]}")) == []


@pytest.mark.parametrize(
    ("bound", "uncollected"),
    [
        ("Lead.Company", []),
        ("{field: Lead.SLA_Company__c, add: text}", ["company"]),
        ("{field: Lead.SLA_Company__c, add: text, writer: hubspot}", []),
    ],
    ids=["a field that is there", "a new field", "a new field with a writer"],
)
def test_a_new_field_that_is_needed_before_a_rep_works_the_lead_needs_a_writer(
    bound: str, uncollected: list[str]
) -> None:
    assert places("SLA212", acme(), acme_bound(f"fields: {{company: {bound}}}")) == uncollected


def test_a_field_that_a_rep_asks_for_needs_no_writer() -> None:
    assert found("SLA212", acme(), acme_bound("fields: {need: {field: Lead.SLA_Need__c, add: text}}")) == []
