"""The lead process that offers the agreed stages, and a record type that uses it, where the binding asks for them."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, DataType, Desired, Resources, Setup, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, shorten
from sla_sync_salesforce.names import words as read_aloud
from sla_sync_salesforce.translate.stages import status_address
from sla_sync_salesforce.translate.words import OBJECT, Words, own_field

_LABEL_LIMIT = 80
_ORIGIN = ("stages",)


def processes(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired]:
    """Yield the lead process and the record type that the binding names."""
    asked = binding.lead_process
    statuses = [status for stage in resources.stages for status in words.statuses.get(stage.name, ())]
    if asked is None or not statuses:
        return
    added = {status for stage in binding.stages.values() if stage.add for status in stage.lead_status}
    means = f"The stages of «{resources.title}», and no others."
    process = Address("BusinessProcess", f"{OBJECT}.{asked.name}")
    values: list[Value] = [{"fullName": each, "default": each == statuses[0]} for each in sorted(set(statuses))]
    yield Desired(
        process,
        {
            "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
            "isActive": True,
            "values": values,
        },
        requires=tuple(status_address(each) for each in sorted(added & set(statuses))),
        origins={
            (): _ORIGIN,
            **{
                ("values", status): ("stages", stage.name)
                for stage in resources.stages
                for status in words.statuses.get(stage.name, ())
            },
        },
    )
    if asked.record_type is not None:
        yield _record_type(asked.record_type, process, resources, binding, setup, words=words)


def _record_type(
    name: str, process: Address, resources: Resources, binding: SalesforceBinding, setup: Setup, *, words: Words
) -> Desired:
    # A record type offers of our picklists only what it names: without this, nobody could choose a reason.
    offered: list[Value] = []
    fields: list[Address] = []
    for field in resources.fields:
        if field.data is DataType.CHOICE and f"{OBJECT}.{own_field(binding, field.name)}" in words.created:
            listed: list[Value] = [{"fullName": each.name, "default": False} for each in field.choices]
            offered.append({"picklist": own_field(binding, field.name), "values": listed})
            fields.append(Address("CustomField", f"{OBJECT}.{own_field(binding, field.name)}"))
    return Desired(
        Address("RecordType", f"{OBJECT}.{name}"),
        {
            "active": True,
            "businessProcess": process.key.partition(".")[2],
            "description": describe(
                f"Leads that live by «{resources.title}».", setup.agreement, limit=DESCRIPTION_LIMIT
            ),
            "label": shorten(read_aloud(name), _LABEL_LIMIT),
            "picklistValues": offered,
        },
        requires=(process, *fields),
        origins={(): _ORIGIN},
    )
