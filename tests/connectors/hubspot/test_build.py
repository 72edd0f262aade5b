"""What `build` writes can be sent, request by request, and leaves the portal as `apply` would have."""

import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from sla_sync.connector import Action, Change, Consequence, Manifest, Reason, Snapshot
from sla_sync.reconcile.manifest import next_manifest
from sla_sync_hubspot.build import build_json
from sla_sync_hubspot.paths import PATHS, Api
from sla_sync_hubspot.types import TYPES
from tests.connectors.hubspot.stories import Portal, stamped

PLACEHOLDER = re.compile(r"\{\{ list id of (.+?) \}\}")


@cache
def manifest() -> Manifest:
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each)
        for each in stamped().desired
    ]
    return next_manifest(None, stamped().desired, made, Snapshot({}), TYPES, agreement_digest="digest")


@cache
def built() -> Mapping[str, bytes]:
    return build_json(stamped(), manifest())


def requests() -> list[dict[str, Any]]:
    return [json.loads(content) for name, content in sorted(built().items()) if name.endswith(".json")]


def test_files_are_numbered_in_the_order_of_sending() -> None:
    numbers = [int(name.split("-")[0]) for name in built() if name != "README.md"]
    assert numbers == list(range(1, len(numbers) + 1))


def test_the_same_agreement_gives_the_same_files() -> None:
    assert build_json(stamped(), manifest()) == built()


def test_the_readme_lists_every_manual_step() -> None:
    readme = built()["README.md"].decode()
    assert all(gap.advice in readme for gap in stamped().gaps)


def test_an_id_that_only_the_portal_knows_is_a_placeholder_for_an_earlier_list() -> None:
    created: set[str] = set()
    found = 0
    for each in requests():
        for name in PLACEHOLDER.findall(json.dumps(each)):
            found += 1
            assert name in created
        if each["path"] == "/crm/v3/lists":
            created.add(each["body"]["name"])
    assert found == 1


def test_sending_the_files_leaves_nothing_to_change_and_drift_has_its_manifest(served: Portal) -> None:
    client = served.client()
    ids: dict[str, str] = {}
    for each in requests():
        text = PLACEHOLDER.sub(lambda found: ids[found[1]], json.dumps(each["body"]))
        body = json.loads(text)
        if "replaces the whole list" in each.get("note", ""):
            there = client.call("GET", Api.PROPERTIES, "/contacts/hs_lead_status")["options"]
            body = {"options": [*there, *body["options"]]}
        api, path = next(
            (api, each["path"].removeprefix(root)) for api, root in PATHS.items() if each["path"].startswith(root)
        )
        answer = client.call(each["method"], api, path, body=body)
        if api is Api.LISTS:
            ids[answer["list"]["name"]] = answer["list"]["listId"]
    assert served.changes(stamped()) == ()
    assert served.read(stamped())[1] == manifest()
