"""Drives a served HubSpot simulator with hubspot-sdk; run by `typed_clients.py` in an environment that has it.

Where the portal listens and the token are in HUBSPOT_BASE_URL and HUBSPOT_ACCESS_TOKEN. Imports nothing of this project;
`typed_clients.py` takes from here what both clients write.
"""

from __future__ import annotations

import os
import sys
from typing import Any

GROUP = {"name": "typed", "label": "Typed"}
FIT = {"name": "typed_fit", "label": "Fit", "group_name": "typed", "type": "number", "field_type": "number"}
FITS = {
    "filterType": "PROPERTY", "property": "typed_fit",
    "operation": {"operationType": "NUMBER", "operator": "IS_GREATER_THAN", "value": 50,
                  "includeObjectsWithNoValueSet": False},
}  # fmt: skip
ROOT = {
    "filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [],
    "filterBranches": [
        {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": [FITS]}
    ],
}  # fmt: skip


def same(found: object, wanted: object) -> None:
    """Exit where an answer is not what it must be."""
    if found != wanted:
        sys.exit(f"The simulator answered {found!r} where {wanted!r} was written.")


def properties(client: Any) -> None:
    """Create, read, change, list and archive a group and properties."""
    api = client.crm.properties
    same(api.groups.create("contacts", **GROUP).name, "typed")
    same(api.groups.update("typed", object_type="contacts", label="Typed too").label, "Typed too")
    same("typed" in {each.name for each in api.groups.list("contacts").results}, True)
    same(api.create("contacts", **FIT).field_type, "number")
    same(api.update("typed_fit", object_type="contacts", label="Fitness").label, "Fitness")
    same(api.get("typed_fit", object_type="contacts").label, "Fitness")
    more = [{**FIT, "name": "typed_a", "label": "A"}, {**FIT, "name": "typed_b", "label": "B"}]
    same(len(api.batch.create("contacts", inputs=more).results), 2)
    asked = {"inputs": [{"name": "typed_a"}], "archived": False, "data_sensitivity": "non_sensitive"}
    same(api.batch.get("contacts", **asked).results[0].label, "A")
    api.batch.delete("contacts", inputs=[{"name": "typed_a"}])
    api.delete("typed_b", object_type="contacts")
    names = {each.name for each in api.list("contacts").results}
    same(names & {"typed_fit", "typed_a", "typed_b"}, {"typed_fit"})


def lists(client: Any) -> None:
    """Create, read, change, find, archive and restore a list."""
    api = client.crm.lists
    body = {"name": "Typed", "object_type_id": "0-1", "processing_type": "DYNAMIC", "filter_branch": ROOT}
    # 0.1.0a9 leaves a list in an answer as it came, and not as its own type; `to_dict` is the same for both.
    made = api.create(**body).to_dict(warnings=False)["list"]["listId"]
    same(api.get(made, include_filters=True).to_dict(warnings=False)["list"]["name"], "Typed")
    same(api.get_by_object_type_and_name("Typed", object_type_id="0-1").to_dict(warnings=False)["list"]["listId"], made)
    same([each["listId"] for each in api.list(list_ids=[made]).to_dict(warnings=False)["lists"]], [made])
    found = api.list_by_search(query="Typed", offset=0, list_ids=[], processing_types=[])
    same([each["listId"] for each in found.to_dict(warnings=False)["lists"]], [made])
    same(api.update_list_name(made, list_name="Typed too").to_dict(warnings=False)["updatedList"]["name"], "Typed too")
    same(api.update_list_filters(made, filter_branch=ROOT).to_dict(warnings=False)["updatedList"]["listId"], made)
    api.delete(made)
    api.restore(made)
    same(api.get(made).to_dict(warnings=False)["list"]["name"], "Typed too")


def pipelines(client: Any) -> None:
    """Create, read, change and archive pipelines of deals and their stages."""
    api = client.crm.pipelines
    same(api.list("deals").results[0].id, "default")
    own = api.create("deals", label="Typed", display_order=1, stages=[]).id
    same(api.update(own, object_type="deals", label="Typed too").label, "Typed too")
    same(api.get(own, object_type="deals").label, "Typed too")
    api.delete(own, object_type="deals")
    stage = {"label": "Typed", "display_order": 9, "metadata": {"probability": "0.5"}}
    made = api.create_stage("default", object_type="deals", **stage).id
    patch = {"label": "Typed too", "metadata": {"probability": "0.6"}}
    same(api.update_stage(made, object_type="deals", pipeline_id="default", **patch).label, "Typed too")
    same(api.get_stage(made, object_type="deals", pipeline_id="default").label, "Typed too")
    same(made in {each.id for each in api.list_stages("default", object_type="deals").results}, True)
    api.delete_stage(made, object_type="deals", pipeline_id="default")
    same(made in {each.id for each in api.list_stages("default", object_type="deals").results}, False)


def owners(client: Any) -> None:
    """Read owners page by page, one by one."""
    page = client.crm.owners.list(limit=2)
    same(len(page.results), 2)
    same(client.crm.owners.get(int(page.results[0].id)).email, page.results[0].email)
    same(len(list(client.crm.owners.list(limit=2))) > len(page.results), True)


def contacts(client: Any) -> None:
    """Create, read, change, find and archive contacts, one and many."""
    api = client.crm.objects.contacts
    one = api.create(associations=[], properties={"email": "a@typed.example", "typed_fit": "60"}).id
    same(api.update(one, properties={"typed_fit": "70"}).properties["typed_fit"], "70")
    same(api.get(one, properties=["typed_fit"]).properties["typed_fit"], "70")
    more = [{"associations": [], "properties": {"email": f"{name}@typed.example", "typed_fit": "10"}} for name in "bc"]
    made = [each.id for each in api.batch.create(inputs=more).results]
    api.batch.update(inputs=[{"id": each, "properties": {"typed_fit": "80"}} for each in made])
    asked = {"properties": ["typed_fit"], "properties_with_history": []}
    read = api.batch.get(inputs=[{"id": each} for each in made], **asked)
    same({each.properties["typed_fit"] for each in read.results}, {"80"})
    search = {
        "filter_groups": [{"filters": [{"propertyName": "typed_fit", "operator": "GTE", "value": "70"}]}],
        "sorts": ["typed_fit"], "properties": ["typed_fit"], "limit": 10, "after": "0",
    }  # fmt: skip
    same(found_by(api, search, 3), [one, *made])
    api.delete(one)
    api.batch.delete(inputs=[{"id": each} for each in made])
    same([each.id for each in api.list(limit=10).results], [])


def found_by(api: Any, search: dict[str, Any], wanted: int) -> list[str]:
    """Return what a search finds; asked again where the index lags behind the writes, as it does on the portal."""
    for _ in range(20):  # the sixth in a second is refused, and the client waits as it is told
        found = [each.id for each in api.search(**search).results]
        if len(found) == wanted:
            break
    return found


def main() -> None:
    """Let hubspot-sdk do all of it."""
    from hubspot_sdk import HubSpot, __version__  # type: ignore[import-not-found]

    client = HubSpot(access_token=os.environ["HUBSPOT_ACCESS_TOKEN"])
    for act in (properties, lists, pipelines, owners, contacts):
        act(client)
        print(f"  hubspot-sdk {__version__}: {act.__doc__}", flush=True)


if __name__ == "__main__":
    main()
