"""The full example in HubSpot's words. Set SLA_SYNC_UPDATE_GOLDENS=1 to write the golden anew, then read the difference."""

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sla_sync.connector import (
    Address,
    DataType,
    Desired,
    Field,
    Ref,
    Resources,
    Segment,
    Setup,
    Stage,
    Stamp,
    Translation,
    bears_mark,
    tree,
)
from sla_sync.reconcile.manifest import plain
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.types import (
    LIFECYCLE_STAGE,
    PIPELINE,
    PROPERTY,
    PROPERTY_GROUP,
    PROPERTY_OPTION,
    SEGMENT,
    TYPES,
    VALIDATION,
    WORKFLOW,
)
from tests.connectors.hubspot.clock_stage import example
from tests.connectors.hubspot.living import in_words
from tests.connectors.hubspot.outline import outlined
from tests.connectors.hubspot.stories import (
    AGREEMENT,
    acme,
    acme_binding,
    acme_resources,
    added_statuses,
    binding,
    resources,
    stamped,
)

GOLDEN = Path(__file__).parent / "golden"


def printed(translation: Translation) -> str:
    content = {
        "desired": [
            {
                "address": str(each.address),
                "values": plain(each.values),
                "requires": sorted(map(str, each.requires)),
                "origins": {"/".join(map(str, path)): list(origin) for path, origin in each.origins.items()},
            }
            for each in translation.desired
        ],
        "gaps": [{"id": each.id, "advice": each.advice, "origin": list(each.origin)} for each in translation.gaps],
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def found(translation: Translation, address: str) -> Desired:
    return next(each for each in translation.desired if str(each.address) == address)


def small(bound: HubSpotBinding, **parts: object) -> Translation:
    return translate(resources(**parts), bound, Setup(AGREEMENT))


def addresses_of(translation: Translation, kind: str) -> list[str]:
    return [each.address.key for each in translation.desired if each.address.type == kind]


@pytest.mark.parametrize(
    ("name", "made"),
    [("translation.json", lambda: printed(acme())), ("startup.txt", lambda: outlined(in_words(example())))],
    ids=["beside salesforce", "alone"],
)
def test_the_translation_is_the_golden_one(name: str, made: Callable[[], str]) -> None:
    text, golden = made(), GOLDEN / name
    if os.environ.get("SLA_SYNC_UPDATE_GOLDENS"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_type_of_the_table_is_asked_for_by_the_example_but_three_that_it_has_no_need_of() -> None:
    # Its scores fade without a floor, so that no number is beyond them; the others have tests of their own.
    assert {each.address.type for each in acme().desired} == set(TYPES) - {VALIDATION, LIFECYCLE_STAGE, PIPELINE}


def test_everything_with_a_description_bears_the_mark() -> None:
    described = [each for each in acme().desired if each.address.type in {PROPERTY, PROPERTY_OPTION, WORKFLOW}]
    assert described
    for each in described:
        assert bears_mark(str(each.values["description"]), AGREEMENT), each.address


def test_segments_and_workflows_are_named_after_the_agreement() -> None:
    named = [each for each in acme().desired if each.address.type in {SEGMENT, WORKFLOW}]
    assert all(str(each.values["name"]).startswith(f"SLA | {AGREEMENT} | ") for each in named)


@pytest.mark.parametrize("translation", [acme, lambda: in_words(example())], ids=["acme", "startup"])
def test_nothing_requires_what_is_not_asked_for_before_it(translation: Callable[[], Translation]) -> None:
    seen: set[Address] = set()
    for each in translation().desired:
        assert set(each.requires) <= seen, each.address
        seen.add(each.address)


def test_the_workflow_waits_for_the_id_of_its_segment() -> None:
    workflow = found(stamped(), f"Workflow/SLA | {AGREEMENT} | Stamp qualified")
    enrolment = plain(workflow.values)["enrollmentCriteria"]
    member = enrolment["listFilterBranch"]["filterBranches"][0]["filters"][0]
    segment = found(acme(), f"Segment/0-1/SLA | {AGREEMENT} | Meets MQL")
    assert member["listId"] == plain(Ref(segment.address))
    assert segment.address in workflow.requires


def test_a_threshold_is_explained_by_the_scoring_model() -> None:
    segment = found(acme(), f"Segment/0-1/SLA | {AGREEMENT} | Meets MQL")
    path = ("filterBranch", "filterBranches", 0, "filters", 0, "operation", "value")
    assert segment.origin(path) == ("scoring", "person", "threshold")
    assert segment.origin(("processingType",)) == ("stages", "mql", "enter_when")


def test_only_stages_that_the_binding_adds_become_options() -> None:
    assert addresses_of(acme(), PROPERTY_OPTION) == [f"contacts/hs_lead_status/{value}" for value in added_statuses()]


def test_every_gap_has_its_own_id_and_says_what_to_do() -> None:
    gaps = acme().gaps
    assert len({each.id for each in gaps}) == len(gaps)
    assert all(each.advice[0].isupper() and each.origin for each in gaps)
    assert {"require-reason-recycled", "report-waiting_mql", "access-working_parties", "sync-need"} <= {
        each.id for each in gaps
    }


def test_a_segment_that_no_filter_can_say_becomes_a_manual_step() -> None:
    visited = Segment("v", ("priorities", "v"), "They came back.", "Visitors", tree.Did("visit", "pricing_page"))
    translation = small(binding(), segments=(visited,))
    assert addresses_of(translation, SEGMENT) == []
    gap = next(each for each in translation.gaps if each.id == "segment-v")
    assert "did visit pricing_page" in gap.advice
    assert gap.advice.startswith("Build a segment named «SLA | acme-inbound | Visitors» by hand")


def test_an_exclusion_without_a_predicate_stops_the_segments_that_would_count_too_many() -> None:
    everybody = Segment("e", ("priorities", "e"), "All.", "All", tree.Known("email"))
    bound = binding(fields={"email": "email"})
    assert addresses_of(small(bound, segments=(everybody,)), SEGMENT)
    without = small(bound, segments=(everybody,), exclusions=("competitor",))
    assert addresses_of(without, SEGMENT) == []
    assert "does not say who counts as 'competitor'" in next(each.advice for each in without.gaps)


STAGE = Stage("mql", ("stages", "mql"), "Ready.", "MQL", 0)
STAMP = Stamp("qualified", ("stages", "mql"), "When it became ready.", "mql", "qualified_at")
KEPT = Field("qualified_at", ("stages", "mql"), "When it became ready.", "Qualified at", DataType.INSTANT)


def test_a_stage_without_a_condition_is_stamped_by_its_value() -> None:
    bound = binding(stages={"mql": {"lifecyclestage": ["marketingqualifiedlead"]}})
    translation = small(bound, fields=(KEPT,), stages=(STAGE,), stamps=(STAMP,))
    workflow = found(translation, f"Workflow/SLA | {AGREEMENT} | Stamp qualified")
    filters = plain(workflow.values)["enrollmentCriteria"]["listFilterBranch"]["filterBranches"][0]["filters"]
    assert [each["property"] for each in filters] == ["lifecyclestage", "sla_qualified_at"]
    assert filters[0]["operation"]["values"] == ["marketingqualifiedlead"]


def test_a_workflow_whose_segment_cannot_be_pushed_becomes_a_manual_step() -> None:
    condition = tree.Did("visit", "pricing_page")
    stage = replace(STAGE, enter_when=condition)
    entry = Segment("meets_mql", ("stages", "mql", "enter_when"), "Meets.", "Meets MQL", condition)
    translation = small(binding(), fields=(KEPT,), stages=(stage,), stamps=(STAMP,), segments=(entry,))
    assert addresses_of(translation, WORKFLOW) == []
    assert "needs the segment «Meets MQL»" in next(
        each.advice for each in translation.gaps if each.id == "stamp-qualified"
    )


def test_a_stage_that_is_bound_to_nothing_is_a_gap() -> None:
    translation = small(binding(), stages=(STAGE,))
    assert "Bind stage 'mql'" in next(each.advice for each in translation.gaps if each.id == "stage-mql")


def test_the_prefix_of_the_binding_begins_every_property() -> None:
    bound = acme_binding().model_copy(update={"prefix": "ACME_"})
    translation = translate(acme_resources(), bound, Setup(AGREEMENT))
    ours = [
        each for each in addresses_of(translation, PROPERTY) if each not in {f.field for f in bound.fields.values()}
    ]
    assert "contacts/acme_due_at" in ours
    assert addresses_of(translation, PROPERTY_GROUP) == ["contacts/acme_sync"]


def test_a_name_that_hubspot_would_refuse_becomes_a_manual_step() -> None:
    long = replace(KEPT, name="q" * 120)
    translation = small(binding(), fields=(long,))
    assert addresses_of(translation, PROPERTY) == []
    assert "more than 100 characters" in translation.gaps[0].advice


def test_origins_exist_in_the_agreement(acme_document: dict[str, object]) -> None:
    for each in acme().desired:
        for origin in each.origins.values():
            assert _stands(acme_document, origin), (each.address, origin)
    for gap in acme().gaps:
        assert _stands(acme_document, gap.origin), gap


def _stands(document: object, path: tuple[str | int, ...]) -> bool:
    for step in path:
        if not isinstance(document, dict) or step not in document:
            return False
        document = document[step]
    return True


def test_an_agreement_that_needs_nothing_asks_for_nothing() -> None:
    empty: Resources = resources()
    assert translate(empty, binding(), Setup(AGREEMENT)).desired == ()
