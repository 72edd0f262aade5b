"""Places whose value reads otherwise, found by a table of patterns, each with its value on both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from pydantic import BaseModel

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.sections.reading import Written
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import ABSENT, Amendment, Edit, Row
from sla_sync.review.ground import Ground
from sla_sync.review.judges.bearings import Bearing
from sla_sync.review.words import NOTHING

ANY = "*"
"""Stands in a pattern for a name that the parties chose."""
Pattern: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Spot:
    """One place of a section: `before` and `after` are its values there, None where nothing stands."""

    ground: Ground
    place: KeyPath
    before: object
    after: object
    edits: tuple[Edit, ...]

    @property
    def old(self) -> Agreement:
        """The agreement as it was."""
        return self.ground.before.agreement

    @property
    def new(self) -> Agreement:
        """The agreement as it is proposed."""
        return self.ground.after.agreement

    def name(self, step: int = 1) -> str:
        """Return a step of the place as a word: at 1 the name of the stage or the model."""
        return str(self.place[step])

    def at(self, *keys: str) -> tuple[Edit, ...]:
        """Return the edits at some keys of this place and below them."""
        deep = len(self.place) + 1
        return tuple(each for each in self.edits if len(each.path) > deep and each.path[deep] in keys)

    def edited(self, *keys: str) -> tuple[Edit, ...]:
        """Return the edits at the place to which the keys lead from here, and below it."""
        path = ("agreement", *self.place, *keys)
        return tuple(each for each in self.edits if each.path[: len(path)] == path)

    def one_side(self, what: str, said: str) -> Row:
        """Return the row of something that is new or gone: nothing stands on the other side."""
        now, proposed = (said if each is not None else NOTHING for each in (self.before, self.after))
        return Row(what, now, proposed)

    def says(
        self, bearing: Bearing, subject: str, sentence: str, *rows: Row, edits: tuple[Edit, ...] = ()
    ) -> Amendment:
        """Return an amendment about this place; edits that no amendment of the spot names go to its first one."""
        return Amendment(
            matter=bearing.matter,
            place=self.place,
            subject=subject,
            sentence=sentence,
            effects=dict(bearing.effects),
            edits=edits,
            rows=rows,
            bound=bearing.bound,
            owed=bearing.owed,
            readers=bearing.readers,
        )


Teller: TypeAlias = Callable[[Spot], Iterable[Amendment]]
"""Says in amendments what a spot means."""


def told(ground: Ground, section: str, tellers: Mapping[Pattern, Teller]) -> Iterator[Amendment]:
    """Yield the amendments of a section: each edit goes to the spot of the longest pattern that leads to it.

    What stands on one side only is told as a whole: a new stage is one amendment and not one for each of its keys.
    """
    units: dict[KeyPath, list[Edit]] = {}
    patterns: dict[KeyPath, Pattern] = {}
    taken: set[KeyPath] = set()
    for edit in ground.under("agreement", section):
        for path in _below(edit.path[2:], edit, tellers):
            found = _unit(ground, section, path, tellers)
            if found is None:
                continue
            place, pattern = found
            patterns[place] = pattern
            edits = units.setdefault(place, [])
            if edit.path not in taken:
                taken.add(edit.path)
                edits.append(edit)
    amendments: list[Amendment] = []
    silent: list[Edit] = []
    for place, found_edits in units.items():
        at = (section, *place)
        before, after = (value_at(each, at) for each in (ground.before.agreement, ground.after.agreement))
        spot = Spot(ground, at, before, after, tuple(found_edits))
        said = list(tellers[patterns[place]](spot))
        amendments += _with_edits(said, spot.edits)
        silent += () if said else spot.edits
    yield from _with_silent(amendments, silent)


def _with_silent(amendments: Iterable[Amendment], silent: Iterable[Edit]) -> Iterator[Amendment]:
    """Give edits that say nothing by themselves to an amendment beside them: a new priority changes their order too."""
    told = list(amendments)
    for edit in silent:
        beside = [index for index, each in enumerate(told) if edit.path[1:-1] == each.place[: len(edit.path) - 2]]
        one_more = [index for index in beside if any(ABSENT in (each.before, each.after) for each in told[index].edits)]
        for index in (one_more or beside)[:1]:
            told[index] = replace(told[index], edits=(*told[index].edits, edit))
    yield from told


def _with_edits(amendments: Iterable[Amendment], edits: tuple[Edit, ...]) -> Iterator[Amendment]:
    """Give the first amendment of a spot all edits that no other one has."""
    told = list(amendments)
    named = {edit.path for each in told for edit in each.edits}
    rest = tuple(each for each in edits if each.path not in named)
    for index, each in enumerate(told):
        yield replace(each, edits=(*each.edits, *rest)) if not index and rest else each


def _below(path: KeyPath, edit: Edit, tellers: Mapping[Pattern, Teller]) -> Iterator[KeyPath]:
    """Yield the paths that an edit is about: its own, or those below it where only longer patterns lead."""
    values = [each for each in (edit.before, edit.after) if isinstance(each, dict)]
    exact = any(_fits(pattern, path) for pattern in tellers)
    reached = any(_fits(pattern, path[: len(pattern)]) for pattern in tellers if len(pattern) < len(path))
    deeper = any(_fits(pattern[: len(path)], path) for pattern in tellers if len(pattern) > len(path))
    if exact or (reached and not (deeper and values)):
        yield path
        return
    for key in dict.fromkeys(key for each in values for key in each):
        inner = Edit(
            (*edit.path, key),
            *(each.get(key, ABSENT) if isinstance(each, dict) else ABSENT for each in (edit.before, edit.after)),
        )
        yield from _below((*path, key), inner, tellers)


def _unit(
    ground: Ground, section: str, path: KeyPath, tellers: Mapping[Pattern, Teller]
) -> tuple[KeyPath, Pattern] | None:
    """Return the place that is told as one, with its pattern: the first that is new or gone, else the deepest."""
    found: tuple[KeyPath, Pattern] | None = None
    for length in range(len(path) + 1):
        place = path[:length]
        pattern = next((each for each in tellers if _fits(each, place)), None)
        if pattern is None:
            continue
        found = place, pattern
        sides = (value_at(each, (section, *place)) for each in (ground.before.agreement, ground.after.agreement))
        if any(each is None for each in sides):
            return found
    # What tells an entry that is new or gone has nothing to say of one of its keys.
    if found is None or found[0] == path:
        return found
    return None if any(each[: len(found[1])] == found[1] != each for each in tellers) else found


def _fits(pattern: Pattern, path: KeyPath) -> bool:
    return len(pattern) == len(path) and all(each in {ANY, str(step)} for each, step in zip(pattern, path, strict=True))


def value_at(agreement: Agreement, path: KeyPath) -> object:
    """Return the value at a path of an agreement; None where nothing stands."""
    value: object = agreement
    for step in path:
        if isinstance(value, Written) and step == "when":
            continue  # A condition that stands alone is read as one with its meaning.
        if isinstance(value, BaseModel):
            value = getattr(value, _field(value, str(step)), None)
        elif isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, tuple) and isinstance(step, int):
            value = value[step] if step < len(value) else None
        else:
            return None
    return value


def _field(model: BaseModel, key: str) -> str:
    return next((name for name, field in type(model).model_fields.items() if field.alias == key), key)
