"""Deadlines by the org's own business hours: one Apex class, its test, and the flow that asks it after a leg is saved.

Apex cannot be called before a save, so the instants are written by one more update of the leg.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, KeyPath, Setup, Value
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.calendars import hours_name, hours_prefix
from sla_sync_salesforce.translate.clocks import Clocks, Kind, Length, TimedRung
from sla_sync_salesforce.translate.deadlines import Chain, limit_choice, limit_length, limit_question, within
from sla_sync_salesforce.translate.elements import (
    Asked,
    Part,
    Set,
    blank,
    formula,
    known,
    ref,
    variable,
    whether,
)
from sla_sync_salesforce.translate.formulas import quoted
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.thresholds import (
    length,
    limit_row,
    number,
    rung_row,
    threshold_type,
    warn_row,
)

API_VERSION = 63.0
CLASS, TEST = "SlaDeadline", "SlaDeadlineTest"
ORDER = 970
"""The last after a save: its own update lets the flows run that wait for a deadline, and none runs after those."""
_LEG = "Get_Leg"

CLASS_TEXT = """\
/**
 * When so many business minutes have passed since an instant, in business hours of this org that are known by name.
 * Holidays of these hours are left out. Nothing is returned where the instant, the minutes or the hours are not known.
 */
public with sharing class SlaDeadline {
    private static final Decimal MILLISECONDS = 60000;

    public class Request {
        @InvocableVariable(label='Start')
        public Datetime startAt;

        @InvocableVariable(label='Business minutes')
        public Decimal minutes;

        @InvocableVariable(label='Name of the business hours')
        public String hoursName;
    }

    @InvocableMethod(label='SLA: add business minutes' category='SLA')
    public static List<Datetime> respondBy(List<Request> requests) {
        Map<String, Id> hours = hoursByName(requests);
        List<Datetime> deadlines = new List<Datetime>();
        for (Request each : requests) {
            Id known = hours.get(each.hoursName);
            Boolean complete = known != null && each.startAt != null && each.minutes != null;
            deadlines.add(complete ? after(known, each.startAt, each.minutes) : null);
        }
        return deadlines;
    }

    private static Datetime after(Id hours, Datetime startAt, Decimal minutes) {
        return BusinessHours.add(hours, startAt, (minutes * MILLISECONDS).round(System.RoundingMode.HALF_UP));
    }

    private static Map<String, Id> hoursByName(List<Request> requests) {
        Set<String> names = new Set<String>();
        for (Request each : requests) {
            names.add(each.hoursName);
        }
        Map<String, Id> found = new Map<String, Id>();
        for (BusinessHours each : [SELECT Id, Name FROM BusinessHours WHERE IsActive = TRUE AND Name IN :names]) {
            found.put(each.Name, each.Id);
        }
        return found;
    }
}
"""

TEST_TEXT = """\
@IsTest
private class SlaDeadlineTest {
    private static SlaDeadline.Request asked(Datetime startAt, Decimal minutes, String hoursName) {
        SlaDeadline.Request request = new SlaDeadline.Request();
        request.startAt = startAt;
        request.minutes = minutes;
        request.hoursName = hoursName;
        return request;
    }

    @IsTest
    static void addsWhatTheBusinessHoursAdd() {
        BusinessHours hours = [SELECT Id, Name FROM BusinessHours WHERE IsDefault = TRUE LIMIT 1];
        Datetime start = Datetime.newInstanceGmt(2026, 1, 5, 15, 0, 0);
        List<Datetime> deadlines = SlaDeadline.respondBy(
            new List<SlaDeadline.Request>{ asked(start, 30, hours.Name), asked(start, 7.5, hours.Name) }
        );
        System.assertEquals(BusinessHours.add(hours.Id, start, 1800000L), deadlines[0], 'half an hour');
        System.assertEquals(BusinessHours.add(hours.Id, start, 450000L), deadlines[1], 'half of fifteen minutes');
    }

    @IsTest
    static void knowsNoDeadlineWhereSomethingIsMissing() {
        BusinessHours hours = [SELECT Id, Name FROM BusinessHours WHERE IsDefault = TRUE LIMIT 1];
        Datetime start = Datetime.newInstanceGmt(2026, 1, 5, 15, 0, 0);
        List<Datetime> deadlines = SlaDeadline.respondBy(
            new List<SlaDeadline.Request>{
                asked(start, 30, 'hours that nobody made'),
                asked(null, 30, hours.Name),
                asked(start, null, hours.Name)
            }
        );
        System.assertEquals(new List<Datetime>{ null, null, null }, deadlines, 'nothing to add to');
    }
}
"""


def apex(clocks: Clocks, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the class, its test and the flow that calls it, where the binding computes deadlines with Apex."""
    if binding.deadlines != "apex" or not clocks.timed:
        return
    for name, text, needed in ((CLASS, CLASS_TEXT, ()), (TEST, TEST_TEXT, (Address("ApexClass", CLASS),))):
        values: dict[str, Value] = {"apiVersion": API_VERSION, "content": text, "status": "Active"}
        yield Desired(Address("ApexClass", name), values, requires=needed, origins={(): ("commitments",)})
    chains = tuple(_Asking(each, binding) for each in clocks.timed if each.limits or each.rungs)
    if not chains:
        return
    parts = [variable("Found", "Boolean", value=False)]
    for chain, after in zip(chains, (*chains[1:], None), strict=True):
        parts += chain.parts(after.name("Is_To_Time") if after else "Is_Any_Found")
    items = [item for chain in chains for item in chain.kept()]
    read = ("Calendar__c", *(field for chain in chains for field in chain.timed.fields.instants))
    yield flows.flow(
        developer_name(binding.prefix, "Leg_Deadlines"),
        flows.start(leg_object(binding), to="Is_Silent"),
        [
            # Other flows may have saved the assignment again meanwhile.
            elements.unless_silent(_LEG),
            elements.lookup(
                _LEG, leg_object(binding), (("Id", "EqualTo", ref("$Record.Id")),), to="Is_There", fields=read
            ),
            elements.found("Is_There", _LEG, yes=chains[0].name("Is_To_Time")),
            *parts,
            whether("Is_Any_Found", (("Found", "EqualTo", True),), yes="Keep"),
            elements.update_this("Keep", items, origin=("commitments",)),
        ],
        means="Asks the business hours of the org by when each promise is due, and keeps the answers.",
        agreement=setup.agreement,
        origin=("commitments",),
        order=ORDER,
        requires=_requires(clocks, binding),
    )


def _requires(clocks: Clocks, binding: SalesforceBinding) -> Iterator[Address]:
    yield Address("ApexClass", CLASS)
    yield Address("CustomObject", leg_object(binding))
    yield Address("CustomField", f"{binding.prefix}Switch__c.Silent__c")
    kind = threshold_type(binding)
    for each in clocks.timed:
        for name in (*each.fields.instants, "Calendar__c", "Priority__c"):
            yield leg_field(binding, name)
        yield from (Address("CustomMetadata", f"{kind}.{limit_row(each, limit)}") for limit in each.limits)
        if each.warn is not None:
            yield Address("CustomMetadata", f"{kind}.{warn_row(each)}")
        for rung in each.rungs:
            if rung.length is not None:
                yield Address("CustomMetadata", f"{kind}.{rung_row(each, rung.number)}")


@dataclass(frozen=True)
class _Sum:
    """An instant that is asked for: into which variable, from where, how long, and what follows."""

    word: str
    base: str
    kind: Kind
    amount: str
    origin: KeyPath


@dataclass(frozen=True)
class _Asking(Chain):
    """One clock in the flow that asks the class; `variable_of` names the variable that takes an instant."""

    def variable_of(self, word: str) -> str:
        return self.name("New", word)

    @property
    def started(self) -> str:
        return f"{_LEG}.{self.timed.fields.started}"

    def kept(self) -> Iterator[Set]:
        """Yield each field with what was found, or what stood there."""
        for word, field in self._words():
            yield field, ref(self.name("Kept", word))

    def _words(self) -> Iterator[tuple[str, str]]:
        fields = self.timed.fields
        if self.timed.limits:
            yield "Due", fields.due
        if self.timed.warn is not None:
            yield "Warn", fields.warn
        for step in self.timed.rungs:
            yield f"Step_{step.number}", fields.rungs[step.number]

    def parts(self, after: str) -> Iterator[Part]:
        timed, fields = self.timed, self.timed.fields
        for word, field in self._words():
            name = self.variable_of(word)
            yield variable(name, "DateTime")
            yield formula(self.name("Kept", word), "DateTime", f"BLANKVALUE({{!{name}}}, {{!{_LEG}.{field}}})")
        yield from self._hours()
        waits = fields.due if timed.limits else fields.rungs[timed.rungs[0].number]
        asked: tuple[Asked, ...] = (
            known(self.started),
            blank(f"{_LEG}.{fields.stopped}"),
            blank(f"{_LEG}.{waits}"),
        )
        mark = self.name("Mark_Found")
        steps = self._steps(mark)
        first_step = next(iter(steps), (mark, ()))[0]
        entries: dict[Kind, str] = {}
        for kind in timed.kinds:
            entry, parts = self._limit(kind, first_step, after)
            entries[kind] = entry
            yield from parts
        if timed.limits:
            yield from limit_choice(self, entries, no=after)
            to = limit_question(self) or entries[timed.kinds[0]]
        else:
            to = first_step
        yield whether(self.name("Is_To_Time"), asked, yes=to, no=after, origin=timed.clock.origin)
        for _, parts in steps:
            yield from parts
        yield elements.assignment(mark, (("Found", True),), after)

    def _hours(self) -> Iterator[Part]:
        named = self.timed.clock.calendar
        text = (
            f"{quoted(hours_prefix(self.binding))} & {{!{_LEG}.Calendar__c}}"
            if named is None
            else quoted(hours_name(self.binding, named))
        )
        yield formula(self.name("Hours"), "String", text, origin=self.timed.clock.origin)

    def _limit(self, kind: Kind, follows: str, after: str) -> tuple[str, tuple[Part, ...]]:
        """Return the element that computes the limit, and all that goes with it, the warning too."""
        amount = f"{{!{limit_length(self, kind)}}}"
        is_known = self.name("Has_Due", kind)
        due = _Sum("Due", self.started, kind, amount, within(self.timed))
        entry, parts = self._sum(due, f"Due_{kind}", is_known)
        warning = self._warning(kind, amount)
        to = follows
        if warning is not None:
            to, more = self._sum(warning, f"Warn_{kind}", follows)
            parts = (*parts, *more)
        asked = (known(self.variable_of("Due")),)
        return entry, (*parts, whether(is_known, asked, yes=to, no=after))

    def _warning(self, kind: Kind, amount: str) -> _Sum | None:
        warn, row = self.timed.warn, warn_row(self.timed)
        origin = (*self.timed.clock.origin[:-1], "warn")
        if warn is None:
            return None
        if isinstance(warn, Length):
            return _Sum("Warn", self.started, warn.kind, length(self.binding, row, warn.kind), origin)
        share = number(self.binding, row, "Share__c")
        return _Sum("Warn", self.started, kind, f"ROUND({share} * {amount} * 60, 0) / 60", origin)

    def _steps(self, mark: str) -> list[tuple[str, tuple[Part, ...]]]:
        found: list[tuple[str, tuple[Part, ...]]] = []
        follows = mark
        for step in reversed(self.timed.rungs):
            found.insert(0, self._step(step, follows))
            follows = found[0][0]
        return found

    def _step(self, step: TimedRung, follows: str) -> tuple[str, tuple[Part, ...]]:
        word = f"Step_{step.number}"
        base = self.started if step.since_start else self.variable_of("Due")
        if step.length is None:
            entry = self.name("Set", word)
            return entry, (elements.assignment(entry, ((self.variable_of(word), ref(base)),), follows),)
        amount = length(self.binding, rung_row(self.timed, step.number), step.length.kind)
        return self._sum(_Sum(word, base, step.length.kind, amount, step.rung.origin), word, follows)

    def _sum(self, asked: _Sum, name: str, follows: str) -> tuple[str, tuple[Part, ...]]:
        target = self.variable_of(asked.word)
        if asked.kind is Kind.WALL:
            instant, entry = self.name(name, "Instant"), self.name("Set", name)
            text = f"{{!{asked.base}}} + ROUND(({asked.amount}) * 60, 0) / 86400"
            return entry, (
                formula(instant, "DateTime", text, origin=asked.origin),
                elements.assignment(entry, ((target, ref(instant)),), follows, origin=asked.origin),
            )
        minutes, entry = self.name(name, "Minutes"), self.name("Ask", name)
        inputs: tuple[Set, ...] = (
            ("startAt", ref(asked.base)),
            ("minutes", ref(minutes)),
            ("hoursName", ref(self.name("Hours"))),
        )
        return entry, (
            formula(minutes, "Number", asked.amount, scale=4, origin=asked.origin),
            elements.action(
                entry, "apex", CLASS, inputs, follows, outputs={"output": target}, failed=follows, origin=asked.origin
            ),
        )
