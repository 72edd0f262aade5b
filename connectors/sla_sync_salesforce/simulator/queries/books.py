"""The tables that a user may query through one API, and what the paths of a query lead to in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.queries.data_tables import DATA_TABLES, USER_LOGIN
from sla_sync_salesforce.simulator.queries.tables import Column, Row, Table, object_table
from sla_sync_salesforce.simulator.queries.tooling_tables import TOOLING_TABLES
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.paths import Viewpoint, computed
from sla_sync_salesforce.simulator.running.world import world_of
from sla_sync_salesforce.simulator.store import bin_of

_HINT = (
    "If you are attempting to use a custom {what}, be sure to append the '__c' after the {name} name."
    " Please reference your WSDL or the describe call for the appropriate names."
)
_PARENTS = 5
_IN_BIN = timedelta(days=15)
"""How long a deleted record stays in the recycle bin (Salesforce Help, "Recycle Bin")."""
_TYPE = Column("Type")
"""What the platform answers for `Owner.Type` where an owner may be of several objects."""


@dataclass(frozen=True)
class Books:
    """The tables that a user may query through one API, with their rows by key."""

    desk: Desk
    user: User
    tooling: bool
    everything: bool = False
    """Whether deleted rows are found too, as long as they are in the recycle bin."""
    _known: dict[str, Table] = field(default_factory=dict)
    _columns: dict[tuple[str, str], Column] = field(default_factory=dict)

    @cached_property
    def _view(self) -> Viewpoint:
        return Viewpoint(world_of(self.desk), self.desk.organization.now, self.user.id)

    def table(self, name: str) -> Table:
        """Return a table by name, in any case. Raises RefusedError with INVALID_TYPE."""
        key = name.lower()
        if key not in self._known:
            self._known[key] = self._found(key, name)
        return self._known[key]

    def _found(self, key: str, name: str) -> Table:
        tables = TOOLING_TABLES if self.tooling else DATA_TABLES
        found = next((table for known, table in tables.items() if known.lower() == key), None)
        if found is not None and found.name == USER_LOGIN and not self.user.administrator:
            found = None
        if found is None and not self.tooling:
            found = object_table(self.desk, self.user, name)
        if found is None:
            hint = _HINT.format(what="object", name="entity")
            raise RefusedError("INVALID_TYPE", f"sObject type '{name}' is not supported. {hint}")
        return found

    def rows(self, table: Table) -> Iterator[Row]:
        """Yield the rows of a table; those that were deleted only where everything is asked for."""
        yield from table.rows(self.desk)
        if self.everything and table.stored:
            store, since = self.desk.organization.store, self.desk.organization.now - _IN_BIN
            for row in store.rows.get(bin_of(table.name), {}).values():
                gone = row["SystemModstamp"]
                if isinstance(gone, datetime) and gone >= since:
                    yield row

    def row(self, table: Table, key: Any) -> Row | None:
        """Return the row of a table with this key."""
        if table.stored:
            return self.desk.organization.store.get(table.name, key)
        return next((row for row in table.rows(self.desk) if row.get(table.key) == key), None)

    def parent(self, column: Column, key: Any) -> tuple[Table, Row] | None:
        """Return the row that a reference leads to, and its table."""
        for name in column.targets or (column.refers_to,):
            if key is None or not self._is_known(name):
                continue
            target = self.table(name)
            found = self.row(target, key)
            if found is not None:
                return target, found
        return None

    def reference(self, table: Table, head: str) -> Column:
        """Return the reference that a path takes first. Raises RefusedError with INVALID_FIELD."""
        for column in table.columns.values():
            if column.relationship and column.relationship.lower() == head.lower():
                return column
        hint = _HINT.format(what="relationship", name="custom")
        raise RefusedError("INVALID_FIELD", f"Didn't understand relationship '{head}' in field path. {hint}")

    def column(self, table: Table, path: str) -> Column:
        """Return the column that a path leads to; looked up once. Raises RefusedError with INVALID_FIELD."""
        key = (table.name, path)
        if key not in self._columns:
            self._columns[key] = self._column(table, path)
        return self._columns[key]

    def _column(self, table: Table, path: str) -> Column:
        if path.count(".") > _PARENTS:
            text = f"A path may lead over at most {_PARENTS} relationships, and {path} leads over {path.count('.')}"
            raise RefusedError("INVALID_FIELD", text)
        head, _, rest = path.partition(".")
        if rest:
            reference = self.reference(table, head)
            return self._of_parent(reference, rest)
        for column in table.columns.values():
            if column.name.lower() == head.lower():
                return column
        hint = _HINT.format(what="field", name="custom field")
        raise RefusedError("INVALID_FIELD", f"No such column '{head}' on entity '{table.name}'. {hint}")

    def _of_parent(self, reference: Column, path: str) -> Column:
        targets = [name for name in reference.targets or (reference.refers_to,) if self._is_known(name)]
        if len(targets) > 1 and path.lower() == "type":
            return _TYPE
        for name in targets[:-1]:
            try:
                return self.column(self.table(name), path)
            except RefusedError:
                continue
        return self.column(self.table(targets[-1] if targets else reference.refers_to), path)

    def _is_known(self, name: str) -> bool:
        try:
            self.table(name)
        except RefusedError:
            return False
        return True

    def value(self, table: Table, row: Row, path: str) -> Any:
        """Return what a row has at a path; formulas are computed."""
        head, _, rest = path.partition(".")
        if not rest:
            column = self.column(table, head)
            if column.formula:
                return computed(self._view, table.name, row, column.name)
            value = row.get(column.name)
            return False if value is None and column.kind == "boolean" else value
        reference = self.reference(table, head)
        found = self.parent(reference, row.get(reference.name))
        if found is None:
            return None
        target, related = found
        if len(reference.targets) > 1 and rest.lower() == "type":
            return target.name
        name = rest.partition(".")[0].lower()
        if not any(name in (each.name.lower(), each.relationship.lower()) for each in target.columns.values()):
            return None  # a column that only another of the objects has to which the reference may lead
        return self.value(target, related, rest)


def relationships(books: Books, table: Table) -> Mapping[str, tuple[str, str]]:
    """Return the child relationships of an object: lower-case name → the object that refers to it and by which field."""
    standard = {
        name.lower(): (child, column) for (parent, name), (child, column) in _CHILDREN.items() if parent == table.name
    }
    own = {}
    for full_name, component in books.desk.organization.of("CustomField").items():
        child, _, name = full_name.partition(".")
        called = component.values.get("relationshipName")
        if called and component.values.get("referenceTo") == table.name:
            own[f"{called}__r".lower()] = (child, name)
    return {**standard, **own}


_CHILDREN = {
    ("Lead", "CampaignMembers"): ("CampaignMember", "LeadId"),
    ("Lead", "Tasks"): ("Task", "WhoId"),
    ("Lead", "Events"): ("Event", "WhoId"),
    ("Contact", "CampaignMembers"): ("CampaignMember", "ContactId"),
    ("Contact", "Tasks"): ("Task", "WhoId"),
    ("Contact", "Events"): ("Event", "WhoId"),
    ("Account", "Contacts"): ("Contact", "AccountId"),
    ("Account", "Opportunities"): ("Opportunity", "AccountId"),
    ("Campaign", "CampaignMembers"): ("CampaignMember", "CampaignId"),
    ("Group", "GroupMembers"): ("GroupMember", "GroupId"),
}
