"""Which words a history keeps of what is said of leads: those that an agreement compares something with, or defines."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from pydantic import BaseModel

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Changes
from sla_sync.agreement.expressions.tree import Compare, InGroup, Is, ScoreReaches, Text

_SCORE = "score"
_ENDS = ("reassigned", "returned", "assigned", "accepted", "converted", "merged", "deleted", "gone", "queue")
"""What ends a turn beside the stages, in the words of the tables."""


@dataclass(slots=True)
class Use:
    """What an agreement does with one field: the words that it is compared with, and what else its value is needed for."""

    words: set[str] = field(default_factory=set)
    tests: list[Text] = field(default_factory=list)
    is_number: bool = False
    is_watched: bool = False
    """Whether something happens when it changes, whatever to."""


@dataclass(frozen=True)
class Wanted:
    """What some versions of an agreement ask of history: each field by its name, and the words that columns may hold."""

    fields: Mapping[str, Use]
    columns: Mapping[str, frozenset[str]]

    @property
    def words(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each field that is compared with any, in their order."""
        return {name: tuple(sorted(use.words)) for name, use in sorted(self.fields.items()) if use.words}


def wanted_by(agreements: Iterable[Agreement]) -> Wanted:
    """Return what versions of an agreement ask of history, all of them together."""
    fields: dict[str, Use] = {}
    columns: dict[str, set[str]] = {}
    for each in agreements:
        _note_uses(each, fields)
        for name, words in _defined(each):
            columns.setdefault(name, set()).update(words)
        for name, division in each.segments.items():
            fields.setdefault(name, Use()).words.update(division)
            fields.setdefault("segment", Use()).words.update(division)
    for name in ("source", "priority", "stage", "team", "reason"):
        fields.setdefault(name, Use()).words.update(columns.get(name, ()))
    return Wanted(fields, {name: frozenset(words) for name, words in columns.items()})


def _note_uses(agreement: Agreement, fields: dict[str, Use]) -> None:
    for part in _parts(agreement):
        match part:
            case Is(name, values):
                fields.setdefault(name, Use()).words.update(values)
            case InGroup(name, group):
                members = agreement.groups.get(group, ())
                fields.setdefault(name, Use()).words.update(each for each in members if isinstance(each, str))
            case Compare(name):
                fields.setdefault(name, Use()).is_number = True
            case Text(name):
                fields.setdefault(name, Use()).tests.append(part)
            case Changes(name):
                fields.setdefault(name, Use()).is_watched = True
            case ScoreReaches(model):
                fields.setdefault(f"{model}_{_SCORE}" if model else _SCORE, Use()).is_number = True
            case _:
                pass
    for name in (_SCORE, *(f"{model}_{_SCORE}" for model in agreement.scoring)):
        fields.setdefault(name, Use()).is_number = True


def _parts(value: object) -> Iterator[object]:
    """Yield everything of which a document is made, however deep it stands."""
    yield value
    if isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _parts(getattr(value, name))
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for each in dataclasses.fields(value):
            yield from _parts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _parts(inner)


def _defined(agreement: Agreement) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield the columns of the tables with the words of the agreement that they may hold."""
    yield "stage", agreement.stages
    yield "closed_by", agreement.stages
    yield "ended_by", (*agreement.stages, *_ENDS)
    yield "source", agreement.sources
    yield "priority", agreement.priorities
    yield "team", agreement.teams
    yield "queue", (*agreement.queues, *agreement.teams)
    yield "calendar", (*agreement.calendars, "personal")
    yield "reason", (name for each in agreement.reasons.values() for name in each)
    exclusions = {each for model in agreement.scoring.values() for each in model.exclude}
    exclusions |= set(agreement.quality.exclude if agreement.quality else ())
    yield "excluded", exclusions
    yield "void", (*exclusions, *_ENDS, "import", "merged", "deleted", "queue")
