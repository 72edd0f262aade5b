"""Clocks that tests write down, as resources and in an org: assignments are saved by hand, and time runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sla_sync.agreement.durations import parse_duration
from sla_sync.agreement.hours import TimeOfDay, Weekday, Window
from sla_sync.connector import (
    Calendar,
    Clock,
    ClosedDay,
    Desired,
    Duration,
    Gap,
    Limit,
    Mode,
    Opening,
    Priority,
    Resources,
    Rung,
    Setup,
    Stage,
    Team,
    Translation,
    clock_events,
    parse_expression,
)
from sla_sync.semantics.calendar import BusinessCalendar
from sla_sync.semantics.holidays import Holidays
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.simulator.running.paths import Viewpoint, field_at
from sla_sync_salesforce.simulator.running.world import world_of
from sla_sync_salesforce.translate.apex import apex
from sla_sync_salesforce.translate.calendars import calendars
from sla_sync_salesforce.translate.clocks import Clocks, learn_clocks
from sla_sync_salesforce.translate.deadlines import clock_flow
from sla_sync_salesforce.translate.fields import fields
from sla_sync_salesforce.translate.ladders import ladders
from sla_sync_salesforce.translate.leg import leg
from sla_sync_salesforce.translate.notices import notices
from sla_sync_salesforce.translate.stamps import stamps
from sla_sync_salesforce.translate.switches import switches
from sla_sync_salesforce.translate.thresholds import thresholds
from sla_sync_salesforce.translate.words import learn
from tests.connectors.salesforce import deploying
from tests.connectors.salesforce.simulator.live import Live

SETUP = Setup("acme-inbound", {"sdr_manager": ("kim@acme.example",), "vp_sales": ("sam@acme.example",)})
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
FIRST, LAST = date(2026, 2, 1), date(2027, 3, 31)
FIRST_OF_A_STORY, LAST_OF_A_STORY = date(2026, 9, 28), date(2027, 1, 31)
"""An org reads and judges a record for every opening: most stories end within a week."""
_MIDNIGHT = time()
_MINUTES = 1440


def utc(text: str) -> datetime:
    """Return an instant: `2026-10-05 14:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def business(
    zone: str, week: Mapping[str, tuple[tuple[str, str], ...]], closed: Mapping[str, tuple[tuple[str, str], ...]] = {}
) -> BusinessCalendar:
    """Return a calendar of the model."""
    days = {day.value[:3]: day for day in Weekday}
    special = {date.fromisoformat(day): _windows(windows) for day, windows in closed.items()}
    return BusinessCalendar(
        ZoneInfo(zone), {days[day]: _windows(each) for day, each in week.items()}, Holidays(special)
    )


def _windows(windows: Iterable[tuple[str, str]]) -> tuple[Window, ...]:
    return tuple(Window(_time_of_day(opens), _time_of_day(closes)) for opens, closes in windows)


def _time_of_day(text: str) -> TimeOfDay:
    hours, minutes = text.split(":")
    return TimeOfDay(int(hours) * 60 + int(minutes))


def openings(calendar: BusinessCalendar, first: date = FIRST, last: date = LAST) -> tuple[Opening, ...]:
    """Return every opening of a calendar in a stretch of days."""
    start, end = (datetime.combine(day, _MIDNIGHT, tzinfo=calendar.zone) for day in (first, last))
    found = []
    for span in calendar.open_spans(start, end):
        day = span.opens.astimezone(calendar.zone).date()
        noon = datetime.combine(day, time(12), tzinfo=calendar.zone).astimezone(UTC)
        found.append(Opening(day, noon - timedelta(hours=12), span.opens, span.closes))
    return tuple(found)


def neutral(name: str, calendar: BusinessCalendar, first: date = FIRST, last: date = LAST) -> Calendar:
    """Return a calendar of the model as a resource."""
    return Calendar(
        name,
        ("calendars", name),
        "",
        name,
        str(calendar.zone),
        {day.value[:3]: _times(windows) for day, windows in calendar.week.items()},
        tuple(ClosedDay(day, "", _times(windows)) for day, windows in calendar.holidays.days.items()),
        openings(calendar, first, last),
        last,
    )


def _times(windows: Iterable[Window]) -> tuple[tuple[time, time], ...]:
    return tuple((_time(each.opens), _time(each.closes)) for each in windows)


def _time(of_day: TimeOfDay) -> time:
    return time.max if of_day.minute == _MINUTES else time(*divmod(of_day.minute, 60))


OFFICE_WEEK = dict.fromkeys(WEEKDAYS, (("09:00", "17:00"),))
OFFICE = business("America/New_York", OFFICE_WEEK, {"2026-07-03": (), "2026-11-26": (), "2026-12-25": ()})
LONDON = business("Europe/London", dict.fromkeys(WEEKDAYS, (("09:00", "17:30"),)), {"2026-12-25": (), "2026-12-28": ()})
SIESTA = business("Europe/Madrid", dict.fromkeys(WEEKDAYS, (("09:00", "13:00"), ("15:00", "18:00"))))


@cache
def _calendars() -> tuple[Calendar, ...]:
    days = (FIRST_OF_A_STORY, LAST_OF_A_STORY)
    return neutral("office", OFFICE, *days), neutral("london", LONDON, *days)


def lasting(text: str) -> Duration:
    """Return a duration in the words of the agreement."""
    return parse_duration(text)


def clock(**changes: Any) -> Clock:
    """Return the clock of a first response within two business hours, with these parts changed; durations as text."""
    origin = ("commitments", "first-response")
    within = changes.pop("within", "2 business hours")
    limits = {None: within} if isinstance(within, str) else within
    warn = changes.pop("warn", None)
    parts: dict[str, Any] = {
        "name": "first-response",
        "origin": (*origin, "clock"),
        "means": "A rep touches every MQL in time.",
        "label": "First response",
        "mode": Mode.ACT,
        "starts": clock_events.Moment.ASSIGNED,
        "stops": clock_events.Moment.TOUCH,
        "restarts": clock_events.Moment.REASSIGNED,
        "limits": tuple(_limit(name, each, (*origin, "within")) for name, each in limits.items()),
        "warn": lasting(warn) if isinstance(warn, str) else warn,
        **changes,
    }
    if isinstance(parts.get("where"), str):
        parts["where"] = parse_expression(parts["where"])
    return Clock(**parts)


def _limit(name: str | None, within: str, origin: tuple[str, ...]) -> Limit:
    hours = {"inside hours": True, "outside hours": False}.get(name or "")
    priority = None if hours is not None else name
    return Limit((*origin, name) if name else origin, lasting(within), priority=priority, inside_hours=hours)


def rung(index: int, *, after: str | None = None, at: str | None = None, **more: Any) -> Rung:
    """Return a step of the ladder, with durations as text."""
    return Rung(
        index,
        ("commitments", "first-response", "on_breach", index),
        after=lasting(after) if after else None,
        at=lasting(at) if at else None,
        **more,
    )


def resources(*clocks: Clock, **changes: Any) -> Resources:
    """Return an agreement with these clocks, an office in New York and a team in London."""
    parts: dict[str, Any] = {
        "agreement": "acme-inbound",
        "title": "Acme",
        "effective_from": date(2026, 1, 1),
        "timezone": "America/New_York",
        "stages": (
            Stage("mql", ("stages", "mql"), "Fits.", "MQL", 0, next={"sal": None, "recycled": None}, qualifies=True),
            Stage("sal", ("stages", "sal"), "Agreed to work it.", "SAL", 1, accepts=True),
            Stage("recycled", ("stages", "recycled"), "Not now.", "Recycled", 2, closes=True),
        ),
        "priorities": tuple(
            Priority(name, ("priorities", name), "", name, parse_expression("stage is mql")) for name in ("hot", "warm")
        ),
        "calendars": _calendars(),
        "teams": (
            Team("sdr", ("teams", "sdr"), "", "SDR", "sdr_manager", None),
            Team("emea", ("teams", "emea"), "", "EMEA", None, "london"),
        ),
        "policy": "acme-inbound@2026-10-01",
        "clocks": clocks,
        "deadline": clocks[0].name if clocks else None,
        **changes,
    }
    return Resources(**parts)


def binding(**changes: Any) -> SalesforceBinding:
    """Return the binding of this agreement, with these parts changed."""
    return SalesforceBinding.model_validate(
        {
            "apiVersion": "sla-sync/v1",
            "kind": "Binding",
            "metadata": {"name": "acme-salesforce", "agreement": "acme-inbound", "connector": "salesforce"},
            "stages": {"mql": {"Lead.Status": ["MQL"]}, "sal": {"Lead.Status": ["Working - Contacted"]}},
            **changes,
        }
    )


def learned(agreed: Resources, bound: SalesforceBinding | None = None) -> Clocks:
    """Return the clocks that an org can hold."""
    bound = bound or binding()
    return learn_clocks(agreed, bound, learn(agreed, bound))


def timed(agreed: Resources, bound: SalesforceBinding | None = None) -> Translation:
    """Return all that concerns clocks: the assignment with its flows, numbers, calendars, notices and stamps."""
    bound = bound or binding()
    clocks = learned(agreed, bound)
    held = clocks.held(agreed)
    made: list[Desired | Gap] = [
        *switches(held, bound, SETUP),
        *fields(held, bound, SETUP),
        *leg(clocks.clocks, bound, SETUP),
        *thresholds(held, clocks.timed, bound, SETUP),
        *calendars(held, clocks.timed, bound, SETUP),
        *clock_flow(clocks, bound, SETUP),
        *apex(clocks, bound, SETUP),
        *ladders(held, clocks, bound, SETUP),
        *notices(held, bound, SETUP),
        *stamps(held, clocks, bound, SETUP),
        *clocks.gaps,
    ]
    return Translation(
        tuple(each for each in made if isinstance(each, Desired)),
        tuple(each for each in made if isinstance(each, Gap)),
        agreement="acme-inbound",
    )


def deployed(data: Path, agreed: Resources, bound: SalesforceBinding | None = None, **conduct: Any) -> Live:
    """Return an org in which all of it was deployed, and is in force."""
    return deploying.copied(data, _deployed, agreed, bound, **conduct)


def _deployed(data: Path, agreed: Resources, bound: SalesforceBinding | None, **conduct: Any) -> Live:
    return deploying.deployed(data, timed(agreed, bound), _join, **conduct)


def _join(org: Live, setting: Desired) -> None:
    if setting.address.type == "GroupMember":
        group, person = str(setting.values["group"]), str(setting.values["member"])
        store = org.desk.organization.store
        found = next(row for row in store.of("Group").values() if row["DeveloperName"] == group)
        user = next(row for row in org.desk.organization.users if row.username == person)
        org.save("GroupMember", GroupId=found["Id"], UserOrGroupId=user.id)


def turn(org: Live, **values: Any) -> str:
    """Save an assignment that begins now, of a lead of its own and of a rep, and return its id."""
    needs = {"Cycle__c": 1, "Leg__c": 1, "Calendar__c": "office", "Priority__c": "warm"}
    lead = values.pop("Lead__c") if "Lead__c" in values else org.lead()
    start = {"Qualified_At__c": org.now, "Assigned_At__c": org.now, "Person__c": org.user("ana").id}
    return org.save("SLA_Leg__c", **{"Lead__c": lead, **needs, **start, **values})


def shown(org: Live, identity: str, field: str) -> object:
    """Return what a field of an assignment shows now, formulas among them."""
    view = Viewpoint(world_of(org.desk), org.now, org.admin.id)
    return field_at(view, "SLA_Leg__c", org.row("SLA_Leg__c", identity), field)
