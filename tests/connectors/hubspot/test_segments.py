"""Segments that show how the agreement is kept: who belongs to each, played on the simulator, and what no filter can say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Address, Setup, Status, Translation
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.types import SEGMENT
from tests.connectors.hubspot.stories import CONFIGS, PEOPLE, Portal, acme, acme_binding, acme_resources

EXAMPLES = CONFIGS / "examples"


@cache
def shown() -> tuple[dict[str, Any], dict[str, str]]:
    """Return the segments of the full example by label, and the advice of what a person has to build by its id."""
    return labelled(acme())


def labelled(translation: Translation) -> tuple[dict[str, Any], dict[str, str]]:
    labels = {
        each.address.key.rpartition(" | ")[2]: each for each in translation.desired if each.address.type == SEGMENT
    }
    return labels, {each.id: each.advice for each in translation.gaps}


def value_of(stage: str) -> str:
    """Return the value of Lead Status that means a stage."""
    return acme_binding().stages[stage].contact_values[0]


WHOLE = {"email": "a@b.example", "company": "Acme", "country": "US", "sla_source": "Webinar"}
MEMBERS: Sequence[tuple[str, Mapping[str, str], bool]] = (
    ("In MQL", {"hs_lead_status": "mql"}, True),
    ("In MQL", {"hs_lead_status": "sql"}, False),
    ("In MQL", {"hs_lead_status": "mql", "sla_test": "true"}, False),
    ("In MQL", {"hs_lead_status": "mql", "sla_test": "false"}, True),
    ("Left out: Test", {"sla_test": "true"}, True),
    ("Left out: Test", {"sla_test": "false"}, False),
    ("Left out: Test", {}, False),
    ("Left out: Employee", {"email": "x@acme.example"}, True),
    ("MQL incomplete", {"hs_lead_status": "mql", **WHOLE}, False),
    ("MQL incomplete", {"hs_lead_status": "mql", **WHOLE, "company": ""}, True),
    ("MQL incomplete", {"hs_lead_status": "mql", **WHOLE, "sla_source": ""}, True),
    ("MQL incomplete", {"hs_lead_status": "sal"}, False),
    ("Recycled without a reason", {"hs_lead_status": "recycled"}, True),
    ("Recycled without a reason", {"hs_lead_status": "recycled", "sla_reason": "bad_timing"}, False),
    ("Recycled without a note", {"hs_lead_status": "recycled", "sla_reason": "other"}, True),
    ("Recycled without a note", {"hs_lead_status": "recycled", "sla_reason": "other", "sla_reason_note": "x"}, False),
    ("Recycled without a note", {"hs_lead_status": "recycled", "sla_reason": "bad_timing"}, False),
    ("Without an owner", {"hs_lead_status": "sal"}, True),
    ("Without an owner", {"hs_lead_status": "sal", "hubspot_owner_id": "41000001"}, False),
    ("Without an owner", {"hs_lead_status": "recycled"}, False),
)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Serve one portal with every segment of the full example."""
    from tests.connectors.hubspot.stories import portal

    with portal(tmp_path_factory.mktemp("segments") / "portal") as served:
        outcomes = served.apply(acme())
        assert {each.status for each in outcomes} == {Status.DONE}
        yield served


def test_every_view_is_read_back_as_it_was_written(furnished: Portal) -> None:
    assert furnished.changes(acme()) == ()


@pytest.mark.parametrize(("label", "holds", "belongs"), MEMBERS)
def test_who_belongs_to_a_segment(furnished: Portal, label: str, holds: Mapping[str, str], belongs: bool) -> None:
    client = furnished.client(token=ADMINISTRATOR_TOKEN)
    handle = furnished.read(acme())[0].handle(shown()[0][label].address)
    said = {name: value_of(text) if name == "hs_lead_status" else text for name, text in holds.items() if text}
    made = client.call("POST", Api.OBJECTS, "/contacts", body={"properties": {"email": "p@other.example"} | said})
    listed = client.call("GET", Api.LISTS, f"/{handle}/memberships")
    client.call("DELETE", Api.OBJECTS, f"/contacts/{made['id']}")
    assert (made["id"] in {each["recordId"] for each in listed["results"]}) is belongs


def test_each_stage_exclusion_gate_and_need_has_its_segment() -> None:
    labels = set(shown()[0])
    assert {f"In {each.label}" for each in acme_resources().stages if each.name not in {"won", "lost"}} <= labels
    assert {f"Left out: {each.capitalize()}" for each in acme_resources().exclusions} <= labels
    assert {"MQL incomplete", "SQL incomplete", "Without an owner"} <= labels


def test_a_stage_that_shows_on_the_deal_alone_is_a_manual_step_with_the_reason() -> None:
    assert "shows on the deal" in shown()[1]["segment-stage-won"]


def test_every_segment_comes_from_a_line_of_the_agreement() -> None:
    assert all(each.origin() for each in shown()[0].values())


def test_a_segment_waits_for_the_properties_that_it_tests() -> None:
    assert Address("Property", "contacts/sla_reason") in shown()[0]["Recycled without a reason"].requires


def test_where_the_clocks_run_elsewhere_nobody_is_shown_as_overdue() -> None:
    assert not [each for each in shown()[0] if each.startswith("Overdue")]


@cache
def startup() -> Translation:
    folder: Path = EXAMPLES / "startup"
    agreement = load_agreement(folder / "agreement.yaml", root=folder).value
    bound = load_binding(folder / "bindings" / "hubspot.yaml", HubSpotBinding, root=folder).value
    assert agreement is not None
    assert bound is not None
    resources = compile_agreement(agreement, bound.modes)
    return translate(resources, bound, Setup(resources.agreement, PEOPLE))


def test_where_the_clocks_run_here_each_promise_has_a_list_of_those_whose_time_is_up() -> None:
    labels, steps = labelled(startup())
    assert [each for each in labels if each.startswith("Overdue: ")]
    assert not [each for each in steps if each.startswith("segment-overdue")]


def test_a_stage_that_our_workflows_note_on_the_contact_has_a_segment_although_it_shows_on_the_deal() -> None:
    assert "In Customer" in labelled(startup())[0]
