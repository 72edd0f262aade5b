"""A reading as a rude platform gives it: spelled, ordered and filled in by every freedom that the table of types allows.

A connector's table says which differences mean nothing. A plan for a rude reading must therefore be the plan for a
polite one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random
from typing import TypeVar

from sla_sync.connector import Coercion, Live, SettingType, Snapshot, Value, Values

NOISE = "a member that nobody asked for"
_Path = tuple[str, ...]
T = TypeVar("T")


def rude_reading(snapshot: Snapshot, types: Mapping[str, SettingType], seed: int) -> Snapshot:
    """Return the same reading in other words; the same seed chooses the same words."""
    random = Random(seed)  # noqa: S311 - a test's dice, not a secret
    settings = {address: _rude(live, types, random) for address, live in sorted(snapshot.settings.items())}
    return replace(snapshot, settings=settings)


def _rude(live: Live, types: Mapping[str, SettingType], random: Random) -> Live:
    said = types.get(live.address.type)
    return replace(live, values=_Words(said, random).mapping(live.values, ())) if said else live


@dataclass(frozen=True)
class _Words:
    """The freedoms of one type of setting, and the dice that choose among them."""

    type: SettingType
    random: Random

    def mapping(self, values: Values, path: _Path) -> Values:
        """Return a mapping in another order; a default comes as a null, in full or not at all."""
        answer: dict[str, Value] = {} if path or _of(self.type.closed, (NOISE,)) is not None else {NOISE: 1}
        named = {key: values.get(key) for key in (*values, *self._defaulted(values, path))}
        for key in self.random.sample(list(named), len(named)):
            here, value = (*path, key), named[key]
            default: Value = _of(self.type.defaults, here)
            if value is None or (default is not None and _plain(value) == _plain(default)):
                answer |= self.random.choice([{}, {key: None}, {key: default}])
            elif _among(self.type.ignored, here):
                answer[key] = self.random.randrange(1000)
            else:
                answer[key] = self.value(value, here)
        return answer

    def value(self, value: Value, path: _Path) -> Value:
        """Return a value spelled or ordered otherwise, where the table says that it means the same."""
        if isinstance(value, Mapping):
            return self.mapping(value, path)
        if isinstance(value, Sequence) and not isinstance(value, str):
            keyed = _of(self.type.keyed, path)
            entries = [self._entry(each, path, keyed, index) for index, each in enumerate(value)]
            return self.random.sample(entries, len(entries)) if keyed is not None else entries
        return self.random.choice(_spellings(value, _of(self.type.coerce, path)))

    def _entry(self, each: Value, path: _Path, keyed: str | None, index: int) -> Value:
        if keyed and isinstance(each, Mapping) and keyed in each:
            inside = {name: value for name, value in each.items() if name != keyed}
            return {keyed: each[keyed], **self.mapping(inside, (*path, str(each[keyed])))}
        return self.value(each, path if keyed == "" else (*path, str(index)))

    def _defaulted(self, values: Values, path: _Path) -> Iterator[str]:
        """Yield the names of members that the platform may fill in here by itself."""
        for pattern in self.type.defaults:
            *above, name = _steps(pattern)
            if name != "*" and name not in values and _fits(above, path):
                yield name


def _spellings(value: Value, spelling: Coercion | None) -> Sequence[Value]:
    """Return what means the same as a value, itself among it."""
    match spelling, value:
        case ((Coercion.BOOLEAN | Coercion.TEXT), bool()):
            return (value, str(value).lower())
        case ((Coercion.NUMBER | Coercion.TEXT), int()) if not isinstance(value, bool):
            return (value, str(value))
        case Coercion.LOWER, str():
            return (value, value.upper(), value.lower())
        case Coercion.MULTILINE, str():
            escaped = value.replace("&", "&amp;")
            return tuple(escaped.replace("\n", ending) for ending in ("\n", "\r\n", " \n"))
        case Coercion.MARKUP, str():
            return (value, f"<p>{value}</p>", value.replace(" ", "\n"))
    return (value,)


def _plain(value: Value) -> str:
    return str(value).lower()


def _of(table: Mapping[str, T], path: _Path) -> T | None:
    """Return what a table of patterns says of a place; the pattern that names most steps counts."""
    fitting = [pattern for pattern in table if _fits(_steps(pattern), path)]
    return table[min(fitting, key=lambda pattern: _steps(pattern).count("*"))] if fitting else None


def _among(patterns: Collection[str], path: _Path) -> bool:
    return any(_fits(_steps(pattern), path) for pattern in patterns)


@cache
def _steps(pattern: str) -> _Path:
    return tuple(pattern.split("."))


def _fits(steps: Sequence[str], path: _Path) -> bool:
    return len(steps) == len(path) and all(step in {"*", place} for step, place in zip(steps, path, strict=True))
