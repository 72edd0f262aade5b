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


def meaning_digest(
    agreement: Agreement, bindings: Iterable[BindingDocument], holidays: Mapping[str, str] | None = None
) -> str:
    """Return the SHA-256, in hex, over what the agreement says and what the bindings make of its words.

    `holidays` are the texts of its files of holidays by name; of these too, comments do not count.

    Comments, layout, spelling of one value in several ways and the order of keys do not count. The order of priorities,
    of segments and of tracks does, for the first that matches wins.
    """
    canonical = json.dumps(
        {
            "spelling": _SPELLING,
            "agreement": _agreement(agreement),
            "bindings": sorted((_binding(each) for each in bindings), key=_stable),
            **({"holidays": {name: _lines(text) for name, text in holidays.items()}} if holidays else {}),
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
    for stage in said["stages"].values():
        stage["tracks"] = list(stage.get("tracks", {}).items())
    return said


def _binding(binding: BindingDocument) -> Mapping[str, object]:
    said = binding.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=set(MEANING))
    said["connector"] = binding.metadata.connector
    said["writers"] = {name: each.writer for name, each in binding.fields.items() if each.writer}
    return said


def _lines(text: str) -> list[str]:
    said = (line.partition("#")[0].split() for line in text.splitlines())
    return sorted({words[0] for words in said if words})


def _stable(value: object) -> str:
    return json.dumps(value, sort_keys=True)
