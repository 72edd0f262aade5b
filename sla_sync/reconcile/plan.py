"""A plan: what apply will do, in order, and the fingerprint of the world it was made for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sla_sync.conventions import FORMAT_VERSION
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity, errors_in, spell
from sla_sync.reconcile.canonical import canonical_desired, canonical_live, is_immutable, leaves, value_at
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.references import references
from sla_sync.reconcile.scope import scope_of, within
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Change,
    Desired,
    Gap,
    Live,
    Manifest,
    Probe,
    SettingType,
    Snapshot,
    Translation,
    Unreadable,
    Value,
)

OPEN, DONE, UNCHECKED = "open", "done", "unchecked"
"""The states of a manual step: its probe says no, its probe says yes, nothing can look."""


@dataclass(frozen=True)
class Step:
    """A manual step of the plan with what is known of it: `open`, `done` or `unchecked`."""

    gap: Gap
    status: str


@dataclass(frozen=True)
class Fingerprint:
    """A digest per address and per container of what was read, or `present`, `absent`, `unreadable`."""

    settings: Mapping[str, str]
    containers: Mapping[str, str]

    @property
    def overall(self) -> str:
        """One digest for all of it; the order in which things were read does not change it."""
        return digest({"settings": dict(self.settings), "containers": dict(self.containers)})

    def moved(self, later: Fingerprint) -> tuple[str, ...]:
        """Return the addresses that are not as they were."""
        return tuple(
            sorted(
                address
                for before, after in ((self.settings, later.settings), (self.containers, later.containers))
                for address in before.keys() | after.keys()
                if before.get(address) != after.get(address)
            )
        )


@dataclass(frozen=True)
class Plan:
    """What apply will do to one target, in order, and what it cannot do."""

    target: str
    agreement: str
    agreement_digest: str
    changes: tuple[Change, ...]
    steps: tuple[Step, ...]
    fingerprint: Fingerprint
    unreadable: tuple[Unreadable, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    matched: int = 0
    production: bool = False
    tool: str = "sla-sync"
    format_version: int = FORMAT_VERSION
    footprint: Mapping[str, int] = field(default_factory=dict)
    """How many settings of each type the agreement asks for."""
    opening: tuple[str, ...] = ()
    """What the agreement takes of the platform's limits, in sentences."""
    only: tuple[Address, ...] = ()
    """The settings that were asked for by name; empty where the plan is about all."""
    scope: frozenset[Address] | None = None
    """These settings and what they require; None where the plan is about all."""
    left: int = 0
    """How many changes wait outside the scope."""

    @property
    def refused(self) -> bool:
        """Whether an error stands in the way whatever is acknowledged."""
        return bool(errors_in(self.diagnostics))


def digest(value: object) -> str:
    """Return the SHA-256 (hex) of a value's JSON with sorted keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def naming_all(kind: str, acknowledgements: Iterable[str]) -> str | None:
    """Return one acknowledgement for all of these: its kind, their number and a digest of their names.

    It is another one as soon as one more joins them; None where there are fewer than two.
    """
    named = sorted(acknowledgements)
    return f"{kind}:{len(named)}-{digest(named)[:8]}" if len(named) > 1 else None


def fingerprint(
    translation: Translation,
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    manifest: Manifest | None,
    *,
    scope: Collection[Address] | None = None,
) -> Fingerprint:
    """Return the digests of everything that the plan looked at, or of the settings of a scope and of all containers.

    Of a setting that is asked for, the values that the agreement names count; of one that is left over, only that it
    is there. A container counts whole, since it is replaced as a whole.
    """
    wishes = {each.address: each for each in translation.desired}
    addresses = wishes.keys() | snapshot.settings.keys() | (manifest.applied.keys() if manifest else set())
    if scope is not None:
        addresses &= set(scope)
    return Fingerprint(
        settings={
            str(address): _digest_at(address, wishes.get(address), snapshot, types) for address in sorted(addresses)
        },
        containers={
            str(address): digest(plain(_canonical(live, types))) for address, live in snapshot.containers.items()
        },
    )


def _digest_at(address: Address, wish: Desired | None, snapshot: Snapshot, types: Mapping[str, SettingType]) -> str:
    if address in snapshot.unreadable:
        return "unreadable"
    live = snapshot.settings.get(address)
    if live is None or wish is None:
        return "present" if live else "absent"
    found = _canonical(live, types)
    named = leaves(canonical_desired(wish.values, types[address.type]))
    return digest([[spell(path), plain(value_at(found, path))] for path, _ in sorted(named, key=_spelled)])


def _spelled(leaf: tuple[KeyPath, Value]) -> str:
    return spell(leaf[0])


def _canonical(live: Live, types: Mapping[str, SettingType]) -> Value:
    setting_type = types.get(live.address.type)
    return canonical_live(live.values, setting_type) if setting_type else live.values


def make_plan(
    translation: Translation,
    snapshot: Snapshot,
    types: Mapping[str, SettingType],
    *,
    target: str,
    agreement: str,
    agreement_digest: str,
    manifest: Manifest | None = None,
    delete_removed: bool = False,
    production: bool = False,
    diagnostics: Iterable[Diagnostic] = (),
    tool: str = "sla-sync",
    only: Collection[Address] = (),
) -> Plan:
    """Return the plan that makes live what the translation asks for.

    `only` makes it a plan for these settings and what they require: all else is left out of it, as if nobody asked.
    """
    whole = diff(translation.desired, snapshot, types, manifest=manifest, delete_removed=delete_removed)
    scope = scope_of(only, translation.desired) if only else None
    changes = whole if scope is None else within(whole, scope)
    desired = tuple(each for each in translation.desired if scope is None or each.address in scope)
    asked = {each.address for each in desired}
    unreadable = tuple(snapshot.unreadable[address] for address in sorted(snapshot.unreadable.keys() & asked))
    touched = {change.address for change in changes if change.address in asked}
    footprint: dict[str, int] = {}
    for each in sorted(asked):
        footprint[each.type] = footprint.get(each.type, 0) + 1
    return Plan(
        target=target,
        agreement=agreement,
        agreement_digest=agreement_digest,
        changes=changes,
        steps=tuple(Step(gap, probe_status(gap.probe, snapshot, types)) for gap in translation.gaps if scope is None),
        fingerprint=fingerprint(translation, snapshot, types, manifest, scope=scope),
        unreadable=unreadable,
        diagnostics=(
            *diagnostics,
            *_impossible(changes, types),
            *_dangling(desired, snapshot, frozenset(each.address for each in translation.desired)),
        ),
        matched=len(asked) - len(touched) - len(unreadable),
        production=production,
        tool=tool,
        footprint=footprint,
        opening=translation.opening if scope is None else (),
        only=tuple(sorted(only)),
        scope=scope,
        left=len(whole) - len(changes),
    )


def probe_status(probe: Probe | None, snapshot: Snapshot, types: Mapping[str, SettingType]) -> str:
    """Return what a look at the platform says of a manual step."""
    if probe is None:
        return UNCHECKED
    found: Live | None = snapshot.settings.get(probe.address) or snapshot.containers.get(probe.address)
    if found is None:
        return UNCHECKED if probe.address in snapshot.unreadable else OPEN
    return DONE if value_at(_canonical(found, types), probe.path) == probe.value else OPEN


def _impossible(changes: Iterable[Change], types: Mapping[str, SettingType]) -> Iterable[Diagnostic]:
    """Yield an error for every change of a value that the platform refuses to change."""
    for change in changes:
        if change.action not in {Action.UPDATE, Action.ADOPT}:
            continue
        for each in change.fields:
            if is_immutable(types[change.address.type], each.path):
                yield Diagnostic(
                    "SLA812",
                    Severity.ERROR,
                    f"{change.address} exists with {_last(each.path)} «{each.before}» and cannot become «{each.after}» "
                    "without losing what it holds.",
                    each.origin,
                    hint="Choose another name for it in the binding, or move its data by hand and remove it first.",
                )


def _dangling(wanted: Iterable[Desired], snapshot: Snapshot, asked: frozenset[Address]) -> Iterable[Diagnostic]:
    """Yield an error for everything that settings refer to and that is neither asked for nor on the platform."""
    known = asked | snapshot.settings.keys()
    lacking: dict[Address, list[tuple[Desired, KeyPath]]] = {}
    for each in wanted:
        for path, ref in references(each.values):
            if ref.address not in known:
                lacking.setdefault(ref.address, []).append((each, path))
    for address, places in sorted(lacking.items(), key=lambda each: each[0]):
        first, path = places[0]
        more = len({each.address for each, _ in places}) - 1
        others = f" and {more} more settings need it" if more else " needs it"
        said = snapshot.unreadable.get(address)
        because = said.because if said else f"The platform has no {address}."
        yield Diagnostic(
            "SLA802",
            Severity.ERROR,
            f"{because} {first.address}{others}.",
            first.origin(path),
            hint="Correct the name in the targets file or the binding, or create what is missing on the platform.",
        )


def _last(path: KeyPath) -> str:
    return str(path[-1]) if path else "values"
