"""The JSON Schema of each kind of document, from the models that read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.channels import Channels
from sla_sync.agreement.disputes import Disputes
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.exceptions import Exceptions
from sla_sync.agreement.signatures import Signatures
from sla_sync.agreement.sync import Sync
from sla_sync.agreement.targets import Targets

KINDS: Mapping[str, type[BaseModel]] = {
    "LeadSLA": Agreement,
    "Binding": BindingDocument,
    "Targets": Targets,
    "Sync": Sync,
    "Attestations": Attestations,
    "Channels": Channels,
    "Exceptions": Exceptions,
    "Signatures": Signatures,
    "Disputes": Disputes,
}

_INCLUDE: Mapping[str, object] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "description": "Files beside this one whose sections belong to this document; no section stands in two files.",
    "examples": ["stages.yaml", ["stages.yaml", "scoring.yaml"]],
    "title": "Include",
}


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema of a kind of document. Raises KeyError for a kind that there is not.

    A binding is open here, for each connector adds its own keys; `sla-sync validate` reads it by the connector's model.
    """
    made = KINDS[kind].model_json_schema(by_alias=True, mode="validation")
    made["properties"] = {**made["properties"], "include": _INCLUDE}
    for part in (made, *made.get("$defs", {}).values()):
        for key, value in part.get("properties", {}).items():
            part["properties"][key] = {**value, "examples": _examples(value)}
    if kind == "Binding":
        made["additionalProperties"] = True
    made["required"] = list(dict.fromkeys(["apiVersion", "kind", *made["required"]]))
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **made}


def _examples(part: Mapping[str, Any]) -> list[object]:
    """Return the examples of a key: its own, else those that its forms have, else one that its kind allows."""
    if "examples" in part:
        return list(part["examples"])
    if "const" in part:
        return [part["const"]]
    if "enum" in part:
        return list(part["enum"])
    if part.get("type") == "boolean":
        return [True]
    return [example for form in part.get("anyOf", ()) if form.get("type") != "null" for example in _examples(form)]


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of document as the file in docs/schema holds it. Raises KeyError as `schema`."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"
