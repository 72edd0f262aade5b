"""Writing to an org: one deployment that happens whole or not at all, then the assignments, all under the apply lock."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Mapping, Sequence
from dataclasses import replace

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Connection,
    Diagnostic,
    Manifest,
    Outcome,
    PlatformError,
    RejectedError,
    Severity,
    Snapshot,
    Status,
    Values,
    manifest_to_json,
    merge,
)
from sla_sync_salesforce.assignments import carry_out, find_ends, is_assignment
from sla_sync_salesforce.build import (
    LEAD_STATUS_VALUE,
    component,
    lead_status,
    manifest_component,
)
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.deployment import created_ids, deletions, failures_of, refusals, refused_manifest
from sla_sync_salesforce.package import Component, mdapi_package, zipped
from sla_sync_salesforce.reader import flow_definitions, read_manifest
from sla_sync_salesforce.types import LEAD_STATUS, STANDARD_VALUE_SET, TYPES

_CONTAINER = Address(STANDARD_VALUE_SET, LEAD_STATUS)
_SENT = frozenset({Action.CREATE, Action.UPDATE, Action.ADOPT})


class SalesforceWriter:
    """An open conversation with one org that may write settings."""

    def __init__(self, connection: Connection, client: Client, snapshot: Snapshot) -> None:
        self._connection = connection
        self._client = client
        self._snapshot = snapshot

    def rehearse(self, changes: Sequence[Change], manifest: Manifest) -> Iterator[Diagnostic]:
        """Yield what the org itself would refuse: the same deployment, checked and not saved."""
        package = self._package(changes, manifest)
        result = self._client.deploy_result(self._client.start_deploy(package, check_only=True))
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
        assigned = [each for each in changes if is_assignment(each)]
        kept: list[Change] = []
        for change in assigned:
            if change.action is Action.DELETE:
                outcome = carry_out(self._client, change, find_ends(self._client, ()))
                if outcome.status is not Status.DONE:
                    kept.append(change)
                yield outcome
        manifest = _remembering(manifest, kept)
        saved = yield from self._deploy([each for each in changes if not is_assignment(each)], manifest)
        later = [each for each in assigned if each.action is not Action.DELETE]
        if not saved:
            yield from (Outcome(each, Status.SKIPPED, "The deployment before it was refused.") for each in later)
            return
        ends = find_ends(self._client, later)
        failed: set[Address] = set()
        for change in later:
            outcome = carry_out(self._client, change, ends)
            if outcome.status is not Status.DONE:
                failed.add(change.address)
            yield outcome
        if failed:
            package = self._package((), _forgetting(manifest, failed))
            self._client.deploy_result(self._client.start_deploy(package, check_only=False))

    def _package(self, changes: Sequence[Change], manifest: Manifest) -> bytes:
        components: list[Component] = []
        statuses: dict[str, Values] = {}
        for change in changes:
            if change.action in _SENT:
                values = _values(change)
                made = component(change.address, values)
                if made is not None:
                    components.append(made)
                elif change.address.type == LEAD_STATUS_VALUE:
                    statuses[change.address.key] = values
        if statuses:
            components.append(Component(STANDARD_VALUE_SET, LEAD_STATUS, lead_status(self._live_statuses(), statuses)))
        components.append(manifest_component(self._connection.setup.agreement, manifest))
        return zipped(mdapi_package(components, deletions(changes), self._client.version))

    def _live_statuses(self) -> Values:
        """Return Lead Status as it is now: what was added since the snapshot would be lost otherwise."""
        found = self._client.read_metadata(STANDARD_VALUE_SET, [LEAD_STATUS])
        if found:
            return {key: value for key, value in found[0].items() if key != "fullName"}
        container = self._snapshot.containers.get(_CONTAINER)
        if container:
            return container.values
        raise RejectedError(
            f"Salesforce ({self._client.target}) does not show the values of Lead Status, so none can be added.",
            call="readMetadata of the Metadata API",
            hint="Give the user of this token «Modify Metadata Through Metadata API Functions».",
        )

    def _deploy(self, changes: Sequence[Change], manifest: Manifest) -> Generator[Outcome, None, bool]:
        """Yield an outcome for each change, and return whether the org saved the deployment."""
        if all(each.action is Action.RELEASE for each in changes):
            text = read_manifest(self._client, self._connection.setup.agreement)
            if text == manifest_to_json(manifest):
                yield from (Outcome(each, Status.DONE) for each in changes)
                return True
        package = self._package(changes, manifest)
        try:
            result = self._client.deploy_result(self._client.start_deploy(package, check_only=False))
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
        """Yield the outcomes of a deployment that succeeded; a flow counts only when its latest version is active.

        Production orgs deploy flows inactive unless «Deploy processes and flows as active» is on (Salesforce Help).
        """
        flows = [each.address.key for each in changes if each.address.type == "Flow" and each.action in _SENT]
        asleep = set(flows)
        for each in flow_definitions(self._client, flows) if flows else ():
            if each.get("ActiveVersionId") and each.get("ActiveVersionId") == each.get("LatestVersionId"):
                asleep.discard(str(each["DeveloperName"]))
        for change in changes:
            key = (change.address.type, change.address.key)
            if change.address.type == "Flow" and change.address.key in asleep:
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


def _values(change: Change) -> Values:
    wish = change.desired.values if change.desired else {}
    return merge(change.live.values, wish, TYPES[change.address.type]) if change.live else wish
