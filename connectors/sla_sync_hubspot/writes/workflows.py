"""Writing workflows: created switched off, read back, switched on last; a change replaces the whole, so all of it is sent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from sla_sync.connector import Address, Desired, FaultError, ForbiddenError, RejectedError, merge
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.client import segment_of
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import TYPES, WORKFLOW
from sla_sync_hubspot.writes.desk import Craft, Desk, Found, Json

_COMPLETE = "COMPLETE"
_PAUSES = (0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
"""Seconds between looks at a new workflow; Inferred: HubSpot's pages do not say how long it takes to become complete."""
_NOT_SENT = frozenset({"createdAt", "updatedAt", "dataSources", "crmObjectCreationStatus", "nextAvailableActionId"})
"""Members that HubSpot fills in and refuses, or ignores, in a change."""


def _find(desk: Desk, address: Address) -> Found | None:
    """Find a workflow by its id, else by its name, which HubSpot does not keep unique."""
    known = desk.handles.get(address)
    raw = catalogue.flow_with_id(desk.client, known) if known else None
    if raw is None:
        headings = catalogue.flow_headings(desk.client, named={address.key})
        heading = next((each for each in headings if each.get("name") == address.key), None)
        raw = catalogue.flow_with_id(desk.client, str(heading["id"])) if heading else None
    return Found(raw, ours=True, handle=str(raw["id"])) if raw else None


def _create(desk: Desk, desired: Desired) -> str:
    half_made = _find(desk, desired.address) if desired.address in desk.handles else None
    if half_made is not None:
        return _update(desk, desired, half_made)
    handle = _begin(desk, desired)
    _finish(desk, desired, handle)
    return handle


def _create_together(desk: Desk, wanted: Iterable[Desired]) -> Mapping[Address, str]:
    """Create all of them before the first is looked at, so that HubSpot has finished most by then.

    What is refused is left out and tried alone, which gives it its own answer; what was begun is known by its id then.
    """
    begun: list[tuple[Desired, str]] = []
    for desired in wanted:
        with suppress(RejectedError, ForbiddenError):
            begun.append((desired, _begin(desk, desired)))
    created: dict[Address, str] = {}
    for desired, handle in begun:
        with suppress(RejectedError, ForbiddenError):
            _finish(desk, desired, handle)
            created[desired.address] = handle
    return created


def _begin(desk: Desk, desired: Desired) -> str:
    """Create a workflow switched off and return its id."""
    body = _sendable(desk.body(desired.values))
    handle = str(desk.client.call("POST", Api.FLOWS, body={**body, "isEnabled": False})["id"])
    desk.handles[desired.address] = handle
    return handle


def _finish(desk: Desk, desired: Desired, handle: str) -> None:
    """Switch on what was created, once it is complete."""
    if desired.values.get("isEnabled"):
        _send(desk, desired, _completed(desk, handle))


def _update(desk: Desk, desired: Desired, found: Found) -> str:
    desk.handles[desired.address] = found.handle
    _send(desk, desired, _completed(desk, found.handle, found.raw))
    return found.handle


def _send(desk: Desk, desired: Desired, raw: Json) -> None:
    before = wire.flow_values(raw)
    wanted = desk.body(desired.values)
    merged = _without_loose_ends(_sendable(merge(_without_changed(before, wanted), wanted, TYPES[WORKFLOW])), wanted)
    if merged == before:
        return
    kept = {key: value for key, value in {**raw, **merged}.items() if key not in _NOT_SENT}
    # A body without revisionId and type is refused; a body with an old revision too, so that nobody's change is lost.
    desk.client.call(
        "PUT", Api.FLOWS, f"/{segment_of(str(raw['id']))}", body={**kept, "revisionId": str(raw["revisionId"])}
    )


def _without_changed(before: Mapping[str, Any], wanted: Json) -> Json:
    """Return a workflow without the actions that we change: members of another kind of action must not stay in them."""
    ours = {str(each["actionId"]): each for each in wanted.get("actions", ())}

    def stays(action: Json) -> bool:
        own = ours.get(str(action["actionId"]))
        one = {"actions": [action]}
        return own is None or _sendable(merge(one, {"actions": [own]}, TYPES[WORKFLOW])) == one

    return {**before, "actions": [each for each in before.get("actions", ()) if stays(each)]}


def _sendable(value: Any) -> Any:
    """Return a body without the members that only ask for absence: portals answered an empty link with status 500."""
    if isinstance(value, Mapping):
        return {key: _sendable(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_sendable(each) for each in value]
    return value


def _without_loose_ends(body: Json, wanted: Json) -> Json:
    """Return a workflow without the actions that nobody asks for and no way leads to any longer.

    Where nothing is asked of its actions, as when only our mark is taken off, all stay.
    """
    if "actions" not in wanted:
        return body
    actions = {str(each["actionId"]): each for each in body.get("actions", ())}
    kept = {str(each["actionId"]) for each in wanted.get("actions", ())}
    ahead = [str(body.get("startActionId")), *kept]
    while ahead:
        for target in _targets(actions.get(ahead.pop(), {})):
            if target not in kept:
                kept.add(target)
                ahead.append(target)
    return {**body, "actions": [each for name, each in actions.items() if name in kept]}


def _targets(action: Json) -> Iterator[str]:
    branches = (each for kind in ("listBranches", "staticBranches") for each in action.get(kind, ()))
    links = [action.get("connection"), action.get("defaultBranch"), *(each.get("connection") for each in branches)]
    yield from (str(each["nextActionId"]) for each in links if each)


def _completed(desk: Desk, handle: str, raw: Json | None = None) -> Json:
    """Return a workflow once HubSpot has finished creating it: before that it refuses every change."""
    for seconds in _PAUSES:
        if raw is not None and raw.get("crmObjectCreationStatus", _COMPLETE) == _COMPLETE:
            return raw
        if seconds:
            desk.client.wait(seconds)
        raw = catalogue.flow_with_id(desk.client, handle)
        if raw is None:
            raise RejectedError(f"HubSpot created workflow {handle} and does not show it, so it stays switched off.")
    if raw is not None and raw.get("crmObjectCreationStatus", _COMPLETE) == _COMPLETE:
        return raw
    raise FaultError(
        f"HubSpot is still creating workflow {handle} after {sum(_PAUSES):g} seconds, so it stays switched off.",
        hint="Run apply again in some minutes: it goes on where it stopped.",
    )


def _stop(desk: Desk, found: Found) -> None:
    """Switch a workflow off with all that it says kept, and look whether it is off."""
    raw = _completed(desk, found.handle, found.raw)
    if not raw.get("isEnabled"):
        return
    kept = {key: value for key, value in raw.items() if key not in _NOT_SENT}
    body = {**kept, "isEnabled": False, "revisionId": str(raw["revisionId"])}
    desk.client.call("PUT", Api.FLOWS, f"/{segment_of(found.handle)}", body=body)
    after = catalogue.flow_with_id(desk.client, found.handle)
    if after is not None and after.get("isEnabled"):
        raise RejectedError(f"HubSpot took the change of workflow {found.handle} and left it switched on.")


def _delete(desk: Desk, _address: Address, found: Found) -> None:
    """Switch a workflow off, and delete it then: one that acts while it is taken away could act once more."""
    _stop(desk, found)
    desk.client.call("DELETE", Api.FLOWS, f"/{segment_of(found.handle)}")


WORKFLOWS = Craft(
    TYPES[WORKFLOW], _find, _create, _update, _delete, _stop, create_together=_create_together, unique=False
)
