"""The account: owners and teams, what it is, how much of its limits is used, and who changed what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sla_sync_hubspot.simulator.call import NO_CONTENT, Answer, Call, spell_time
from sla_sync_hubspot.simulator.limits import PROPERTIES_PER_OBJECT
from sla_sync_hubspot.simulator.object_types import DEAL, LEAD, OBJECT_TYPES, TICKET
from sla_sync_hubspot.simulator.refusals import FORBIDDEN, Json, RefusalError, invalid, not_found

_OWNERS_PAGE = 500
_AUDIT_PAGE = 100


def list_owners(call: Call) -> Answer:
    """Answer a page of owners, or the one with an e-mail address: the archived ones only where they are asked for."""
    limit = call.number("limit", 100, low=1, high=_OWNERS_PAGE)
    after = call.number("after", 0, low=0, high=2**31)
    email = call.word("email")
    found = [each for each in call.state["owners"] if each["archived"] is call.flag("archived")]
    if email:
        found = [each for each in found if each["email"].lower() == email.lower()]
    page = found[after : after + limit]
    body: Json = {"results": page}
    if after + limit < len(found):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body=body)


def read_owner(call: Call) -> Answer:
    """Answer one owner by its id, or by the id of its user with `idProperty=userId`."""
    key = call.word("idProperty") or "id"
    if key not in ("id", "userId"):
        raise invalid(f"idProperty is {key!r}, which is neither id nor userId", where="idProperty")
    for each in call.state["owners"]:
        if str(each[key]) == call.path["owner_id"]:
            return Answer(body=each)
    raise not_found(f"Owner {call.path['owner_id']} does not exist", ownerId=call.path["owner_id"])


def list_teams(call: Call) -> Answer:
    """Answer the teams with the ids of their users."""
    return Answer(body={"results": call.state["teams"]})


def remove_user(call: Call) -> Answer:
    """Remove a user from the account; the owner that stands for the user is archived and keeps its records.

    Inferred: what becomes of the owner, and that the user leaves the teams.
    """
    user = call.path["user_id"]
    owner = next((each for each in call.state["owners"] if str(each["userId"]) == user), None)
    if owner is None:
        raise not_found(f"User {user} does not exist", userId=user)
    owner |= {"archived": True, "userId": None, "updatedAt": call.stamp}
    for team in call.state["teams"]:
        for members in ("userIds", "secondaryUserIds"):
            team[members] = [each for each in team[members] if each != user]
    call.note("USER", "DELETE", user)
    return Answer(NO_CONTENT)


def read_details(call: Call) -> Answer:
    """Answer what the account is; its tier is not told."""
    return Answer(body=call.state["portal"])


def read_usage(call: Call) -> Answer:
    """Answer how many requests were made today. The day ends at midnight of the portal's own time zone."""
    zone = ZoneInfo(call.state["portal"]["timeZone"])
    tomorrow = call.now.astimezone(zone).date() + timedelta(days=1)
    usage = {
        "name": "private-apps-api-calls-daily",
        "usageLimit": call.switches.daily_limit,
        "currentUsage": call.state["today"]["requests"],
        "collectedAt": call.stamp,
        "fetchStatus": "SUCCESS",
        "resetsAt": spell_time(datetime.combine(tomorrow, time.min, zone)),
    }
    return Answer(body={"results": [usage]})


def read_property_limits(call: Call) -> Answer:
    """Answer how many custom properties there are and may be."""
    used = _custom_properties(call)
    tier = call.switches.tier
    limit = min(PROPERTIES_PER_OBJECT, tier.properties)
    by_object = [_limit_of(object_id, limit, count) for object_id, count in used.items()]
    return Answer(body=_overall(tier.properties, sum(used.values())) | {"byObjectType": by_object})


def read_calculated_limits(call: Call) -> Answer:
    """Answer how many calculated properties of its own the account has and may have. Inferred: the limit by object."""
    limit = call.switches.tier.calculated
    used = {
        object_id: sum(1 for each in properties.values() if not each["hubspotDefined"] and each["calculated"])
        for object_id, properties in call.state["properties"].items()
    }
    by_object = [_limit_of(object_id, limit, count) for object_id, count in used.items() if count]
    return Answer(body=_overall(limit, sum(used.values())) | {"byObjectType": by_object})


def read_pipeline_limits(call: Call) -> Answer:
    """Answer how many pipelines there are and may be, by object type."""
    pipelines = call.state["pipelines"]
    counted = [
        _limit_of(each.identifier, call.switches.tier.pipelines, len(pipelines[each.identifier]))
        for each in (DEAL, TICKET, LEAD)
    ]
    return Answer(
        body={"hubspotDefinedObjectTypes": counted, "customObjectTypes": _overall(0, 0) | {"byObjectType": []}}
    )


def read_audit_log(call: Call) -> Answer:
    """Answer who changed what, newest first; only an enterprise account can read it.

    Inferred: the words for categories and actions.
    """
    if not call.switches.tier.audit_logs:
        raise RefusalError(FORBIDDEN, "Audit logs need an Enterprise subscription.", category="FORBIDDEN")
    limit = call.number("limit", _AUDIT_PAGE, low=1, high=_AUDIT_PAGE)
    after = call.number("after", 0, low=0, high=2**31)
    found = list(reversed(call.state["audit_log"]))
    since = call.word("occurredAfter")
    if since:
        found = [each for each in found if each["occurredAt"] > since]
    body: Json = {"results": found[after : after + limit]}
    if after + limit < len(found):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body=body)


def _custom_properties(call: Call) -> dict[str, int]:
    return {
        object_id: sum(1 for each in properties.values() if not each["hubspotDefined"])
        for object_id, properties in call.state["properties"].items()
    }


def _overall(limit: int, usage: int) -> Json:
    return {"overallLimit": limit, "overallUsage": usage, "overallPercentage": _share(limit, usage)}


def _limit_of(object_id: str, limit: int, usage: int) -> Json:
    kind = OBJECT_TYPES[object_id]
    return {
        "objectTypeId": object_id, "singularLabel": kind.singular, "pluralLabel": kind.plural, "limit": limit,
        "usage": usage, "percentage": _share(limit, usage),
    }  # fmt: skip


def _share(limit: int, usage: int) -> float:
    return round(100 * usage / limit, 2) if limit else 0.0
