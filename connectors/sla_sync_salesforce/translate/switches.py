"""The two ways past us: a switch that silences everything at once, and a permission that passes the gates."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, KeyPath, Resources, Setup, describe
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, FIELD_DESCRIPTION_LIMIT, HELP_LIMIT, shorten


def switch_object(binding: SalesforceBinding) -> str:
    """Return the API name of the custom setting that silences us."""
    return f"{binding.prefix}Switch__c"


def bypass_permission(binding: SalesforceBinding) -> str:
    """Return the name of the custom permission whose holders pass the gates."""
    return f"{binding.prefix}Bypass_Gates"


def held_back(binding: SalesforceBinding) -> tuple[str, str]:
    """Return the two formulas that must be true before a gate may refuse anything."""
    return (f"NOT($Setup.{switch_object(binding)}.Silent__c)", f"NOT($Permission.{bypass_permission(binding)})")


def switch_addresses(binding: SalesforceBinding) -> tuple[Address, ...]:
    """Return what a gate refers to and therefore must stand before it."""
    owner = switch_object(binding)
    return (
        Address("CustomObject", owner),
        Address("CustomField", f"{owner}.Silent__c"),
        Address("CustomPermission", bypass_permission(binding)),
    )


def switches(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired]:
    """Yield the custom setting, its one field, and the permission."""
    owner, field, permission = switch_addresses(binding)
    origins: dict[KeyPath, KeyPath] = {(): ("metadata", "name")}
    yield Desired(
        owner,
        {
            "customSettingsType": "Hierarchy",
            "description": describe(
                f"Silences every flow and gate of «{resources.title}» for the org, a profile or a person.",
                setup.agreement,
                limit=FIELD_DESCRIPTION_LIMIT,
            ),
            "label": "SLA Switch",
            "visibility": "Public",
        },
        origins=origins,
    )
    means = "While this is ticked, no flow and no rule of the agreement does anything for these people."
    yield Desired(
        field,
        {
            "defaultValue": "false",
            "description": describe(means, setup.agreement, limit=FIELD_DESCRIPTION_LIMIT),
            "inlineHelpText": shorten(means, HELP_LIMIT),
            "label": "Silent",
            "type": "Checkbox",
        },
        requires=(owner,),
        origins=origins,
    )
    yield Desired(
        permission,
        {
            "description": describe(
                "Passes the gates of the agreement: for users by whom systems write, never for people.",
                setup.agreement,
                limit=DESCRIPTION_LIMIT,
            ),
            "isLicensed": False,
            "label": "SLA Bypass Gates",
        },
        origins=origins,
    )
