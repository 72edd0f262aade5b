"""The manifest of an apply that did not do everything: it must remember what stands there, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sla_sync.connector import Action, Address, Manifest, Outcome, Status, Values

_ALTERING = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})


def settled(
    planned: Manifest, before: Manifest | None, outcomes: Iterable[Outcome], handles: Mapping[Address, str]
) -> Manifest:
    """Return the planned manifest with the ids that are known now, and without what was not done.

    Where a change was not done, what the manifest said before still holds.
    """
    applied = dict(planned.applied)
    created = set(planned.created)
    displaced = dict(planned.displaced)
    released = set(planned.released)
    for outcome in outcomes:
        if outcome.status is Status.DONE:
            continue
        address, action = outcome.change.address, outcome.change.action
        if before and action is not Action.CREATE:
            created |= before.created & {address}
        if action is Action.CREATE and outcome.handle is not None:
            # Only a workflow can be half made: it stands there as planned, and is not switched on.
            applied[address] = {**applied[address], "isEnabled": False}
            continue
        if action in _ALTERING:
            _as_before(address, applied, before.applied if before else {})
            _as_before(address, displaced, before.displaced if before else {})
        if action is Action.CREATE and not (before and address in before.created):
            created.discard(address)
        if action is Action.DELETE and before:
            _as_before(address, applied, before.applied)
            _as_before(address, displaced, before.displaced)
        if action is Action.RELEASE and not (before and address in before.released):
            released.discard(address)
            _as_before(address, applied, before.applied if before else {})
            _as_before(address, displaced, before.displaced if before else {})
    known = {
        **(before.handles if before else {}),
        **planned.handles,
        **{address: handle for address, handle in handles.items() if address in applied},
    }
    return replace(
        planned,
        applied=applied,
        created=frozenset(created),
        displaced=displaced,
        released=frozenset(released),
        handles={address: handle for address, handle in known.items() if address in applied},
    )


def _as_before(address: Address, now: dict[Address, Values], before: Mapping[Address, Values]) -> None:
    if address in before:
        now[address] = before[address]
    else:
        now.pop(address, None)
