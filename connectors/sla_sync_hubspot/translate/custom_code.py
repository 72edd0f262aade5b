"""Dates that a workflow's own code computes: the program, with the promises and hours of the agreement embedded in it.

The program is one for all agreements (`dates.js`). What it computes by, and all names, stand in the line before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from importlib.resources import files
from typing import Any

from sla_sync.connector import SECONDS, Address, Calendar, Clock, Desired, Duration, Gap, Opening, Unit, describe
from sla_sync_hubspot.names import DESCRIPTION_LIMIT, property_name, title
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.building import Code, Enrolment, workflow_values
from sla_sync_hubspot.translate.clocks import calendars_of
from sla_sync_hubspot.translate.events import becomes, is_in
from sla_sync_hubspot.translate.filters import Branches
from sla_sync_hubspot.translate.needs import needed_by
from sla_sync_hubspot.translate.notices import OWNER_PROPERTY
from sla_sync_hubspot.translate.properties import property_address
from sla_sync_hubspot.translate.vocabulary import UnsayableError, Vocabulary
from sla_sync_hubspot.types import WORKFLOW

MARK = "// sla-sync dates "
"""How the code begins; the digest of the program follows."""
SOURCE_LIMIT = 500_000
"""Inferred: HubSpot names 20 seconds and 128 MB for code, and no length, so this one is our own caution."""
_WALL = "wall clock"
_MINUTE = 60
_CLOCK_PARTS = ("state", "started_at", "stopped_at", "due_at")


def dates_by_code(
    clocks: Sequence[Clock], vocabulary: Vocabulary, known: Collection[Address]
) -> tuple[list[Desired], list[Gap]]:
    """Return the workflow whose code computes the dates of these clocks, and what it cannot compute."""
    rows: list[dict[str, Any]] = []
    gaps: list[Gap] = [_secret(vocabulary)]
    hours: list[Calendar] = []
    for clock in clocks:
        try:
            rows.append(_row(clock, vocabulary, hours))
            gaps += _several_calendars(clock, vocabulary)
        except UnsayableError as error:
            advice = f"Choose `deadlines: computed` in the binding, or watch «{clock.name}» by hand: {error}."
            gaps.append(Gap(f"clock-{clock.name}-code", f"Clock of «{clock.label}»", advice, clock.origin))
    if not rows:
        return [], gaps
    source = source_code(_data(rows, hours, clocks, vocabulary))
    if len(source) > SOURCE_LIMIT:
        advice = "Choose `deadlines: computed` in the binding: the hours of the agreement are too long for a workflow's code."
        return [], [*gaps, Gap("clock-code-length", "Code of the clocks", advice, clocks[0].origin)]
    agreement = vocabulary.resources.agreement
    name = title(agreement, "Clocks: compute dates")
    means = describe("Computes when clocks fall due, as soon as they start.", agreement, limit=DESCRIPTION_LIMIT)
    asked: Branches = ((is_in(kept.DATES, (kept.ASKED,), vocabulary),),)
    enrolment = Enrolment(asked, (becomes(kept.DATES, kept.ASKED, vocabulary),))
    values = workflow_values(name, means, enrolment, (Code(source, (vocabulary.binding.code_secret,)),))
    touched = {property_address(each) for each in (*_read(clocks, vocabulary), *_written(vocabulary))}
    requires = tuple(each for each in sorted(known) if each in touched or each in needed_by(values, known))
    return [Desired(Address(WORKFLOW, name), values, requires, {(): clocks[0].origin})], gaps


def program() -> str:
    """Return the program."""
    return files(__package__).joinpath("dates.js").read_text(encoding="utf-8")


def source_code(data: dict[str, Any]) -> str:
    """Return the code of a workflow: a line that marks it, the line of what it computes by, and the program."""
    text = program()
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{MARK}{digest}\nconst DATA = {json.dumps(data, separators=(',', ':'), ensure_ascii=True)};\n{text}"


def _data(
    rows: list[dict[str, Any]], hours: Sequence[Calendar], clocks: Sequence[Clock], vocabulary: Vocabulary
) -> dict[str, Any]:
    prefix = property_name(vocabulary.binding.prefix, "")
    return {
        "prefix": prefix,
        "secret": vocabulary.binding.code_secret,
        "slots": kept.SLOTS,
        "deadline": vocabulary.resources.deadline,
        "read": [*_read(clocks, vocabulary), OWNER_PROPERTY],
        "hours": [_rows(calendar.openings) for calendar in hours],
        "clocks": rows,
    }


def _read(clocks: Sequence[Clock], vocabulary: Vocabulary) -> list[str]:
    """Return the properties that the code reads."""
    names = [kept.DATES, kept.DATES_FOR, kept.CYCLE, kept.CYCLE_STATE, kept.ASSIGNED_AT, kept.FIRST_TOUCH_AT]
    if any(each.name == "priority" for each in vocabulary.resources.fields):
        names.append("priority")
    for clock in clocks:
        names += (kept.of_clock(clock, part) for part in _CLOCK_PARTS)
        names += (kept.happened_at(key) for key in kept.timed_keys(clock))
        names += (kept.times(key) for key in kept.counted_keys(clock))
    return [property_name(vocabulary.binding.prefix, each) for each in names]


def _written(vocabulary: Vocabulary) -> list[str]:
    """Return the properties that the code writes without having read them."""
    slots = (name(number) for number in range(1, kept.SLOTS + 1) for name in (kept.slot_at, kept.slot_what))
    return [property_name(vocabulary.binding.prefix, each) for each in (*slots, "due_at")]


def _row(clock: Clock, vocabulary: Vocabulary, hours: list[Calendar]) -> dict[str, Any]:
    """Return a clock as the program reads it; its calendar is put among the hours. Raises UnsayableError."""
    calendar = next(iter(calendars_of(clock, vocabulary)), None)
    row = {
        "name": clock.name,
        "restarts": clock.restarts is not None,
        "calendar": _WALL if calendar is None else calendar.name,
        "limits": [
            {"priority": each.priority, "inside": each.inside_hours, "within": _length(each.within, calendar)}
            for each in clock.limits
        ],
        "warn": _length(clock.warn, calendar) if isinstance(clock.warn, Duration) else clock.warn,
        "steps": [
            {
                "what": f"step{each.index}",
                "after": None if each.after is None else _length(each.after, calendar),
                "at": None if each.at is None else _length(each.at, calendar),
                "most": each.at_most,
            }
            for each in clock.rungs
        ],
    }
    if calendar is not None and calendar not in hours:
        hours.append(calendar)
    return {**row, "hours": None if calendar is None else hours.index(calendar)}


def _length(duration: Duration, calendar: Calendar | None) -> list[Any]:
    if duration.business and duration.unit is Unit.DAY and calendar is not None:
        return ["days", duration.count]
    of_days = duration.business and duration.unit in {Unit.DAY, Unit.WEEK}
    if duration.unit not in SECONDS or of_days:
        raise UnsayableError(f"the code of a workflow does not count {duration}")
    return ["open" if duration.business else "wall", duration.count * SECONDS[duration.unit] * 1_000]


def _rows(openings: Sequence[Opening]) -> list[list[int]]:
    """Return openings in minutes: how long after the midnight before theirs begins, and when they open and close then.

    They are not packed, for no two machines need pack them alike.
    """
    rows: list[list[int]] = []
    last = 0
    for each in openings:
        midnight = int(each.midnight.timestamp()) // _MINUTE
        opens, closes = (int(end.timestamp()) // _MINUTE - midnight for end in (each.opens, each.closes))
        rows.append([midnight - last, opens, closes])
        last = midnight
    return rows


def _several_calendars(clock: Clock, vocabulary: Vocabulary) -> list[Gap]:
    calendars = calendars_of(clock, vocabulary)
    if len(calendars) < 2:  # noqa: PLR2004 - one calendar is nobody's question
        return []
    named = ", ".join(f"«{each.name}»" for each in calendars[1:])
    advice = (
        f"Choose `deadlines: computed` in the binding, or expect «{clock.name}» to count the hours of "
        f"«{calendars[0].name}» for everybody: the code does not know who works in {named}."
    )
    return [Gap(f"clock-{clock.name}-calendars", f"Clock of «{clock.label}»", advice, clock.origin)]


def _secret(vocabulary: Vocabulary) -> Gap:
    name = vocabulary.binding.code_secret
    return Gap(
        "clock-code-secret",
        f"Secret «{name}»",
        f"Add a secret named «{name}» to the custom code of the portal, with the token of a private app that may read and "
        "write contacts: the code of the clocks writes their dates with it, and no API creates secrets.",
    )
