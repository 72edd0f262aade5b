"""A story acted out on both platforms: forms are filled in in HubSpot, leads are worked in Salesforce, one clock runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, TypeAlias
from uuid import UUID

from sla_sync.connector.simulation import OWNER, Deed, Move, Running, at_their_time
from sla_sync.connector.syncing import Passed, PlayedPair, Shown, Sync
from sla_sync_native_sync.hubspot_side import read_contacts, read_properties
from sla_sync_native_sync.pair import Pair, pair
from sla_sync_native_sync.values import Value
from sla_sync_native_sync.wire import AnswerError, Wire, wire

HUBSPOT, SALESFORCE = "hubspot", "salesforce"
_WORKFLOW = "AUTOMATION_PLATFORM"
_CONTACTS = "/crm/v3/objects/contacts"
_DATA = "/services/data/v63.0"
_FORM = UUID("00000000-0000-4000-8000-000000000001")
Words: TypeAlias = Mapping[str, Any]


def play(
    settings: Sync,
    platforms: Mapping[str, Running],
    words: Mapping[str, Words],
    moves: Sequence[Move],
    until: datetime,
) -> PlayedPair:
    """Act out the moves in their order of time, and tell how it came out (see `PairPlayer`)."""
    joined = pair(settings, platforms[HUBSPOT], platforms[SALESFORCE])
    stage = _Stage(joined, wire(platforms[HUBSPOT]), platforms[SALESFORCE], words)
    try:
        stage.include(settings.inclusion)
        for move in at_their_time(moves, joined):
            stage.act(move)
        joined.run_until(until)
        return stage.told()
    except AnswerError as error:
        raise RuntimeError(f"{error}") from error


@dataclass
class _Stage:
    """Both platforms as the actors use them, and whom they mean by which name."""

    pair: Pair
    hubspot: Wire
    org: Running
    words: Mapping[str, Words]
    contacts: dict[str, str] = field(default_factory=dict)
    """Contact in HubSpot by the lead's name."""

    def include(self, segment: str) -> None:
        """Let HubSpot's administrator make the inclusion segment: everybody who was ever more than an inquiry."""
        stages = list(self.words[HUBSPOT]["stages"].values())
        values = [value for each in stages[1:] for value in each.get("hs_lead_status", ())]
        test = {"operationType": "ENUMERATION", "operator": "HAS_EVER_BEEN_ANY_OF", "values": values}
        tested = {"filterType": "PROPERTY", "property": "hs_lead_status"}
        filters = [{**tested, "operation": {**test, "includeObjectsWithNoValueSet": False}}]
        inner = {"filterBranchType": "AND", "filterBranchOperator": "AND", "filterBranches": [], "filters": filters}
        root = {"filterBranchType": "OR", "filterBranchOperator": "OR", "filters": [], "filterBranches": [inner]}
        made = {"name": segment, "objectTypeId": "0-1", "processingType": "DYNAMIC", "filterBranch": root}
        self.hubspot("POST", "/crm/v3/lists", made)

    def act(self, move: Move) -> None:
        """Do what one move says."""
        match move.deed:
            case Deed.ARRIVES | Deed.ASKS:
                self._fills_in(move)
            case Deed.CHANGES:
                facts = {self._property(name): str(value) for name, value in move.facts.items()}
                self.hubspot("PATCH", f"{_CONTACTS}/{self.contacts[move.lead]}", {"properties": facts})
            case Deed.TOUCHES:
                self._touches(move)
            case Deed.MOVES:
                self._moves(move)
            case _:
                raise RuntimeError(f"Nobody knows how {move.lead} {move.deed} on two platforms at once.")

    def told(self) -> PlayedPair:
        """Return how it came out."""
        memory = self.pair.memory
        links = {lead: memory.links[contact] for lead, contact in self.contacts.items() if contact in memory.links}
        shown = {lead: self._shown(contact) for lead, contact in self.contacts.items()}
        errors = tuple(f"{each.category}: {each.message}" for each in memory.errors)
        return PlayedPair({lead: each.id for lead, each in links.items()}, tuple(self._passed()), shown, errors)

    def _fills_in(self, move: Move) -> None:
        """Fill in a form, as a visitor does: what HubSpot does not know yet of somebody, and what they ask for."""
        values = {self._property(name): str(value) for name, value in move.facts.items()}
        if move.lead not in self.contacts:
            first, _, last = move.lead.rpartition(" ")
            values |= {"firstname": first, "lastname": last}
        if move.source:
            sources = self.words[HUBSPOT]["sources"]
            values[sources["from"][0]] = sources["values"][move.source][0]
        portal = self.hubspot("GET", "/account-info/v3/details")["portalId"]
        fields = [{"objectTypeId": "0-1", "name": name, "value": text} for name, text in values.items()]
        self.hubspot("POST", f"/submissions/v3/integration/submit/{portal}/{_FORM}", {"fields": fields})
        known = read_contacts(self.hubspot, ("email",))
        self.contacts[move.lead] = next(key for key, each in known.items() if each.email == values["email"])

    def _touches(self, move: Move) -> None:
        rules: Sequence[Words] = self.words[SALESFORCE]["touch"]["any"]
        test: Words = next(each["Task"] for each in rules if "Task" in each)
        who, record = self._actor(move), self._record(move)
        task = {"WhoId": record, "OwnerId": self._user(who), "Type": test["Type"][0], "Status": test["Status"][0]}
        self._as(who)("POST", f"{_DATA}/sobjects/Task", {**task, "Subject": "Spoke with them"})

    def _moves(self, move: Move) -> None:
        own = self.words[SALESFORCE]
        values: dict[str, object] = {"Status": own["stages"][move.stage]["Lead.Status"][0]}
        if move.reason:
            values[f"{own['prefix']}Reason__c"] = move.reason
        self._as(self._actor(move))("PATCH", f"{_DATA}/sobjects/Lead/{self._record(move)}", values)

    def _record(self, move: Move) -> str:
        link = self.pair.memory.links.get(self.contacts[move.lead])
        if link is None:
            raise RuntimeError(f"Salesforce has not heard of {move.lead} when somebody there {move.deed}.")
        return link.id

    def _actor(self, move: Move) -> str:
        if move.by != OWNER:
            return move.by
        found = self.pair.joint.salesforce("GET", f"{_DATA}/sobjects/Lead/{self._record(move)}?fields=OwnerId")
        people = self._people()
        if found["OwnerId"] not in people:
            raise RuntimeError(f"{move.lead} waits in a queue when its owner should act ({move.deed}).")
        return people[found["OwnerId"]]

    def _user(self, name: str) -> str:
        return next(key for key, each in self._people().items() if name in {each, each.partition("@")[0]})

    def _people(self) -> Mapping[str, str]:
        query = "/query?q=SELECT+Id,+Username+FROM+User"
        return {each["Id"]: each["Username"] for each in self.pair.joint.salesforce("GET", _DATA + query)["records"]}

    def _as(self, username: str) -> Wire:
        application: Any = self.org.application  # only Salesforce's has sessions of single people
        return wire(self.org, application.token_of(username))

    def _property(self, name: str) -> str:
        return str(self.words[HUBSPOT]["fields"][name]["field"])

    def _shown(self, contact: str) -> Mapping[str, Sequence[Shown]]:
        own = str(self.words[HUBSPOT]["prefix"]).lower()
        names = dict.fromkeys(self.pair.joint.settings.mappings)
        names |= dict.fromkeys(name for name in read_properties(self.hubspot) if name.startswith(own))
        answer = self.hubspot("GET", f"{_CONTACTS}/{contact}?propertiesWithHistory={','.join(names)}")
        told = answer.get("propertiesWithHistory", {})
        return {
            name: tuple(
                Shown(_instant(each["timestamp"]), str(each["value"]), each["sourceType"] == _WORKFLOW)
                for each in reversed(values)
            )
            for name, values in told.items()
        }

    def _passed(self) -> Iterator[Passed]:
        memory = self.pair.memory
        leads = {contact: lead for lead, contact in self.contacts.items()}
        leads |= {link.id: leads[contact] for contact, link in memory.links.items() if contact in leads}
        for (at, side, record), group in groupby(memory.written, key=lambda each: (each.at, each.side, each.record)):
            yield Passed(at, side, leads.get(record, record), tuple((each.field, _said(each.after)) for each in group))


def _said(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return "blank" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
