"""One number for what an agreement means: it changes with the meaning, and with nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.canonical import canonical_agreement, canonical_binding, canonical_days
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.meaning import SIGNED_OF_BINDING, meaning_of_agreement

_SPELLING = 2
"""Raised when the same meaning is spelled in another way below, so that two digests are never compared by accident."""


def meaning_digest(
    agreement: Agreement, bindings: Iterable[BindingDocument], holidays: Mapping[str, str] | None = None
) -> str:
    """Return the SHA-256, in hex, over what the agreement says and what the bindings make of its words.

    `holidays` are the texts of its files of holidays by name; of these too, comments do not count.

    Comments, layout, spelling of one value in several ways and the order of keys do not count. The order of priorities,
    of segments and of tracks does, for the first that matches wins; the order of a list counts where it decides.
    What is upkeep (`agreement/meaning.py`) does not count either.
    """
    canonical = json.dumps(
        {
            "spelling": _SPELLING,
            "agreement": meaning_of_agreement(canonical_agreement(agreement)),
            "bindings": sorted((_binding(each) for each in bindings), key=_stable),
            **({"holidays": {name: canonical_days(text) for name, text in holidays.items()}} if holidays else {}),
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _binding(binding: BindingDocument) -> Mapping[str, object]:
    canonical = canonical_binding(binding)
    said: dict[str, object] = {name: each for name, each in canonical.items() if name in SIGNED_OF_BINDING}
    said["connector"] = binding.metadata.connector
    said["writers"] = {name: each.writer for name, each in binding.fields.items() if each.writer}
    return said


def _stable(value: object) -> str:
    return json.dumps(value, sort_keys=True)
