"""Writing to an org: one deployment that happens whole or not at all, with the rows around it, all under the apply lock.

Who leaves sends two: the permission sets go last, for without ours nobody sees the fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from sla_sync.connector import (
    Action,
    Address,
    BindingDocument,
    Change,
    Connection,
    Diagnostic,
    Manifest,
    Outcome,
    PlatformError,
    Reason,
    RejectedError,
    Resources,
    Severity,
    Snapshot,
    Status,
    Value,
    Values,
    manifest_to_json,
    telling_misreadings,
)
from sla_sync_salesforce import own_access
from sla_sync_salesforce.backfill import backfill
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.deployment import created_ids, failures_of, refusals, refused_manifest
from sla_sync_salesforce.flow_versions import asleep, flow_definitions, sweep, wake
from sla_sync_salesforce.ledger import text_of
from sla_sync_salesforce.packing import Packing
from sla_sync_salesforce.record_settings import (
    ASSIGNMENT,
    delete_rows,
    find_ends,
    integration_set,
    is_record,
    write_rows,
)

_SENT = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})
_REFUSED_BEFORE = "The deployment before it was refused."


@dataclass(frozen=True)
class _Validation:
    """A package that the org has checked, by the digest of its bytes."""

    id: str
    digest: str
    tested: bool


@telling_misreadings(attrgetter("_client"))
class SalesforceWriter:
    """An open conversation with one org that may write settings."""

    def __init__(self, connection: Connection, client: Client, snapshot: Snapshot) -> None:
        self._connection = connection
        self._client = client
        self._packing = Packing(connection.setup.agreement, client, snapshot)
        self._validation: _Validation | None = None

    def rehearse(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Diagnostic]:
        """Yield what the org itself would refuse: the same deployment, checked and not saved."""
        packed = self._packing.pack([each for each in changes if not (is_record(each) or _is_worn(each))], manifest)
        result = self._validate(packed.content, packed.tests)
        refused = [f"{each.type} {each.name}: {each.sentence}" for each in failures_of(result)]
        if not refused and result.get("status") != "Succeeded":
            refused = [f"the deployment: {result.get('errorMessage') or result.get('status')}"]
        for each in refused:
            yield Diagnostic(
                "SLA830",
                Severity.ERROR,
                f"Salesforce would refuse {each}",
                hint="Change the agreement or the binding, or what stands in its way in the org.",
            )

    def apply(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Outcome]:
        """Carry out the changes, an outcome for each; the manifest travels in the deployment.

        Raises PlatformError where the org stopped answering; what was under way then has an outcome UNKNOWN.
        """
        if self._connection.lock is None:
            raise RuntimeError("A writer that was opened without a lock ticket may rehearse and not apply.")
        refused = self._refused_to_leave(changes, manifest)
        if refused:
            yield from refused
            return
        rows = [each for each in changes if is_record(each)]
        worn = [each for each in changes if _is_worn(each)]
        last = [each for each in rows if _is_of(each, worn)]
        # A permission set cannot be deleted while somebody has it, so rows go first.
        first = [each for each in rows if each.action is Action.DELETE and each not in last]
        kept = yield from self._delete_rows(first, manifest)
        if not worn:
            removed = integration_set(each.address for each in changes if each.action is Action.DELETE)
            if removed:
                own_access.give_back(self._client, removed)
        settings = [each for each in changes if not is_record(each) and each not in worn]
        saved = yield from self._deploy(settings, _remembering(manifest, [*kept, *last, *worn]))
        later = [each for each in rows if each.action is not Action.DELETE]
        if worn:
            yield from self._undress(worn, last, _remembering(manifest, kept), saved=saved)
        if not saved:
            yield from (Outcome(each, Status.SKIPPED, _REFUSED_BEFORE) for each in later)
            return
        own = integration_set(manifest.applied)
        if own and any(each.address == Address("PermissionSet", own) or is_record(each) for each in changes):
            own_access.grant(self._client, own)
        failed: set[Address] = set()
        for outcome in write_rows(self._client, later, find_ends(self._client, later, manifest.applied)):
            if outcome.status is not Status.DONE:
                failed.add(outcome.change.address)
            yield outcome
        if failed:
            self._sent(self._packing.pack((), _forgetting(manifest, failed)).content)

    def _delete_rows(self, changes: Sequence[Change], manifest: Manifest) -> Generator[Outcome, None, list[Change]]:
        """Yield the outcome of each row that goes, and return those that stayed."""
        kept = []
        for outcome in delete_rows(self._client, changes, manifest.applied):
            if outcome.status is not Status.DONE:
                kept.append(outcome.change)
            yield outcome
        return kept

    def _undress(
        self, worn: Sequence[Change], rows: Sequence[Change], manifest: Manifest, *, saved: bool
    ) -> Iterator[Outcome]:
        """Delete the permission sets that everybody has until the end: without ours we could not see what else is left."""
        if not saved:
            yield from (Outcome(each, Status.SKIPPED, _REFUSED_BEFORE) for each in (*rows, *worn))
            return
        kept = yield from self._delete_rows(rows, manifest)
        own_access.take_from_all(self._client, [each.address.key for each in worn])
        yield from self._deploy(worn, _remembering(manifest, kept))

    def _refused_to_leave(self, changes: Sequence[Change], manifest: Manifest) -> tuple[Outcome, ...]:
        """Return the outcomes of a leave that the org would refuse, before the first row of it is taken away."""
        settings = [each for each in changes if not is_record(each)]
        if not any(each.reason is Reason.LEAVING for each in settings):
            return ()
        packed = self._packing.pack([each for each in settings if not _is_worn(each)], manifest)
        result = self._validate(packed.content, packed.tests)
        if result.get("status") == "Succeeded":
            return ()
        told = {each.change.address: each for each in refusals(settings, result)}
        nothing = "Salesforce refused the deployment, so nothing was taken away."
        return tuple(told.get(each.address) or Outcome(each, Status.SKIPPED, nothing) for each in changes)

    def backfill(self, resources: Resources, binding: BindingDocument) -> Iterator[str]:
        """Open an assignment for each lead that qualified before, and yield what was done in sentences."""
        if self._connection.lock is None:
            raise RuntimeError("A writer that was opened without a lock ticket may rehearse and not fill in.")
        if not isinstance(binding, SalesforceBinding):
            raise TypeError(f"The Salesforce connector was given {type(binding).__name__}.")
        yield from backfill(self._client, resources, binding, self._connection.now)

    def _validate(self, content: bytes, tests: Sequence[str]) -> Mapping[str, Value]:
        started = self._client.start_deploy(content, check_only=True, tests=tests)
        result = self._client.deploy_result(started)
        if result.get("status") == "Succeeded":
            self._validation = _Validation(started, _digest(content), bool(tests))
        return result

    def _saved(self, content: bytes, tests: Sequence[str]) -> Mapping[str, Value]:
        """Return how a deployment ended that was rehearsed once: here, or before with the same bytes.

        Documented: a validation can be deployed quickly only where tests ran in it ("Quick Deployments"), so a package
        without Apex is deployed whole after its rehearsal.
        """
        if self._validation is None or self._validation.digest != _digest(content):
            result = self._validate(content, tests)
            if result.get("status") != "Succeeded":
                return result
        known = self._validation
        if known is not None and known.tested and known.digest == _digest(content):
            self._validation = None  # it can be used once
            try:
                return self._client.deploy_result(self._client.quick_deploy(known.id))
            except RejectedError:
                pass  # another deployment came between, which makes a validation void: deploy as if there were none
        return self._sent(content, tests)

    def _sent(self, content: bytes, tests: Sequence[str] = ()) -> Mapping[str, Value]:
        return self._client.deploy_result(self._client.start_deploy(content, check_only=False, tests=tests))

    def _deploy(self, changes: Sequence[Change], manifest: Manifest) -> Generator[Outcome, None, bool]:
        """Yield an outcome for each change, and return whether the org saved the deployment."""
        if all(each.action is Action.RELEASE and not each.fields for each in changes):
            text = text_of(self._client, self._connection.setup.agreement)
            if text == (None if manifest.says_nothing else manifest_to_json(manifest)):
                yield from (Outcome(each, Status.DONE) for each in changes)
                return True
        packed = self._packing.pack(changes, manifest)
        try:
            # A manifest alone can go wrong in no way that a rehearsal would show, and who leaves has rehearsed by now.
            known = not changes or any(each.reason is Reason.LEAVING for each in changes)
            result = self._sent(packed.content, packed.tests) if known else self._saved(packed.content, packed.tests)
        except PlatformError as error:
            yield from (Outcome(each, Status.UNKNOWN, f"The deployment was under way: {error}") for each in changes)
            raise
        if result.get("status") == "Succeeded":
            yield from self._in_force(changes, created_ids(result))
            return True
        if not changes:
            raise refused_manifest(self._client.target, result)
        yield from refusals(changes, result)
        return False

    def _in_force(self, changes: Sequence[Change], created: Mapping[tuple[str, str], str]) -> Iterator[Outcome]:
        """Yield the outcomes of a deployment that succeeded; a flow counts only when its latest version is active."""
        sleeping = self._awaken(
            {each.address.key for each in changes if each.address.type == "Flow" and each.action in _SENT},
            # One that is agreed as a draft stays one.
            {each.address.key for each in changes if _wish(each).get("status", "Active") != "Active"},
        )
        for change in changes:
            key = (change.address.type, change.address.key)
            if change.address.type == "Flow" and change.address.key in sleeping:
                yield Outcome(
                    change,
                    Status.FAILED,
                    f"{change.address} was deployed and its new version is not active: activate it in Setup > Flows, "
                    "or switch on «Deploy processes and flows as active» in Setup > Process Automation Settings.",
                    created.get(key),
                )
            else:
                yield Outcome(
                    change, Status.DONE, handle=created.get(key) or (change.live.handle if change.live else None)
                )

    def _awaken(self, flows: Collection[str], drafts: Collection[str]) -> frozenset[str]:
        """Put what was deployed in force, sweep up old versions, and return the flows that are still asleep."""
        if not flows:
            return frozenset()
        definitions = flow_definitions(self._client, flows)
        sleeping = asleep(definitions, flows) - frozenset(drafts)
        if sleeping and wake(self._client, definitions, sleeping):
            definitions = flow_definitions(self._client, flows)
            sleeping = asleep(definitions, flows) - frozenset(drafts)
        sweep(self._client, definitions)
        return sleeping


def _is_worn(change: Change) -> bool:
    """Return whether it is a permission set that goes with the tool: people have it until the moment before."""
    return change.address.type == "PermissionSet" and change.reason is Reason.LEAVING


def _is_of(change: Change, worn: Iterable[Change]) -> bool:
    """Return whether a row that goes is an assignment of one of these permission sets."""
    names = {each.address.key for each in worn}
    assigned = change.address.type == ASSIGNMENT and change.address.key.partition("/")[0] in names
    return assigned and change.action is Action.DELETE


def _wish(change: Change) -> Values:
    return change.desired.values if change.desired else {}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _forgetting(manifest: Manifest, undone: Collection[Address]) -> Manifest:
    """Return the manifest without what was not made, so that it does not count as applied."""
    return replace(
        manifest,
        applied={address: values for address, values in manifest.applied.items() if address not in undone},
        created=manifest.created.difference(undone),
    )


def _remembering(manifest: Manifest, kept: Sequence[Change]) -> Manifest:
    """Return the manifest with what could not be deleted, so that it stays ours and is tried again."""
    still = {change.address: change.live.values for change in kept if change.live}
    return replace(manifest, applied={**manifest.applied, **still}, created=manifest.created.union(still))
