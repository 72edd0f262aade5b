"""Differences made by hand, so that what follows from them is judged apart from how they are found."""

from __future__ import annotations

from collections.abc import Iterable

from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Amendment, Difference, Edit, Effect, Matter, Revision

PROMISE: KeyPath = ("commitments", "first-response", "within", "hot")


def amendment(
    matter: Matter,
    *,
    bound: Iterable[str] = (),
    owed: Iterable[str] = (),
    readers: Iterable[str] = (),
    place: KeyPath = PROMISE,
    binding: str | None = None,
    sentence: str = "Something changes.",
) -> Amendment:
    document = ("agreement",) if binding is None else ("bindings", binding)
    return Amendment(
        matter=matter,
        place=place,
        subject="something",
        sentence=sentence,
        effects=dict.fromkeys(bound, Effect.LOOSENS),
        edits=(Edit((*document, *place), "before", "after"),),
        bound=frozenset(bound),
        owed=frozenset(owed),
        readers=frozenset(readers),
        binding=binding,
    )


def between(before: Revision, after: Revision, *amendments: Amendment) -> Difference:
    return Difference(before, after, amendments)
