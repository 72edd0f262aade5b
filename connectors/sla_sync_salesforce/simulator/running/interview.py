"""One interview: a flow that runs for one record, what its references lead to, and how it goes from element to element."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sla_sync_salesforce.simulator.documents import Values
from sla_sync_salesforce.simulator.formulas.functions import FormulaError, text
from sla_sync_salesforce.simulator.formulas.functions import Value as FormulaValue
from sla_sync_salesforce.simulator.formulas.values import added, evaluate, inward, outward
from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.running.conditions import ASKING, compare, logic
from sla_sync_salesforce.simulator.running.paths import Viewpoint, field_at, global_at
from sla_sync_salesforce.simulator.running.program import Element, Program, target
from sla_sync_salesforce.simulator.store import Row, Value

_GLOBALS = ("$User", "$Setup", "$CustomMetadata", "$Permission", "$Organization", "$Profile")
_CONSTANTS: Mapping[str, Value] = {"True": True, "False": False, "EmptyString": ""}
_MERGE = re.compile(r"\{!([^}]+)\}")
_ELEMENT_LIMIT = 2000
"""Elements that one interview may run; API versions since 57.0 know only the limit on time, for which this one stands."""
_TAGS = re.compile(r"<[^>]+>")


@dataclass
class Held:
    """A record in the hand of an interview."""

    object_name: str
    row: Row


Thing: TypeAlias = "Value | Held | list[Thing]"
"""What a reference may lead to: a value, a record, or a collection of either."""


@dataclass(eq=False)
class Interview:
    """A flow that runs for one record. `record` is changed in place before the save, and a copy of what was saved after."""

    program: Program
    view: Viewpoint
    record: Row
    before: Row | None
    is_new: bool
    things: dict[str, Thing] = field(default_factory=dict)
    """What lookups, loops and variables hold, by name."""
    waiting: Element | None = None
    fault: str | None = None
    _loops: dict[str, int] = field(default_factory=dict)
    _done: int = 0

    @property
    def before_save(self) -> bool:
        """Whether the record is not yet written."""
        return self.program.trigger == "RecordBeforeSave"

    def go(self, name: str | None) -> None:
        """Run from an element on until the interview ends or waits for one that reads, writes or sends."""
        self.waiting = None
        while name is not None:
            element = self.program.elements[name]
            self._done += 1
            if self._done > _ELEMENT_LIMIT:
                raise RefusedError("LIMIT_EXCEEDED", f"Number of iterations exceeded at the element {name}")
            match element.kind:
                case "assignments":
                    self._assign(element)
                    name = element.next
                case "decisions":
                    name = self._decide(element)
                case "loops":
                    name = self._loop(element)
                case "recordUpdates" if self.before_save:
                    for each in element.values.get("inputAssignments", []):
                        self.record[each["field"]] = self.plain(each["value"])
                    name = element.next
                case _:
                    self.waiting = element
                    return

    def meets(self, holder: Values, member: str) -> bool:
        """Return whether the conditions of an outcome, or the filters of the start, hold."""
        held = [self._condition(each) for each in holder.get(member, [])]
        expression = holder.get("conditionLogic" if member == "conditions" else "filterLogic", "and")
        return logic(expression, len(held))(held)

    def as_before(self) -> Interview:
        """Return this interview as it would ask about the record before the change."""
        return replace(self, record=dict(self.before or {}), things=dict(self.things))

    def thing(self, reference: str) -> Thing:
        """Return what a reference leads to; nothing where it leads to no record."""
        head, _, path = reference.partition(".")
        match head:
            case "$Record":
                return self._of_record(self.record, path)
            case "$Record__Prior":
                return None if self.before is None else self._of_record(self.before, path)
            case "$Flow":
                return self._flow(path)
            case "$GlobalConstant":
                return _CONSTANTS.get(path)
            case _ if head in _GLOBALS:
                return global_at(self.view, reference)
        if head in self.things:
            found = self.things[head]
            if path and isinstance(found, Held):
                return field_at(self.view, found.object_name, found.row, path)
            return None if path else found
        return None if path else self._resource(head)

    def value(self, reference: str) -> Value:
        """Return the value that a reference leads to; records and collections have none."""
        found = self.thing(reference)
        return None if isinstance(found, (Held, list)) else found

    def plain(self, given: Values | None) -> Value:
        """Return what a value of the flow's metadata stands for."""
        found = self.given(given)
        return None if isinstance(found, (Held, list)) else found

    def given(self, given: Values | None) -> Thing:
        """Return what a value of the flow's metadata stands for, be it a record or a collection."""
        match given:
            case None:
                return None
            case {"elementReference": str() as reference}:
                return self.thing(reference)
            case {"stringValue": str() as written}:
                return self.merged(written)
            case {"booleanValue": written}:
                return str(written) == "true"
            case {"numberValue": written}:
                number = float(written)
                return int(number) if number.is_integer() else number
            case {"dateTimeValue": written}:
                return datetime.fromisoformat(str(written).replace("+0000", "+00:00"))
            case {"dateValue": written}:
                return date.fromisoformat(str(written)[:10])
        return None

    def merged(self, written: str) -> str:
        """Return a text with the values of its merge fields in their places."""
        if "{!" not in written:
            return written
        return _MERGE.sub(lambda found: text(inward(self.value(found.group(1)))), written)

    def _of_record(self, row: Row, path: str) -> Thing:
        if not path:
            return Held(self.program.object_name, row)
        return field_at(self.view, self.program.object_name, row, path)

    def _flow(self, path: str) -> Value:
        match path:
            case "CurrentDateTime" | "InterviewStartTime":
                return self.view.now
            case "CurrentDate":
                return self.view.now.astimezone(self.view.world.zone).date()
            case "FaultMessage":
                return self.fault
        return self.record.get("Id") if path == "CurrentRecord" else self.program.name

    def _resource(self, name: str) -> Thing:
        kind, values = self.program.resources.get(name, ("", {}))
        match kind:
            case "formulas":
                return self._formula(values)
            case "constants" | "variables":
                if kind == "variables" and values.get("isCollection") == "true":
                    return []
                return self.given(values.get("value"))
            case "textTemplates":
                written = self.merged(values.get("text", ""))
                return written if values.get("isViewedAsPlainText") == "true" else _TAGS.sub("", written)
        return None

    def _formula(self, values: Values) -> Value:
        try:
            result = evaluate(values["expression"], InterviewNames(self))
        except FormulaError as error:
            text_ = f"The formula {values['name']} has no result: {error}"
            raise RefusedError("CANNOT_EXECUTE_FLOW_TRIGGER", text_) from error
        kind = values.get("dataType")
        if kind == "Boolean":
            return result is True
        return outward(result, int(values.get("scale", "0") or 0) if kind in ("Number", "Currency") else None)

    def _condition(self, values: Values) -> bool:
        reference = values.get("leftValueReference") or f"$Record.{values['field']}"
        asked, right = values["operator"], values.get("rightValue", values.get("value"))
        if asked in ASKING:
            wanted = self.plain(right) is True
            return (self._changed(reference) if asked == "IsChanged" else _is_null(self.thing(reference))) == wanted
        found = self.given(right)
        if asked == "In":
            choices = found if isinstance(found, list) else [found]
            return any(compare(self.value(reference), "EqualTo", _value(each)) for each in choices)
        return compare(self.value(reference), asked, _value(found))

    def _changed(self, reference: str) -> bool:
        # Inferred: on a record that is new nothing has changed, as the function ISCHANGED is documented.
        if self.is_new or self.before is None:
            return False
        path = reference.removeprefix("$Record.")
        return not compare(self.value(reference), "EqualTo", self.value(f"$Record__Prior.{path}"))

    def _decide(self, element: Element) -> str | None:
        for rule in element.values.get("rules", []):
            if not self.meets(rule, "conditions"):
                continue
            newly = rule.get("doesRequireRecordChangedToMeetCriteria") == "true"
            if newly and not self.is_new and self.as_before().meets(rule, "conditions"):
                continue
            return target(rule.get("connector"))
        return target(element.values.get("defaultConnector"))

    def _assign(self, element: Element) -> None:
        for item in element.values.get("assignmentItems", []):
            head, _, path = item["assignToReference"].partition(".")
            given = self.given(item.get("value"))
            old = self.thing(item["assignToReference"])
            new = _assigned(item["operator"], old, given)
            if head == "$Record":
                self.record[path] = _value(new)
            elif path:
                held = self.things.get(head)
                if not isinstance(held, Held):
                    _, values = self.program.resources.get(head, ("", {}))
                    held = Held(values.get("objectType", ""), {})
                    self.things[head] = held
                held.row[path] = _value(new)
            else:
                self.things[head] = new

    def _loop(self, element: Element) -> str | None:
        collection = self.thing(element.values["collectionReference"])
        entries: Sequence[Thing] = collection if isinstance(collection, list) else []
        if element.values.get("iterationOrder") == "Desc":
            entries = entries[::-1]
        place = self._loops.get(element.name, 0)
        if place < len(entries):
            self._loops[element.name] = place + 1
            self.things[element.name] = entries[place]
            return target(element.values.get("nextValueConnector"))
        self._loops.pop(element.name, None)
        self.things[element.name] = None
        return target(element.values.get("noMoreValuesConnector"))


def _value(found: Thing) -> Value:
    return None if isinstance(found, (Held, list)) else found


def _is_null(found: Thing) -> bool:
    return found is None or found == []


def _assigned(asked: str, old: Thing, given: Thing) -> Thing:
    """Return what a variable holds after an assignment."""
    if asked == "AssignCount":
        return len(given) if isinstance(given, list) else 0
    if asked == "Assign":
        return list(given) if isinstance(given, list) else given
    if isinstance(old, list):
        return [*old, *(given if isinstance(given, list) else [given])]
    left, right = inward(_value(old)), inward(_value(given))
    if isinstance(left, str) or isinstance(right, str):
        return text(left) + text(right)
    # Inferred: a number variable that holds nothing counts as zero when something is added to it.
    before = inward(0) if left is None else left
    return outward(added(before, right, "+" if asked == "Add" else "-"))


@dataclass(frozen=True)
class InterviewNames:
    """The names of a formula in a flow. Documented: a blank number stays blank there."""

    interview: Interview

    @property
    def now(self) -> datetime:
        """The moment at which the interview runs."""
        return self.interview.view.now

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the running user."""
        return self.interview.view.world.zone

    @property
    def is_new(self) -> bool:
        """Whether the record is being created."""
        return self.interview.is_new

    def value(self, name: str) -> FormulaValue:
        """Return what a reference leads to; a record counts as known, which is all that a formula may ask of it."""
        found = self.interview.thing(name)
        if isinstance(found, Held):
            return True
        return inward(_value(found))

    def prior(self, name: str) -> FormulaValue:
        """Return what a reference to the record led to before the change."""
        return self.value(name.replace("$Record.", "$Record__Prior.", 1))
