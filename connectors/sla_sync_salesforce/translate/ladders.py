"""What follows by itself: a flow per clock with a scheduled path for its warning, its limit and each step of its ladder.

Whether a pending path moves when its instant does is told both ways by third parties, and a path may run minutes late: so
each begins by asking anew whether it still has anything to do, and notes what it did on the assignment. A path gives
orders (`Pass_To__c`, `Move_To__c`); the routing carries them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Address, Aspect, Desired, Gap, KeyPath, Mode, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.clocks import WAITING_TOUCH, Clocks, Timed, TimedRung, by_touch
from sla_sync_salesforce.translate.contacts import stamp_address
from sla_sync_salesforce.translate.elements import (
    NOW,
    SILENT,
    Asked,
    Part,
    Set,
    blank,
    known,
    node_name,
    ref,
    rule,
)
from sla_sync_salesforce.translate.leg import commitment_name, leg_field, leg_object, restarts_with_owner
from sla_sync_salesforce.translate.notices import OWNER, Notice, notice_addresses, notice_parts
from sla_sync_salesforce.translate.own_legs import ASKED_FIELDS
from sla_sync_salesforce.translate.stamps import carriers, status_field
from sla_sync_salesforce.translate.thresholds import number, rung_row, threshold_type

ORDER = 20
_WHOM, _WHO = "Record_To_Open", "Who"
_TELLS = (Mode.ALERT, Mode.ACT)


@dataclass(frozen=True)
class _Path:
    """One scheduled path: its name, the instant, what is done, and the place in the agreement."""

    name: str
    field: str
    origin: KeyPath
    rung: TimedRung | None = None
    recipients: tuple[str, ...] = ()
    status: str | None = None
    orders: bool = False


@dataclass(frozen=True)
class _Ladder:
    """The flow of one clock while it is made."""

    timed: Timed
    resources: Resources
    binding: SalesforceBinding
    is_deadline: bool

    @property
    def object(self) -> str:
        return leg_object(self.binding)


def ladders(resources: Resources, clocks: Clocks, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield a flow for each clock whose mode tells people or acts; `resources` has the clocks that the org holds."""
    for timed in clocks.timed:
        if timed.clock.mode not in _TELLS:
            continue
        ladder = _Ladder(timed, resources, binding, timed is clocks.deadline)
        yield from _unheld(ladder)
        paths = tuple(_paths(ladder))
        if paths:
            yield _flow(ladder, paths, setup)


def flow_name(timed: Timed, binding: SalesforceBinding) -> str:
    """Return the developer name of the flow of a clock."""
    return developer_name(binding.prefix, "leg", commitment_name(timed.clock.name))


def _paths(ladder: _Ladder) -> Iterator[_Path]:
    timed, fields = ladder.timed, ladder.timed.fields
    stamped = ladder.is_deadline and status_field(ladder.resources, ladder.binding) is not None
    if timed.warn is not None:
        status = "warned" if stamped else None
        yield _Path("Warn", fields.warn, (*timed.clock.origin[:-1], "warn"), recipients=(OWNER,), status=status)
    if timed.limits and stamped:
        yield _Path("Due", fields.due, timed.limits[0].limit.origin, status="overdue")
    for step in timed.rungs:
        orders = timed.clock.mode is Mode.ACT and bool(_orders(step))
        if step.rung.notify or orders:
            name, recipients = f"Step_{step.number}", tuple(step.rung.notify)
            field = fields.rungs[step.number]
            yield _Path(name, field, step.rung.origin, rung=step, recipients=recipients, orders=orders)


def _orders(step: TimedRung) -> tuple[Set, ...]:
    rung = step.rung
    passed = rung.reassign or rung.return_to_queue
    found: list[Set] = [] if passed is None else [("Pass_To__c", passed)]
    if rung.stage is not None:
        found.append(("Move_To__c", rung.stage))
        if rung.reason is not None:
            found.append(("Move_Reason__c", rung.reason))
    return tuple(found)


def _unheld(ladder: _Ladder) -> Iterator[Gap]:
    """Yield a gap for what a ladder asks and no flow can do exactly."""
    name, acts = ladder.timed.clock.name, ladder.timed.clock.mode is Mode.ACT
    passing = [step for step in ladder.timed.rungs if step.rung.reassign is not None]
    closing = {stage.name for stage in ladder.resources.stages if stage.closes}
    if acts and len(passing) > 1 and any(step.rung.at_most is not None for step in passing):
        yield Gap(
            f"ladder:{name}:at_most",
            f"steps of «{name}»",
            f"Agree one step of «{name}» that gives leads on: the org counts all of them together, so that `at_most` "
            "is used up sooner.",
            (*ladder.timed.clock.origin[:-1], "on_breach"),
        )
    for step in ladder.timed.rungs:
        if acts and step.rung.close and step.rung.stage not in closing:
            yield Gap(
                f"ladder:{name}:close:{step.number}",
                f"step {step.number} of «{name}»",
                "Name a stage that closes the cycle in this step, with its reason: an org closes a cycle by a stage alone.",
                step.rung.origin,
            )


def _flow(ladder: _Ladder, paths: Sequence[_Path], setup: Setup) -> Desired:
    timed, fields = ladder.timed, ladder.timed.fields
    parts: list[Part] = [*_names(ladder)]
    for path in paths:
        parts += _path(ladder, path)
    asked = [known(f"{fields.due if timed.limits else fields.started}"), blank(fields.stopped)]
    return flows.flow(
        flow_name(timed, ladder.binding),
        flows.start(
            ladder.object,
            to=None,
            filters=asked,
            newly=True,
            paths=[flows.path(f"At_{path.name}", path.field, node_name(path.name, "Is_Due")) for path in paths],
        ),
        parts,
        means=f"Warns, tells and acts where this is at stake: {timed.clock.means}",
        agreement=setup.agreement,
        origin=timed.clock.origin,
        order=ORDER,
        requires=_requires(ladder, paths),
        aspects={path.origin: _does(path) for path in paths},
    )


def _does(path: _Path) -> frozenset[Aspect]:
    """Return what a path does for its line: a stamp alone tells nobody."""
    told = {Aspect.ALERTED} if path.recipients else set()
    done = {Aspect.ENFORCED} if path.orders else set()
    return frozenset(told | done) or frozenset({Aspect.RECORDED})


def _requires(ladder: _Ladder, paths: Sequence[_Path]) -> Iterator[Address]:
    timed, binding = ladder.timed, ladder.binding
    own = (*timed.fields.instants, timed.fields.taken, timed.fields.passes, timed.stops)
    agreed = (
        *ASKED_FIELDS,
        WAITING_TOUCH,
        "Cycle__c",
        "Leg__c",
        "Person__c",
        "Ended_At__c",
        "Pass_To__c",
        "Move_To__c",
        "Move_Reason__c",
    )
    yield Address("CustomObject", ladder.object)
    yield Address("CustomField", f"{binding.prefix}Switch__c.Silent__c")
    yield from (leg_field(binding, name) for name in (*own, *agreed, "Contact__c", "Priority__c"))
    if any(path.status for path in paths):
        yield from (stamp_address(binding, "status", each) for each, _ in carriers(binding))
    for path in paths:
        if path.recipients:
            yield from notice_addresses(path.recipients, ladder.resources, binding)
        if path.orders and path.rung is not None and path.rung.rung.at_most is not None:
            yield Address("CustomMetadata", f"{threshold_type(binding)}.{rung_row(timed, path.rung.number)}")


def _names(ladder: _Ladder) -> Iterator[Part]:
    """Yield what notices say of the record: its name, and its id to open it."""
    ids, called = "{!$Record.Lead__c}", "{!$Record.Lead__r.Name}"
    if len(carriers(ladder.binding)) > 1:
        ids = f"IF(ISBLANK({ids}), {{!$Record.Contact__c}}, {ids})"
        called = f"IF(ISBLANK({{!$Record.Lead__c}}), {{!$Record.Contact__r.Name}}, {called})"
    yield elements.formula(_WHOM, "String", ids)
    yield elements.formula(_WHO, "String", called)


def _path(ladder: _Ladder, path: _Path) -> Iterator[Part]:
    looks, allows = node_name(path.name, "Get_Open"), node_name(path.name, "Is_Allowed")
    elsewhere, note = node_name(path.name, "Get_Done_Elsewhere"), node_name(path.name, "Note")
    counted = path.orders and path.rung is not None and path.rung.rung.at_most is not None
    follows_cycle = path.rung is not None
    others = follows_cycle and not _of_turn(ladder, path)
    after_looking = elsewhere if others else allows if counted else note
    yield from _is_due(ladder, path, looks if follows_cycle else note)
    if follows_cycle:
        yield _open_leg(ladder, path, node_name(path.name, "Is_Open"))
        yield elements.found(node_name(path.name, "Is_Open"), looks, yes=after_looking)
    if others:
        yield _done_elsewhere(ladder, path, node_name(path.name, "Is_Done_Elsewhere"))
        to = allows if counted else note
        yield elements.found(node_name(path.name, "Is_Done_Elsewhere"), elsewhere, yes=None, no=to)
    if counted and path.rung is not None:
        yield from _is_allowed(ladder, path, path.rung, note)
    yield from _done(ladder, path)


def _of_turn(ladder: _Ladder, path: _Path) -> bool:
    """Return whether a path belongs to this turn alone: steps since the breach of a clock that begins anew do not."""
    return path.rung is None or path.rung.since_start or not restarts_with_owner(ladder.timed.clock)


def _is_due(ladder: _Ladder, path: _Path, to: str) -> Iterator[Part]:
    """Yield the question with which each path begins."""
    fields, instant = ladder.timed.fields, f"$Record.{path.field}"
    asked: list[Asked] = [
        (SILENT, "NotEqualTo", True),
        blank(f"$Record.{fields.stopped}"),
        (instant, "LessThanOrEqualTo", ref(NOW)),
    ]
    ends = f"$Record.{fields.due}" if not _of_turn(ladder, path) else instant
    either: list[tuple[Asked, ...]] = []
    if path.rung is not None:
        # A turn that ended before the breach (or before this instant) is spared; one that ended after it is not.
        either.append((blank("$Record.Ended_At__c"), ("$Record.Ended_At__c", "GreaterThan", ref(ends))))
    else:
        asked.append(blank("$Record.Ended_At__c"))
    if path.name == "Warn" and ladder.timed.limits:
        asked.append((f"$Record.{fields.due}", "GreaterThanOrEqualTo", ref(NOW)))
    # The lead was merged into another, or is deleted: nothing is owed for it any more.
    lead, own = "$Record.Lead__c", "$Record.Of_Lead__c"
    either.append((blank(own), (lead, "EqualTo", ref(own))))
    if not restarts_with_owner(ladder.timed.clock):
        # What was due before this turn began was done for the turn that was open then.
        either.append(
            (("$Record.Leg__c", "LessThanOrEqualTo", 1), ("$Record.CreatedDate", "LessThanOrEqualTo", ref(instant)))
        )
    logic = [str(place) for place in range(1, len(asked) + 1)]
    for pair in either:
        logic.append(f"({len(asked) + 1} OR {len(asked) + 2})")
        asked += pair
    name = node_name(path.name, "Is_Due")
    done = rule(node_name(name, "Already"), ((f"$Record.{fields.taken}", "Contains", _token(path)),), None)
    yes = rule(node_name(name, "Yes"), asked, to, logic=" AND ".join(logic) if either else "and")
    yield elements.decision(name, (done, yes), origin=path.origin)


def _token(path: _Path) -> str:
    return f";{path.name};"


def _same_cycle(ladder: _Ladder) -> tuple[Asked, ...]:
    fields = (*(field for _, field in carriers(ladder.binding)), "Of_Lead__c")
    same = tuple((field, "EqualTo", ref(f"$Record.{field}")) for field in fields)
    return (*same, ("Cycle__c", "EqualTo", ref("$Record.Cycle__c")))


def _open_leg(ladder: _Ladder, path: _Path, to: str) -> Part:
    """Return the look-up of the turn that is open in this cycle; the cycle is closed where there is none."""
    return elements.lookup(
        node_name(path.name, "Get_Open"),
        ladder.object,
        (*_same_cycle(ladder), blank("Ended_At__c")),
        to=to,
        fields=("Person__c", ladder.timed.fields.passes),
        sort="Leg__c",
        descending=True,
        origin=path.origin,
    )


def _done_elsewhere(ladder: _Ladder, path: _Path, to: str) -> Part:
    """Return the look-up of a turn of this cycle in which the duty was done since this clock started.

    What ends the duty is asked for, and not whether a clock stopped: a later turn may have none of its own.
    """
    stops = ladder.timed.stops
    since = ref(f"$Record.{ladder.timed.fields.started}")
    same = _same_cycle(ladder)
    asked: tuple[Asked, ...] = (*same, (stops, "GreaterThan", since))
    logic = "and"
    if by_touch(ladder.timed):
        # No clock runs for a turn that waits in a queue, and yet anybody's touch there takes the duty away.
        first = len(same) + 1
        logic = " AND ".join((*map(str, range(1, first)), f"({first} OR {first + 1})"))
        asked = (*asked, (WAITING_TOUCH, "GreaterThan", since))
    return elements.lookup(
        node_name(path.name, "Get_Done_Elsewhere"),
        ladder.object,
        asked,
        logic=logic,
        to=to,
        origin=path.origin,
    )


def _is_allowed(ladder: _Ladder, path: _Path, step: TimedRung, to: str) -> Iterator[Part]:
    passes = _passes(ladder, path)
    most = number(ladder.binding, rung_row(ladder.timed, step.number), "Points__c")
    name = node_name(path.name, "May_Pass")
    yield elements.formula(name, "Boolean", f"{passes} < {most}", origin=(*path.origin, "at_most"))
    yield elements.whether(node_name(path.name, "Is_Allowed"), ((name, "EqualTo", True),), yes=to, origin=path.origin)


def _passes(ladder: _Ladder, path: _Path) -> str:
    field = f"{{!{node_name(path.name, 'Get_Open')}.{ladder.timed.fields.passes}}}"
    return f"IF(ISBLANK({field}), 0, {field})"


def _done(ladder: _Ladder, path: _Path) -> Iterator[Part]:
    """Yield what a path does: it notes that it ran, shows it on the lead, tells people, and gives its order."""
    fields = ladder.timed.fields
    order = node_name(path.name, "Order") if path.orders else None
    notice = _notice(ladder, path, order)
    tells = order if notice is None else notice.entry
    stamped = [node_name(path.name, "Stamp", each) for each, _ in carriers(ladder.binding)] if path.status else []
    taken = node_name(path.name, "Taken")
    yield elements.formula(taken, "String", f'{{!$Record.{fields.taken}}} & "{_token(path)}"')
    yield elements.update_this(
        node_name(path.name, "Note"), ((fields.taken, ref(taken)),), [*stamped, tells][0], origin=path.origin
    )
    yield from _stamped(ladder, path, tells)
    if notice is not None:
        yield from notice_parts(notice, ladder.resources, ladder.binding)
    if path.orders and path.rung is not None:
        yield from _ordered(ladder, path, path.rung)


def _stamped(ladder: _Ladder, path: _Path, then: str | None) -> Iterator[Part]:
    field = status_field(ladder.resources, ladder.binding)
    if path.status is None or field is None:
        return
    places = carriers(ladder.binding)
    for (each, look_up), after in zip(places, (*places[1:], None), strict=True):
        yield elements.update(
            node_name(path.name, "Stamp", each),
            each,
            (("Id", "EqualTo", ref(f"$Record.{look_up}")),),
            ((field, path.status),),
            node_name(path.name, "Stamp", after[0]) if after else then,
            origin=path.origin,
        )


def _ordered(ladder: _Ladder, path: _Path, step: TimedRung) -> Iterator[Part]:
    items = _orders(step)
    if step.rung.reassign is not None:
        count = node_name(path.name, "Passes")
        yield elements.formula(count, "Number", f"{_passes(ladder, path)} + 1", origin=path.origin)
        items = (*items, (ladder.timed.fields.passes, ref(count)))
    this = (("Id", "EqualTo", ref(f"{node_name(path.name, 'Get_Open')}.Id")),)
    yield elements.update(node_name(path.name, "Order"), ladder.object, this, items, origin=path.origin)


def _notice(ladder: _Ladder, path: _Path, then: str | None) -> Notice | None:
    if not path.recipients:
        return None
    clock, fields = ladder.timed.clock, ladder.timed.fields
    due = f"due {{!$Record.{fields.due}}}" if ladder.timed.limits else f"since {{!$Record.{fields.started}}}"
    word = "Soon due" if path.name == "Warn" else "Overdue" if not _since_start(path) else "Still open"
    given = _given(path)
    person = f"{node_name(path.name, 'Get_Open')}.Person__c" if path.rung is not None else "$Record.Person__c"
    return Notice(
        path.name,
        path.recipients,
        f"{word}: {{!{_WHO}}} ({clock.label})",
        f"{clock.means} {{!{_WHO}}}, {{!$Record.Priority__c}}: {due}.{given}",
        person,
        _WHOM,
        then,
        (*path.origin, "notify") if path.rung is not None else path.origin,
    )


def _since_start(path: _Path) -> bool:
    return path.rung is not None and path.rung.since_start


def _given(path: _Path) -> str:
    """Return what a notice says of the order that follows it."""
    if not path.orders or path.rung is None:
        return ""
    rung = path.rung.rung
    said = []
    if rung.reassign is not None:
        said.append("given on by routing" if rung.reassign == "by routing" else f"given on to {rung.reassign}")
    if rung.return_to_queue is not None:
        said.append(f"returned to {rung.return_to_queue}")
    if rung.stage is not None:
        said.append(f"moved to {rung.stage}")
    return f" It is {' and '.join(said)} now."
