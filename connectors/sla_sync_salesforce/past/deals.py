"""Opportunities that came of leads, and the stages of the agreement that an opportunity shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from sla_sync.connector.history import DEALS, STAGES, Piece
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.past.ground import Ground
from sla_sync_salesforce.past.holding import Holds, condition
from sla_sync_salesforce.past.marks import read, spell
from sla_sync_salesforce.past.pages import ROWS, Bulk, looked_up, pages
from sla_sync_salesforce.soql import select

_STREAM = "deals"
_COLUMNS = ("Id", "CreatedDate", "CreatedById", "Amount", "CloseDate", "StageName", "IsClosed", "IsWon", "IsDeleted")
_ENDS = ("IsClosed", "IsWon")
Course: TypeAlias = list[tuple[datetime, str, Mapping[str, str]]]
"""When an opportunity was put into which stage, by whom, and what that stage means."""


def deals(ground: Ground, rows: int = ROWS) -> Iterator[Piece]:
    """Yield the opportunities of leads that were changed since the mark, and the stages that they have been in."""
    mark = read(ground.asked.marks.get(_STREAM, "")).begun(ground.now)
    ends = {str(each["MasterLabel"]): {name: _word(each[name]) for name in _ENDS} for each in _stages(ground)}
    meant, last = _meant(ground), mark
    for found, then in pages(ground.client, Bulk(_COLUMNS, "Opportunity"), mark, mark.begin, rows):
        whose = ground.became.leads_of([row["Id"] for row in found])
        own = [row for row in found if row["Id"] in whose and row["IsDeleted"] != "true"]
        courses = _courses(ground, own, ends)
        told = tuple(each for row in own for each in _stages_of(ground, whose[row["Id"]], courses[row["Id"]], meant))
        yield Piece(STAGES, told, _STREAM, spell(last), ("lead", "at", "stage"))
        states = tuple(_deal(row, whose[row["Id"]], courses[row["Id"]]) for row in own)
        yield Piece(DEALS, states, _STREAM, spell(then), ("deal",))
        last = then


def _stages(ground: Ground) -> Sequence[Mapping[str, object]]:
    return ground.client.query(select("MasterLabel, IsClosed, IsWon", "OpportunityStage"))


def _word(value: object) -> str:
    return "true" if value is True else "false"


def _meant(ground: Ground) -> Mapping[str, Holds]:
    """Return agreed stage → what says whether an opportunity is in it, as far as its stage and its end tell."""
    found: dict[str, Holds] = {}
    for name, bound in ground.binding.stages.items():
        held = condition(bound.when, "Opportunity") if bound.when else None
        if held is not None and set(held[0]) <= {*_ENDS, "StageName"}:
            found[name] = held[1]
    return found


def _courses(
    ground: Ground, rows: Sequence[Mapping[str, str]], ends: Mapping[str, Mapping[str, str]]
) -> Mapping[str, Course]:
    """Return for each opportunity when it was in which stage, who put it there, and what that stage means."""
    found: dict[str, Course] = {row["Id"]: [] for row in rows}
    columns = "OpportunityId, StageName, CreatedDate, CreatedById"
    for each in looked_up(ground.client, columns, "OpportunityHistory", "OpportunityId", list(found)):
        at, name = instant(each["CreatedDate"]), each["StageName"]
        if at is not None:
            state = {"StageName": name, **ends.get(name, dict.fromkeys(_ENDS, "false"))}
            found[each["OpportunityId"]].append((at, each["CreatedById"], state))
    for row in rows:
        course = sorted(found[row["Id"]], key=lambda each: each[0])
        state = {name: row[name] for name in ("StageName", *_ENDS)}
        made = instant(row["CreatedDate"])
        if not course and made is not None:
            course = [(made, row["CreatedById"], state)]
        found[row["Id"]] = course
    return found


def _stages_of(ground: Ground, lead: str, course: Course, meant: Mapping[str, Holds]) -> Iterator[Mapping[str, object]]:
    last = None
    for at, by, state in course:
        stage = next((name for name, holds in meant.items() if holds(state)), None)
        if stage is not None and stage != last and at < ground.asked.until:
            yield {"lead": lead, "at": at, "stage": stage, "reason": None, "by": by}
        last = stage


def _deal(row: Mapping[str, str], lead: str, course: Course) -> Mapping[str, object]:
    closed = row["IsClosed"] == "true"
    # The last time that it entered an end: one that was opened again was closed later.
    ends = [at for place, (at, _, state) in enumerate(course) if _closes(course, place) and state["IsClosed"] == "true"]
    return {
        "deal": row["Id"],
        "lead": lead,
        "opened_at": instant(row["CreatedDate"]),
        "amount": float(row["Amount"]) if row["Amount"] else None,
        "closed_at": (ends[-1] if ends else instant(row["CloseDate"])) if closed else None,
        "won": row["IsWon"] == "true" if closed else None,
    }


def _closes(course: Course, place: int) -> bool:
    """Return whether an opportunity was open before this entry of its course."""
    return place == 0 or course[place - 1][2]["IsClosed"] != "true"
