"""Copied tables as the records that HubSpot itself would tell: what each holds, what it held before, and its contacts.

Tables are gone through side by side, each in the order of the record's id, so that one record is held at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from heapq import merge
from itertools import groupby
from operator import itemgetter
from typing import Any

from sla_sync.connector.history import Copied
from sla_sync_hubspot.past.copies import Copy, Kept, Trail

Row = Mapping[str, str]
_CREATED, _UPDATED, _AT, _VALUE, _CONTACT, _CONTACTS = (
    "createdAt",
    "updatedAt",
    "timestamp",
    "value",
    "contact_id",
    "contacts",
)
_INSTANTS = ("createdate", "hs_timestamp", "hs_createdate")
"""Properties that are instants, which a copy may hold without a zone."""
_USER = "userId:"


@dataclass
class _Beside:
    """The rows of a table by record, gone through in step with those of another."""

    groups: Iterator[tuple[str, list[Row]]]
    now: tuple[str, list[Row]] | None = field(default=None)

    def of(self, record: str) -> list[Row]:
        """Return the rows of a record, which must come after all that were asked for before."""
        while self.now is None or self.now[0] < record:
            self.now = next(self.groups, None)
            if self.now is None:
                return []
        return self.now[1] if self.now[0] == record else []


@dataclass(frozen=True)
class Shelves:
    """Tables that a tool copied, and where it put what."""

    copied: Copied
    copy: Copy

    def records(
        self, kept: Kept, present: Sequence[str], told: Sequence[str] = (), trail: Trail | None = None
    ) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
        """Yield the records of an object with their contacts, the lowest first, as HubSpot tells them in a batch."""
        names = {self.copy.prefix + each: each for each in present}
        columns = (kept.record, _CREATED, _UPDATED, _CONTACTS, *self.copy.deleted, *self.copy.gone_at, *names)
        versions = self._versions(trail, told) if trail else _Beside(iter(()))
        linked = self._linked(kept)
        tables = (self.copied.rows(each, columns, kept.record) for each in kept.tables)
        rows = merge(*tables, key=itemgetter(kept.record))
        for record, found in groupby(rows, key=itemgetter(kept.record)):
            if record:
                # Airbyte may keep every state of a record; the last one counts.
                row = max(found, key=itemgetter(_UPDATED))
                held = {name: text for column, name in names.items() if (text := row[column])}
                yield (
                    self._record(record, row, held, versions.of(record)),
                    _contacts((each[_CONTACT] for each in linked.of(record)), row[_CONTACTS]),
                )

    def held(self, kept: Kept, present: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the records of an object, in no order, with what these properties hold."""
        names = [self.copy.prefix + each for each in present]
        for table in kept.tables:
            for row in self.copied.rows(table, (kept.record, *names)):
                yield row[kept.record], tuple(row[each] for each in names)

    def has(self, kept: Kept) -> bool:
        """Return whether the table of an object was copied."""
        return self.copied.has(kept.tables[0], kept.record)

    def owners(self) -> list[dict[str, Any]]:
        """Return the owners as HubSpot tells them."""
        names = ("id", "userId", "userIdIncludingInactive", _CREATED, _UPDATED, "email", "firstName", "lastName")
        asked = {each: self.copy.said.get(each, (each,)) for each in names}
        teams = self._teams()
        found: dict[str, dict[str, Any]] = {}
        for table in self.copy.owners:
            columns = (
                *(column for each in asked.values() for column in each),
                "teams",
                "is_active",
                *self.copy.deleted,
            )
            for row in self.copied.rows(table, columns):
                owner: dict[str, Any] = {
                    name: next((row[each] for each in columns if row[each]), None) for name, columns in asked.items()
                }
                owner |= {name: instant(owner[name] or "") for name in (_CREATED, _UPDATED)}
                owner["archived"] = self._is_deleted(row) or row["is_active"] == "false"
                owner["teams"] = teams.get(str(owner["id"])) or _listed(row["teams"])
                found[str(owner["id"])] = owner
        return list(found.values())

    def stages(self) -> list[dict[str, Any]]:
        """Return the stages of deals as HubSpot tells them, each with what says whether it closes a deal."""
        columns = ("stage_id", "probability", "is_closed", "stages")
        found: list[dict[str, Any]] = []
        for row in self.copied.rows(self.copy.stages, columns):
            found += [{**each, "id": each.get("stageId") or each.get("id")} for each in _listed(row["stages"])]
            if row["stage_id"]:
                # Inferred: a stage that is sure to be won or lost closes a deal where no column says so.
                closed = row["is_closed"] or str(row["probability"] in {"0", "1", "0.0", "1.0"}).lower()
                said = {"isClosed": closed, "probability": row["probability"]}
                found.append({"id": row["stage_id"], "metadata": said})
        return found

    def there(self) -> dict[str, dict[str, Any]]:
        """Return the properties of contacts that were copied, by name; nothing is known of them but that."""
        columns = (column for each in self.copy.contacts.tables for column in self.copied.columns(each))
        prefix = self.copy.prefix
        return {each.removeprefix(prefix): {} for each in columns if each.startswith(prefix)}

    def _record(self, record: str, row: Row, held: dict[str, str], versions: Iterable[Row]) -> dict[str, Any]:
        held |= {name: found for name in _INSTANTS if (found := instant(held.get(name, "")))}
        deleted = self._is_deleted(row)
        gone = next((row[each] for each in self.copy.gone_at if row[each]), "") if deleted else ""
        return {
            "id": record,
            "properties": held,
            _CREATED: instant(row[_CREATED]),
            "archived": deleted,
            "archivedAt": instant(gone),
            "propertiesWithHistory": _histories(versions),
        }

    def _is_deleted(self, row: Row) -> bool:
        return any(row[each] in {"true", "1"} for each in self.copy.deleted)

    def _versions(self, trail: Trail, told: Sequence[str]) -> _Beside:
        record, name, source, source_id, user = (
            next((each for each in names if self.copied.has(trail.table, each)), "")
            for names in (trail.record, trail.name, trail.source, trail.source_id, trail.user)
        )
        columns = (record, name, _AT, _VALUE, source, source_id, user)
        rows = self.copied.rows(trail.table, columns, record, (name, frozenset(told)))
        named = (
            {"record": row[record], "name": row[name], "at": row[_AT], "value": row[_VALUE], "source": row[source],
             "source_id": row[source_id], "user": row[user]} for row in rows
        )  # fmt: skip
        return _beside(named, "record")

    def _linked(self, kept: Kept) -> _Beside:
        if kept.link is None:
            return _Beside(iter(()))
        link = kept.link
        return _beside(self.copied.rows(link.table, (link.record, _CONTACT), link.record), link.record)

    def _teams(self) -> dict[str, list[dict[str, Any]]]:
        names = {row["id"]: row["name"] for row in self.copied.rows("team", ("id", "name"))}
        found: dict[str, list[dict[str, Any]]] = {}
        for row in self.copied.rows("owner_team", ("owner_id", "team_id", "is_team_primary")):
            team = {"name": names.get(row["team_id"], ""), "primary": row["is_team_primary"] == "true"}
            found.setdefault(row["owner_id"], []).append(team)
        return found


def instant(text: str) -> str | None:
    """Return an instant as HubSpot writes it: of milliseconds since 1970, or of a time that is in UTC where it has no zone."""
    if not text:
        return None
    try:
        if text.isdecimal():
            return datetime.fromtimestamp(int(text) / 1000, UTC).isoformat()
        found = datetime.fromisoformat(text)
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    except (ValueError, OverflowError, OSError):  # each is said of some instant that no calendar has
        return None


def _beside(rows: Iterable[Row], key: str) -> _Beside:
    return _Beside((record, list(found)) for record, found in groupby(rows, key=itemgetter(key)))


def _histories(rows: Iterable[Row]) -> dict[str, list[dict[str, str]]]:
    """Return versions by property, the newest first, each once."""
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in rows:
        at = instant(row["at"])
        if at is not None:
            # Fivetran keeps no user in a column of its own; what people changed names them in the id of the source.
            user = row["user"] or (row["source_id"].removeprefix(_USER) if row["source_id"].startswith(_USER) else "")
            found.setdefault(row["name"], {})[at] = {
                "timestamp": at, "value": row["value"], "sourceType": row["source"], "sourceId": row["source_id"],
                "updatedByUserId": user,
            }  # fmt: skip
    return {name: [told[at] for at in sorted(told, reverse=True)] for name, told in found.items()}


def _contacts(linked: Iterable[str], listed: str) -> tuple[str, ...]:
    found = {*linked, *map(str, _listed(listed))} - {""}
    return tuple(sorted(found, key=lambda each: (len(each), each)))


def _listed(text: str) -> list[Any]:
    try:
        found = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []
