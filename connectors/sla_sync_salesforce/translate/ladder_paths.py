"""One scheduled path of a ladder, as parts of a flow: what it asks first, what it notes, whom it tells, what it orders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sla_sync.connector import KeyPath, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.clocks import WAITING_TOUCH, Timed, TimedRung, by_touch
from sla_sync_salesforce.translate.elements import (
    NOW,
    SILENT,
    Asked,
    Part,
    Set,
    blank,
    node_name,
    ref,
    rule,
)
from sla_sync_salesforce.translate.leg import leg_object, restarts_with_owner
from sla_sync_salesforce.translate.notices import Notice, notice_parts
from sla_sync_salesforce.translate.stamps import carriers, status_field
from sla_sync_salesforce.translate.thresholds import number, rung_row

_WHOM, _WHO = "Record_To_Open", "Who"
"""The formulas of a flow that hold the id of the record and its name."""


@dataclass(frozen=True)
class ScheduledPath:
    """One scheduled path: its name, the instant, what is done, and the place in the agreement."""

    name: str
    field: str
    origin: KeyPath
    rung: TimedRung | None = None
    recipients: tuple[str, ...] = ()
    status: str | None = None
    orders: bool = False


@dataclass(frozen=True)
class Ladder:
    """The flow of one clock while it is made."""

    timed: Timed
    resources: Resources
    binding: SalesforceBinding
    is_deadline: bool

    @property
    def object(self) -> str:
        """The object that holds the turns."""
        return leg_object(self.binding)


def spoken_names(ladder: Ladder) -> Iterator[Part]:
    """Yield what notices say of the record: its name, and its id to open it."""
    ids, called = "{!$Record.Lead__c}", "{!$Record.Lead__r.Name}"
    if len(carriers(ladder.binding)) > 1:
        ids = f"IF(ISBLANK({ids}), {{!$Record.Contact__c}}, {ids})"
        called = f"IF(ISBLANK({{!$Record.Lead__c}}), {{!$Record.Contact__r.Name}}, {called})"
    yield elements.formula(_WHOM, "String", ids)
    yield elements.formula(_WHO, "String", called)


def path_parts(ladder: Ladder, path: ScheduledPath) -> Iterator[Part]:
    """Yield all that a path is made of, from the question with which it begins."""
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


def _of_turn(ladder: Ladder, path: ScheduledPath) -> bool:
    """Return whether a path belongs to this turn alone: steps since the breach of a clock that begins anew do not."""
    return path.rung is None or path.rung.since_start or not restarts_with_owner(ladder.timed.clock)


def _is_due(ladder: Ladder, path: ScheduledPath, to: str) -> Iterator[Part]:
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


def _token(path: ScheduledPath) -> str:
    return f";{path.name};"


def _same_cycle(ladder: Ladder) -> tuple[Asked, ...]:
    fields = (*(field for _, field in carriers(ladder.binding)), "Of_Lead__c")
    same = tuple((field, "EqualTo", ref(f"$Record.{field}")) for field in fields)
    return (*same, ("Cycle__c", "EqualTo", ref("$Record.Cycle__c")))


def _open_leg(ladder: Ladder, path: ScheduledPath, to: str) -> Part:
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


def _done_elsewhere(ladder: Ladder, path: ScheduledPath, to: str) -> Part:
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


def _is_allowed(ladder: Ladder, path: ScheduledPath, step: TimedRung, to: str) -> Iterator[Part]:
    passes = _passes(ladder, path)
    most = number(ladder.binding, rung_row(ladder.timed, step.number), "Points__c")
    name = node_name(path.name, "May_Pass")
    yield elements.formula(name, "Boolean", f"{passes} < {most}", origin=(*path.origin, "at_most"))
    yield elements.whether(node_name(path.name, "Is_Allowed"), ((name, "EqualTo", True),), yes=to, origin=path.origin)


def _passes(ladder: Ladder, path: ScheduledPath) -> str:
    field = f"{{!{node_name(path.name, 'Get_Open')}.{ladder.timed.fields.passes}}}"
    return f"IF(ISBLANK({field}), 0, {field})"


def _done(ladder: Ladder, path: ScheduledPath) -> Iterator[Part]:
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


def _stamped(ladder: Ladder, path: ScheduledPath, then: str | None) -> Iterator[Part]:
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


def _ordered(ladder: Ladder, path: ScheduledPath, step: TimedRung) -> Iterator[Part]:
    items = orders_of(step)
    if step.rung.reassign is not None:
        count = node_name(path.name, "Passes")
        yield elements.formula(count, "Number", f"{_passes(ladder, path)} + 1", origin=path.origin)
        items = (*items, (ladder.timed.fields.passes, ref(count)))
    this = (("Id", "EqualTo", ref(f"{node_name(path.name, 'Get_Open')}.Id")),)
    yield elements.update(node_name(path.name, "Order"), ladder.object, this, items, origin=path.origin)


def orders_of(step: TimedRung) -> tuple[Set, ...]:
    """Return what a step sets on the open turn: where the lead is to go, and into which stage."""
    rung = step.rung
    passed = rung.reassign or rung.return_to_queue
    found: list[Set] = [] if passed is None else [("Pass_To__c", passed)]
    if rung.stage is not None:
        found.append(("Move_To__c", rung.stage))
        if rung.reason is not None:
            found.append(("Move_Reason__c", rung.reason))
    return tuple(found)


def _notice(ladder: Ladder, path: ScheduledPath, then: str | None) -> Notice | None:
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


def _since_start(path: ScheduledPath) -> bool:
    return path.rung is not None and path.rung.since_start


def _given(path: ScheduledPath) -> str:
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
