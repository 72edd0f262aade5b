"""The records of the portal: texts by property with their whole history, who is associated with whom, and notes.

A property holds texts only, as HubSpot keeps them: numbers and booleans are spelled, a datetime is UTC in ISO 8601, a
date is its day. Nothing is checked or derived here: endpoints and workflows write through `saving.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple, TypeAlias

from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.memory import Memory
from sla_sync_hubspot.simulator.refusals import Json

ARCHIVED = "archived"
"""The name under which a change tells that a record went to the archive or came back: it is no property."""
ID = "hs_object_id"
"""The property that every record gets first: a change of it from None tells that the record is new."""
LISTED = ""
"""The property of a change that tells that a record joined a list (`new` is its id) or left one (`old` is its id)."""
LINKED = "associations"
"""The name under which a change tells that a record was associated with another of the type `new`: it is no property."""
MERGED = "merged"
"""The kind of notes that tell into which record one was merged, by its id."""
_FIRST_ID = 101
_CREATED = frozenset({"createdate", "hs_createdate"})
_UPDATED = frozenset({"lastmodifieddate", "hs_lastmodifieddate"})


class Source(NamedTuple):
    """Who wrote a value: a kind of writer, which one of it, and the user where it was a person."""

    kind: str
    identifier: str = ""
    user: str = ""


API = "INTEGRATION"
SCREENS = "CRM_UI"
AUTOMATION = "AUTOMATION_PLATFORM"
"""A workflow; the identifier says which."""
CALCULATED = "CALCULATED"


class Value(NamedTuple):
    """What a property held from an instant on. An empty text is a value that was cleared."""

    text: str
    at: datetime
    source: Source


def members_kind(list_id: str) -> str:
    """Return the kind of notes that tell since when the records of a list are its members, by record."""
    return f"members/{list_id}"


class Change(NamedTuple):
    """One property of one record that became another; `old` is None where it never had a value."""

    at: datetime
    object_id: str
    id: str
    property: str
    old: str | None
    new: str
    source: Source


@dataclass(frozen=True, slots=True)
class Record:
    """One record; a write puts another in its place. `history` holds the values of a property, newest first."""

    object_id: str
    id: str
    created: datetime
    updated: datetime
    history: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)
    archived: datetime | None = None

    def get(self, name: str) -> str | None:
        """Return what a property holds, an empty text where it was cleared, None where it never had a value."""
        values = self.values(name)
        return values[0].text if values else None

    def values(self, name: str) -> tuple[Value, ...]:
        """Return what a property held, newest first; the dates of the record itself have no past."""
        if name in _CREATED or name in _UPDATED:
            moment = self.created if name in _CREATED else self.updated
            return (Value(spell_instant(moment), moment, Source(CALCULATED)),)
        return self.history.get(name, ())

    def at(self, instant: datetime) -> Record | None:
        """Return the record as it stood at an instant, or None where it did not exist then."""
        if self.updated <= instant:
            return self
        if self.created > instant:
            return None
        history = {name: tuple(each for each in values if each.at <= instant) for name, values in self.history.items()}
        kept = {name: values for name, values in history.items() if values}
        updated = max((values[0].at for values in kept.values()), default=self.created)
        archived = self.archived if self.archived and self.archived <= instant else None
        return replace(self, history=kept, updated=updated, archived=archived)


class Label(NamedTuple):
    """What an association means: the category (`HUBSPOT_DEFINED`) and the id of its type."""

    category: str
    type_id: int


Step: TypeAlias = tuple[Any, ...]
"""One write as it stands on disk: its kind and plain values; see `_STEPS`."""


@dataclass(frozen=True, slots=True)
class Savepoint:
    """How things stood at one moment, as lengths of what was written since the records were last kept."""

    journal: int
    changes: int


class Records:
    """Records, associations and notes, in memory; `records_file.py` keeps them."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, Record]] = {}
        """Records by object type and id, archived ones too, oldest first."""
        self.links: dict[tuple[str, str, str], Mapping[str, tuple[Label, ...]]] = {}
        """(object type, id, other object type) → the ids on the other side with the labels of each."""
        self.notes: dict[str, dict[str, Json]] = {}
        """What the portal remembers besides records, by kind and key: memberships, enrolments, what waits."""
        self.changes: list[Change] = []
        """What was written since the records were last kept, in order: what a request tells workflows and segments."""
        self.steps: list[Step] = []
        """The same as it goes to disk, with the associations and the notes."""
        self.next_id = _FIRST_ID
        """The next id of a record; those given out stay given out when a request is taken back."""
        self.memory = Memory()
        """What was found out about the records; forgotten when a write is taken back."""
        self.orders: dict[str, Any] = {}
        """The order of last changes by object type (see `ordering.py`); forgotten with every write."""
        self._unique: dict[tuple[str, str], dict[str, set[str]]] = {}
        self._undo: list[tuple[dict[Any, Any], Any, Any]] = []

    def get(self, object_id: str, identifier: str) -> Record | None:
        """Return a record that is not archived, or None."""
        found = self.rows.get(object_id, {}).get(identifier)
        return found if found and not found.archived else None

    def holder(self, object_id: str, name: str, text: str) -> Record | None:
        """Return the oldest record that is not archived and whose property holds a text, or None.

        For properties that are asked so again and again: who ever held a text is kept, and looked at again.
        """
        kept = self._unique.get((object_id, name))
        if kept is None:
            kept = self._unique[object_id, name] = {}
            for each in self.rows.get(object_id, {}).values():
                for value in each.values(name):
                    kept.setdefault(value.text, set()).add(each.id)
        found = (self.get(object_id, each) for each in sorted(kept.get(text, ()), key=int))
        return next((each for each in found if each and each.get(name) == text), None)

    def of(self, object_id: str) -> Iterator[Record]:
        """Return the records of an object type that are not archived, oldest first."""
        return (each for each in tuple(self.rows.get(object_id, {}).values()) if not each.archived)

    def create(self, object_id: str, values: Mapping[str, str], source: Source, at: datetime) -> str:
        """Add a record with these values and its id, and return the id."""
        identifier = str(self.next_id)
        self.next_id += 1
        self._do(("create", object_id, identifier, at))
        self.write(object_id, identifier, {ID: identifier} | dict(values), source, at)
        return identifier

    def write(
        self, object_id: str, identifier: str, values: Mapping[str, str], source: Source, at: datetime
    ) -> Sequence[Change]:
        """Write values into a record and return those that became others; raises KeyError where there is none.

        Inferred: a value that is written again leaves no trace in the history.
        """
        before = self.rows[object_id][identifier]
        changes = [
            Change(at, object_id, identifier, name, before.get(name), text, source)
            for name, text in values.items()
            if (before.get(name) or "") != text
        ]
        if changes:
            self._do(("write", object_id, identifier, at, tuple(source), {each.property: each.new for each in changes}))
        self.changes += changes
        return changes

    def archive(self, object_id: str, identifier: str, source: Source, at: datetime, *, back: bool = False) -> None:
        """Move a record to the archive, or bring it back; raises KeyError where there is none."""
        before = self.rows[object_id][identifier]
        self._do(("archive", object_id, identifier, at, back))
        old, new = ("true", "false") if before.archived else ("false", "true")
        self.changes.append(Change(at, object_id, identifier, ARCHIVED, old, new, source))

    def merge(
        self, object_id: str, identifier: str, history: Mapping[str, tuple[Value, ...]], created: datetime
    ) -> None:
        """Put a record there that has the past of others."""
        writes = [(name, each.text, each.at, tuple(each.source)) for name, values in history.items() for each in values]
        self._do(("merge", object_id, identifier, created, writes))
        self._unique.clear()

    def remove(self, object_id: str, identifier: str, merged: str) -> None:
        """Take a record away that was merged into another; whoever asks for it is led there."""
        self._do(("remove", object_id, identifier))
        self.note(MERGED, f"{object_id}/{identifier}", {"into": merged})

    def resolved(self, object_id: str, identifier: str) -> str:
        """Return the id of the record into which one was merged, be it by way of others; its own where it was not."""
        merged = self.noted(MERGED)
        while (found := merged.get(f"{object_id}/{identifier}")) is not None:
            identifier = str(found["into"])
        return identifier

    def enlist(self, list_id: str, object_id: str, identifier: str, at: datetime, *, member: bool) -> bool:
        """Let a record join a list or leave it, and return whether it was otherwise before."""
        kind = members_kind(list_id)
        if member == (identifier in self.noted(kind)):
            return False
        self.note(kind, identifier, {"since": at.isoformat()} if member else None)
        old, new = (None, list_id) if member else (list_id, "")
        self.changes.append(Change(at, object_id, identifier, LISTED, old, new, Source(CALCULATED)))
        return True

    def links_of(self, object_id: str, identifier: str, other_id: str) -> Mapping[str, tuple[Label, ...]]:
        """Return the ids of records of another type (or the same) that a record is associated with, and the labels."""
        return self.links.get((object_id, identifier, other_id), {})

    def link(self, side: tuple[str, str], other: tuple[str, str], labels: Sequence[Label]) -> None:
        """Let one record (object type, id) be associated with another under these labels; none ends it.

        Only this direction is written: the other one has labels of its own.
        """
        if self.links_of(*side, other[0]).get(other[1], ()) != tuple(labels):
            self._do(("link", *side, *other, [tuple(each) for each in labels]))

    def tell_linked(self, side: tuple[str, str], other_id: str, at: datetime) -> None:
        """Tell workflows that a record was associated with one of another type."""
        self.changes.append(Change(at, *side, LINKED, None, other_id, Source(CALCULATED)))

    def note(self, kind: str, key: str, document: Json | None) -> None:
        """Remember something, or forget it; a document that was handed over is not to be changed afterwards."""
        if document is not None or key in self.notes.get(kind, {}):
            self._do(("note", kind, key, document))

    def noted(self, kind: str) -> Mapping[str, Json]:
        """Return what is remembered of a kind, in the order in which it was first noted."""
        return self.notes.get(kind, {})

    def savepoint(self) -> Savepoint:
        """Return what `restore` needs to come back to this moment; it costs nothing."""
        return Savepoint(len(self._undo), len(self.changes))

    def restore(self, savepoint: Savepoint) -> None:
        """Take back every write since."""
        if len(self._undo) > savepoint.journal:
            self.memory.forget()
        while len(self._undo) > savepoint.journal:
            table, key, before = self._undo.pop()
            self.orders.clear()
            self.steps.pop()
            if before is None:
                table.pop(key, None)
            else:
                table[key] = before
        del self.changes[savepoint.changes :]

    def kept(self) -> None:
        """Forget how to take back what was written: it stands on disk."""
        self._undo.clear()
        self.steps.clear()
        self.changes.clear()

    def replay(self, step: Step) -> None:
        """Carry out one write that was read from disk."""
        table, key, after = _STEPS[step[0]](self, *step[1:])
        if after is None:
            table.pop(key, None)
        else:
            table[key] = after

    def _do(self, step: Step) -> None:
        table, key, after = _STEPS[step[0]](self, *step[1:])
        if step[0] not in ("link", "note"):
            self.orders.pop(step[1], None)
        self._undo.append((table, key, table.get(key)))
        self.steps.append(step)
        if step[0] == "write" and self._unique:
            for name, text in step[5].items():
                if (step[1], name) in self._unique:
                    self._unique[step[1], name].setdefault(text, set()).add(step[2])
        if after is None:
            table.pop(key, None)
        else:
            table[key] = after


_Placed: TypeAlias = tuple[dict[Any, Any], Any, Any]
"""The table that a step writes to, the key there, and what then stands there."""


def _created(records: Records, object_id: str, identifier: str, at: datetime) -> _Placed:
    return records.rows.setdefault(object_id, {}), identifier, Record(object_id, identifier, at, at)


def _written(
    records: Records, object_id: str, identifier: str, at: datetime, source: Sequence[str], values: Mapping[str, str]
) -> _Placed:
    rows = records.rows[object_id]
    before = rows[identifier]
    told = Source(*source)
    more = {name: (Value(text, at, told), *before.history.get(name, ())) for name, text in values.items()}
    return rows, identifier, replace(before, history={**before.history, **more}, updated=max(at, before.updated))


def _archived(records: Records, object_id: str, identifier: str, at: datetime, back: bool) -> _Placed:  # noqa: FBT001 - a step holds plain values in order
    rows = records.rows[object_id]
    return rows, identifier, replace(rows[identifier], archived=None if back else at, updated=at)


def _linked(
    records: Records, object_id: str, identifier: str, other_id: str, other: str, labels: Sequence[Sequence[Any]]
) -> _Placed:
    key = (object_id, identifier, other_id)
    rest = {each: kept for each, kept in records.links.get(key, {}).items() if each != other or labels}
    if labels:
        rest[other] = tuple(Label(*each) for each in labels)
    return records.links, key, rest or None


def _noted(records: Records, kind: str, key: str, document: Json | None) -> _Placed:
    return records.notes.setdefault(kind, {}), key, document


def _merged(
    records: Records, object_id: str, identifier: str, created: datetime, writes: Sequence[Sequence[Any]]
) -> _Placed:
    history: dict[str, tuple[Value, ...]] = {}
    for name, text, at, source in writes:
        moment = at if isinstance(at, datetime) else datetime.fromisoformat(at)
        history[name] = (*history.get(name, ()), Value(text, moment, Source(*source)))
    updated = max((values[0].at for values in history.values()), default=created)
    return records.rows[object_id], identifier, Record(object_id, identifier, created, updated, history)


def _removed(records: Records, object_id: str, identifier: str) -> _Placed:
    return records.rows[object_id], identifier, None


_STEPS: Mapping[str, Any] = {
    "create": _created,
    "write": _written,
    "archive": _archived,
    "merge": _merged,
    "remove": _removed,
    "link": _linked,
    "note": _noted,
}
