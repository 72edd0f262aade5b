"""Records of the setup that are written through the data API: assignments of permission sets, static resources, logins."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sla_sync_salesforce.simulator.desk import Caller, Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.kinds.static_resource import CACHE_CONTROLS, check_resource
from sla_sync_salesforce.simulator.organization import Assignment, Component, Organization
from sla_sync_salesforce.simulator.queries.data_tables import login_id
from sla_sync_salesforce.simulator.refusals import RefusedError

_RESOURCE_MEMBERS = {
    "ContentType": "contentType",
    "CacheControl": "cacheControl",
    "Description": "description",
}


@dataclass(frozen=True, slots=True)
class _Writes:
    create: Callable[[Desk, Caller, Mapping[str, Any]], str]
    update: Callable[[Desk, Caller, str, Mapping[str, Any]], None]
    delete: Callable[[Desk, Caller, str], None]


def create(desk: Desk, caller: Caller, table: str, body: Mapping[str, Any]) -> str:
    """Write a new record and return its id. Raises RefusedError."""
    identity = _writes(table, caller).create(desk, caller, body)
    desk.changed_aside()
    return identity


def update(desk: Desk, caller: Caller, table: str, identity: str, body: Mapping[str, Any]) -> None:
    """Change a record. Raises RefusedError."""
    _writes(table, caller).update(desk, caller, normal(identity), body)
    desk.changed_aside()


def delete(desk: Desk, caller: Caller, table: str, identity: str) -> None:
    """Delete a record. Raises RefusedError."""
    _writes(table, caller).delete(desk, caller, normal(identity))
    desk.changed_aside()


def _writes(table: str, caller: Caller) -> _Writes:
    if not caller.user.administrator:
        text = "insufficient access rights on cross-reference id"
        raise RefusedError("INSUFFICIENT_ACCESS_OR_READONLY", text, status=403)
    return TABLES[table]


def _refuse_unknown(body: Mapping[str, Any], known: set[str], table: str) -> None:
    for name in body:
        if name not in known:
            text = f"No such column '{name}' on sobject of type {table}"
            raise RefusedError("INVALID_FIELD", text, fields=(name,))


def _require(body: Mapping[str, Any], *names: str) -> None:
    missing = tuple(name for name in names if body.get(name) in (None, ""))
    if missing:
        text = f"Required fields are missing: [{', '.join(missing)}]"
        raise RefusedError("REQUIRED_FIELD_MISSING", text, fields=missing)


def _create_assignment(desk: Desk, caller: Caller, body: Mapping[str, Any]) -> str:
    _refuse_unknown(body, {"AssigneeId", "PermissionSetId"}, "PermissionSetAssignment")
    _require(body, "AssigneeId", "PermissionSetId")
    assignee, permission_set = normal(str(body["AssigneeId"])), normal(str(body["PermissionSetId"]))
    organization = desk.organization
    user = next((each for each in organization.users if each.id == assignee), None)
    if user is None:
        raise RefusedError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=("AssigneeId",))
    held = {each.id: name for name, each in organization.of("PermissionSet").items()}
    if permission_set not in held:
        raise RefusedError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", fields=("PermissionSetId",))
    if not user.active:
        # Inferred: the text; that a permission set cannot be assigned to an inactive user is documented.
        text = f"The user {user.username} is inactive"
        raise RefusedError("FIELD_INTEGRITY_EXCEPTION", text, fields=("AssigneeId",))
    if any((each.assignee, each.permission_set) == (assignee, permission_set) for each in organization.assignments):
        text = "Duplicate PermissionSetAssignment. Assignee: " + assignee + "; Permission Set: " + permission_set
        raise RefusedError("DUPLICATE_VALUE", text, fields=("AssigneeId", "PermissionSetId"))
    identity = organization.new_id("PermissionSetAssignment")
    organization.assignments.append(Assignment(identity, permission_set, assignee, organization.instant))
    text = f"Permission set {held[permission_set]}: assigned to user {user.name} (UserID: [{user.id[:15]}])"
    organization.note("PermSetAssign", "Manage Users", text, caller.user.id)
    return identity


def _update_assignment(_desk: Desk, _caller: Caller, _identity: str, _body: Mapping[str, Any]) -> None:
    raise RefusedError(
        "INVALID_FIELD_FOR_INSERT_UPDATE", "Unable to create/update fields: AssigneeId, PermissionSetId."
    )


def _delete_assignment(desk: Desk, caller: Caller, identity: str) -> None:
    organization = desk.organization
    found = next((each for each in organization.assignments if each.id == identity), None)
    if found is None:
        raise _deleted()
    organization.assignments.remove(found)
    held = {each.id: name for name, each in organization.of("PermissionSet").items()}
    user = organization.user(found.assignee)
    text = f"Permission set {held[found.permission_set]}: unassigned from user {user.name} (UserID: [{user.id[:15]}])"
    organization.note("PermSetUnassign", "Manage Users", text, caller.user.id)


def _deleted() -> RefusedError:
    return RefusedError("ENTITY_IS_DELETED", "entity is deleted", status=404)


def _content(body: Mapping[str, Any]) -> bytes:
    try:
        return base64.b64decode(str(body.get("Body") or ""), validate=True)
    except binascii.Error:
        raise RefusedError("JSON_PARSER_ERROR", "Body must be base64", fields=("Body",)) from None


def _create_resource(desk: Desk, caller: Caller, body: Mapping[str, Any]) -> str:
    _refuse_unknown(body, {"Name", "Body", *_RESOURCE_MEMBERS}, "StaticResource")
    _require(body, "Name", "ContentType")
    organization, name = desk.organization, str(body["Name"])
    if any(known.lower() == name.lower() for known in organization.of("StaticResource")):
        # Inferred: the words; the code is the one of the StatusCode table.
        text = (
            f"The name {name} is already used on component of type: Static Resource. Please rename existing component."
        )
        raise RefusedError("DUPLICATE_DEVELOPER_NAME", text, fields=("Name",))
    values = {"cacheControl": "Private", **_values(body)}
    _check_resource(name, values, _content(body))
    now = organization.instant
    encoded = base64.b64encode(_content(body)).decode("ascii")
    user = caller.user.id
    component = Component(organization.new_id("StaticResource"), values, user, now, user, now, encoded)
    organization.of("StaticResource")[name] = component
    _note_resource(organization, "Created", name, caller)
    return component.id


def _values(body: Mapping[str, Any]) -> dict[str, str]:
    return {member: str(body[name]) for name, member in _RESOURCE_MEMBERS.items() if body.get(name) is not None}


def _check_resource(name: str, values: Mapping[str, str], content: bytes) -> None:
    problem = next(check_resource(name, dict(values), content), None)
    if problem is not None:
        raise RefusedError("FIELD_INTEGRITY_EXCEPTION", problem)
    if values["cacheControl"] not in CACHE_CONTROLS:
        text = f"Cache Control: bad value for restricted picklist field: {values['cacheControl']}"
        raise RefusedError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", text, fields=("CacheControl",))


def _resource(organization: Organization, identity: str) -> tuple[str, Component]:
    for name, component in organization.of("StaticResource").items():
        if component.id == identity:
            return name, component
    raise _deleted()


def _update_resource(desk: Desk, caller: Caller, identity: str, body: Mapping[str, Any]) -> None:
    _refuse_unknown(body, {"Body", *_RESOURCE_MEMBERS}, "StaticResource")
    name, component = _resource(desk.organization, identity)
    values = {**component.values, **_values(body)}
    content = _content(body) if "Body" in body else base64.b64decode(component.content or "")
    _check_resource(name, values, content)
    component.values, component.content = values, base64.b64encode(content).decode("ascii")
    component.changed_by, component.changed_at = caller.user.id, desk.organization.instant
    _note_resource(desk.organization, "Changed", name, caller)


def _delete_resource(desk: Desk, caller: Caller, identity: str) -> None:
    name, _ = _resource(desk.organization, identity)
    del desk.organization.of("StaticResource")[name]
    _note_resource(desk.organization, "Deleted", name, caller)


def _note_resource(organization: Organization, done: str, name: str, caller: Caller) -> None:
    organization.note(
        f"{done.lower()}StaticResource", "Static Resource", f"{done} static resource {name}", caller.user.id
    )


def _no_login(_desk: Desk, _caller: Caller, _body: Mapping[str, Any]) -> str:
    raise RefusedError("INVALID_TYPE_FOR_OPERATION", "entity type UserLogin does not support create")


def _freeze(desk: Desk, caller: Caller, identity: str, body: Mapping[str, Any]) -> None:
    """Freeze or unfreeze a user. Inferred: the words of the audit trail."""
    _refuse_unknown(body, {"IsFrozen", "IsPasswordLocked"}, "UserLogin")
    organization = desk.organization
    user = next((each for each in organization.users if login_id(each) == identity), None)
    if user is None:
        raise _deleted()
    if body.get("IsPasswordLocked"):
        raise RefusedError("FIELD_INTEGRITY_EXCEPTION", "IsPasswordLocked can be set to false and not to true")
    if "IsFrozen" in body:
        user.frozen = body["IsFrozen"] is True
        user.frozen_by, user.frozen_at = caller.user.id, organization.instant
        done = "Froze" if user.frozen else "Unfroze"
        organization.note(f"{done.lower()}user", "Manage Users", f"{done} user {user.name}", caller.user.id)


def _no_login_deleted(_desk: Desk, _caller: Caller, _identity: str) -> None:
    raise RefusedError("INVALID_TYPE_FOR_OPERATION", "entity type UserLogin does not support delete")


def resource_body(desk: Desk, identity: str) -> tuple[str, bytes]:
    """Return the content type and the bytes of a static resource. Raises RefusedError."""
    for component in desk.organization.of("StaticResource").values():
        if component.id == normal(identity):
            return component.values["contentType"], base64.b64decode(component.content or "")
    raise RefusedError("NOT_FOUND", "The requested resource does not exist", status=404)


TABLES: Mapping[str, _Writes] = {
    "PermissionSetAssignment": _Writes(_create_assignment, _update_assignment, _delete_assignment),
    "UserLogin": _Writes(_no_login, _freeze, _no_login_deleted),
    "StaticResource": _Writes(_create_resource, _update_resource, _delete_resource),
}
