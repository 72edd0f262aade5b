"""The rows of an org: typed values by object and id, with what is needed to take a transaction back.

Every row of every object that a flow, a formula or a query may read stands here. Rows that the org derives from its
settings (users, queues, rows of custom metadata) are put here by `projection`; all others are written by saves.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from sla_sync_salesforce.simulator.identifiers import CUSTOM_KEY, DATA_KEYS, METADATA_KEY, normal, spelled

Value: TypeAlias = "str | bool | int | float | datetime | date | None"
"""What a field holds. Instants are aware and in UTC; a text that is empty is None, as the platform keeps it."""
Fields: TypeAlias = Mapping[str, Value]
Row: TypeAlias = dict[str, Value]
Numbering: TypeAlias = Callable[[str], Mapping[str, str]]
"""Object → the display formats (`SLA-{000000}`) of its auto-number fields by name."""

STAMPS = ("CreatedById", "CreatedDate", "LastModifiedById", "LastModifiedDate", "SystemModstamp")
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Change(NamedTuple):
    """One value of one row that became another; `old` is None throughout where the row is new."""

    at: datetime
    by: str
    object: str
    id: str
    field: str
    old: Value
    new: Value


@dataclass(frozen=True, slots=True)
class Savepoint:
    """How things stood at one moment, as lengths of what was written since the rows were last kept."""

    journal: int
    history: int


def _no_numbers(_object_name: str) -> Mapping[str, str]:
    return {}


class Store:
    """Rows by object and id. A row that was handed out is never changed: a write puts another in its place."""

    def __init__(self, numbering: Numbering = _no_numbers) -> None:
        self.rows: dict[str, dict[str, Row]] = {}
        self.history: list[Change] = []
        self.numbers: dict[str, int] = {}
        """The last number given out by key prefix of an object, or by `object.field` of an auto-number field."""
        self.prefixes: dict[str, str] = {}
        """The key prefixes of custom objects, given out in the order in which they are first asked for."""
        self.numbering = numbering
        self.derived: set[str] = set()
        """Objects whose rows come from settings; they are not written to disk."""
        self.journal: list[tuple[str, str, Row | None]] = []
        """What stood in the place of each row that was written since the rows were last kept."""

    def get(self, object_name: str, identity: str | None) -> Row | None:
        """Return a row by its id in 15 or 18 characters, or None."""
        return self.rows.get(object_name, {}).get(normal(identity)) if identity else None

    def of(self, object_name: str) -> dict[str, Row]:
        """Return the rows of an object by id, oldest first."""
        return self.rows.setdefault(object_name, {})

    def insert(self, object_name: str, fields: Fields, *, by: str, at: datetime) -> str:
        """Add a row, give it its id, its auto-numbers and its dates, and return the id."""
        identity = self.new_id(object_name)
        numbers = {
            name: _numbered(shape, self._next(f"{object_name}.{name}"))
            for name, shape in self.numbering(object_name).items()
        }
        row: Row = {"Id": identity, "IsDeleted": False, **fields, **numbers}
        if object_name.endswith("__c") and not row.get("Name"):
            row["Name"] = identity  # documented: a record of a custom object that is given no name is named by its id
        for name in STAMPS:
            row.setdefault(name, by if name.endswith("Id") else at)
        self._write(object_name, identity, row)
        self._tell(object_name, identity, {}, row, by, at)
        return identity

    def put(self, object_name: str, identity: str, fields: Fields, *, by: str, at: datetime) -> None:
        """Change these fields of a row. Raises KeyError for a row that is not there."""
        identity = normal(identity)
        before = self.rows[object_name][identity]
        stamps: Row = {"LastModifiedById": by, "LastModifiedDate": at, "SystemModstamp": at}
        after: Row = {**before, **fields, **stamps}
        self._write(object_name, identity, after)
        self._tell(object_name, identity, before, after, by, at)

    def remove(self, object_name: str, identity: str) -> None:
        """Take a row away. Raises KeyError for a row that is not there."""
        self._write(object_name, normal(identity), None)

    def note(self, object_name: str, identity: str, row: Mapping[str, Value] | None) -> None:
        """Put a row that the org keeps for itself, or take it away: it has no dates and no history."""
        if row is not None or identity in self.of(object_name):
            self._write(object_name, identity, None if row is None else dict(row))

    def bury(self, object_name: str, identity: str, more: Fields, *, by: str, at: datetime) -> None:
        """Take a row away as the platform does: whoever asks for all rows still finds it. Raises KeyError."""
        row: Row = {**self.rows[object_name][normal(identity)], **more, "IsDeleted": True}
        stamps: Row = {"LastModifiedById": by, "LastModifiedDate": at, "SystemModstamp": at}
        self.remove(object_name, identity)
        self.note(bin_of(object_name), normal(identity), {**row, **stamps})

    def derive(self, object_name: str, rows: Mapping[str, Row]) -> None:
        """Put the rows of an object that the org's settings make, in place of those that they made before."""
        self.derived.add(object_name)
        self.rows[object_name] = dict(rows)

    def copy(self) -> Savepoint:
        """Return what `restore` needs to come back to this moment; it costs nothing."""
        return Savepoint(len(self.journal), len(self.history))

    def restore(self, savepoint: Savepoint) -> None:
        """Take back every write since; numbers given out meanwhile stay given, as on the platform."""
        while len(self.journal) > savepoint.journal:
            object_name, identity, before = self.journal.pop()
            if before is None:
                self.rows[object_name].pop(identity, None)
            else:
                self.rows[object_name][identity] = before
        del self.history[savepoint.history :]

    def new_id(self, object_name: str) -> str:
        """Return an id of an object's own prefix that no other row has."""
        prefix = self.prefix(object_name)
        return spelled(prefix, self._next(prefix))

    def prefix(self, object_name: str) -> str:
        """Return the three characters with which the ids of an object begin."""
        if object_name in DATA_KEYS:
            return DATA_KEYS[object_name]
        if object_name not in self.prefixes:
            key = METADATA_KEY if object_name.endswith("__mdt") else CUSTOM_KEY
            first, second = divmod(sum(each.startswith(key) for each in self.prefixes.values()), len(_DIGITS))
            self.prefixes[object_name] = key + _DIGITS[first] + _DIGITS[second]
        return self.prefixes[object_name]

    def object_of(self, identity: str) -> str | None:
        """Return the object that has a row of this id, or None."""
        identity = normal(identity)
        for known in (DATA_KEYS, self.prefixes):
            for object_name, prefix in known.items():
                if identity.startswith(prefix) and identity in self.rows.get(object_name, {}):
                    return object_name
        return None

    def _next(self, counter: str) -> int:
        self.numbers[counter] = self.numbers.get(counter, 0) + 1
        return self.numbers[counter]

    def _write(self, object_name: str, identity: str, row: Row | None) -> None:
        rows = self.of(object_name)
        self.journal.append((object_name, identity, rows.get(identity)))
        if row is None:
            del rows[identity]
        else:
            rows[identity] = row

    def _tell(self, object_name: str, identity: str, before: Row, after: Row, by: str, at: datetime) -> None:
        for name, new in after.items():
            if name not in STAMPS and before.get(name) != new:
                self.history.append(Change(at, by, object_name, identity, name, before.get(name), new))


def bin_of(object_name: str) -> str:
    """Return under what name the rows of an object stand that were deleted."""
    return f"{object_name} (deleted)"


def _numbered(shape: str, number: int) -> str:
    """Return a number in a display format: `SLA-{0000}` and 7 make `SLA-0007`."""
    before, _, rest = shape.partition("{")
    zeros, _, after = rest.partition("}")
    return f"{before}{number:0{len(zeros) or 1}}{after}"
