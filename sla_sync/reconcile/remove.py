"""Leaving a platform: what becomes of each setting that bears our mark or stands in our manifest.

What we made goes, where it holds nothing that would be lost; what was there before us becomes what it was; the rest stays
without our mark. Nothing that is not ours is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter

from sla_sync.diagnostics import Diagnostic, spell
from sla_sync.reconcile.canonical import CANONICALISATION, canonical_live, leaves, value_at
from sla_sync.reconcile.diff import is_ours
from sla_sync.reconcile.leaving import Ground, Kept, addresses_of_manifest, held_back, staying
from sla_sync.reconcile.manifest import plain
from sla_sync.reconcile.plan import OPEN, Fingerprint, Plan, Step, digest
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Change,
    Consequence,
    Desired,
    FieldChange,
    Gap,
    Live,
    Manifest,
    Reason,
    Removal,
    SettingType,
    Values,
)
from sla_sync.reconcile.undo import undone, unmarking, wanted


@dataclass(frozen=True)
class Departure:
    """What leaving a platform takes: a plan, what stays of ours, and what bears our names without being proven ours."""

    plan: Plan
    kept: tuple[Kept, ...] = ()
    unproven: tuple[Address, ...] = ()


def departure(
    ground: Ground, *, target: str, production: bool = False, diagnostics: Iterable[Diagnostic] = ()
) -> Departure:
    """Return what leaving a platform takes, in order: what acts by itself, what is put back, what goes, what stays."""
    kept = staying(ground)
    # What no API deletes and goes all the same goes with its whole.
    going = {
        address: live
        for address, live in ground.claimed.items()
        if address not in kept and ground.leaving(address).removal is not Removal.RELEASE
    }
    inside = {
        address: live
        for address, live in ground.found.items()
        if live.inside in going and address not in ground.claimed
    }
    deleted = _in_order(ground, {**going, **inside})
    put_back, by_hand = _put_back(ground)
    changes = (
        *(each for each in deleted if ground.types[each.address.type].at_rest),
        *put_back,
        *(each for each in deleted if not ground.types[each.address.type].at_rest),
        *_unmarked(ground, kept),
    )
    unreadable = tuple(
        ground.snapshot.unreadable[each]
        for each in sorted(ground.snapshot.unreadable.keys() & addresses_of_manifest(ground.manifest))
    )
    plan = Plan(
        target=target,
        agreement=ground.agreement,
        agreement_digest=ground.manifest.agreement_digest if ground.manifest else "",
        changes=changes,
        steps=(*_steps(ground, kept), *by_hand),
        fingerprint=fingerprint_of(ground, changes),
        unreadable=unreadable,
        diagnostics=tuple(diagnostics),
        production=production,
        footprint=_footprint(ground),
        opening=_opening(ground, deleted, kept),
    )
    return Departure(plan, tuple(kept[each] for each in sorted(kept)), _unproven(ground))


def remaining_manifest(ground: Ground) -> Manifest:
    """Return the manifest that holds once everything is done: nothing, but for what the platform would not show."""
    before, unread = ground.manifest, ground.snapshot.unreadable.keys()
    if before is None:
        return Manifest("", {}, canonicalisation=CANONICALISATION)
    return replace(
        before,
        agreement_digest="",
        applied={each: values for each, values in before.applied.items() if each in unread},
        created=before.created & unread,
        begun=before.begun & unread,
        displaced={each: values for each, values in before.displaced.items() if each in unread},
        released=before.released & unread,
        handles={each: handle for each, handle in before.handles.items() if each in unread},
        commit=None,
    )


def fingerprint_of(ground: Ground, changes: Iterable[Change]) -> Fingerprint:
    """Return the digests of what these changes look at: whether it is there, what it says where that is changed.

    Of what goes because it holds nothing it counts that it holds nothing still.
    """
    return Fingerprint(
        settings={str(each.address): _digest(ground, each) for each in changes},
        containers={
            str(address): digest(plain(canonical_live(live.values, ground.types[address.type])))
            for address, live in ground.snapshot.containers.items()
            if address.type in ground.types
        },
    )


def _digest(ground: Ground, change: Change) -> str:
    address = change.address
    if address in ground.snapshot.unreadable:
        return "unreadable"
    if address not in ground.found:
        return "absent"
    if change.action is Action.DELETE:
        emptied = ground.leaving(address).removal is Removal.DELETE_DATA and change.ack is None
        held = ground.holdings.get(address, 0) if emptied and ground.whole_of(address) is None else 0
        return f"holds {held}" if held else "present"
    now = ground.canonical(address)
    return digest([[spell(each.path), plain(value_at(now, each.path))] for each in change.fields])


def _in_order(ground: Ground, going: Mapping[Address, Live]) -> tuple[Change, ...]:
    """Return the deletions so that nothing goes before what needs it."""
    sorter: TopologicalSorter[Address] = TopologicalSorter()
    for address in sorted(going):
        sorter.add(address, *sorted(ground.requires.get(address, frozenset()) & going.keys()))
    return tuple(_deleted(ground, address) for address in reversed(tuple(sorter.static_order())))


def _deleted(ground: Ground, address: Address) -> Change:
    live, setting_type = ground.found[address], ground.types[address.type]
    held = held_back(ground, address) if address in ground.claimed else None
    return Change(
        Action.DELETE,
        address,
        tuple(FieldChange(path, value, None) for path, value in leaves(ground.canonical(address))),
        Reason.LEAVING,
        setting_type.consequence,
        live=live,
        ack=held.ack if held else None,
    )


def _put_back(ground: Ground) -> tuple[tuple[Change, ...], tuple[Step, ...]]:
    """Return what makes the settings of others what they were, and the steps for those that no call can put back."""
    manifest = ground.manifest
    changes: list[Change] = []
    steps: dict[str, list[Address]] = {}
    for address, before in sorted(manifest.displaced.items()) if manifest else ():
        live = ground.found.get(address)
        if manifest is None or live is None:
            continue
        fields = _restored(ground, address, before, manifest)
        if address in manifest.applied and ground.leaving(address).put_back:
            steps.setdefault(address.type, []).append(address)
            fields = ()
            stopped = tuple(_stopped(ground, address))
            changes.append(_change(Action.RELEASE, address, stopped, Reason.BEFORE_US, live))
        elif fields:
            values = wanted(fields, ground.types[address.type])
            changes.append(_change(Action.UPDATE, address, fields, Reason.BEFORE_US, live, values))
        else:
            changes.append(_change(Action.RELEASE, address, (), Reason.BEFORE_US, live))
    told = tuple(
        _step(f"put-back:{type_name}", ground.types[type_name], ground.leaving(several[0]).put_back, several)
        for type_name, several in sorted(steps.items())
    )
    return tuple(changes), told


def _restored(ground: Ground, address: Address, before: Values, manifest: Manifest) -> tuple[FieldChange, ...]:
    setting_type, found = ground.types[address.type], ground.canonical(address)
    if address in manifest.applied:
        return tuple(
            undone(
                manifest.applied[address],
                found,
                before,
                setting_type,
                agreement=ground.agreement,
                handle=lambda each: manifest.handles.get(each) or ground.snapshot.handle(each),
            )
        )
    if address in manifest.released:
        return tuple(unmarking(found, ground.agreement))
    sole = setting_type.sole  # one of others that gave way when ours was switched on
    if sole and before.get(sole) is True and found.get(sole) is False:
        return (FieldChange((sole,), before=False, after=True),)
    return ()


def _stopped(ground: Ground, address: Address) -> Iterator[FieldChange]:
    found = ground.canonical(address)
    for member, (acting, idle) in ground.types[address.type].at_rest.items():
        if found.get(member) == acting:
            yield FieldChange((member,), acting, idle)


def _unmarked(ground: Ground, kept: Mapping[Address, Kept]) -> Iterator[Change]:
    """Yield what takes our mark from what stays, and makes it count no more where it would act on."""
    manifest = addresses_of_manifest(ground.manifest)
    applied = frozenset(ground.manifest.applied if ground.manifest else ())
    needed = {each for one in kept for each in ground.requires.get(one, ())}
    for address in sorted({*kept, *_let_go(ground)}):
        live, setting_type = ground.found[address], ground.types[address.type]
        found = ground.canonical(address)
        stays = address in kept and address in ground.made and address not in ground.keep | needed
        idle = ground.leaving(address).idle if stays else {}
        # The run that made it may have been cut off before it could say so: it is not deleted, and it acts no more.
        doubtful = address in kept and address in applied - ground.made.keys() - ground.keep
        fields = (
            *unmarking(found, ground.agreement),
            *(FieldChange((key,), found.get(key), value) for key, value in idle.items() if found.get(key) != value),
            *(_stopped(ground, address) if doubtful else ()),
        )
        if fields:
            values = wanted(fields, setting_type)
            yield _change(Action.UPDATE, address, fields, Reason.KEPT, live, values)
        elif address in manifest:
            yield _change(Action.RELEASE, address, (), Reason.KEPT, live)


def _let_go(ground: Ground) -> Iterator[Address]:
    """Yield what the manifest or a mark says is ours and nothing says that we made: it only stops being ours."""
    displaced = ground.manifest.displaced if ground.manifest else {}
    for address, live in ground.found.items():
        if address not in ground.claimed and address not in displaced and is_ours(live, ground.manifest):
            yield address


def _change(
    action: Action,
    address: Address,
    fields: tuple[FieldChange, ...],
    reason: Reason,
    live: Live,
    values: Values | None = None,
) -> Change:
    desired = None if values is None else Desired(address, values)
    return Change(action, address, fields, reason, Consequence.COSMETIC, desired=desired, live=live)


def _unproven(ground: Ground) -> tuple[Address, ...]:
    """Return what the agreement gives a name, is there, and is not ours as far as anything tells."""
    asked = {each.address for each in ground.desired}
    known = addresses_of_manifest(ground.manifest)
    return tuple(
        address
        for address, live in ground.found.items()
        if address not in ground.claimed and address not in known and (address in asked or live.managed)
    )


def _footprint(ground: Ground) -> Mapping[str, int]:
    counted: dict[str, int] = {}
    for address in ground.made:
        counted[address.type] = counted.get(address.type, 0) + 1
    return counted


def _opening(ground: Ground, deleted: Iterable[Change], kept: Mapping[Address, Kept]) -> tuple[str, ...]:
    """Return what people must know first: what the platform cannot forget, and where data can be kept before it goes."""
    several: dict[str, None] = dict.fromkeys(
        ground.leaving(each.address).remains for each in deleted if ground.leaving(each.address).remains
    )
    data = {each.name for each in ground.types.values() if each.on_removal is Removal.DELETE_DATA}
    named = (*(each.address for each in kept.values() if each.ack), *(each.address for each in deleted if each.ack))
    held = any(each.type in data for each in named)
    export = ("Keep the history of the leads first, if you have not: sla-sync export.",) if held else ()
    return (*export, *several)


def _steps(ground: Ground, kept: Mapping[Address, Kept]) -> Iterator[Step]:
    by_type: dict[str, list[Address]] = {}
    for address in sorted(kept):
        if ground.leaving(address).by_hand and address in ground.made and address not in ground.keep:
            by_type.setdefault(address.type, []).append(address)
    for type_name, several in by_type.items():
        yield _step(f"leave:{type_name}", ground.types[type_name], ground.leaving(several[0]).by_hand, several)


_NAMED = 5


def _step(identifier: str, setting_type: SettingType, advice: str, several: Collection[Address]) -> Step:
    names = [f"«{each.key}»" for each in several]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return Step(Gap(identifier, setting_type.noun, advice.replace("{}", ", ".join(names[:_NAMED]) + more)), OPEN)
