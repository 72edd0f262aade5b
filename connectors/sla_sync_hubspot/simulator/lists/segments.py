"""Lists, which HubSpot's screens call segments: create, read, search, change, delete and restore.

Who is a member is computed by `membership.py` and told by `members.py`.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sla_sync_hubspot.simulator import membership, shapes
from sla_sync_hubspot.simulator.call import NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.lists.filters import check_root
from sla_sync_hubspot.simulator.object_types import OBJECT_TYPES
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, Json, RefusalError, invalid, missing, not_built, not_found
from sla_sync_hubspot.simulator.uses import count_list_uses, list_uses

_PROCESSING = ("DYNAMIC", "SNAPSHOT", "MANUAL")
_CREATION = shapes.record(
    {"name": shapes.filled, "objectTypeId": shapes.one_of(OBJECT_TYPES), "processingType": shapes.one_of(_PROCESSING)},
    {"filterBranch": shapes.anything, "listFolderId": shapes.anything, "customProperties": shapes.anything,
     "listPermissions": shapes.anything, "membershipSettings": shapes.anything},
)  # fmt: skip
_NOT_BUILT = ("listFolderId", "customProperties", "listPermissions", "membershipSettings")
_FILTERS = shapes.record({"filterBranch": shapes.anything})
_PAGE = 500
_DEFAULT_PAGE = 20
_SEARCH = shapes.record(
    {},
    {"query": shapes.text, "offset": shapes.between(0, 2**31 - 1), "count": shapes.between(1, _PAGE),
     "processingTypes": shapes.list_of(shapes.one_of(_PROCESSING)), "listIds": shapes.list_of(shapes.digits),
     "additionalProperties": shapes.list_of(shapes.text), "objectTypeId": shapes.one_of(OBJECT_TYPES),
     "sort": shapes.text},
)  # fmt: skip


def create_list(call: Call) -> Answer:
    """Create a list."""
    _CREATION(call.body, "")
    for member in _NOT_BUILT:
        if call.body.get(member) is not None:
            raise not_built(f"the member {member} of a list")
    name, object_id, processing = call.body["name"], call.body["objectTypeId"], call.body["processingType"]
    _check_name(call, name)
    active = [each for each in call.state["lists"].values() if "deletedAt" not in each]
    if len(active) >= call.switches.tier.lists:
        raise RefusalError(BAD_REQUEST, f"This account has reached its limit of {call.switches.tier.lists} lists")
    created: Json = {
        "listId": call.next_id("list"),
        "listVersion": 1,
        "name": name,
        "objectTypeId": object_id,
        "processingType": processing,
        "processingStatus": "COMPLETE",
        "createdAt": call.stamp,
        "updatedAt": call.stamp,
        "createdById": call.bearer.user_id,
        "updatedById": call.bearer.user_id,
        "size": 0,
    }
    branch = call.body.get("filterBranch")
    if processing == "MANUAL" and branch is not None:
        raise invalid("A MANUAL list cannot have a filterBranch", where="filterBranch")
    if processing != "MANUAL":
        if branch is None:
            raise missing(["filterBranch"], "")
        created["filterBranch"] = check_root(call.state, object_id, branch, "filterBranch")
        created["filtersUpdatedAt"] = call.stamp
    call.state["lists"][created["listId"]] = created
    call.note("LIST", "CREATE", created["listId"])
    if processing != "MANUAL":
        membership.fill(call.portal, created)
    return Answer(body={"list": _shown(call, created, filters=True)})


def read_list(call: Call) -> Answer:
    """Answer one list; a deleted one is still readable by its id and bears `deletedAt`."""
    return Answer(body={"list": _shown(call, _find(call, deleted=True), filters=call.flag("includeFilters"))})


def read_list_by_name(call: Call) -> Answer:
    """Answer the list of an object type that bears this name."""
    for each in call.state["lists"].values():
        same = (each["objectTypeId"], each["name"]) == (call.path["object_type_id"], call.path["name"])
        if same and "deletedAt" not in each:
            return Answer(body={"list": _shown(call, each, filters=call.flag("includeFilters"))})
    raise not_found(f"List does not exist with name {call.path['name']}.", listName=call.path["name"])


def read_lists(call: Call) -> Answer:
    """Answer those of the lists named by `listIds` that exist. Inferred: deleted ones are left out."""
    wanted = call.query.get("listIds", [])
    shapes.list_of(shapes.digits)(wanted, "listIds")
    lists = call.state["lists"]
    found = [lists[each] for each in wanted if each in lists and "deletedAt" not in lists[each]]
    return Answer(body={"lists": [_shown(call, each, filters=call.flag("includeFilters")) for each in found]})


def search_lists(call: Call) -> Answer:
    """Answer a page of the lists whose name contains the query; `offset` in the answer begins the next page.

    Inferred: the order, which is that of creation.
    """
    _SEARCH(call.body, "")
    if call.body.get("sort"):
        raise not_built("sorting of a list search")
    query = (call.body.get("query") or "").lower()
    found = [each for each in call.state["lists"].values() if "deletedAt" not in each and query in each["name"].lower()]
    for member, key in (("processingTypes", "processingType"), ("listIds", "listId")):
        if call.body.get(member):
            found = [each for each in found if each[key] in call.body[member]]
    if call.body.get("objectTypeId"):
        found = [each for each in found if each["objectTypeId"] == call.body["objectTypeId"]]
    offset = call.body.get("offset") or 0
    page = found[offset : offset + (call.body.get("count") or _DEFAULT_PAGE)]
    end = offset + len(page)
    results = [_searched(call, each) for each in page]
    return Answer(body={"lists": results, "total": len(found), "offset": end, "hasMore": end < len(found)})


def change_filters(call: Call) -> Answer:
    """Replace the filters of a DYNAMIC list."""
    _FILTERS(call.body, "")
    call.flag("enrollObjectsInWorkflows")
    found = _find(call)
    if found["processingType"] != "DYNAMIC":
        raise RefusalError(
            BAD_REQUEST, f"The filters of list {found['listId']} cannot change: it is {found['processingType']}"
        )
    filters = check_root(call.state, found["objectTypeId"], call.body["filterBranch"], "filterBranch")
    changed = _change(call, found | {"filterBranch": filters, "filtersUpdatedAt": call.stamp})
    membership.fill(call.portal, changed)
    return Answer(body={"updatedList": _shown(call, changed, filters=True)})


def change_name(call: Call) -> Answer:
    """Give a list another name."""
    name = call.word("listName")
    if not name or not name.strip():
        raise invalid("The query parameter listName is empty", where="listName")
    found = _find(call)
    if name != found["name"]:
        _check_name(call, name)
    changed = _change(call, found | {"name": name})
    return Answer(body={"updatedList": _shown(call, changed, filters=call.flag("includeFilters"))})


def delete_list(call: Call) -> Answer:
    """Delete a list, which leaves a tombstone.

    Inferred: that one which a workflow or another list names cannot be deleted; the screens refuse it.
    """
    found = _find(call)
    uses = list_uses(call.state, found["listId"])
    if uses:
        named = ", ".join(f"{use.kind} {use.identifier}" for use in uses)
        raise RefusalError(BAD_REQUEST, f"List {found['listId']} is in use by {named} and cannot be deleted")
    _change(call, found | {"deletedAt": call.stamp})
    return Answer(NO_CONTENT)


def restore_list(call: Call) -> Answer:
    """Bring a deleted list back. Inferred: not while another list bears its name."""
    found = _find(call, deleted=True)
    if "deletedAt" not in found:
        raise RefusalError(BAD_REQUEST, f"List {found['listId']} is not deleted")
    _check_name(call, found["name"])
    restored = _change(call, {key: value for key, value in found.items() if key != "deletedAt"})
    if restored["processingType"] == "DYNAMIC":
        membership.fill(call.portal, restored)
    return Answer(NO_CONTENT)


def _find(call: Call, *, deleted: bool = False) -> Json:
    found: Json | None = call.state["lists"].get(call.path["list_id"])
    if found is None or ("deletedAt" in found and not deleted):
        raise not_found(f"List does not exist with ID {call.path['list_id']}.", listId=call.path["list_id"])
    return found


def _check_name(call: Call, name: str) -> None:
    # The sub category is recorded; inferred: the status that goes with it.
    if any(each["name"] == name and "deletedAt" not in each for each in call.state["lists"].values()):
        raise RefusalError(
            BAD_REQUEST,
            f"A list with the name '{name}' already exists.",
            sub_category="ILS.DUPLICATE_LIST_NAMES",
            context={"name": [name]},
        )


def _change(call: Call, definition: Json) -> Json:
    """Put a list in the place of what it was, and return it with its next version and with who changed it."""
    version = definition["listVersion"] + 1
    changed = definition | {"listVersion": version, "updatedAt": call.stamp, "updatedById": call.bearer.user_id}
    call.state["lists"][changed["listId"]] = changed
    call.note("LIST", "UPDATE", changed["listId"])
    return changed


def _shown(call: Call, found: Json, *, filters: bool) -> Json:
    sized = found | {"size": membership.size(call.portal, found["listId"]), "processingStatus": _status(call, found)}
    return sized if filters else {key: value for key, value in sized.items() if key != "filterBranch"}


def _status(call: Call, found: Json) -> str:
    """Return the word by which a list says whether it is still filled.

    Inferred: the word, and that it says so after a change of its filters.
    """
    changed = datetime.fromisoformat(found.get("filtersUpdatedAt") or found["createdAt"])
    filling = call.now - changed < timedelta(hours=call.switches.filling_hours)
    return "PROCESSING" if filling else str(found["processingStatus"])


def _searched(call: Call, found: Json) -> Json:
    more = {
        "hs_list_size": str(membership.size(call.portal, found["listId"])),
        "hs_list_reference_count": str(
            call.memory.once("uses of lists", lambda: count_list_uses(call.state))[found["listId"]]
        ),
    }
    hidden = ("filterBranch", "size")
    return {key: value for key, value in found.items() if key not in hidden} | {"additionalProperties": more}
