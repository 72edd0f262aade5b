"""Reading a portal through a transport that cannot write: a constant number of calls, whatever the number of settings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from operator import attrgetter
from typing import Any

from sla_sync.connector import (
    TRAIL,
    Address,
    Asked,
    BindingDocument,
    Change,
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
    Observation,
    Pulse,
    RecordStory,
    RejectedError,
    Resources,
    SettingChange,
    Snapshot,
    Survey,
    Unreadable,
    Unseen,
    Watched,
    telling_misreadings,
)
from sla_sync.connector.history import HistoryAsked, Piece, Untold
from sla_sync_hubspot import catalogue, wire
from sla_sync_hubspot.binding import of_hubspot
from sla_sync_hubspot.checks import check_portal
from sla_sync_hubspot.client import HubSpotClient, segment_of
from sla_sync_hubspot.doctor import examine, examine_for
from sla_sync_hubspot.doubles import known_last, what_is_there_twice
from sla_sync_hubspot.facts import facts_of
from sla_sync_hubspot.holdings import holdings_of, what_a_search_may_miss
from sla_sync_hubspot.ledger import manifest_of
from sla_sync_hubspot.lock import held
from sla_sync_hubspot.names import CONTACTS, OBJECT_TYPE_IDS, manifest_property, split_key, split_option, title_prefix
from sla_sync_hubspot.options import portal_options
from sla_sync_hubspot.outlook import outlook
from sla_sync_hubspot.parting import who_is_left_behind
from sla_sync_hubspot.past.telling import Inquiry, tell_past
from sla_sync_hubspot.people import PEOPLE, look_up
from sla_sync_hubspot.pulse import pulse_of
from sla_sync_hubspot.room import what_does_not_fit
from sla_sync_hubspot.stories import tell
from sla_sync_hubspot.survey import survey_of
from sla_sync_hubspot.trail import change_of, lines_of, targets_of
from sla_sync_hubspot.types import (
    LIFECYCLE_STAGE,
    OWNER,
    PIPELINE,
    PROPERTY,
    PROPERTY_GROUP,
    PROPERTY_OPTION,
    SEGMENT,
    TEAM,
    USER,
    VALIDATION,
    WORKFLOW,
)
from sla_sync_hubspot.watching.ground import Ground
from sla_sync_hubspot.watching.harm import first_due, harm
from sla_sync_hubspot.watching.watch import watch

_PROPERTY_TYPES = frozenset({PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION})


@contextmanager
def reading(connection: Connection) -> Iterator[HubSpotReader]:
    """Open a conversation that cannot write."""
    client = HubSpotClient(portal_options(connection), target=connection.target, writes=False, wait=connection.wait)
    yield HubSpotReader(client, connection)


@telling_misreadings(attrgetter("_client"))
class HubSpotReader:
    """One reading of a portal; what several questions need is asked once."""

    def __init__(self, client: HubSpotClient, connection: Connection) -> None:
        self._client = client
        self._now = connection.now
        self._setup = connection.setup
        self._target = connection.target
        self._properties: dict[str, dict[str, dict[str, Any]]] = {}
        self._limits = {str(each): number for each, number in portal_options(connection).limits.items()}
        self._flows: list[dict[str, Any]] | None = None
        self._people: list[dict[str, Any]] | None = None
        self._untrailed, self._searched = "", frozenset[Address]()
        self._snapshot = Snapshot({})
        self._handles: Mapping[tuple[str, str], Address] = {}

    def check(self) -> Iterable[Diagnostic]:
        """Yield what is wrong with the token's scopes, the limits and the people. Raises UnauthorizedError for a bad token."""
        return check_portal(self._client, self._setup.people, self._owners)

    def manifest(self) -> Manifest | None:
        """Return what the last apply left in the hidden property, or None where nothing was ever applied."""
        # Inferred: that the list of properties shows hidden ones too, with `hidden: true`.
        found = self._properties_of(CONTACTS).get(manifest_property(self._setup.agreement))
        return manifest_of(found) if found else None

    def read(self, addresses: Collection[Address]) -> Snapshot:
        """Return these settings, everything else that bears our mark, and the containers they live in."""
        # A second look, such as that of an apply under its lock, must not see what the first one saw.
        self._properties, self._flows = {}, None
        settings: dict[Address, Live] = {}
        containers: dict[Address, Live] = {}
        rules, untold = self._validations(addresses)
        for live in (*self._groups(addresses), *self._property_settings(addresses), *self._segments(), *rules):
            settings[live.address] = live
        for owner, name in sorted(
            {split_key(split_option(each.key)[0]) for each in addresses if each.type == PROPERTY_OPTION}
        ):
            found = self._properties_of(owner).get(name)
            if found:
                container = wire.option_container(owner, found)
                containers[container.address] = container
        settings |= {each.address: each for each in self._lifecycle_stages(addresses)}
        pipelines, unshown = self._pipelines(addresses)
        workflows, unreadable = self._workflows(addresses)
        people, missing = self._people_named(addresses)
        settings |= {each.address: each for each in (*pipelines, *workflows, *people)}
        gone = {address: handle for address, handle in self._remembered_all() if address not in settings}
        self._handles = targets_of({**gone, **{address: live.handle for address, live in settings.items()}})
        self._snapshot = Snapshot(
            settings,
            containers,
            {each.address: each for each in (*unreadable, *missing, *untold, *unshown)},
        )
        return self._snapshot

    def foresee(self, changes: Sequence[Change]) -> Iterable[Diagnostic]:
        """Yield what the portal has no room for, what its edition lacks, and whom nobody carries further."""
        yield from what_does_not_fit(self._client, changes, lambda: len(self._headings()), self._limits)
        yield from who_is_left_behind(changes)
        yield from what_a_search_may_miss(changes, self._searched)
        yield from what_is_there_twice(self._flows or (), self._snapshot)

    def foresee_for(self, resources: Resources, binding: BindingDocument) -> Iterable[Diagnostic]:
        """Yield where the portal's zone or a score of its own does not fit this agreement."""
        return outlook(self._client, resources, of_hubspot(binding))

    def audit_trail(self, since: datetime | None) -> Iterable[SettingChange]:
        """Yield who changed what, newest first; nothing where the portal's edition keeps no audit log (below Enterprise)."""
        try:
            lines = lines_of(self._client, since)
        except (ForbiddenError, RejectedError) as error:
            self._untrailed = error.message
            return
        changes = (change_of(each, self._handles, self._who) for each in lines)
        yield from sorted((each for each in changes if each), key=lambda each: each.at, reverse=True)

    def examine(self) -> Iterator[Checkup]:
        """Yield everything that the connector relies on: scopes, edition, limits, workflows, people."""
        return examine(self._client, self.manifest, self._owners, self._setup.people)

    def examine_for(self, resources: Resources, binding: BindingDocument) -> Iterator[Checkup]:
        """Yield how the portal stands towards this agreement: zone, teams, scores, betas."""
        return examine_for(self._client, resources, of_hubspot(binding), self._properties_of(CONTACTS))

    def story(self, record: str) -> RecordStory:
        """Return what became of one contact, from the history of its properties. Raises SlaSyncError where none is kept."""
        return tell(self._client, record, self.manifest(), self._owners)

    def pulse(self) -> Pulse:
        """Return when the dates of clocks were last found."""
        return pulse_of(self._properties_of(CONTACTS), self._setup.agreement)

    def survey(self) -> Survey:
        """Return what the portal has that a first agreement can be written from."""
        return survey_of(self._client, self._owners)

    def facts(self, asked: Asked) -> Facts:
        """Return what the portal tells for a comparison with another platform."""
        return facts_of(self._client, self._setup.people, asked)

    def history(self, asked: HistoryAsked) -> Iterator[Piece | Untold]:
        """Yield what became of contacts, piece by piece, and what the portal does not tell. Raises ConnectorError."""
        properties = partial(self._properties_of, CONTACTS)
        return tell_past(Inquiry(self._client, asked, self._setup.people, properties, self._now))

    def watch(self, asked: Watched) -> Iterator[Observation | Unseen]:
        """Yield what an audit sees beside settings, and what the portal does not tell."""
        yield from watch(self._ground(asked))
        if self._untrailed:
            yield Unseen(TRAIL, self._untrailed)

    def harm(self, asked: Watched, origin: KeyPath, since: datetime) -> Harm | None:
        """Return which contacts passed since then at a place of the agreement; None where the portal cannot tell."""
        return harm(self._ground(asked), origin, since)

    def first_due(self, asked: Watched) -> datetime | None:
        """Return when the next clock that runs now falls due; None where none runs."""
        return first_due(self._ground(asked))

    def holdings(self, addresses: Collection[Address]) -> Mapping[Address, int]:
        """Return what would be lost with settings that were read."""
        counts, self._searched = holdings_of(self._client, self._snapshot, self._properties_of, addresses)
        return counts

    def lock(self) -> LockHeld | None:
        """Return who applies right now; None where nobody does."""
        return held(self._client, self._now())

    def _ground(self, asked: Watched) -> Ground:
        return Ground(
            self._client, asked, of_hubspot(asked.binding), self._setup.people,
            lambda: self._properties_of(CONTACTS), self._owners, self._headings,
        )  # fmt: skip

    def _properties_of(self, owner: str) -> dict[str, dict[str, Any]]:
        if owner not in self._properties:
            self._properties[owner] = catalogue.properties_of(self._client, owner)
        return self._properties[owner]

    def _owners(self) -> list[dict[str, Any]]:
        if self._people is None:
            self._people = catalogue.owners(self._client)
        return self._people

    def _people_named(self, addresses: Collection[Address]) -> tuple[list[Live], list[Unreadable]]:
        """Return the owners, users and teams that settings refer to, and those that cannot be told apart or found."""
        asked = sorted(each for each in addresses if each.type in PEOPLE)
        looks: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
            OWNER: self._owners, USER: self._owners, TEAM: lambda: catalogue.teams(self._client),
        }  # fmt: skip
        found: list[Live] = []
        missing: list[Unreadable] = []
        for type_name in sorted({each.type for each in asked}):
            some = [each for each in asked if each.type == type_name]
            try:
                there = looks[type_name]()
            except ForbiddenError as error:
                missing.extend(Unreadable(each, error.message) for each in some)
                continue
            for each in some:
                person = look_up(each, there, self._setup.people)
                if isinstance(person, Live):
                    found.append(person)
                else:
                    missing.append(person)
        return found, missing

    def _who(self, user_id: object) -> str | None:
        if user_id is None:
            return None
        try:
            people = self._owners()
        except ForbiddenError:
            people = []
        names = (str(each.get("email")) for each in people if str(each.get("userId")) == str(user_id))
        return next(names, f"user {user_id}")

    def _groups(self, addresses: Collection[Address]) -> Iterator[Live]:
        asked = {each for each in addresses if each.type == PROPERTY_GROUP}
        for owner in sorted({split_key(each.key)[0] for each in asked}):
            for found in catalogue.groups_of(self._client, owner).values():
                live = wire.group(owner, found)
                if live.address in asked:
                    yield live

    def _property_settings(self, addresses: Collection[Address]) -> Iterator[Live]:
        owners = {CONTACTS, *(split_key(each.key)[0] for each in addresses if each.type in _PROPERTY_TYPES)}
        agreement = self._setup.agreement
        for owner in sorted(owners):
            for found in self._properties_of(owner).values():
                each = wire.property_(owner, found, agreement, lambda _: None)
                if each.address in addresses or each.managed:
                    yield wire.property_(owner, found, agreement, self._who)
                # An option of a property of ours is a part of that property and no setting of its own.
                if not each.managed:
                    yield from self._options(owner, found, addresses)

    def _options(self, owner: str, found: Mapping[str, Any], addresses: Collection[Address]) -> Iterator[Live]:
        agreement = self._setup.agreement
        wanted = {
            each.address
            for each in wire.options(owner, found, agreement, lambda _: None)
            if each.managed or each.address in addresses
        }
        if wanted:
            everything = wire.options(owner, found, agreement, self._who)
            yield from (each for each in everything if each.address in wanted)

    def _validations(self, addresses: Collection[Address]) -> tuple[list[Live], list[Unreadable]]:
        """Return the rules that are asked for or were applied; of others the portal may have as many as it likes."""
        manifest = self.manifest()
        applied = manifest.applied if manifest else {}
        asked = {each for each in (*addresses, *applied) if each.type == VALIDATION}
        found: list[Live] = []
        for owner in sorted({split_key(each.key)[0] for each in asked}):
            try:
                rules = catalogue.validations_of(self._client, OBJECT_TYPE_IDS[owner])
            except ForbiddenError as error:
                return [], [Unreadable(each, error.message) for each in sorted(asked)]
            found.extend(live for each in rules if (live := wire.validation(owner, each)).address in asked)
        return found, []

    def _lifecycle_stages(self, addresses: Collection[Address]) -> Iterator[Live]:
        """Yield the stages that are asked for, referred to or were applied; one that somebody renamed is known by its number."""
        remembered = {address: handle for handle, address in self._remembered(LIFECYCLE_STAGE).items()}
        wanted = {each for each in addresses if each.type == LIFECYCLE_STAGE} | remembered.keys()
        for address in sorted(wanted):
            offered = self._properties_of(CONTACTS).get("lifecyclestage")
            found = catalogue.lifecycle_option(offered, address.key, remembered.get(address))
            if found:
                yield wire.lifecycle_stage(found, address)

    def _pipelines(self, addresses: Collection[Address]) -> tuple[list[Live], list[Unreadable]]:
        """Return the pipelines that are asked for or were applied, and those of an object that the portal has not."""
        manifest = self.manifest()
        applied = manifest.applied if manifest else {}
        found: list[Live] = []
        unshown: list[Unreadable] = []
        for address in sorted({each for each in (*addresses, *applied) if each.type == PIPELINE}):
            owner, identifier = split_key(address.key)
            try:
                raw = catalogue.pipeline_at(self._client, f"/{OBJECT_TYPE_IDS[owner]}/{segment_of(identifier)}")
            except ForbiddenError as error:
                because = (
                    f"Pipelines of {owner} need Sales Hub Professional or Enterprise, and their scope: {error.message}"
                )
                unshown.append(Unreadable(address, because))
            else:
                found.extend([wire.pipeline(raw, address)] if raw else [])
        return found, unshown

    def _segments(self) -> Iterator[Live]:
        remembered = self._remembered(SEGMENT)
        prefix = title_prefix(self._setup.agreement)
        for found in catalogue.lists_titled(self._client, prefix, besides=remembered):
            if found.get("deletedAt") is None:
                yield wire.segment(found, self._who, remembered.get(str(found["listId"])))

    def _workflows(self, addresses: Collection[Address]) -> tuple[list[Live], list[Unreadable]]:
        """Return our workflows, and those that HubSpot hides.

        An app may be shown an empty list while its own workflows run: what the manifest remembers and the list lacks is
        asked for by id, and only a clear «not found» counts as missing.
        """
        remembered = self._remembered(WORKFLOW)
        asked = sorted(each for each in addresses if each.type == WORKFLOW)
        try:
            # What the manifest remembers is asked for by its id below; the others are known by their names alone.
            headings = self._headings({each.key for each in asked} - {each.key for each in remembered.values()})
        except ForbiddenError as error:
            return [], [Unreadable(each, error.message) for each in asked]
        prefix = title_prefix(self._setup.agreement)
        listed = {
            str(each["id"]): remembered.get(str(each["id"])) or Address(WORKFLOW, str(each["name"]))
            for each in headings
            if str(each.get("name", "")).startswith(prefix) or str(each["id"]) in remembered
        }
        shown = catalogue.flows_with_ids(self._client, sorted(listed))
        live = [wire.workflow(shown[handle], listed[handle]) for handle in known_last(shown, remembered)]
        hidden = [
            Unreadable(address, "HubSpot lists this workflow and does not show what it does.")
            for handle, address in listed.items()
            if handle not in shown
        ]
        there = {each.address for each in live}
        for handle, address in sorted(remembered.items()):
            if handle in listed or address in there:
                continue
            try:
                found = catalogue.flow_with_id(self._client, handle)
            except ForbiddenError as error:
                hidden.append(Unreadable(address, error.message))
            else:
                # Inferred: a hidden workflow answers 403 to a GET by id (recorded), so a 404 means that it is gone.
                live.extend([wire.workflow(found, address)] if found else [])
        return live, hidden

    def _headings(self, named: Collection[str] = ()) -> list[dict[str, Any]]:
        if self._flows is None:
            self._flows = catalogue.flow_headings(self._client, named=named)
        return self._flows

    def _remembered_all(self) -> Iterable[tuple[Address, str]]:
        manifest = self.manifest()
        return manifest.handles.items() if manifest else ()

    def _remembered(self, type_name: str) -> dict[str, Address]:
        """Return the ids that the manifest keeps for one type: what was renamed is still ours."""
        return {handle: address for address, handle in self._remembered_all() if address.type == type_name}
