"""What a flow may hold because this simulator runs it: every other element, member and operator is refused by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync_salesforce.simulator.documents import Values

_NODE = frozenset("name label locationX locationY description connector faultConnector".split())
# Member of a flow → the members that its elements may have.
_MEMBERS: Mapping[str, frozenset[str]] = {
    "actionCalls": _NODE
    | frozenset(
        "actionName actionType flowTransactionModel inputParameters outputParameters storeOutputAutomatically"
        " nameSegment offset versionSegment".split()
    ),
    "assignments": _NODE | {"assignmentItems"},
    "constants": frozenset("name description dataType value".split()),
    "decisions": _NODE | frozenset("defaultConnector defaultConnectorLabel rules".split()),
    "formulas": frozenset("name description dataType expression scale".split()),
    "loops": _NODE | frozenset("collectionReference iterationOrder nextValueConnector noMoreValuesConnector".split()),
    "recordCreates": _NODE | frozenset("inputAssignments object storeOutputAutomatically".split()),
    "recordLookups": _NODE
    | frozenset(
        "assignNullValuesIfNoRecordsFound filterLogic filters getFirstRecordOnly limit object outputReference"
        " queriedFields sortField sortOrder storeOutputAutomatically".split()
    ),
    "recordUpdates": _NODE | frozenset("filterLogic filters inputAssignments inputReference object".split()),
    "textTemplates": frozenset("name description isViewedAsPlainText text".split()),
    "variables": frozenset("name description dataType isCollection isInput isOutput objectType scale value".split()),
}
_START = frozenset(
    "locationX locationY connector object recordTriggerType triggerType filters filterLogic filterFormula"
    " doesRequireRecordChangedToMeetCriteria scheduledPaths".split()
)
_PATH = frozenset("name label connector maxBatchSize offsetNumber offsetUnit recordField timeSource pathType".split())
_UNITS = ("Minutes", "Hours", "Days")
_COMPARING = (
    "EqualTo NotEqualTo GreaterThan GreaterThanOrEqualTo LessThan LessThanOrEqualTo Contains StartsWith EndsWith IsNull"
).split()
_CONDITION_OPERATORS = frozenset([*_COMPARING, "IsChanged", "In"])
_FILTER_OPERATORS = frozenset([*_COMPARING, "In"])
_START_OPERATORS = frozenset([*_COMPARING, "IsChanged"])
_ASSIGNMENT_OPERATORS = frozenset({"Assign", "Add", "Subtract", "AssignCount"})
_NEVER_RUN = ("recordDeletes",)


def not_run(values: Values) -> Iterator[str]:
    """Yield everything in a flow that this simulator would not run."""
    for member in _NEVER_RUN:
        yield from (_refused(f"The element {each.get('name', '')} ({member})") for each in values.get(member, []))
    for member, known in _MEMBERS.items():
        for each in values.get(member, []):
            yield from (_refused(f"'{name}' of {each.get('name', '')}") for name in sorted(each.keys() - known))
    yield from _start(values["start"])
    for holder, member, operators in _asking(values):
        for each in holder.get(member, []):
            if each.get("operator", "") not in operators | {""}:
                yield _refused(f"The operator {each['operator']} of {holder.get('name', 'start')}")
    for each in values.get("assignments", []):
        for item in each.get("assignmentItems", []):
            if item.get("operator", "Assign") not in _ASSIGNMENT_OPERATORS:
                yield _refused(f"The operator {item['operator']} of {each.get('name', '')}")
    yield from _records(values)


def _start(start: Values) -> Iterator[str]:
    yield from (_refused(f"'{name}' of start") for name in sorted(start.keys() - _START))
    for path in start.get("scheduledPaths", []):
        name = path.get("name", path.get("pathType", ""))
        yield from (_refused(f"'{member}' of the scheduled path {name}") for member in sorted(path.keys() - _PATH))
        if path.get("offsetUnit", "Minutes") not in _UNITS:
            yield _refused(f"The offsetUnit {path['offsetUnit']} of the scheduled path {name}")


def _asking(values: Values) -> Iterator[tuple[Values, str, frozenset[str]]]:
    yield values["start"], "filters", _START_OPERATORS
    for decision in values.get("decisions", []):
        for rule in decision.get("rules", []):
            yield rule, "conditions", _CONDITION_OPERATORS
    for member in ("recordLookups", "recordUpdates"):
        for each in values.get(member, []):
            yield each, "filters", _FILTER_OPERATORS


def _records(values: Values) -> Iterator[str]:
    for each in values.get("recordUpdates", []):
        if each.get("inputReference", "$Record") != "$Record" or not each.get("inputAssignments"):
            yield _refused(f"An update of other records than $Record by reference, as {each.get('name', '')} makes,")
        elif "inputReference" not in each and not each.get("filters"):
            # Inferred: an update of every record of an object is refused here, so that no test does it unawares.
            yield _refused(f"An update without filters, as {each.get('name', '')} makes,")
    for each in values.get("recordCreates", []):
        if not each.get("inputAssignments"):
            yield _refused(f"A creation by reference, as {each.get('name', '')} makes,")
    for each in values.get("recordLookups", []):
        if each.get("storeOutputAutomatically") != "true" and "outputReference" not in each:
            yield _refused(f"A look-up whose result goes nowhere, as {each.get('name', '')} makes,")


def _refused(what: str) -> str:
    return f"{what} is not implemented by this simulator"
