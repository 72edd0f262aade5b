"""How each area of this double is known: documented, recorded, seen through others' clients, inferred.

`docs/verified.md` is made from this table and from the marks beside the code. Names such as `properties.json` are those of
HubSpot's published API descriptions. "Recorded" are answers of real portals in public repositories and issues. "Seen" names
programs of others that were driven against this double and took its answers, which proves that those answers are well
formed, not that a portal gives the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping

_CLIENTS = "Seen: hubspot-api-client 12.0 and hubspot-sdk 0.1.0a9."

AREAS: Mapping[str, str] = {
    "objects": f'Documented: objects.json; guides "Contacts" and "Search the CRM". {_CLIENTS}',
    "links": 'Documented: associationsV4.json; guide "Associations v4".',
    "link_batches": 'Documented: associationsV4.json; guide "Associations v4".',
    "properties": f'Documented: properties.json; guide "Properties". Recorded: refusals and their sub categories. {_CLIENTS}',
    "lists": f'Documented: lists.json; guide "Lists". Recorded: filters as portals return them. {_CLIENTS}',
    "pipelines": (f'Documented: pipelines.json; guide "Pipelines". Recorded: the stages of the lifecycle. {_CLIENTS}'),
    "owners": f'Documented: crmOwners.json; guide "Owners". {_CLIENTS}',
    "limits": "Documented: limitsTracking.json.",
    "account": 'Documented: accountInfo.json; guide "Account activity", for the audit log is in no description.',
    "users": 'Documented: userProvisioning.json; guide "User provisioning". Seen: hubspot-api-client 12.0.',
    "flows": (
        'Documented: automationV4.json; guide "Create and manage workflows". Recorded: bodies of workflows of real portals.'
    ),
    "validations": 'Documented: propertyValidations.json; guide "Property validations".',
    "oauth": 'Documented: guide "OAuth". Recorded: the refusal of a refresh token.',
    "forms": 'Documented: guide "Submit data to a form".',
}
"""Area of `routes.py` → how its paths, bodies and answers are known."""
