"""The manifest as the org keeps it: a static resource of a name of its own, which every deployment brings along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sla_sync.connector import Manifest, manifest_from_json
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import manifest_name
from sla_sync_salesforce.soql import one_of, select


def manifest_of(client: Client, agreement: str) -> Manifest | None:
    """Return what the last apply left, or None."""
    text = text_of(client, agreement)
    return manifest_from_json(text) if text else None


def text_of(client: Client, agreement: str) -> str | None:
    """Return the text of the manifest to the letter, or None."""
    rows = rows_of(client, agreement, "Id")
    return client.body("StaticResource", str(rows[0]["Id"])).decode() if rows else None


def rows_of(client: Client, agreement: str, columns: str) -> Sequence[Mapping[str, Any]]:
    """Return these columns of the resource; no row where nothing was applied."""
    return client.query(select(columns, "StaticResource", one_of("Name", [manifest_name(agreement)])))
