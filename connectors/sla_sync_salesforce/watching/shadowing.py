"""Automations of others that write what only ours should write: flows, assignment rules, and rules that read our stamps.

What a package, a class, a trigger or a workflow rule does, the org does not show or this program does not read: it is
counted and named, once for each kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sla_sync.connector import Address, Concern, KeyPath, Observation, PlatformError, Unseen, Value, Values
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.package import Component
from sla_sync_salesforce.retrieved import retrieved
from sla_sync_salesforce.soql import one_of, select
from sla_sync_salesforce.translate.members import member_object
from sla_sync_salesforce.translate.recycling import REVISIT_ON
from sla_sync_salesforce.translate.words import OBJECT, own_field
from sla_sync_salesforce.watching.doings import automation_of, calls_code
from sla_sync_salesforce.watching.ground import Ground

_OWNER, _STATUS = f"{OBJECT}.OwnerId", f"{OBJECT}.Status"
_RETRIEVED = 500
"""Components of others in one retrieve; one takes ten thousand files, and flows are long."""
_NAMED = 3
_HERE = "salesforce"


@dataclass(frozen=True)
class _Other:
    """Something of others as a retrieve shows it, with who changed it last and when."""

    type: str
    name: str
    values: Values
    who: str | None
    when: datetime | None


def shadowing(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield each automation of others that is in force and touches what is ours, and what cannot be looked into."""
    ours, stamps = _owned(ground), _stamps(ground)
    definitions = ground.definitions
    yield from _packaged(definitions)
    flows = {("Flow", str(each["DeveloperName"])) for each in definitions if not each.get("NamespacePrefix")}
    others = flows | {("ValidationRule", each) for each in _rules(ground)}
    agreed = {(each.address.type, each.address.key) for each in ground.asked.translation.desired}
    managed = {(each.type, each.key) for each, live in ground.asked.snapshot.settings.items() if live.managed}
    coded: list[str] = []
    for each in _retrieved(ground, sorted(others - agreed - managed)):
        if each.type == "Flow":
            yield from _of_flow(each, ours)
            coded += [each.name] if calls_code(each.values) else []
        else:
            yield from _of_rule(each, stamps)
    if coded:
        noun = "flow" if len(coded) == 1 else "flows"
        because = f"They call Apex or services outside, which do not show what they write: {_listed(coded)}."
        yield Unseen(f"{len(coded)} {noun} of others", because)
    yield from _assignment(ground, ours)
    yield from _code(ground)


def _owned(ground: Ground) -> Mapping[str, KeyPath]:
    """Return each field that nobody here but ours should write, with the place in the agreement that it serves."""
    binding, resources = ground.binding, ground.asked.resources
    found = dict(_stamps(ground))
    for bound in binding.fields.values():
        if bound.writer and bound.writer != _HERE and not bound.through:
            wish = next((each for each in ground.asked.translation.desired if each.address.key == bound.field), None)
            found[bound.field] = wish.origin() if wish else ("metadata", "name")
    if resources.routing is not None and "routing" not in binding.held_by:
        found[_OWNER] = resources.routing.origin
    if "stages" not in binding.held_by:
        found[_STATUS] = ("stages",)
    return found


def _stamps(ground: Ground) -> Mapping[str, KeyPath]:
    """Return the fields that we made and that no person and no other system writes."""
    by_people = {each.name for each in ground.asked.resources.fields if each.written_by_people} | {REVISIT_ON}
    taken = {f"{OBJECT}.{own_field(ground.binding, each)}" for each in by_people}
    taken |= {each.field for each in ground.binding.fields.values()}
    holders = {OBJECT, "Contact", ground.leg} - {member_object(ground.binding)}
    return {
        each.address.key: each.origin()
        for each in ground.asked.translation.desired
        if each.address.type == "CustomField"
        and each.address.key.partition(".")[0] in holders
        and each.address.key not in taken
    }


def _packaged(definitions: Iterable[Mapping[str, Any]]) -> Iterator[Unseen]:
    packages = sorted({str(each["NamespacePrefix"]) for each in definitions if each.get("NamespacePrefix")})
    if packages:
        number = sum(1 for each in definitions if each.get("NamespacePrefix"))
        noun = "flow" if number == 1 else "flows"
        because = f"Salesforce does not show what flows of packages do: {_listed(packages)}."
        yield Unseen(f"{number} {noun} of managed packages", because)


def _rules(ground: Ground) -> list[str]:
    """Return the validation rules in force on leads and assignments, ours among them, without those of packages."""
    where = f"Active = true AND {one_of('EntityDefinition.QualifiedApiName', {OBJECT, ground.leg})}"
    asked = "ValidationName, NamespacePrefix, EntityDefinition.QualifiedApiName"
    rows = ground.client.tooling(select(asked, "ValidationRule", where))
    return [
        f"{each['EntityDefinition']['QualifiedApiName']}.{each['ValidationName']}"
        for each in rows
        if not each.get("NamespacePrefix")
    ]


def _retrieved(ground: Ground, names: list[tuple[str, str]]) -> Iterator[_Other]:
    for start in range(0, len(names), _RETRIEVED):
        some = names[start : start + _RETRIEVED]
        result = ground.client.retrieve(some)
        told = _told(result.get("fileProperties"))
        for each in retrieved(result, target=ground.client.target):
            if (each.type, each.name) in some:
                yield _other(each, told.get((each.type, each.name), {}))


def _told(found: Value) -> dict[tuple[str, str], Values]:
    rows = found if isinstance(found, list | tuple) else ()
    return {(str(each["type"]), str(each["fullName"])): each for each in rows if isinstance(each, Mapping)}


def _other(component: Component, told: Values) -> _Other:
    who = told.get("lastModifiedByName")
    at = instant(told.get("lastModifiedDate"))
    return _Other(component.type, component.name, component.values, str(who) if who else None, at)


def _of_flow(each: _Other, ours: Mapping[str, KeyPath]) -> Iterator[Observation]:
    written = automation_of(each.name, each.values, None).writes
    # Whoever makes a lead gives it a stage and an owner; whoever changes one moves it.
    changed = automation_of(each.name, {**each.values, "recordCreates": []}, None).writes
    touched = sorted(key for key in written & ours.keys() if key not in (_OWNER, _STATUS) or key in changed)
    if not touched:
        return
    gravest = next((key for key in (_OWNER, _STATUS) if key in touched), touched[0])
    does = {_OWNER: "gives leads to others", _STATUS: "moves leads through the stages"}.get(
        gravest, "writes what only ours should write"
    )
    label = str(each.values.get("label") or each.name)
    address = Address("CustomField", gravest) if gravest not in (_OWNER, _STATUS) else None
    finding = f"The flow «{label}», which is not ours, {does}: it writes {_listed(touched)}."
    yield Observation(Concern.SHADOWED, f"Flow '{each.name}'", finding, ours[gravest], address, each.who, each.when)


def _of_rule(each: _Other, stamps: Mapping[str, KeyPath]) -> Iterator[Observation]:
    if each.values.get("active") is False:
        return
    holder = each.name.partition(".")[0]
    words = set(re.findall(r"\w+", str(each.values.get("errorConditionFormula") or "")))
    read = sorted(key for key in stamps if key.startswith(f"{holder}.") and key.partition(".")[2] in words)
    if read:
        finding = (
            f"The validation rule «{each.name}», which is not ours, reads {_listed(read)}: it can refuse what our flows "
            "save."
        )
        what = f"Validation rule '{each.name}'"
        address = Address("CustomField", read[0])
        yield Observation(Concern.SHADOWED, what, finding, stamps[read[0]], address, each.who, each.when)


def _assignment(ground: Ground, ours: Mapping[str, KeyPath]) -> Iterator[Observation]:
    """Yield an assignment rule of others that is in force; with `routing: rules` it is told as ours switched off."""
    if _OWNER not in ours or ground.binding.routing == "rules":
        return
    asked = "Name, LastModifiedBy.Name, LastModifiedDate"
    where = f"SobjectType = '{OBJECT}' AND Active = true"
    for row in ground.client.query(select(asked, "AssignmentRule", where)):
        by = row.get("LastModifiedBy") or {}
        finding = (
            f"The assignment rule «{row['Name']}», which is not ours, is in force: it can give a lead to others whenever "
            "it is saved."
        )
        who = str(by["Name"]) if by.get("Name") else None
        at = instant(row.get("LastModifiedDate"))
        yield Observation(Concern.SHADOWED, f"Assignment rule '{row['Name']}'", finding, ours[_OWNER], None, who, at)


_CODE = (
    ("ApexTrigger", "Apex trigger", "Apex triggers", " AND Status = 'Active'", "An Apex trigger does not show what it writes"),
    ("WorkflowRule", "workflow rule", "workflow rules", "", "This program does not read what workflow rules do"),
)  # fmt: skip


def _code(ground: Ground) -> Iterator[Unseen]:
    holders = {OBJECT, ground.leg}
    for kind, one, many, more, because in _CODE:
        try:
            rows = ground.client.tooling(select("Name", kind, one_of("TableEnumOrId", holders) + more))
        except PlatformError as error:
            yield Unseen(many, error.message)
            continue
        own = {each.address.key for each in ground.asked.translation.desired}
        names = sorted(str(each["Name"]) for each in rows if each["Name"] not in own)
        if names:
            yield Unseen(f"{len(names)} {one if len(names) == 1 else many} on leads", f"{because}: {_listed(names)}.")


def _listed(names: Iterable[str]) -> str:
    found = list(names)
    shown = ", ".join(found[:_NAMED])
    return shown if len(found) <= _NAMED else f"{shown} and {len(found) - _NAMED} more"
