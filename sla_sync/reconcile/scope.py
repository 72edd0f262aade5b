"""A plan for some settings only: which changes belong to it, and what the manifest says when the rest stays as it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from sla_sync.reconcile.settings import Address, Change, Desired, Manifest


def scope_of(only: Collection[Address], desired: Iterable[Desired]) -> frozenset[Address]:
    """Return these settings and all that they require, directly or through others."""
    requires = {each.address: each.requires for each in desired}
    found, waiting = set(only), list(only)
    while waiting:
        for each in requires.get(waiting.pop(), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return frozenset(found)


def within(changes: Iterable[Change], scope: Collection[Address]) -> tuple[Change, ...]:
    """Return the changes of these settings, in their order."""
    return tuple(each for each in changes if each.address in scope)


def partial_manifest(previous: Manifest | None, whole: Manifest, scope: Collection[Address]) -> Manifest:
    """Return what holds once the changes of these settings are done and no others.

    `whole` is what would hold after all that was asked of the platform in this run, made with these changes alone. Of every
    other setting the previous manifest is repeated; so are the digest and the commit, since the agreement as a whole is
    not applied by it.
    """
    before = previous or replace(whole, agreement_digest="", applied={}, handles={}, commit=None)
    applied = {address: values for address, values in before.applied.items() if address not in scope}
    applied |= {address: values for address, values in whole.applied.items() if address in scope}
    handles = {**before.handles, **{address: each for address, each in whole.handles.items() if address in scope}}
    return replace(
        whole,
        agreement_digest=before.agreement_digest,
        commit=before.commit,
        applied=applied,
        handles={address: handle for address, handle in handles.items() if address in applied},
        released=frozenset(
            {
                *(each for each in before.released if each not in scope),
                *(each for each in whole.released if each in scope),
            }
        ),
    )
