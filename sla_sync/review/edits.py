"""Two revisions as plain values, and the places in which these differ.

Edits and the digest of the meaning are taken of one canonical form (`agreement/canonical.py`). Two revisions with the
same digest therefore differ at most in what no party signs: how far the document is agreed, and the keys of a binding
beside those that give words their meaning. Such edits exist, and are the steward's alone.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable, Iterator, Sequence

from sla_sync.agreement.canonical import Plain, canonical_agreement, canonical_binding, canonical_days
from sla_sync.diagnostics import KeyPath, spell
from sla_sync.review.amendments import ABSENT, Absent, Edit, Renaming, Revision
from sla_sync.review.renaming import renamed_plain, renamings

__all__ = ["apply_edits", "edits", "plain_of", "renamings", "reversed_edits"]


_ANY = "*"
_SECTIONS = (("agreement", _ANY), ("agreement", "moved", _ANY), ("bindings", _ANY, _ANY))
"""Where a mapping without entries says as much as none."""


def plain_of(revision: Revision) -> dict[str, Plain]:
    """Return all that a revision says in canonical form: `agreement`, `bindings` by connector, `holidays` by file."""
    return {
        "agreement": canonical_agreement(revision.agreement),
        "bindings": {name: canonical_binding(each) for name, each in revision.bindings.items()},
        "holidays": {name: canonical_days(text) for name, text in revision.holidays.items()},
    }


def edits(before: Revision, after: Revision) -> tuple[Edit, ...]:
    """Return every place whose value differs, in the order of the document; a rename alone is none.

    Mappings are looked into, lists are not: where the order of things decides, they are one value.
    """
    old = renamed_plain(plain_of(before), renamings(before, after))
    return tuple(_differences((), old, plain_of(after)))


def apply_edits(plain: dict[str, Plain], edits: Iterable[Edit], renamings: Iterable[Renaming] = ()) -> dict[str, Plain]:
    """Return a revision in canonical form as it is after the renamings and the edits."""
    found = copy.deepcopy(renamed_plain(plain, renamings))
    for edit in edits:
        _put(found, edit.path, edit.after)
    return found


def reversed_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Return the edits that lead back, under the new names."""
    return tuple(Edit(each.path, each.after, each.before) for each in reversed(edits))


def _differences(path: KeyPath, before: Plain | Absent, after: Plain | Absent) -> Iterator[Edit]:
    if _is_section(path):
        before = {} if before is ABSENT and isinstance(after, dict) else before
        after = {} if after is ABSENT and isinstance(before, dict) else after
    if isinstance(before, dict) and isinstance(after, dict):
        for key in dict.fromkeys((*after, *before)):
            yield from _differences((*path, key), before.get(key, ABSENT), after.get(key, ABSENT))
    elif not _same(before, after):
        yield Edit(path, before, after)


def _is_section(path: KeyPath) -> bool:
    """Tell whether a section stands here: one that says nothing is not there, so that each of its keys is told alone."""
    return any(
        len(path) == len(pattern) and all(part in {_ANY, step} for part, step in zip(pattern, path, strict=True))
        for pattern in _SECTIONS
    )


def _same(one: Plain | Absent, other: Plain | Absent) -> bool:
    if isinstance(one, Absent) or isinstance(other, Absent):
        return one is other
    # Not == alone, for which 1 and true are the same.
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _put(plain: dict[str, Plain], path: KeyPath, value: Plain | Absent) -> None:
    holders = [plain]
    for step in path[:-1]:
        inner = holders[-1].setdefault(str(step), {})
        if not isinstance(inner, dict):
            message = f"{spell(path)} cannot be edited, for its values stand in something that is no mapping."
            raise TypeError(message)
        holders.append(inner)
    name = str(path[-1])
    if isinstance(value, Absent):
        holders[-1].pop(name, None)
    else:
        holders[-1][name] = copy.deepcopy(value)
    for depth in range(len(path) - 1, 0, -1):
        if not holders[depth] and _is_section(path[:depth]):
            del holders[depth - 1][str(path[depth - 1])]
