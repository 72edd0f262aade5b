"""Business hours and holidays written as records: they are the same as those of the settings, and are kept there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.integrity import check_values
from sla_sync_salesforce.simulator.kinds.business_hours import NAME
from sla_sync_salesforce.simulator.organization import User
from sla_sync_salesforce.simulator.projection import DAYS, hours_id
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented
from sla_sync_salesforce.simulator.store import Fields, Row

OBJECTS = ("BusinessHours", "Holiday")
_LISTS = {"BusinessHours": "businessHours", "Holiday": "holidays"}
_HOURS: Mapping[str, str] = {
    "Name": "name",
    "IsActive": "active",
    "IsDefault": "default",
    "TimeZoneSidKey": "timeZoneId",
    **{f"{day}{end}": f"{day.lower()}{end}" for day in DAYS for end in ("StartTime", "EndTime")},
}
_HOLIDAY: Mapping[str, str] = {
    "Name": "name",
    "Description": "description",
    "ActivityDate": "activityDate",
    "StartTimeInMinutes": "startTime",
    "EndTimeInMinutes": "endTime",
    "IsRecurrence": "isRecurring",
    "RecurrenceType": "recurrenceType",
}


def write(desk: Desk, who: User, object_name: str, identity: str | None, values: Fields) -> str | RefusedError:
    """Create or change business hours or a holiday, and return its id or why it was refused."""
    try:
        checked = check_values(desk.organization, object_name, values)
        return _written(desk, who, object_name, identity, checked)
    except RefusedError as error:
        return error


def delete(desk: Desk, who: User, object_name: str, row: Row) -> None:
    """Take a holiday away. Raises RefusedError for business hours, which the platform never deletes."""
    if object_name == "BusinessHours":
        raise RefusedError("INVALID_TYPE_FOR_OPERATION", "entity type BusinessHours does not support delete")
    entries = _entries(desk, object_name)
    entries.remove(next(each for each in entries if hours_id(object_name, each) == row["Id"]))
    _note(desk, who, f"Deleted holiday {row['Name']}")


def _written(desk: Desk, who: User, object_name: str, identity: str | None, values: Fields) -> str:
    members = _HOURS if object_name == "BusinessHours" else _HOLIDAY
    for name in values:
        if name not in (*members, "IsAllDay"):
            raise not_implemented(f"Writing {name} of {object_name}")
    entries = _entries(desk, object_name)
    entry = next((each for each in entries if hours_id(object_name, each) == identity), None)
    made = {**(entry or {})}
    for name, value in values.items():
        if name == "IsAllDay":
            continue
        if value is None:
            made.pop(members[name], None)
        else:
            made[members[name]] = _spelled(name, value)
    if values.get("IsAllDay") is True:
        made.pop("startTime", None)
        made.pop("endTime", None)
    _check(object_name, made)
    if entry is None:
        entries.append(made)
    else:
        entries[entries.index(entry)] = made
    kind = "business hours" if object_name == "BusinessHours" else "holiday"
    _note(desk, who, f"{'Changed' if entry else 'Created'} {kind} {made.get('name')}")
    return hours_id(object_name, made)


def _check(object_name: str, entry: Values) -> None:
    missing = [name for name in ("name",) if not entry.get(name)]
    if object_name == "Holiday" and not entry.get("activityDate") and entry.get("isRecurring") != "true":
        missing.append("activityDate")
    if missing:
        shown = tuple(each[0].upper() + each[1:] for each in missing)
        text = f"Required fields are missing: [{', '.join(shown)}]"
        raise RefusedError("REQUIRED_FIELD_MISSING", text, fields=shown)


def _entries(desk: Desk, object_name: str) -> list[Values]:
    entries: list[Values] = desk.organization.of("Settings")[NAME].values.setdefault(_LISTS[object_name], [])
    return entries


def _spelled(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if name.endswith("InMinutes"):
        hours, minutes = divmod(int(str(value)), 60)
        return f"{hours:02}:{minutes:02}:00.000Z"
    return str(value)


def _note(desk: Desk, who: User, done: str) -> None:
    component = desk.organization.of("Settings")[NAME]
    component.changed_by, component.changed_at = who.id, desk.organization.instant
    desk.organization.note("changedBusinessHours", "Business Hours", done, who.id)
    desk.changed()
