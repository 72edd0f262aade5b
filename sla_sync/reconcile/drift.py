"""Drift: the same diff, explained by what the last apply left.

Per value: desired ≠ live = last applied is *pending* (the agreement moved, nobody touched the platform); desired = last
applied ≠ live is drift (somebody touched the platform); all three different is a *conflict*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sla_sync.diagnostics import KeyPath, spell
from sla_sync.reconcile.canonical import canonical_desired, canonical_live, consequence, surplus, value_at, withheld
from sla_sync.reconcile.diff import intrudes, is_ours
from sla_sync.reconcile.plan import DONE, Plan
from sla_sync.reconcile.settings import (
    Address,
    Consequence,
    Desired,
    Live,
    Manifest,
    SettingChange,
    SettingType,
    Snapshot,
    Value,
)
from sla_sync.reconcile.values import differences, equal


class DriftClass(StrEnum):
    """What happened to a setting."""

    MISSING = "missing"
    """We applied it, and it is gone."""
    CHANGED = "changed"
    """Somebody changed a value that we applied."""
    DISABLED = "disabled"
    """Somebody switched it off."""
    CONFLICT = "conflict"
    """The agreement and the platform both moved, in different directions."""
    PENDING = "pending"
    """The agreement moved and was not applied yet: no drift."""
    EXTRA = "extra"
    """Somebody put it into a setting that we made, and nobody agreed on it."""
    FOREIGN = "foreign"
    """It stands there, is asked for, and is not ours: apply would have to adopt it."""
    STALLED = "stalled"
    """What finds the dates of clocks from outside has not run in time; nobody changed a setting."""
    SHADOWED = "shadowed"
    """An automation of others writes what only ours should write, or moves leads on."""
    STALE = "stale"
    """It is there and does not count yet or any more: an unpublished draft, a stopped schedule, a sync error."""
    PEOPLE = "people"
    """A role, queue or team without an active person."""
    BEHAVIOUR = "behaviour"
    """Settings are as agreed, and what happens is not: dates are not stamped, reasons stay empty."""


DRIFTS = frozenset(DriftClass) - {DriftClass.PENDING}


@dataclass(frozen=True)
class Finding:
    """One value that is not as agreed. `commitment` is the place in the agreement that it serves."""

    drift: DriftClass
    consequence: Consequence
    address: Address
    path: KeyPath
    agreed: Value
    applied: Value
    live: Value
    who: str | None
    when: datetime | None
    commitment: KeyPath


@dataclass(frozen=True)
class Unverifiable:
    """Something that nobody could look at, so nobody may call it in sync."""

    what: str
    because: str
    manual: bool = False
    """Whether it is a manual step, which no reader can look at; otherwise a setting that could not be read."""


@dataclass(frozen=True)
class Drift:
    """The audit of one target."""

    target: str
    findings: tuple[Finding, ...]
    matched: int
    unverifiable: tuple[Unverifiable, ...]

    @property
    def drifted(self) -> tuple[Finding, ...]:
        """The findings that are more than pending."""
        return tuple(each for each in self.findings if each.drift in DRIFTS)

    @property
    def in_sync(self) -> bool:
        """Whether everything matches and nothing was left unchecked."""
        return not self.findings and not self.unverifiable

    @property
    def unreadable(self) -> bool:
        """Whether a setting that was asked for could not be read."""
        return any(not each.manual for each in self.unverifiable)


_GRAVITY = {each: index for index, each in enumerate(Consequence)}
_SWITCHES: Mapping[str, Value] = {"active": False, "status": "Draft", "isEnabled": False, "activeVersion": None}
"""Members by which platforms switch a setting off, and what they say then."""


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
    lines, desired = tuple(trail), tuple(desired)
    findings: list[Finding] = []
    matched = 0
    for each in desired:
        if each.address in snapshot.unreadable:
            continue
        found = tuple(_compare(each, snapshot, types[each.address.type], manifest, lines))
        findings.extend(found)
        matched += not found
    findings.extend(_extras({each.address: each for each in desired}, snapshot, types, manifest, lines))
    unverifiable = [
        *(Unverifiable(str(each.address), each.because) for each in plan.unreadable),
        *_withheld(desired, snapshot, types),
        *(
            Unverifiable(f"manual step {each.gap.id}", each.gap.name, manual=True)
            for each in plan.steps
            if each.status != DONE
        ),
    ]
    findings.sort(key=lambda each: (_GRAVITY[each.consequence], each.address, tuple(map(str, each.path))))
    return Drift(plan.target, tuple(findings), matched, tuple(unverifiable))


def _withheld(
    desired: Iterable[Desired], snapshot: Snapshot, types: Mapping[str, SettingType]
) -> Iterator[Unverifiable]:
    """Yield the places of which the platform tells nothing although it shows the setting."""
    for each in desired:
        live, setting_type = snapshot.settings.get(each.address), types[each.address.type]
        if live is None or not setting_type.withheld or each.address in snapshot.unreadable:
            continue
        wish, found = canonical_desired(each.values, setting_type), canonical_live(live.values, setting_type)
        for path in sorted(withheld(wish, found, setting_type), key=spell):
            yield Unverifiable(f"{each.address} {spell(path)}", "The platform leaves it out of what it answers.")


def _compare(
    desired: Desired,
    snapshot: Snapshot,
    setting_type: SettingType,
    manifest: Manifest | None,
    trail: tuple[SettingChange, ...],
) -> Iterator[Finding]:
    address = desired.address
    live = snapshot.settings.get(address)
    wish = canonical_desired(desired.values, setting_type)
    applied = manifest.applied.get(address) if manifest else None
    if live is None:
        drift = DriftClass.PENDING if applied is None else DriftClass.MISSING
        who, when = _author(None, address, trail) if drift is DriftClass.MISSING else (None, None)
        yield Finding(drift, setting_type.consequence, address, (), wish, applied, None, who, when, desired.origin())
        return
    if not is_ours(live, manifest):
        who, when = _author(live, address, trail)
        yield Finding(
            DriftClass.FOREIGN,
            setting_type.consequence,
            address,
            (),
            wish,
            None,
            live.values,
            who,
            when,
            desired.origin(),
        )
        return
    found = canonical_live(live.values, setting_type)
    unknown = withheld(wish, found, setting_type)
    for path, value, wanted in differences(wish, found, snapshot.handle):
        if path in unknown:
            continue
        before = value_at(applied, path) if applied is not None else None
        drift = _classify(wanted, value, before, snapshot, path, known=applied is not None)
        who, when = (None, None) if drift is DriftClass.PENDING else _author(live, address, trail)
        yield Finding(
            drift,
            consequence(setting_type, path),
            address,
            path,
            wanted,
            before,
            value,
            who,
            when,
            desired.origin(path),
        )

    if manifest is not None and address in manifest.created:
        who, when = _author(live, address, trail)
        # A part that bears the name of a setting that we released, such as access to its field, stayed with it.
        released = {each.key for each in manifest.released}
        for path, value in surplus(wish, found, setting_type):
            if released.intersection(map(str, path)):
                continue
            gravity = consequence(setting_type, path)
            origin = desired.origin(path)
            yield Finding(DriftClass.EXTRA, gravity, address, path, None, None, value, who, when, origin)


def _extras(
    desired: Mapping[Address, Desired],
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    manifest: Manifest | None,
    trail: tuple[SettingChange, ...],
) -> Iterator[Finding]:
    """Yield everything that somebody put into a setting of ours; it serves what that setting serves, or goes against it."""
    for address, live in snapshot.settings.items():
        if address not in desired and live.inside is not None and intrudes(live, desired.keys(), manifest):
            who, when = _author(live, address, trail)
            gravity, origin = types[address.type].consequence, desired[live.inside].origin()
            yield Finding(DriftClass.EXTRA, gravity, address, (), None, None, live.values, who, when, origin)


def _classify(
    wanted: Value, live: Value, applied: Value, snapshot: Snapshot, path: KeyPath, *, known: bool
) -> DriftClass:
    if not known or equal(applied, live, snapshot.handle):
        return DriftClass.PENDING
    if not equal(wanted, applied, snapshot.handle):
        return DriftClass.CONFLICT
    last = str(path[-1]) if path else ""
    if last in _SWITCHES and live == _SWITCHES[last]:
        return DriftClass.DISABLED
    return DriftClass.CHANGED


def _author(
    live: Live | None, address: Address, trail: tuple[SettingChange, ...]
) -> tuple[str | None, datetime | None]:
    """Return who changed a setting and when: the trail's newest line about it, else what the setting itself says."""
    line = next((each for each in trail if each.address == address), None)
    if line is not None:
        return line.who, line.at
    return (live.changed_by, live.changed_at) if live else (None, None)
