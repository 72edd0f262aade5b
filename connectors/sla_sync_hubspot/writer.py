"""Writing a portal: kind by kind, references first, the manifest last, all under the apply lock.

HubSpot has no transaction. What is left half done bears our mark, so that the next plan finds it and goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Connection,
    Desired,
    Diagnostic,
    FaultError,
    ForbiddenError,
    LockedError,
    Manifest,
    Outcome,
    PlatformError,
    Reason,
    RejectedError,
    SlaSyncError,
    Snapshot,
    Status,
    UnreachableError,
    telling_misreadings,
)
from sla_sync_hubspot import catalogue
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.ledger import keeps, ledger_property, manifest_of, pieces
from sla_sync_hubspot.lock import locked
from sla_sync_hubspot.names import CONTACTS, manifest_property, pulse_property
from sla_sync_hubspot.options import portal_options
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.rehearsal import rehearse
from sla_sync_hubspot.settle import settled
from sla_sync_hubspot.types import WORKFLOW
from sla_sync_hubspot.writes import CRAFTS
from sla_sync_hubspot.writes.desk import Craft, Desk, Found
from sla_sync_hubspot.writes.properties import hiding

_AMBIGUOUS = (UnreachableError, FaultError)
"""After these nobody knows whether the call was carried out: look before doing it again."""
_LAGS = (1.0, 3.0)
"""Seconds between looks for what a doubtful call may have made; Inferred: that a list tells of it within these."""
_REFUSED = (RejectedError, ForbiddenError)
"""These concern one setting; others may still succeed."""
_ORDER = {name: position for position, name in enumerate(CRAFTS)}


@contextmanager
def writing(connection: Connection, snapshot: Snapshot) -> Iterator[HubSpotWriter]:
    """Open a conversation that may write, under the apply lock. Raises LockedError where somebody else is applying."""
    if connection.lock is None:
        message = "a writer needs a ticket for the apply lock"
        raise ValueError(message)
    client = HubSpotClient(portal_options(connection), target=connection.target, writes=True, wait=connection.wait)
    with locked(client, connection.lock, target=connection.target, now=connection.now):
        yield HubSpotWriter(client, connection.setup.agreement, snapshot)


@dataclass
class _Progress:
    outcomes: list[Outcome] = field(default_factory=list)
    undone: set[Address] = field(default_factory=set)
    error: SlaSyncError | None = None

    def report(self, change: Change, status: Status, detail: str = "", handle: str | None = None) -> Outcome:
        outcome = Outcome(change, status, detail, handle)
        self.outcomes.append(outcome)
        if status is not Status.DONE:
            self.undone.add(change.address)
        return outcome


@telling_misreadings(attrgetter("_desk.client"))
class HubSpotWriter:
    """The only conversation whose transport may write settings."""

    def __init__(self, client: HubSpotClient, agreement: str, snapshot: Snapshot) -> None:
        handles = {address: live.handle for address, live in snapshot.settings.items() if live.handle}
        self._desk = Desk(client, agreement, handles)
        self._snapshot = snapshot

    def rehearse(self, changes: Sequence[Change], manifest: Manifest) -> Iterable[Diagnostic]:
        """Yield what HubSpot would refuse as far as that can be known: it offers no dry run of its own.

        Looked at are the properties that filters and workflows name, the options that may be changed, and the limits.
        """
        del manifest
        return rehearse(self._desk.client, changes, self._snapshot)

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Carry out the changes; a change whose requirement failed is skipped, all others go on.

        Raises the error that ended the conversation after every change has its outcome; the manifest is not written then.
        """
        before = self._manifest()
        self._desk.handles = {**manifest.handles, **self._desk.handles}
        progress = _Progress()
        for batch in _batches(changes):
            yield from self._carry_out(batch, progress)
        if progress.error is not None:
            raise progress.error
        self._keep(settled(manifest, before, progress.outcomes, self._desk.handles))

    def _carry_out(self, batch: Sequence[Change], progress: _Progress) -> Iterator[Outcome]:
        ready: list[Change] = []
        for change in batch:
            blocked = _blocking(change, progress)
            if blocked is None:
                ready.append(change)
            else:
                yield progress.report(change, Status.SKIPPED, blocked)
        try:
            done, doubtful = self._together(ready)
        except LockedError as error:
            progress.error, done, doubtful = error, {}, False
        for change in ready:
            if change.address in done:
                yield progress.report(change, Status.DONE, handle=done[change.address])
            else:
                yield self._alone(change, progress, doubtful=doubtful)

    def _together(self, changes: Sequence[Change]) -> tuple[dict[Address, str], bool]:
        """Return the handles of what one call settled, and whether its answer leaves doubt about all the others."""
        desired = [change.desired for change in changes if change.desired is not None]
        if len(desired) < 2:  # noqa: PLR2004 - one alone needs no batch
            return {}, False
        craft = CRAFTS[changes[0].address.type]
        write = craft.create_together if changes[0].action is Action.CREATE else craft.update_together
        if write is None:
            return {}, False
        try:
            written = dict(write(self._desk, desired))
        except _AMBIGUOUS:
            return {}, True
        except PlatformError:
            return {}, False  # tried one by one, each gets its own answer
        self._desk.handles |= written
        return written, False

    def _alone(self, change: Change, progress: _Progress, *, doubtful: bool) -> Outcome:
        if progress.error is not None:
            return progress.report(change, Status.SKIPPED, _ended(progress.error))
        try:
            handle = self._write(change, doubtful=doubtful)
        except _REFUSED as error:
            # A handle that is known all the same belongs to something half made, which must not be made twice.
            half_made = self._desk.handles.get(change.address) if change.action is Action.CREATE else None
            return progress.report(change, Status.FAILED, str(error), half_made)
        except (*_AMBIGUOUS, LockedError) as error:  # a lock that is lost in the middle of a change leaves it half done
            progress.error = error
            return progress.report(change, Status.UNKNOWN, str(error))
        except PlatformError as error:
            progress.error = error
            return progress.report(change, Status.FAILED, str(error))
        if handle is not None:
            self._desk.handles[change.address] = handle
        return progress.report(change, Status.DONE, handle=handle)

    def _write(self, change: Change, *, doubtful: bool) -> str | None:
        craft = CRAFTS[change.address.type]
        if change.action is Action.RELEASE:
            if change.fields:
                self._stop(craft, change.address)
            return None
        if change.action is Action.DELETE:
            self._delete(craft, change.address)
            return None
        if change.desired is None:
            message = f"the change of {change.address} says nothing of what is wanted"
            raise ValueError(message)
        if change.action is Action.CREATE:
            return self._create(craft, change.desired, doubtful=doubtful)
        return self._update(craft, hiding(change) or change.desired)

    def _create(self, craft: Craft, desired: Desired, *, doubtful: bool) -> str:
        """Create a setting; after a doubtful answer, or «exists already», look at what stands there before anything else."""
        if not doubtful:
            try:
                return craft.create(self._desk, desired)
            except RejectedError:
                found = craft.find(self._desk, desired.address)
                if found is None or not found.ours:
                    raise
                return craft.update(self._desk, desired, found)
            except _AMBIGUOUS:
                pass
        found = self._looked_for(craft, desired.address)
        if found is None:
            return craft.create(self._desk, desired)
        if not found.ours:
            raise RejectedError(
                f"Somebody else created {desired.address} meanwhile.", hint="Run plan again: it will ask to adopt it."
            )
        return craft.update(self._desk, desired, found)

    def _looked_for(self, craft: Craft, address: Address) -> Found | None:
        """Return what stands there after a doubtful call, or None; where a second one could be made it is looked again."""
        found = craft.find(self._desk, address)
        for seconds in () if craft.unique else _LAGS:
            if found is None:
                self._desk.client.wait(seconds)
                found = craft.find(self._desk, address)
        return found

    def _update(self, craft: Craft, desired: Desired) -> str:
        try:
            return craft.update(self._desk, desired, self._there(craft, desired.address))
        except _AMBIGUOUS:
            return craft.update(self._desk, desired, self._there(craft, desired.address))

    def _there(self, craft: Craft, address: Address) -> Found:
        found = craft.find(self._desk, address)
        if found is None:
            raise RejectedError(
                f"{address} was there when the plan was made and is gone.", hint="Run plan again: it will create it."
            )
        return found

    def _stop(self, craft: Craft, address: Address) -> None:
        if craft.stop is None:
            raise RejectedError(f"A {craft.setting_type.noun} cannot be switched off: {address} stays as it is.")
        found = craft.find(self._desk, address)
        if found is None:
            return
        try:
            craft.stop(self._desk, found)
        except _AMBIGUOUS:
            found = craft.find(self._desk, address)
            if found is not None:
                craft.stop(self._desk, found)

    def _delete(self, craft: Craft, address: Address) -> None:
        if craft.delete is None:
            raise RejectedError(f"A {craft.setting_type.noun} cannot be deleted: {address} stays.")
        found = craft.find(self._desk, address)
        if found is None:
            return
        try:
            craft.delete(self._desk, address, found)
        except _AMBIGUOUS:
            if craft.find(self._desk, address) is not None:
                raise

    def _manifest(self) -> Manifest | None:
        found = catalogue.property_named(self._desk.client, CONTACTS, manifest_property(self._desk.agreement))
        return manifest_of(found) if found else None

    def _keep(self, manifest: Manifest) -> None:
        """Write the manifest, unless the portal keeps exactly this one; one that says nothing goes, with all of our own."""
        if manifest.says_nothing:
            self._leave()
            return
        client, name = self._desk.client, manifest_property(self._desk.agreement)
        for last_try in (False, True):
            found = catalogue.property_named(client, CONTACTS, name)
            if found is not None and keeps(found, manifest):
                return
            try:
                if found is None:
                    body = ledger_property(self._desk.agreement, manifest)
                    client.call("POST", Api.PROPERTIES, f"/{CONTACTS}", body=body)
                else:
                    client.call("PATCH", Api.PROPERTIES, f"/{CONTACTS}/{name}", body={"options": pieces(manifest)})
            except _AMBIGUOUS:
                if last_try:
                    raise
            else:
                return

    def _leave(self) -> None:
        """Archive what the tool keeps for itself, the manifest last; the lock goes when it is given back."""
        client, agreement = self._desk.client, self._desk.agreement
        for name in (pulse_property(agreement), manifest_property(agreement)):
            if catalogue.property_named(client, CONTACTS, name) is None:
                continue
            try:
                client.call("DELETE", Api.PROPERTIES, f"/{CONTACTS}/{name}")
            except _AMBIGUOUS:
                if catalogue.property_named(client, CONTACTS, name) is not None:
                    raise


def _batches(changes: Sequence[Change]) -> Iterator[Sequence[Change]]:
    """Yield the changes kind by kind, deletions last and in the opposite order; what can be written at once together.

    Whoever leaves has the workflows go first: a property that is put back or archived is no longer written then.
    """
    leaving = any(each.reason is Reason.LEAVING for each in changes)
    first = [each for each in changes if leaving and each.address.type == WORKFLOW and each.action is not Action.UPDATE]
    for each in first:
        yield (each,)
    changes = [each for each in changes if each not in first]
    wanted = [each for each in changes if each.action is not Action.DELETE]
    wanted.sort(key=lambda each: _ORDER[each.address.type])
    for _, batch in groupby(wanted, key=lambda each: (each.address.type, each.action)):
        yield tuple(batch)
    unwanted = [each for each in changes if each.action is Action.DELETE]
    unwanted.sort(key=lambda each: -_ORDER[each.address.type])
    for each in unwanted:
        yield (each,)


def _blocking(change: Change, progress: _Progress) -> str | None:
    """Return why a change cannot be tried, or None where it can."""
    if progress.error is not None:
        return _ended(progress.error)
    requires = change.desired.requires if change.desired else ()
    missing = next((each for each in requires if each in progress.undone), None)
    return f"It requires {missing}, which was not written." if missing else None


def _ended(error: SlaSyncError) -> str:
    return f"Not tried, because of what happened before: {error}"
