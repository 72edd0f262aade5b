"""The flow that keeps the instants of every clock on a leg, before it is saved: started, due, warning, steps, stopped.

Each clock is a chain of elements between two: `…_Is_To_Run` asks whether it is to be computed, `…_Is_Done` whether it
stops. What no row is there for stays blank and is tried again when the leg is next saved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, KeyPath, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate.adding import Adding, first_row, parts_of
from sla_sync_salesforce.translate.calendars import FIELDS, day_type
from sla_sync_salesforce.translate.clocks import (
    WAITING_TOUCH,
    Clocks,
    Kind,
    Length,
    Timed,
    TimedRung,
    applies,
    by_touch,
)
from sla_sync_salesforce.translate.custom_metadata import row_needs
from sla_sync_salesforce.translate.elements import (
    Asked,
    Part,
    Set,
    assignment,
    at,
    blank,
    decision,
    formula,
    found,
    known,
    node_name,
    ref,
    rule,
    unless_silent,
    whether,
)
from sla_sync_salesforce.translate.flows import flow, start
from sla_sync_salesforce.translate.formulas import quoted
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.thresholds import length, limit_row, number, rung_row, threshold_type, warn_row

ORDER = 10
FLOW_NAME = "Leg_Clocks"
_READ = ("Calendar__c", "Priority__c", "Source__c", "Team__c", "Leg__c", "Lead__c")


@dataclass(frozen=True)
class Chain:
    """One clock in the flow: its names, and what the flow needs to compute it."""

    timed: Timed
    binding: SalesforceBinding

    def name(self, *names: str) -> str:
        """Return the name of an element of this clock."""
        return node_name(self.timed.fields.base, *names)

    @property
    def begins(self) -> str:
        """The formula of the instant from which it runs."""
        return self.name("Begins")

    @property
    def calendar(self) -> dict[str, str] | str:
        """The calendar in which it runs, as a value of a filter: its own, or that of the leg."""
        named = self.timed.clock.calendar
        return {"elementReference": "$Record.Calendar__c"} if named is None else named

    @property
    def looks_up(self) -> bool:
        """Whether it is computed by the rows of a calendar."""
        return self.binding.deadlines == "calendar"

    def adding(self, word: str, base: str, kind: Kind, amount: str, row: str, origin: KeyPath) -> Adding:
        """Return a sum of this clock."""
        return Adding(self.name(word), base, kind, amount, row, day_type(self.binding), origin)


def clock_flow(clocks: Clocks, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the flow, where the org holds a clock at all."""
    chains = tuple(Chain(each, binding) for each in clocks.timed)
    if not chains:
        return
    parts: list[Part] = []
    for chain, after in zip(chains, (*chains[1:], None), strict=True):
        parts += _chain(chain, clocks, after.name("Is_To_Run") if after else None)
    promises = " ".join(each.clock.means for each in clocks.timed)
    yield flow(
        developer_name(binding.prefix, FLOW_NAME),
        start(leg_object(binding), to="Is_Silent", before_save=True),
        [unless_silent(chains[0].name("Is_To_Run")), *parts],
        means=f"Keeps when each clock of an assignment started, is due and stopped: {promises}",
        agreement=setup.agreement,
        origin=("commitments",),
        order=ORDER,
        requires=_requires(clocks, binding),
    )


def _requires(clocks: Clocks, binding: SalesforceBinding) -> Iterator[Address]:
    yield Address("CustomObject", leg_object(binding))
    yield Address("CustomObject", f"{binding.prefix}Switch__c")
    yield Address("CustomField", f"{binding.prefix}Switch__c.Silent__c")
    for each in clocks.timed:
        touched = (WAITING_TOUCH,) if by_touch(each) else ()
        written = (*each.fields.instants, each.begins, each.stops, "Assigned_At__c", *touched, *_READ)
        yield from (leg_field(binding, name) for name in written)
        kind = threshold_type(binding)
        yield from (Address("CustomMetadata", f"{kind}.{limit_row(each, limit)}") for limit in each.limits)
        if each.warn is not None:
            yield Address("CustomMetadata", f"{kind}.{warn_row(each)}")
        for rung in each.rungs:
            if rung.length is not None:
                yield Address("CustomMetadata", f"{kind}.{rung_row(each, rung.number)}")
        if binding.deadlines == "calendar" and _needs_rows(each):
            yield from row_needs(day_type(binding), FIELDS)


def _needs_rows(timed: Timed) -> bool:
    """Return whether some instant that is counted from the start, or the choice of the limit, needs a calendar."""
    lengths = [timed.warn, *(each.length for each in timed.rungs if each.since_start)]
    business = any(isinstance(each, Length) and each.kind is not Kind.WALL for each in lengths)
    return timed.by_hours or business or bool({Kind.OPEN, Kind.DAYS} & {*timed.kinds})


def _chain(chain: Chain, clocks: Clocks, after: str | None) -> Iterator[Part]:
    timed, fields = chain.timed, chain.timed.fields
    done = chain.name("Is_Done")
    started, row = f"$Record.{fields.started}", chain.name("Start_Row")
    yield formula(
        chain.begins,
        "DateTime",
        f"IF(ISBLANK({{!{started}}}), {_first_instant(timed)}, {{!{started}}})",
        origin=timed.clock.origin,
    )
    looks_up = chain.looks_up and _needs_rows(timed)
    go_on = row if looks_up else _limit_entry(chain) if chain.looks_up else chain.name("Start_Only")
    yield from _is_to_run(chain, clocks, yes=go_on, no=done)
    if looks_up:
        is_open = chain.name("Has_Start_Row")
        yield first_row(row, day_type(chain.binding), chain.calendar, chain.begins, is_open, timed.clock.origin)
        # Where one limit holds inside hours only, nobody knows without a row whether it holds.
        yield found(is_open, row, yes=_limit_entry(chain), no=done if timed.by_hours else chain.name("Start_Only"))
    after_start = done if timed.limits or not chain.looks_up else _rung_entry(chain, done)
    yield assignment(chain.name("Start_Only"), ((started, ref(chain.begins)),), after_start, origin=timed.clock.origin)
    if chain.looks_up:
        yield from limit_choice(chain, _entries(chain), no=done)
        for kind in timed.kinds:
            yield from _due(chain, kind, done)
        yield from _rungs(chain, done)
    stop = f"$Record.{timed.stops}"
    if by_touch(timed):
        stop = chain.name("Stops")
        yield formula(stop, "DateTime", _first_touch(timed), origin=timed.clock.origin)
    yield whether(
        done,
        (blank(f"$Record.{fields.stopped}"), known(started), known(stop), (stop, "GreaterThanOrEqualTo", ref(started))),
        yes=chain.name("Stop"),
        no=after,
        origin=timed.clock.origin,
    )
    yield assignment(chain.name("Stop"), ((f"$Record.{fields.stopped}", ref(stop)),), after, origin=timed.clock.origin)


def _first_instant(timed: Timed) -> str:
    """Return an expression for the instant from which a clock starts: in a later turn, that at which the owner changed."""
    begins, assigned = f"{{!$Record.{timed.begins}}}", "{!$Record.Assigned_At__c}"
    if timed.clock.restarts is None or begins == assigned:
        return begins
    return f"IF({{!$Record.Leg__c}} > 1, {assigned}, {begins})"


def _first_touch(timed: Timed) -> str:
    """Return an expression for the first touch since a clock started: anybody's while the lead waited, or the owner's.

    What was done before the lead was given to somebody stops no clock that started only then.
    """
    waiting, started = f"{{!$Record.{WAITING_TOUCH}}}", f"{{!$Record.{timed.fields.started}}}"
    since = ">" if timed.begins == "Assigned_At__c" else ">="
    ran = f"AND(NOT(ISBLANK({waiting})), {waiting} {since} {started})"
    return f"IF({ran}, {waiting}, {{!$Record.{timed.stops}}})"


def _is_to_run(chain: Chain, clocks: Clocks, *, yes: str, no: str) -> Iterator[Part]:
    timed, fields = chain.timed, chain.timed.fields
    # A limit for which no row was there is looked for again; Apex is asked after the leg is saved.
    open_field = fields.due if timed.limits and chain.looks_up else fields.started
    asked: list[Asked] = [
        blank(f"$Record.{open_field}"),
        blank(f"$Record.{fields.stopped}"),
        known(chain.begins),
    ]
    if clocks.in_force is not None:
        since, until = clocks.in_force
        asked.append((chain.begins, "GreaterThanOrEqualTo", at(since)))
        if until is not None:
            asked.append((chain.begins, "LessThan", at(until)))
    said = applies(timed)
    if said is not None:
        yield formula(chain.name("Applies"), "Boolean", said, origin=timed.clock.origin)
        asked.append((chain.name("Applies"), "EqualTo", True))
    logic = "and"
    if timed.first_turn_only:
        # It runs once in a cycle: a later turn takes over what stands, and starts nothing by itself.
        logic = " AND ".join(map(str, range(1, len(asked) + 1))) + f" AND ({len(asked) + 1} OR {len(asked) + 2})"
        asked += [known(f"$Record.{fields.started}"), ("$Record.Leg__c", "LessThanOrEqualTo", 1)]
    yield whether(chain.name("Is_To_Run"), asked, yes=yes, no=no, logic=logic, origin=timed.clock.origin)


def _limit_entry(chain: Chain) -> str:
    """Return the element that follows once the start is known."""
    timed = chain.timed
    if not timed.limits:
        return chain.name("Start_Only")
    return limit_question(chain) or _entries(chain)[timed.kinds[0]]


def _entries(chain: Chain) -> dict[Kind, str]:
    """Return the element with which each way of counting begins."""
    return {
        kind: chain.name("Set_Due" if kind is Kind.WALL else "Due", kind, *(() if kind is Kind.WALL else ("Row",)))
        for kind in chain.timed.kinds
    }


def limit_question(chain: Chain) -> str | None:
    """Return the decision about which limit counts, None where that is no question."""
    return chain.name("Which_Limit") if chain.timed.by_hours or len(chain.timed.kinds) > 1 else None


def limit_choice(chain: Chain, entries: dict[Kind, str], *, no: str | None) -> Iterator[Part]:
    """Yield which limit counts, as far as that is a question, and how long it is, for each way of counting."""
    timed, question = chain.timed, limit_question(chain)
    if question is not None:
        which = chain.name("Limit_Kind")
        yield formula(which, "String", _first(chain, {kind: quoted(kind) for kind in timed.kinds}, '""'))
        rules = [
            rule(chain.name("Limit_Is", kind), ((which, "EqualTo", kind.value),), entries[kind]) for kind in timed.kinds
        ]
        yield decision(question, rules, no, origin=timed.clock.origin)
    for kind in timed.kinds:
        yield formula(limit_length(chain, kind), "Number", _amount(chain, kind), scale=4, origin=within(timed))


def limit_length(chain: Chain, kind: Kind) -> str:
    """Return the name of the formula that holds the limit's minutes or days."""
    return chain.name("Limit", kind)


def within(timed: Timed) -> KeyPath:
    """Return the place of the limits in the agreement."""
    return timed.limits[0].limit.origin if len(timed.limits) == 1 else (*timed.clock.origin[:-1], "within")


def _amount(chain: Chain, kind: Kind) -> str:
    text = "0"
    for each in reversed([each for each in chain.timed.limits if each.length.kind is kind]):
        said = length(chain.binding, limit_row(chain.timed, each), kind)
        condition = _condition(chain, each.limit.priority, inside_hours=each.limit.inside_hours)
        text = said if condition is None else f"IF({condition}, {said}, {text})"
    return text


def _first(chain: Chain, said: dict[Kind, str], otherwise: str) -> str:
    """Return a formula of the first limit that counts: one for the priority before one for the hours."""
    text = otherwise
    ordered = sorted(chain.timed.limits, key=lambda each: each.limit.priority is None)
    for each in reversed(ordered):
        condition = _condition(chain, each.limit.priority, inside_hours=each.limit.inside_hours)
        value = said[each.length.kind]
        text = value if condition is None else f"IF({condition}, {value}, {text})"
    return text


def _condition(chain: Chain, priority: str | None, *, inside_hours: bool | None) -> str | None:
    if priority is not None:
        return f"{{!$Record.Priority__c}} = {quoted(priority)}"
    if inside_hours is None:
        return None
    inside = f"{{!{chain.name('Start_Row')}.Opens_At__c}} <= {{!{chain.begins}}}"
    return inside if inside_hours else f"NOT({inside})"


def _due(chain: Chain, kind: Kind, done: str) -> Iterator[Part]:
    timed, fields = chain.timed, chain.timed.fields
    row, origin = chain.name("Start_Row"), within(timed)
    due = chain.adding(f"Due_{kind}", chain.begins, kind, f"{{!{limit_length(chain, kind)}}}", row, origin)
    set_due = chain.name("Set_Due", kind)
    yield from parts_of(due, chain.calendar, yes=set_due, no=chain.name("Start_Only"))
    items: list[Set] = [(f"$Record.{fields.started}", ref(chain.begins)), (f"$Record.{fields.due}", ref(due.sum))]
    warn = _warning(chain, kind, due)
    follows = _rung_entry(chain, done)
    if warn is None:
        yield assignment(set_due, items, follows, origin=origin)
        return
    set_warn = chain.name("Set_Warn", kind)
    yield assignment(set_due, items, warn.entry or set_warn, origin=origin)
    yield from parts_of(warn, chain.calendar, yes=set_warn, no=follows)
    yield assignment(set_warn, ((f"$Record.{fields.warn}", ref(warn.sum)),), follows, origin=warn.origin)


def _warning(chain: Chain, kind: Kind, due: Adding) -> Adding | None:
    """Return the sum that leads to the warning: so long after the start, or at a share of the time up to the limit."""
    timed, binding = chain.timed, chain.binding
    origin = (*timed.clock.origin[:-1], "warn")
    row, word = chain.name("Start_Row"), f"Warn_{kind}"
    if timed.warn is None:
        return None
    if isinstance(timed.warn, Length):
        said = length(binding, warn_row(timed), timed.warn.kind)
        return chain.adding(word, chain.begins, timed.warn.kind, said, row, origin)
    share = number(binding, warn_row(timed), "Share__c")
    whole = due.elapsed() if kind is Kind.DAYS else f"{{!{limit_length(chain, kind)}}}"
    counted = Kind.WALL if kind is Kind.WALL else Kind.OPEN
    return chain.adding(word, chain.begins, counted, f"ROUND({share} * ({whole}) * 60, 0) / 60", row, origin)


def _due_row(chain: Chain) -> str | None:
    """Return the look-up of the first row that closes after the limit, where some step needs it."""
    asked = any(
        each.length is not None and each.length.kind is not Kind.WALL and not each.since_start
        for each in chain.timed.rungs
    )
    return chain.name("Due_Row") if asked else None


def _rung_entry(chain: Chain, done: str) -> str:
    steps = chain.timed.rungs
    if not steps:
        return done
    return _due_row(chain) or _rung_first(chain, steps[0])


def _rung_first(chain: Chain, step: TimedRung) -> str:
    adding = _rung_adding(chain, step)
    entry = None if adding is None else adding.entry
    return entry or chain.name("Set_Step", str(step.number))


def _rung_adding(chain: Chain, step: TimedRung) -> Adding | None:
    if step.length is None:
        return None
    base = chain.begins if step.since_start else f"$Record.{chain.timed.fields.due}"
    row = chain.name("Start_Row") if step.since_start else chain.name("Due_Row")
    said = length(chain.binding, rung_row(chain.timed, step.number), step.length.kind)
    return chain.adding(f"Step_{step.number}", base, step.length.kind, said, row, step.rung.origin)


def _rungs(chain: Chain, done: str) -> Iterator[Part]:
    steps, fields = chain.timed.rungs, chain.timed.fields
    due_row = _due_row(chain)
    if due_row is not None:
        is_known = chain.name("Has_Due_Row")
        due, origin = f"$Record.{fields.due}", chain.timed.clock.origin
        yield first_row(due_row, day_type(chain.binding), chain.calendar, due, is_known, origin)
        yield found(is_known, due_row, yes=_rung_first(chain, steps[0]), no=done)
    for step, after in zip(steps, (*steps[1:], None)[: len(steps)], strict=True):
        follows = done if after is None else _rung_first(chain, after)
        set_step = chain.name("Set_Step", str(step.number))
        adding = _rung_adding(chain, step)
        value = ref(f"$Record.{fields.due}" if not step.since_start else chain.begins)
        if adding is not None:
            yield from parts_of(adding, chain.calendar, yes=set_step, no=follows)
            value = ref(adding.sum)
        item: Sequence[Set] = ((f"$Record.{fields.rungs[step.number]}", value),)
        yield assignment(set_step, item, follows, origin=step.rung.origin)
