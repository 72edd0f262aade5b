"""Words that have another name now, and were said to: the record keeps its place, only the word changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Amendment, Edit, Matter, Renaming
from sla_sync.review.ground import Ground
from sla_sync.review.renaming import FIELDS, REASONS, STAGES
from sla_sync.review.words import quoted

_NOUNS: Mapping[str, str] = {STAGES: "Stage", REASONS: "Reason", FIELDS: "Field"}


def judge(ground: Ground) -> Iterator[Amendment]:
    """Yield an amendment for each renaming, with the edit that declares it."""
    for each in ground.renamings:
        yield Amendment(
            matter=Matter.TECHNICAL,
            place=_place(each, ground),
            subject=f"{_NOUNS[each.kind].lower()} {quoted(each.new)}",
            sentence=f"{_NOUNS[each.kind]} {quoted(each.old)} is called {quoted(each.new)}.",
            effects={},
            edits=_declared(each, ground),
            renaming=each,
        )


def _place(renaming: Renaming, ground: Ground) -> KeyPath:
    if renaming.kind == STAGES:
        return (STAGES, renaming.new)
    if renaming.kind == REASONS:
        lists = ground.after.agreement.reasons.items()
        return next(((REASONS, name, renaming.new) for name, each in lists if renaming.new in each), (REASONS,))
    return ("moved", FIELDS, renaming.old)


def _declared(renaming: Renaming, ground: Ground) -> tuple[Edit, ...]:
    return ground.under("agreement", "moved", renaming.kind, renaming.old)
