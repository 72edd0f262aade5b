"""Who is in which workflow, at which action and until when; and what else workflows remember."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sla_sync_hubspot.simulator.call import spell_time
from sla_sync_hubspot.simulator.portal import Portal
from sla_sync_hubspot.simulator.records import Records
from sla_sync_hubspot.simulator.refusals import Json
from sla_sync_hubspot.simulator.running.outbox import Sent, read_sent, spell_sent

_ENROLMENT, _ENROLLED, _MEETING, _SEEN = "flow-enrolment", "flow-enrolled", "flow-meeting", "flow-seen"
_CURSOR, _SENT, _LOG, _PLANNED = "flow-cursor", "flow-sent", "flow-log", "flow-planned"
EVENT, ASSOCIATION = "event", "association"
"""What an enrolment waits for that is not only an instant: an event, or that the record is associated with another."""


@dataclass(frozen=True, slots=True)
class Enrolment:
    """One record in one workflow: `action` is carried out at `due`, or there is none left and the enrolment ends then.

    `number` tells which of two was planned first. `outputs` holds what actions found out, by `action/key`.
    """

    flow: str
    record: str
    action: str | None
    due: datetime
    number: int = 0
    waiting: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history of a workflow; `event` is ENROLLED, DONE, SKIPPED, FAILED, WAITING, LEFT or FINISHED."""

    at: datetime
    flow: str
    record: str
    action: str
    event: str
    text: str


class Book:
    """Enrolments and memories of workflows, kept among the notes of the portal, and the order in which they are due."""

    def __init__(self, portal: Portal) -> None:
        self._portal = portal
        self._agenda = portal.records.memory.once("agenda of workflows", self._read_agenda)
        self._waiting = portal.records.memory.once("enrolments that wait", self._read_waiting)

    def _read_agenda(self) -> list[tuple[datetime, int, str, str]]:
        agenda = [
            (datetime.fromisoformat(row["due"]), int(row["number"]), str(row["flow"]), str(row["record"]))
            for row in self._records.noted(_ENROLMENT).values()
        ]
        heapq.heapify(agenda)
        return agenda

    def _read_waiting(self) -> dict[str, list[str]]:
        waiting: dict[str, list[str]] = {}
        for row in self._records.noted(_ENROLMENT).values():
            if row["waiting"]:
                waiting.setdefault(row["record"], []).append(row["flow"])
        return waiting

    @property
    def _records(self) -> Records:
        return self._portal.records

    def active(self, flow: str | None = None) -> tuple[Enrolment, ...]:
        """Return who is enrolled, in one workflow or in all."""
        rows = self._records.noted(_ENROLMENT).values()
        return tuple(_read(row) for row in rows if flow in (None, row["flow"]))

    def enrolment(self, flow: str, record: str) -> Enrolment | None:
        """Return the enrolment of a record in a workflow, or None."""
        row = self._records.noted(_ENROLMENT).get(f"{flow}/{record}")
        return None if row is None else _read(row)

    def plan(self, enrolment: Enrolment) -> Enrolment:
        """Let an enrolment wait until it is due, and return it with its number."""
        number = self._count(_PLANNED, "number")
        planned = replace(enrolment, number=number)
        self._records.note(_ENROLMENT, f"{planned.flow}/{planned.record}", _spell(planned))
        heapq.heappush(self._agenda, (planned.due, number, planned.flow, planned.record))
        if planned.waiting:
            self._waiting.setdefault(planned.record, []).append(planned.flow)
        return planned

    def waiting(self, record: str) -> Sequence[str]:
        """Return the workflows in which a record waits for something that may happen to it."""
        flows = dict.fromkeys(self._waiting.get(record, ()))
        found = [each for each in flows if (one := self.enrolment(each, record)) is not None and one.waiting]
        if flows:
            self._waiting[record] = found
        return found

    def end(self, flow: str, record: str) -> None:
        """Let a record be enrolled no more."""
        self._records.note(_ENROLMENT, f"{flow}/{record}", None)

    def first(self) -> Enrolment | None:
        """Return the enrolment that is due first, or None."""
        while self._agenda:
            _, number, flow, record = self._agenda[0]
            found = self.enrolment(flow, record)
            if found is not None and found.number == number:
                return found
            heapq.heappop(self._agenda)
        return None

    def times_enrolled(self, flow: str, record: str) -> int:
        """Return how often a record was enrolled in a workflow."""
        return int(self._records.noted(_ENROLLED).get(f"{flow}/{record}", {}).get("times", 0))

    def count_enrolment(self, flow: str, record: str) -> None:
        """Remember that a record was enrolled once more."""
        times = self.times_enrolled(flow, record) + 1
        self._records.note(_ENROLLED, f"{flow}/{record}", {"times": times})

    def was_meeting(self, flow: str, record: str) -> bool:
        """Return whether a record met the criteria of a workflow when they were last evaluated."""
        return f"{flow}/{record}" in self._records.noted(_MEETING)

    def set_meeting(self, flow: str, record: str, *, meets: bool) -> None:
        """Remember whether a record meets the criteria of a workflow."""
        if meets != self.was_meeting(flow, record):
            self._records.note(_MEETING, f"{flow}/{record}", {"met": True} if meets else None)

    def seen(self) -> Mapping[str, Json]:
        """Return how each workflow stood when it was last looked at."""
        return self._records.noted(_SEEN)

    def see(self, flow: str, how: Json | None) -> None:
        """Remember how a workflow stands, or forget the workflow."""
        self._records.note(_SEEN, flow, how)

    def turn(self, flow: str, action: str) -> int:
        """Return the next number of a round, which begins with 0."""
        return self._count(_CURSOR, f"{flow}/{action}") - 1

    def send(self, sent: Sent) -> None:
        """Put a notice or an e-mail into the outbox."""
        self._append(_SENT, spell_sent(sent))

    def log(self, enrolment: Enrolment, action: str | None, event: str, text: str = "") -> None:
        """Write a line into the history of a workflow."""
        row = {
            "at": spell_time(self._portal.now), "flow": enrolment.flow, "record": enrolment.record,
            "action": action or "", "event": event, "text": text,
        }  # fmt: skip
        self._append(_LOG, row)

    def _append(self, kind: str, row: Json) -> None:
        self._records.note(kind, f"{len(self._records.noted(kind)) + 1:09}", row)

    def _count(self, kind: str, key: str) -> int:
        number = int(self._records.noted(kind).get(key, {}).get("count", 0)) + 1
        self._records.note(kind, key, {"count": number})
        return number


def sent(records: Records) -> tuple[Sent, ...]:
    """Return everything that workflows sent, oldest first."""
    return tuple(read_sent(row) for row in records.noted(_SENT).values())


def history(records: Records, flow: str | None = None) -> tuple[Line, ...]:
    """Return the history of one workflow or of all, oldest first."""
    return tuple(
        Line(**(row | {"at": datetime.fromisoformat(row["at"])}))
        for row in records.noted(_LOG).values()
        if flow in (None, row["flow"])
    )


def _spell(enrolment: Enrolment) -> Json:
    return {
        "flow": enrolment.flow, "record": enrolment.record, "action": enrolment.action, "number": enrolment.number,
        "due": enrolment.due.isoformat(), "waiting": enrolment.waiting, "outputs": dict(enrolment.outputs),
    }  # fmt: skip


def _read(row: Json) -> Enrolment:
    return Enrolment(**(row | {"due": datetime.fromisoformat(row["due"])}))
