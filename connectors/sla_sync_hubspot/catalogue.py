"""Reads that both the reader and the writer need: properties, lists and workflows as HubSpot answers them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from sla_sync.connector import RejectedError, onward
from sla_sync_hubspot.client import HubSpotClient, segment_of
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.steady import steady

_LISTS_PER_PAGE = 500
_IDS_PER_CALL = 100
_FLOWS_PER_PAGE = 100


def properties_of(client: HubSpotClient, owner: str) -> dict[str, dict[str, Any]]:
    """Return the properties of an object by name."""
    found = client.call("GET", Api.PROPERTIES, f"/{owner}")
    return {str(each["name"]): each for each in found["results"]}


def property_named(client: HubSpotClient, owner: str, name: str) -> dict[str, Any] | None:
    """Return one property, or None where the object has none of that name."""
    return _or_none(client, Api.PROPERTIES, f"/{owner}/{segment_of(name)}")


def lifecycle_option(found: Mapping[str, Any] | None, label: str, known: str | None = None) -> dict[str, Any] | None:
    """Return the lifecycle stage with this number, else the one with this label; None where the property offers neither."""
    options: list[dict[str, Any]] = list((found or {}).get("options") or ())
    numbered = (each for each in options if known is not None and str(each["value"]) == known)
    labelled = (each for each in options if str(each.get("label")) == label)
    return next(numbered, None) or next(labelled, None)


def pipeline_at(client: HubSpotClient, path: str) -> dict[str, Any] | None:
    """Return one pipeline with its stages, or None where the object has none of that id."""
    return _or_none(client, Api.PIPELINES, path)


def groups_of(client: HubSpotClient, owner: str) -> dict[str, dict[str, Any]]:
    """Return the property groups of an object by name."""
    found = client.call("GET", Api.PROPERTIES, f"/{owner}/groups")
    return {str(each["name"]): each for each in found["results"]}


def group_named(client: HubSpotClient, owner: str, name: str) -> dict[str, Any] | None:
    """Return one property group, or None where the object has none of that name."""
    return _or_none(client, Api.PROPERTIES, f"/{owner}/groups/{segment_of(name)}")


def validations_of(client: HubSpotClient, object_type_id: str) -> list[dict[str, Any]]:
    """Return the validation rules of all properties of an object; each names its property."""
    found = client.call("GET", Api.VALIDATIONS, f"/{object_type_id}")
    return [
        {"propertyName": each["propertyName"], **rule}
        for each in found["results"]
        for rule in each["propertyValidationRules"]
    ]


def validation_at(client: HubSpotClient, path: str) -> dict[str, Any] | None:
    """Return one validation rule, or None where the property has none of that kind."""
    return _or_none(client, Api.VALIDATIONS, path)


def lists_titled(client: HubSpotClient, prefix: str, *, besides: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the lists whose names begin so, and those with the ids of `besides`, with their filters."""
    titled = (str(each["listId"]) for each in _search(client, prefix) if str(each["name"]).startswith(prefix))
    ids = tuple(dict.fromkeys((*titled, *sorted(besides))))
    found: list[dict[str, Any]] = []
    for some in _in_parts(ids, _IDS_PER_CALL):
        query = [*(("listIds", each) for each in some), ("includeFilters", "true")]
        found.extend(client.call("GET", Api.LISTS, query=query)["lists"])
    return found


def lists_with_ids(client: HubSpotClient, ids: Sequence[str]) -> list[dict[str, Any]]:
    """Return lists without their filters."""
    found: list[dict[str, Any]] = []
    for some in _in_parts(ids, _IDS_PER_CALL):
        found.extend(client.call("GET", Api.LISTS, query=[("listIds", each) for each in some])["lists"])
    return found


def _search(client: HubSpotClient, text: str) -> Iterator[dict[str, Any]]:
    offset, seen = 0, {"0"}
    while True:
        page = client.call("POST", Api.LISTS, "/search", body=list_search(text, offset, _LISTS_PER_PAGE))
        yield from page["lists"]
        if not page.get("hasMore"):
            return
        offset = int(onward(seen, page["offset"]))


def number_of_lists(client: HubSpotClient) -> int:
    """Return how many lists the portal has."""
    return int(client.call("POST", Api.LISTS, "/search", body=list_search("", 0, 1)).get("total") or 0)


def list_search(text: str, offset: int, count: int) -> dict[str, Any]:
    """Return the body of a search for lists; HubSpot's description requires the member that asks for further properties."""
    return {"query": text, "offset": offset, "count": count, "additionalProperties": []}


def list_named(client: HubSpotClient, object_type_id: str, name: str) -> dict[str, Any] | None:
    """Return one list with its filters, or None where there is none of that name."""
    path = f"/object-type-id/{object_type_id}/name/{segment_of(name)}"
    found = _or_none(client, Api.LISTS, path, query=[("includeFilters", "true")])
    return found.get("list", found) if found else None


def list_with_id(client: HubSpotClient, list_id: str) -> dict[str, Any] | None:
    """Return one list with its filters, or None; a deleted one is shown with `deletedAt`."""
    found = _or_none(client, Api.LISTS, f"/{segment_of(list_id)}", query=[("includeFilters", "true")])
    return found.get("list", found) if found else None


def flow_headings(client: HubSpotClient, *, named: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return id, name and revision of all workflows that this token may see.

    Those that are called as `named` says are not missed, whatever others delete meanwhile: HubSpot keeps no name unique, so
    that one which is taken for missing would be made twice. Raises FaultError where the list does not come to rest.
    """
    return steady(
        lambda: client.by_page(Api.FLOWS, limit=_FLOWS_PER_PAGE),
        lambda found: {*named} <= {str(each.get("name")) for each in found},
        what="workflows",
    )


def flows_with_ids(client: HubSpotClient, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Return whole workflows by id; those that HubSpot does not show are absent."""
    found: dict[str, dict[str, Any]] = {}
    for some in _in_parts(tuple(ids), _FLOWS_PER_PAGE):
        body = {"inputs": [{"flowId": each, "type": "FLOW_ID"} for each in some]}
        answer = client.call("POST", Api.FLOWS, "/batch/read", body=body)
        found |= {str(each["id"]): each for each in answer.get("results", ())}
    return found


def flow_with_id(client: HubSpotClient, flow_id: str) -> dict[str, Any] | None:
    """Return one workflow, or None where there is none; raises ForbiddenError where it is there and not shown."""
    return _or_none(client, Api.FLOWS, f"/{segment_of(flow_id)}")


def owners(client: HubSpotClient) -> list[dict[str, Any]]:
    """Return the people who can own contacts; the id of an owner is not the id of the user."""
    return client.pages(Api.OWNERS, limit=500)


def archived_owners(client: HubSpotClient) -> list[dict[str, Any]]:
    """Return the people who could own contacts once."""
    return client.pages(Api.OWNERS, limit=500, query=[("archived", "true")])


def teams(client: HubSpotClient) -> list[dict[str, Any]]:
    """Return the teams of the portal, all in one answer; HubSpot's page of this call knows no paging."""
    found: list[dict[str, Any]] = client.call("GET", Api.USERS, "/teams")["results"]
    return found


def _or_none(
    client: HubSpotClient, api: Api, path: str, *, query: Sequence[tuple[str, str]] = ()
) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = client.call("GET", api, path, query=query)
    except RejectedError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise
    return found


def _in_parts(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
