"""Canonical form: two spellings of one setting become one value, by the table of its type.

Lists that are `keyed` become mappings, server defaults are filled in, numbers, booleans and texts get one spelling.
What a type says of a place is kept in a tree of `_Place`s, so that a setting is walked once whatever its table says.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.settings import Coercion, Consequence, Ref, SettingType, Value, Values
from sla_sync.reconcile.values import is_list

CANONICALISATION = 1
"""Raised whenever the canonical form of the same values changes: the manifest says by which it was written."""


@dataclass(eq=False)
class _Place:
    """What a setting type says of one place, and of the places below it."""

    below: dict[str, _Place] = field(default_factory=dict)
    keyed: str | None = None
    coerce: Coercion | None = None
    ignored: bool = False
    default: Value = None
    cosmetic: bool = False
    immutable: bool = False

    def at(self, pattern: str) -> _Place:
        place = self
        for step in pattern.split("."):
            place = place.below.setdefault(step, _Place())
        return place


_Places = tuple[_Place, ...]


@cache
def _places(setting_type: SettingType) -> _Places:
    root = _Place()
    for pattern, member in setting_type.keyed.items():
        root.at(pattern).keyed = member
    for pattern, coercion in setting_type.coerce.items():
        root.at(pattern).coerce = coercion
    for pattern, value in setting_type.defaults.items():
        root.at(pattern).default = value
    for pattern in setting_type.ignored:
        root.at(pattern).ignored = True
    for pattern in setting_type.cosmetic:
        root.at(pattern).cosmetic = True
    for pattern in setting_type.immutable:
        root.at(pattern).immutable = True
    return (root,)


def _below(places: _Places, step: str | int) -> _Places:
    if not places:
        return ()
    found = (below for place in places for below in (place.below.get(str(step)), place.below.get("*")) if below)
    return tuple(found)


def canonical_desired(values: Values, setting_type: SettingType) -> Values:
    """Return what is asked for in canonical form; nothing is added to it, and an explicit null asks for absence."""
    return _mapping(values, _places(setting_type), live=False)


def canonical_live(values: Values, setting_type: SettingType) -> Values:
    """Return what was found in canonical form, with the platform's defaults filled in and nulls left out."""
    return _mapping(values, _places(setting_type), live=True)


def _mapping(values: Values, places: _Places, *, live: bool) -> dict[str, Value]:
    result: dict[str, Value] = {}
    for key, value in values.items():
        below = _below(places, key)
        if any(place.ignored for place in below) or (live and value is None):
            continue
        result[key] = _canonical(value, below, live=live)
    if live:
        for place in places:
            for key, below_place in place.below.items():
                if below_place.default is not None and key != "*" and key not in result:
                    result[key] = below_place.default
    return result


def _canonical(value: Value, places: _Places, *, live: bool) -> Value:
    if isinstance(value, Mapping):
        return _mapping(value, places, live=live)
    if is_list(value):
        return _list(value, places, live=live)
    coercion = next((place.coerce for place in places if place.coerce), None)
    return _COERCE[coercion](value) if coercion else _plain(value)


def _list(values: Sequence[Value], places: _Places, *, live: bool) -> Value:
    member = next((place.keyed for place in places if place.keyed is not None), None)
    if member == "":
        entries = [_canonical(each, places, live=live) for each in values]
        return sorted(entries, key=str)
    if member is not None:
        keys = [each.get(member) if isinstance(each, Mapping) else None for each in values]
        if None not in keys and len(set(map(str, keys))) == len(keys):
            return {
                str(key): _mapping(
                    {name: inner for name, inner in each.items() if name != member}, _below(places, str(key)), live=live
                )
                for key, each in zip(keys, values, strict=True)
                if isinstance(each, Mapping)
            }
    return [_canonical(each, _below(places, index), live=live) for index, each in enumerate(values)]


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


_COERCE: Mapping[Coercion, Callable[[Value], Value]] = {
    Coercion.NUMBER: _number,
    Coercion.BOOLEAN: _boolean,
    Coercion.TEXT: _text,
    Coercion.MULTILINE: _multiline,
    Coercion.LOWER: _lower,
}


def leaves(value: Value, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Value]]:
    """Yield every value inside a canonical value with its path; a list is one value, and so is an empty mapping."""
    if isinstance(value, Mapping) and value:
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    else:
        yield path, value


def value_at(value: Value, path: KeyPath) -> Value:
    """Return what stands at `path` inside a canonical value, or None where nothing does."""
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(str(step))
        elif is_list(value) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def _said(setting_type: SettingType, path: KeyPath) -> Iterator[_Place]:
    places = _places(setting_type)
    for step in path:
        places = _below(places, step)
        yield from places


def consequence(setting_type: SettingType, path: KeyPath) -> Consequence:
    """Return what a difference at `path` does to the agreement."""
    if any(place.cosmetic for place in _said(setting_type, path)):
        return Consequence.COSMETIC
    return setting_type.consequence


def is_immutable(setting_type: SettingType, path: KeyPath) -> bool:
    """Return whether the platform refuses to change the value at `path` of a setting that exists."""
    return any(place.immutable for place in _said(setting_type, path))


def merge(live: Values, desired: Values, setting_type: SettingType) -> Values:
    """Return `live` with every value that `desired` names; what it does not name stays.

    Entries of keyed lists are matched by their member and keep the order of the live list, new ones last;
    other lists are replaced whole.
    """
    return _merge(live, desired, _places(setting_type))


def _merge(live: Values, desired: Values, places: _Places) -> dict[str, Value]:
    merged = dict(live)
    for key, value in desired.items():
        merged[key] = _merge_value(merged.get(key), value, _below(places, key))
    return merged


def _merge_value(before: Value, value: Value, places: _Places) -> Value:
    if isinstance(before, Mapping) and isinstance(value, Mapping):
        return _merge(before, value, places)
    member = next((place.keyed for place in places if place.keyed), None)
    if member and is_list(before) and is_list(value):
        entries = {str(each[member]): each for each in before if isinstance(each, Mapping) and member in each}
        for each in value:
            if isinstance(each, Mapping):
                key = str(each[member])
                entries[key] = _merge(entries[key], each, _below(places, key)) if key in entries else each
        return list(entries.values())
    return value
