"""The sections of a document in the order of the reference, each with the comment above it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sla_sync.agreement.compose import compose
from sla_sync.agreement.schema import KINDS

_HEADER = ("apiVersion", "kind", "include", "metadata")


def in_reference_order(text: str) -> str:
    """Return the text with its sections in order; one that the reference lacks stays behind the one before it."""
    root = compose(text, "").root
    if root is None or text[root.offset : root.offset + 1] == "{":
        return text
    keys = [str(key) for key in root.entries]
    begins = [entry.key.line - 1 for entry in root.entries.values()]
    wanted = _ranked(keys, str(root.entries["kind"].node.value) if "kind" in root.entries else "LeadSLA")
    if wanted == keys:
        return text
    lines = text.split("\n")
    tail = _tail(lines, begins[-1])
    starts = [
        begins[0],
        *(_with_comment(lines, begin, after) for after, begin in pairwise(begins)),
    ]
    ends = [*starts[1:], tail]
    blocks = {key: lines[start:end] for key, start, end in zip(keys, starts, ends, strict=True)}
    moved = [line for key in wanted for line in blocks[key]]
    return "\n".join([*lines[: starts[0]], *moved, *lines[tail:]])


def _ranked(keys: Sequence[str], kind: str) -> list[str]:
    model = KINDS.get(kind)
    known = [field.alias or name for name, field in model.model_fields.items()] if model else []
    order = {key: rank for rank, key in enumerate(dict.fromkeys([*_HEADER, *known]))}
    ranks, rank = {}, -1
    for key in keys:
        rank = order.get(key, rank)
        ranks[key] = rank
    # A stranger shares the rank of the key before it, and sorting keeps the two in their order.
    return sorted(keys, key=ranks.__getitem__)


def _with_comment(lines: Sequence[str], begin: int, after: int) -> int:
    """Return where a section begins when the comment above it, and the empty lines before that, go with it."""
    while begin - 1 > after and (lines[begin - 1].startswith("#") or not lines[begin - 1].strip()):
        begin -= 1
    return begin


def _tail(lines: Sequence[str], last: int) -> int:
    """Return where the comments at the end of the text begin, which belong to no section."""
    tail = len(lines)
    while tail - 1 > last and (lines[tail - 1].startswith("#") or not lines[tail - 1].strip()):
        tail -= 1
    return tail
