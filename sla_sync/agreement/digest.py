"""One number for what an agreement means: it changes with the meaning, and with nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from sla_sync.agreement.binding import MEANING, BindingDocument
from sla_sync.agreement.document import Agreement

_SPELLING = 1
"""Raised when the same meaning is spelled in another way below, so that two digests are never compared by accident."""


def meaning_digest(agreement: Agreement, bindings: Iterable[BindingDocument]) -> str:
    """Return the SHA-256, in hex, over what the agreement says and what the bindings make of its words.

    Comments, layout, spelling of one value in several ways and the order of keys do not count. The order of priorities
    and of segments does, for the first that matches wins.
    """
    canonical = json.dumps(
        {
            "spelling": _SPELLING,
            "agreement": _agreement(agreement),
            "bindings": sorted((_binding(each) for each in bindings), key=_stable),
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _agreement(agreement: Agreement) -> Mapping[str, object]:
    # What equals its default is left out, so that saying it and leaving it out mean the same.
    said: dict[str, Any] = agreement.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    said["priorities"] = list(said.get("priorities", {}).items())
    said["segments"] = {division: list(each.items()) for division, each in said.get("segments", {}).items()}
    return said


def _binding(binding: BindingDocument) -> Mapping[str, object]:
    said = binding.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(MEANING))
    said["connector"] = binding.metadata.connector
    said["writers"] = {name: each.writer for name, each in binding.fields.items() if each.writer}
    return said


def _stable(value: object) -> str:
    return json.dumps(value, sort_keys=True)
