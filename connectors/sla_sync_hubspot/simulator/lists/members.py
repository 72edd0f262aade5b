"""The members of lists over the API: pages of them, the lists of a record, and changes of static lists."""

from __future__ import annotations

from collections.abc import Iterable

from sla_sync_hubspot.simulator import membership, shapes
from sla_sync_hubspot.simulator.call import NO_CONTENT, Answer, Call, spell_time
from sla_sync_hubspot.simulator.object_types import OBJECT_TYPES
from sla_sync_hubspot.simulator.refusals import BAD_REQUEST, Json, RefusalError, invalid, not_found

_PAGE, _DEFAULT_PAGE = 250, 100
_AT_ONCE = 100_000
_IDS = shapes.list_of(shapes.digits)
_BOTH = shapes.record({}, {"recordIdsToAdd": _IDS, "recordIdsToRemove": _IDS})


def list_members(call: Call) -> Answer:
    """Answer a page of the members in the order of their ids."""
    return _page(call, by_id=True)


def list_members_by_joining(call: Call) -> Answer:
    """Answer a page of the members in the order in which they joined."""
    return _page(call, by_id=False)


def lists_of_record(call: Call) -> Answer:
    """Answer the lists that a record is in."""
    object_id, identifier = call.path["object_type_id"], call.path["record_id"]
    if object_id not in OBJECT_TYPES or call.records.get(object_id, identifier) is None:
        raise not_found("resource not found")
    results = []
    for each in call.state["lists"].values():
        since = membership.member_since(call.portal, each["listId"], identifier)
        if "deletedAt" in each or each["objectTypeId"] != object_id or since is None:
            continue
        stamp = spell_time(since)
        results.append(
            {
                "listId": each["listId"], "listVersion": each["listVersion"], "isPublicList": False,
                "firstAddedTimestamp": stamp, "lastAddedTimestamp": stamp,
            }
        )  # fmt: skip
    return Answer(body={"results": results, "total": len(results)})


def add_members(call: Call) -> Answer:
    """Add records to a static list; those that do not exist are told, those that are in it already are not."""
    _IDS(call.body, "")
    return Answer(body=_change(call, call.body, ()))


def remove_members(call: Call) -> Answer:
    """Remove records from a static list."""
    _IDS(call.body, "")
    return Answer(body=_change(call, (), call.body))


def change_members(call: Call) -> Answer:
    """Add and remove records of a static list in one step."""
    _BOTH(call.body, "")
    return Answer(body=_change(call, call.body.get("recordIdsToAdd") or (), call.body.get("recordIdsToRemove") or ()))


def clear_members(call: Call) -> Answer:
    """Remove every record from a static list."""
    found = _static(call)
    for identifier in tuple(membership.members(call.portal, found["listId"])):
        membership.leave(call.portal, found, identifier)
    return Answer(NO_CONTENT)


def _page(call: Call, *, by_id: bool) -> Answer:
    found = _find(call)
    limit = call.number("limit", _DEFAULT_PAGE, low=1, high=_PAGE)
    after = call.number("after", 0, low=0, high=2**53)
    joined = membership.members(call.portal, found["listId"])
    rows = sorted(joined.items(), key=lambda row: int(row[0]))
    if not by_id:
        rows.sort(key=lambda row: row[1])
    page = rows[after : after + limit]
    results = [{"recordId": identifier, "membershipTimestamp": spell_time(since)} for identifier, since in page]
    body: Json = {"results": results, "total": len(rows)}
    if after + limit < len(rows):
        body["paging"] = {"next": {"after": str(after + limit)}}
    return Answer(body=body)


def _change(call: Call, joining: Iterable[str], leaving: Iterable[str]) -> Json:
    found = _static(call)
    object_id = found["objectTypeId"]
    wanted = list(dict.fromkeys((*joining, *leaving)))
    if len(wanted) > _AT_ONCE:
        raise invalid(f"At most {_AT_ONCE} records can join or leave at once, not {len(wanted)}")
    absent = [each for each in wanted if call.records.get(object_id, each) is None]
    added = [
        each for each in dict.fromkeys(joining) if each not in absent and membership.join(call.portal, found, each)
    ]
    gone = [
        each for each in dict.fromkeys(leaving) if each not in absent and membership.leave(call.portal, found, each)
    ]
    return {"recordsIdsAdded": added, "recordIdsRemoved": gone, "recordIdsMissing": absent}


def _find(call: Call) -> Json:
    found: Json | None = call.state["lists"].get(call.path["list_id"])
    if found is None or "deletedAt" in found:
        raise not_found(f"List does not exist with ID {call.path['list_id']}.", listId=call.path["list_id"])
    return found


def _static(call: Call) -> Json:
    found = _find(call)
    if found["processingType"] == "DYNAMIC":
        # Inferred: the words; that an active list takes no records by hand is documented.
        raise RefusalError(
            BAD_REQUEST, f"Records cannot be added to or removed from list {found['listId']}: it is DYNAMIC"
        )
    return found
