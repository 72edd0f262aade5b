"""Drives the served HubSpot simulator with both official clients: what they create, read, change, find and archive.

    python -m tests.connectors.hubspot.typed_clients PYTHON_WITH_HUBSPOT_SDK

hubspot-api-client is one of our own dependencies and speaks the old paths; hubspot-sdk speaks those of 2026-03, and
lives in an environment of its own (`typed_sdk.py` runs there). Prints what was done, and exits with 1 where an answer is
not what was written.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hubspot import HubSpot

from sla_sync.connector.simulation import Running, serve
from sla_sync_hubspot.simulator import simulator
from tests.connectors.hubspot import typed_sdk
from tests.connectors.hubspot.typed_sdk import GROUP, ROOT, same

START = datetime(2026, 10, 5, 9, tzinfo=UTC)
FIT = {"name": "typed_fit", "label": "Fit", "groupName": "typed", "type": "number", "fieldType": "number"}


def properties(client: Any) -> None:
    """Create, read, change, list and archive a group and properties."""
    api = client.crm.properties
    same(api.groups_api.create("contacts", property_group_create=GROUP).name, "typed")
    same(api.groups_api.update("contacts", "typed", property_group_update={"label": "Typed too"}).label, "Typed too")
    same("typed" in {each.name for each in api.groups_api.get_all("contacts").results}, True)
    same(api.core_api.create("contacts", property_create=FIT).field_type, "number")
    same(api.core_api.update("contacts", "typed_fit", property_update={"label": "Fitness"}).label, "Fitness")
    same(api.core_api.get_by_name("contacts", "typed_fit").label, "Fitness")
    more = [{**FIT, "name": "typed_a", "label": "A"}, {**FIT, "name": "typed_b", "label": "B"}]
    same(len(api.batch_api.create("contacts", batch_input_property_create={"inputs": more}).results), 2)
    asked = {"inputs": [{"name": "typed_a"}], "archived": False}
    same(api.batch_api.read("contacts", batch_read_input_property_name=asked).results[0].label, "A")
    api.batch_api.archive("contacts", batch_input_property_name={"inputs": [{"name": "typed_a"}]})
    api.core_api.archive("contacts", "typed_b")
    names = {each.name for each in api.core_api.get_all("contacts", archived=False).results}
    same(names & {"typed_fit", "typed_a", "typed_b"}, {"typed_fit"})


def lists(client: Any) -> None:
    """Create, read, change, find, archive and restore a list."""
    api = client.crm.lists.lists_api
    body = {"name": "Typed", "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": ROOT}
    made = api.create(list_create_request=body).list.list_id
    same(api.get_by_id(made, include_filters=True).list.name, "Typed")
    same(api.get_by_name("Typed", "0-1").list.list_id, made)
    same(api.get_all(list_ids=[made]).lists[0].list_id, made)
    search = {"query": "Typed", "offset": 0, "additionalProperties": []}
    same(api.do_search(list_search_request=search).lists[0].list_id, made)
    same(api.update_name(made, list_name="Typed too").updated_list.name, "Typed too")
    changed = api.update_list_filters(made, list_filter_update_request={"filterBranch": ROOT})
    same(changed.updated_list.list_id, made)
    api.remove(made)
    api.restore(made)
    same(api.get_by_id(made).list.name, "Typed too")


def pipelines(client: Any) -> None:
    """Create, read, change and archive pipelines of deals and their stages."""
    whole = client.crm.pipelines.pipelines_api
    same(whole.get_all("deals").results[0].id, "default")
    own = whole.create("deals", pipeline_input={"label": "Typed", "displayOrder": 1, "stages": []}).id
    same(whole.update("deals", own, pipeline_patch_input={"label": "Typed too"}).label, "Typed too")
    same(whole.get_by_id("deals", own).label, "Typed too")
    whole.archive("deals", own)
    api = client.crm.pipelines.pipeline_stages_api
    stage = {"label": "Typed", "displayOrder": 9, "metadata": {"probability": "0.5"}}
    made = api.create("deals", "default", pipeline_stage_input=stage).id
    patch = {"label": "Typed too", "metadata": {"probability": "0.6"}}
    same(api.update("deals", "default", made, pipeline_stage_patch_input=patch).label, "Typed too")
    same(made in {each.id for each in api.get_all("deals", "default").results}, True)
    api.archive("deals", "default", made)
    same(made in {each.id for each in api.get_all("deals", "default").results}, False)
    same(bool(client.crm.pipelines.pipeline_audits_api.get_audit("deals", "default").results), True)


def owners(client: Any) -> None:
    """Read owners page by page, one by one, and the teams."""
    found = client.crm.owners.owners_api.get_page(limit=2)
    same(len(found.results), 2)
    same(client.crm.owners.owners_api.get_by_id(found.results[0].id).email, found.results[0].email)
    same(len(client.crm.owners.owners_api.get_page(limit=2, after=found.paging.next.after).results), 2)
    same(bool(client.settings.users.teams_api.get_all().results), True)


def contacts(client: Any, running: Running) -> None:
    """Create, read, change, find and archive contacts, one and many."""
    api = client.crm.contacts
    one = api.basic_api.create({"properties": {"email": "a@typed.example", "typed_fit": "60"}}).id
    same(api.basic_api.update(one, {"properties": {"typed_fit": "70"}}).properties["typed_fit"], "70")
    more = [{"properties": {"email": f"{name}@typed.example", "typed_fit": "10"}} for name in "bc"]
    made = [each.id for each in api.batch_api.create({"inputs": more}).results]
    api.batch_api.update({"inputs": [{"id": each, "properties": {"typed_fit": "80"}} for each in made]})
    asked = {"inputs": [{"id": each} for each in made], "properties": ["typed_fit"], "propertiesWithHistory": []}
    same({each.properties["typed_fit"] for each in api.batch_api.read(asked).results}, {"80"})
    running.run_until(running.now + timedelta(seconds=2))  # a search sees what was written a second ago
    search = {
        "filterGroups": [{"filters": [{"propertyName": "typed_fit", "operator": "GTE", "value": "70"}]}],
        "sorts": [{"propertyName": "typed_fit", "direction": "ASCENDING"}], "properties": ["typed_fit"], "limit": 10,
    }  # fmt: skip
    same([each.id for each in api.search_api.do_search(search).results], [one, *made])
    api.basic_api.archive(one)
    api.batch_api.archive({"inputs": [{"id": each} for each in made]})
    same([each.id for each in api.basic_api.get_page(limit=10).results], [])


def drive(running: Running) -> None:
    """Let hubspot-api-client do all of it."""
    client: Any = HubSpot(access_token=running.token, host=running.url)
    for act in (properties, lists, pipelines, owners):
        act(client)
        print(f"  hubspot-api-client: {act.__doc__}")
    contacts(client, running)
    print(f"  hubspot-api-client: {contacts.__doc__}")


def main(python: str) -> None:
    """Serve a portal to each client."""
    with tempfile.TemporaryDirectory() as scratch:
        with serve(simulator, Path(scratch) / "old", clock=START) as running:
            drive(running)
            print(f"{running.requests} requests on the old paths.\n")
        with serve(simulator, Path(scratch) / "dated", clock=START) as running:
            environment = {**os.environ, "HUBSPOT_BASE_URL": running.url, "HUBSPOT_ACCESS_TOKEN": running.token}
            done = subprocess.run([python, typed_sdk.__file__], env=environment, check=False)
            if done.returncode:
                sys.exit(done.returncode)
            paths = Counter("2026-03" in path for _, path in running.calls)
            print(f"{paths[True]} requests on the paths of 2026-03, {paths[False]} on others.")


if __name__ == "__main__":
    main(sys.argv[1])
