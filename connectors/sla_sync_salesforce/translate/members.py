"""Members of teams as records: who gets leads, in which order, and who is out of office."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Aspect, Desired, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT
from sla_sync_salesforce.translate import elements
from sla_sync_salesforce.translate.elements import Part
from sla_sync_salesforce.translate.formulas import quoted

ORIGIN = ("teams",)
PERSON, TEAM, PLACE, AWAY = "Person__c", "Team__c", "Place__c", "Away__c"
PRESENT, ACTIVE = "Present__c", "Active__c"


def member_object(binding: SalesforceBinding) -> str:
    """Return the API name of the object that has a record for each member of a team."""
    return f"{binding.prefix}Member__c"


def member_fields(binding: SalesforceBinding) -> tuple[Address, ...]:
    """Return the addresses of the fields of a member, which a flow that looks members up needs."""
    return tuple(
        Address("CustomField", f"{member_object(binding)}.{api}")
        for api in (PERSON, TEAM, PLACE, AWAY, PRESENT, ACTIVE)
    )


def members(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the object of members, its fields, and a record for each person behind a team of the agreement."""
    if not resources.teams:
        return
    name = member_object(binding)
    about = Address("CustomObject", name)
    yield Desired(about, _object(setup), origins={(): ORIGIN})
    for api, values in _fields(setup).items():
        requires = (about, *(field for field in member_fields(binding)[:4] if api in (PRESENT, ACTIVE)))
        yield Desired(Address("CustomField", f"{name}.{api}"), values, requires=requires, origins={(): ORIGIN})
    for team in resources.teams:
        for place, person in enumerate(setup.people.get(team.name, ()), start=1):
            yield Desired(
                Address("TeamMember", f"{team.name}/{person}"),
                {"team": team.name, "person": person, "place": place},
                requires=(about, *member_fields(binding)),
                origins={(): team.origin},
                aspects={team.origin: frozenset({Aspect.ENFORCED, Aspect.RECORDED})},
            )


def _object(setup: Setup) -> dict[str, Value]:
    means = "Who works the leads of a team, and who is out of office."
    return {
        "label": "SLA Member",
        "pluralLabel": "SLA Members",
        "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
        "nameField": {"label": "Member", "displayFormat": "MEM-{0000}", "type": "AutoNumber"},
        "deploymentStatus": "Deployed",
        "sharingModel": "ReadWrite",
    }


def _fields(setup: Setup) -> dict[str, dict[str, Value]]:
    def named(label: str, means: str, **values: Value) -> dict[str, Value]:
        told = describe(means, setup.agreement, limit=DESCRIPTION_LIMIT)
        return {"label": label, "description": told, "inlineHelpText": means, **values}

    def formula(label: str, means: str, text: str) -> dict[str, Value]:
        return named(label, means, type="Checkbox", formula=text, formulaTreatBlanksAs="BlankAsZero")

    # The name of the relationship must differ from that of every other look-up to User in the org.
    look_up: dict[str, Value] = {"type": "Lookup", "referenceTo": "User", "relationshipName": "SLA_Members"}
    return {
        PERSON: named("Person", "Who works leads of the team.", **look_up),
        TEAM: named("Team", "The team, as the agreement names it.", type="Text", length=80),
        PLACE: named("Place", "Whose turn it is first.", type="Number", precision=4, scale=0),
        AWAY: named("Out of office", "Ticked while the person takes no leads.", type="Checkbox", defaultValue="false"),
        PRESENT: formula(
            "Present", "Gets leads now: active and not out of office.", f"AND(NOT({AWAY}), Person__r.IsActive)"
        ),
        ACTIVE: formula("Active", "The user is active.", "Person__r.IsActive"),
    }


def member_of(name: str, person: str, binding: SalesforceBinding, *, to: str) -> Part:
    """Return the look-up of the member behind a user; the team comes first in which the person stands first."""
    return elements.lookup(
        name,
        member_object(binding),
        ((PERSON, "EqualTo", elements.ref(person)),),
        to=to,
        fields=(TEAM, PLACE),
        sort=PLACE,
        origin=ORIGIN,
    )


def calendar_of(name: str, team: str, resources: Resources) -> Part:
    """Return the formula for the agreed name of a team's calendar, given a reference to the team; else the main one."""
    known = {each.name for each in resources.calendars}
    main = resources.calendars[0].name if resources.calendars else ""
    others = [
        f"{quoted(each.name)}, {quoted(each.calendar)}"
        for each in resources.teams
        if each.calendar in known and each.calendar != main
    ]
    text = f"CASE({{!{team}}}, {', '.join(others)}, {quoted(main)})" if others else quoted(main)
    return elements.formula(name, "String", text, origin=ORIGIN)
