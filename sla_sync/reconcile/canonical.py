"""Canonical form: two spellings of one setting become one value, by the table of its type.

Lists that are `keyed` become mappings, server defaults are filled in, numbers, booleans and texts get one spelling.
What a type says of a place is kept in a tree of `_Place`s, so that a setting is walked once whatever its table says.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.settings import Coercion, Consequence, Ref, SettingType, Value, Values
from sla_sync.reconcile.values import is_list, is_mapping

CANONICALISATION = 1
"""Raised whenever the canonical form of the same values changes: the manifest says by which it was written."""


@dataclass(frozen=True, eq=False)
class _Place:
    """What a setting type says of one place, and of the places below it: those that it names, and all the rest."""

    below: Mapping[str, _Place] = field(default_factory=dict)
    rest: _Place | None = None
    keyed: str | None = None
    coerce: Coercion | None = None
    ignored: bool = False
    default: Value = None
    cosmetic: bool = False
    immutable: bool = False
    closed: str | None = None
    withheld: bool = False

    def at(self, step: str | int) -> _Place:
        """Return the place one step below."""
        return self.below.get(str(step)) or self.rest or _NOWHERE


_NOWHERE = _Place()
"""A place of which nothing is said, and nothing of what is below it."""

_Said = tuple[tuple[str, ...], str, object]
"""A pattern as steps, the member of `_Place` that it sets, and to what."""


@cache
def _root(setting_type: SettingType) -> _Place:
    said: list[_Said] = []
    for member, table in (
        ("keyed", setting_type.keyed),
        ("coerce", setting_type.coerce),
        ("default", setting_type.defaults),
        ("closed", setting_type.closed),
    ):
        said += [(tuple(pattern.split(".")), member, value) for pattern, value in table.items()]
    for member, patterns in (
        ("ignored", setting_type.ignored),
        ("cosmetic", setting_type.cosmetic),
        ("immutable", setting_type.immutable),
        ("withheld", setting_type.withheld),
    ):
        said += [(tuple(pattern.split(".")), member, True) for pattern in patterns]
    return _place(said)


def _place(said: Sequence[_Said]) -> _Place:
    """Return the place of which all this is said; `*` counts for every step below it, named or not."""
    members: dict[str, Any] = {member: value for steps, member, value in said if not steps}
    names = {steps[0] for steps, _, _ in said if steps} - {"*"}
    below = {
        name: _place([(steps[1:], member, value) for steps, member, value in said if steps and steps[0] in {name, "*"}])
        for name in names
    }
    others = [(steps[1:], member, value) for steps, member, value in said if steps and steps[0] == "*"]
    return _Place(below=below, rest=_place(others) if others else None, **members)


def canonical_desired(values: Values, setting_type: SettingType) -> Values:
    """Return what is asked for in canonical form; nothing is added to it, and an explicit null asks for absence."""
    return _mapping(values, _root(setting_type), live=False)


def canonical_live(values: Values, setting_type: SettingType) -> Values:
    """Return what was found in canonical form, with the platform's defaults filled in and nulls left out."""
    return _mapping(values, _root(setting_type), live=True)


def _mapping(values: Values, place: _Place, *, live: bool) -> dict[str, Value]:
    result: dict[str, Value] = {}
    named, rest = place.below, place.rest or _NOWHERE
    for key, value in values.items():
        below = named.get(key, rest)
        if below.ignored or (live and value is None):
            continue
        result[key] = _unnamed(value, live=live) if below is _NOWHERE else _canonical(value, below, live=live)
    if live:
        for key, below in named.items():
            if below.default is not None and key not in result:
                result[key] = below.default
    return result


def _unnamed(value: Value, *, live: bool) -> Value:
    """Return the canonical form of a value of which the table says nothing, nor of anything below it, as of most."""
    if type(value) in _AS_THEY_ARE:
        return value
    if is_mapping(value):
        return {key: _unnamed(each, live=live) for key, each in value.items() if not live or each is not None}
    if is_list(value):
        return [_unnamed(each, live=live) for each in value]
    return _plain(value)


_AS_THEY_ARE = frozenset({str, bool, int, type(None), Ref})


def _canonical(value: Value, place: _Place, *, live: bool) -> Value:
    if is_mapping(value):
        return _mapping(value, place, live=live)
    if is_list(value):
        return _list(value, place, live=live)
    return _COERCE[place.coerce](value) if place.coerce else _plain(value)


def _list(values: Sequence[Value], place: _Place, *, live: bool) -> Value:
    member = place.keyed
    if member == "":
        entries = [_canonical(each, place, live=live) for each in values]
        return sorted(entries, key=_spelling)
    if member is not None:
        entries_by_key = {
            str(each[member]): each for each in values if is_mapping(each) and each.get(member) is not None
        }
        if len(entries_by_key) == len(values):
            return {
                key: _mapping({name: inner for name, inner in each.items() if name != member}, place.at(key), live=live)
                for key, each in entries_by_key.items()
            }
    return [_canonical(each, place.at(index), live=live) for index, each in enumerate(values)]


def _spelling(value: Value) -> str:
    """Return a text by which equal values are sorted alike, in whatever order their members were named."""
    if is_mapping(value):
        return str(sorted((key, _spelling(each)) for key, each in value.items()))
    return str(value)


def _plain(value: Value) -> Value:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _number(value: Value) -> Value:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return value
    return _plain(value)


def _boolean(value: Value) -> Value:
    return {"true": True, "false": False}.get(value.lower(), value) if isinstance(value, str) else value


def _text(value: Value) -> Value:
    value = _plain(value)
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, Ref) else str(value)


def _multiline(value: Value) -> Value:
    if not isinstance(value, str):
        return value
    lines = html.unescape(value).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


def _lower(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _markup(value: Value) -> Value:
    return " ".join(html.unescape(_TAG.sub(" ", value)).split()) if isinstance(value, str) else value


_TAG = re.compile(r"<[^<>]*>")
_COERCE: Mapping[Coercion, Callable[[Value], Value]] = {
    Coercion.NUMBER: _number,
    Coercion.BOOLEAN: _boolean,
    Coercion.TEXT: _text,
    Coercion.MULTILINE: _multiline,
    Coercion.LOWER: _lower,
    Coercion.MARKUP: _markup,
}


def leaves(value: Value, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Value]]:
    """Yield every value inside a canonical value with its path; a list is one value, and so is an empty mapping."""
    if is_mapping(value) and value:
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    else:
        yield path, value


def value_at(value: Value, path: KeyPath) -> Value:
    """Return what stands at `path` inside a canonical value, or None where nothing does."""
    for step in path:
        if is_mapping(value):
            value = value.get(str(step))
        elif is_list(value) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _on_the_way(setting_type: SettingType, path: KeyPath) -> Iterator[_Place]:
    place = _root(setting_type)
    for step in path:
        place = place.at(step)
        yield place


def _place_of(setting_type: SettingType, path: KeyPath) -> _Place:
    place = _root(setting_type)
    for step in path:
        place = place.at(step)
    return place


def consequence(setting_type: SettingType, path: KeyPath) -> Consequence:
    """Return what a difference at `path` does to the agreement."""
    return Consequence.COSMETIC if is_cosmetic(setting_type, path) else setting_type.consequence


def is_cosmetic(setting_type: SettingType, path: KeyPath) -> bool:
    """Return whether the value at `path` is wording that decides nothing."""
    return any(place.cosmetic for place in _on_the_way(setting_type, path))


def is_immutable(setting_type: SettingType, path: KeyPath) -> bool:
    """Return whether the platform refuses to change the value at `path` of a setting that exists."""
    return any(place.immutable for place in _on_the_way(setting_type, path))


def keyed_by(setting_type: SettingType, path: KeyPath) -> str | None:
    """Return the member by which the entries of the list at `path` are told apart, or None where there is no such list."""
    return _place_of(setting_type, path).keyed


def withheld(desired: Values, live: Values, setting_type: SettingType) -> frozenset[KeyPath]:
    """Return the places that are asked for and that the platform may have left out of its answer; both are canonical."""
    if not setting_type.withheld:
        return frozenset()
    return frozenset(
        path
        for path, _ in leaves(desired)
        if value_at(live, path) is None
        and value_at(live, path[:-1]) is not None
        and _place_of(setting_type, path).withheld
    )


def surplus(desired: Values, live: Values, setting_type: SettingType) -> Iterator[tuple[KeyPath, Value]]:
    """Yield path and value of all that stands at closed places of a setting and is not asked for; both are canonical."""
    return _surplus(desired, live, _root(setting_type), ())


def _surplus(desired: Values, live: Values, place: _Place, path: KeyPath) -> Iterator[tuple[KeyPath, Value]]:
    for key, value in live.items():
        below, here = place.at(key), (*path, key)
        if below is _NOWHERE:
            continue
        if key not in desired:
            member = (below.closed or "").removeprefix("!")
            idle = member and is_mapping(value) and value.get(member) is (member != below.closed)
            if below.closed is not None:
                if not idle:
                    yield here, value
                continue
        wish = desired.get(key, {})
        if is_mapping(wish) and is_mapping(value):
            yield from _surplus(wish, value, below, here)


def merge(live: Values, desired: Values, setting_type: SettingType) -> Values:
    """Return `live` with every value that `desired` names; what it does not name stays.

    Entries of keyed lists are matched by their member and keep the order of the live list, new ones last;
    other lists are replaced whole.
    """
    return _merge(live, desired, _root(setting_type))


def _merge(live: Values, desired: Values, place: _Place) -> dict[str, Value]:
    merged = dict(live)
    for key, value in desired.items():
        merged[key] = _merge_value(merged.get(key), value, place.at(key))
    return merged


def _merge_value(before: Value, value: Value, place: _Place) -> Value:
    if is_mapping(before) and is_mapping(value):
        return _merge(before, value, place)
    member = place.keyed
    if member and is_list(before) and is_list(value):
        entries = {str(each[member]): each for each in before if is_mapping(each) and member in each}
        for each in value:
            if is_mapping(each):
                key = str(each[member])
                entries[key] = _merge(entries[key], each, place.at(key)) if key in entries else each
        return list(entries.values())
    return value
