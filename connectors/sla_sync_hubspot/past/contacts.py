"""What became of a contact, as rows: when it came, what it asked for, which stages, owners and values it had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from sla_sync.connector import tree
from sla_sync.connector.history import FACTS, LEADS, OWNERS, RAISES, STAGES, Table, as_number, holds
from sla_sync_hubspot import wire
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.histories import History, Version, history_in
from sla_sync_hubspot.past.words import CREATED, MERGED, MERGED_AT, OWNER, Words, spoken

Row = Mapping[str, object]
Rows = Mapping[Table, list[Row]]
Path = Sequence[tuple[Version, str | None]]
"""The stages that a contact came into, the first first; None where a value means none."""

_SOURCE: Final = "source"
_IMPORT: Final = "IMPORT"
_AT_ONCE: Final = timedelta(minutes=1)
"""What was written so soon after a contact came to be belongs to its creation."""
_APART: Final = timedelta(microseconds=1)


@dataclass(frozen=True)
class Teller:
    """The words for contacts: up to which instant they are told, and the owner behind each user by id."""

    words: Words
    until: datetime
    owner_of: Mapping[str, str]

    def rows(self, found: Mapping[str, Any]) -> Rows:
        """Return the rows of one contact; none where it was never a lead, or came later."""
        history = history_in(found)
        created = wire.instant(history.present.get(CREATED)) or wire.instant(found.get("createdAt"))
        if created is None or created >= self.until:
            return {}
        sources = tuple(self._sources(history))
        path = self._path(history, created)
        if not path and not sources:
            return {}
        gone = wire.instant(found.get("archivedAt")) if found.get("archived") else None
        lead: dict[str, object] = {
            "lead": history.record,
            "created_at": min([created, *(each.at for each, _ in path[:1])]),
            "batch": self._batch(history, created),
            "excluded": self._excluded(history),
            "merged_into": None,
            "converted_at": None,
            "gone_at": gone if gone is not None and gone < self.until else None,
        }
        return {
            LEADS: [lead, *self._merged(history, created)],
            RAISES: list(self._raises(history.record, sources)),
            FACTS: [*self._facts(history), *(self._source_fact(history.record, each) for each in sources)],
            STAGES: list(self._stages(history, path)),
            OWNERS: list(self._owners(history)),
        }

    def _told(self, history: History, name: str) -> tuple[Version, ...]:
        return history.of(name, until=self.until)

    def _by(self, version: Version) -> str | None:
        return self.owner_of.get(version.user) if version.user else None

    def _batch(self, history: History, created: datetime) -> str | None:
        """Return the import that made a contact: that which wrote the first versions of its properties."""
        soon = created + _AT_ONCE
        first = (told[0] for name in history.versions if (told := self._told(history, name)))
        return next((each.source_id or _IMPORT for each in first if each.source == _IMPORT and each.at <= soon), None)

    def _excluded(self, history: History) -> str | None:
        present = _Present(history, self.words)
        return next((name for name, when in self.words.exclusions.items() if holds(when, present)), None)

    def _merged(self, history: History, created: datetime) -> Iterator[Row]:
        """Yield a row for each contact that this one took over; HubSpot tells nothing else of them any more."""
        timed = (each.partition(":") for each in history.present.get(MERGED_AT, "").split(";"))
        instants = {record: datetime.fromtimestamp(int(at) / 1000, UTC) for record, _, at in timed if at.isdecimal()}
        for version in self._told(history, MERGED):
            for record in filter(None, version.text.split(";")):
                instants.setdefault(record, version.at)
        for record, at in sorted(instants.items()):
            if at < self.until and record != history.record:
                # Inferred: nothing tells when it was created, only that the contact that is left is as old as the oldest.
                gone: dict[str, object] = {"merged_into": history.record, "gone_at": at, "converted_at": None}
                yield {"lead": record, "created_at": created, "batch": None, "excluded": None, **gone}

    def _sources(self, history: History) -> Iterator[Version]:
        """Yield each new value of the first property that holds a source."""
        names = self.words.sources
        versions = sorted(
            ((each.at, place, each) for place, name in enumerate(names) for each in self._told(history, name)),
            key=lambda each: each[:2],
        )
        held = [""] * len(names)
        before = ""
        for _, place, version in versions:
            held[place] = version.text
            now = next((each for each in held if each), "")
            if now != before and now:
                yield version._replace(text=now)
            before = now

    def _raises(self, record: str, sources: Iterable[Version]) -> Iterator[Row]:
        for each in sources:
            if each.text in self.words.source_of:
                yield {"lead": record, "at": each.at, "source": self.words.source_of[each.text]}

    def _facts(self, history: History) -> Iterator[Row]:
        for word, place in self.words.fields.items():
            for each in self._told(history, place.property):
                value = spoken(each.text, place.holds) or None
                yield {"lead": history.record, "at": each.at, "field": word, "value": value, "by": self._by(each)}

    def _source_fact(self, record: str, version: Version) -> Row:
        value = self.words.source_of.get(version.text, version.text)
        return {"lead": record, "at": version.at, "field": _SOURCE, "value": value, "by": self._by(version)}

    def _path(self, history: History, created: datetime) -> Path:
        """Return the stages that a contact came into, in order. Inferred: whoever has none yet stands in the first."""
        entered = list(self._entered(history))
        first = self.words.first
        if entered and first is not None and entered[0][1] != first:
            entered.insert(0, (Version(min(created, entered[0][0].at), ""), first))
        return _apart(entered)

    def _stages(self, history: History, path: Path) -> Iterator[Row]:
        instants = [each.at for each, _ in path]
        for (version, stage), before, end in zip(path, [None, *instants], [*instants[1:], self.until], strict=False):
            reason = self._reason(history, stage, before, end)
            by = self._by(version)
            yield {"lead": history.record, "at": version.at, "stage": stage, "reason": reason, "by": by}

    def _entered(self, history: History) -> Iterator[tuple[Version, str | None]]:
        versions = sorted(
            (
                (each.at, place, each, values)
                for place, (name, values) in enumerate(self.words.stages.items())
                for each in self._told(history, name)
            ),
            key=lambda each: each[:2],
        )
        shown: dict[int, str] = {}
        before: str | None = None
        for _, place, version, values in versions:
            stage = values.get(version.text)
            if stage is None:
                shown.pop(place, None)
                # Another property still shows one.
                if shown:
                    continue
            else:
                shown[place] = stage
            if stage != before:
                yield version, stage
            before = stage

    def _reason(self, history: History, stage: str | None, before: datetime | None, end: datetime) -> str | None:
        """Return the last reason that was given for a stage, between the stage before it and the one after it."""
        if stage is None or stage not in self.words.reasons:
            return None
        name, reasons = self.words.reasons[stage]
        given = (
            each.text for each in self._told(history, name) if (before is None or each.at > before) and each.at < end
        )
        return next((each for each in reversed(tuple(given)) if each in reasons), None)

    def _owners(self, history: History) -> Iterator[Row]:
        """Yield who had a contact, one row for an instant: whoever gets it takes it out of the queue in which it waits."""
        owned = [(each.at, 1, each) for each in self._told(history, OWNER)]
        queued = [(each.at, 0, each) for each in self._told(history, self.words.queue or "")]
        marks = sorted([*owned, *queued], key=lambda each: each[:2])
        states: list[tuple[Version, str, str]] = []
        owner = queue = ""
        for _, kind, version in marks:
            if kind:
                owner = version.text
                queue = "" if owner else queue
            else:
                queue = version.text if version.text in self.words.queues else ""
            states.append((version, "" if queue else owner, queue))
        last = ("", "")
        for (version, *now), (following, *_) in pairwise([*states, (Version(self.until, ""), "", "")]):
            if following.at == version.at or tuple(now) == last:
                continue
            last = (now[0], now[1])
            holder: dict[str, object] = {"owner": now[0] or None, "queue": now[1] or None}
            yield {"lead": history.record, "at": version.at, **holder, "by": self._by(version)}


class _Present:
    """What a contact holds now, as conditions of the binding ask for it."""

    def __init__(self, history: History, words: Words) -> None:
        self._history = history
        self._words = words

    def value(self, field: str) -> str | float | bool | None:
        """Return what a property holds, by its agreed word or its own name; None where it holds nothing."""
        name = self._words.excluded_by(field)
        text = self._history.present.get(name or field)
        if not text:
            return None
        kind = self._words.vocabulary.place_of_predicate(field).holds if name else Holds.TEXT
        match kind:
            case Holds.CHECKBOX:
                return text.lower() == "true"
            case Holds.NUMBER:
                return as_number(text)
            case _:
                return text

    def times_done(self, *_: object) -> int:
        """Return 0: no predicate of a binding asks for what somebody did."""
        return 0

    def members(self, group: str) -> tuple[str | tree.Expression, ...]:
        """Return the members of an agreed group."""
        return self._words.vocabulary.resources.groups.get(group, ())

    def reaches(self, _: str | None) -> bool:
        """Return False: no predicate of a binding asks for a threshold."""
        return False


def _apart(stages: Path) -> Path:
    """Return stages with those that were only passed through a microsecond earlier each, so that their order is kept.

    Workflows move a contact on at the instant at which it came; the stage in which it then stays has the true instant.
    """
    apart: list[tuple[Version, str | None]] = []
    for version, stage in reversed(stages):
        latest = apart[-1][0].at - _APART if apart else version.at
        apart.append((version._replace(at=min(version.at, latest)), stage))
    return apart[::-1]
