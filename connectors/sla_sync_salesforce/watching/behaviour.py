"""What happens to records in an org although all settings are as agreed: no due time, no reason, no value that was needed.

Every look is one query of at most two hundred ids, and a second one that counts only where there are more. What an
assignment keeps is asked, and never what a lead was before the agreement came to the org.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sla_sync.connector import Clock, Concern, KeyPath, Mode, Observation, Unseen, Witness, limited
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.soql import literal, one_of
from sla_sync_salesforce.translate.clocks import learn_clocks
from sla_sync_salesforce.translate.leg import clock_fields, leg_field
from sla_sync_salesforce.translate.words import OBJECT, Holds, Place, learn
from sla_sync_salesforce.watching.ground import GRACE, SHOWN, Ground, moment

_FILTERED = frozenset({Holds.TEXT, Holds.PICKLIST, Holds.NUMBER, Holds.INSTANT, Holds.REFERENCE})
"""What a query can ask for being empty; a long text it cannot filter by, and a checkbox is never empty."""


def behaviour(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield what happened since the agreement was applied, and goes against it."""
    if ground.since >= ground.asked.now - GRACE:
        return
    begins = begins_of(ground)
    for clock in ground.asked.resources.clocks:
        yield from _without_due(ground, clock, begins.get(clock.name))
    yield from _without_reason(ground)
    for stage in ground.asked.resources.stages:
        yield from _without_needs(ground, stage.name, stage.label)


def promised(clock: Clock) -> str | None:
    """Return a condition of SOQL for the assignments to which a clock gives a limit; None where no query can tell."""
    among = limited(clock.limits)
    if not among:
        return None if among is None else ""
    return one_of("Priority__c", among)


def keeps(ground: Ground, *fields: str) -> bool:
    """Return whether the org has these fields of the assignment."""
    return all(leg_field(ground.binding, each) in ground.asked.snapshot.settings for each in fields)


def all_of(*conditions: str | None) -> str:
    """Return the conjunction of conditions, those that are empty left out."""
    return " AND ".join(each for each in conditions if each)


def begins_of(ground: Ground) -> Mapping[str, str]:
    """Return by the name of a clock the field of the assignment from which it starts, of those that start without fail.

    One that runs once in a cycle does not start in a later turn, nor where nobody can leave its stage.
    """
    resources, binding = ground.asked.resources, ground.binding
    timed = learn_clocks(resources, binding, learn(resources, binding)).timed
    sure = (each for each in timed if each.where is None and not each.first_turn_only)
    return {each.clock.name: each.begins for each in sure if keeps(ground, each.begins)}


def started(ground: Ground, clock: Clock, begins: str | None, since: datetime, until: datetime | None = None) -> str:
    """Return a condition for the assignments whose clock started between two instants, or should have.

    What writes down the start may be the very thing that did not work.
    """
    stamp = clock_fields(clock).started
    stamped = _between(stamp, since, until)
    if begins is None:
        return stamped
    first, last = ground.asked.resources.in_force or (since, None)
    due = _between(begins, max(since, first), min(filter(None, (until, last)), default=None))
    return f"(({stamped}) OR ({stamp} = null AND {due}))"


def _between(field: str, since: datetime, until: datetime | None) -> str:
    return f"{field} >= {moment(since)}" + (f" AND {field} <= {moment(until)}" if until else "")


def _without_due(ground: Ground, clock: Clock, begins: str | None) -> Iterator[Observation]:
    fields, priority = clock_fields(clock), promised(clock)
    if clock.mode is Mode.MEASURE or priority is None or not keeps(ground, fields.started, fields.due):
        return
    ran = started(ground, clock, begins, ground.since, ground.asked.now - GRACE)
    still = f"{fields.stopped} = null AND Ended_At__c = null"
    where = all_of(ran, still, f"{fields.due} = null", priority)
    dated = begins or fields.started
    rows, wrong = ground.some(f"Id, {dated}", ground.leg, where, dated)
    if not rows:
        return
    among = ground.count(ground.leg, all_of(ran, still, priority))
    yield _seen(
        f"Due times of '{clock.name}'",
        f"{_count(wrong, 'open assignment')} of {among} {'runs' if wrong == 1 else 'run'} without a due time.",
        (*clock.origin[:-1], "within"),
        rows,
        dated,
        wrong,
        among,
    )


def _without_reason(ground: Ground) -> Iterator[Observation]:
    reasons = {stage: each.origin for each in ground.asked.resources.reason_sets for stage in each.stages}
    if not reasons or not keeps(ground, "Stage__c", "Reason__c", "Ended_At__c"):
        return
    ended = f"Ended_At__c >= {moment(ground.since)} AND Ended_At__c <= {moment(ground.asked.now - GRACE)}"
    closed = f"{ended} AND Ended_Because__c = 'Closed'"
    told = "Id, Stage__c, Ended_At__c"
    empty = f"{closed} AND Reason__c = null"
    rows, _ = ground.some(told, ground.leg, f"{empty} AND {one_of('Stage__c', reasons)}", "Ended_At__c")
    labels = {each.name: each.label for each in ground.asked.resources.stages}
    for stage in sorted({str(row["Stage__c"]) for row in rows}):
        own = [row for row in rows if row["Stage__c"] == stage]
        moved = f"Stage__c = {literal(stage)}"
        wrong = len(own) if len(rows) < SHOWN else ground.count(ground.leg, f"{empty} AND {moved}")
        among = ground.count(ground.leg, f"{closed} AND {moved}")
        went = f"{_count(wrong, 'assignment')} of {among} ended in «{labels[stage]}» without a reason."
        yield _seen(f"Reasons at '{stage}'", went, reasons[stage], own, "Ended_At__c", wrong, among)


def _without_needs(ground: Ground, stage: str, label: str) -> Iterator[Observation]:
    words = learn(ground.asked.resources, ground.binding)
    places = needed(ground, stage, words.places)
    statuses = words.statuses.get(stage, ())
    if not places or not statuses or not keeps(ground, "Qualified_At__c", "Lead__c"):
        return
    whose = in_stage(ground, statuses)
    lacks = " OR ".join(f"{each.api} = null" for each in places.values())
    rows, wrong = ground.some("Id, LastModifiedDate", OBJECT, f"{whose} AND ({lacks})", "LastModifiedDate")
    if not rows:
        return
    among = ground.count(OBJECT, whose)
    lacking = f"{_count(wrong, 'lead')} of {among} in «{label}» {'lacks' if wrong == 1 else 'lack'} one of: "
    yield _seen(
        f"Needs of '{stage}'",
        f"{lacking}{', '.join(places)}.",
        ("stages", stage, "needs"),
        rows,
        "LastModifiedDate",
        wrong,
        among,
    )


def needed(ground: Ground, stage: str, places: Mapping[str, Place]) -> Mapping[str, Place]:
    """Return the fields of the lead that a stage needs and that a query can find empty, by their agreed names."""
    asked = ground.asked.resources.needs.get(stage, ())
    return {name: places[name] for name in asked if name in places and _is_plain(places[name])}


def _is_plain(place: Place) -> bool:
    return place.holds in _FILTERED and place.path == place.api


def in_stage(ground: Ground, statuses: Sequence[str]) -> str:
    """Return the condition for leads that are in a stage and qualified since the agreement was applied."""
    ran = f"Qualified_At__c >= {moment(ground.since)} AND Qualified_At__c <= {moment(ground.asked.now - GRACE)}"
    qualified = f"Id IN (SELECT Lead__c FROM {ground.leg} WHERE {ran})"  # noqa: S608 - no word of others is in it
    return f"IsConverted = false AND {one_of('Status', statuses)} AND {qualified}"


def _seen(
    what: str, finding: str, origin: KeyPath, rows: Sequence[Mapping[str, Any]], dated: str, wrong: int, of: int
) -> Observation:
    found = tuple(Witness(str(row["Id"]), instant(row.get(dated))) for row in rows)
    return Observation(Concern.BEHAVIOUR, what, finding, origin, witnesses=found, wrong=wrong, of=of)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
