"""Desired against live, in the platform's words: which changes make the one the other, in an order that works.

What others made is never touched: a setting counts as ours when it bears our mark or stands in our manifest. What they
put into one that we made alone goes only where the target lets us delete; otherwise the audit alone tells of it.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from sla_sync.errors import SlaSyncError
from sla_sync.reconcile.canonical import canonical_desired, canonical_live, consequence, leaves, surplus, withheld
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Change,
    Consequence,
    Desired,
    FieldChange,
    Live,
    Manifest,
    Mark,
    Reason,
    Removal,
    SettingType,
    Snapshot,
    adoption,
    deletion,
)
from sla_sync.reconcile.values import differences


def diff(
    desired: Iterable[Desired],
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    *,
    manifest: Manifest | None = None,
    delete_removed: bool = False,
) -> tuple[Change, ...]:
    """Return the changes, in an order in which nothing precedes what it requires; deletions and releases come last."""
    asked = {each.address: each for each in desired}
    wanted = [
        change
        for each in asked.values()
        if (change := _towards(each, snapshot, types[each.address.type], manifest, delete_removed=delete_removed))
        is not None
    ]
    left = sorted(
        _left_over(asked.keys(), snapshot, types, manifest, delete_removed=delete_removed),
        key=lambda each: each.address,
    )
    return (*_in_order(wanted), *reversed(left))


def is_ours(live: Live, manifest: Manifest | None) -> bool:
    """Return whether we may change a setting: it bears our mark, or the manifest says that we applied it."""
    return bool(live.managed) or (manifest is not None and live.address in manifest.applied)


def intrudes(live: Live, asked: Collection[Address], manifest: Manifest | None) -> bool:
    """Return whether somebody put this into a setting that we made and that nobody agreed should hold it."""
    return (
        live.inside in asked
        and manifest is not None
        and live.inside in manifest.created
        and live.address not in manifest.released
        and not is_ours(live, manifest)
    )


def _towards(
    desired: Desired,
    snapshot: Snapshot,
    setting_type: SettingType,
    manifest: Manifest | None,
    *,
    delete_removed: bool,
) -> Change | None:
    address = desired.address
    if address in snapshot.unreadable:
        return None
    live = snapshot.settings.get(address)
    wish = canonical_desired(desired.values, setting_type)
    others = _switched_off(desired, snapshot, setting_type)
    if live is None:
        fields = tuple(FieldChange(path, None, value, desired.origin(path)) for path, value in leaves(wish))
        return Change(
            Action.CREATE,
            address,
            fields,
            Reason.ABSENT,
            _gravest(setting_type, fields),
            desired=desired,
            switches_off=others,
        )
    found = canonical_live(live.values, setting_type)
    unknown = withheld(wish, found, setting_type)
    fields = tuple(
        FieldChange(path, before, after, desired.origin(path))
        for path, before, after in differences(wish, found, snapshot.handle)
        if path not in unknown
    )
    if delete_removed and manifest is not None and address in manifest.created:
        more = surplus(wish, found, setting_type)
        fields += tuple(FieldChange(path, before, None, desired.origin(path)) for path, before in more)
    if not is_ours(live, manifest):
        return Change(
            Action.ADOPT,
            address,
            fields,
            Reason.UNMARKED,
            _gravest(setting_type, fields),
            desired=desired,
            live=live,
            ack=adoption(address),
            switches_off=others,
        )
    if not fields:
        return None
    return Change(
        Action.UPDATE,
        address,
        fields,
        Reason.DIFFERENT,
        _gravest(setting_type, fields),
        desired=desired,
        live=live,
        switches_off=others,
    )


def _switched_off(desired: Desired, snapshot: Snapshot, setting_type: SettingType) -> tuple[Address, ...]:
    """Return the settings that are on and give way when this one is switched on, since only one can be."""
    if not setting_type.sole or desired.values.get(setting_type.sole) is not True:
        return ()
    return tuple(
        sorted(
            address
            for address, each in snapshot.settings.items()
            if address.type == desired.address.type
            and address != desired.address
            and canonical_live(each.values, setting_type).get(setting_type.sole) is True
        )
    )


def we_made(live: Live, setting_type: SettingType, manifest: Manifest | None) -> bool:
    """Return whether a setting may be deleted as ours.

    It may where the manifest says that we made it, or that we set out to and its name or description bears our mark, or
    its description bears it and nothing stood there before us. A name alone proves nothing: somebody may have chosen
    the same.
    """
    if manifest and live.address in manifest.displaced:
        return False
    if manifest and (live.address in manifest.created or (live.address in manifest.begun and live.managed)):
        return True
    return setting_type.mark is Mark.DESCRIPTION and bool(live.managed)


_GRAVITY = {each: index for index, each in enumerate(Consequence)}


def _gravest(setting_type: SettingType, fields: Sequence[FieldChange]) -> Consequence:
    return min(
        (consequence(setting_type, each.path) for each in fields),
        key=_GRAVITY.__getitem__,
        default=Consequence.COSMETIC,
    )


def _left_over(
    asked: Collection[Address],
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    manifest: Manifest | None,
    *,
    delete_removed: bool,
) -> Iterator[Change]:
    """Yield what becomes of settings of ours that nobody asks for any longer."""
    for address in sorted(snapshot.settings.keys() - set(asked)):
        live = snapshot.settings[address]
        if intrudes(live, asked, manifest):
            if delete_removed:
                yield _deleted(live, types[address.type], Reason.NEVER_AGREED)
            continue
        if not is_ours(live, manifest) or (manifest and address in manifest.released):
            continue
        setting_type = types[address.type]
        if delete_removed and we_made(live, setting_type, manifest) and setting_type.on_removal is not Removal.RELEASE:
            yield _deleted(live, setting_type, Reason.NO_LONGER_AGREED)
        else:
            yield _released(live, setting_type, manifest)


def _released(live: Live, setting_type: SettingType, manifest: Manifest | None) -> Change:
    """Return the release of a setting; one that we made and that acts by itself is stopped with it."""
    found = canonical_live(live.values, setting_type) if we_made(live, setting_type, manifest) else {}
    fields = tuple(
        FieldChange((member,), acting, idle)
        for member, (acting, idle) in setting_type.at_rest.items()
        if found.get(member) == acting
    )
    gravity = _gravest(setting_type, fields)
    return Change(Action.RELEASE, live.address, fields, Reason.NO_LONGER_AGREED, gravity, live=live)


def _deleted(live: Live, setting_type: SettingType, reason: Reason) -> Change:
    return Change(
        Action.DELETE,
        live.address,
        tuple(FieldChange(path, value, None) for path, value in leaves(canonical_live(live.values, setting_type))),
        reason,
        setting_type.consequence,
        live=live,
        ack=deletion(live.address) if setting_type.on_removal is Removal.DELETE_DATA else None,
    )


def _in_order(changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return the changes so that each follows what it requires; ties are broken by address, whatever the input order."""
    by_address = {change.address: change for change in changes}
    needs = {
        change.address: {address for address in _requirements(change) if address in by_address} for change in changes
    }
    needed_by: dict[Address, list[Address]] = {}
    for address, required in needs.items():
        for each in required:
            needed_by.setdefault(each, []).append(address)
    ready = [address for address, required in needs.items() if not required]
    heapq.heapify(ready)
    ordered: list[Change] = []
    while ready:
        address = heapq.heappop(ready)
        ordered.append(by_address[address])
        for each in needed_by.get(address, ()):
            needs[each].discard(address)
            if not needs[each]:
                heapq.heappush(ready, each)
    if len(ordered) < len(changes):
        stuck = sorted(str(address) for address, required in needs.items() if required)
        raise SlaSyncError(
            f"These settings require one another in a circle: {', '.join(stuck)}.",
            hint="Report this with the agreement: a connector translated it wrongly.",
        )
    return tuple(ordered)


def _requirements(change: Change) -> tuple[Address, ...]:
    return change.desired.requires if change.desired else ()
