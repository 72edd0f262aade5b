"""A renamed word keeps what it is called on the platform: there a new name would be another setting with no data in it.

The agreement is translated twice, under its new words and under those of before. The second says what everything is
called on the platform, the first how it is labelled for people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sla_sync.diagnostics import KeyPath
from sla_sync.errors import SlaSyncError
from sla_sync.reconcile.canonical import is_cosmetic
from sla_sync.reconcile.settings import Desired, SettingType, Translation, Value, Values
from sla_sync.reconcile.values import is_list, is_mapping


def keep_names(today: Translation, before: Translation, types: Mapping[str, SettingType]) -> Translation:
    """Return the translation under today's words with every platform name as it was before some words were renamed.

    Raises SlaSyncError where the two do not ask for the same settings, which is a fault of a connector.
    """
    pairs = tuple(zip(today.desired, before.desired, strict=False))
    alike = all(new.address.type == old.address.type for new, old in pairs)
    if not alike or len(today.desired) != len(before.desired):
        raise SlaSyncError(
            "Under the words of before, `moved`, the agreement asks for other settings than under those of today.",
            hint="Move one word after another; report it with the agreement where that does not help.",
        )
    return replace(today, desired=tuple(_kept(new, old, types[old.address.type]) for new, old in pairs))


def _kept(new: Desired, old: Desired, setting_type: SettingType) -> Desired:
    values: Values = {
        key: _value(mine, theirs, old, setting_type, (key,))
        for (key, theirs), mine in zip(old.values.items(), new.values.values(), strict=True)
    }
    places = zip(old.origins, new.origins.values(), strict=True)
    return Desired(old.address, values, old.requires, dict(places), new.aspects)


def _value(new: Value, old: Value, desired: Desired, setting_type: SettingType, path: KeyPath) -> Value:
    """Return the value of before, with the labels of today. A label that is the setting's own name stays."""
    if is_mapping(old) and is_mapping(new) and len(old) == len(new):
        entries = zip(old.items(), new.values(), strict=True)
        return {key: _value(mine, theirs, desired, setting_type, (*path, key)) for (key, theirs), mine in entries}
    if is_list(old) and is_list(new) and len(old) == len(new):
        pairs = enumerate(zip(old, new, strict=True))
        return [_value(mine, theirs, desired, setting_type, (*path, index)) for index, (theirs, mine) in pairs]
    named = isinstance(old, str) and f"/{desired.address.key}".endswith(f"/{old}")
    return new if is_cosmetic(setting_type, path) and not named else old
