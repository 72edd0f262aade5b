"""What can be queried: tables with typed columns, and the rows that they have in an org."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.fields import fields_of, object_names
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.standard_fields import FieldShape

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


@dataclass(frozen=True, slots=True)
class Table:
    """One queryable object. `key` is the column that references hold."""

    name: str
    columns: Mapping[str, Column]
    rows: Callable[[Desk], Iterable[Row]]
    key: str = "Id"


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
    """Return an object that holds records of people, with the fields that this user may see; it has no records here."""
    if name not in object_names() or name in ("User", "Group"):
        return None
    visible = visible_fields(desk, user, name)
    own = {
        shape.name: Column(
            shape.name,
            _KINDS.get(shape.type, "string"),
            filterable=shape.type not in ("LongTextArea", "TextArea"),
            refers_to=shape.refers_to,
            relationship=shape.relationship,
        )
        for shape in visible.values()
    }
    return Table(name, own, lambda _desk: ())


def visible_fields(desk: Desk, user: User, object_name: str) -> dict[str, FieldShape]:
    """Return the fields of an object that a user may see.

    A new custom field is seen by nobody, administrators included, until a permission set that the user holds grants it.
    """
    readable = granted(desk, user, "readable")
    return {
        name: shape
        for name, shape in fields_of(desk.organization, object_name).items()
        if not name.endswith("__c") or shape.required or f"{object_name}.{name}" in readable
    }


def granted(desk: Desk, user: User, flag: str) -> set[str]:
    """Return the fields, as `Lead.X__c`, on which a user's permission sets grant `readable` or `editable`."""
    held = {each.permission_set for each in desk.organization.assignments if each.assignee == user.id}
    return {
        entry["field"]
        for component in desk.organization.of("PermissionSet").values()
        if component.id in held
        for entry in component.values.get("fieldPermissions", [])
        if entry.get(flag) == "true"
    }
