"""The manifest: what an apply leaves on the platform, what it says there before it begins, and both as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sla_sync.errors import SlaSyncError
from sla_sync.reconcile.canonical import CANONICALISATION, canonical_desired, canonical_live
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Change,
    Desired,
    Manifest,
    Ref,
    SettingType,
    Snapshot,
    Value,
    Values,
)
from sla_sync.reconcile.values import is_list

_READABLE = 1


def plain(value: Value) -> Any:
    """Return a value as JSON can say it; a reference becomes `{"$ref": address}`."""
    if isinstance(value, Ref):
        return {"$ref": str(value.address), "attribute": value.attribute}
    if isinstance(value, Mapping):
        return {key: plain(each) for key, each in value.items()}
    if is_list(value):
        return [plain(each) for each in value]
    return value


def _from_plain(value: Any) -> Value:
    if isinstance(value, dict):
        if "$ref" in value:
            return Ref(Address.parse(value["$ref"]), value.get("attribute", "handle"))
        return {key: _from_plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_from_plain(each) for each in value]
    leaf: Value = value
    return leaf


def _values(found: dict[str, Any]) -> Values:
    return {key: _from_plain(each) for key, each in found.items()}


def manifest_to_json(manifest: Manifest) -> str:
    """Return the manifest as one JSON text with sorted keys, so that the same manifest is the same text."""
    return json.dumps(
        {
            "version": manifest.version,
            "canonicalisation": manifest.canonicalisation,
            "commit": manifest.commit,
            "agreement_digest": manifest.agreement_digest,
            "applied": {str(address): plain(values) for address, values in manifest.applied.items()},
            "created": sorted(map(str, manifest.created)),
            **({"begun": sorted(map(str, manifest.begun))} if manifest.begun else {}),
            "displaced": {str(address): plain(values) for address, values in manifest.displaced.items()},
            "released": sorted(map(str, manifest.released)),
            "handles": {str(address): handle for address, handle in manifest.handles.items()},
        },
        sort_keys=True,
        separators=(",", ":"),
    )


def manifest_from_json(text: str) -> Manifest:
    """Return the manifest of a JSON text. Raises SlaSyncError where it is damaged or was written by a later release."""
    try:
        found = json.loads(text)
        version = found["version"]
        if version > _READABLE:
            raise SlaSyncError(
                f"The manifest on the platform has version {version}; this release reads up to {_READABLE}.",
                hint="Install the release of sla-sync that applied last, or a later one.",
            )
        return Manifest(
            agreement_digest=found["agreement_digest"],
            applied={Address.parse(key): _values(values) for key, values in found["applied"].items()},
            created=frozenset(map(Address.parse, found["created"])),
            begun=frozenset(map(Address.parse, found.get("begun", ()))),
            displaced={Address.parse(key): _values(values) for key, values in found["displaced"].items()},
            released=frozenset(map(Address.parse, found["released"])),
            handles={Address.parse(key): handle for key, handle in found["handles"].items()},
            version=version,
            canonicalisation=found["canonicalisation"],
            commit=found["commit"],
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise SlaSyncError(
            f"The manifest on the platform cannot be read: {error}.",
            hint="Restore it from the last deployment, or remove it and run plan: what bears our mark is found without it.",
        ) from None


def next_manifest(
    previous: Manifest | None,
    desired: Iterable[Desired],
    changes: Iterable[Change],
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    *,
    agreement_digest: str,
    commit: str | None = None,
) -> Manifest:
    """Return the manifest that holds once every change is done.

    A setting that could not be read keeps what the previous manifest says of it, so that it is not forgotten.
    """
    applied: dict[Address, Values] = {}
    for each in desired:
        if each.address in snapshot.unreadable:
            if previous and each.address in previous.applied:
                applied[each.address] = previous.applied[each.address]
        else:
            applied[each.address] = canonical_desired(each.values, types[each.address.type])
    created = {*previous.created, *made_by_one_cut_off(previous, snapshot)} if previous else set()
    displaced = dict(previous.displaced) if previous else {}
    released = set(previous.released) if previous else set()
    for change in changes:
        for other in change.switches_off:
            if (before := snapshot.settings.get(other)) is not None:
                displaced.setdefault(other, canonical_live(before.values, types[other.type]))
        if change.action is Action.CREATE:
            created.add(change.address)
            displaced.pop(change.address, None)
        elif change.action is Action.ADOPT and change.live:
            displaced.setdefault(change.address, canonical_live(change.live.values, types[change.address.type]))
        elif change.action is Action.RELEASE:
            released.add(change.address)
        elif change.action is Action.DELETE:
            created.discard(change.address)
    handles = dict(previous.handles) if previous else {}
    handles |= {
        address: live.handle for address, live in snapshot.settings.items() if live.handle and address in applied
    }
    return Manifest(
        agreement_digest=agreement_digest,
        applied=applied,
        created=frozenset(created),
        begun=previous.begun & snapshot.unreadable.keys() if previous else frozenset(),
        displaced=displaced,
        released=frozenset(released - applied.keys()),
        handles={address: handle for address, handle in handles.items() if address in applied},
        canonicalisation=CANONICALISATION,
        commit=commit,
    )


def opening_manifest(previous: Manifest | None, coming: Manifest, *, atomic: bool) -> Manifest | None:
    """Return what must stand on the platform before anything is written there, or None where nothing new must.

    That is the previous manifest, or an empty one, with what the coming one displaces too; and with what will be made,
    unless that is made in one transaction with the coming one (`atomic`). Nothing is in both.
    """
    before = previous or Manifest(agreement_digest="", applied={}, canonicalisation=CANONICALISATION)
    begun = before.begun if atomic else before.begun | (coming.created - before.created)
    begun -= coming.displaced.keys()
    displaced = {**coming.displaced, **before.displaced}
    opening = replace(before, begun=begun, displaced={each: displaced[each] for each in displaced if each not in begun})
    return None if opening == before else opening


def made_by_one_cut_off(manifest: Manifest, snapshot: Snapshot) -> frozenset[Address]:
    """Return what an apply made that was cut off before it could say so: what it set out to make and bears our mark."""
    found = snapshot.settings
    return frozenset(each for each in manifest.begun if each in found and found[each].managed)
