"""Hands that are raised: the source of the latest on the Lead, and campaign responses of leads and of contacts.

The Lead keeps the agreed name of the source, so that every condition can ask for it, and the instant. Both are frozen on
the assignment when the lead qualifies; a hand that is raised while an assignment is open changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import (
    Address,
    Desired,
    Gap,
    Resources,
    Setup,
    Source,
    Value,
    describe,
)
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, developer_name, shorten
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.contact_legs import contact_legs, contact_needs
from sla_sync_salesforce.translate.elements import NOW, Asked, Part, blank, known, node_name, ref
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.own_legs import ASKED_FIELDS, own_legs
from sla_sync_salesforce.translate.qualifying import in_force
from sla_sync_salesforce.translate.switches import switch_addresses
from sla_sync_salesforce.translate.words import OBJECT, RAISED_AT, Words, own_field, source_field

WORK = "work"
_CAMPAIGN = "CampaignMember.Campaign."
_LOOK, _END = "Get_Campaign", "Whose_Hand"


def raised_at_field(binding: SalesforceBinding) -> str | None:
    """Return the API name of the field that keeps when the latest hand was raised; None where no source is read."""
    return own_field(binding, RAISED_AT) if source_field(binding) else None


def lead_fields_read(binding: SalesforceBinding) -> tuple[str, ...]:
    """Return the API names of the Lead's fields from which a source is read, in their order."""
    lead = f"{OBJECT}."
    return tuple(each.removeprefix(lead) for each in binding.sources.read_from if each.startswith(lead))


def campaign_fields_read(binding: SalesforceBinding) -> tuple[str, ...]:
    """Return the API names of the campaign's fields from which a source is read, in their order."""
    return tuple(each.removeprefix(_CAMPAIGN) for each in binding.sources.read_from if each.startswith(_CAMPAIGN))


def works_contacts(resources: Resources, binding: SalesforceBinding) -> bool:
    """Return whether campaign responses of contacts open assignments."""
    works = any(each.handling == WORK and binding.sources.values.get(each.name) for each in resources.sources)
    read = source_field(binding) is not None and bool(campaign_fields_read(binding))
    opens = any(stage.qualifies for stage in resources.stages)
    return "Contact" in binding.objects and works and read and opens


def hand_raise_fields(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the two fields of the Lead that keep its latest hand-raise; they are no stamps, conditions read them."""
    source, raised = source_field(binding), raised_at_field(binding)
    if source is None or raised is None:
        return
    named = ", ".join(each.label for each in resources.sources)
    means = f"The source of the latest hand-raise, as the agreement names it: {named}." if named else "The source."
    yield _field(source, "SLA Source", means, {"type": "Text", "length": 80}, setup)
    yield _field(raised, "SLA Raised At", "When the latest hand was raised.", {"type": "DateTime"}, setup)


def _field(api: str, label: str, means: str, shape: dict[str, Value], setup: Setup) -> Desired:
    return Desired(
        field_address(api),
        {
            "label": label,
            "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(means, HELP_LIMIT),
            **shape,
        },
        origins={(): ("sources",)},
    )


def hand_raises(
    resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words
) -> Iterator[Desired | Gap]:
    """Yield the flow for campaign responses, and a gap for each place that no flow reads a source from."""
    yield from _unread(binding)
    source, raised = source_field(binding), raised_at_field(binding)
    read = campaign_fields_read(binding)
    if source is None or raised is None or not read:
        return
    sources = tuple(each for each in resources.sources if binding.sources.values.get(each.name))
    works = tuple(each for each in sources if each.handling == WORK)
    contacts = works_contacts(resources, binding)
    asked: tuple[Asked, ...] = (("Id", "EqualTo", ref("$Record.CampaignId")),)
    lead_is: Asked = ("Id", "EqualTo", ref("$Record.LeadId"))
    open_leg, logic = own_legs(ref("$Record.LeadId"), blank("Ended_At__c"))
    parts: list[Part] = [
        elements.unless_silent("In_Force"),
        elements.whether("In_Force", tuple(in_force(resources)) or (known("$Record.Id"),), yes=_LOOK),
        elements.lookup(_LOOK, "Campaign", asked, to="Is_Campaign", fields=read),
        elements.found("Is_Campaign", _LOOK, yes=node_name("Source_From", read[0])),
        *_sources(read, sources, binding),
        elements.decision(
            _END,
            (
                *((elements.rule("Is_Contact", (known("$Record.ContactId"),), "Is_Worked"),) if contacts else ()),
                elements.rule("Is_Lead", (known("$Record.LeadId"), blank("$Record.ContactId")), "Get_Leg"),
            ),
        ),
        elements.lookup("Get_Leg", leg_object(binding), open_leg, to="Is_In_Cycle", logic=logic),
        elements.found("Is_In_Cycle", "Get_Leg", yes=None, no="Raise_Hand"),
        elements.update("Raise_Hand", OBJECT, (lead_is,), ((source, ref("Source")), (raised, ref(NOW)))),
        elements.variable("Source", "String"),
    ]
    needs: tuple[Address, ...] = (
        field_address(source),
        field_address(raised),
        *(leg_field(binding, each) for each in (*ASKED_FIELDS, "Ended_At__c")),
        *switch_addresses(binding)[:2],
    )
    if contacts:
        worked = [("Source", "EqualTo", each.name) for each in works]
        parts.append(elements.whether("Is_Worked", worked, yes="Get_Contact", logic="or", origin=("sources",)))
        made, gaps = contact_legs(resources, binding, words, begin="Get_Contact")
        yield from gaps
        parts += made
        needs = (*needs, *contact_needs(resources, binding))
    entered = "{!$Record.HasResponded}"
    yield flows.flow(
        developer_name(binding.prefix, "campaign", "response"),
        flows.start(
            "CampaignMember",
            to="Is_Silent",
            formula_text=f"AND({entered}, OR(ISNEW(), ISCHANGED({entered})))",
        ),
        parts,
        means="Keeps which campaign response raised the hand of a lead; of a contact, it opens an assignment.",
        agreement=setup.agreement,
        origin=("sources",),
        order=100,
        requires=needs,
    )


def _sources(read: Sequence[str], sources: Sequence[Source], binding: SalesforceBinding) -> Iterator[Part]:
    """Yield a decision for each field that is read: the first that holds a value that means something counts."""
    for place, api in enumerate(read):
        after = node_name("Source_From", read[place + 1]) if place + 1 < len(read) else None
        rules: list[Value] = []
        for each in sources:
            same = [(f"{_LOOK}.{api}", "EqualTo", value) for value in binding.sources.values[each.name]]
            name = node_name("Is", api, each.name)
            rules.append(elements.rule(name, same, node_name("Raised", each.name), logic="or"))
        yield elements.decision(node_name("Source_From", api), rules, after, origin=("sources",))
    for each in sources:
        yield elements.assignment(node_name("Raised", each.name), (("Source", each.name),), _END, origin=each.origin)


def _unread(binding: SalesforceBinding) -> Iterator[Gap]:
    read = {f"{OBJECT}.{each}" for each in lead_fields_read(binding)}
    read |= {f"{_CAMPAIGN}{each}" for each in campaign_fields_read(binding)}
    for each in binding.sources.read_from:
        if each not in read:
            yield Gap(
                f"source:{each}",
                f"source from {each}",
                f"Read the source from a field of the Lead or of the campaign instead of {each}: no flow reads it there.",
                ("sources",),
            )
