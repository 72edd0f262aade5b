"""What stood before us put back: which values of a setting that we took over are ours still, and what they were."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from sla_sync.conventions import bears_mark, unmarked
from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.canonical import keyed_by, leaves, value_at
from sla_sync.reconcile.settings import Address, FieldChange, SettingType, Value, Values
from sla_sync.reconcile.values import equal, is_mapping

_DESCRIPTION: KeyPath = ("description",)


def undone(
    wish: Values,
    found: Values,
    before: Values,
    setting_type: SettingType,
    *,
    agreement: str,
    handle: Callable[[Address], str | None],
) -> Iterator[FieldChange]:
    """Yield the values that become what they were; all three sides are canonical.

    A value that is no longer the one that we wrote has been changed by somebody since, and stays theirs.
    """
    gone: set[KeyPath] = set()
    for path, value in leaves(wish):
        now, then = value_at(found, path), value_at(before, path)
        entry = _new_entry(path, before, setting_type)
        if path == _DESCRIPTION:
            yield from _described(now, value, then, agreement)
        elif now is None or not equal(value, now, handle):
            continue
        elif entry is not None:
            if entry not in gone:
                gone.add(entry)
                yield FieldChange(entry, value_at(found, entry), None)
        elif then != now:
            yield FieldChange(path, now, _nothing(now) if then is None else then)


def unmarking(found: Values, agreement: str) -> Iterator[FieldChange]:
    """Yield the description without our mark, where it bears one."""
    now = found.get("description")
    if isinstance(now, str) and bears_mark(now, agreement):
        yield FieldChange(_DESCRIPTION, now, unmarked(now, agreement))


def wanted(fields: Iterable[FieldChange], setting_type: SettingType) -> Values:
    """Return the values of these changes as a platform is told them; what is taken out of a list is not among them."""
    result: dict[str, Value] = {}
    for each in fields:
        if each.after is not None:
            result = dict(_put(result, each.path, each.after, setting_type, ()))
    return result


def _described(now: Value, value: Value, then: Value, agreement: str) -> Iterator[FieldChange]:
    if now == value and now != then:
        yield FieldChange(_DESCRIPTION, now, "" if then is None else then)
    elif isinstance(now, str) and bears_mark(now, agreement):
        yield FieldChange(_DESCRIPTION, now, unmarked(now, agreement))


def _nothing(now: Value) -> Value:
    """Return what a member is given that was not there; a text is emptied, for some platforms pass over a null."""
    return "" if isinstance(now, str) else None


def _new_entry(path: KeyPath, before: Values, setting_type: SettingType) -> KeyPath | None:
    """Return the place of the first entry on the way that a keyed list did not have before us, or None."""
    for length in range(len(path)):
        if keyed_by(setting_type, path[:length]) and value_at(before, path[: length + 1]) is None:
            return path[: length + 1]
    return None


def _put(
    values: Mapping[str, Value], path: KeyPath, after: Value, setting_type: SettingType, above: KeyPath
) -> Mapping[str, Value]:
    step, *rest = path
    key, here = str(step), (*above, step)
    if not rest:
        return {**values, key: after}
    member, inside = keyed_by(setting_type, here), values.get(key)
    if not member:
        below = inside if is_mapping(inside) else {}
        return {**values, key: _put(below, tuple(rest), after, setting_type, here)}
    entries = [dict(each) for each in inside if is_mapping(each)] if isinstance(inside, list) else []
    name, *deeper = rest
    entry = next((each for each in entries if each.get(member) == name), None)
    if entry is None:
        entry = {member: str(name)}
        entries.append(entry)
    if deeper:
        entry |= _put(entry, tuple(deeper), after, setting_type, (*here, name))
    listed: list[Value] = list(entries)
    return {**values, key: listed}
