"""Changes of bindings: what words mean on a platform, how much of a promise is acted on there, and who holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from sla_sync.agreement.binding import Mode
from sla_sync.agreement.canonical import Plain
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Counter, CountOfEvents, Effort
from sla_sync.agreement.meaning import is_signed_of_binding
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.diagnostics import spell
from sla_sync.review.amendments import ABSENT, Absent, Amendment, Edit, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import TECHNICAL, Bearing, measurement, parties_of, promise
from sla_sync.review.words import quoted, spelled_plain

_DONE: Mapping[Mode, str] = {
    Mode.MEASURE: "measured",
    Mode.RECORD: "recorded",
    Mode.ALERT: "told of",
    Mode.ACT: "acted on",
}
_LEVELS: Mapping[Mode, int] = {mode: level for level, mode in enumerate(_DONE)}
_METADATA, _PREFIX = "metadata", ("bindings", "connector")


@dataclass(frozen=True)
class _Place:
    """Edits of one thing in one binding. `keys` leads to it, without the connector."""

    ground: Ground
    connector: str
    keys: tuple[str, ...]
    edits: tuple[Edit, ...]

    @property
    def agreement(self) -> Agreement:
        """The agreement as it is proposed."""
        return self.ground.after.agreement

    def says(self, bearing: Bearing, subject: str, clause: str, *rows: Row) -> Amendment:
        """Return an amendment; the clause goes on after `On salesforce: `."""
        return Amendment(
            matter=bearing.matter,
            place=self.keys,
            subject=subject,
            sentence=f"On {self.connector}: {clause}.",
            effects=dict(bearing.effects),
            edits=self.edits,
            rows=rows,
            bound=bearing.bound,
            owed=bearing.owed,
            binding=self.connector,
        )

    def row(self, what: str) -> Row:
        """Return both sides in the words of the file."""
        return Row(f"On {self.connector}: {what}", *(_shown(self, side) for side in ("before", "after")))


_Teller: TypeAlias = Callable[[_Place], Iterator[Amendment]]


def _shown(place: _Place, side: str) -> str:
    depth = len(_PREFIX) + len(place.keys)
    said = {spell(each.path[depth:]): spelled_plain(_own(each, getattr(each, side))) for each in place.edits}
    return "; ".join(f"{key}: {text}" if key else text for key, text in said.items())


def _own(edit: Edit, value: Plain | Absent) -> Plain | Absent:
    """Return a value without what stands in a list on both sides."""
    if not isinstance(edit.before, list) or not isinstance(edit.after, list) or not isinstance(value, list):
        return value
    return [each for each in value if each not in edit.before or each not in edit.after] or value


def _judge(ground: Ground) -> Iterator[Amendment]:
    places: dict[tuple[str, tuple[str, ...]], list[Edit]] = {}
    for edit in ground.edits:
        _, connector, *below = map(str, edit.path)
        places.setdefault((connector, _thing(tuple(below))), []).append(edit)
    for (connector, keys), edits in places.items():
        teller = _TELLERS.get(keys[0] if keys else "", _other)
        yield from teller(_Place(ground, connector, keys, tuple(edits)))


def _thing(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return how deep the thing lies that is told as one: an entry of a section, and all of what a touch is."""
    return keys[:1] if keys[:1] == ("touch",) else keys[:2]


def _whole(place: _Place) -> Iterator[Amendment]:
    gone = place.edits[0].after is ABSENT
    clause = "the agreement is no longer bound there" if gone else "the agreement is bound there from now on"
    yield place.says(measurement(place.agreement), place.connector, clause)


def _touch(place: _Place) -> Iterator[Amendment]:
    parties = parties_of(
        (each.by for each in place.agreement.commitments.values() if _rests_on_touches(each)), place.agreement
    )
    bearing = measurement(place.agreement)
    effects = dict.fromkeys(sorted(parties), Effect.UNMEASURABLE)
    moved = Bearing(bearing.matter, effects, parties or bearing.bound, bearing.owed - parties)
    yield place.says(moved, "touch", "what counts as a touch is another definition", place.row("a touch"))


def _rests_on_touches(said: Commitment) -> bool:
    clock, counted = said.clock, said.measure.value if said.measure else None
    timed = clock is not None and Moment.TOUCH in {clock.starts.value, clock.stops.value}
    return timed or isinstance(counted, Effort) or (isinstance(counted, CountOfEvents) and _is_touch(counted))


def _is_touch(counted: CountOfEvents) -> bool:
    return isinstance(counted.event, Counter) or counted.event is Moment.TOUCH


def _meaning(noun: str, clause: str) -> _Teller:
    """Return what tells an agreed word that appears otherwise; `{}` in the clause is the word."""

    def tell(place: _Place) -> Iterator[Amendment]:
        word = place.keys[1] if len(place.keys) > 1 else ""
        thing = f"{noun} {quoted(word)}" if word else noun
        yield place.says(measurement(place.agreement), thing, clause.format(thing), place.row(thing))

    return tell


def _sources(place: _Place) -> Iterator[Amendment]:
    if place.keys[1:2] != ("values",):
        clause = "the source of a lead is read from other fields"
        yield place.says(measurement(place.agreement), "sources", clause, place.row("sources are read from"))
        return
    depth = len(_PREFIX) + len(place.keys)
    words = dict.fromkeys(str(each.path[depth]) for each in place.edits if len(each.path) > depth)
    for each in place.edits:
        words.update(dict.fromkeys(_keys_of(each) if len(each.path) == depth else ()))
    names = ", ".join(map(quoted, words))
    clause = f"other stored values mean source {names}"
    yield place.says(measurement(place.agreement), f"source {names}", clause, place.row("stored values of sources"))


def _keys_of(edit: Edit) -> Iterator[str]:
    for side in (edit.before, edit.after):
        if isinstance(side, dict):
            yield from side


def _modes(place: _Place) -> Iterator[Amendment]:
    for edit in place.edits:
        name = place.keys[1]
        before, after = (_mode(each) for each in (edit.before, edit.after))
        down = _LEVELS[after] < _LEVELS[before]
        row = Row(f"On {place.connector}: {name} is", _DONE[before], _DONE[after])
        if name not in place.agreement.commitments:
            yield place.says(TECHNICAL, name, f"nothing is said of {name} any more, which is no longer promised", row)
        elif name not in place.ground.before.agreement.commitments:
            yield place.says(TECHNICAL, name, f"the new promise {name} is only {_DONE[after]}", row)
        elif down:
            clause = f"{name} is only {_DONE[after]}, no longer {_DONE[before]}"
            yield place.says(_weigh_promise(place, name, Effect.LOOSENS), name, clause, row)
        else:
            clause = f"{name} is {_DONE[after]}, no longer only {_DONE[before]}"
            yield place.says(_weigh_promise(place, name, Effect.TIGHTENS), name, clause, row)


def _mode(said: object) -> Mode:
    return Mode(said) if isinstance(said, str) else Mode.ACT


def _weigh_promise(place: _Place, commitment: str, effect: Effect) -> Bearing:
    sides = (place.ground.before.agreement, place.ground.after.agreement)
    bound = frozenset(
        party
        for each in sides
        if (said := each.commitments.get(commitment)) is not None
        for party in parties_of((said.by,), each)
    )
    return promise(place.agreement, bound, effect) if bound else TECHNICAL


def _held_by(place: _Place) -> Iterator[Amendment]:
    for edit in place.edits:
        section = place.keys[1] if len(place.keys) > 1 else "everything"
        before, after = (None if each is ABSENT else spelled_plain(each) for each in (edit.before, edit.after))
        if after is None:
            clause = f"{section} is set up by sla-sync again, no longer held by {before}"
        elif before is None:
            clause = f"{section} is held by {after}; it is audited there, no longer set up"
        else:
            clause = f"{section} is held by {before} → {after}"
        yield place.says(measurement(place.agreement), section, clause, place.row(f"{section} is held by"))


def _fields(place: _Place) -> Iterator[Amendment]:
    name = place.keys[1] if len(place.keys) > 1 else ""
    depth = len(_PREFIX)
    signed = tuple(each for each in place.edits if is_signed_of_binding(each.path[depth:], each.before, each.after))
    others = tuple(each for each in place.edits if each not in signed)
    if signed:
        part = _Place(place.ground, place.connector, place.keys, signed)
        clause = f"another system writes field {quoted(name)}"
        yield part.says(
            measurement(place.agreement), f"field {quoted(name)}", clause, part.row(f"field {quoted(name)}")
        )
    if others:
        part = _Place(place.ground, place.connector, place.keys, others)
        yield from _told(part, f"field {quoted(name)}", "lives elsewhere")


def _other(place: _Place) -> Iterator[Amendment]:
    word = f" {quoted(place.keys[1])}" if len(place.keys) > 1 else ""
    yield from _told(place, f"{place.keys[0].replace('_', ' ')}{word}", "is set otherwise")


def _told(place: _Place, thing: str, clause: str) -> Iterator[Amendment]:
    """Tell a single text with both values, anything else by name; its row has all of it."""
    texts = tuple(each for edit in place.edits for each in _with_defaults(place, edit))
    if len(place.edits) > 1 or not all(isinstance(each, str | Absent) for each in texts):
        yield place.says(TECHNICAL, thing, f"{thing} {clause}", place.row(thing))
        return
    now, proposed = map(spelled_plain, texts)
    said = f"{now} → {proposed}"
    if texts[0] is ABSENT:
        said = f"is {proposed}, where nothing was said"
    elif texts[1] is ABSENT:
        said = f"is no longer said; it was {now}"
    yield place.says(TECHNICAL, thing, f"{thing} {said}", Row(f"On {place.connector}: {thing}", now, proposed))


def _with_defaults(place: _Place, edit: Edit) -> Iterator[Plain | Absent]:
    """Yield both sides of an edit; a key that is left out, or says its default, counts as its default."""
    for revision, said in ((place.ground.before, edit.before), (place.ground.after, edit.after)):
        binding = revision.bindings.get(place.connector)
        default = getattr(binding, place.keys[0], None) if len(place.keys) == 1 else None
        yield str(default) if said is ABSENT and isinstance(default, str) and default else said


def _metadata(place: _Place) -> Iterator[Amendment]:
    yield place.says(TECHNICAL, "binding", "the binding is called otherwise", place.row("metadata"))


_TELLERS: Mapping[str, _Teller] = {
    "": _whole,
    _METADATA: _metadata,
    "stages": _meaning("stage", "{} appears otherwise"),
    "sources": _sources,
    "touch": _touch,
    "exclude": _meaning("exclusion", "{} is seen otherwise"),
    "modes": _modes,
    "held_by": _held_by,
    "fields": _fields,
}
"""Each key that both parties sign and what tells its change; every other key is only the steward's."""

JUDGES: Mapping[str, Judge] = {"bindings": _judge}
