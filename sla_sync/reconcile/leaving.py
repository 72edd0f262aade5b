"""Who stays when the tool leaves: what of ours was found, what would be lost with it, and what keeps what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from sla_sync.reconcile.canonical import canonical_live
from sla_sync.reconcile.diff import we_made
from sla_sync.reconcile.plan import naming_all
from sla_sync.reconcile.settings import (
    Address,
    Desired,
    Leaving,
    Live,
    Manifest,
    Mark,
    Removal,
    SettingType,
    Snapshot,
    Values,
    deletion,
)


@dataclass(frozen=True)
class Kept:
    """A setting of ours that stays: why, in a clause, and the acknowledgement by which it goes all the same."""

    address: Address
    because: str
    ack: str | None = None


@dataclass(frozen=True)
class Ground:
    """What a departure is decided from.

    `holdings` says how many records hold something in a setting, where the platform tells; `acknowledged` and `keep` are
    what the person says.
    """

    agreement: str
    desired: tuple[Desired, ...]
    snapshot: Snapshot
    types: Mapping[str, SettingType]
    manifest: Manifest | None
    holdings: Mapping[Address, int] = field(default_factory=dict)
    acknowledged: frozenset[str] = frozenset()
    keep: frozenset[Address] = frozenset()

    @cached_property
    def found(self) -> Mapping[Address, Live]:
        """The settings that were found and that the connector has a type for."""
        return {each: live for each, live in sorted(self.snapshot.settings.items()) if each.type in self.types}

    @cached_property
    def made(self) -> Mapping[Address, Live]:
        """The settings that we made."""
        return {
            address: live
            for address, live in self.found.items()
            if we_made(live, self.types[address.type], self.manifest)
        }

    @cached_property
    def claimed(self) -> Mapping[Address, Live]:
        """The settings that we made, and those that bear a name which only we give while nothing says who made them."""
        displaced = self.manifest.displaced if self.manifest else {}
        return {
            address: live
            for address, live in self.found.items()
            if address in self.made
            or (live.managed and self.types[address.type].mark is Mark.NAME and address not in displaced)
        }

    @cached_property
    def requires(self) -> Mapping[Address, frozenset[Address]]:
        """What each setting of ours needs, as far as the agreement or its name tells."""
        known = {each.address: set(each.requires) for each in self.desired if each.address in self.claimed}
        for address in self.claimed:
            whole = self.whole_of(address)
            if whole is not None:
                known.setdefault(address, set()).add(whole)
        return {address: frozenset(needed & self.claimed.keys()) for address, needed in known.items()}

    def leaving(self, address: Address) -> Leaving:
        """Return what can be done with the settings of this one's type."""
        setting_type = self.types[address.type]
        return setting_type.leaving or Leaving(setting_type.on_removal)

    def whole_of(self, address: Address) -> Address | None:
        """Return the setting that we made and that takes this one along when it goes; None where none does."""
        part_of = self.leaving(address).part_of
        if part_of is None:
            return None
        whole = Address(part_of[0], address.key.rpartition(part_of[1])[0])
        return whole if whole != address and whole in self.made else None

    def canonical(self, address: Address) -> Values:
        """Return what a setting says now, in canonical form."""
        return canonical_live(self.found[address].values, self.types[address.type])


def deletion_of_all(kept: Iterable[Kept]) -> str | None:
    """Return the acknowledgement that names all of these that one can name, or None where there are fewer than two."""
    return naming_all("delete-all", (each.ack for each in kept if each.ack))


def addresses_of_manifest(manifest: Manifest | None) -> frozenset[Address]:
    """Return everything that a manifest speaks of."""
    if manifest is None:
        return frozenset()
    return frozenset({*manifest.applied, *manifest.created, *manifest.begun, *manifest.displaced, *manifest.released})


def staying(ground: Ground) -> Mapping[Address, Kept]:
    """Return what stays of what we made: what cannot be deleted, what would be lost, and what these need."""
    kept = {address: why for address in ground.claimed if (why := _why_kept(ground, address)) is not None}
    waiting = sorted(kept)
    while waiting:
        address = waiting.pop()
        spare = ground.leaving(address).does_without
        for needed in sorted(ground.requires.get(address, frozenset())):
            if needed not in kept and needed.type not in spare:
                kept[needed] = Kept(needed, f"{address} stays and needs it")
                waiting.append(needed)
    return kept


def _why_kept(ground: Ground, address: Address) -> Kept | None:
    held = held_back(ground, address)
    return None if held is not None and held.ack in ground.acknowledged else held


def held_back(ground: Ground, address: Address) -> Kept | None:
    """Return why a setting stays as long as nobody names it, or None where it goes."""
    whole = ground.whole_of(address)
    removal = ground.leaving(address).removal
    if address in ground.keep:
        return Kept(address, "you asked to keep it")
    if whole is not None and _why_kept(ground, whole) is None:
        return None
    if removal is Removal.RELEASE:
        return Kept(address, "no API deletes it")
    if address not in ground.made:
        return Kept(address, "it bears a name that we give, and nothing says that we made it", deletion(address))
    if removal is Removal.DELETE or (held := ground.holdings.get(address)) == 0:
        return None
    noun = "record holds" if held == 1 else "records hold"
    because = "no API tells what others keep in it" if held is None else f"{held:,} {noun} something in it"
    return Kept(address, because, deletion(address))
