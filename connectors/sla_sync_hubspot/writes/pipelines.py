"""Writing the pipeline of leads: created whole, its stages changed one by one, so that what others added or required stays.

A PUT of a pipeline would replace its stages and lose what a stage requires (hubspot-api-php, issue 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sla_sync.connector import Address, Desired
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.names import OBJECT_TYPE_IDS, split_key
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PIPELINE, TYPES
from sla_sync_hubspot.writes.desk import Craft, Desk, Found, Json

_BEHIND = 1
"""Where our pipeline stands among those of the object: behind the portal's own, in which new records begin."""
_LOOK_FIRST = [("validateReferencesBeforeDelete", "true")]
"""HubSpot, "Pipelines": a pipeline in which records stand is not deleted then."""


def _path(address: Address) -> str:
    owner, identifier = split_key(address.key)
    return f"/{OBJECT_TYPE_IDS[owner]}/{segment_of(identifier)}"


def _find(desk: Desk, address: Address) -> Found | None:
    raw = catalogue.pipeline_at(desk.client, _path(address))
    return Found(raw, ours=True, handle=str(raw["id"])) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    owner, identifier = split_key(desired.address.key)
    said = desk.body(desired.values)
    stages = [_with_metadata(each) for each in said["stages"]]
    body = {"pipelineId": identifier, "label": said["label"], "displayOrder": _BEHIND, "stages": stages}
    return str(desk.client.call("POST", Api.PIPELINES, f"/{OBJECT_TYPE_IDS[owner]}", body=body)["id"])


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    path, said = _path(desired.address), desk.body(desired.values)
    if found.raw.get("label") != said["label"]:
        desk.client.call("PATCH", Api.PIPELINES, path, body={"label": said["label"]})
    there: dict[str, Mapping[str, Any]] = {str(each["id"]): each for each in found.raw.get("stages", ())}
    for each in said["stages"]:
        before = there.get(each["stageId"])
        wanted = {key: value for key, value in each.items() if key != "stageId"}
        if before is None:
            desk.client.call("POST", Api.PIPELINES, f"{path}/stages", body=_with_metadata(each))
        elif any(before.get(key) != value for key, value in wanted.items()):
            desk.client.call("PATCH", Api.PIPELINES, f"{path}/stages/{segment_of(each['stageId'])}", body=wanted)
    return found.handle


def _with_metadata(stage: Mapping[str, Any]) -> Json:
    # Inferred: a stage of leads takes an empty `metadata`; the specification requires the member and names no key of it.
    return {**stage, "metadata": {}}


def _delete(desk: Desk, address: Address, _found: Found) -> None:
    desk.client.call("DELETE", Api.PIPELINES, _path(address), query=_LOOK_FIRST)


PIPELINES = Craft(TYPES[PIPELINE], _find, _create, _update, _delete)
