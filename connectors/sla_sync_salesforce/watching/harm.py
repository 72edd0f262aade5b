"""Which records passed while a setting was wrong, and when the next clock falls due: counts and ids, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sla_sync.connector import Clock, Counts, Harm, KeyPath, Mode, Passage, harm_at, without
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.soql import literal, one_of, select
from sla_sync_salesforce.translate.leg import clock_fields
from sla_sync_salesforce.translate.words import OBJECT, learn
from sla_sync_salesforce.watching.behaviour import all_of, begins_of, keeps, needed, promised, started
from sla_sync_salesforce.watching.ground import Ground, moment


def harm(ground: Ground, origin: KeyPath, since: datetime) -> Harm | None:
    """Return which assignments passed since then at a place of the agreement; None where the org cannot tell."""
    counted: Mapping[Passage, Counts] = {
        Passage.CLOCK: partial(_of_clocks, ground),
        Passage.ROUTING: lambda _, since: _of_routing(ground, since),
        Passage.REASON: partial(_of_reasons, ground),
        Passage.ENTRY: partial(_of_entry, ground),
    }
    return harm_at(counted, origin, since, ground.applied_at)


def first_due(ground: Ground) -> datetime | None:
    """Return the next due time of a clock that runs now, or None; one query for each clock."""
    found: list[datetime] = []
    for clock in _held(ground, ""):
        fields = clock_fields(clock)
        where = f"{fields.stopped} = null AND Ended_At__c = null AND {fields.due} > {moment(ground.asked.now)}"
        rows = ground.client.query(select(fields.due, ground.leg, where, f"ORDER BY {fields.due} LIMIT 1"))
        found += [at for row in rows if (at := instant(row.get(fields.due))) is not None]
    return min(found, default=None)


def _held(ground: Ground, name: str) -> list[Clock]:
    """Return the clocks that the org keeps; the one of this commitment where one is named."""
    return [
        each
        for each in ground.asked.resources.clocks
        if each.mode is not Mode.MEASURE
        and name in ("", each.name)
        and keeps(ground, clock_fields(each).started, clock_fields(each).due)
    ]


def _of_clocks(ground: Ground, name: str, since: datetime) -> Harm | None:
    clocks = _held(ground, name)
    if not clocks:
        return None
    begins = begins_of(ground)
    ran = [started(ground, each, begins.get(each.name), since) for each in clocks]
    lacks = [
        f"({all_of(one, f'{clock_fields(each).due} = null', priority)})"
        for one, each in zip(ran, clocks, strict=True)
        if (priority := promised(each)) is not None
    ]
    passed = ground.count(ground.leg, " OR ".join(ran))
    records, lacking = _ids(ground, ground.leg, " OR ".join(lacks), "CreatedDate") if lacks and passed else ((), 0)
    dated = f", {without(lacking, passed)} a due time" if lacks else ""
    return Harm(f"{_many(passed, 'assignment')} began since then{dated}.", passed, lacking, records)


def _of_routing(ground: Ground, since: datetime) -> Harm | None:
    if not keeps(ground, "Qualified_At__c", "Assigned_At__c"):
        return None
    came = f"Qualified_At__c >= {moment(since)}"
    passed = ground.count(ground.leg, came)
    alone = f"{came} AND Assigned_At__c = null AND Ended_At__c = null"
    records, lacking = _ids(ground, ground.leg, alone, "CreatedDate") if passed else ((), 0)
    return Harm(
        f"{_many(passed, 'assignment')} began since then, {without(lacking, passed)} an owner.",
        passed,
        lacking,
        records,
    )


def _of_reasons(ground: Ground, name: str, since: datetime) -> Harm | None:
    stages = {stage for each in ground.asked.resources.reason_sets if name in ("", each.name) for stage in each.stages}
    if not stages or not keeps(ground, "Stage__c", "Reason__c", "Ended_At__c"):
        return None
    ended = f"Ended_At__c >= {moment(since)} AND Ended_Because__c = 'Closed' AND {one_of('Stage__c', stages)}"
    passed = ground.count(ground.leg, ended)
    records, lacking = _ids(ground, ground.leg, f"{ended} AND Reason__c = null", "CreatedDate") if passed else ((), 0)
    return Harm(
        f"{_many(passed, 'assignment')} ended since then, {without(lacking, passed)} a reason.",
        passed,
        lacking,
        records,
    )


def _of_entry(ground: Ground, stage: str, since: datetime) -> Harm | None:
    """Return the leads that came into a stage since then; only of the qualifying one it is kept when they came."""
    stages = {each.name: each for each in ground.asked.resources.stages}
    if not keeps(ground, "Qualified_At__c", "Stage__c", "Lead__c"):
        return None
    came = f"Qualified_At__c >= {moment(since)}"
    if stage not in stages or stages[stage].qualifies:
        passed = ground.count(ground.leg, came)
        said = f"{_many(passed, 'lead')} qualified since then"
    else:
        passed = ground.count(ground.leg, f"{came} AND Stage__c = {literal(stage)}")
        said = f"{_many(passed, 'lead')} qualified since then and went on to «{stages[stage].label}»"
    words = learn(ground.asked.resources, ground.binding)
    places, statuses = needed(ground, stage, words.places), words.statuses.get(stage, ())
    if not places or not statuses or not passed:
        return Harm(f"{said}.", passed, 0)
    qualified = f"Id IN (SELECT Lead__c FROM {ground.leg} WHERE {came})"  # noqa: S608 - no word of others is in it
    empty = " OR ".join(f"{each.api} = null" for each in places.values())
    where = f"{one_of('Status', statuses)} AND {qualified} AND ({empty})"
    records, lacking = _ids(ground, OBJECT, where, "CreatedDate")
    return Harm(f"{said}, {without(lacking, passed)} all that the stage needs.", passed, lacking, records)


def _ids(ground: Ground, kind: str, where: str, dated: str) -> tuple[tuple[str, ...], int]:
    rows, number = ground.some("Id", kind, where, dated)
    return tuple(str(each["Id"]) for each in rows), number


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
