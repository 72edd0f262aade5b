"""Pipelines over the wire: created with their stages, changed, and archived where no record stands in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.connectors.hubspot.simulator.portal import Portal, made

DEALS = "/crm/v3/pipelines/deals"
STAGE = {"label": "Meeting held", "displayOrder": 0, "metadata": {"probability": "0.4"}, "stageId": "held"}
PARTNERS: dict[str, Any] = {"label": "Partners", "displayOrder": 1, "pipelineId": "partners", "stages": [STAGE]}


def test_a_pipeline_is_created_with_its_stages_changed_and_archived(portal: Portal) -> None:
    created = portal.done("POST", DEALS, PARTNERS)
    assert (created["id"], [each["id"] for each in created["stages"]]) == ("partners", ["held"])
    assert portal.done("PATCH", f"{DEALS}/partners", {"label": "Resellers"})["label"] == "Resellers"
    assert [each["id"] for each in portal.done("GET", DEALS)["results"]] == ["default", "partners"]
    assert [each["action"] for each in portal.done("GET", f"{DEALS}/partners/audit")["results"]] == ["UPDATE", "CREATE"]
    assert portal.ask("DELETE", f"{DEALS}/partners").status_code == 204
    assert portal.ask("GET", f"{DEALS}/partners").status_code == 404


def test_a_stage_is_archived_and_its_id_is_free_again(portal: Portal) -> None:
    portal.done("POST", DEALS, PARTNERS)
    assert portal.ask("DELETE", f"{DEALS}/partners/stages/held").status_code == 204
    assert portal.done("GET", f"{DEALS}/partners/stages")["results"] == []
    assert portal.done("POST", f"{DEALS}/partners/stages", STAGE)["id"] == "held"


@pytest.mark.parametrize("path", [f"{DEALS}/partners", f"{DEALS}/partners/stages/held"])
def test_what_a_record_stands_in_is_not_archived_where_that_is_looked_at(portal: Portal, path: str) -> None:
    portal.done("POST", DEALS, PARTNERS)
    made(portal, "deals", dealname="Buyer", pipeline="partners", dealstage="held")
    asked = portal.ask("DELETE", f"{path}?validateReferencesBeforeDelete=true")
    assert (asked.status_code, asked.get_json()["subCategory"]) == (400, "PipelineError.STAGE_ID_IN_USE")
    later = portal.ask("DELETE", path.replace("/crm/v3/pipelines", "/crm/pipelines/2026-09"))
    assert later.get_json()["subCategory"] == "PipelineError.STAGE_ID_IN_USE"
    assert "does not implement" in portal.ask("DELETE", path).get_json()["message"]
    assert portal.done("GET", f"{DEALS}/partners")["stages"]


@pytest.mark.parametrize(
    ("path", "change", "status"),
    [
        (DEALS, {"label": "Sales Pipeline"}, 400),
        (DEALS, {"pipelineId": "default"}, 409),
        (DEALS, {"stages": [STAGE | {"stageId": "closedwon"}]}, 409),
        (DEALS, {"stages": [STAGE | {"metadata": {}}]}, 400),
        (DEALS, {"colour": "red"}, 400),
        ("/crm/v3/pipelines/contacts", {}, 400),
    ],
)
def test_a_wrong_pipeline_is_refused_and_leaves_nothing(
    portal: Portal, path: str, change: dict[str, Any], status: int
) -> None:
    assert portal.ask("POST", path, PARTNERS | change).status_code == status
    assert [each["id"] for each in portal.done("GET", DEALS)["results"]] == ["default"]


def test_an_edition_has_so_many_pipelines_and_the_first_one_stays(portal: Portal) -> None:
    (portal.data / "switches.json").write_text(json.dumps({"tier": "free"}), encoding="utf-8")
    refused = portal.ask("POST", DEALS, PARTNERS)
    assert (refused.status_code, "at most 0 pipelines" in refused.get_json()["message"]) == (400, True)
    assert portal.ask("DELETE", f"{DEALS}/default").status_code == 400
