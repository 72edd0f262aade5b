"""What of the documents is meaning, which the parties sign, and what is upkeep, which their signatures do not cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sla_sync.agreement.binding import MEANING
from sla_sync.diagnostics import KeyPath

UPKEEP: Final[tuple[KeyPath, ...]] = (("metadata", "status"), ("accepted",))
"""Keys of an agreement that are no meaning: how far the parties have come, and findings that the steward lives with.

A signature must hold when a draft becomes the agreed text, for that is the text that was signed.
"""

SIGNED_OF_BINDING: Final = (*MEANING, "modes", "held_by")
"""Keys of a binding that are meaning. Modes too: a promise that is only recorded any more is a weaker promise."""

WRITERS: Final = ("fields", "writer")
"""Of the fields of a binding, which one system writes each is meaning; where it lives is not."""


def meaning_of_agreement(said: Mapping[str, object]) -> dict[str, object]:
    """Return an agreement, given as plain values, without its upkeep."""
    kept = dict(said)
    for path in UPKEEP:
        *above, last = map(str, path)
        inside: object = kept
        for step in above:
            found = inside.get(step) if isinstance(inside, dict) else None
            if isinstance(found, Mapping) and isinstance(inside, dict):
                inside[step] = dict(found)
                inside = inside[step]
            else:
                inside = None
        if isinstance(inside, dict):
            inside.pop(last, None)
    return kept


def is_upkeep(path: KeyPath) -> bool:
    """Return whether a place in an agreement is upkeep."""
    return any(path[: len(each)] == each for each in UPKEEP)


def is_signed_of_binding(path: KeyPath, *values: object) -> bool:
    """Return whether a place in a binding is meaning; `values` are what stands there, or stood."""
    if not path or path[0] in SIGNED_OF_BINDING:
        return True
    fields, writer = WRITERS
    return path[0] == fields and (path[-1] == writer or any(_has(writer, each) for each in values))


def _has(key: str, value: object) -> bool:
    return isinstance(value, Mapping) and (key in value or any(_has(key, each) for each in value.values()))
