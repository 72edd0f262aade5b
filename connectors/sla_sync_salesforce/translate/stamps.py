"""Stamps as record-triggered flows: before a lead is saved in a stage, the instant is written where none stands yet."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, Resources, Setup, Stamp, Value, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import FIELD_DESCRIPTION_LIMIT, developer_name
from sla_sync_salesforce.names import words as read_aloud
from sla_sync_salesforce.translate.fields import field_address
from sla_sync_salesforce.translate.stages import status_address
from sla_sync_salesforce.translate.words import OBJECT, Holds, Place, Words

FLOW_API_VERSION = 63.0


def stamps(resources: Resources, binding: SalesforceBinding, setup: Setup, words: Words) -> Iterator[Desired | Gap]:
    """Yield a flow for each stamp whose stage and field the Lead has, and gaps for the rest."""
    added = {status for stage in binding.stages.values() if stage.add for status in stage.lead_status}
    for stamp in resources.stamps:
        statuses, field = words.statuses.get(stamp.stage, ()), words.places.get(stamp.field)
        if not statuses or field is None or field.holds is not Holds.INSTANT:
            yield Gap(
                f"stamp:{stamp.name}",
                f"stamp «{stamp.name}»",
                f"Bind stage «{stamp.stage}» to Lead Status and «{stamp.field}» to a date and time of the Lead: "
                "nothing writes the stamp until then.",
                stamp.origin,
            )
            continue
        name = developer_name(binding.prefix, "stamp", stamp.name)
        node = f"Stamp_{field.api.removesuffix('__c')}"
        yield Desired(
            Address("Flow", name),
            _flow(name, node, stamp, statuses, field=field, setup=setup),
            requires=(
                *((field_address(field.api),) if field.key in words.created else ()),
                *(status_address(each) for each in statuses if each in added),
            ),
            origins={
                (): stamp.origin,
                ("start", "filters"): ("stages", stamp.stage),
                ("recordUpdates", node): stamp.origin,
            },
        )


def _flow(
    name: str, node: str, stamp: Stamp, statuses: tuple[str, ...], *, field: Place, setup: Setup
) -> dict[str, Value]:
    label = read_aloud(name)
    empty: Value = {"field": field.api, "operator": "IsNull", "value": {"booleanValue": True}}
    entered: list[Value] = [
        {"field": "Status", "operator": "EqualTo", "value": {"stringValue": status}} for status in statuses
    ]
    either = " OR ".join(str(number) for number in range(2, len(statuses) + 2))
    return {
        "apiVersion": FLOW_API_VERSION,
        "description": describe(stamp.means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
        "environments": ["Default"],
        "interviewLabel": f"{label} {{!$Flow.CurrentDateTime}}",
        "label": label,
        "processMetadataValues": [
            {"name": "BuilderType", "value": {"stringValue": "LightningFlowBuilder"}},
            {"name": "CanvasMode", "value": {"stringValue": "AUTO_LAYOUT_CANVAS"}},
            {"name": "OriginBuilderType", "value": {"stringValue": "LightningFlowBuilder"}},
        ],
        "processType": "AutoLaunchedFlow",
        "recordUpdates": [
            {
                "name": node,
                "label": read_aloud(node),
                "locationX": 0,
                "locationY": 0,
                "inputAssignments": [{"field": field.api, "value": {"elementReference": "$Flow.CurrentDateTime"}}],
                "inputReference": "$Record",
            }
        ],
        "start": {
            "locationX": 0,
            "locationY": 0,
            "connector": {"targetReference": node},
            "filterLogic": "and" if len(statuses) == 1 else f"1 AND ({either})",
            "filters": [empty, *entered],
            "object": OBJECT,
            "recordTriggerType": "CreateAndUpdate",
            "triggerType": "RecordBeforeSave",
        },
        "status": "Active",
    }
