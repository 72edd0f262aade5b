"""The life of a lead as assignments: `SLA_Lead_Cycle` opens one at qualification and follows status, owner and conversion.

It is the one place in which an owner's turn begins or ends, whoever moved the lead: people, the routing, or a ladder.
What has ended is never written again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sla_sync.connector import Address, Desired, Gap, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, blank, known, ref
from sla_sync_salesforce.translate.formulas import all_of, status_is
from sla_sync_salesforce.translate.leg import LEG_FIELDS, carried_fields, leg_field, leg_object
from sla_sync_salesforce.translate.members import TEAM, calendar_of, member_fields, member_of
from sla_sync_salesforce.translate.own_legs import own_legs
from sla_sync_salesforce.translate.places import get_our_queue, our_queues, queue_address
from sla_sync_salesforce.translate.qualifying import (
    RECORD,
    Qualifying,
    needed_by,
    prior_status_is,
    priority_now,
    qualifying,
    stage_now,
)
from sla_sync_salesforce.translate.recycling import revisit_at
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, RAISED_AT, Words, merge_field, own_field, statuses_of

_OPEN, _LAST = "Get_Leg", "Get_Last_Leg"
_IS_USER = "Owner_Is_User"
_OWN_TURN: Mapping[str, Given] = {"Ended_At__c": ref(NOW)}


@dataclass(frozen=True)
class _Told:
    """Everything that the parts of the flow have in common."""

    resources: Resources
    binding: SalesforceBinding
    words: Words
    when: Qualifying

    @property
    def object(self) -> str:
        return leg_object(self.binding)

    @property
    def routed(self) -> bool:
        return routed_by_flow(self.resources, self.binding)


def routed_by_flow(resources: Resources, binding: SalesforceBinding) -> bool:
    """Return whether a flow of ours gives leads their owners."""
    return resources.routing is not None and binding.routing == "flow" and "routing" not in binding.held_by


def cycle(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield the flow, and a gap for each part of a cycle that it cannot follow."""
    when = qualifying(resources, binding, words)
    if when is None:
        yield Gap(
            "cycle",
            "assignments of leads",
            "Bind the stage in which a lead qualifies to values of Lead Status: no assignment is opened and no clock "
            "runs until then.",
            ("stages",),
        )
        return
    yield from when.gaps
    told = _Told(resources, binding, words, when)
    urgency, gaps = priority_now(resources, binding, words)
    yield from gaps
    parts = (*_start(told), *_kept(told), *_moved(told), *_opened(told), *_resources(told, urgency), *when.parts)
    yield flows.flow(
        developer_name(binding.prefix, "lead", "cycle"),
        flows.start(OBJECT, to="Is_Silent", formula_text=_entry()),
        parts,
        means=f"Opens an assignment when a lead becomes «{when.stage.label}», and follows its stage and its owner.",
        agreement=setup.agreement,
        origin=when.stage.origin,
        order=100,
        requires=_requires(told, parts),
    )
    yield from _limits(told)


def _entry() -> str:
    """Return when the flow runs: stamps that are copied to the lead must not start it again."""
    watched = ["Status", "OwnerId", "IsConverted"]
    changed = ", ".join(f"ISCHANGED({merge_field(RECORD, each)})" for each in watched)
    return f"OR(ISNEW(), {changed})"


def _start(told: _Told) -> Iterator[Part]:
    """Yield what every event needs: the open assignment, and who the owner is now."""
    queues = our_queues(told.resources, told.binding)
    yield elements.unless_silent("Get_Leg")
    fields = (*(each for each in LEG_FIELDS if each != "Lead__c"), *carried_fields(told.resources.clocks), "OwnerId")
    asked, logic = own_legs(ref("$Record.Id"), blank("Ended_At__c"))
    yield elements.lookup(_OPEN, told.object, asked, to="Concerns_Us", logic=logic, fields=fields, sort="Name")
    # Of most saves nothing follows: those cost one query and end here.
    yield elements.decision(
        "Concerns_Us",
        (
            elements.rule("Has_Open_Leg", (known(_OPEN),), "Begin"),
            elements.rule("Qualifies_Now", told.when.conditions, "Begin"),
        ),
        origin=told.when.stage.origin,
    )
    yield elements.assignment("Begin", (("Leg_Owner", ref("$User.Id")),), "Whose")
    yield elements.whether(
        "Whose", ((_IS_USER, "EqualTo", True),), yes="Owned_By_User", no="Get_Queue" if queues else "Which_Way"
    )
    in_teams = bool(told.resources.teams)
    yield elements.assignment(
        "Owned_By_User",
        (("Leg_Owner", ref("$Record.OwnerId")), ("Person", ref("$Record.OwnerId")), ("Assigned_At", ref(NOW))),
        "Get_Member" if in_teams else "Which_Way",
    )
    if in_teams:
        yield member_of("Get_Member", "$Record.OwnerId", told.binding, to="Is_Member")
        yield elements.found("Is_Member", "Get_Member", yes="In_Team", no="Which_Way")
        yield elements.assignment("In_Team", (("Team", ref(f"Get_Member.{TEAM}")),), "Which_Way")
    if queues:
        yield get_our_queue("Get_Queue", "$Record.OwnerId", queues, to="Is_Our_Queue")
        yield elements.found("Is_Our_Queue", "Get_Queue", yes="In_Queue", no="Which_Way")
        yield elements.assignment("In_Queue", (("Leg_Owner", ref("Get_Queue.Id")),), "Which_Way")
    yield elements.whether("Which_Way", (known(_OPEN),), yes="Stage_Moved", no="Get_Last_Leg")


def _kept(told: _Told) -> Iterator[Part]:
    """Yield what becomes of the open assignment when the lead changes its stage or is converted."""
    converted: Asked = ("$Record.IsConverted", "IsChanged", True)
    moved: Asked = ("$Record.Status", "IsChanged", True)
    yield elements.whether("Stage_Moved", (moved, converted), yes="Keep_Stage", no="Owner_Moved", logic="or")
    yield _write(
        told,
        "Keep_Stage",
        {
            "Stage__c": ref("Stage_Kept"),
            "Verdict__c": ref("Verdict_Now"),
            "Verdict_At__c": ref("Verdict_At_Now"),
            "Accepted_At__c": ref("Accepted_At_Now"),
            "Reason__c": ref("Reason_Now"),
            "Contact__c": ref("Contact_Now"),
            "Ended_At__c": ref("Ended_At_Now"),
            "Ended_Because__c": ref("Ended_Because_Now"),
            "Revisit_At__c": ref("Revisit_At_Now"),
        },
        "Is_Over",
    )
    yield elements.whether("Is_Over", (("Closes_Now", "EqualTo", True),), yes=None, no="Owner_Moved")


def _moved(told: _Told) -> Iterator[Part]:
    """Yield what becomes of the open assignment when the lead gets another owner."""
    person = f"{_OPEN}.Person__c"
    yield elements.whether("Owner_Moved", (("$Record.OwnerId", "IsChanged", True),), yes="How_Moved")
    is_user: Asked = (_IS_USER, "EqualTo", True)
    yield elements.decision(
        "How_Moved",
        (
            elements.rule("Is_Known_Already", ((person, "EqualTo", ref("$Record.OwnerId")),), None),
            elements.rule("Is_Taken", (blank(person), is_user), "Take"),
            elements.rule("Still_Waits", (blank(person),), "Wait_Elsewhere"),
        ),
        "End_Turn",
    )
    yield _write(
        told,
        "Take",
        {
            "OwnerId": ref("Leg_Owner"),
            "Person__c": ref("Person"),
            "Assigned_At__c": ref(NOW),
            "Team__c": ref("Team"),
            "Calendar__c": ref("Calendar"),
            "Priority__c": ref("Priority_Now"),
            "Route__c": False,
        },
    )
    yield _write(told, "Wait_Elsewhere", {"OwnerId": ref("Leg_Owner"), "Route__c": False})
    yield _write(told, "End_Turn", {**_OWN_TURN, "Ended_Because__c": ref("Turn_Ended_Because")}, "Open_Next_Turn")
    taken_over = ("Contact__c", "Cycle__c", "Source__c", "Raised_At__c", "Qualified_At__c")
    yield elements.create(
        "Open_Next_Turn",
        told.object,
        (
            *_turn(told).items(),
            *((each, ref(f"{_OPEN}.{each}")) for each in (*taken_over, *carried_fields(told.resources.clocks))),
            ("Leg__c", ref("Next_Turn")),
            ("Person__c", ref("Person")),
            ("Assigned_At__c", ref("Assigned_At")),
        ),
    )


def _opened(told: _Told) -> Iterator[Part]:
    """Yield what opens a cycle."""
    asked, logic = own_legs(ref("$Record.Id"))
    fields = ("Cycle__c", "Ended_At__c")
    yield elements.lookup(
        _LAST, told.object, asked, to="Was_Here", logic=logic, fields=fields, sort="Name", descending=True
    )
    yield elements.found("Was_Here", _LAST, yes="Count_Cycle", no="Open_Cycle")
    yield elements.assignment(
        "Count_Cycle",
        (("Cycle", "Add", ref(f"{_LAST}.Cycle__c")), ("Since", ref(f"{_LAST}.Ended_At__c"))),
        "Open_Cycle",
    )
    source = told.words.places.get("source")
    raised = own_field(told.binding, RAISED_AT)
    values: dict[str, Given] = {
        **_turn(told),
        "Cycle__c": ref("Cycle"),
        "Leg__c": 1,
        "Qualified_At__c": ref(NOW),
        "Route__c": told.routed,
    }
    if source is not None:
        values["Source__c"] = ref("Source_Now")
    if f"{OBJECT}.{raised}" in told.words.created:
        values["Raised_At__c"] = ref("Raised_At_Now")
    if not told.routed:
        values |= {"Person__c": ref("Person"), "Assigned_At__c": ref("Assigned_At")}
    yield elements.create("Open_Cycle", told.object, values.items(), origin=told.when.stage.origin)


def _turn(told: _Told) -> dict[str, Given]:
    """Return what every new turn says, the first of a cycle and any other."""
    return {
        "Lead__c": ref("$Record.Id"),
        "Of_Lead__c": ref("$Record.Id"),
        "OwnerId": ref("Leg_Owner"),
        "Team__c": ref("Team"),
        "Calendar__c": ref("Calendar"),
        "Priority__c": ref("Priority_Now"),
        "Policy__c": told.resources.policy,
        "Stage__c": ref("Stage_Now"),
    }


def _write(told: _Told, name: str, values: Mapping[str, Given], to: str | None = None) -> Part:
    return elements.update(name, told.object, (("Id", "EqualTo", ref(f"{_OPEN}.Id")),), values.items(), to)


def _resources(told: _Told, urgency: Part) -> Iterator[Part]:
    words = told.words
    qualified = words.statuses[told.when.stage.name]
    status = merge_field(RECORD, "Status")
    left = all_of((prior_status_is(qualified), f"NOT({status_is(qualified, status)})"))
    forward = statuses_of(words, [each.name for each in told.resources.stages if each.accepts])
    closing = statuses_of(words, [each.name for each in told.resources.stages if each.closes])
    closes = status_is(closing, status) if closing else "FALSE"
    converted = merge_field(RECORD, "IsConverted")
    reason = next((words.places[each.field] for each in told.resources.reason_sets if each.field in words.places), None)
    given = f"TEXT({merge_field(RECORD, reason.path)})" if reason else '""'
    now, was = f"{{!{NOW}}}", f"{{!{_OPEN}."
    boolean, instant, text = "Boolean", "DateTime", "String"
    yield elements.formula(_IS_USER, boolean, f'BEGINS({merge_field(RECORD, "OwnerId")}, "005")')
    yield elements.formula("Left_Qualified", boolean, left)
    yield elements.formula("Goes_On", boolean, status_is(forward, status) if forward else "FALSE")
    yield elements.formula("Closes_Now", boolean, f"OR({closes}, {converted})")
    first = "AND({!Left_Qualified}, ISBLANK(" + was + "Verdict_At__c}))"
    named = f'IF({{!Stage_Now}} = "", TEXT({status}), {{!Stage_Now}})'
    # The status of a converted lead may mean no stage: then the last one stands.
    unnamed = f'AND({converted}, {{!Stage_Now}} = "")'
    yield elements.formula("Stage_Kept", text, f"IF({unnamed}, {was}Stage__c}}, {{!Stage_Now}})")
    yield elements.formula("Verdict_Now", text, f"IF({first}, {named}, {was}Verdict__c}})")
    yield elements.formula("Verdict_At_Now", instant, f"IF({first}, {now}, {was}Verdict_At__c}})")
    accepted = "AND({!Left_Qualified}, {!Goes_On}, ISBLANK(" + was + "Accepted_At__c}))"
    yield elements.formula("Accepted_At_Now", instant, f"IF({accepted}, {now}, {was}Accepted_At__c}})")
    # Only stages that ask for a reason get the one that stands on the lead: another may be left from an earlier cycle.
    asking = {name for each in told.resources.reason_sets for name in each.stages}
    reasoned = statuses_of(words, [each.name for each in told.resources.stages if each.name in asking])
    left_for = status_is(reasoned, status) if reasoned else "FALSE"
    yield elements.formula("Reason_Now", text, f"IF({left_for}, {given}, {was}Reason__c}})")
    contact = merge_field(RECORD, "ConvertedContactId")
    yield elements.formula("Contact_Now", text, f"IF({converted}, {contact}, {was}Contact__c}})")
    yield elements.formula("Ended_At_Now", instant, f"IF({{!Closes_Now}}, {now}, NULL)")
    yield elements.formula("Ended_Because_Now", text, f'IF({closes}, "Closed", IF({converted}, "Parted", ""))')
    yield elements.formula("Turn_Ended_Because", text, f'IF({{!{_IS_USER}}}, "Reassigned", "Returned")')
    yield elements.formula("Next_Turn", "Number", f"{was}Leg__c}} + 1")
    yield revisit_at("Revisit_At_Now", told.resources, told.binding, words)
    source = words.places.get("source")
    if source is not None:
        path = merge_field(RECORD, source.path)
        yield elements.formula("Source_Now", text, path)
    raised = own_field(told.binding, RAISED_AT)
    if f"{OBJECT}.{raised}" in words.created:
        # A hand that was raised before the last cycle closed opened that one.
        path = merge_field(RECORD, raised)
        since = f"OR(ISBLANK({{!Since}}), {path} >= {{!Since}})"
        yield elements.formula("Raised_At_Now", instant, f"IF({since}, {path}, NULL)")
    yield calendar_of("Calendar", "Team", told.resources)
    yield stage_now(words)
    yield urgency
    for name, data in (
        ("Person", text),
        ("Team", text),
        ("Leg_Owner", text),
        ("Assigned_At", instant),
        ("Since", instant),
    ):
        yield elements.variable(name, data)
    yield elements.variable("Cycle", "Number", value=1)


def _requires(told: _Told, parts: tuple[Part, ...]) -> tuple[Address, ...]:
    teams = member_fields(told.binding) if told.resources.teams else ()
    carried = carried_fields(told.resources.clocks)
    return (
        *(leg_field(told.binding, each) for each in (*LEG_FIELDS, *carried)),
        *teams,
        *(queue_address(each) for each in our_queues(told.resources, told.binding)),
        *switch_addresses(told.binding)[:2],
        *needed_by(tuple(told.words.statuses), parts, told.binding, told.words),
    )


def _limits(told: _Told) -> Iterator[Gap]:
    """Yield a gap for what is agreed of a cycle and this flow cannot hold."""
    for stage in told.resources.stages:
        if stage.max_age is not None and told.words.statuses.get(stage.name):
            yield Gap(
                f"age:{stage.name}",
                f"age in «{stage.label}»",
                f"Look weekly for leads that stay in «{stage.label}» longer than {stage.max_age}: nothing moves them on.",
                (*stage.origin, "max_age"),
            )
