"""Two revisions become amendments: each edit goes to the judge of its section, and what none speaks for is told alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Amendment, Difference, Edit, Matter, Revision
from sla_sync.review.edits import edits, renamings
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges import leftover, renamed
from sla_sync.review.judges.every import JUDGES
from sla_sync.review.renaming import renamed as under_new_names

_GRAVEST_FIRST = (
    Matter.GOAL,
    Matter.GOVERNANCE,
    Matter.PLAN_GAP,
    Matter.LOOSER_PROMISE,
    Matter.LOOSER_ENTRY,
    Matter.UNCLEAR_PROMISE,
    Matter.UNCLEAR_ENTRY,
    Matter.MEASUREMENT,
    Matter.STRICTER_ENTRY,
    Matter.TIGHTER_PROMISE,
    Matter.FEEDBACK,
    Matter.ROUTING,
    Matter.TECHNICAL,
)
_RANKS: Mapping[Matter, int] = {matter: rank for rank, matter in enumerate(_GRAVEST_FIRST)}
_SECTIONS: Mapping[str, int] = {name: rank for rank, name in enumerate(Agreement.model_fields)}


def difference(before: Revision, after: Revision) -> Difference:
    """Return all in which two revisions differ: the gravest for consent first, then as the document has it."""
    found = renamings(before, after)
    ground = Ground(under_new_names(before, found), after, edits(before, after), found)
    amendments = tuple(_amendments(ground))
    return Difference(before, after, tuple(sorted(amendments, key=_rank)), found)


def _amendments(ground: Ground) -> Iterator[Amendment]:
    left = _Left(ground)
    yield from left.by(renamed.judge, ground.edits)
    for section, judge in JUDGES.items():
        yield from left.by(judge, [each for each in left.edits if section_of(each) == section])
    yield from left.by(leftover.judge, left.edits)


def section_of(edit: Edit) -> str:
    """Return the section in which an edit stands; all that bindings say is one, and so are files of holidays."""
    return str(edit.path[1]) if edit.path[0] == "agreement" else str(edit.path[0])


class _Left:
    """The edits that nobody has spoken for so far."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._left: dict[KeyPath, Edit] = {each.path: each for each in ground.edits}

    @property
    def edits(self) -> Sequence[Edit]:
        return tuple(self._left.values())

    def by(self, judge: Judge, edits: Iterable[Edit]) -> Iterator[Amendment]:
        """Yield what a judge makes of edits; an edit that two amendments name belongs to the first."""
        offered = tuple(edits)
        if not offered and judge is not renamed.judge:
            return
        for each in judge(replace(self._ground, edits=offered)):
            mine = tuple(edit for edit in each.edits if self._left.pop(edit.path, None) is not None)
            yield each if mine == each.edits else replace(each, edits=mine)


def _rank(amendment: Amendment) -> tuple[int, int]:
    section = str(amendment.place[0]) if amendment.place and amendment.binding is None else ""
    return _RANKS[amendment.matter], _SECTIONS.get(section, len(_SECTIONS))
