"""The manifest on the portal: the options of one hidden property of contacts, each carrying a piece of it.

One PATCH replaces all options of a property, so that the manifest is never half written.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

from sla_sync.connector import Manifest, SlaSyncError, manifest_from_json, manifest_to_json
from sla_sync_hubspot.hidden import hidden_property
from sla_sync_hubspot.names import DESCRIPTION_LIMIT, manifest_property

_PIECE = DESCRIPTION_LIMIT
MOST_BYTES = 32 * 1024 * 1024
"""Bytes of a manifest; a setting of the example takes about 1,200 of them."""


def ledger_property(agreement: str, manifest: Manifest) -> dict[str, Any]:
    """Return the property that keeps a manifest, as the API creates it."""
    said = f"What sla-sync applied for {agreement}. Kept by sla-sync; do not edit."
    hidden = hidden_property(manifest_property(agreement), f"sla-sync manifest of {agreement}", said)
    return {**hidden, "type": "enumeration", "fieldType": "select", "options": pieces(manifest)}


def pieces(manifest: Manifest) -> list[dict[str, Any]]:
    """Return a manifest as options, in order, none with a longer description than HubSpot is known to keep."""
    packed = base64.b64encode(zlib.compress(manifest_to_json(manifest).encode(), 9)).decode("ascii")
    return [
        {
            "value": f"{position:04}",
            "label": f"piece {position:04}",
            "description": packed[start : start + _PIECE],
            "displayOrder": position,
            "hidden": False,
        }
        for position, start in enumerate(range(0, len(packed), _PIECE))
    ]


def _unfolded(packed: bytes) -> bytes:
    """Return what was compressed. Raises ValueError or zlib.error where it was not, or is larger than a manifest can be."""
    unfolding = zlib.decompressobj()
    content = unfolding.decompress(packed, MOST_BYTES)
    if not unfolding.eof:
        message = f"it ends too early, or unfolds to more than {MOST_BYTES:,} bytes"
        raise ValueError(message)
    return content


def manifest_of(found: Mapping[str, Any]) -> Manifest:
    """Return the manifest that a property keeps. Raises SlaSyncError where it was damaged."""
    options = sorted(found.get("options", ()), key=lambda each: str(each.get("value")))
    packed = "".join(str(each.get("description") or "") for each in options)
    try:
        text = _unfolded(base64.b64decode(packed, validate=True)).decode()
    except (ValueError, zlib.error) as error:
        raise SlaSyncError(
            f"The manifest in the contact property '{found.get('name')}' is damaged: {error}.",
            hint="Archive that property and run plan again: what bears our mark is found without it.",
        ) from None
    return manifest_from_json(text)


def keeps(found: Mapping[str, Any], manifest: Manifest) -> bool:
    """Return whether a property keeps exactly this manifest."""
    try:
        return manifest_to_json(manifest_of(found)) == manifest_to_json(manifest)
    except SlaSyncError:
        return False
