"""Rules for the values of properties: read and set over the API, and kept in every write of a record.

Documented: the paths, the kinds of rules, and that a rule replaces the one of its kind. Inferred: the codes and words of
the refusals, and that values which are there already stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

from sla_sync_hubspot.simulator import shapes
from sla_sync_hubspot.simulator.call import NO_CONTENT, Answer, Call
from sla_sync_hubspot.simulator.refusals import Json, RefusalError, invalid, not_built, not_found

_RULE = shapes.record({"ruleArguments": shapes.list_of(shapes.text)}, {"shouldApplyNormalization": shapes.boolean})
RULE_TYPES = frozenset(
    """AFTER_DATETIME_DURATION AFTER_DURATION ALPHANUMERIC BEFORE_DATETIME_DURATION BEFORE_DURATION DAYS_OF_WEEK DECIMAL
    DOMAIN EMAIL EMAIL_ALLOWED_DOMAINS EMAIL_BLOCKED_DOMAINS END_DATE END_DATETIME FORMAT MAX_LENGTH MAX_NUMBER MIN_LENGTH
    MIN_NUMBER PHONE_NUMBER_WITH_EXPLICIT_COUNTRY_CODE REGEX SPECIAL_CHARACTERS START_DATE START_DATETIME URL
    URL_ALLOWED_DOMAINS URL_BLOCKED_DOMAINS WHITESPACE""".split()
)


def list_validations(call: Call) -> Answer:
    """Answer the properties of an object type that have rules, with the rules."""
    found = _rules_of_type(call.state, call.object_type.identifier)
    there = call.state["properties"][call.object_type.identifier]
    results = [
        {"propertyName": name, "propertyValidationRules": list(each.values())}
        for name, each in found.items()
        if each and name in there
    ]
    return Answer(body={"results": results})


def read_validations(call: Call) -> Answer:
    """Answer the rules of one property."""
    return Answer(body={"results": list(_rules(call).values())})


def read_validation(call: Call) -> Answer:
    """Answer one rule of a property; there may be none of that kind."""
    found = _rules(call).get(call.path["rule_type"])
    if found is None:
        raise not_found(f"Property {call.path['name']} has no rule of type {call.path['rule_type']}")
    return Answer(body=found)


def set_validation(call: Call) -> Answer:
    """Set a rule of a property in place of the one of its kind."""
    _RULE(call.body, "")
    _rules(call)
    rule_type = call.path["rule_type"]
    if rule_type not in RULE_TYPES:
        raise invalid(f"{rule_type} is no type of rule", where="ruleType")
    rule = _KINDS.get(rule_type)
    if rule is None:
        raise not_built(f"validation rules of type {rule_type}")
    kind, check = rule
    object_id, name = call.object_type.identifier, call.path["name"]
    held = call.state["properties"][object_id][name]["type"]
    if held != kind:
        raise invalid(f"A property of type {held} cannot have a rule of type {rule_type}", where="ruleType")
    arguments = call.body["ruleArguments"]
    if len(arguments) != 1:
        raise invalid(f"A rule of type {rule_type} has one argument", where="ruleArguments")
    try:
        check("0" if kind == "number" else "", arguments[0])
    except (InvalidOperation, ValueError, re.error):
        raise invalid(f"{arguments[0]!r} is no argument of a rule of type {rule_type}", where="ruleArguments") from None
    kept = {
        "ruleType": rule_type,
        "ruleArguments": arguments,
        "shouldApplyNormalization": call.body.get("shouldApplyNormalization", False),
    }
    every = call.state.setdefault("validations", {}).setdefault(object_id, {})
    every.setdefault(name, {})[rule_type] = kept
    call.note("PROPERTY", "UPDATE", name)
    return Answer(NO_CONTENT)


def broken_rule(state: Json, object_id: str, name: str, text: str) -> str | None:
    """Return which rule of a property a value breaks, as a sentence, or None; a value that is cleared breaks none."""
    for rule_type, rule in _rules_of_type(state, object_id).get(name, {}).items():
        (argument,) = rule["ruleArguments"]
        if text and not _KINDS[rule_type][1](text, argument):
            return f"{text} does not meet the validation rule {rule_type} {argument} of {name}"
    return None


def _rules_of_type(state: Json, object_id: str) -> Json:
    found: Json = state.get("validations", {}).get(object_id, {})
    return found


def _rules(call: Call) -> Json:
    object_id, name = call.object_type.identifier, call.path["name"]
    if name not in call.state["properties"][object_id]:
        raise _no_property(call)
    found: Json = _rules_of_type(call.state, object_id).get(name, {})
    return found


def _no_property(call: Call) -> RefusalError:
    name, kind = call.path["name"], call.object_type.identifier
    return not_found(f"Property '{name}' of object type {kind} does not exist", propertyName=name)


def _decimals(text: str, most: str) -> bool:
    return len(text.partition(".")[2]) <= int(most)


_KINDS: Mapping[str, tuple[str, Callable[[str, str], bool]]] = {
    "MIN_NUMBER": ("number", lambda text, least: Decimal(text) >= Decimal(least)),
    "MAX_NUMBER": ("number", lambda text, most: Decimal(text) <= Decimal(most)),
    "DECIMAL": ("number", _decimals),
    "MIN_LENGTH": ("string", lambda text, least: len(text) >= int(least)),
    "MAX_LENGTH": ("string", lambda text, most: len(text) <= int(most)),
    "REGEX": ("string", lambda text, pattern: re.fullmatch(pattern, text) is not None),
}
"""The rules that are kept here: the type of property that may have them, and whether a value meets one with its argument."""
