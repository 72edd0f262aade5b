"""A request works on a draft: what it changes leaves the state before it as it was, and the file says what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sla_sync_hubspot.simulator.state import copied
from tests.connectors.hubspot.simulator.portal import (
    CHOICE,
    CONTACTS,
    FITS,
    FLOWS,
    GROUP,
    LIST,
    LISTS,
    NUMBER,
    STAGES,
    Portal,
    branch,
    in_list,
    sendable,
    settled_flow,
)

STAGE = {"stageId": "handover", "label": "Handover", "displayOrder": 3, "metadata": {"probability": "0.5"}}
LIFECYCLE = "/crm/v3/pipelines/contacts/contacts-lifecycle-pipeline/stages"
OPTIONS = [{"label": "New", "value": "new", "displayOrder": 0, "hidden": False}]


def settings(state: dict[str, Any]) -> str:
    """Return a state as text, without what a request counts and when."""
    return json.dumps({key: value for key, value in state.items() if key not in ("requests", "today", "clock")})


def changes(portal: Portal, list_id: str) -> Iterator[tuple[str, str, Any]]:
    """Return requests that change settings of every kind, each as soon as what it needs is there."""
    yield "POST", f"{CONTACTS}/groups", GROUP | {"name": "more"}
    yield "PATCH", f"{CONTACTS}/groups/more", {"label": "More"}
    yield "DELETE", f"{CONTACTS}/groups/more", None
    yield "POST", CONTACTS, NUMBER | {"name": "sla_more"}
    yield "PATCH", f"{CONTACTS}/sla_more", {"label": "More"}
    yield "PATCH", f"{CONTACTS}/sla_reason", {"options": CHOICE["options"][:1]}
    yield "PATCH", f"{CONTACTS}/hs_lead_status", {"options": OPTIONS}
    yield "DELETE", f"{CONTACTS}/sla_more", None
    yield "POST", CONTACTS, NUMBER | {"name": "sla_more"}
    yield "POST", f"{CONTACTS}/batch/archive", {"inputs": [{"name": "sla_more"}]}
    yield "POST", f"{CONTACTS}/batch/create", {"inputs": [NUMBER | {"name": "sla_more"}, NUMBER]}
    yield "PUT", "/crm/v3/property-validations/0-1/sla_more/rule-type/MAX_NUMBER", {"ruleArguments": ["100"]}
    other = {key: value for key, value in LIST.items() if key != "name"} | {"name": "SLA | Other"}
    yield "POST", LISTS, other
    made = str(int(list_id) + 1)
    yield "PUT", f"{LISTS}/{made}/update-list-filters", {"filterBranch": branch(FITS, in_list(list_id))}
    yield "PUT", f"{LISTS}/{made}/update-list-name?listName=Another", None
    yield "DELETE", f"{LISTS}/{made}", None
    yield "PUT", f"{LISTS}/{made}/restore", None
    flow = settled_flow(portal, list_id)
    yield "PUT", f"{FLOWS}/{flow['id']}", sendable(flow) | {"name": "SLA | Another"}
    yield "DELETE", f"{FLOWS}/{flow['id']}", None
    yield "POST", STAGES, STAGE
    yield "PATCH", f"{STAGES}/handover", {"label": "Handed over"}
    yield "DELETE", f"{STAGES}/handover", None
    yield "POST", LIFECYCLE, {"label": "Recycled", "displayOrder": 9, "metadata": {}}
    stages = portal.done("GET", LIFECYCLE)["results"]
    yield "PATCH", f"{LIFECYCLE}/{stages[-1]['id']}", {"label": "Back again"}


def test_what_a_request_changes_leaves_the_state_before_it_as_it_was(furnished: tuple[Portal, str]) -> None:
    portal, list_id = furnished
    (portal.data / "switches.json").write_text('{"burst_limit": 1000}')
    for method, path, body in changes(portal, list_id):
        before = portal.application.portal.state
        text = settings(before)
        portal.done(method, path, body)
        after = portal.application.portal.state
        assert settings(before) == text, (method, path)
        assert settings(after) != text, (method, path)
        assert settings(json.loads((portal.data / "state.json").read_text())) == settings(after), (method, path)


@pytest.mark.parametrize("whole", [False, True])
def test_only_a_whole_draft_has_definitions_of_its_own(furnished: tuple[Portal, str], whole: bool) -> None:
    portal, list_id = furnished
    state = portal.application.portal.state
    draft = copied(state, whole=whole)
    assert draft == state
    assert draft["lists"] is not state["lists"]
    assert (draft["lists"][list_id] is state["lists"][list_id]) is not whole
    assert (draft["properties"]["0-1"]["sla_fit"] is state["properties"]["0-1"]["sla_fit"]) is not whole
    assert draft["pipelines"]["0-3"][0] is not state["pipelines"]["0-3"][0]
