"""Reading an org: one retrieve for whole settings and who changed them, two listings for what no manifest knows, few queries.

The number of calls grows neither with the number of settings nor with what else is in the org; polling and paging aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from operator import attrgetter

from sla_sync.connector import (
    TRAIL,
    Address,
    Asked,
    Checkup,
    Connection,
    Diagnostic,
    Facts,
    ForbiddenError,
    Harm,
    KeyPath,
    Live,
    LockHeld,
    Manifest,
    Mark,
    Observation,
    RecordStory,
    RejectedError,
    SettingChange,
    Severity,
    Snapshot,
    Survey,
    Unseen,
    Value,
    Values,
    Watched,
    bears_mark,
    telling_misreadings,
)
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync_salesforce.audit_lines import AuditIndex, audit_index
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.containers import containers_of
from sla_sync_salesforce.doctor import examine
from sla_sync_salesforce.facts import facts_of
from sla_sync_salesforce.flow_versions import flow_definitions
from sla_sync_salesforce.holdings import holdings_of
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.ledger import manifest_of
from sla_sync_salesforce.lock import held
from sla_sync_salesforce.names import STATIC_PREFIX, prefix_of
from sla_sync_salesforce.package import Component, manifest_type
from sla_sync_salesforce.past.telling import history_of
from sla_sync_salesforce.people import People, find
from sla_sync_salesforce.record_settings import SILENT_SWITCH, person_of, read_rows
from sla_sync_salesforce.retrieved import Properties, changes_of, parts_in, retrieved, unreadable_in
from sla_sync_salesforce.soql import select
from sla_sync_salesforce.stories import tell
from sla_sync_salesforce.survey import survey_of
from sla_sync_salesforce.types import CONTAINERS, LEAD_STATUS, RECORDS, STANDARD_VALUE_SET, TYPES
from sla_sync_salesforce.watching.ground import Ground
from sla_sync_salesforce.watching.harm import first_due, harm
from sla_sync_salesforce.watching.watch import ground_of, watch

_LISTED = ("CustomField", "ValidationRule", "Flow", "PermissionSet", "CustomObject")
"""What is found also where the manifest was lost; with the reports of a folder, six listings, three of them in a call."""
_LEAD_STATUS = Address(STANDARD_VALUE_SET, LEAD_STATUS)
_CONTAINER_TYPES = frozenset(each.type for each in CONTAINERS.values())
_EPOCH = datetime(1970, 1, 2, tzinfo=UTC)
"""Standard value sets say that they were changed in 1970: that is no date."""
_OWN_OBJECTS = ("__c", "__mdt")
_FEW_CALLS = 0.05
_AUDIT_LIMIT = 2000


@telling_misreadings(attrgetter("_client"))
class SalesforceReader:
    """An open conversation with one org that cannot write."""

    def __init__(self, connection: Connection, client: Client) -> None:
        self._connection = connection
        self._client = client
        self._agreement = connection.setup.agreement
        self._manifest: tuple[Manifest | None] | None = None
        self._people: People | None = None
        self._snapshot: Snapshot | None = None
        self._wanted: frozenset[Address] = frozenset()
        self._watched: Ground | None = None
        self._untrailed = ""

    def people(self) -> People:
        """Return the users behind the names of the targets file; asked once."""
        if self._people is None:
            named = {person for people in self._connection.setup.people.values() for person in people}
            self._people = find(self._client, named)
        return self._people

    def check(self) -> Iterator[Diagnostic]:
        """Yield what is wrong with the session, its permissions, the people and the calls left today.

        Raises UnauthorizedError or UnreachableError where nothing can be asked at all.
        """
        who = str(self._client.user().get("preferred_username", "the user of this token"))
        yield from self._limits()
        try:
            self._client.describe_metadata()
        except ForbiddenError as error:
            yield Diagnostic(
                "SLA810", Severity.ERROR, f"{who} may not use the Metadata API: {error.message}", hint=error.hint
            )
        yield from self.people().trouble()

    def manifest(self) -> Manifest | None:
        """Return what the last apply left, or None; asked once."""
        if self._manifest is None:
            self._manifest = (manifest_of(self._client, self._agreement),)
        return self._manifest[0]

    def read(self, addresses: Collection[Address]) -> Snapshot:
        """Return these settings, everything else that bears our mark or stands in our manifest, and the files of many."""
        self._manifest = (
            None  # a second look, such as that of an apply under its lock, must not see what the first one saw
        )
        manifest = self.manifest()
        known = {*manifest.applied, *manifest.created} if manifest else set()
        self._wanted = wanted = frozenset({*addresses, *known})
        prefixes = {STATIC_PREFIX, *(_prefix_of(address.key) for address in wanted if address.type in _LISTED)}
        listed = self._list(wanted)
        whole = {_LEAD_STATUS, *containers_of(wanted)}
        candidates = {Address(type_name, name) for type_name, name in listed if _is_near(name, prefixes)}
        candidates |= {each for each in wanted if each.type not in {*CONTAINERS, *RECORDS}}
        result = self._client.retrieve((manifest_type(each.type), each.key) for each in candidates | whole)
        properties = {**listed, **changes_of(result)}
        components = self._components(result)
        settings = {
            live.address: live
            for live in (self._live(each, properties) for each in components if each.type in TYPES)
            if (live.address in wanted or live.managed) and live.address.type not in _CONTAINER_TYPES
        }
        containers = {
            live.address: live
            for live in (self._live(each, properties) for each in components if each.type in _CONTAINER_TYPES)
            if live.address in whole
        }
        settings |= {live.address: live for live in parts_in(containers, wanted)}
        rows = read_rows(self._client, wanted, lambda: self._known(wanted), agreement=self._agreement)
        settings |= {live.address: live for live in rows}
        self._mark_versions(settings)
        self._snapshot = Snapshot(
            settings=settings,
            containers=containers,
            unreadable={each.address: each for each in unreadable_in(result, wanted) if each.address not in settings},
        )
        return self._snapshot

    def audit_trail(self, since: datetime | None) -> Iterator[SettingChange]:
        """Yield the lines of the Setup Audit Trail, newest first, once for each setting; it reaches back 180 days.

        A user without «View Setup and Configuration» is told that there is no such object, and gets no line.
        """
        query = select(
            "Id, Action, Section, Display, CreatedDate, CreatedBy.Name, CreatedBy.Username, DelegateUser",
            "SetupAuditTrail",
            f"CreatedDate >= {since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if since else "",
            f"ORDER BY CreatedDate DESC LIMIT {_AUDIT_LIMIT}",
        )
        try:
            records = self._client.query(query)
        except ForbiddenError as error:
            self._untrailed = error.message
            return
        except RejectedError as error:
            if "INVALID_TYPE" in error.message:
                self._untrailed = "This user needs the permission «View Setup and Configuration» to read it."
                return
            raise
        index = self._index()
        for each in records:
            at = instant(each.get("CreatedDate"))
            if at is None:
                continue
            by = each.get("CreatedBy") or {}
            who = str(by.get("Name") or by.get("Username") or "somebody")
            delegate = each.get("DelegateUser")
            text = str(each.get("Display") or each.get("Action") or "")
            named = index.named_in(text, str(each.get("Section") or "")) if index else ()
            for address in named or (None,):
                yield SettingChange(at, f"{who} (through {delegate})" if delegate else who, text, address)

    def examine(self) -> Iterator[Checkup]:
        """Yield everything that this connector relies on, and how it stands."""
        yield from examine(self._client, self.people)

    def story(self, record: str) -> RecordStory:
        """Return what became of one lead or contact. Raises SlaSyncError where there is none, or nothing is kept of it."""
        return tell(self._client, record, self.manifest())

    def survey(self) -> Survey:
        """Return what the org has that a first agreement can be written from."""
        return survey_of(self._client)

    def facts(self, asked: Asked) -> Facts:
        """Return what the org tells for a comparison with another platform."""
        return facts_of(self._client, self.people, asked)

    def history(self, asked: HistoryAsked) -> Iterator[Piece | Untold]:
        """Yield what happened to leads, piece by piece, and what this org does not tell."""
        yield from history_of(self._client, self.people(), self._connection.setup, asked, self._connection.now())

    def watch(self, asked: Watched) -> Iterator[Observation | Unseen]:
        """Yield what an audit sees beside settings, and what the org does not tell."""
        yield from watch(self._ground(asked))
        if self._untrailed:
            yield Unseen(TRAIL, self._untrailed)

    def harm(self, asked: Watched, origin: KeyPath, since: datetime) -> Harm | None:
        """Return which records passed since then at a place of the agreement; None where the org cannot tell."""
        return harm(self._ground(asked), origin, since)

    def first_due(self, asked: Watched) -> datetime | None:
        """Return when the next clock that runs now falls due; None where none runs."""
        return first_due(self._ground(asked))

    def holdings(self, addresses: Collection[Address]) -> Mapping[Address, int]:
        """Return what would be lost with settings that were read."""
        return holdings_of(self._client, self._snapshot, self.manifest(), addresses)

    def lock(self) -> LockHeld | None:
        """Return who applies right now; None where nobody does."""
        return held(self._client, self._connection.now())

    def _limits(self) -> Iterator[Diagnostic]:
        try:
            limits = self._client.get("limits")
        except RejectedError as error:
            yield Diagnostic(
                "SLA810",
                Severity.ERROR,
                f"The org does not offer version {self._client.version} of the API: {error.message}",
                hint="Set api_version of the target to a version that the org offers.",
            )
            return
        daily = limits.get("DailyApiRequests", {})
        most, left = daily.get("Max"), daily.get("Remaining")
        if isinstance(most, int) and isinstance(left, int) and left < most * _FEW_CALLS:
            yield Diagnostic(
                "SLA809",
                Severity.WARNING,
                f"Of {most} API calls a day {left} are left.",
                hint="Find out what uses them up before it stops your other integrations.",
            )

    def _known(self, wanted: Iterable[Address]) -> People:
        """Return the people of the targets file, and those who stand in settings that it no longer asks for."""
        people = self.people()
        gone = {person_of(each) for each in wanted if each.type in RECORDS - {SILENT_SWITCH}} - people.found.keys()
        if gone:
            self._people = people = People({**people.found, **find(self._client, gone).found})
        return people

    def _list(self, wanted: Iterable[Address]) -> Properties:
        # Inferred: listing the reports of a folder that does not exist answers with nothing, and not with an error.
        folders = sorted({each.key.partition("/")[0] for each in wanted if each.type == "Report"})
        queries: list[tuple[str, str | None]] = [(name, None) for name in _LISTED]
        queries += [("Report", folder) for folder in folders or (f"{STATIC_PREFIX}Sync",)]
        return {(str(each["type"]), str(each["fullName"])): each for each in self._client.list_metadata(queries)}

    def _components(self, result: Mapping[str, Value]) -> list[Component]:
        return retrieved(result, target=self._client.target)

    def _live(self, component: Component, properties: Properties) -> Live:
        address = Address(component.type, component.name)
        told = properties.get((component.type, component.name)) or properties.get(
            (manifest_type(component.type), component.name), {}
        )
        described = component.values.get("description")
        marked = bears_mark(described if isinstance(described, str) else None, self._agreement)
        changed_at = _changed_at(told.get("lastModifiedDate"))
        return Live(
            address,
            component.values,
            handle=str(told["id"]) if told.get("id") else None,
            managed=marked if TYPES[component.type].mark is Mark.DESCRIPTION else None,
            changed_by=str(told["lastModifiedByName"]) if changed_at and told.get("lastModifiedByName") else None,
            changed_at=changed_at,
        )

    def _mark_versions(self, settings: dict[Address, Live]) -> None:
        """Put the active version beside each flow; one without an active version is not in force, whatever its file says.

        Inferred: a retrieve returns the active version of a flow, or the latest where none is active.
        """
        flows = {address.key: address for address in settings if address.type == "Flow"}
        if not flows:
            return
        for each in flow_definitions(self._client, flows):
            address = flows.get(str(each["DeveloperName"]))
            if address is None:
                continue
            live = settings[address]
            version = each.get("ActiveVersion") or {}
            inactive = not each.get("ActiveVersionId") and live.values.get("status") == "Active"
            settings[address] = Live(
                address,
                {**live.values, "status": "Obsolete"} if inactive else live.values,
                handle=live.handle,
                revision=str(version["VersionNumber"]) if version else None,
                managed=live.managed,
                changed_by=live.changed_by,
                changed_at=live.changed_at,
            )

    def _ground(self, asked: Watched) -> Ground:
        if self._watched is None or self._watched.asked is not asked:
            self._watched = ground_of(self._client, self._connection.setup.people, self.people(), asked)
        return self._watched

    def _index(self) -> AuditIndex | None:
        """Return what audit lines may speak of, or None where nothing was read yet."""
        if self._snapshot is None:
            return None
        manifest = self.manifest()
        applied: Mapping[Address, Values] = manifest.applied if manifest else {}
        live = {address: each.values for address, each in self._snapshot.settings.items()}
        asked = self._wanted | live.keys()
        return audit_index(asked, {**applied, **live}, self._known(asked))


def _prefix_of(key: str) -> str:
    """Return the prefix by which a setting is known as ours: in an object of ours, where names have none, the object's."""
    holder, _, name = key.partition(".")
    return prefix_of(holder if name and holder.endswith(_OWN_OBJECTS) else key)


def _is_near(name: str, prefixes: Collection[str]) -> bool:
    """Return whether a component, or the object that it stands in, bears one of the prefixes, so that it may be ours."""
    return prefix_of(name) in prefixes or _prefix_of(name) in prefixes


def _changed_at(text: object) -> datetime | None:
    """Return when a component was changed; None where the org tells no instant, for which it may write that of 1970."""
    found = instant(text)
    return found if found is not None and found > _EPOCH else None
