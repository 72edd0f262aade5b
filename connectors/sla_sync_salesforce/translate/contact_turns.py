"""Turns of contacts: a contact that gets another owner begins the next turn, and a ladder's orders are carried out on it.

A contact has no Lead Status and never waits in a queue: so its cycle closes by a step of a ladder, or when it asks again
after it was touched, and of the routing only teams can get it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Clock, Desired, Gap, Resources, Rung, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, blank, known, node_name, ref
from sla_sync_salesforce.translate.handraise import works_contacts
from sla_sync_salesforce.translate.leg import LEG_FIELDS, carried_fields, leg_field, leg_object
from sla_sync_salesforce.translate.members import TEAM, calendar_of, member_fields, member_of
from sla_sync_salesforce.translate.picking import CHOSEN, CHOSEN_TEAM, OWNER, Pick, pick, pick_resources
from sla_sync_salesforce.translate.switches import switch_addresses

CONTACT = "Contact"
_OPEN, _MEMBER, _GIVE, _DROP = "Get_Leg", "Get_Member", "Give_Contact", "Drop_Order"
# What the next turn of a cycle takes over from the one before, besides its clocks.
_TAKEN_OVER = (
    "Contact__c",
    "Cycle__c",
    "Priority__c",
    "Source__c",
    "Policy__c",
    "Stage__c",
    "Raised_At__c",
    "Qualified_At__c",
)


def contact_turns(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield the two flows where contacts have assignments, and a gap for what cannot become of one."""
    if not works_contacts(resources, binding):
        return
    yield _cycle(resources, binding, setup)
    if _ordered(resources):
        yield _orders(resources, binding, setup)
    yield from _gaps(resources)


def _cycle(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Desired:
    """Return the flow that follows the owner of a contact."""
    teams = bool(resources.teams)
    carried = carried_fields(resources.clocks)
    leg = leg_object(binding)
    its_own: tuple[Asked, ...] = (("Contact__c", "EqualTo", ref("$Record.Id")), blank("Lead__c"), blank("Ended_At__c"))
    ends: tuple[tuple[str, Given], ...] = (("Ended_At__c", ref(NOW)), ("Ended_Because__c", "Reassigned"))
    values: dict[str, Given] = {
        **{each: ref(f"{_OPEN}.{each}") for each in (*_TAKEN_OVER, *carried)},
        "OwnerId": ref("$Record.OwnerId"),
        "Person__c": ref("$Record.OwnerId"),
        "Assigned_At__c": ref(NOW),
        "Leg__c": ref("Next_Turn"),
        "Team__c": ref("Team"),
        "Calendar__c": ref("Calendar"),
    }
    parts: list[Part] = [
        elements.unless_silent(_OPEN),
        elements.lookup(_OPEN, leg, its_own, to="Is_Open", fields=(*LEG_FIELDS, *carried), sort="Name"),
        elements.found("Is_Open", _OPEN, yes="Is_Known_Already"),
        elements.whether(
            "Is_Known_Already",
            ((f"{_OPEN}.Person__c", "EqualTo", ref("$Record.OwnerId")),),
            yes=None,
            no=_MEMBER if teams else "End_Turn",
        ),
        elements.update("End_Turn", leg, (("Id", "EqualTo", ref(f"{_OPEN}.Id")),), ends, "Open_Next_Turn"),
        elements.create("Open_Next_Turn", leg, values.items()),
        elements.formula("Next_Turn", "Number", f"{{!{_OPEN}.Leg__c}} + 1"),
        elements.variable("Team", "String"),
        calendar_of("Calendar", "Team", resources),
    ]
    if teams:
        parts += [
            member_of(_MEMBER, "$Record.OwnerId", binding, to="Is_Member"),
            elements.found("Is_Member", _MEMBER, yes="In_Team", no="End_Turn"),
            elements.assignment("In_Team", (("Team", ref(f"{_MEMBER}.{TEAM}")),), "End_Turn"),
        ]
    return flows.flow(
        developer_name(binding.prefix, "contact", "cycle"),
        flows.start(CONTACT, to="Is_Silent", on="Update", formula_text="ISCHANGED({!$Record.OwnerId})"),
        parts,
        means="Ends the turn of a contact that gets another owner, and begins the next.",
        agreement=setup.agreement,
        origin=("sources",),
        order=100,
        requires=(
            *(leg_field(binding, each) for each in (*LEG_FIELDS, *carried)),
            *(member_fields(binding) if teams else ()),
            *switch_addresses(binding)[:2],
        ),
    )


def _ordered(resources: Resources) -> tuple[tuple[Clock, Rung], ...]:
    return tuple(
        (clock, rung)
        for clock in resources.clocks
        for rung in clock.rungs
        if rung.reassign or rung.return_to_queue or rung.stage
    )


def _orders(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Desired:
    """Return the flow that carries out the orders of a ladder on the assignment of a contact."""
    teams = _teams(resources)
    closing = _closing(resources)
    parts: list[Part] = [elements.unless_silent("Is_Move"), *_moved(closing)]
    rules = [
        elements.rule(
            node_name("Is_Pass_To", team),
            (("$Record.Pass_To__c", "EqualTo", team),),
            node_name("Get_Members", "Pass", team),
        )
        for team in teams
    ]
    asked: tuple[Asked, ...] = (known("$Record.Pass_To__c"), ("$Record.Pass_To__c", "IsChanged", True))
    parts.append(elements.whether("Is_Pass", asked, yes="Pass_Where" if teams else _DROP))
    if teams:
        parts.append(elements.decision("Pass_Where", rules, _DROP))
        for team in teams:
            choice = Pick(node_name("Pass", team), team, _GIVE, _DROP, skips_absent=True, origin=("teams", team))
            parts += pick(choice, binding)
        contact: Asked = ("Id", "EqualTo", ref("$Record.Contact__c"))
        parts.append(elements.update(_GIVE, CONTACT, (contact,), (("OwnerId", ref(OWNER)),)))
        parts += pick_resources()
        parts += [elements.variable(name, "String") for name in (OWNER, CHOSEN, CHOSEN_TEAM)]
    # An order that finds nobody is taken back, so that the same order can be given again.
    parts.append(elements.update_this(_DROP, (("Pass_To__c", ref("$GlobalConstant.EmptyString")),)))
    return flows.flow(
        developer_name(binding.prefix, "contact", "orders"),
        flows.start(leg_object(binding), to="Is_Silent", formula_text=_entry()),
        parts,
        means="Carries out on contacts what the steps of a ladder order: another owner, or the end.",
        agreement=setup.agreement,
        origin=("commitments",),
        # With the routing of leads: before the stamps, which must have the last word.
        order=900,
        requires=(
            *(leg_field(binding, each) for each in LEG_FIELDS),
            *(member_fields(binding) if resources.teams else ()),
            *switch_addresses(binding)[:2],
        ),
    )


def _entry() -> str:
    orders = [
        f"AND(NOT(ISBLANK({{!$Record.{each}}})), ISCHANGED({{!$Record.{each}}}))"
        for each in ("Pass_To__c", "Move_To__c")
    ]
    mine = "ISBLANK({!$Record.Lead__c}), NOT(ISBLANK({!$Record.Contact__c})), ISBLANK({!$Record.Ended_At__c})"
    return f"AND({mine}, OR({', '.join(orders)}))"


def _moved(closing: Sequence[str]) -> Iterator[Part]:
    """Yield what an order of a stage does: one that closes ends the cycle, any other is only noted."""
    moved: tuple[Asked, ...] = (known("$Record.Move_To__c"), ("$Record.Move_To__c", "IsChanged", True))
    yield elements.whether("Is_Move", moved, yes="Is_Closing" if closing else "Note_Stage", no="Is_Pass")
    to = ref("$Record.Move_To__c")
    if closing:
        ends = [("$Record.Move_To__c", "EqualTo", each) for each in closing]
        yield elements.whether("Is_Closing", ends, yes="Close_Cycle", no="Note_Stage", logic="or")
        yield elements.update_this(
            "Close_Cycle",
            (
                ("Stage__c", to),
                ("Verdict__c", to),
                ("Verdict_At__c", ref(NOW)),
                ("Reason__c", ref("$Record.Move_Reason__c")),
                ("Ended_At__c", ref(NOW)),
                ("Ended_Because__c", "Closed"),
            ),
        )
    yield elements.update_this("Note_Stage", (("Stage__c", to),), "Is_Pass")


def _closing(resources: Resources) -> tuple[str, ...]:
    closes = {stage.name for stage in resources.stages if stage.closes}
    return tuple(dict.fromkeys(rung.stage for _, rung in _ordered(resources) if rung.stage in closes))


def _teams(resources: Resources) -> tuple[str, ...]:
    agreed = {each.name for each in resources.teams}
    return tuple(dict.fromkeys(rung.reassign for _, rung in _ordered(resources) if rung.reassign in agreed))


def _gaps(resources: Resources) -> Iterator[Gap]:
    yield Gap(
        "contacts",
        "assignments of contacts",
        "Expect the assignment of a contact to stay open until the same contact asks again after a touch, or a step of a "
        "ladder closes it: a contact has no Lead Status by which a person could close it.",
        ("sources",),
    )
    teams = _teams(resources)
    for clock, rung in _ordered(resources):
        place = rung.return_to_queue or (rung.reassign if rung.reassign not in teams else None)
        if place is not None:
            yield Gap(
                f"contacts:{clock.name}:{rung.index + 1}",
                f"step {rung.index + 1} of «{clock.name}» for contacts",
                f"Give contacts on to {place} by hand: no queue can own a contact and the routing asks about leads, so "
                "their owners keep them.",
                rung.origin,
            )
