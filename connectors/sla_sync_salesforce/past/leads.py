"""What became of leads: each with its values, stages and owners since it was made, from its row and the history of its fields."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import TypeAlias

from sla_sync.connector.history import FACTS, LEADS, OWNERS, RAISES, STAGES, Piece, Table
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.ground import OWNER, STATUS, Ground, is_text
from sla_sync_salesforce.past.marks import Mark, read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, begun, rows_of
from sla_sync_salesforce.past.shelf import Change, Kept, Shelf, shelf
from sla_sync_salesforce.soql import one_of
from sla_sync_salesforce.translate.handraise import lead_fields_read

Row: TypeAlias = Mapping[str, object]
STREAM = "leads"
_OWNED, _CONVERTED = "Owner", "leadConverted"
_USER = "005"
_DAY = timedelta(days=1)
_ALWAYS = (
    "Id", "CreatedDate", "CreatedById", "LastModifiedDate", "LastModifiedById", "SystemModstamp", "IsDeleted", "MasterRecordId",
    "IsConverted", "ConvertedDate", "ConvertedContact.CreatedDate", "ConvertedOpportunity.CreatedDate", STATUS, OWNER,
)  # fmt: skip
_TURNS = ("Id", "Lead__c", "Of_Lead__c", "Qualified_At__c", "Verdict_At__c", "Verdict__c", "Reason__c")
_KEYS: Mapping[str, tuple[str, ...]] = {
    LEADS.name: ("lead",),
    FACTS.name: ("lead", "field", "at"),
    STAGES.name: ("lead", "at", "stage"),
    OWNERS.name: ("lead", "at"),
    RAISES.name: ("lead", "at", "source"),
}
_TOGETHER = 2_000
"""Leads that are told together at most."""


def leads(ground: Ground, rows: int = ROWS) -> Iterator[Piece]:
    """Yield all that is told of leads themselves, from the mark on."""
    mark = read(ground.asked.marks.get(STREAM, "")).begun(ground.now)
    jobs = {name: _job(ground, name, each, mark) for name, each in _asked(ground).items()}
    if dict(mark.jobs) != jobs:
        mark = replace(mark, jobs=jobs, place="")
    with shelf() as kept:
        _fill(ground, kept, jobs, rows)
        yield from _told(ground, kept, mark, min(rows, _TOGETHER))


def copied_leads(ground: Ground, rows: Callable[[Bulk], Iterator[dict[str, str]]]) -> Iterator[Piece]:
    """Yield the same of rows that somebody copied of this org; `rows` hands out what a query asks for."""
    asked = _asked(ground)
    with shelf() as kept:
        kept.put_leads(rows(asked["Lead"]))
        kept.put_changes(_changes(rows(asked["LeadHistory"])))
        kept.sort()
        yield from _told(ground, kept, Mark(until=ground.now), _TOGETHER)


def _asked(ground: Ground) -> Mapping[str, Bulk]:
    """Return the queries: leads, the changes of their fields, and what our own assignments tell of verdicts."""
    read_from = [each for each in lead_fields_read(ground.binding) if each in ground.columns]
    tested = [each for fields, _ in ground.exclusions.values() for each in fields]
    columns = [*_ALWAYS, *(each.path for each in ground.places.values()), *read_from, *tested]
    columns += [ground.reason] if ground.reason else []
    wanted = {each.api for each in ground.places.values()} | {STATUS, *read_from, ground.reason}
    told = {*(wanted & ground.tracked), _CONVERTED, *((_OWNED,) if OWNER in ground.tracked else ())}
    history = ("Id", "LeadId", "Field", "OldValue", "NewValue", "CreatedDate", "CreatedById")
    found = {
        "Lead": Bulk(tuple(columns), "Lead"),
        "LeadHistory": Bulk(history, "LeadHistory", one_of("Field", told), "CreatedDate"),
    }
    if ground.leg:
        found[ground.leg] = Bulk(_TURNS, ground.leg, "Verdict_At__c != null")
    return found


def _job(ground: Ground, name: str, asked: Bulk, mark: Mark) -> str:
    job = mark.jobs.get(name, "")
    return job if job and ground.client.await_query(job) else begun(ground.client, asked, mark.begin)


def _fill(ground: Ground, kept: Shelf, jobs: Mapping[str, str], rows: int) -> None:
    kept.put_leads(rows_of(ground.client, jobs["Lead"], rows))
    kept.put_changes(_changes(rows_of(ground.client, jobs["LeadHistory"], rows)))
    if ground.leg in jobs:
        turns = rows_of(ground.client, jobs[ground.leg], rows)
        kept.put_turns((each["Of_Lead__c"] or each["Lead__c"], each) for each in turns)
    kept.sort()


def _changes(rows: Iterator[dict[str, str]]) -> Iterator[Change]:
    for row in rows:
        old, new = row["OldValue"], row["NewValue"]
        # A change of owner is told twice; the names of people are of no use here.
        if row["Field"] == _OWNED and not all(each[:3] in {_USER, "00G", ""} for each in (old, new)):
            continue
        yield Change(row["LeadId"], row["CreatedDate"], row["Field"], old, new, row["CreatedById"], row["Id"])


def _told(ground: Ground, kept: Shelf, mark: Mark, together: int) -> Iterator[Piece]:
    imports = kept.imports()
    found: dict[str, list[Row]] = {}
    tables = {each.name: each for each in (LEADS, FACTS, STAGES, OWNERS, RAISES)}
    number, last = 0, mark.place

    def pieces(then: Mark) -> Iterator[Piece]:
        filled = [name for name in tables if found.get(name)]
        for name in filled:
            # What stands in a mark is kept only when all of it is.
            stands = then if name == filled[-1] else replace(mark, place=last)
            yield Piece(tables[name], tuple(found[name]), STREAM, spell(stands), _KEYS[name])
        found.clear()

    for number, each in enumerate(kept.leads(mark.place), start=1):
        for table, row in _of_lead(ground, each, mark.begin, imports):
            found.setdefault(table.name, []).append(row)
        if number % together == 0:
            reached = replace(mark, place=str(each.row["Id"]))
            yield from pieces(reached)
            last = reached.place
    if found:
        yield from pieces(mark.ended())
    else:
        yield Piece(LEADS, (), STREAM, spell(mark.ended()), _KEYS[LEADS.name])


def _of_lead(
    ground: Ground, kept: Kept, begin: datetime | None, imports: frozenset[tuple[str, str]]
) -> Iterator[tuple[Table, Row]]:
    row, lead = kept.row, kept.row["Id"]
    created = _at(row["CreatedDate"])
    converted = _converted_at(kept) if row["IsConverted"] == "true" else None
    minute = (row["CreatedById"], row["CreatedDate"][:16])
    gone = _at(row["SystemModstamp"]) if row["IsDeleted"] == "true" else None
    if created >= ground.asked.until:
        return
    yield (
        LEADS,
        {
            "lead": lead,
            "created_at": created,
            "batch": f"{minute[0]} {minute[1]}" if minute in imports else None,
            "excluded": next((name for name, (_, holds) in ground.exclusions.items() if holds(row)), None),
            "merged_into": row["MasterRecordId"] or None,
            "converted_at": converted,
            "gone_at": gone,
        },
    )
    new = begin is None or created >= begin
    course = _Course(ground, kept, new=new)
    for table, told in (
        *course.facts(),
        *course.stages(converted),
        *course.owners(),
        *(course.raised() if new else ()),
    ):
        if _before(told["at"], ground.asked.until):
            yield table, told


def _before(at: object, until: datetime) -> bool:
    return isinstance(at, datetime) and at < until


class _Course:
    """One lead's values in the order in which it took them."""

    def __init__(self, ground: Ground, kept: Kept, *, new: bool) -> None:
        self._ground, self._row, self._new = ground, kept.row, new
        self._turns = kept.turns
        self._lead = kept.row["Id"]
        self._created = _at(kept.row["CreatedDate"])
        self._seen = _at(kept.row["LastModifiedDate"])
        self._changes: dict[str, list[Change]] = {}
        for each in kept.changes:
            self._changes.setdefault(each.field, []).append(each)

    def _taken(self, field: str, path: str, tracked: str) -> Iterator[tuple[datetime, str, str]]:
        """Yield since when a field held what, and who wrote it: from its making on, or what is new since the last export."""
        changes = chained(self._changes.get(field, ()))
        now = self._row.get(path, "")
        if self._new:
            yield self._created, changes[0].old if changes else now, self._row["CreatedById"]
        elif tracked not in self._ground.tracked:
            # What it was before nobody knows; what it holds now it holds since the lead was last saved, at the latest.
            yield self._seen, now, self._row["LastModifiedById"]
        for each in changes:
            yield _at(each.at), each.new, each.by

    def facts(self) -> Iterator[tuple[Table, Row]]:
        """Yield the values of agreed fields; of several at one instant the last."""
        for name, place in self._ground.places.items():
            told: dict[datetime, tuple[str, str]] = {}
            field = "" if place.path != place.api else place.api
            for at, value, by in self._taken(field, place.path, place.api):
                told[at] = (value, by)
            for at, (value, by) in told.items():
                text = value if is_text(place) else _number(value)
                yield FACTS, {"lead": self._lead, "at": at, "field": name, "value": text or None, "by": by or None}

    def stages(self, converted: datetime | None) -> Iterator[tuple[Table, Row]]:
        """Yield the stages that Lead Status meant, each with the reason that was given with it."""
        last: object = _NOTHING
        entered = list(self._taken(STATUS, STATUS, STATUS))
        for place, (at, status, by) in enumerate(entered):
            stage = self._ground.stages.get(status)
            if stage == last or (stage is None and converted is not None and at >= converted):
                continue  # another word for the same stage, or what a conversion makes of every lead
            last = stage
            reason = self._reason(at, stage, is_last=place == len(entered) - 1)
            yield STAGES, {"lead": self._lead, "at": at, "stage": stage, "reason": reason, "by": by or None}

    def _reason(self, at: datetime, stage: str | None, *, is_last: bool) -> str | None:
        """Return the reason that belongs to an entry: as an assignment keeps it, as it changed, or as it stands now."""
        if stage is None or not any(stage in each.stages for each in self._ground.resources.reason_sets):
            return None
        for turn in self._turns:
            if turn["Verdict__c"] == stage and turn["Reason__c"] and instant(turn["Verdict_At__c"]) == at:
                return turn["Reason__c"]
        field = self._ground.reason
        held = [each.new for each in chained(self._changes.get(field, ())) if _at(each.at) <= at]
        if field in self._ground.tracked and held:
            return held[-1] or None
        return self._row.get(field) or None if is_last else None

    def owners(self) -> Iterator[tuple[Table, Row]]:
        """Yield the owners; of several at one instant the last."""
        told: dict[datetime, tuple[str, str]] = {}
        for at, owner, by in self._taken(_OWNED, OWNER, OWNER):
            told[at] = (owner, by)
        for at, (owner, by) in told.items():
            person = owner if owner.startswith(_USER) else None
            queue = None if person else self._ground.queues.get(owner, owner)
            yield OWNERS, {"lead": self._lead, "at": at, "owner": person, "queue": queue, "by": by or None}

    def raised(self) -> Iterator[tuple[Table, Row]]:
        """Yield the hand-raise with which a lead came: the first field that held something that means a source."""
        for field in lead_fields_read(self._ground.binding):
            first = next((value for _, value, _ in self._taken(field, field, field)), "")
            source = source_of(self._ground, first)
            if source:
                yield RAISES, {"lead": self._lead, "at": self._created, "source": source}
                return


_NOTHING = object()


def source_of(ground: Ground, value: str) -> str | None:
    """Return the agreed source that a stored value means."""
    return next((name for name, values in ground.binding.sources.values.items() if value in values), None)


def chained(changes: Sequence[Change]) -> list[Change]:
    """Return changes of one field in order; those of one second begin where the others ended.

    Documented: history is precise to a second, and the order within one is not kept.
    """
    found: list[Change] = []
    for _, group in groupby(changes, key=lambda each: each.at):
        rest = list(group)
        while rest:
            news = {each.new for each in rest}
            held = found[-1].new if found else next((each.old for each in rest if each.old not in news), rest[0].old)
            following = next((each for each in rest if each.old == held), rest[0])
            rest.remove(following)
            found.append(following)
    return found


def _converted_at(kept: Kept) -> datetime | None:
    """Return when a lead was converted: as its history tells, else as what it became was made, else on that day."""
    row = kept.row
    told = next((each.at for each in kept.changes if each.field == _CONVERTED), None)
    if told:
        return _at(told)
    day = instant(row["ConvertedDate"])
    for field in ("ConvertedOpportunity.CreatedDate", "ConvertedContact.CreatedDate", "LastModifiedDate"):
        made = instant(row.get(field, ""))
        # Documented: the day of the conversion is known without a time; in which zone it was that day is not.
        if made and day and day - _DAY <= made < day + 2 * _DAY:
            return made
    return day


def _number(text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return text
    return str(int(number)) if number.is_integer() else str(number)


def _at(text: str) -> datetime:
    found = instant(text)
    return found if found is not None else datetime(1970, 1, 1, tzinfo=UTC)
