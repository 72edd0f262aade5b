"""What an org tells for a comparison with another platform: one describe, four queries, and a retrieve of others' flows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from sla_sync.connector import (
    Address,
    Asked,
    Automation,
    FactKind,
    Facts,
    FieldFact,
    Hours,
    Person,
    Snapshot,
    Spot,
    StageValue,
    Value,
    ask_part,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.people import People, why_not
from sla_sync_salesforce.retrieved import retrieved
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.translate.calendars import hours_name
from sla_sync_salesforce.translate.contacts import stamps_of
from sla_sync_salesforce.translate.leg import leg_object
from sla_sync_salesforce.translate.places import queue_of
from sla_sync_salesforce.translate.words import OBJECT, is_on_lead, own_field
from sla_sync_salesforce.watching.doings import automation_of, is_active

_DAYS: Mapping[str, str] = {
    "mon": "monday", "tue": "tuesday", "wed": "wednesday", "thu": "thursday", "fri": "friday", "sat": "saturday",
    "sun": "sunday",
}  # fmt: skip
# Types that a describe names (Object Reference, "Field Types"); what is in no table is another thing.
_TEXTS = ("string", "textarea", "email", "phone", "url", "encryptedstring", "combobox", "id")
_HOLDS: Mapping[str, FactKind] = {
    **dict.fromkeys(_TEXTS, FactKind.TEXT),
    **dict.fromkeys(("double", "int", "currency", "percent", "long"), FactKind.NUMBER),
    **dict.fromkeys(("picklist", "multipicklist"), FactKind.CHOICE),
    "boolean": FactKind.CHECKBOX,
    "datetime": FactKind.INSTANT,
    "date": FactKind.DATE,
    "reference": FactKind.PERSON,
}
_CLOCK_STAMPS = ("status", "due_at")
_RETRIEVED = 500
"""Flows of others in one retrieve; a retrieve takes ten thousand files, and flows are long."""


def facts_of(client: Client, people: Callable[[], People], asked: Asked) -> Facts:
    """Return what the org tells. Raises UnauthorizedError or UnreachableError where nothing can be asked."""
    binding = asked.binding
    if not isinstance(binding, SalesforceBinding):
        raise TypeError(f"The Salesforce connector was given a {type(binding).__name__}.")
    untold: dict[str, str] = {}
    described = ask_part(untold, "fields", lambda: _described(client), None)
    words = _words(asked, binding)
    own = {each.address.key for each in asked.translation.desired if each.address.type == "CustomField"}
    on_lead = {key for key in own if is_on_lead(key)}
    user = asked.user or str(client.user().get("preferred_username", ""))
    may = ask_part(untold, "rights", lambda: _may_edit(client, asked.user), None)
    return Facts(
        stages={} if described is None else dict(_stages(binding, described)),
        fields={} if described is None else dict(_fields(words, described, may, user)),
        technical=frozenset(on_lead - set(words.values())),
        clock_fields=frozenset(
            {f"{OBJECT}.{own_field(binding, each)}" for each in _CLOCK_STAMPS} & own
            | {key for key in own if key.startswith(f"{leg_object(binding)}.")}
        ),
        hours=dict(_hours(asked, binding)),
        people=ask_part(untold, "people", lambda: dict(_people(client, people())), {}),
        spots=ask_part(untold, "spots", lambda: dict(_spots(client, asked, binding)), {}),
        automations=tuple(ask_part(untold, "automations", lambda: [*_automations(client, asked.snapshot)], ())),
        user=user,
        untold=untold,
    )


def _described(client: Client) -> Mapping[str, Mapping[str, Any]]:
    found = client.get(f"sobjects/{OBJECT}/describe").get("fields", ())
    return {f"{OBJECT}.{each['name']}": each for each in found}


def _words(asked: Asked, binding: SalesforceBinding) -> dict[str, str]:
    """Return each agreed word that the Lead itself carries, with its field: what is bound, and what we keep."""
    ours = {each.address.key for each in asked.translation.desired if each.address.type == "CustomField"}
    names = [each.name for each in asked.resources.fields] + [each.field.name for each in stamps_of(asked.resources)]
    kept = {name: f"{OBJECT}.{own_field(binding, name)}" for name in names}
    bound = {name: each.field for name, each in binding.fields.items() if is_on_lead(each.field) and not each.through}
    return {name: key for name, key in kept.items() if key in ours} | bound


def _stages(
    binding: SalesforceBinding, described: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, tuple[StageValue, ...]]]:
    place = f"{OBJECT}.Status"
    offered = {str(each["value"]): bool(each["active"]) for each in described.get(place, {}).get("picklistValues", ())}
    trouble = {None: "it does not exist", False: "it is inactive", True: ""}
    for stage, bound in binding.stages.items():
        yield (
            stage,
            tuple(
                StageValue(place, value, offered.get(value, False), trouble[offered.get(value)])
                for value in bound.lead_status
            ),
        )


def _fields(
    words: Mapping[str, str],
    described: Mapping[str, Mapping[str, Any]],
    may: Mapping[str, bool] | None,
    user: str,
) -> Iterator[tuple[str, FieldFact]]:
    for word, key in words.items():
        found = described.get(key)
        if found is None:
            continue
        kind = str(found["type"])
        holds = _HOLDS.get(kind, FactKind.OTHER)
        closed = holds is FactKind.CHOICE and bool(found.get("restrictedPicklist"))
        length = int(found.get("length") or 0) or None
        # What cannot be permitted field by field may be edited by whoever may edit the record.
        told = may is not None and bool(found.get("permissionable"))
        editable = (may or {}).get(key, False) if told else bool(found.get("updateable"))
        yield (
            word,
            FieldFact(
                key,
                holds,
                f"{kind}({length})" if length and holds is FactKind.TEXT else kind,
                length if holds is FactKind.TEXT else None,
                tuple(str(each["value"]) for each in found["picklistValues"] if each["active"]) if closed else None,
                editable,
                "" if editable else _why_locked(found, user),
            ),
        )


def _why_locked(found: Mapping[str, Any], user: str) -> str:
    return "it is a formula" if found.get("calculated") else f"no permission lets {user} edit it"


def _may_edit(client: Client, user: str) -> Mapping[str, bool] | None:
    """Return for each field of the Lead whether this user may edit it; None where nobody is named, for ours is described."""
    if not user:
        return None
    where = one_of("Assignee.Username", [user])
    sets = {str(each["PermissionSetId"]) for each in client.query(_ASSIGNED.format(where))}
    if not sets:
        return {}
    asked = f"SobjectType = '{OBJECT}' AND {one_of('ParentId', sets)}"
    rows = client.query(select("Field, PermissionsEdit", "FieldPermissions", asked))
    return {str(each["Field"]): True for each in rows if each.get("PermissionsEdit") is True}


_ASSIGNED = "SELECT PermissionSetId FROM PermissionSetAssignment WHERE {}"


def _hours(asked: Asked, binding: SalesforceBinding) -> Iterator[tuple[str, Hours]]:
    for calendar in asked.resources.calendars:
        name = hours_name(binding, calendar.name)
        live = asked.snapshot.settings.get(Address("BusinessHours", name))
        if live is None:
            continue
        week: dict[str, tuple[tuple[time, time], ...]] = {}
        for short, day in _DAYS.items():
            opens, closes = live.values.get(f"{day}StartTime"), live.values.get(f"{day}EndTime")
            if isinstance(opens, str) and isinstance(closes, str):
                end = time.fromisoformat(closes[:8])
                week[short] = ((time.fromisoformat(opens[:8]), end if end > time() else time.max),)
        yield calendar.name, Hours(name, str(live.values.get("timeZoneId")), week, _closed(asked.snapshot, name))


def _closed(snapshot: Snapshot, name: str) -> frozenset[date]:
    """Return the days that live holidays close wholly."""
    return frozenset(
        date.fromisoformat(str(live.values["activityDate"])[:10])
        for address, live in snapshot.settings.items()
        if address.type == "Holiday" and name in _listed(live.values.get("businessHours"))
        if not live.values.get("startTime") and live.values.get("activityDate")
    )


def _listed(value: Value) -> tuple[Value, ...]:
    return tuple(value) if isinstance(value, list | tuple) else (value,)


def _people(client: Client, people: People) -> Iterator[tuple[str, Person]]:
    ids = {name: people.id_of(name) for name in people.found}
    known = [each for each in ids.values() if each]
    rows = client.query(select("Id, Email", "User", one_of("Id", known))) if known else []
    emails = {str(each["Id"]): str(each.get("Email") or "") for each in rows}
    for name, users in people.found.items():
        own = ids[name]
        yield name, Person(emails.get(own), "") if own else Person(None, why_not(name, users))


def _spots(client: Client, asked: Asked, binding: SalesforceBinding) -> Iterator[tuple[str, Spot]]:
    words = [each.name for each in asked.resources.teams] + [each.name for each in asked.resources.queues]
    named = {word: found for word in words if (found := queue_of(word, binding))}
    where = f"Type = 'Queue' AND {one_of('DeveloperName', set(named.values()))}"
    there = (
        {str(each["DeveloperName"]) for each in client.query(select("DeveloperName", "Group", where))} if named else ()
    )
    for name, developer_name in named.items():
        yield name, Spot(developer_name, developer_name in there)


def _automations(client: Client, snapshot: Snapshot) -> Iterator[Automation]:
    """Yield every flow in force: those that were read as ours, and those of others that the org shows."""
    ours = {address.key: live for address, live in snapshot.settings.items() if address.type == "Flow"}
    for name, live in ours.items():
        if is_active(live.values):
            yield automation_of(name, live.values, live.address)
    others = sorted({str(each["fullName"]) for each in client.list_metadata([("Flow", None)])} - ours.keys())
    for start in range(0, len(others), _RETRIEVED):
        for name, values in _flows(client, others[start : start + _RETRIEVED]):
            if is_active(values):
                yield automation_of(name, values, None)


def _flows(client: Client, names: Iterable[str]) -> Iterator[tuple[str, Mapping[str, Value]]]:
    result = client.retrieve(("Flow", each) for each in names)
    for each in retrieved(result, target=client.target):
        if each.type == "Flow":
            yield each.name, each.values
