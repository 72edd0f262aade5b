"""Whether changed documents ask for what was found, and for nothing else that is new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sla_sync.adopting.edits import Edit, Paper
from sla_sync.adopting.found import switched_off
from sla_sync.diagnostics import KeyPath
from sla_sync.reconcile.canonical import canonical_desired, canonical_live, leaves, surplus, value_at
from sla_sync.reconcile.diff import is_ours
from sla_sync.reconcile.drift import DriftClass, Finding
from sla_sync.reconcile.settings import Address, Desired, Manifest, SettingType, Snapshot, Value, Values
from sla_sync.reconcile.values import differences, equal

_SAME_WORDS: Mapping[str, tuple[str, ...]] = {"modes": ("commitments",)}
"""Section of a binding → sections of the agreement whose words its keys are; elsewhere both bear one name."""


@dataclass(frozen=True)
class Follows:
    """Another value that the documents ask for after the change. `there`: the platform has it already."""

    address: Address
    path: KeyPath
    before: Value
    after: Value
    there: bool


@dataclass(frozen=True)
class Scene:
    """What a proof looks at: what was asked for, what is there, and what the engine must know of each type."""

    desired: Mapping[Address, Desired]
    snapshot: Snapshot
    types: Mapping[str, SettingType]
    manifest: Manifest | None = None

    def asked(self, address: Address) -> Values | None:
        """Return what was asked for at an address, in canonical form."""
        found = self.desired.get(address)
        return canonical_desired(found.values, self.types[address.type]) if found else None

    def others(self, address: Address) -> bool:
        """Return whether what stands at an address is not ours yet."""
        found = self.snapshot.settings.get(address)
        return found is not None and not is_ours(found, self.manifest)

    def live(self, address: Address) -> Values | None:
        """Return what is there, in canonical form."""
        found = self.snapshot.settings.get(address)
        return canonical_live(found.values, self.types[address.type]) if found else None


def prove(
    scene: Scene, finding: Finding, edits: Sequence[Edit], after: Iterable[Desired]
) -> tuple[Follows, ...] | None:
    """Return what else the changed documents ask for, or None where they do not ask for what was found.

    None too where they ask for something that the platform has not and that comes neither from the same place nor from
    what was edited.
    """
    asked = {each.address: each for each in after}
    changed = replace(scene, desired=asked)
    if not settled(changed, finding):
        return None
    near = (finding.commitment, *(path for each in edits for path in _words_of(each)))
    follows: list[Follows] = []
    handle = scene.snapshot.handle
    for address, path, before, now in _changes(scene, changed):
        if address == finding.address and path[: len(finding.path)] == finding.path:
            continue
        live = scene.live(address)
        done = live is None if address not in asked else live is not None and equal(now, value_at(live, path), handle)
        if not done and not any(
            _related(one, other) for one in _origins(scene, changed, address, path) for other in near
        ):
            return None
        follows.append(Follows(address, path, before, now, done))
    return tuple(follows)


def _origins(before: Scene, after: Scene, address: Address, path: KeyPath) -> set[KeyPath]:
    found = (each.desired.get(address) for each in (before, after))
    return {each.origin(path) for each in found if each is not None}


def settled(changed: Scene, finding: Finding) -> bool:
    """Return whether an audit would find nothing at the place of the finding any more."""
    if finding.what:
        # It was seen beside the settings, and what documents ask for are settings.
        return False
    wish, live = changed.asked(finding.address), changed.live(finding.address)
    if live is None:
        return wish is None
    if wish is None:
        return switched_off(finding)
    different = (path for path, _, _ in differences(wish, live, changed.snapshot.handle))
    # What stands at a closed place and nobody asks for is too much, and a finding of its own.
    more = (path for path, _ in surplus(wish, live, changed.types[finding.address.type]))
    found = [*different, *(more if finding.drift is DriftClass.EXTRA else ())]
    return not any(_related(path, finding.path) for path in found)


def _changes(before: Scene, after: Scene) -> Iterator[tuple[Address, KeyPath, Value, Value]]:
    """Yield what the documents ask for otherwise, as deep as both sides have one shape: address, path, before, after."""
    for address in sorted(before.desired.keys() | after.desired.keys()):
        old, new = before.asked(address), after.asked(address)
        if old is None or new is None:
            yield from ((address, path, value, None) for path, value in (leaves(old) if old else ()))
            yield from ((address, path, None, value) for path, value in (leaves(new) if new else ()))
            continue
        handle = before.snapshot.handle
        changed = {path: (was, now) for path, was, now in differences(new, old, handle)}
        changed |= {path: (was, now) for path, now, was in differences(old, new, handle)}
        for path in sorted(changed, key=str):
            yield address, path, *changed[path]


def _words_of(edit: Edit) -> Iterator[KeyPath]:
    """Yield the places of the agreement that an edit is about."""
    if edit.paper is Paper.AGREEMENT:
        # A title stands in texts of settings that come from the agreement as a whole.
        yield () if edit.path[0] == "metadata" else edit.path
    elif edit.paper is Paper.PEOPLE:
        names = [str(each) for each in edit.path if isinstance(each, str)]
        yield from ((section, name) for section in ("roles", "teams", "queues") for name in names[-1:])
    elif len(edit.path) > 1:
        section, *rest = edit.path
        yield from ((word, *rest) for word in _SAME_WORDS.get(str(section), (section,)))
    elif edit.path == ("modes",):
        yield from (("commitments", str(name)) for name in edit.value or ())


def _related(one: KeyPath, other: KeyPath) -> bool:
    """Return whether one place lies in the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
