"""Our own assignments as turns, where an agreement was applied: what the org itself recorded while it happened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sla_sync.connector.history import LEGS, STAGES, Piece
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.activities import columns_of, told
from sla_sync_salesforce.past.ground import OF_TURNS, Ground
from sla_sync_salesforce.past.marks import read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, looked_up, pages
from sla_sync_salesforce.past.touching import EVENT, TASK

_STREAM = "turns"
_TOGETHER = 500
"""Turns for whose people activities are looked up and held together."""
_ENDED: Mapping[str, str] = {
    "Reassigned": "reassigned",
    "Returned": "returned",
    "Parted": "converted",
    "Merged": "merged",
}


def turns(ground: Ground, rows: int = ROWS) -> Iterator[Piece]:
    """Yield the assignments that were changed since the mark, and all that are open: touches go on in them."""
    if not ground.leg:
        return
    mark = read(ground.asked.marks.get(_STREAM, "")).begun(ground.now)
    asked = Bulk(OF_TURNS, ground.leg, always="Ended_At__c = null")
    last = mark
    for found, then in pages(ground.client, asked, mark, mark.begin, rows):
        kept = [row for row in found if row["IsDeleted"] != "true"]
        yield Piece(STAGES, tuple(_stages(ground, kept)), _STREAM, spell(last), ("lead", "at", "stage"))
        parts = (kept[start : start + _TOGETHER] for start in range(0, len(kept), _TOGETHER))
        told_of = tuple(leg for part in parts for leg in _legs(ground, part))
        yield Piece(LEGS, told_of, _STREAM, spell(then), ("leg",))
        last = then


def _stages(ground: Ground, rows: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, object]]:
    """Yield the stages of contacts who were leads once: a contact has no Lead Status, its assignments alone tell."""
    own = [row for row in rows if not (row["Of_Lead__c"] or row["Lead__c"])]
    whose = ground.became.leads_of([row["Contact__c"] for row in own])
    qualifies = _qualifying(ground)
    for row in own:
        for stage, field, reason in (
            (qualifies, "Qualified_At__c", ""),
            (row["Verdict__c"], "Verdict_At__c", row["Reason__c"]),
        ):
            at, lead = instant(row[field]), whose.get(row["Contact__c"])
            if stage and lead and at is not None and at < ground.asked.until:
                yield {"lead": lead, "at": at, "stage": stage, "reason": reason or None, "by": None}


def _qualifying(ground: Ground) -> str | None:
    return next((each.name for each in ground.resources.stages if each.qualifies), None)


def _legs(ground: Ground, rows: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, object]]:
    people = [row["Of_Lead__c"] or row["Lead__c"] or row["Contact__c"] for row in rows]
    whose = ground.became.leads_of(people)
    gone = _gone(ground, [each for row, each in zip(rows, people, strict=True) if row["Ended_Because__c"] == "Gone"])
    done = _done(ground, [each for row in rows for each in (row["Lead__c"], row["Contact__c"]) if each])
    qualifies = _qualifying(ground)
    for row, person in zip(rows, people, strict=True):
        lead = whose.get(person)
        qualified, made = instant(row["Qualified_At__c"]), instant(row["CreatedDate"])
        begun, ended, verdict = (instant(row[f"{name}_At__c"]) for name in ("Assigned", "Ended", "Verdict"))
        assigned = begun or (qualified if row["Leg__c"] in {"1", "1.0"} else made) or made
        agreement, _, version = (row["Policy__c"] or ground.resources.policy).rpartition("@")
        if lead is None or assigned is None or qualified is None or assigned >= ground.asked.until:
            continue
        if agreement not in {"", ground.resources.agreement}:
            continue  # a turn under another agreement of the same org
        in_turn = [each for each in done.get(lead, ()) if _within(each["at"], assigned, ended)]
        touches = [each for each in in_turn if each["counts"] and each["by"] == row["Person__c"]]
        before = verdict is None or assigned <= verdict
        yield {
            "leg": row["Id"],
            "lead": lead,
            "cycle": int(float(row["Cycle__c"] or 1)),
            "number": int(float(row["Leg__c"] or 1)),
            "owner": row["Person__c"] or None,
            "team": row["Team__c"] or None,
            "calendar": row["Calendar__c"] or _main(ground),
            "priority": row["Priority__c"] or None,
            "source": row["Source__c"] or None,
            # The record tells in which stage the lead is; while no verdict had been given, it was the qualifying one.
            "stage": (qualifies if before else row["Stage__c"]) or None,
            "policy": version,
            "raised_at": instant(row["Raised_At__c"]),
            "qualified_at": qualified,
            "assigned_at": assigned,
            "ended_at": ended,
            "ended_by": _ended_by(row, gone.get(person, "deleted")) if ended else None,
            "touched_at": instant(row["First_Touch_At__c"]),
            "replied_at": min((each["at"] for each in in_turn if each["inbound"]), default=None),
            "decided_at": verdict if before else None,
            "touches": len(touches),
            "channels": len({each["kind"] for each in touches}),
            "void": _void(row, gone.get(person, "deleted")),
        }


def _main(ground: Ground) -> str:
    return next((each.name for each in ground.resources.calendars), "")


def _within(at: datetime, begun: datetime, ended: datetime | None) -> bool:
    return begun <= at and (ended is None or at <= ended)


def _ended_by(row: Mapping[str, str], gone: str) -> str | None:
    because = row["Ended_Because__c"]
    return gone if because == "Gone" else _ENDED.get(because) or row["Stage__c"] or row["Verdict__c"] or None


def _void(row: Mapping[str, str], gone: str) -> str | None:
    """Return why a turn counts for nothing, as far as the record tells: its lead is gone, or it was nobody's."""
    because = row["Ended_Because__c"]
    if because in {"Gone", "Merged"}:
        return gone if because == "Gone" else "merged"
    return None if row["Person__c"] else "queue"


def _gone(ground: Ground, leads: Sequence[str]) -> Mapping[str, str]:
    """Return for each of these leads whether it was merged or deleted; what left the recycle bin counts as deleted."""
    found = looked_up(ground.client, "Id, MasterRecordId", "Lead", "Id", leads, deleted=True)
    return {each["Id"]: "merged" for each in found if each["MasterRecordId"]}


def _done(ground: Ground, people: Sequence[str]) -> Mapping[str, list[Mapping[str, Any]]]:
    """Return what was done with each lead."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for kind in (TASK, EVENT):
        rows = list(looked_up(ground.client, ", ".join(dict.fromkeys(columns_of(ground, kind))), kind, "WhoId", people))
        for each in told(ground, kind, rows):
            found.setdefault(each["lead"], []).append(each)
    return found
