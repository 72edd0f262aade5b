from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from hubspot import HubSpot
from hubspot.crm.lists import ApiException as ListsApiException
from hubspot.crm.properties import ApiException as PropertiesApiException

from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Cut
from sla_sync_hubspot.simulator import simulator
from tests.connectors.hubspot.simulator.portal import CLOCK, GROUP, LIST, LISTS, NUMBER, Portal, flow, furnish


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with serve(simulator, tmp_path, clock=CLOCK) as served:
        yield served


@pytest.fixture
def client(running: Running) -> Any:
    return HubSpot(access_token=running.token, host=running.url)


def ask(running: Running, method: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {running.token}"}
    answer = requests.request(method, running.url + path, json=body, headers=headers, timeout=10)
    answer.raise_for_status()
    return answer.json()


def served_portal(running: Running) -> Portal:
    application: Any = running.application
    return Portal(application, application._data)


def test_the_official_client_manages_groups_and_properties(client: Any) -> None:
    properties = client.crm.properties
    properties.groups_api.create("contacts", property_group_create=GROUP)
    assert properties.groups_api.get_by_name("contacts", "sla_sync").label == "SLA"
    created = properties.core_api.create("contacts", property_create=NUMBER)
    assert (created.name, created.field_type) == ("sla_fit", "number")
    assert created.modification_metadata.archivable is True
    changed = properties.core_api.update("contacts", "sla_fit", property_update={"label": "Fitness"})
    assert changed.label == "Fitness"
    more = [NUMBER | {"name": "sla_a"}, NUMBER | {"name": "sla_b"}]
    assert len(properties.batch_api.create("contacts", batch_input_property_create={"inputs": more}).results) == 2
    asked = {"inputs": [{"name": "sla_a"}], "archived": False}
    assert properties.batch_api.read("contacts", batch_read_input_property_name=asked).results[0].name == "sla_a"
    properties.batch_api.archive("contacts", batch_input_property_name={"inputs": [{"name": "sla_b"}]})
    properties.core_api.archive("contacts", "sla_a")
    names = [each.name for each in properties.core_api.get_all("contacts", archived=False).results]
    assert "sla_fit" in names
    assert "sla_a" not in names
    with pytest.raises(PropertiesApiException) as refused:
        properties.core_api.create("contacts", property_create=NUMBER)
    assert refused.value.status == 409


def test_the_official_client_manages_lists(client: Any, running: Running) -> None:
    list_id = furnish(served_portal(running))
    lists = client.crm.lists.lists_api
    assert lists.get_by_id(list_id, include_filters=True).list.name == "SLA | Hot"
    assert lists.get_by_name("SLA | Hot", "0-1").list.list_id == list_id
    assert lists.get_all(list_ids=[list_id], include_filters=True).lists[0].list_version == 1
    assert lists.do_search(list_search_request={"query": "SLA", "offset": 0, "additionalProperties": []}).total == 1
    other = lists.create(list_create_request=LIST | {"name": "SLA | Other"}).list.list_id
    updated = lists.update_list_filters(other, list_filter_update_request={"filterBranch": LIST["filterBranch"]})
    assert updated.updated_list.list_version == 2
    assert lists.update_name(other, list_name="SLA | Renamed").updated_list.name == "SLA | Renamed"
    lists.remove(other)
    lists.restore(other)
    with pytest.raises(ListsApiException) as refused:
        lists.create(list_create_request=LIST)
    assert refused.value.status == 400


def test_the_official_client_reads_pipelines_owners_and_teams(client: Any) -> None:
    assert client.crm.pipelines.pipelines_api.get_all("deals").results[0].id == "default"
    stage = {"label": "Handover", "displayOrder": 9, "metadata": {"probability": "0.5"}}
    made = client.crm.pipelines.pipeline_stages_api.create("deals", "default", pipeline_stage_input=stage)
    patch = {"label": "Handed over"}
    changed = client.crm.pipelines.pipeline_stages_api.update(
        "deals", "default", made.id, pipeline_stage_patch_input=patch
    )
    assert changed.label == "Handed over"
    assert client.crm.pipelines.pipeline_audits_api.get_audit("deals", "default").results
    assert len(client.crm.owners.owners_api.get_page(limit=4).results) == 4
    assert [each.name for each in client.settings.users.teams_api.get_all().results] == ["sdr", "mid_market", "reps"]


def test_an_administrator_makes_two_changes_that_bear_a_name(running: Running) -> None:
    list_id = furnish(served_portal(running))
    workflow = ask(running, "POST", "/automation/v4/flows", flow(list_id, isEnabled=True))["id"]
    ask(running, "GET", f"/automation/v4/flows/{workflow}")
    done = simulator.administer(running)
    assert done == [
        "Switched off the workflow 'SLA | Stamp'.",
        "Changed the number that the segment 'SLA | Hot' compares sla_fit with from 60 to 50.",
    ]
    assert ask(running, "GET", f"/automation/v4/flows/{workflow}")["isEnabled"] is False
    found = ask(running, "GET", f"{LISTS}/{list_id}?includeFilters=true")["list"]
    assert found["filterBranch"]["filterBranches"][0]["filters"][0]["operation"]["value"] == 50
    assert found["updatedById"] == "9000001"


def test_an_administrator_without_a_workflow_changes_a_label(running: Running) -> None:
    furnish(served_portal(running))
    done = simulator.administer(running)
    assert (
        done[1]
        == "Changed the label of the contact property sla_at from 'Qualified at' to 'Qualified at (do not use)'."
    )
    changed = ask(running, "GET", "/crm/v3/properties/contacts/sla_at")
    assert changed["updatedUserId"] == "9000001"


def test_an_administrator_of_an_empty_portal_does_nothing(running: Running) -> None:
    assert list(simulator.administer(running)) == []
    assert running.application.state_changes == 0


def test_a_connection_cut_after_the_commit_leaves_the_change(running: Running) -> None:
    running.trouble = Cut(running.requests + 1, before=False)
    with pytest.raises(requests.ConnectionError):
        ask(running, "POST", "/crm/v3/properties/contacts/groups", GROUP)
    running.trouble = None
    assert ask(running, "GET", "/crm/v3/properties/contacts/groups/sla_sync")["label"] == "SLA"


def test_it_listens_on_loopback_only(running: Running) -> None:
    host = running.url.removeprefix("http://").partition(":")[0]
    assert socket.gethostbyname(host) == "127.0.0.1"
