"""Assignments of contacts: a person who is known already and asks to be called is worked by the owner of the contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sla_sync.connector import Address, Gap, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.elements import NOW, Asked, Given, Part, blank, known, ref
from sla_sync_salesforce.translate.formulas import UnsayableError, formula, quoted
from sla_sync_salesforce.translate.leg import LEG_FIELDS, leg_field, leg_object
from sla_sync_salesforce.translate.members import TEAM, calendar_of, member_fields, member_of
from sla_sync_salesforce.translate.words import Holds, Place, Words

_LEG, _LAST, _MEMBER = "Get_Contact_Leg", "Get_Last_Leg", "Get_Member"


def contact_needs(resources: Resources, binding: SalesforceBinding) -> tuple[Address, ...]:
    """Return what these parts need to stand before them."""
    return (
        *(leg_field(binding, each) for each in LEG_FIELDS),
        *(member_fields(binding) if resources.teams else ()),
    )


def contact_legs(
    resources: Resources, binding: SalesforceBinding, words: Words, *, begin: str
) -> tuple[tuple[Part, ...], tuple[Gap, ...]]:
    """Return the parts that open an assignment of the contact of a campaign response, from the one named `begin` on.

    One that is open and was touched has done its work and ends; one that was not touched yet runs on.
    """
    priority, gaps = _priority(resources, words)
    return (*_parts(resources, binding, begin), priority), gaps


def _parts(resources: Resources, binding: SalesforceBinding, begin: str) -> Iterator[Part]:
    of_contact: Asked = ("Contact__c", "EqualTo", ref("$Record.ContactId"))
    teams = bool(resources.teams)
    yield elements.lookup(
        begin, "Contact", (("Id", "EqualTo", ref("$Record.ContactId")),), to="Is_Person", fields=("OwnerId",)
    )
    yield elements.found("Is_Person", begin, yes=_LEG)
    yield elements.lookup(
        _LEG,
        leg_object(binding),
        (of_contact, blank("Ended_At__c")),
        to="Is_Worked_Now",
        fields=("First_Touch_At__c",),
        sort="Name",
    )
    yield elements.decision(
        "Is_Worked_Now",
        (
            elements.rule("Was_Touched", (known(_LEG), known(f"{_LEG}.First_Touch_At__c")), "End_Contact_Leg"),
            elements.rule("Waits_For_Touch", (known(_LEG),), None),
        ),
        _LAST,
    )
    ends: tuple[tuple[str, Given], ...] = (("Ended_At__c", ref(NOW)), ("Ended_Because__c", "Closed"))
    this: Asked = ("Id", "EqualTo", ref(f"{_LEG}.Id"))
    yield elements.update("End_Contact_Leg", leg_object(binding), (this,), ends, _LAST)
    after = _MEMBER if teams else "Open_Contact_Leg"
    yield elements.lookup(
        _LAST, leg_object(binding), (of_contact,), to="Was_Here", fields=("Cycle__c",), sort="Name", descending=True
    )
    yield elements.found("Was_Here", _LAST, yes="Count_Cycle", no=after)
    yield elements.assignment("Count_Cycle", (("Cycle", "Add", ref(f"{_LAST}.Cycle__c")),), after)
    if teams:
        yield member_of(_MEMBER, f"{begin}.OwnerId", binding, to="Is_Member")
        yield elements.found("Is_Member", _MEMBER, yes="In_Team", no="Open_Contact_Leg")
        yield elements.assignment("In_Team", (("Team", ref(f"{_MEMBER}.{TEAM}")),), "Open_Contact_Leg")
    values: dict[str, Given] = {
        "Contact__c": ref("$Record.ContactId"),
        "OwnerId": ref(f"{begin}.OwnerId"),
        "Person__c": ref(f"{begin}.OwnerId"),
        "Cycle__c": ref("Cycle"),
        "Leg__c": 1,
        "Team__c": ref("Team"),
        "Calendar__c": ref("Calendar"),
        "Priority__c": ref("Priority_Now"),
        "Source__c": ref("Source"),
        "Policy__c": resources.policy,
        "Raised_At__c": ref(NOW),
        "Qualified_At__c": ref(NOW),
        "Assigned_At__c": ref(NOW),
    }
    yield elements.create("Open_Contact_Leg", leg_object(binding), values.items())
    yield elements.variable("Team", "String")
    yield elements.variable("Cycle", "Number", value=1)
    yield calendar_of("Calendar", "Team", resources)


def _priority(resources: Resources, words: Words) -> tuple[Part, tuple[Gap, ...]]:
    """Return the formula for the priority of a contact, of whom only the source is known here."""
    only = replace(words, places={"source": Place("", Holds.TEXT, "{!Source}")}, statuses={})
    text, gaps = '""', list[Gap]()
    for each in reversed(resources.priorities):
        try:
            text = f"IF({formula(each.when, only)}, {quoted(each.name)}, {text})"
        except UnsayableError as error:
            gaps.append(
                Gap(
                    f"contact-priority:{each.name}",
                    f"priority «{each.label}» of contacts",
                    f"Expect no contact to be «{each.label}»: of a contact only the source is known here, and {error}.",
                    each.origin,
                )
            )
    return elements.formula("Priority_Now", "String", text, origin=("priorities",)), tuple(reversed(gaps))
