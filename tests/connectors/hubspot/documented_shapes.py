"""What bodies of requests consist of, as HubSpot documents it: properties, filters, workflows. Read, not executed.

A check tells what is wrong with a value, sentence by sentence. Each table names its source: a schema is one of the
published descriptions (github.com/HubSpot/HubSpot-public-api-spec-collection, 9989379, 21 August 2026); a page is one
of developers.hubspot.com/docs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

Check: TypeAlias = Callable[[Any, str], Iterator[str]]


def text(value: Any, where: str) -> Iterator[str]:
    """Ask for a text."""
    if not isinstance(value, str):
        yield f"{where} is {value!r} and no text"


def number(value: Any, where: str) -> Iterator[str]:
    """Ask for a number, written as one."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"{where} is {value!r} and no number"


def yes_no(value: Any, where: str) -> Iterator[str]:
    """Ask for true or false."""
    if not isinstance(value, bool):
        yield f"{where} is {value!r} and neither true nor false"


def digits(value: Any, where: str) -> Iterator[str]:
    """Ask for a number that is written as a text."""
    if not isinstance(value, str) or not value.isdecimal():
        yield f"{where} is {value!r} and no number in quotes"


def among(*values: object) -> Check:
    """Ask for one of these."""

    def check(value: Any, where: str) -> Iterator[str]:
        if value not in values:
            yield f"{where} is {value!r}, which is not among {', '.join(map(str, values))}"

    return check


def every(one: Check, *, least: int = 0, most: int | None = None) -> Check:
    """Ask for a list of so many."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield f"{where} has {len(value)} entries, and {least} to {most or 'any number of'} are documented"
        for place, each in enumerate(value):
            yield from one(each, f"{where}[{place}]")

    return check


def members(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Ask for an object with these members, and no others."""

    def check(value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where} is no object"
            return
        known = {**required, **(optional or {})}
        yield from (f"{where} lacks {name}" for name in required if name not in value)
        yield from (f"{where} has {name}, which is not documented" for name in value if name not in known)
        for name, each in value.items():
            if name in known:
                yield from known[name](each, f"{where}.{name}")

    return check


def by(member: str, kinds: Mapping[str, Check]) -> Check:
    """Ask for what the value of one member asks for."""

    def check(value: Any, where: str) -> Iterator[str]:
        kind = value.get(member) if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield f"{where}.{member} is {kind!r}, which is not in the table"
            return
        yield from kinds[kind](value, where)

    return check


PAIRS: Mapping[str, Collection[str]] = {
    "bool": {"booleancheckbox", "calculation_equation"},
    "enumeration": {"booleancheckbox", "checkbox", "radio", "select", "calculation_equation"},
    "date": {"date"},
    "datetime": {"date"},
    "string": {"file", "text", "textarea", "html", "phonenumber", "calculation_equation"},
    "number": {"number", "calculation_equation"},
}
"""Page api-reference/crm-properties-v3/guide: which field types a type has."""
# properties.json OptionInput and PropertyCreate; PropertyUpdate requires nothing.
OPTION = members({"label": text, "value": text, "hidden": yes_no}, {"description": text, "displayOrder": number})
_NAMED: Mapping[str, Check] = {"label": text, "groupName": text, "type": among(*PAIRS), "fieldType": text}
_MORE: Mapping[str, Check] = {
    "description": text, "displayOrder": number, "hidden": yes_no, "formField": yes_no, "options": every(OPTION),
    "calculationFormula": text,
}  # fmt: skip
_CREATED = {"externalOptions": yes_no, "referencedObjectType": text, "hasUniqueValue": yes_no}
CHANGED_PROPERTY = members({}, {**_NAMED, **_MORE})


def new_property(value: Any, where: str) -> Iterator[str]:
    """Ask for a whole property: a pair of types that go together, options where it needs some, a formula where it is one."""
    yield from members({"name": text, **_NAMED}, {**_MORE, **_CREATED})(value, where)
    kind, field = value.get("type"), value.get("fieldType")
    if field not in PAIRS.get(kind, ()):
        yield f"{where} is of type {kind} and fieldType {field}, which do not go together"
    if (field == "calculation_equation") is not ("calculationFormula" in value):
        yield f"{where} needs a formula where it is calculated, and nowhere else"
    if kind == "bool" and {each.get("value") for each in value.get("options", ())} != {"true", "false"}:
        yield f"{where} is a bool, whose options are true and false"


def _operation(operators: Collection[str], **operand: Check) -> Check:
    # lists.json: every operation requires its type, its operator and whether records without a value pass.
    named = {"operationType": text, "operator": among(*operators), "includeObjectsWithNoValueSet": yes_no}
    return members({**named, **operand})


_EQUAL = ("IS_EQUAL_TO", "IS_NOT_EQUAL_TO", "HAS_EVER_BEEN_EQUAL_TO", "HAS_NEVER_BEEN_EQUAL_TO")
_ORDER = ("IS_GREATER_THAN", "IS_GREATER_THAN_OR_EQUAL_TO", "IS_LESS_THAN", "IS_LESS_THAN_OR_EQUAL_TO")
_PARTS = ("CONTAINS", "DOES_NOT_CONTAIN", "STARTS_WITH", "ENDS_WITH")
_SETS = ("IS_ANY_OF", "IS_NONE_OF", "IS_EXACTLY", "IS_NOT_EXACTLY", "CONTAINS_ALL", "DOES_NOT_CONTAIN_ALL",
         "HAS_EVER_BEEN_ANY_OF", "HAS_NEVER_BEEN_ANY_OF")  # fmt: skip
_OFFSETS = ("milliseconds", "seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years")
_CLOCK = dict.fromkeys(("hour", "minute", "second", "millisecond"), number)
_ZONED: Mapping[str, Check] = {"timeType": text, "zoneId": text}
_SOURCE: Mapping[str, Check] = {"timezoneSource": among("CUSTOM", "USER", "PORTAL")}
# lists.json PublicIndexedTimePoint, PublicNowReference, PublicIndexOffset, PublicDatePoint.
_TIME_POINT = by("timeType", {
    "INDEXED": members(
        {**_ZONED, "indexReference": members({"referenceType": among("NOW", "TODAY")})},
        {**_SOURCE, "offset": members({}, dict.fromkeys(_OFFSETS, number))},
    ),
    "DATE": members({**_ZONED, "year": number, "month": number, "day": number}, {**_CLOCK, **_SOURCE}),
})  # fmt: skip
OPERATIONS: Mapping[str, Check] = {
    "ALL_PROPERTY": _operation(("IS_KNOWN", "IS_UNKNOWN")),
    "BOOL": _operation(_EQUAL, value=yes_no),
    "NUMBER": _operation((*_EQUAL, *_ORDER), value=number),
    "ENUMERATION": _operation(_SETS, values=every(text, least=1)),
    "MULTISTRING": _operation((*_EQUAL[:2], *_PARTS), values=every(text, least=1)),
    "STRING": _operation((*_EQUAL, *_PARTS), value=text),
    "TIME_POINT": _operation(
        ("IS_BEFORE", "IS_AFTER"), type=among("TIME_POINT"), timePoint=_TIME_POINT,
        propertyParser=among("VALUE", "UPDATED_AT"), endpointBehavior=among("INCLUSIVE", "EXCLUSIVE"),
    ),
}  # fmt: skip
"""lists.json, Public…PropertyOperation: the description of `operator` in each, and PublicTimePointOperation."""
FILTER = by("filterType", {
    "PROPERTY": members({"filterType": text, "property": text, "operation": by("operationType", OPERATIONS)}),
    "IN_LIST": members({"filterType": text, "listId": digits, "operator": among("IN_LIST", "NOT_IN_LIST")}),
})  # fmt: skip
"""lists.json PublicPropertyFilter, PublicInListFilter."""


def _branch(kind: str, filters: Check, branches: Check) -> Check:
    own = {"filterBranchType": among(kind), "filterBranchOperator": among(kind)}
    return members({**own, "filters": filters, "filterBranches": branches})


_NONE = every(text, most=0)
AND = _branch("AND", every(FILTER, least=1), _NONE)
ROOT = _branch("OR", _NONE, every(AND, least=1))
"""Page api-reference/crm-lists-v3/list-filters: the root is an OR without filters, its children are ANDs."""

# automationV4.json Api…Value.
_STATIC = members({"type": text, "staticValue": text})
_PROPERTY_VALUE = members({"type": text, "propertyName": text})
_SET = by("type", {
    "STATIC_VALUE": _STATIC,
    "OBJECT_PROPERTY": _PROPERTY_VALUE,
    "TIMESTAMP": members({"type": text, "timestampType": among("EXECUTION_TIME")}),
    "INCREMENT": members({"type": text, "incrementAmount": number}),
})  # fmt: skip
_UNITS = among("MINUTES", "DAYS")
_TRUTH = among("true", "false")
_IDS = every(digits, least=1)
_TOLD: Mapping[str, Check] = {"user_ids": _IDS, "team_ids": _IDS, "owner_properties": every(text, least=1)}
_RELATION = members({"associationCategory": among("HUBSPOT_DEFINED", "USER_DEFINED"), "associationTypeId": number})
FIELDS: Mapping[str, Check] = {
    "0-1": members({"delta": digits, "time_unit": _UNITS}),
    "0-35": members({"date": by("type", {"OBJECT_PROPERTY": _PROPERTY_VALUE, "STATIC_VALUE": _STATIC}),
                     "delta": digits, "time_unit": _UNITS}),
    "0-5": members({"property_name": text, "value": _SET}, {"association": _RELATION}),
    "0-11": members({"target_property": text, "overwrite_current_owner": _TRUTH}, {"user_ids": _IDS, "team_ids": _IDS}),
    "0-9": members({"subject": text, "body": text, "delivery_method": among("APP", "EMAIL", "APP_AND_EMAIL")}, _TOLD),
}  # fmt: skip
"""Page api-reference/automation-automation-v4-v4/action-enrollment-reference and recorded workflows: automationV4.json
leaves the fields of an action open."""
_LINK = members({"edgeType": among("STANDARD", "GOTO"), "nextActionId": digits})
# automationV4.json Api…Action; a link that leads nowhere is left out, because portals answer an empty one with 500.
_OWN: Mapping[str, Check] = {"actionId": digits, "type": text}
_OTHER: Mapping[str, Check] = {"defaultBranch": _LINK, "defaultBranchName": text}
_ARM = members({"branchName": text, "filterBranch": ROOT}, {"connection": _LINK})
_WAY = members({"branchValue": text}, {"connection": _LINK})


def _single(value: Any, where: str) -> Iterator[str]:
    fields = FIELDS.get(value.get("actionTypeId"))
    if fields is None:
        yield f"{where} is an action of type {value.get('actionTypeId')!r}, which is not in the table"
        return
    needed = {**_OWN, "actionTypeId": text, "actionTypeVersion": among(0), "fields": fields}
    yield from members(needed, {"connection": _LINK})(value, where)


ACTION = by("type", {
    "SINGLE_CONNECTION": _single,
    "LIST_BRANCH": members({**_OWN, "listBranches": every(_ARM, least=1, most=20)}, _OTHER),
    "STATIC_BRANCH": members(
        {**_OWN, "inputValue": by("type", {"OBJECT_PROPERTY": _PROPERTY_VALUE}),
         "staticBranches": every(_WAY, least=1, most=250)}, _OTHER,
    ),
    "CUSTOM_CODE": members(
        {**_OWN, "runtime": among("NODE20X"), "sourceCode": text, "secretNames": every(text),
         "inputFields": every(text, most=0), "outputFields": every(text, most=0)}, {"connection": _LINK},
    ),
})  # fmt: skip
"""automationV4.json ApiSingleConnectionAction and its sisters; at most 20 branches by filters and 250 by values
(knowledge base, "Use if/then branches in workflows")."""
_TRIGGER = _branch("AND", every(FILTER, least=2, most=2), _NONE)
ENROLMENT = members({
    "type": among("LIST_BASED"), "shouldReEnroll": yes_no, "unEnrollObjectsNotMeetingCriteria": yes_no,
    "listFilterBranch": ROOT, "reEnrollmentTriggersFilterBranches": every(_TRIGGER),
})  # fmt: skip
"""automationV4.json ApiListBasedEnrollmentCriteria; that a trigger is a pair on hs_name and hs_value is recorded."""
_TIME = members({"hour": among(*range(24)), "minute": among(*range(60))})
_DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTHS = ("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE", "JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER",
           "DECEMBER")  # fmt: skip
WINDOW = members({"day": among(*_DAYS)}, {"startTime": _TIME, "endTime": _TIME})
BLOCKED = members({"month": among(*_MONTHS), "dayOfMonth": among(*range(1, 32))}, {"year": number})
"""automationV4.json ApiTimeWindow, ApiBlockedDate."""
