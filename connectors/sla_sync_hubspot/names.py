"""Names on HubSpot: how an agreed name becomes the name of a property, a segment or a workflow."""

from __future__ import annotations

import re
from collections.abc import Mapping

CONTACTS, LEADS = "contacts", "leads"
OBJECT_TYPE_IDS: Mapping[str, str] = {
    CONTACTS: "0-1", "companies": "0-2", "deals": "0-3", "communications": "0-18", "meetings": "0-47", "calls": "0-48",
    "emails": "0-49", LEADS: "0-136",
}  # fmt: skip
"""Names of objects in the properties API → their ids in the lists and workflows APIs (HubSpot, "Object type IDs")."""
STOCK_GROUP = "contactinformation"
"""The group of contact properties that every portal has; what belongs to the tool itself stands there, hidden."""
LOCK_PROPERTY = "sla_sync_lock"
NAME_LIMIT = 100
"""Inferred: names of properties longer than this were refused in public reports; HubSpot's pages name no limit."""
DESCRIPTION_LIMIT = 1000
"""Inferred: HubSpot's pages name no limit for descriptions of properties and options, so this one is our own caution."""
LABEL_LIMIT = 250
"""Inferred: HubSpot's pages name no limit for labels and names of lists and workflows, so this one is our own caution."""


PIPELINE_LABEL_LIMIT = 36
"""HubSpot, "Create a pipeline" (v1); the present pages name no limit."""


def property_name(prefix: str, name: str) -> str:
    """Return `sla_due_at` for the prefix `SLA_` and `due_at`: HubSpot turns names to lower case itself."""
    return slug(f"{prefix}{name}")


def group_name(prefix: str) -> str:
    """Return the name of the group in which our properties stand: `sla_sync` for the prefix `SLA_`."""
    return property_name(prefix, "sync")


def is_group_of_ours(name: str) -> bool:
    """Return whether a group bears a name that only we give."""
    return name.endswith("_sync")


def manifest_property(agreement: str) -> str:
    """Return the name of the hidden property that keeps the manifest; no prefix of a binding changes it."""
    return slug(f"sla_sync_manifest_{agreement}")[:NAME_LIMIT]


def pulse_property(agreement: str) -> str:
    """Return the name of the hidden property that says when `sla-sync clock` last ran."""
    return slug(f"sla_sync_clock_{agreement}")[:NAME_LIMIT]


def title_prefix(agreement: str) -> str:
    """Return how the names of all our segments and workflows begin: that is their mark."""
    return f"SLA | {agreement} | "


def title(agreement: str, label: str) -> str:
    """Return the name of a segment or workflow: `SLA | acme-inbound | Hot`."""
    return title_prefix(agreement) + label


def slug(text: str) -> str:
    """Return a text in the letters that names of properties may have."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower())


def words(name: str) -> str:
    """Return a name as people read it: `Next step` for `next_step`."""
    text = re.sub(r"[_-]+", " ", name).strip()
    return text[:1].upper() + text[1:]


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters; what was cut off shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def split_key(key: str) -> tuple[str, str]:
    """Return object and name of a key such as `contacts/sla_due_at` or `0-1/SLA | acme-inbound | Hot`."""
    owner, _, name = key.partition("/")
    return owner, name


def split_option(key: str) -> tuple[str, str]:
    """Return the property and the value of an option's key: `contacts/hs_lead_status` and `MQL`."""
    owner, name, value = key.split("/", 2)
    return f"{owner}/{name}", value
