"""Who gets a lead: `SLA_Leg_Routing` carries out the routing of a new assignment, and the orders that a ladder gives.

It alone chooses owners. A waiting assignment gets its person here, then the lead its owner; where somebody holds the
assignment already, only the lead changes hands, and the cycle ends one turn and begins the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sla_sync.connector import Desired, Destination, Gap, KeyPath, Line, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.cycle import routed_by_flow
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, known, node_name, ref
from sla_sync_salesforce.translate.formulas import UnsayableError
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.members import TEAM, calendar_of, member_fields, member_of
from sla_sync_salesforce.translate.notices import Notice, notice_addresses, notice_parts
from sla_sync_salesforce.translate.picking import CHOSEN, CHOSEN_TEAM, OWNER, Pick, pick, pick_resources
from sla_sync_salesforce.translate.places import get_queue, queue_address, queue_of
from sla_sync_salesforce.translate.qualifying import holds_for, needed_by
from sla_sync_salesforce.translate.routing_gaps import routing_gaps
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, Holds, Words, merge_field

BY_ROUTING = "by routing"
ABSENT = "out_of_office"
_LEAD = "$Record.Lead__r"
_PLACED, _STAYS, _GIVE, _SEAT = "Is_Held", "Is_New_Turn", "Give_Lead", "Seat"


@dataclass(frozen=True)
class _Way:
    """How a line or an order leads to a team or queue: where it goes on with an owner, and where with nobody.

    `as_whole`: to the queue of a team, for it to choose.
    """

    purpose: str
    to: str
    nobody: str
    skips_absent: bool
    as_whole: bool
    origin: KeyPath


@dataclass(frozen=True)
class _Told:
    resources: Resources
    binding: SalesforceBinding
    words: Words

    @property
    def object(self) -> str:
        return leg_object(self.binding)


def routing(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield the flow where a routing or a ladder needs it, and gaps for what it cannot do."""
    told = _Told(resources, binding, words)
    yield from routing_gaps(resources, binding)
    lines: list[tuple[Line, str | None]] = []
    for line in resources.routing.lines if resources.routing and "routing" not in binding.held_by else ():
        try:
            lines.append((line, _condition(line, told)))
        except UnsayableError as error:
            yield _unsaid(line, f"{error}")
    if not routed_by_flow(resources, binding) and not _orders(resources):
        return
    parts = tuple(_parts(told, lines))
    queues = [queue for name in _places(told) if (queue := queue_of(name, binding)) is not None]
    requires = (
        *(leg_field(binding, each) for each in _LEG_FIELDS),
        *(member_fields(binding) if resources.teams else ()),
        *(queue_address(each) for each in dict.fromkeys(queues)),
        *switch_addresses(binding)[:2],
        *needed_by(tuple(words.statuses), parts, binding, words),
        *(each for line, _ in lines if line.notify for each in notice_addresses(line.notify, resources, binding)),
    )
    yield flows.flow(
        developer_name(binding.prefix, "leg", "routing"),
        flows.start(leg_object(binding), to="Is_Silent", formula_text=_entry()),
        parts,
        means="Gives a new assignment its owner by the first line of the routing that fits, and carries out orders.",
        agreement=setup.agreement,
        origin=resources.routing.origin if resources.routing else ("commitments",),
        # After the stamps: what it saves runs through the stamps again, and theirs must be the last word.
        order=900,
        requires=requires,
    )


_LEG_FIELDS = (
    "Lead__c",
    "Person__c",
    "Team__c",
    "Calendar__c",
    "Assigned_At__c",
    "Ended_At__c",
    "Route__c",
    "Pass_To__c",
    "Move_To__c",
    "Move_Reason__c",
)


def _entry() -> str:
    def new(field: str, filled: str) -> str:
        return f"AND({filled}, OR(ISNEW(), ISCHANGED({{!$Record.{field}}})))"

    orders = [new(each, f"NOT(ISBLANK({{!$Record.{each}}}))") for each in ("Pass_To__c", "Move_To__c")]
    asked = f"OR({new('Route__c', '{!$Record.Route__c}')}, {', '.join(orders)})"
    return f"AND(ISBLANK({{!$Record.Ended_At__c}}), NOT(ISBLANK({{!$Record.Lead__c}})), {asked})"


def _condition(line: Line, told: _Told) -> str | None:
    """Return the formula of a line, None where it fits every lead. Raises UnsayableError, also for an owner field."""
    if line.destination is Destination.FIELD:
        _owner_field(line.to, told)
    if line.when is None:
        return None
    return holds_for(line.when, told.binding, told.words, _LEAD)


def _owner_field(name: str, told: _Told) -> str:
    place = told.words.places.get(name)
    if place is None or place.holds not in {Holds.REFERENCE, Holds.UNKNOWN}:
        message = f"«{name}» is not bound to a field of the Lead that holds a user"
        raise UnsayableError(message)
    return merge_field(_LEAD, place.path)


def _orders(resources: Resources) -> bool:
    return any(
        rung.reassign or rung.return_to_queue or rung.stage for clock in resources.clocks for rung in clock.rungs
    )


def _places(told: _Told) -> tuple[str, ...]:
    """Return the agreed names of the teams and queues to which a line or an order leads."""
    lines = told.resources.routing.lines if told.resources.routing else ()
    named = [each.to for each in lines if each.destination in {Destination.TEAM, Destination.QUEUE}]
    named += [each.overflow for each in lines if each.overflow]
    return tuple(dict.fromkeys((*named, *_order_places(told.resources))))


def _order_places(resources: Resources) -> tuple[str, ...]:
    rungs = [rung for clock in resources.clocks for rung in clock.rungs]
    named = [each for rung in rungs for each in (rung.reassign, rung.return_to_queue) if each and each != BY_ROUTING]
    return tuple(dict.fromkeys(named))


def _parts(told: _Told, lines: Sequence[tuple[Line, str | None]]) -> Iterator[Part]:
    first = _line_begin(0, lines)
    yield elements.unless_silent("Is_Move")
    yield from _orders_carried_out(told, first)
    for place, (line, text) in enumerate(lines):
        yield from _line(place, line, text, lines, told)
    yield from _placed(told)
    yield from _stays(told)
    yield from pick_resources()
    yield elements.formula("Lead_Owner", "String", merge_field(_LEAD, "OwnerId"))
    yield elements.formula("Lead_Owner_Is_User", "Boolean", f'BEGINS({merge_field(_LEAD, "OwnerId")}, "005")')
    yield elements.formula("Seated_At", "DateTime", f"IF(ISBLANK({{!{CHOSEN}}}), NULL, {{!{NOW}}})")
    yield calendar_of("Calendar", CHOSEN_TEAM, told.resources)
    for name in (OWNER, CHOSEN, CHOSEN_TEAM):
        yield elements.variable(name, "String")


def _orders_carried_out(told: _Told, first: str) -> Iterator[Part]:
    """Yield the parts that carry out what a ladder orders: a stage, and somebody else."""
    stages = tuple(dict.fromkeys(rung.stage for clock in told.resources.clocks for rung in clock.rungs if rung.stage))
    movable = [each for each in stages if told.words.statuses.get(each)]
    yield elements.whether(
        "Is_Move",
        (known("$Record.Move_To__c"), ("$Record.Move_To__c", "IsChanged", True)),
        yes="Move_Where" if movable else "Is_Pass",
        no="Is_Pass",
    )
    if movable:
        rules = [
            elements.rule(
                node_name("Is_Move_To", each), (("$Record.Move_To__c", "EqualTo", each),), node_name("Move_To", each)
            )
            for each in movable
        ]
        yield elements.decision("Move_Where", rules, "Is_Pass")
        for each in movable:
            yield _move(
                node_name("Move_To", each), each, ref("$Record.Move_Reason__c"), told, ("stages", each), "Is_Pass"
            )
    yield elements.whether(
        "Is_Pass",
        (known("$Record.Pass_To__c"), ("$Record.Pass_To__c", "IsChanged", True)),
        yes="Pass_Where",
        no="Is_Route",
    )
    yield elements.whether("Is_Route", (("$Record.Route__c", "EqualTo", True),), yes=first)
    rules = [
        elements.rule(
            node_name("Is_Pass_To", name), (("$Record.Pass_To__c", "EqualTo", name),), _to_place(name, "Pass", told)
        )
        for name in _order_places(told.resources)
        if _to_place(name, "Pass", told)
    ]
    rules.append(elements.rule("Is_Pass_By_Routing", (("$Record.Pass_To__c", "EqualTo", BY_ROUTING),), first))
    yield elements.decision("Pass_Where", rules, _STAYS)
    for name in _order_places(told.resources):
        way = _Way("Pass", _PLACED, _STAYS, skips_absent=True, as_whole=False, origin=("teams", name))
        yield from _place(name, way, told)


def _line_begin(place: int, lines: Sequence[tuple[Line, str | None]]) -> str:
    return node_name("Fits", lines[place][0].name) if place < len(lines) else _STAYS


def _line(
    place: int, line: Line, text: str | None, lines: Sequence[tuple[Line, str | None]], told: _Told
) -> Iterator[Part]:
    """Yield the parts of one line: whether it fits, and where it leads."""
    after = _line_begin(place + 1, lines)
    begin, fits = _line_begin(place, lines), node_name(line.name, "Holds")
    target = _target(line, told)
    if target is None:
        target = after
    conditions: tuple[Asked, ...] = ((fits, "EqualTo", True),) if text else (known("$Record.Id"),)
    yield elements.whether(begin, conditions, yes=target, no=after, origin=line.origin)
    if text:
        yield elements.formula(fits, "Boolean", text, origin=line.origin)
    if line.destination is Destination.STAGE:
        if told.words.statuses.get(line.to):
            yield elements.update_this(target, (("Route__c", False),), node_name("Move", line.name), origin=line.origin)
            yield _move(node_name("Move", line.name), line.to, line.reason, told, line.origin, None)
        return
    handed = _told_of(line, "Get_Member" if line.destination is Destination.FIELD and told.resources.teams else _PLACED)
    if line.notify:
        yield from notice_parts(handed, told.resources, told.binding)
    to = handed.entry if line.notify else handed.then or _PLACED
    if line.destination is Destination.FIELD:
        yield from _person_of_field(line, told, after, to)
        return
    skips = ABSENT in line.skip
    nobody = after
    if line.overflow:
        way = _Way(f"Overflow_{line.name}", to, after, skips_absent=skips, as_whole=False, origin=line.origin)
        nobody = _to_place(line.overflow, way.purpose, told) or after
        yield from _place(line.overflow, way, told)
    way = _Way(line.name, to, nobody, skips_absent=skips, as_whole=line.how is None, origin=line.origin)
    yield from _place(line.to, way, told)


def _told_of(line: Line, then: str) -> Notice:
    """Return the notice of a line, which goes out when its owner is chosen."""
    return Notice(
        name=node_name("Tell", line.name),
        recipients=line.notify,
        title="A lead has come in",
        body=line.means or "The routing of the agreement has given out a lead: {!$Record.Name}.",
        person=CHOSEN,
        target="$Record.Lead__c",
        then=then,
        origin=line.origin,
    )


def _target(line: Line, told: _Told) -> str | None:
    """Return the name of the part with which the destination of a line begins, None where it cannot be reached."""
    if line.destination is Destination.FIELD:
        return node_name("Is_Known", line.name)
    if line.destination is Destination.STAGE:
        return node_name("Routed", line.name) if told.words.statuses.get(line.to) else None
    return _to_place(line.to, line.name, told, as_whole=line.how is None)


def _to_place(name: str, purpose: str, told: _Told, *, as_whole: bool = False) -> str | None:
    """Return the name of the part with which going to a team or queue begins; None where it is bound to nothing."""
    team = any(each.name == name for each in told.resources.teams)
    queue = queue_of(name, told.binding)
    if team and not (as_whole and queue):
        return node_name("Get_Members", purpose, name)
    return node_name("Get_Queue", purpose, name) if queue else None


def _place(name: str, way: _Way, told: _Told) -> Iterator[Part]:
    """Yield the parts that lead to a team or queue."""
    begin = _to_place(name, way.purpose, told, as_whole=way.as_whole)
    queue = queue_of(name, told.binding)
    if begin is None:
        return
    if begin == node_name("Get_Members", way.purpose, name):
        purpose = node_name(way.purpose, name)
        choice = Pick(purpose, name, way.to, way.nobody, skips_absent=way.skips_absent, origin=way.origin)
        yield from pick(choice, told.binding)
    elif queue is not None:
        found, put = node_name("Is_Queue", way.purpose, name), node_name("Put", way.purpose, name)
        yield get_queue(begin, queue, to=found, origin=way.origin)
        yield elements.found(found, begin, yes=put, no=way.nobody)
        items: tuple[tuple[str, Given], ...] = ((OWNER, ref(f"{begin}.Id")),)
        if any(each.name == name for each in told.resources.teams):
            items = (*items, (CHOSEN_TEAM, name))
        yield elements.assignment(put, items, way.to, origin=way.origin)


def _person_of_field(line: Line, told: _Told, after: str, to: str) -> Iterator[Part]:
    """Yield the parts that give a lead to the active user in one of its fields, who does not hold it already."""
    begin, user, look, active, take = (
        node_name(word, line.name) for word in ("Is_Known", "User_Of", "Get_User", "Is_Active", "Take_User")
    )
    yield elements.formula(user, "String", _owner_field(line.to, told), origin=line.origin)
    asked: tuple[Asked, ...] = (known(user), (user, "NotEqualTo", ref("$Record.Person__c")))
    yield elements.whether(begin, asked, yes=look, no=after, origin=line.origin)
    is_user: tuple[Asked, ...] = (("Id", "EqualTo", ref(user)), ("IsActive", "EqualTo", True))
    yield elements.lookup(look, "User", is_user, to=active, origin=line.origin)
    yield elements.found(active, look, yes=take, no=after)
    yield elements.assignment(take, ((OWNER, ref(f"{look}.Id")), (CHOSEN, ref(f"{look}.Id"))), to, origin=line.origin)


def _placed(told: _Told) -> Iterator[Part]:
    """Yield the parts that hand over once an owner is chosen."""
    if told.resources.teams:
        yield member_of("Get_Member", OWNER, told.binding, to="Is_Member")
        yield elements.found("Is_Member", "Get_Member", yes="In_Team", no=_PLACED)
        yield elements.assignment("In_Team", ((CHOSEN_TEAM, ref(f"Get_Member.{TEAM}")),), _PLACED)
    yield elements.whether(_PLACED, (known("$Record.Person__c"),), yes=_GIVE, no=_SEAT)
    yield elements.update_this(
        _SEAT,
        (
            ("OwnerId", ref(OWNER)),
            ("Person__c", ref(CHOSEN)),
            ("Assigned_At__c", ref("Seated_At")),
            ("Team__c", ref(CHOSEN_TEAM)),
            ("Calendar__c", ref("Calendar")),
            ("Route__c", False),
        ),
        _GIVE,
    )
    lead: Asked = ("Id", "EqualTo", ref("$Record.Lead__c"))
    yield elements.update(_GIVE, OBJECT, (lead,), (("OwnerId", ref(OWNER)),), None)


def _stays(told: _Told) -> Iterator[Part]:
    """Yield the parts for a lead that no line and no order finds an owner for: it stays where it is."""
    yield elements.whether(_STAYS, (("$Record.Route__c", "EqualTo", True),), yes="Is_With_User", no="Drop_Order")
    yield elements.whether(
        "Is_With_User", (("Lead_Owner_Is_User", "EqualTo", True),), yes="Keep_Owner", no="Leave_Waiting"
    )
    items = ((OWNER, ref("Lead_Owner")), (CHOSEN, ref("Lead_Owner")))
    yield elements.assignment("Keep_Owner", items, "Get_Member" if told.resources.teams else _PLACED)
    yield elements.update_this("Leave_Waiting", (("Route__c", False),))
    # An order that found nobody is taken back, so that the same order can be given again.
    yield elements.update_this("Drop_Order", (("Pass_To__c", ref("$GlobalConstant.EmptyString")),))


def _move(name: str, stage: str, reason: Given | None, told: _Told, origin: KeyPath, to: str | None) -> Part:
    items: list[tuple[str, Given]] = [("Status", told.words.statuses[stage][0])]
    fields = (each.field for each in told.resources.reason_sets if stage in each.stages)
    place = next((told.words.places[each] for each in fields if each in told.words.places), None)
    if place is not None and reason is not None:
        items.append((place.api, reason))
    lead: Asked = ("Id", "EqualTo", ref("$Record.Lead__c"))
    return elements.update(name, OBJECT, (lead,), items, to, origin=origin)


def _unsaid(line: Line, why: str) -> Gap:
    return Gap(
        f"routing:{line.name}",
        f"line of the routing to «{line.to}»",
        f"Give such leads their owner by hand: {why}, so the line is passed over.",
        line.origin,
    )
