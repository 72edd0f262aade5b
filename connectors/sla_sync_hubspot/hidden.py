"""Properties of contacts in which the tool keeps what is its own: nobody sees them, and what they keep is their description."""

from __future__ import annotations

from typing import Any

from sla_sync_hubspot.names import STOCK_GROUP


def hidden_property(name: str, label: str, said: str) -> dict[str, Any]:
    """Return such a property as the API creates it."""
    return {
        "name": name,
        "label": label,
        "description": said,
        "groupName": STOCK_GROUP,
        "type": "string",
        "fieldType": "text",
        "hidden": True,
        "formField": False,
    }
