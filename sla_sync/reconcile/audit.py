"""The audit: the same diff as the plan's, explained by what the last apply left and by the platform's own trail.

Per value: desired ≠ live = last applied is *pending* (the agreement moved, nobody touched the platform); desired = last
applied ≠ live is drift (somebody touched the platform); all three different is a *conflict*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sla_sync.diagnostics import KeyPath, spell
from sla_sync.reconcile.canonical import (
    canonical_desired,
    canonical_live,
    consequence,
    leaves,
    surplus,
    value_at,
    withheld,
)
from sla_sync.reconcile.diff import intrudes, is_ours
from sla_sync.reconcile.drift import DRIFTS, GRAVITY, Drift, DriftClass, Finding, Trace, Unverifiable
from sla_sync.reconcile.plan import DONE, Plan
from sla_sync.reconcile.settings import (
    Address,
    Desired,
    Live,
    Manifest,
    SettingChange,
    SettingType,
    Snapshot,
    Value,
)
from sla_sync.reconcile.values import differences, equal

_LOST = Unverifiable(
    "the manifest",
    "It is gone, although settings bear our mark: what the last apply left is not known, nor what was added since. Apply "
    "writes it again.",
)


@dataclass(frozen=True)
class _Scene:
    """What an audit looks at: the reading, what the last apply left, and the newest line of the trail by address."""

    target: str
    snapshot: Snapshot
    types: Mapping[str, SettingType]
    manifest: Manifest | None
    trail: Mapping[Address, SettingChange]
    lost: bool
    """Whether the manifest is gone: what differs then was changed for all we know, and waits for no apply."""


def audit(
    plan: Plan,
    desired: Iterable[Desired],
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    *,
    manifest: Manifest | None,
    trail: Iterable[SettingChange] = (),
) -> Drift:
    """Return every difference between the agreement and the platform, explained by the manifest and the audit trail."""
    desired = tuple(desired)
    scene = _Scene(plan.target, snapshot, types, manifest, _newest(trail), _is_lost(desired, snapshot, manifest))
    findings: list[Finding] = []
    matched = 0
    for each in desired:
        if each.address in snapshot.unreadable:
            continue
        found = tuple(_compare(each, scene))
        findings.extend(found)
        matched += not found
    findings.extend(_extras({each.address: each for each in desired}, scene))
    unverifiable = [
        *(Unverifiable(str(each.address), each.because) for each in plan.unreadable),
        *_withheld(desired, scene),
        *([_LOST] if scene.lost else []),
        *(
            Unverifiable(f"manual step {each.gap.id}", each.gap.name, manual=True)
            for each in plan.steps
            if each.status != DONE
        ),
    ]
    return Drift(plan.target, in_order(findings), matched, tuple(unverifiable))


def _is_lost(desired: Iterable[Desired], snapshot: Snapshot, manifest: Manifest | None) -> bool:
    """Return whether we were here and the manifest says nothing of it: more settings bear our mark than are missing.

    Some may bear it before the first apply, for agreements can share a setting.
    """
    if manifest is not None:
        return False
    there = [snapshot.settings.get(each.address) for each in desired if each.address not in snapshot.unreadable]
    return sum(each is not None and bool(each.managed) for each in there) > sum(each is None for each in there)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings as people read them: the gravest first, and what merely waits to be applied at the end."""
    return tuple(
        sorted(
            findings,
            key=lambda each: (
                each.drift not in DRIFTS,
                GRAVITY[each.consequence],
                each.address,
                tuple(map(str, each.path)),
                each.what,
            ),
        )
    )


def _newest(trail: Iterable[SettingChange]) -> Mapping[Address, SettingChange]:
    found: dict[Address, SettingChange] = {}
    for line in trail:
        if line.address is not None and (line.address not in found or line.at > found[line.address].at):
            found[line.address] = line
    return found


def _withheld(desired: Iterable[Desired], scene: _Scene) -> Iterator[Unverifiable]:
    """Yield the places of which the platform tells nothing although it shows the setting."""
    snapshot = scene.snapshot
    for each in desired:
        live, setting_type = snapshot.settings.get(each.address), scene.types[each.address.type]
        if live is None or not setting_type.withheld or each.address in snapshot.unreadable:
            continue
        wish, found = canonical_desired(each.values, setting_type), canonical_live(live.values, setting_type)
        for path in sorted(withheld(wish, found, setting_type), key=spell):
            yield Unverifiable(f"{each.address} {spell(path)}", "The platform leaves it out of what it answers.")


def _compare(desired: Desired, scene: _Scene) -> Iterator[Finding]:
    address, snapshot, manifest = desired.address, scene.snapshot, scene.manifest
    live, setting_type = snapshot.settings.get(address), scene.types[address.type]
    wish = canonical_desired(desired.values, setting_type)
    applied = manifest.applied.get(address) if manifest else None
    if live is None:
        drift = DriftClass.PENDING if applied is None and not scene.lost else DriftClass.MISSING
        yield _finding(scene, drift, address, (), (wish, applied, None), None, desired)
        return
    found = canonical_live(live.values, setting_type)
    if not is_ours(live, manifest):
        # Of a setting of others only what we would change is looked at: the rest may be another one tomorrow.
        named = {spell(path): value_at(found, path) for path, _ in leaves(wish)}
        yield _finding(scene, DriftClass.FOREIGN, address, (), (wish, None, named), live, desired)
        return
    unknown = withheld(wish, found, setting_type)
    for path, value, wanted in differences(wish, found, snapshot.handle):
        if path in unknown:
            continue
        before = value_at(applied, path) if applied is not None else None
        drift = _classify(wanted, value, before, scene, address, path, known=applied is not None)
        yield _finding(scene, drift, address, path, (wanted, before, value), live, desired)
    if manifest is not None and address in manifest.created:
        # A part that bears the name of a setting that we released, such as access to its field, stayed with it.
        released = {each.key for each in manifest.released}
        for path, value in surplus(wish, found, setting_type):
            if not released.intersection(map(str, path)):
                yield _finding(scene, DriftClass.EXTRA, address, path, (None, None, value), live, desired)


def _extras(desired: Mapping[Address, Desired], scene: _Scene) -> Iterator[Finding]:
    """Yield everything that somebody put into a setting of ours; it serves what that setting serves, or goes against it."""
    for address, live in scene.snapshot.settings.items():
        if address not in desired and live.inside is not None and intrudes(live, desired.keys(), scene.manifest):
            found = canonical_live(live.values, scene.types[address.type])
            yield _finding(scene, DriftClass.EXTRA, address, (), (None, None, found), live, desired[live.inside])


def _finding(
    scene: _Scene,
    drift: DriftClass,
    address: Address,
    path: KeyPath,
    values: tuple[Value, Value, Value],
    live: Live | None,
    serves: Desired,
) -> Finding:
    """Return a finding; `values` are what is agreed, what was applied and what is there."""
    who, when = (None, None) if drift is DriftClass.PENDING else _author(live, address, scene.trail)
    agreed, applied, there = values
    return Finding(
        drift,
        consequence(scene.types[address.type], path),
        address,
        path,
        agreed,
        applied,
        there,
        who,
        when,
        serves.origin(path if address == serves.address else ()),
        target=scene.target,
        trace=Trace.TOLD if who else Trace.NOT_FOUND,
    )


def _classify(
    wanted: Value, live: Value, applied: Value, scene: _Scene, address: Address, path: KeyPath, *, known: bool
) -> DriftClass:
    handle = scene.snapshot.handle
    if not scene.lost and (not known or equal(applied, live, handle)):
        return DriftClass.PENDING
    if known and not equal(wanted, applied, handle):
        return DriftClass.CONFLICT
    return DriftClass.DISABLED if _is_off(live, scene.types[address.type], path) else DriftClass.CHANGED


def _is_off(live: Value, setting_type: SettingType, path: KeyPath) -> bool:
    """Return whether a value says that its setting was switched off."""
    if len(path) != 1:
        return False
    # A platform may have two words for it: what we write to stop a setting, and what it says of one that people stopped.
    (member,) = map(str, path)
    said = [each[member] for each in (_stopping(setting_type), setting_type.switched_off) if member in each]
    return live in said


def _stopping(setting_type: SettingType) -> Mapping[str, Value]:
    """Return the members by which we stop a setting, or by which another of its type does, and what they say then."""
    stopped = {member: idle for member, (_, idle) in setting_type.at_rest.items()}
    return {**stopped, **({setting_type.sole: False} if setting_type.sole else {})}


def _author(
    live: Live | None, address: Address, trail: Mapping[Address, SettingChange]
) -> tuple[str | None, datetime | None]:
    """Return who changed a setting and when: the newest of what the trail and the setting itself say."""
    line = trail.get(address)
    if line is None:
        return (live.changed_by, live.changed_at) if live else (None, None)
    if live and live.changed_by and live.changed_at and live.changed_at > line.at:
        return live.changed_by, live.changed_at
    return line.who, line.at
