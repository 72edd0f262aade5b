"""What can be queried: tables with typed columns, and the rows that they have in an org."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import ACTIVITY, fields_of, object_names
from sla_sync_salesforce.simulator.integrity import own_values
from sla_sync_salesforce.simulator.organization import Component, User
from sla_sync_salesforce.simulator.standard_fields import FieldShape, targets

Row: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["string", "id", "boolean", "datetime", "date", "number", "complex"]


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a table. A reference names the table that it leads to, and how the way there is called."""

    name: str
    kind: Kind = "string"
    filterable: bool = True
    sortable: bool = True
    refers_to: str = ""
    relationship: str = ""
    targets: tuple[str, ...] = ()
    """All tables that a reference may lead to, where they are several."""
    formula: bool = False
    """Whether the value is computed when it is read."""


@dataclass(frozen=True, slots=True)
class Table:
    """One queryable object. `key` is the column that references hold."""

    name: str
    columns: Mapping[str, Column]
    rows: Callable[[Desk], Iterable[Row]]
    key: str = "Id"
    stored: bool = False
    """Whether its rows stand in the org's store."""


_KINDS: Mapping[str, Kind] = {
    "Id": "id",
    "Lookup": "id",
    "Checkbox": "boolean",
    "Currency": "number",
    "Number": "number",
    "Percent": "number",
    "Date": "date",
    "DateTime": "datetime",
}


_WORKED_ON = (
    "Lead",
    "Contact",
    "Account",
    "Opportunity",
    "Campaign",
    "CampaignMember",
    "Task",
    "Event",
    "EmailMessage",
)


def columns(text: str) -> dict[str, Column]:
    """Return the columns of a line such as `Id:id Name CreatedById>User Display!` (`!`: neither filter nor relationship)."""
    found = {}
    for word in text.split():
        name, _, kind = word.rstrip("!").partition(":")
        name, _, target = name.partition(">")
        relationship = name.removesuffix("Id") if target else ""
        found[name] = Column(
            name,
            "id" if target else kind or "string",  # type: ignore[arg-type]
            filterable=not word.endswith("!"),
            refers_to=target,
            relationship=relationship,
        )
    return found


def dated(text: str) -> dict[str, Column]:
    """Return columns with those that every dated record has."""
    system = (
        "CreatedDate:datetime CreatedById>User LastModifiedDate:datetime LastModifiedById>User SystemModstamp:datetime"
    )
    return columns(f"{text} {system}")


def object_table(desk: Desk, user: User, name: str) -> Table | None:
    """Return an object that holds records, with the fields that this user may see."""
    known = next((each for each in object_names(desk.organization) if each.lower() == name.lower()), None)
    if known is None or not may(desk, user, known, "allowRead"):
        return None
    own = {
        shape.name: Column(
            shape.name,
            _KINDS.get(shape.type, "string"),
            filterable=shape.type not in ("LongTextArea", "TextArea"),
            refers_to=shape.refers_to,
            relationship=shape.relationship,
            targets=targets(known, shape),
            formula=is_formula(desk, known, shape),
        )
        for shape in visible_fields(desk, user, known).values()
    }
    return Table(known, own, lambda at: at.organization.store.of(known).values(), stored=True)


def is_formula(desk: Desk, object_name: str, shape: FieldShape) -> bool:
    """Return whether a field is computed whenever it is read."""
    return shape.name.endswith("__c") and "formula" in own_values(desk.organization, object_name, shape.name)


def visible_fields(desk: Desk, user: User, object_name: str) -> dict[str, FieldShape]:
    """Return the fields of an object that a user may see.

    A new custom field is seen by nobody, administrators included, until a permission set that the user holds grants it.
    """
    shapes = fields_of(desk.organization, object_name)
    if _is_setting(desk, object_name) or user.auditor:
        return shapes
    readable = granted(desk, user, "readable")
    return {
        name: shape
        for name, shape in shapes.items()
        if not name.endswith("__c") or shape.required or _key(object_name, name) in readable
    }


def may_write_field(desk: Desk, user: User, object_name: str, shape: FieldShape) -> bool:
    """Return whether a user who sees a field may write it too."""
    if not shape.writeable or not shape.name.endswith("__c") or shape.required or _is_setting(desk, object_name):
        return shape.writeable
    return _key(object_name, shape.name) in granted(desk, user, "editable")


def _is_setting(desk: Desk, object_name: str) -> bool:
    """Return whether an object holds settings: their fields have no permissions of their own."""
    component = desk.organization.of("CustomObject").get(object_name)
    return object_name.endswith("__mdt") or (component is not None and "customSettingsType" in component.values)


def _key(object_name: str, field: str) -> str:
    # Documented: the permissions of a field of Activity count for Task and Event.
    return f"{ACTIVITY if object_name in ('Task', 'Event') else object_name}.{field}"


def may(desk: Desk, user: User, object_name: str, flag: str) -> bool:
    """Return whether a user may do something (`allowRead`, `allowCreate`, `allowEdit`, `allowDelete`) with an object."""
    if user.auditor and flag == "allowRead":
        return True
    if user.administrator or (object_name.endswith("__mdt") and flag == "allowRead"):
        return True
    if not object_name.endswith("__c"):
        # Inferred: a standard user has what the profile of that name has: records of people, and reads of the rest.
        return flag == "allowRead" or object_name in _WORKED_ON
    if _is_setting(desk, object_name):
        return False
    return any(
        entry.get("object") == object_name and entry.get(flag) == "true"
        for component in _held(desk, user)
        for entry in component.values.get("objectPermissions", [])
    )


def granted(desk: Desk, user: User, flag: str) -> set[str]:
    """Return the fields, as `Lead.X__c`, on which a user's permission sets grant `readable` or `editable`."""
    return {
        entry["field"]
        for component in _held(desk, user)
        for entry in component.values.get("fieldPermissions", [])
        if entry.get(flag) == "true"
    }


def _held(desk: Desk, user: User) -> list[Component]:
    held = {each.permission_set for each in desk.organization.assignments if each.assignee == user.id}
    return [each for each in desk.organization.of("PermissionSet").values() if each.id in held]
