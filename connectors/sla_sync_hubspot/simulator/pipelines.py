"""Pipelines and their stages: read, and create or change a stage."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, Answer, Call
from sla_sync_hubspot.simulator.limits import STAGES_PER_LEAD_PIPELINE, STAGES_PER_PIPELINE
from sla_sync_hubspot.simulator.object_types import CONTACT, DEAL, LEAD, TICKET
from sla_sync_hubspot.simulator.refusals import (
    BAD_REQUEST,
    CONFLICT,
    Json,
    RefusalError,
    invalid,
    not_found,
)
from sla_sync_hubspot.simulator.stock import LIFECYCLE_PIPELINE, PORTAL_ID
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock

_METADATA = shapes.map_of(shapes.text)
_CREATION = shapes.record(
    {"label": shapes.filled, "displayOrder": shapes.integer, "metadata": _METADATA}, {"stageId": shapes.filled}
)
_CHANGE = shapes.record(
    {}, {"label": shapes.filled, "displayOrder": shapes.integer, "metadata": _METADATA, "archived": shapes.boolean}
)
_PROBABILITIES = tuple(f"{tenth / 10:.1f}" for tenth in range(11))
_STATES = ("OPEN", "CLOSED")


def list_pipelines(call: Call) -> Answer:
    """Answer every pipeline of an object type."""
    return Answer(body={"results": _pipelines(call)})


def read_pipeline(call: Call) -> Answer:
    """Answer one pipeline with its stages."""
    return Answer(body=_pipeline(call))


def read_audit(call: Call) -> Answer:
    """Answer every change of a pipeline, newest first."""
    pipeline = _pipeline(call)
    return Answer(body={"results": list(reversed(call.state["pipeline_audit"].get(pipeline["id"], [])))})


def list_stages(call: Call) -> Answer:
    """Answer the stages of a pipeline."""
    return Answer(body={"results": _pipeline(call)["stages"]})


def read_stage(call: Call) -> Answer:
    """Answer one stage."""
    return Answer(body=_stage(call, _pipeline(call)))


def create_stage(call: Call) -> Answer:
    """Create a stage. For the lifecycle of contacts this is not documented, but portals did it.

    There the stage is an option of `lifecyclestage` too, with a number for its value, and gets its own stamp.
    """
    _CREATION(call.body, "")
    pipeline = _pipeline(call)
    object_id = call.object_type.identifier
    limit = STAGES_PER_LEAD_PIPELINE if object_id == LEAD.identifier else STAGES_PER_PIPELINE
    if len(pipeline["stages"]) >= limit:
        raise RefusalError(BAD_REQUEST, f"A pipeline of {call.object_type.plural} has at most {limit} stages")
    identifier = call.body.get("stageId") or call.next_id("stage")
    if any(identifier == stage["id"] for each in _all_pipelines(call) for stage in each["stages"]):
        raise RefusalError(
            CONFLICT,
            f"The stage id {identifier!r} is already in use",
            sub_category="PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
        )
    _check_label(pipeline, call.body["label"], besides=None)
    created = {
        "id": identifier,
        "label": call.body["label"],
        "displayOrder": call.body["displayOrder"],
        "metadata": _checked_metadata(object_id, call.body["metadata"]),
        "archived": False,
        "createdAt": call.stamp,
        "updatedAt": call.stamp,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }
    pipeline["stages"].append(created)
    if pipeline["id"] == LIFECYCLE_PIPELINE:
        _add_lifecycle_option(call, created)
    _record(call, pipeline, "CREATE", created)
    return Answer(CREATED, created)


def change_stage(call: Call) -> Answer:
    """Change what the body names of a stage."""
    _CHANGE(call.body, "")
    pipeline = _pipeline(call)
    found = _stage(call, pipeline)
    named = {key: value for key, value in call.body.items() if value is not None}
    if "label" in named:
        _check_label(pipeline, named["label"], besides=found["id"])
    if "metadata" in named:
        named["metadata"] = _checked_metadata(call.object_type.identifier, found["metadata"] | named["metadata"])
    found.update(named | {"updatedAt": call.stamp})
    _record(call, pipeline, "UPDATE", found)
    return Answer(body=found)


def _all_pipelines(call: Call) -> list[Json]:
    return [each for pipelines in call.state["pipelines"].values() for each in pipelines]


def _pipelines(call: Call) -> list[Json]:
    found: list[Json] = call.state["pipelines"].get(call.object_type.identifier, [])
    return found


def _pipeline(call: Call) -> Json:
    for each in _pipelines(call):
        if each["id"] == call.path["pipeline_id"]:
            return each
    raise not_found(f"Pipeline {call.path['pipeline_id']} does not exist", pipelineId=call.path["pipeline_id"])


def _stage(call: Call, pipeline: Json) -> Json:
    for each in pipeline["stages"]:
        if each["id"] == call.path["stage_id"]:
            found: Json = each
            return found
    raise not_found(f"Stage {call.path['stage_id']} does not exist", stageId=call.path["stage_id"])


def _check_label(pipeline: Json, label: str, *, besides: str | None) -> None:
    if any(each["label"] == label and each["id"] != besides for each in pipeline["stages"]):
        raise invalid(f"Another stage of pipeline {pipeline['id']} has the label {label!r}", where="label")


def _checked_metadata(object_id: str, metadata: Json) -> Json:
    check = _METADATA_RULES.get(object_id)
    return check(metadata) if check else metadata


def _deal_metadata(metadata: Json) -> Json:
    if "probability" not in metadata:
        raise invalid("A stage of a deal pipeline needs metadata.probability", where="metadata.probability")
    shapes.one_of(_PROBABILITIES)(metadata["probability"], "metadata.probability")
    return {"isClosed": "false"} | metadata


def _ticket_metadata(metadata: Json) -> Json:
    state = metadata.get("ticketState", "OPEN")
    shapes.one_of(_STATES)(state, "metadata.ticketState")
    return {"isClosed": str(state == "CLOSED").lower(), "ticketState": state} | metadata


def _contact_metadata(metadata: Json) -> Json:
    # Inferred from the one body that is known to have worked.
    return {"isClosed": "false", "state": "OPEN"} | metadata


_METADATA_RULES: Mapping[str, Callable[[Json], Json]] = {
    CONTACT.identifier: _contact_metadata,
    DEAL.identifier: _deal_metadata,
    TICKET.identifier: _ticket_metadata,
}


def _add_lifecycle_option(call: Call, stage: Json) -> None:
    properties = call.state["properties"][CONTACT.identifier]
    options = properties["lifecyclestage"]["options"]
    options.append({"label": stage["label"], "value": stage["id"], "displayOrder": len(options), "hidden": False})
    for what in ("entered", "exited"):
        name = f"hs_v2_date_{what}_{stage['id']}"
        label = f'Date {what} "{stage["label"]} (Lifecycle Stage Pipeline)"'
        stamp = Stock(name, label, "datetime", "date", "contactinformation", fixed=True)
        properties[name] = spell_stock(stamp, len(properties), call.stamp)


def _record(call: Call, pipeline: Json, action: str, stage: Json) -> None:
    pipeline["updatedAt"] = call.stamp
    line: Json = {
        "identifier": pipeline["id"], "action": action, "portalId": PORTAL_ID, "timestamp": call.stamp,
        "message": f"{action} of stage {stage['id']}", "rawObject": dict(stage),
    }  # fmt: skip
    if call.bearer.person:
        line["fromUserId"] = int(call.bearer.user_id)
    call.state["pipeline_audit"].setdefault(pipeline["id"], []).append(line)
    call.note("PIPELINE", action, pipeline["id"])
