"""Workflows (automation v4): list, read, create, replace and delete. What they do to records stands in `running`."""

from __future__ import annotations

from datetime import datetime, timedelta

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import CREATED, MULTI_STATUS, NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.flows.rules import created_flow, replaced_flow
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, FORBIDDEN, Json, RefusalError, invalid, not_found

SETTLING = timedelta(seconds=0.1)
"""For so long after its creation a workflow reads PENDING, on the virtual clock: one read sees it, the next does not.

Inferred: how long it lasts on the platform, and the answer to a PUT before it is over.
"""
_BATCH = shapes.record(
    {"inputs": shapes.list_of(shapes.record({"type": shapes.one_of(("FLOW_ID",)), "flowId": shapes.digits}))}
)
_BATCH_SIZE = 100
_ROTATION, CUSTOM_CODE = "0-11", "CUSTOM_CODE"
_LISTED = ("id", "isEnabled", "objectTypeId", "flowType", "name", "revisionId", "createdAt", "updatedAt", "uuid")


def list_flows(call: Call) -> Answer:
    """Answer a page of workflows, without their actions; none where the token may not read them."""
    limit = call.number("limit", 100, low=1, high=100)
    after = call.number("after", 0, low=0, high=2**31)
    found = list(call.state["flows"].values()) if call.switches.flows_readable else []
    page = found[after : after + limit]
    body: Json = {"results": [{key: each[key] for key in _LISTED if key in each} for each in page]}
    end = after + len(page)
    if end < len(found):
        body["paging"] = {"next": {"after": str(end)}}
    return Answer(body=body)


def read_flow(call: Call) -> Answer:
    """Answer one workflow."""
    return Answer(body=_shown(call, _find(call)))


def read_flows(call: Call) -> Answer:
    """Answer several workflows; those that cannot be read stand in `errors` of a 207."""
    _BATCH(call.body, "")
    if len(call.body["inputs"]) > _BATCH_SIZE:
        raise invalid(f"A batch holds at most {_BATCH_SIZE} inputs", where="inputs")
    flows = call.state["flows"] if call.switches.flows_readable else {}
    wanted = [each["flowId"] for each in call.body["inputs"]]
    results = [_shown(call, flows[each]) for each in wanted if each in flows]
    body: Json = {"status": "COMPLETE", "results": results, "startedAt": call.stamp, "completedAt": call.stamp}
    absent = [each for each in wanted if each not in flows]
    if not absent:
        return Answer(body=body)
    errors = [
        not_found(f"Flow not found for flow id {each}", flowId=each).as_batch_error()
        | {"subCategory": "FLOW_NOT_FOUND_BY_FLOW_ID"}
        for each in absent
    ]
    return Answer(MULTI_STATUS, body | {"numErrors": len(errors), "errors": errors})


def create_flow(call: Call) -> Answer:
    """Create a workflow. Names are not unique."""
    given = created_flow(call.state, call.body)
    _check_tier(call, given)
    limit = call.switches.tier.flows
    if len(call.state["flows"]) >= limit:
        raise RefusalError(BAD_REQUEST, f"This account has reached its limit of {limit} workflows")
    created = {"id": call.next_id("flow"), "revisionId": "1", "createdAt": call.stamp, "updatedAt": call.stamp} | given
    call.state["flows"][created["id"]] = created
    call.note("WORKFLOW", "CREATE", created["id"])
    return Answer(CREATED, _shown(call, created))


def replace_flow(call: Call) -> Answer:
    """Replace a workflow whole: what the body leaves out is cleared."""
    found = _find(call)
    if not _settled(call, found):
        raise RefusalError(
            BAD_REQUEST,
            f"Flow {found['id']} cannot be updated before its crmObjectCreationStatus is COMPLETE",
            context={"flowId": [found["id"]]},
        )
    given = replaced_flow(call.state, call.body, found)
    _check_tier(call, given)
    if call.body["revisionId"] != found["revisionId"]:
        raise RefusalError(
            call.switches.stale_revision_status,
            f"Flow {found['id']} is at revision {found['revisionId']}, not {call.body['revisionId']}",
            category="CONFLICT" if call.switches.stale_revision_status != BAD_REQUEST else "VALIDATION_ERROR",
            context={"revisionId": [found["revisionId"]]},
        )
    kept = {key: found[key] for key in ("id", "createdAt")}
    revision = str(int(found["revisionId"]) + 1)
    replaced = kept | {"revisionId": revision, "updatedAt": call.stamp} | given
    call.state["flows"][found["id"]] = replaced
    call.note("WORKFLOW", "UPDATE", found["id"])
    return Answer(body=_shown(call, replaced))


def delete_flow(call: Call) -> Answer:
    """Delete a workflow for good."""
    found = _find(call)
    del call.state["flows"][found["id"]]
    call.note("WORKFLOW", "DELETE", found["id"])
    return Answer(NO_CONTENT)


def _check_tier(call: Call, given: Json) -> None:
    """Raise RefusalError for an action that the account's products do not have. Inferred: the status and the words."""
    tier = call.switches.tier
    lacking = {_ROTATION: not tier.rotation, CUSTOM_CODE: not tier.custom_code}
    for place, each in enumerate(given["actions"]):
        kind = each["type"] if each["type"] == CUSTOM_CODE else each.get("actionTypeId")
        if lacking.get(kind):
            raise invalid(f"This account cannot use actions of type {kind}", where=f"actions[{place}]")


def _find(call: Call) -> Json:
    found: Json | None = call.state["flows"].get(call.path["flow_id"])
    if found is None:
        raise not_found(f"Flow not found for flow id {call.path['flow_id']}", flowId=call.path["flow_id"])
    if not call.switches.flows_readable:
        raise RefusalError(
            FORBIDDEN,
            "Access denied. Flow must be accessible via external APIs and contain no sensitive properties unless "
            "appropriate sensitive data scopes are provided.",
            category="FORBIDDEN",
            sub_category="FLOW_ACCESS_DENIED",
        )
    return found


def _settled(call: Call, flow: Json) -> bool:
    return call.arrived - datetime.fromisoformat(flow["createdAt"]) >= SETTLING


def _shown(call: Call, flow: Json) -> Json:
    identifiers = [int(each["actionId"]) for each in flow["actions"]]
    return flow | {
        "crmObjectCreationStatus": "COMPLETE" if _settled(call, flow) else "PENDING",
        "nextAvailableActionId": str(max(identifiers, default=0) + 1),
    }
