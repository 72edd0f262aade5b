"""The flow that copies the stamps of the present assignment to the Lead, and to the Contact where that carries them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.clocks import Clocks, Timed
from sla_sync_salesforce.translate.contacts import stamp_address, stamps_of
from sla_sync_salesforce.translate.elements import Asked, Part, known, ref, rule
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.words import OBJECT, own_field

ORDER = 950
"""After the flows that change an assignment once more when it is saved."""
_OF_LEG = {
    "assigned_at": "Assigned_At__c",
    "first_touch_at": "First_Touch_At__c",
    "priority": "Priority__c",
    "policy": "Policy__c",
}
_CONTACT = "Contact"
_STATUS, _LEG = "Status_Now", "Get_Leg"
RAN_DUE = ";Due;"
"""How an assignment notes that the path of its limit ran."""


def stamp_fields(resources: Resources, deadline: Timed | None) -> dict[str, str]:
    """Return each stamp with the field of the assignment that it shows."""
    shown = dict(_OF_LEG)
    if deadline is not None:
        shown |= {"status": deadline.fields.state, "due_at": deadline.fields.due}
    names = (each.field.name for each in stamps_of(resources))
    return {name: shown[name] for name in names if name in shown}


def status_field(resources: Resources, binding: SalesforceBinding) -> str | None:
    """Return the API name of the stamp that shows how the lead's deadline stands, None where there is none."""
    return own_field(binding, "status") if any(each.field.name == "status" for each in stamps_of(resources)) else None


def carriers(binding: SalesforceBinding) -> tuple[tuple[str, str], ...]:
    """Return each object that carries the stamps, with the look-up of the assignment that leads to it."""
    both = ((OBJECT, "Lead__c"), (_CONTACT, "Contact__c"))
    return tuple((each, field) for each, field in both if each == OBJECT or each in binding.objects)


def stamps(resources: Resources, clocks: Clocks, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield the flow; `resources` has the clocks that the org holds."""
    shown = stamp_fields(resources, clocks.deadline)
    if not shown:
        return
    places = carriers(binding)
    # Other flows may have saved the assignment again meanwhile, and which of both a flow is given is told by nobody.
    read = ("Ended_Because__c", *(field for _, field in places), *shown.values(), *_running(clocks.deadline))
    parts: list[Part] = [
        elements.unless_silent(_LEG),
        elements.lookup(_LEG, leg_object(binding), (("Id", "EqualTo", ref("$Record.Id")),), to="Is_There", fields=read),
        elements.found("Is_There", _LEG, yes="Goes_On"),
    ]
    if clocks.deadline is not None and "status" in shown:
        parts.append(_status(clocks.deadline))
    # The next turn has overwritten the stamps of one that was passed on.
    passed = (
        (f"{_LEG}.Ended_Because__c", "EqualTo", "Reassigned"),
        (f"{_LEG}.Ended_Because__c", "EqualTo", "Returned"),
        # A record that is being deleted cannot be saved.
        (f"{_LEG}.Ended_Because__c", "EqualTo", "Gone"),
        (f"{_LEG}.Ended_Because__c", "EqualTo", "Merged"),
    )
    begin = f"Has_{places[0][0]}"
    parts.append(elements.decision("Goes_On", (rule("Was_Passed_On", passed, None, logic="or"),), begin))
    for (each, field), after in zip(places, (*places[1:], None), strict=True):
        parts += _copied(each, field, shown, binding, f"Has_{after[0]}" if after else None)
    stamped = (stamp_address(binding, name, each) for each, _ in places for name in shown)
    yield flows.flow(
        developer_name(binding.prefix, "leg", "stamps"),
        flows.start(leg_object(binding), to="Is_Silent"),
        parts,
        means="Shows on the lead and the contact how their present assignment stands.",
        agreement=setup.agreement,
        origin=("commitments",) if clocks.deadline is None else clocks.deadline.clock.origin,
        order=ORDER,
        requires=(
            Address("CustomObject", leg_object(binding)),
            Address("CustomField", f"{binding.prefix}Switch__c.Silent__c"),
            *(leg_field(binding, field) for field in read),
            *stamped,
        ),
    )


def _status(deadline: Timed) -> Part:
    """Return the formula of the status: overdue from the instant on at which the path of the limit ran.

    The formula of the state calls that very instant still in time, and nobody saves the assignment right after it.
    """
    fields = deadline.fields
    still = f"ISBLANK({{!{_LEG}.{fields.stopped}}}), ISBLANK({{!{_LEG}.Ended_At__c}})"
    ran = f'AND({still}, CONTAINS({{!{_LEG}.{fields.taken}}}, "{RAN_DUE}"))'
    return elements.formula(_STATUS, "String", f'IF({ran}, "overdue", {{!{_LEG}.{fields.state}}})')


def _running(deadline: Timed | None) -> tuple[str, ...]:
    """Return what the status is made of, the fields of its formula among them."""
    if deadline is None:
        return ()
    fields = deadline.fields
    return ("Ended_At__c", fields.started, fields.due, fields.warn, fields.stopped, fields.taken)


def _source(name: str, field: str) -> str:
    return _STATUS if name == "status" else f"{_LEG}.{field}"


def _copied(
    each: str, field: str, shown: dict[str, str], binding: SalesforceBinding, after: str | None
) -> Iterator[Part]:
    reference, parent = f"{_LEG}.{field}", f"$Record.{field.removesuffix('__c')}__r"
    differs, stamp = f"{each}_Differs", f"Stamp_{each}"
    yield elements.whether(f"Has_{each}", (known(reference),), yes=differs, no=after)
    # Saving a lead again for nothing would wake every flow of the lead, ours and those of others.
    asked: tuple[Asked, ...] = tuple(
        (f"{parent}.{own_field(binding, name)}", "NotEqualTo", ref(_source(name, source)))
        for name, source in shown.items()
    )
    yield elements.whether(differs, asked, yes=stamp, no=after, logic="or")
    yield elements.update(
        stamp,
        each,
        (("Id", "EqualTo", ref(reference)),),
        tuple((own_field(binding, name), ref(_source(name, source))) for name, source in shown.items()),
        after,
    )
