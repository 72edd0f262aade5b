"""What an org has that a first agreement can be written from: one describe, one retrieve, three queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sla_sync.connector import (
    CalendarFound,
    ReasonsFound,
    RouteFound,
    ScoreFound,
    SourcesFound,
    StageFound,
    Survey,
    TeamFound,
    Unseen,
    Value,
    Values,
    ask_part,
    speaks_of,
)
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.retrieved import retrieved
from sla_sync_salesforce.soql import one_of, select

_OBJECT = "Lead"
_DAYS: Mapping[str, str] = {
    "mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday", "fri": "friday", "sat": "saturday",
    "sun": "sunday",
}  # fmt: skip
_RETRIEVED = (
    ("StandardValueSet", "LeadStatus"),
    ("Settings", "BusinessHours"),
    ("AssignmentRules", "Lead"),
)
_FIELDS: Mapping[str, str] = {
    "email": "Email",
    "company": "Company",
    "country": "Country",
    "employees": "NumberOfEmployees",
    "do_not_contact": "HasOptedOutOfEmail",
}
_NUMBERS = frozenset({"double", "int", "percent"})
_LISTS = frozenset({"picklist", "multipicklist"})
_MIDNIGHT, _ALL_DAY = "00:00", "00:00-24:00"
_TOUCH = {"any": [{"Task": {"Status": ["Completed"], "by": "owner"}}, {"Event": {"by": "owner"}}]}
_NEVER_REASONS = frozenset({"Status", "LeadSource"})


def survey_of(client: Client) -> Survey:
    """Return what the org tells. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    untold: dict[str, str] = {}
    described: Mapping[str, Mapping[str, Any]] = ask_part(untold, "The fields of leads", lambda: _described(client), {})
    files: Mapping[str, Values] = ask_part(
        untold, "Lead Status, business hours and assignment rules", lambda: _files(client), {}
    )
    queues: tuple[TeamFound, ...] = ask_part(untold, "The queues", lambda: tuple(_queues(client)), ())
    zone: str | None = ask_part(untold, "The zone of the org", lambda: _zone(client), None)
    stages = tuple(_stages(files.get("LeadStatus", {}), described))
    sources = _listed(described.get("LeadSource"))
    calendars = tuple(_calendars(files.get("BusinessHours", {})))
    routes, unread = _routes(files.get("Lead", {}))
    unseen = (
        *(Unseen(what, why) for what, why in untold.items()),
        *unread,
        Unseen("The currency of the org", "Which one amounts are in when nobody says so, no query tells for sure."),
        Unseen("Flows, Apex and tools that assign leads", "What they decide is no list that could be read."),
    )
    return Survey(
        place="Lead Status",
        stages=stages,
        sources=SourcesFound(f"{_OBJECT}.LeadSource", sources) if sources else None,
        reasons=tuple(_reasons(described)),
        calendars=calendars,
        teams=queues,
        routes=routes,
        scores=tuple(_scores(described)),
        zone=zone,
        fields={word: f"{_OBJECT}.{name}" for word, name in _FIELDS.items() if name in described},
        touch=_TOUCH,
        addable="Lead.Status",
        read=(
            f"Lead Status: {len(stages)} values (Metadata API, StandardValueSet LeadStatus).",
            f"Lead Source: {len(sources)} values (describe of Lead).",
            f"Business hours: {len(calendars)} (Metadata API, Settings BusinessHours).",
            f"Queues: {len(queues)}, with their members (SOQL).",
            f"Assignment rules of leads: {len(routes)} entries of the rule in force (Metadata API).",
        ),
        unseen=unseen,
    )


def _described(client: Client) -> Mapping[str, Mapping[str, Any]]:
    return {str(each["name"]): each for each in client.get(f"sobjects/{_OBJECT}/describe").get("fields", ())}


def _files(client: Client) -> Mapping[str, Values]:
    result = client.retrieve(_RETRIEVED)
    return {each.name: each.values for each in retrieved(result, target=client.target)}


def _entries(values: Values, member: str) -> Sequence[Mapping[str, Value]]:
    found = values.get(member)
    listed = found if isinstance(found, list | tuple) else (found,)
    return [each for each in listed if isinstance(each, Mapping)]


def _is(entry: Mapping[str, Value], member: str) -> bool:
    return str(entry.get(member, "")).lower() == "true"


def _stages(values: Values, described: Mapping[str, Mapping[str, Any]]) -> Iterator[StageFound]:
    """Yield the active values of Lead Status; without the file that tells which converts, those of the describe."""
    entries = _entries(values, "standardValue")
    if not entries:
        for value, label in _listed(described.get("Status")).items():
            yield StageFound(value, label, {"Lead.Status": [value]})
    for each in entries:
        if str(each.get("isActive", "true")).lower() == "false":
            continue
        value = str(each["fullName"])
        yield StageFound(
            value,
            str(each.get("label") or value),
            {"Lead.Status": [value]},
            first=_is(each, "default"),
            won=_is(each, "converted"),
        )


def _listed(found: Mapping[str, Any] | None) -> dict[str, str]:
    values = (found or {}).get("picklistValues") or ()
    return {str(each["value"]): str(each.get("label") or each["value"]) for each in values if each.get("active")}


def _reasons(described: Mapping[str, Mapping[str, Any]]) -> Iterator[ReasonsFound]:
    for name, each in described.items():
        if each.get("type") in _LISTS and name not in _NEVER_REASONS and speaks_of("reason", each):
            yield ReasonsFound(f"{_OBJECT}.{name}", str(each.get("label") or name), _listed(each))


def _scores(described: Mapping[str, Mapping[str, Any]]) -> Iterator[ScoreFound]:
    for name, each in described.items():
        if each.get("type") in _NUMBERS and speaks_of("score", each):
            yield ScoreFound(f"{_OBJECT}.{name}", str(each.get("label") or name))


def _calendars(values: Values) -> Iterator[CalendarFound]:
    holidays = _entries(values, "holidays")
    for each in _entries(values, "businessHours"):
        if str(each.get("active", "true")).lower() == "false":
            continue
        name = str(each["name"])
        closed = {}
        for holiday in holidays:
            named = holiday.get("businessHours")
            hours = named if isinstance(named, list | tuple) else (named,)
            day = holiday.get("activityDate")
            if name in hours and day and not _is(holiday, "isRecurring"):
                closed[date.fromisoformat(str(day))] = str(holiday.get("name") or "")
        week = {day: windows for day, prefix in _DAYS.items() if (windows := _windows(each, prefix))}
        yield CalendarFound(name, str(each.get("timeZoneId") or ""), week, closed, main=_is(each, "default"))


def _windows(hours: Mapping[str, Value], day: str) -> str:
    start, end = (str(hours.get(f"{day}{each}") or "")[:5] for each in ("StartTime", "EndTime"))
    if not start or not end:
        return ""
    return _ALL_DAY if start == end == _MIDNIGHT else f"{start}-{end if end != _MIDNIGHT else '24:00'}"


def _queues(client: Client) -> Iterator[TeamFound]:
    found = client.query(select("Id, DeveloperName, Name", "Group", "Type = 'Queue'"))
    ids = {str(each["Id"]) for each in found}
    members = client.query(select("GroupId, UserOrGroupId", "GroupMember", one_of("GroupId", ids))) if ids else []
    users = {str(each["UserOrGroupId"]) for each in members}
    known = client.query(select("Id, Username, IsActive", "User", one_of("Id", users))) if users else []
    names = {str(each["Id"]): str(each["Username"]) for each in known if each.get("IsActive")}
    for each in found:
        inside = [str(row["UserOrGroupId"]) for row in members if str(row["GroupId"]) == str(each["Id"])]
        people = tuple(sorted(names[user] for user in inside if user in names))
        developer_name = str(each["DeveloperName"])
        yield TeamFound(developer_name, str(each["Name"]), {"queue": developer_name}, people)


def _zone(client: Client) -> str | None:
    found = client.query(select("TimeZoneSidKey", "Organization"))
    return str(found[0].get("TimeZoneSidKey") or "") or None if found else None


def _routes(values: Values) -> tuple[tuple[RouteFound, ...], tuple[Unseen, ...]]:
    """Return the entries of the rule in force that assign to a queue, and what was left out with its reason."""
    routes: list[RouteFound] = []
    unseen: list[Unseen] = []
    rule = next((each for each in _entries(values, "assignmentRule") if _is(each, "active")), None)
    for number, each in enumerate(_entries(rule, "ruleEntry") if rule else (), 1):
        says = _said(each)
        if str(each.get("assignedToType")) != "Queue":
            to = str(each.get("assignedTo") or "nobody")
            unseen.append(Unseen(f"Entry {number} of the assignment rule", f"It assigns to {to}, which is no queue."))
            continue
        routes.append(RouteFound(str(each.get("assignedTo")), says, always=not says))
    return tuple(routes), tuple(unseen)


def _said(entry: Mapping[str, Value]) -> str:
    """Return the condition of an entry of a rule in the org's own words."""
    if entry.get("formula"):
        return str(entry["formula"])
    parts = (
        f"{each.get('field')} {each.get('operation')} {each.get('value')}" for each in _entries(entry, "criteriaItems")
    )
    return " and ".join(parts)
