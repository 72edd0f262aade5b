"""Pipelines and their stages: read, created, changed and archived."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.limits import STAGES_PER_LEAD_PIPELINE, STAGES_PER_PIPELINE
from sla_sync_hubspot.simulator.object_types import CONTACT, DEAL, LEAD, TICKET
from sla_sync_hubspot.simulator.refusals import (
    BAD_REQUEST,
    CONFLICT,
    Json,
    RefusalError,
    invalid,
    not_built,
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
_PIPELINE = shapes.record(
    {"label": shapes.filled, "displayOrder": shapes.integer, "stages": shapes.list_of(_CREATION)},
    {"pipelineId": shapes.filled},
)
_PIPELINE_CHANGE = shapes.record({}, {"label": shapes.filled, "displayOrder": shapes.integer})
_PROPERTIES: Mapping[str, tuple[str, str]] = {
    DEAL.identifier: ("pipeline", "dealstage"),
    TICKET.identifier: ("hs_pipeline", "hs_pipeline_stage"),
    LEAD.identifier: ("hs_pipeline", "hs_pipeline_stage"),
}
"""Where a record says in which pipeline it stands, and in which stage of it."""
_VALIDATES = ("2026-09",)
"""The versions that look whether records stand in what is archived, also where they are not asked to."""
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


def create_pipeline(call: Call) -> Answer:
    """Create a pipeline with its stages, where the edition allows one more."""
    _PIPELINE(call.body, "")
    object_id = call.object_type.identifier
    if object_id not in _PROPERTIES:
        raise RefusalError(BAD_REQUEST, f"No pipeline can be created for {call.object_type.plural}")
    most = call.switches.tier.pipelines
    if len(_pipelines(call)) >= most:
        raise RefusalError(BAD_REQUEST, f"The account has at most {most} pipelines of {call.object_type.plural}")
    if any(each["label"] == call.body["label"] for each in _pipelines(call)):
        raise invalid(f"Another pipeline has the label {call.body['label']!r}", where="label")
    identifier = call.body.get("pipelineId") or call.next_id("stage")
    if any(each["id"] == identifier for each in _all_pipelines(call)):
        raise RefusalError(CONFLICT, f"The pipeline id {identifier!r} is already in use")
    created: Json = {
        "id": identifier, "label": call.body["label"], "displayOrder": call.body["displayOrder"], "archived": False,
        "createdAt": call.stamp, "updatedAt": call.stamp, "stages": [],
    }  # fmt: skip
    _pipelines(call).append(created)
    for each in call.body["stages"]:
        _add_stage(call, created, each)
    _name_pipelines(call)
    _record(call, created, "CREATE", created)
    return Answer(CREATED, created)


def change_pipeline(call: Call) -> Answer:
    """Change the label or the place of a pipeline."""
    _PIPELINE_CHANGE(call.body, "")
    pipeline = _pipeline(call)
    pipeline.update({key: value for key, value in call.body.items() if value is not None})
    _name_pipelines(call)
    _record(call, pipeline, "UPDATE", pipeline)
    return Answer(body=pipeline)


def archive_pipeline(call: Call) -> Answer:
    """Archive a pipeline in which no record stands."""
    pipeline = _pipeline(call)
    if pipeline is _pipelines(call)[0]:
        # Inferred: the first pipeline of an object stays, because new records begin in it.
        raise RefusalError(BAD_REQUEST, f"Pipeline {pipeline['id']} cannot be deleted")
    _refuse_used(call, [each["id"] for each in pipeline["stages"]])
    _pipelines(call).remove(pipeline)
    _name_pipelines(call)
    _record(call, pipeline, "DELETE", pipeline)
    return Answer(NO_CONTENT)


def archive_stage(call: Call) -> Answer:
    """Archive a stage in which no record stands."""
    pipeline = _pipeline(call)
    if pipeline["id"] == LIFECYCLE_PIPELINE:
        raise not_built("archiving a stage of the lifecycle")
    found = _stage(call, pipeline)
    _refuse_used(call, [found["id"]])
    pipeline["stages"].remove(found)
    _record(call, pipeline, "DELETE", found)
    return Answer(NO_CONTENT)


def _name_pipelines(call: Call) -> None:
    """Let the property that says in which pipeline a record stands offer those that there are."""
    object_id = call.object_type.identifier
    if object_id in _PROPERTIES:
        name, _ = _PROPERTIES[object_id]
        call.state["properties"][object_id][name]["options"] = [
            {"label": each["label"], "value": each["id"], "displayOrder": each["displayOrder"], "hidden": False}
            for each in _pipelines(call)
        ]


def _refuse_used(call: Call, stages: Sequence[str]) -> None:
    """Refuse to archive what records stand in; what becomes of them otherwise is documented nowhere, and not built."""
    object_id = call.object_type.identifier
    _, name = _PROPERTIES[object_id]
    rows = call.records.rows.get(object_id, {}).values()
    used = sorted({str(text) for each in rows if not each.archived and (text := each.get(name)) in stages})
    if not used:
        return
    asked = ("validateReferencesBeforeDelete", "validateDealStageUsagesBeforeDelete")
    if call.version not in _VALIDATES and not any(call.flag(each) for each in asked):
        raise not_built(f"archiving the stage {used[0]}, in which records stand, unless it is asked to look first")
    message = f"Stages {', '.join(used)} are used by records and cannot be deleted"
    raise RefusalError(BAD_REQUEST, message, sub_category="PipelineError.STAGE_ID_IN_USE")


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
    if pipeline["id"] == LIFECYCLE_PIPELINE and not call.switches.lifecycle_stages:
        # Inferred: the status and the words of a portal that does not let it happen.
        raise RefusalError(BAD_REQUEST, f"Stages of the pipeline {LIFECYCLE_PIPELINE} cannot be created over the API")
    created = _add_stage(call, pipeline, call.body)
    if pipeline["id"] == LIFECYCLE_PIPELINE:
        _add_lifecycle_option(call, created)
    _record(call, pipeline, "CREATE", created)
    return Answer(CREATED, created)


def _add_stage(call: Call, pipeline: Json, said: Json) -> Json:
    object_id = call.object_type.identifier
    limit = STAGES_PER_LEAD_PIPELINE if object_id == LEAD.identifier else STAGES_PER_PIPELINE
    if len(pipeline["stages"]) >= limit:
        raise RefusalError(BAD_REQUEST, f"A pipeline of {call.object_type.plural} has at most {limit} stages")
    identifier = said.get("stageId") or call.next_id("stage")
    if any(identifier == stage["id"] for each in _all_pipelines(call) for stage in each["stages"]):
        raise RefusalError(
            CONFLICT,
            f"The stage id {identifier!r} is already in use",
            sub_category="PipelineError.STAGE_ID_EXISTS_IN_ANOTHER_PIPELINE",
        )
    _check_label(pipeline, said["label"], besides=None)
    created = {
        "id": identifier,
        "label": said["label"],
        "displayOrder": said["displayOrder"],
        "metadata": _checked_metadata(object_id, said["metadata"]),
        "archived": False,
        "createdAt": call.stamp,
        "updatedAt": call.stamp,
        "writePermissions": "CRM_PERMISSIONS_ENFORCEMENT",
    }
    pipeline["stages"].append(created)
    return created


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
    if pipeline["id"] == LIFECYCLE_PIPELINE and "label" in named:
        _label_lifecycle_option(call, found)
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


def _label_lifecycle_option(call: Call, stage: Json) -> None:
    # Inferred: a stage of the lifecycle and the option that stands for it are one, so that they bear one label.
    for option in call.state["properties"][CONTACT.identifier]["lifecyclestage"]["options"]:
        if option["value"] == stage["id"]:
            option["label"] = stage["label"]


def _record(call: Call, pipeline: Json, action: str, stage: Json) -> None:
    pipeline["updatedAt"] = call.stamp
    line: Json = {
        "identifier": pipeline["id"], "action": action, "portalId": PORTAL_ID, "timestamp": call.stamp,
        "message": f"{action} of {'pipeline' if stage is pipeline else 'stage'} {stage['id']}", "rawObject": dict(stage),
    }  # fmt: skip
    if call.bearer.person:
        line["fromUserId"] = int(call.bearer.user_id)
    call.state["pipeline_audit"].setdefault(pipeline["id"], []).append(line)
    call.note("PIPELINE", action, pipeline["id"])
