"""What an agreement needs on a platform."""

from __future__ import annotations

from dataclasses import fields as dataclass_fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import print_expression
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.source import read_source, read_text_source
from sla_sync.compiler import compile_agreement
from sla_sync.compiler.stages import stages
from sla_sync.compiler.words import label, listed
from sla_sync.diagnostics import KeyPath
from sla_sync.resources import DataType, Resources
from tests.agreement.documents import ACME, FIRST, SMALL, acme

EXAMPLES = Path(__file__).parents[2] / "configs" / "examples"


def compiled(**sections: object) -> Resources:
    data = dict(read_text_source(SMALL).data or {})
    return compile_agreement(Agreement.model_validate({**data, **sections}), {})


def everything(resources: Resources) -> list[Any]:
    """Return every resource, and every choice inside one."""
    found: list[Any] = []
    for each in dataclass_fields(resources):
        value = getattr(resources, each.name)
        found += [one for one in value if hasattr(one, "origin")] if isinstance(value, tuple) else []
    choices = [choice for one in found for key in ("choices", "reasons") for choice in _choices(one, key)]
    return found + choices


def _choices(resource: object, key: str) -> tuple[Any, ...]:
    value = getattr(resource, key, ())
    return value if isinstance(value, tuple) else ()


def exists(data: object, path: KeyPath) -> bool:
    for step in path:
        entries = dict(enumerate(data)) if isinstance(data, list) else data
        if not isinstance(entries, dict) or step not in entries:
            return False
        data = entries[step]
    return True


@pytest.mark.parametrize("path", [ACME, FIRST], ids=["acme", "first"])
def test_every_resource_has_an_origin_in_the_document(path: Path) -> None:
    source = read_source(path, root=path.parent)
    resources = compile_agreement(Agreement.model_validate(source.data), {})
    assert len(everything(resources)) > 10
    for each in everything(resources):
        assert each.origin
        assert exists(source.data, each.origin), each


@pytest.mark.parametrize("path", [ACME, FIRST], ids=["acme", "first"])
def test_names_are_unique_within_their_kind(path: Path) -> None:
    resources = compile_agreement(Agreement.model_validate(read_source(path, root=path.parent).data), {})
    for kind in ("fields", "stages", "stamps", "reason_sets", "gates", "segments", "reports", "access"):
        names = [each.name for each in getattr(resources, kind)]
        assert len(set(names)) == len(names)


def test_what_a_resource_means_quotes_the_agreement() -> None:
    resources = compile_agreement(acme(), {})
    means = {each.name: each.means for each in everything(resources) if hasattr(each, "means")}
    assert "Fits our profile and showed intent." in means["qualified_at"]
    assert "A rep touches every MQL in time." in means["due_at"]
    assert means["sal"] == "A named rep agreed to work the lead."
    assert means["priority_hot"] == "They asked to talk."


def test_a_lead_carries_when_it_qualified_and_is_due_how_urgent_it_is_and_why_it_left() -> None:
    fields = {each.name: each for each in compile_agreement(acme(), {}).fields}
    assert {name: each.data for name, each in fields.items()} == {
        "qualified_at": DataType.INSTANT,
        "due_at": DataType.INSTANT,
        "priority": DataType.CHOICE,
        "reason": DataType.CHOICE,
        "reason_note": DataType.TEXT,
    }
    assert [name for name, each in fields.items() if each.written_by_people] == ["reason", "reason_note"]
    assert [each.name for each in fields["priority"].choices] == ["hot", "warm"]


def test_a_reason_that_stands_in_several_lists_is_one_choice() -> None:
    names = [each.name for each in compile_agreement(acme(), {}).fields[3].choices]
    assert names.count("other") == 1
    assert {"no_response", "bad_fit", "price"} <= set(names)


def test_a_reason_that_means_different_things_says_both() -> None:
    reasons = {"early": {"other": {"means": "Before work."}}, "late": {"other": {"means": "After work."}}}
    stages = {
        "mql": {"next": ["sal", "no", "out"]},
        "sal": {"end": "won"},
        "no": {"reasons": "early", "end": "lost"},
        "out": {"reasons": "late", "end": "lost"},
    }
    (choice,) = next(each for each in compiled(reasons=reasons, stages=stages).fields if each.name == "reason").choices
    assert choice.means == "Before work. After work."


def test_reasons_that_no_stage_asks_for_are_not_offered() -> None:
    resources = compiled(reasons={"spare": {"other": {}}})
    assert [each.name for each in resources.fields] == ["qualified_at"]
    assert resources.reason_sets == ()


def test_a_promise_that_is_only_measured_puts_no_deadline_on_leads() -> None:
    modes = {"first-response": Mode.MEASURE}
    due = next(each for each in compile_agreement(acme(), modes).fields if each.name == "due_at")
    assert due.origin == ("commitments", "verdict", "within")
    none = compile_agreement(acme(), {**modes, "verdict": Mode.MEASURE})
    assert "due_at" not in {each.name for each in none.fields}
    assert "due_at" not in none.reports[0].columns


def test_the_stamp_is_set_where_a_lead_qualifies() -> None:
    (stamp,) = compile_agreement(acme(), {}).stamps
    assert (stamp.stage, stamp.field) == ("mql", "qualified_at")


@pytest.mark.parametrize(
    ("example", "start", "accepting"),
    [
        (ACME, "inquiry", ["sal", "sql", "opportunity", "won"]),
        # In these the way back leads to the stage in which leads begin, which therefore says so.
        (EXAMPLES / "product-led" / "agreement.yaml", "known", ["sal", "opportunity", "won"]),
        (EXAMPLES / "agency" / "agreement.yaml", "inquiry", ["accepted", "order"]),
    ],
    ids=["acme", "product-led", "agency"],
)
def test_stages_farther_on_accept_and_those_off_the_path_do_not(
    example: Path, start: str, accepting: list[str]
) -> None:
    found = stages(Agreement.model_validate(read_source(example, root=example.parent).data))
    assert [each.name for each in found if each.starts] == [start]
    assert [each.name for each in found if each.accepts] == accepting


def test_every_stage_that_asks_for_a_reason_has_a_gate_that_names_them() -> None:
    gates = {each.stage: each for each in compile_agreement(acme(), {}).gates}
    assert set(gates) == {"recycled", "disqualified", "lost"}
    assert gates["lost"].message == "Choose a reason before you set this lead to Lost: Price, No Decision or Other."


def test_a_gate_with_many_reasons_stays_short() -> None:
    reasons: dict[str, object] = {"many": {f"reason_number_{number}": {} for number in range(40)}}
    stages = {"mql": {"next": ["sal", "no"]}, "sal": {"end": "won"}, "no": {"reasons": "many", "end": "lost"}}
    (gate,) = compiled(reasons=reasons, stages=stages).gates
    assert gate.message == "Choose a reason before you set this lead to No."


def test_the_first_priority_that_matches_takes_the_lead() -> None:
    segments = {each.name: each for each in compile_agreement(acme(), {}).segments}
    assert segments["priority_hot"].when == Is("source", ("demo_request", "contact_sales"))
    warm = print_expression(segments["priority_warm"].when)
    assert warm == "stage is mql and source is not demo_request or contact_sales"


def test_a_later_priority_leaves_out_all_earlier_ones() -> None:
    priorities = {
        "a": {"when": "employees > 5"},
        "b": {"when": "not source is known"},
        "c": {"when": "email is known and stage is mql"},
    }
    last = compiled(priorities=priorities).segments[-1]
    said = print_expression(last.when)
    assert said == "email is known and stage is mql and not employees > 5 and source is known"


def test_a_stage_that_is_entered_on_a_condition_has_a_segment_of_who_meets_it() -> None:
    agreement = acme()
    (meets,) = [each for each in compile_agreement(agreement, {}).segments if each.name == "meets_mql"]
    entry = agreement.stages["mql"].enter_when
    assert entry is not None
    assert (meets.label, meets.when) == ("Meets MQL", entry.value)


def test_those_who_work_leads_have_access() -> None:
    (access,) = compile_agreement(acme(), {}).access
    assert access.holders == ("vp_marketing", "vp_sales", "sdr_manager", "sdr")


def test_every_party_that_answers_for_something_has_access() -> None:
    roles = {name: {"party": party} for name, party in (("caller", "agency"), ("closer", "client"), ("judge", "none"))}
    stages = {"mql": {"accountable": "caller", "next": ["sal"]}, "sal": {"accountable": "closer", "end": "won"}}
    commitments = {"c": {"by": "caller", "measure": "mql to sal within 3 days"}}
    (access,) = compiled(roles=roles, stages=stages, commitments=commitments).access
    assert access.holders == ("caller", "closer")


@pytest.mark.parametrize(("stops", "due"), [("assigned", False), ("touch", True), ("leaves mql", True)])
def test_a_clock_that_ends_when_a_lead_is_assigned_is_no_deadline_of_its_owner(stops: str, due: bool) -> None:
    clock = {"by": "vp_sales", "clock": {"starts": "raised", "stops": stops}, "within": "2 hours"}
    assert ("due_at" in {each.name for each in compiled(commitments={"c": clock}).fields}) is due


def test_the_quality_of_data_asks_for_fields_besides_those_of_the_stage() -> None:
    stages = {"mql": {"needs": ["email"], "next": ["sal"]}, "sal": {"end": "won"}}
    quality = {"needs": {"mql": ["phone", "email"], "sal": "budget"}}
    assert compiled(stages=stages, quality=quality).needs == {"mql": ("email", "phone"), "sal": ("budget",)}


def test_what_conditions_refer_to_by_name_travels_along() -> None:
    resources = compiled(
        groups={"tier_1": ["DE", "FR"]},
        scoring={"person": {"threshold": 100}, "best": {"threshold": "top 10% of inquiries"}},
        quality={"exclude": "test"},
    )
    assert resources.groups == {"tier_1": ("DE", "FR")}
    assert resources.thresholds == {"person": 100.0}
    assert resources.exclusions == ("test",)


def test_days_needs_and_titles_are_those_of_the_agreement() -> None:
    resources = compile_agreement(acme(), {})
    assert resources.effective_from == date(2026, 10, 1)
    assert resources.needs["sql"] == ("need", "authority", "next_step")
    assert [each.order for each in resources.stages] == list(range(9))
    assert compiled().title == "small"


@pytest.mark.parametrize(
    ("name", "words"),
    [("mql", "MQL"), ("no_response", "No Response"), ("first-response", "First Response"), ("sdr_team", "SDR Team")],
)
def test_a_name_is_read_in_words(name: str, words: str) -> None:
    assert label(name) == words


def test_words_are_listed_as_in_a_sentence() -> None:
    assert [listed(["A", "B", "C"][:count], last="or") for count in range(4)] == ["", "A", "A or B", "A, B or C"]
