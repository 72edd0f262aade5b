"""A story acted out in a simulated org through its public API: leads arrive, reps call, machines write, time passes.

Everybody acts in a session of their own, so that the org sees who did what. The words come from the binding as plain
values, as its author wrote it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sla_sync.connector.simulation import COLLEAGUE, OWNER, Deed, Heard, Move, Running, at_their_time
from sla_sync_salesforce.simulator.documents import read_xml
from sla_sync_salesforce.simulator.outbox import sent
from sla_sync_salesforce.simulator.schema import VERSION

if TYPE_CHECKING:
    import requests

    from sla_sync_salesforce.simulator.application import Application

Words: TypeAlias = Mapping[str, Any]
"""A binding as plain values."""
Record: TypeAlias = Mapping[str, object]

_DATA = f"/services/data/v{VERSION}"
_LEAD, _CONTACT = "Lead", "Contact"
_TIMEOUT = 60
_REFUSED = 400
_PARTNER = "urn:partner.soap.sforce.com"


def play(running: Running, moves: Sequence[Move], words: Words) -> Mapping[str, str]:
    """Act out the moves in their order of time, and return the id of each lead's record, or its contact's, by its name.

    Raises RuntimeError where the org refuses one of them.
    """
    import requests  # a client of its own; only this role needs it

    with requests.Session() as session:
        session.trust_env = False
        session.verify = str(running.ca)
        stage = _Stage(running, session, words)
        for move in at_their_time(moves, running):
            stage.act(move)
        return {**stage.records, **stage.contacts}


def heard(running: Running) -> Sequence[Heard]:
    """Return what the org told people, the first first; a person or record that is gone is left out."""
    organization = _org(running).desk.organization
    people = {each.id: each.username.partition("@")[0] for each in organization.users}
    named = {key: str(row["Name"]) for kind in (_LEAD, _CONTACT) for key, row in organization.store.of(kind).items()}
    return tuple(
        Heard(each.at, tuple(people[to] for to in each.to if to in people), named[each.target], each.title)
        for each in sent(organization.store)
        if each.target in named
    )


def _org(running: Running) -> Application:
    return cast("Application", running.application)


class _Stage:
    """The org as the actors use it, and whom they mean by which name."""

    def __init__(self, running: Running, session: requests.Session, words: Words) -> None:
        self._running, self._session, self._words = running, session, words
        self._acts = {
            Deed.ARRIVES: self._arrives,
            Deed.ASKS: self._asks,
            Deed.CHANGES: self._changes,
            Deed.MOVES: self._moves,
            Deed.TAKES: self._takes,
            Deed.RETURNS: self._returns,
            Deed.TOUCHES: self._touches,
            Deed.MAILS: self._mails,
            Deed.CONVERTS: self._converts,
        }
        self.records: dict[str, str] = {}
        """The lead's record by the lead's name; after a conversion it is still the lead's."""
        self.contacts: dict[str, str] = {}
        """The contact that a lead has become, by the lead's name."""
        self._users = {
            str(each["Username"]): str(each["Id"]) for each in self._find("Id, Username", "User", "IsActive = true")
        }

    def act(self, move: Move) -> None:
        """Do what one move says."""
        self._acts[move.deed](move)

    def _arrives(self, move: Move) -> None:
        first, _, last = move.lead.rpartition(" ")
        start = next(iter(self._stored("stages", self._first_stage())))
        values = {"FirstName": first, "LastName": last, "Company": f"{last} Ltd", "Status": start, **self._facts(move)}
        if move.source:
            values |= self._lead_source(move.source)
        self.records[move.lead] = self._create(_LEAD, values)

    def _asks(self, move: Move) -> None:
        """Raise a hand through a campaign, as people do who are known already."""
        campaign = {"Name": f"{move.source} {move.at:%Y-%m-%d %H:%M}", "IsActive": True, **self._campaign(move.source)}
        person = self.contacts.get(move.lead)
        key, identity = ("ContactId", person) if person else ("LeadId", self.records[move.lead])
        member = {"CampaignId": self._create("Campaign", campaign), key: identity, "Status": "Responded"}
        self._create("CampaignMember", member)

    def _changes(self, move: Move) -> None:
        self._update(_LEAD, self.records[move.lead], self._facts(move), by=move.by)

    def _moves(self, move: Move) -> None:
        values: dict[str, object] = {"Status": self._stored("stages", move.stage)[0], **self._facts(move)}
        if move.reason:
            values[f"{self._words['prefix']}Reason__c"] = move.reason
        if move.note:
            values[f"{self._words['prefix']}Reason_Note__c"] = move.note
        self._update(_LEAD, self.records[move.lead], values, by=self._actor(move))

    def _takes(self, move: Move) -> None:
        self._update(_LEAD, self.records[move.lead], {"OwnerId": self._user(self._actor(move))})

    def _returns(self, move: Move) -> None:
        queue = self._words["queues"][move.to]
        (found,) = self._find("Id", "Group", f"Type = 'Queue' AND DeveloperName = '{queue}'")
        self._update(_LEAD, self.records[move.lead], {"OwnerId": found["Id"]}, by=self._actor(move))

    def _touches(self, move: Move) -> None:
        test = self._touch()
        self._log(move, "Spoke with them", test["Type"][0], test["Status"][0])

    def _mails(self, move: Move) -> None:
        """Let a machine write in somebody's name; its subject is one that the binding says never counts."""
        test = self._touch()
        pattern = str(next(iter(test.get("not", {}).values()), "Automatic*"))
        self._log(move, pattern.replace("*", " reply"), "Email", test["Status"][0])

    def _log(self, move: Move, subject: str, kind: str, status: str) -> None:
        actor = self._actor(move)
        person = self.contacts.get(move.lead) or self.records[move.lead]
        task = {"WhoId": person, "OwnerId": self._user(actor), "Type": kind, "Status": status, "Subject": subject}
        self._create("Task", {**task, "ActivityDate": f"{move.at:%Y-%m-%d}"}, by=actor)

    def _converts(self, move: Move) -> None:
        lead = self.records[move.lead]
        (status,) = self._find("MasterLabel", "LeadStatus", "IsConverted = true LIMIT 1")
        content = (
            f"<convertLead xmlns='{_PARTNER}'><leadConverts><convertedStatus>{status['MasterLabel']}</convertedStatus>"
            f"<doNotCreateOpportunity>false</doNotCreateOpportunity><leadId>{lead}</leadId>"
            "<overwriteLeadSource>false</overwriteLeadSource><sendNotificationEmail>false</sendNotificationEmail>"
            "</leadConverts></convertLead>"
        )
        envelope = (
            '<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>'
            f"<SessionHeader xmlns='{_PARTNER}'><sessionId>{self._token(move.by)}</sessionId></SessionHeader>"
            f"</soap:Header><soap:Body>{content}</soap:Body></soap:Envelope>"
        )
        answer = self._session.post(
            f"{self._running.url}/services/Soap/u/{VERSION}",
            data=envelope.encode(),
            headers={"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": '""'},
            timeout=_TIMEOUT,
        )
        result = read_xml(answer.content).children[0].children[0].children[0]
        if answer.status_code >= _REFUSED or result.text_of("success") != "true":
            raise RuntimeError(f"The org refused to convert {move.lead}: {answer.text}")
        self.contacts[move.lead] = result.text_of("contactId")

    def _actor(self, move: Move) -> str:
        """Return the user name of whoever acts; empty for the integration."""
        if move.by not in {OWNER, COLLEAGUE}:
            return move.by
        kind, identity = _LEAD, self.records[move.lead]
        if move.lead in self.contacts:
            kind, identity = _CONTACT, self.contacts[move.lead]
        own = self._words["prefix"]
        waiting = f"{kind}__c = '{identity}' AND Ended_At__c = null AND Person__c != null ORDER BY Name DESC LIMIT 1"
        turns = self._find("Person__c", f"{own}Leg__c", waiting)
        owner = turns[0]["Person__c"] if turns else self._find("OwnerId", kind, f"Id = '{identity}'")[0]["OwnerId"]
        if str(owner) not in self._users.values():
            raise RuntimeError(f"{move.lead} waits in a queue when its owner should act ({move.deed}).")
        if move.by == OWNER:
            return self._name_of(str(owner))
        (other,) = self._find("Person__c", f"{own}Member__c", f"Person__c != '{owner}' ORDER BY Place__c LIMIT 1")
        return self._name_of(str(other["Person__c"]))

    def _name_of(self, user: str) -> str:
        return next(name for name, identity in self._users.items() if identity == user)

    def _user(self, name: str) -> str:
        return next(identity for each, identity in self._users.items() if name in {each, each.partition("@")[0]})

    def _token(self, name: str) -> str:
        if not name:
            return self._running.token
        username = next(each for each in self._users if name in {each, each.partition("@")[0]})
        return _org(self._running).token_of(username)

    def _facts(self, move: Move) -> dict[str, object]:
        bound = self._words["fields"]
        return {str(bound[name]["field"]).partition(".")[2]: value for name, value in move.facts.items()}

    def _first_stage(self) -> str:
        return next(str(name) for name, bound in self._words["stages"].items() if bound.get("Lead.Status"))

    def _stored(self, section: str, name: str) -> Sequence[str]:
        values: Sequence[str] = self._words[section][name]["Lead.Status"]
        return values

    def _source_value(self, source: str) -> str:
        return str(self._words["sources"]["values"][source][0])

    def _lead_source(self, source: str) -> dict[str, object]:
        field = next(each for each in self._words["sources"]["from"] if each.startswith("Lead."))
        return {field.partition(".")[2]: self._source_value(source)}

    def _campaign(self, source: str) -> dict[str, object]:
        named = (each for each in self._words["sources"]["from"] if each.startswith("CampaignMember.Campaign."))
        return {next(named).rpartition(".")[2]: self._source_value(source)}

    def _touch(self) -> Mapping[str, Any]:
        tests: Sequence[Mapping[str, Any]] = self._words["touch"]["any"]
        found: Mapping[str, Any] = next(each["Task"] for each in tests if "Task" in each)
        return found

    def _create(self, name: str, values: Record, *, by: str = "") -> str:
        return str(self._call("POST", f"/sobjects/{name}", values, by=by)["id"])

    def _update(self, name: str, identity: str, values: Record, *, by: str = "") -> None:
        self._call("PATCH", f"/sobjects/{name}/{identity}", values, by=by)

    def _find(self, fields: str, name: str, where: str) -> Sequence[Mapping[str, Any]]:
        text = f"SELECT {fields} FROM {name} WHERE {where}"  # noqa: S608 - the words are the story's own
        found: Sequence[Mapping[str, Any]] = self._call("GET", "/query", {"q": text})["records"]
        return found

    def _call(self, method: str, path: str, values: Record, *, by: str = "") -> Mapping[str, Any]:
        reads = method == "GET"
        answer = self._session.request(
            method,
            f"{self._running.url}{_DATA}{path}",
            params={key: str(value) for key, value in values.items()} if reads else None,
            data=None if reads else json.dumps(values),
            headers={"Authorization": f"Bearer {self._token(by)}", "Content-Type": "application/json"},
            timeout=_TIMEOUT,
        )
        if answer.status_code >= _REFUSED:
            raise RuntimeError(f"The org refused {method} {path} by {by or 'the integration'}: {answer.text}")
        found: Mapping[str, Any] = answer.json() if answer.content else {}
        return found
