"""Words with another name: where an agreement and its bindings name stages, reasons and fields, and putting new ones there.

The table knows both forms of a value: YAML's, in which a list of names is a list, and the canonical one, in which it is a
mapping. Inside a condition, measure or event the text is parsed, rewritten and printed; nothing is replaced blindly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, auto

from sla_sync.agreement.canonical import Plain, canonical_expression, canonical_measure
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import (
    ExpressionError,
    parse_event,
    parse_expression,
    parse_measure,
    print_event,
    print_expression,
    print_measure,
)
from sla_sync.agreement.expressions.rewrite import Rewriting
from sla_sync.agreement.sections.amounts import parse_member
from sla_sync.review.amendments import Renaming, Revision

STAGES, REASONS, FIELDS = "stages", "reasons", "fields"
_ANY, _INDEX = "*", "#"


class _Kind(StrEnum):
    """What a text at a place is."""

    STAGE = auto()
    REASON = auto()
    FIELD = auto()
    STEP = auto()
    """From one stage to another: `mql to sal`."""
    MEMBER = auto()
    """Of a group: a condition, or a word that may be a field."""
    CONDITION = auto()
    MEASURE = auto()
    EVENT = auto()


_COMMITMENT, _CLOCK = "agreement commitments *", "agreement commitments * clock"
_BREACH, _MATCH, _LEAVES = (
    f"{_COMMITMENT} on_breach #",
    "agreement routing first_match #",
    "agreement routing when_owner_leaves #",
)

_KEYS: Mapping[str, _Kind] = {
    "agreement stages": _Kind.STAGE,
    "agreement stages * next": _Kind.STAGE,
    "agreement stages * next #": _Kind.STAGE,
    "agreement stages * needs": _Kind.FIELD,
    "agreement stages * resets": _Kind.FIELD,
    "agreement quality needs": _Kind.STAGE,
    "agreement quality needs *": _Kind.FIELD,
    "agreement quality valid": _Kind.FIELD,
    "agreement handoff include": _Kind.FIELD,
    "agreement groups *": _Kind.MEMBER,
    "agreement goal plan rates": _Kind.STEP,
    "agreement goals * plan rates": _Kind.STEP,
    "agreement reasons *": _Kind.REASON,
    "agreement scoring * fit brackets": _Kind.FIELD,
    "agreement scoring * engagement brackets": _Kind.FIELD,
    "bindings * stages": _Kind.STAGE,
    "bindings * fields": _Kind.FIELD,
}
"""Where the keys of a mapping are names."""

_VALUES: Mapping[str, _Kind] = {
    "agreement metadata scope": _Kind.CONDITION,
    "agreement groups * #": _Kind.MEMBER,
    "agreement segments * *": _Kind.CONDITION,
    "agreement segments * * when": _Kind.CONDITION,
    "agreement scoring * fit add * when": _Kind.CONDITION,
    "agreement scoring * engagement add * when": _Kind.CONDITION,
    "agreement scoring * resets_when": _Kind.CONDITION,
    "agreement scoring * grade fit *": _Kind.CONDITION,
    "agreement scoring * grade engagement *": _Kind.CONDITION,
    "agreement stages * enter_when": _Kind.CONDITION,
    "agreement stages * contact_if": _Kind.CONDITION,
    "agreement stages * tracks *": _Kind.CONDITION,
    "agreement stages * tracks * when": _Kind.CONDITION,
    "agreement stages * next *": _Kind.CONDITION,
    "agreement stages * next #": _Kind.STAGE,
    "agreement stages * next # *": _Kind.CONDITION,
    "agreement stages * needs #": _Kind.FIELD,
    "agreement stages * resets #": _Kind.FIELD,
    "agreement quality needs * #": _Kind.FIELD,
    "agreement quality valid *": _Kind.CONDITION,
    "agreement handoff include #": _Kind.FIELD,
    "agreement priorities * when": _Kind.CONDITION,
    f"{_COMMITMENT} where": _Kind.CONDITION,
    f"{_COMMITMENT} excused_if": _Kind.CONDITION,
    f"{_COMMITMENT} excused_by": _Kind.EVENT,
    f"{_COMMITMENT} measure": _Kind.MEASURE,
    f"{_CLOCK} starts": _Kind.EVENT,
    f"{_CLOCK} stops": _Kind.EVENT,
    f"{_CLOCK} pauses": _Kind.CONDITION,
    f"{_CLOCK} pauses_on": _Kind.EVENT,
    f"{_CLOCK} resumes_on": _Kind.EVENT,
    f"{_CLOCK} restarts": _Kind.EVENT,
    **{f"{at} stage": _Kind.STAGE for at in (_BREACH, _MATCH, _LEAVES)},
    **{f"{at} reason": _Kind.REASON for at in (_BREACH, _MATCH, _LEAVES)},
    **{f"{at} when": _Kind.CONDITION for at in (_MATCH, _LEAVES)},
    **{f"{at} to": _Kind.FIELD for at in (_MATCH, _LEAVES)},
}
"""Where a text names, or is a condition, measure or event."""


def _index(table: Mapping[str, _Kind]) -> Mapping[tuple[str, ...], _Kind]:
    return {tuple(at.split()): kind for at, kind in table.items()}


_KEYS_AT, _VALUES_AT = _index(_KEYS), _index(_VALUES)
_Name = Callable[[str], str]


@dataclass(frozen=True)
class _Words:
    """What stands in the place of each name; `canonical` says whether texts are brought to one form besides."""

    stage: _Name
    reason: _Name
    field: _Name
    canonical: bool = False

    @property
    def rewriting(self) -> Rewriting:
        """What rewrites conditions, measures and events."""
        return Rewriting(field=self.field, stage=self.stage, reason=self.reason)

    def text(self, kind: _Kind, text: str) -> str:
        """Return a text with other names in it; what cannot be read, such as `undecided`, stays as it is."""
        try:
            return _REWRITTEN[kind](self, text)
        except ExpressionError:
            return text

    def step(self, text: str) -> str:
        """Return `mql to sal` with other names."""
        first, to, last = text.partition(" to ")
        return f"{self.stage(first)}{to}{self.stage(last)}" if to else text

    def member(self, text: str) -> str:
        """Return a member of a group with other names."""
        return self.field(text) if isinstance(parse_member(text), str) else self.condition(text)

    def condition(self, text: str) -> str:
        """Return a condition with other names."""
        said = self.rewriting.expression(parse_expression(text))
        return print_expression(canonical_expression(said) if self.canonical else said)

    def measure(self, text: str) -> str:
        """Return a measure with other names."""
        said = self.rewriting.measure(parse_measure(text))
        return print_measure(canonical_measure(said) if self.canonical else said)

    def event(self, text: str) -> str:
        """Return an event with other names."""
        return print_event(self.rewriting.event(parse_event(text, free=True)))


_REWRITTEN: Mapping[_Kind, Callable[[_Words, str], str]] = {
    _Kind.STAGE: lambda words, text: words.stage(text),
    _Kind.REASON: lambda words, text: words.reason(text),
    _Kind.FIELD: lambda words, text: words.field(text),
    _Kind.STEP: _Words.step,
    _Kind.MEMBER: _Words.member,
    _Kind.CONDITION: _Words.condition,
    _Kind.MEASURE: _Words.measure,
    _Kind.EVENT: _Words.event,
}


def renamings(before: Revision, after: Revision) -> tuple[Renaming, ...]:
    """Return the words that the new revision says to have moved: the old name is gone, the new one was not there.

    A word that moved to one that was there already is no renaming: two words became one.
    """
    moved = after.agreement.moved
    if moved is None or not (moved.stages or moved.reasons or moved.fields):
        return ()
    old, new = _names(before), _names(after)
    return tuple(
        Renaming(kind, was, now)
        for kind, pairs in ((STAGES, moved.stages), (REASONS, moved.reasons), (FIELDS, moved.fields))
        for was, now in pairs.items()
        if was in old[kind] and was not in new[kind] and now in new[kind] and now not in old[kind]
    )


def renamed_plain(plain: dict[str, Plain], renamings: Iterable[Renaming]) -> dict[str, Plain]:
    """Return a revision in canonical form, as `plain_of` gives it, under the new names."""
    if not (known := tuple(renamings)):
        return plain
    words = replace(_words(known), canonical=True)
    return {part: _walk(value, (part,), words) for part, value in plain.items()}


def renamed(revision: Revision, renamings: Iterable[Renaming]) -> Revision:
    """Return a revision under the new names, everywhere where it names them."""
    if not (known := tuple(renamings)):
        return revision
    words = _words(known)
    said = revision.agreement.model_dump(mode="json", by_alias=True, exclude_unset=True)
    agreement = Agreement.model_validate(_walk(said, ("agreement",), words))
    bindings = {
        name: type(each).model_validate(
            _walk(each.model_dump(mode="json", by_alias=True, exclude_unset=True), ("bindings", name), words)
        )
        for name, each in revision.bindings.items()
    }
    return Revision(revision.name, agreement, bindings, revision.holidays, revision.digest)


def _words(renamings: Iterable[Renaming]) -> _Words:
    tables: dict[str, dict[str, str]] = {STAGES: {}, REASONS: {}, FIELDS: {}}
    for each in renamings:
        tables[each.kind][each.old] = each.new
    stage, reason, name = (_by(tables[kind]) for kind in (STAGES, REASONS, FIELDS))
    return _Words(stage, reason, name)


def _by(table: Mapping[str, str]) -> _Name:
    return lambda name: table.get(name, name)


def _names(revision: Revision) -> Mapping[str, frozenset[str]]:
    """Return every name of each kind in a revision: those that are defined, and fields, which are only mentioned."""
    mentioned: set[str] = set()

    def noted(name: str) -> str:
        mentioned.add(name)
        return name

    words = _Words(_by({}), _by({}), noted)
    _walk(revision.agreement.model_dump(mode="json", by_alias=True, exclude_unset=True), ("agreement",), words)
    for binding in revision.bindings.values():
        mentioned |= set(binding.fields)
    reasons = {name for each in revision.agreement.reasons.values() for name in each}
    return {STAGES: frozenset(revision.agreement.stages), REASONS: frozenset(reasons), FIELDS: frozenset(mentioned)}


def _walk(value: Plain, at: tuple[str, ...], words: _Words) -> Plain:
    """Return a value with other names in it; `at` is its place, any name as `*` and any index as `#` may match."""
    if isinstance(value, dict):
        kind = _found(_KEYS_AT, at)
        return {
            words.text(kind, name) if kind else name: _walk(each, (*at, name), words) for name, each in value.items()
        }
    if isinstance(value, list):
        return [_walk(each, (*at, _INDEX), words) for each in value]
    kind = _found(_VALUES_AT, at)
    return words.text(kind, value) if kind and isinstance(value, str) else value


def _found(table: Mapping[tuple[str, ...], _Kind], at: tuple[str, ...]) -> _Kind | None:
    return next((kind for pattern, kind in table.items() if _matches(pattern, at)), None)


def _matches(pattern: tuple[str, ...], at: tuple[str, ...]) -> bool:
    return len(pattern) == len(at) and all(
        part == step or (part == _ANY and step != _INDEX) for part, step in zip(pattern, at, strict=True)
    )
