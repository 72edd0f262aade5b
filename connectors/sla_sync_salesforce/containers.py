"""Files that many people write into: how ours are told apart in them, and how they are put in beside those of others.

What a key of such a part says:

- `LeadStatusValue/MQL`: the value's own name.
- `BusinessHours/SLA Main` and `Holiday/Thanksgiving 2026`: the name.
- `LeadConversionMapping/Contact.SLA_Due_At__c`: object and field into which a conversion copies.
- `AssignmentRule/SLA_Routing`: the rule's own name; whether it is the active one is all that it says.
- `AssignmentRuleEntry/SLA_Routing/2`: the rule, and the place of the entry in it, from 1. Entries have no names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector import Address, Value, Values, merge
from sla_sync_salesforce.types import CONTAINERS, TYPES

RULE, RULE_ENTRY, MAPPING = "AssignmentRule", "AssignmentRuleEntry", "LeadConversionMapping"
_CONVERTED_FROM = "Lead"


@dataclass(frozen=True, slots=True)
class _List:
    """Where the parts of a type stand in their file, and the member that names one."""

    member: str
    name: str


_LISTS: Mapping[str, _List] = {
    "LeadStatusValue": _List("standardValue", "fullName"),
    "BusinessHours": _List("businessHours", "name"),
    "Holiday": _List("holidays", "name"),
}
# What a new entry starts from, and what a file must say of itself.
_FRESH: Mapping[str, Values] = {"LeadStatusValue": {"default": False}}
_WHOLE: Mapping[str, Values] = {"StandardValueSet": {"sorted": False}}


def containers_of(addresses: Collection[Address]) -> frozenset[Address]:
    """Return the files in which these settings stand, where they are parts of one."""
    return frozenset(CONTAINERS[each.type] for each in addresses if each.type in CONTAINERS)


def _entries(values: Values, member: str) -> list[Values]:
    found = values.get(member)
    return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list | tuple) else []


def parts_of(container: Address, values: Values) -> Iterator[tuple[Address, Values]]:
    """Yield every part of a file, whoever put it there."""
    for type_name, place in CONTAINERS.items():
        if place != container:
            continue
        if type_name in _LISTS:
            where = _LISTS[type_name]
            for each in _entries(values, where.member):
                rest = {key: value for key, value in each.items() if key != "fullName"}
                yield Address(type_name, str(each.get(where.name))), rest
        elif type_name == RULE:
            yield from _rules_and_entries(values)
        elif type_name == MAPPING:
            for mapping in _entries(values, "objectMapping"):
                ends = {key: mapping.get(key) for key in ("inputObject", "outputObject")}
                for each in _entries(mapping, "mappingFields"):
                    yield (
                        Address(type_name, f"{mapping.get('outputObject')}.{each.get('outputField')}"),
                        {**ends, **each},
                    )


def _rules_and_entries(values: Values) -> Iterator[tuple[Address, Values]]:
    for rule in _entries(values, "assignmentRule"):
        yield Address(RULE, str(rule.get("fullName"))), {"active": rule.get("active")}
        for number, each in enumerate(_entries(rule, "ruleEntry"), 1):
            yield Address(RULE_ENTRY, f"{rule.get('fullName')}/{number}"), each


def active_rules(values: Values) -> tuple[str, ...]:
    """Return the names of the assignment rules of a file that are switched on, whose spelling XML leaves as a text."""
    return tuple(
        str(each.get("fullName"))
        for each in _entries(values, "assignmentRule")
        if str(each.get("active")).lower() == "true"
    )


def merged(
    container: Address,
    values: Values,
    wanted: Mapping[Address, Values],
    removed: Collection[Address] = (),
    *,
    ours: Collection[Values] = (),
) -> dict[str, Value]:
    """Return a whole file with our parts in it; the parts of others stay as they are, and new ones of ours come last.

    `ours` are entries of assignment rules as we wrote them once: an entry that stands in the place of one of ours and
    is none of these is somebody else's, and is kept behind ours.
    """
    result: dict[str, Value] = {**_WHOLE.get(container.type, {}), **values}
    for type_name in sorted({each.type for each in (*wanted, *removed)}):
        if CONTAINERS.get(type_name) != container:
            continue
        mine = {each.key: wish for each, wish in wanted.items() if each.type == type_name}
        gone = {each.key for each in removed if each.type == type_name}
        if type_name in _LISTS:
            result[_LISTS[type_name].member] = _in_list(type_name, result, mine, gone)
        elif type_name == RULE:
            result["assignmentRule"] = _with_active(result, mine)
        elif type_name == RULE_ENTRY:
            result["assignmentRule"] = _in_rules(result, mine, gone, ours)
        elif type_name == MAPPING:
            result["objectMapping"] = _in_mappings(result, mine, gone)
    return result


def _in_list(type_name: str, values: Values, wanted: Mapping[str, Values], gone: Collection[str]) -> list[Value]:
    where = _LISTS[type_name]
    entries = {str(each.get(where.name)): each for each in _entries(values, where.member)}
    for name, wish in wanted.items():
        found = entries.get(name, {where.name: name, **_FRESH.get(type_name, {})})
        entries[name] = merge(found, wish, TYPES[type_name])
    return [each for name, each in entries.items() if name not in gone]


def _in_mappings(values: Values, wanted: Mapping[str, Values], gone: Collection[str]) -> list[Value]:
    mappings: dict[str, dict[str, Value]] = {
        str(each.get("outputObject")): dict(each) for each in _entries(values, "objectMapping")
    }
    for key in (*wanted, *gone):
        output, _, _ = key.partition(".")
        fresh: dict[str, Value] = {"inputObject": _CONVERTED_FROM, "outputObject": output}
        mappings.setdefault(output, fresh)
    for output, mapping in mappings.items():
        fields = {str(each.get("outputField")): each for each in _entries(mapping, "mappingFields")}
        for key, wish in wanted.items():
            owner, _, name = key.partition(".")
            if owner == output:
                own = {member: value for member, value in wish.items() if member not in {"outputObject", "inputObject"}}
                fields[name] = {**own, "outputField": name}
        kept: list[Value] = [each for name, each in fields.items() if f"{output}.{name}" not in gone]
        mapping["mappingFields"] = kept
    return list(mappings.values())


def _with_active(values: Values, wanted: Mapping[str, Values]) -> list[Value]:
    """Return the rules with ours switched on or off. Only one can be active: the others give way to one of ours."""
    rules: dict[str, dict[str, Value]] = {
        str(each.get("fullName")): dict(each) for each in _entries(values, "assignmentRule")
    }
    for name, wish in wanted.items():
        rules.setdefault(name, {"fullName": name})
        if wish.get("active") is True:
            for each in rules.values():
                each["active"] = False
        rules[name]["active"] = wish.get("active")
    return list(rules.values())


def _in_rules(
    values: Values, wanted: Mapping[str, Values], gone: Collection[str], ours: Collection[Values]
) -> list[Value]:
    rules: dict[str, dict[str, Value]] = {
        str(each.get("fullName")): dict(each) for each in _entries(values, "assignmentRule")
    }
    for key in (*wanted, *gone):
        name = key.rpartition("/")[0]
        # Only one rule of an object can be active; where another is, who changes over is for a person to say.
        active = not any(each.get("active") for each in rules.values())
        fresh: dict[str, Value] = {"fullName": name, "active": active}
        rules.setdefault(name, fresh)
    for name, rule in rules.items():
        touched = {int(key.rpartition("/")[2]) for key in (*wanted, *gone) if key.rpartition("/")[0] == name}
        if touched:
            rule["ruleEntry"] = _entries_of_rule(name, _entries(rule, "ruleEntry"), wanted, gone, ours)
    return list(rules.values())


def _entries_of_rule(
    name: str, before: list[Values], wanted: Mapping[str, Values], gone: Collection[str], ours: Collection[Values]
) -> list[Value]:
    after: list[Value] = []
    pushed: list[Value] = []
    last = max((int(key.rpartition("/")[2]) for key in wanted if key.rpartition("/")[0] == name), default=0)
    for number in range(1, max(len(before), last) + 1):
        key = f"{name}/{number}"
        old = before[number - 1] if number <= len(before) else None
        if key in wanted:
            after.append(wanted[key])
        elif key not in gone and old is not None and not (old in ours and old in wanted.values()):
            after.append(old)  # one of ours that was pushed down stands farther up again
        if old is not None and (key in wanted or key in gone) and ours and old not in ours:
            pushed.append(old)
    return [*after, *(each for each in pushed if each not in after)]
