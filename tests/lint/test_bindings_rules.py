"""Rules between the agreement and its bindings."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.source import read_text_source
from sla_sync.lint import lint
from tests.agreement.documents import SMALL, acme
from tests.lint.cases import TODAY, acme_bound, acme_with, binding, found, places, small

HUBSPOT = {"name": "b", "agreement": "small", "connector": "hubspot"}


@pytest.mark.parametrize("code", ["SLA102", "SLA801", "SLA803", "SLA804", "SLA806", "SLA807"])
def test_a_sound_binding_raises_nothing(code: str) -> None:
    assert found(code, small(), binding()) == []


def test_a_stage_that_is_not_bound_is_named_with_its_platform() -> None:
    (one,) = found("SLA801", small(), binding(stages={"mql": {"Lead.Status": ["MQL"]}}))
    assert one.message == "Stage 'sal' is not bound on salesforce."


def test_fields_of_needs_entries_priorities_and_routes_must_be_bound() -> None:
    agreement = small(
        priorities={"hot": {"when": "employees > 200 and stage is mql"}},
        stages={
            "mql": {"enter_when": "score reaches threshold and industry is retail", "needs": "email", "next": ["sal"]},
            "sal": {"end": "won"},
        },
        routing={"first_match": [{"when": "region is west", "to": "key_owner"}]},
    )
    names = ["email", "industry", "score", "employees", "region"]
    messages = [each.message for each in found("SLA801", agreement, binding())]
    assert [name for name, message in zip(names, messages, strict=True) if f"'{name}'" in message] == names
    assert found("SLA801", agreement, binding(fields={name: f"Lead.{name}" for name in names})) == []


@pytest.mark.parametrize(
    ("removed", "said"),
    [
        (
            "sources: {values: {demo_request: [Demo Request], webinar: [Webinar], content: [Web]}}",
            "Source 'contact_sales'",
        ),
        ("sources: {values: {demo_request: [Demo Request], contact_sales: [Contact Us]}}", ""),
        ("exclude: null", "Exclusion 'competitor'"),
        ("teams: null", "Team 'sdr'"),
        ("queues: null", "Queue 'marketing_queue'"),
    ],
    ids=["a source that sales works", "sources that are nurtured", "exclusions", "a team", "a queue"],
)
def test_what_leads_are_judged_and_routed_by_must_be_bound(removed: str, said: str) -> None:
    section = removed.partition(":")[0]
    bound = acme_bound()
    changed = bound.model_copy(
        update={section: getattr(acme_bound(removed), section) if not removed.endswith("null") else {}}
    )
    messages = [each.message for each in found("SLA801", acme(), changed)]
    assert any(said in each for each in messages) if said else messages == []


def test_what_another_product_routes_need_not_be_bound() -> None:
    bound = acme_bound("held_by: {routing: leandata}").model_copy(update={"teams": {}, "queues": {}})
    assert found("SLA801", acme(), bound) == []


def test_a_hook_must_be_bound_and_a_bound_hook_must_be_run_by_something() -> None:
    agreement = acme_with("stages: {won: {means: Signed., accountable: vp_sales, end: won, then: start_onboarding}}")
    assert [each.path for each in found("SLA801", agreement, acme_bound())] == [("hooks",)]
    bound = acme_bound("hooks: {start_onboarding: Start_Onboarding}")
    assert found("SLA801", agreement, bound) == []
    assert places("SLA102", acme(), bound) == ["start_onboarding"]


def test_two_stages_may_share_a_value_of_two_places() -> None:
    apart = {"mql": {"Lead.Status": ["A"]}, "sal": {"Contact.Status": ["A"]}}
    together = {"mql": {"Lead.Status": ["A", "B"]}, "sal": {"Lead.Status": ["B"]}}
    assert found("SLA803", small(), binding(stages=apart)) == []
    assert places("SLA803", small(), binding(stages=together)) == ["Lead.Status"]


def test_two_stages_with_one_condition_are_one_value() -> None:
    same = {"mql": {"when": "Opportunity.IsWon is true"}, "sal": {"when": "Opportunity.IsWon is true"}}
    assert places("SLA803", small(), binding(stages=same)) == ["when"]


def test_a_stage_shows_on_one_object_in_one_or_several_fields() -> None:
    one = {"mql": {"Lead.Status": ["A"], "Lead.Phase": ["B"]}, "sal": {"Contact.Status": ["A"]}}
    two = {"mql": {"Lead.Status": ["A"], "Contact.Status": ["A"]}, "sal": {"Contact.Phase": ["A"]}}
    assert found("SLA804", small(), binding(stages=one)) == []
    assert places("SLA804", small(), binding(stages=two)) == ["mql"]


@pytest.mark.parametrize(
    ("writers", "several"),
    [(("hubspot", "hubspot"), False), (("hubspot", None), False), (("hubspot", "salesforce"), True)],
)
def test_two_bindings_name_one_writer_of_a_field(writers: tuple[str, str | None], *, several: bool) -> None:
    bound = [
        binding(fields={"score": {"field": "x", "writer": writer}}, **extra)
        for writer, extra in zip(writers, ({}, {"metadata": HUBSPOT}), strict=True)
    ]
    assert (found("SLA806", small(), *bound) != []) is several


@pytest.mark.parametrize(("kept_in", "several"), [("hubspot", False), ("salesforce", True)])
def test_the_score_is_written_where_it_is_computed(kept_in: str, *, several: bool) -> None:
    agreement = small(scoring={"person": {"threshold": 10, "kept_in": kept_in}})
    bound = binding(fields={"score": {"field": "Lead.Score__c", "writer": "hubspot"}})
    assert (found("SLA806", agreement, bound) != []) is several


@pytest.mark.parametrize(
    ("sections", "wrong"),
    [
        ({"priorities": {"hot": {"when": "stage is mql"}, "HOT": {"when": "stage is sal"}}}, ["HOT"]),
        ({"reasons": {"a": {"no-fit": {}, "no_fit": {}}}}, ["no_fit"]),
        ({"reasons": {"a": {"other": {}}, "b": {"other": {}}}}, []),
        ({"segments": {"stage": {"x": "employees > 1"}}}, ["stage"]),
        ({"groups": {"score": ["a"]}}, ["score"]),
        # The prefix `SLA_` leaves 36 of 40 characters.
        ({"reasons": {"a": {"x" * 36: {}}}}, []),
        ({"reasons": {"a": {"x" * 37: {}}}}, ["x" * 37]),
    ],
    ids=["capitals", "dashes", "two lists", "a division", "a group", "36 characters", "37 characters"],
)
def test_names_can_be_names_on_every_platform(sections: dict[str, object], wrong: list[str]) -> None:
    assert places("SLA807", small(**sections)) == wrong


def test_a_longer_prefix_leaves_less_room_for_names() -> None:
    agreement = small(reasons={"a": {"x" * 33: {}}})
    assert found("SLA807", agreement, binding(prefix="SLA_SYNC_")) != []


def test_a_binding_for_another_agreement_is_refused() -> None:
    assert places("SLA102", small(), binding(metadata={**HUBSPOT, "agreement": "other"})) == ["agreement"]


def test_a_finding_about_a_binding_is_placed_in_its_document() -> None:
    text = "metadata: {name: b, agreement: small, connector: x}\nstages: {mql: {S: [A]}, sal: {S: [A]}}\n"
    source = read_text_source(text, "b.yaml")
    bound = BindingDocument.model_validate(source.data)
    (one,) = (
        each
        for each in lint(small(), {"b.yaml": bound}, TODAY, sources={"b.yaml": source})
        if each.remark.document is not None
    )
    place = one.located(read_text_source(SMALL), {Path("b.yaml"): source}).location
    assert place is not None
    assert (place.file, place.line) == ("b.yaml", 2)
