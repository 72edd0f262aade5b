"""The rows that an org makes of its settings: users, groups, queues, business hours, holidays, rows of custom metadata."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeAlias
from zlib import crc32

from sla_sync_salesforce.simulator import stock
from sla_sync_salesforce.simulator.fields import fields_of
from sla_sync_salesforce.simulator.identifiers import DATA_KEYS, spelled, with_check
from sla_sync_salesforce.simulator.kinds.standard_value_set import LEAD_STATUS
from sla_sync_salesforce.simulator.organization import Component, Organization
from sla_sync_salesforce.simulator.store import Row, Value

Maker: TypeAlias = Callable[[Organization], Iterator[Row]]

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NUMERIC = ("Number", "Currency", "Percent")
_ENTRY_DIGITS = 4


def project(organization: Organization) -> None:
    """Put the rows that the settings of an org make into its store."""
    store = organization.store
    for user in organization.users:
        _user(organization, user.id)
    for object_name, make in _MAKERS.items():
        store.derive(object_name, {str(row["Id"]): row for row in make(organization)})
    for name in {full_name.partition(".")[0] for full_name in organization.of("CustomMetadata")} | {
        each for each in store.derived if each.endswith("__mdt")
    }:
        object_name = name if name.endswith("__mdt") else f"{name}__mdt"
        store.derive(object_name, {str(row["Id"]): row for row in _metadata_rows(organization, object_name)})


def _user(organization: Organization, identity: str) -> None:
    user = organization.user(identity)
    first, _, last = user.name.rpartition(" ")
    rows = organization.store.of("User")
    since = datetime.fromisoformat(
        organization.of("StandardValueSet")[LEAD_STATUS].created_at
    )  # the first day of the org
    rows[identity] = {
        "CreatedDate": since,
        "CreatedById": identity,
        "LastModifiedDate": since,
        "LastModifiedById": identity,
        "SystemModstamp": since,
        **rows.get(identity, {}),  # what is written to a user's own fields stays
        "Id": identity,
        "IsDeleted": False,
        "Username": user.username,
        "Name": user.name,
        "FirstName": first or None,
        "LastName": last,
        "Email": user.username,
        "Alias": user.name[:8].lower(),
        "IsActive": user.active,
        "ProfileId": stock.profile_id(user.profile),
        "UserType": "Standard",
        "TimeZoneSidKey": stock.TIME_ZONE,
        "LanguageLocaleKey": "en_US",
        "LocaleSidKey": "en_US",
    }


def stamps(component: Component) -> Row:
    """Return the dates and authors of a component as values of a row."""
    return {
        "CreatedDate": datetime.fromisoformat(component.created_at),
        "CreatedById": component.created_by,
        "LastModifiedDate": datetime.fromisoformat(component.changed_at),
        "LastModifiedById": component.changed_by,
        "SystemModstamp": datetime.fromisoformat(component.changed_at),
        "IsDeleted": False,
    }


def _groups(organization: Organization) -> Iterator[Row]:
    for type_name, kind in (("Queue", "Queue"), ("Group", "Regular")):
        for name, each in organization.of(type_name).items():
            yield {
                **stamps(each),
                "Id": each.id,
                "Name": each.values.get("name", name),
                "DeveloperName": name,
                "Type": kind,
                "Email": each.values.get("email"),
                "DoesSendEmailToMembers": each.values.get("doesSendEmailToMembers") == "true",
                "DoesIncludeBosses": each.values.get("doesIncludeBosses") == "true",
                "OwnerId": organization.id,
            }


def _queue_objects(organization: Organization) -> Iterator[Row]:
    for each in organization.of("Queue").values():
        for place, entry in enumerate(each.values.get("queueSobject", [])):
            identity = with_check(f"03g{each.id[3:5]}{each.id[9:15]}{place:0{_ENTRY_DIGITS}}")
            yield {**stamps(each), "Id": identity, "QueueId": each.id, "SobjectType": entry["sobjectType"]}


def _hours(organization: Organization) -> Iterator[Row]:
    for entry, component in _entries(organization, "businessHours"):
        row: Row = {
            **stamps(component),
            "Id": hours_id("BusinessHours", entry),
            "Name": entry.get("name"),
            "IsActive": entry.get("active") == "true",
            "IsDefault": entry.get("default") == "true",
            "TimeZoneSidKey": entry.get("timeZoneId"),
        }
        for day in DAYS:
            for end in ("StartTime", "EndTime"):
                row[f"{day}{end}"] = entry.get(f"{day.lower()}{end}")
        yield row


def _holidays(organization: Organization) -> Iterator[Row]:
    for entry, component in _entries(organization, "holidays"):
        # Inferred: a holiday that comes back has the day on which it began to as its date.
        on = entry.get("activityDate") or entry.get("recurrenceStartDate")
        start, end = entry.get("startTime"), entry.get("endTime")
        yield {
            **stamps(component),
            "Id": hours_id("Holiday", entry),
            "Name": entry.get("name"),
            "Description": entry.get("description"),
            "ActivityDate": date.fromisoformat(on[:10]) if on else None,
            "IsAllDay": not start,
            "StartTimeInMinutes": _minutes(start),
            "EndTimeInMinutes": _minutes(end),
            "IsRecurrence": entry.get("isRecurring") == "true",
            "RecurrenceType": entry.get("recurrenceType"),
            # No column of the object: to which hours it is attached, which the data API does not tell.
            "BusinessHoursNames": ";".join(entry.get("businessHours", [])),
        }


def _entries(organization: Organization, member: str) -> Iterator[tuple[Mapping[str, Any], Component]]:
    component = organization.of("Settings").get("BusinessHours")
    if component is not None:
        for entry in component.values.get(member, []):
            yield entry, component


def hours_id(object_name: str, entry: Mapping[str, Any]) -> str:
    """Return the id of business hours or of a holiday, which is made of its name and, for a holiday, of its day."""
    told = (
        entry.get("name", "") if object_name == "BusinessHours" else f"{entry.get('name')}|{entry.get('activityDate')}"
    )
    return spelled(DATA_KEYS[object_name], crc32(told.encode()))


def _minutes(time: str | None) -> int | None:
    return int(time[:2]) * 60 + int(time[3:5]) if time else None


def _notification_types(organization: Organization) -> Iterator[Row]:
    for name, each in organization.of("CustomNotificationType").items():
        yield {
            **stamps(each),
            "Id": each.id,
            "DeveloperName": name,
            "CustomNotifTypeName": each.values.get("customNotifTypeName"),
            "MasterLabel": each.values.get("masterLabel"),
            "Desktop": each.values.get("desktop") == "true",
            "Mobile": each.values.get("mobile") == "true",
        }


def _processes(organization: Organization) -> Iterator[Row]:
    for full_name, each in organization.of("BusinessProcess").items():
        object_name, _, name = full_name.partition(".")
        active = each.values.get("isActive") != "false"
        yield {**stamps(each), "Id": each.id, "Name": name, "TableEnumOrId": object_name, "IsActive": active}


def _record_types(organization: Organization) -> Iterator[Row]:
    for full_name, each in organization.of("RecordType").items():
        object_name, _, name = full_name.partition(".")
        process = organization.of("BusinessProcess").get(f"{object_name}.{each.values.get('businessProcess')}")
        yield {
            **stamps(each),
            "Id": each.id,
            "DeveloperName": name,
            "Name": each.values.get("label"),
            "SobjectType": object_name,
            "Description": each.values.get("description"),
            "IsActive": each.values.get("active") == "true",
            "BusinessProcessId": process.id if process else None,
        }


def _profiles(organization: Organization) -> Iterator[Row]:
    since = organization.users[0].id if organization.users else None
    for name in stock.PROFILES:
        yield {"Id": stock.profile_id(name), "Name": name, "UserType": "Standard", "CreatedById": since}


def _metadata_rows(organization: Organization, object_name: str) -> Iterator[Row]:
    shapes = fields_of(organization, object_name)
    short = object_name.removesuffix("__mdt")
    for full_name, each in organization.of("CustomMetadata").items():
        type_name, _, name = full_name.partition(".")
        if type_name.removesuffix("__mdt") != short:
            continue
        values = {entry["field"]: entry.get("value") for entry in each.values.get("values", [])}
        yield {
            "Id": each.id,
            "DeveloperName": name,
            "MasterLabel": each.values.get("label", name),
            "Label": each.values.get("label", name),
            "QualifiedApiName": name,
            "NamespacePrefix": None,
            "Language": "en_US",
            "SystemModstamp": datetime.fromisoformat(each.changed_at),
            **{field: typed(shape.type, values.get(field)) for field, shape in shapes.items() if field.endswith("__c")},
        }


def typed(type_name: str, given: object) -> Value:
    """Return a value of a component, which is text, as a record of its field's type holds it."""
    text = given.get("text", "") if isinstance(given, Mapping) else given
    if text is None or text == "":
        return False if type_name == "Checkbox" else None
    spelled = str(text)
    if type_name == "Checkbox":
        return spelled == "true"
    if type_name in _NUMERIC:
        number = float(spelled)
        return int(number) if number.is_integer() else number
    if type_name == "DateTime":
        return datetime.fromisoformat(spelled)
    return date.fromisoformat(spelled[:10]) if type_name == "Date" else spelled


_MAKERS: Mapping[str, Maker] = {
    "Group": _groups,
    "QueueSobject": _queue_objects,
    "BusinessHours": _hours,
    "Holiday": _holidays,
    "CustomNotificationType": _notification_types,
    "BusinessProcess": _processes,
    "RecordType": _record_types,
    "Profile": _profiles,
}
