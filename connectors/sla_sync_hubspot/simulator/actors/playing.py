"""A story acted out in a simulated portal through its public API: leads arrive, reps call, machines write, time passes.

People act with tokens of their own, so that the portal sees who did what. The words come from the binding as plain
values, as its author wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from sla_sync.connector.simulation import COLLEAGUE, OWNER, Deed, Heard, Move, Running, at_their_time
from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.object_types import CONTACT
from sla_sync_hubspot.simulator.refusals import TOO_MANY_REQUESTS
from sla_sync_hubspot.simulator.running.enrolments import sent
from sla_sync_hubspot.simulator.stock import PORTAL_ID

if TYPE_CHECKING:
    import requests

    from sla_sync_hubspot.simulator.application import HubSpotApplication

Words: TypeAlias = Mapping[str, Any]
"""A binding as plain values."""

_CRM = "/crm/v3"
_FORM = f"/submissions/v3/integration/submit/{PORTAL_ID}/7b2f3c7e-0d3e-4a5e-9a58-3a3f5d1c2b10"
_OWNER = "hubspot_owner_id"
_CONTACT_STAGES = ("hs_lead_status", "lifecyclestage")
_LINKS: Mapping[str, int] = {"calls": 194, "emails": 198, "meetings": 200, "communications": 81, "deals": 3}
"""The types of the associations of a record with its contact (see `association_types.py`)."""
_LOGGED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "call": ("calls", {"hs_call_title": "Spoke with them", "hs_call_status": "COMPLETED"}),
    "email": ("emails", {"hs_email_subject": "Hello", "hs_email_direction": "EMAIL", "hs_email_status": "SENT"}),
    "meeting": ("meetings", {"hs_meeting_title": "Meeting", "hs_meeting_source": "CRM_UI"}),
    "communication": (
        "communications",
        {"hs_communication_channel_type": "SMS", "hs_communication_logged_from": "CRM"},
    ),
}
_SEQUENCE = "700100"
_TIMEOUT, _TRIES = 60, 3
_REFUSED = 400


def play(running: Running, moves: Sequence[Move], words: Words) -> Mapping[str, str]:
    """Act out the moves in their order of time, and return the id of each lead's contact by its name.

    Raises RuntimeError where the portal refuses one of them.
    """
    import requests  # a client of its own; only this role needs it

    with requests.Session() as session:
        session.trust_env = False
        stage = _Stage(running, session, words)
        for move in at_their_time(moves, running):
            stage.act(move)
        return stage.contacts


def heard(running: Running) -> Sequence[Heard]:
    """Return what the portal told people about contacts, the first first; mails to the contacts themselves are no part."""
    portal = _portal(running).portal
    emails = {str(each["email"]) for each in portal.state["owners"]}
    told = []
    for each in sent(portal.records):
        flow = portal.state["flows"].get(each.flow, {"objectTypeId": CONTACT.identifier})
        contact = portal.records.get(flow["objectTypeId"], each.record)
        to = tuple(one.partition("@")[0] for one in each.to if one in emails)
        if contact is not None and contact.object_id == CONTACT.identifier and to:
            name = " ".join(filter(None, (contact.get("firstname"), contact.get("lastname"))))
            told.append(Heard(each.at, to, name, each.subject))
    return tuple(told)


def _portal(running: Running) -> HubSpotApplication:
    return cast("HubSpotApplication", running.application)


class _Stage:
    """The portal as the actors use it, and whom they mean by which name."""

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
        self.contacts: dict[str, str] = {}
        """The id of the contact by the lead's name."""
        self._owners = {
            str(each["email"]): str(each["id"]) for each in self._call("GET", f"{_CRM}/owners?limit=500")["results"]
        }
        self._teams = self._call("GET", "/settings/v3/users/teams")["results"]
        found = self._call("GET", f"{_CRM}/properties/contacts")["results"]
        self._properties: Mapping[str, Mapping[str, Any]] = {str(each["name"]): each for each in found}

    def act(self, move: Move) -> None:
        """Do what one move says."""
        self._acts[move.deed](move)

    def _arrives(self, move: Move) -> None:
        """Create the contact as a form of the company's own site does, with what it knows already."""
        first, _, last = move.lead.rpartition(" ")
        values = {"firstname": first, "lastname": last, **self._first_stage(), **self._facts(move)}
        if move.source:
            values |= {str(self._words["sources"]["from"][0]): self._source(move.source)}
        self.contacts[move.lead] = self._create("contacts", {name: text for name, text in values.items() if text})
        self._give_company(move)

    def _asks(self, move: Move) -> None:
        """Fill in a form again, as people do who are known already; it tells another stored value where there is one."""
        name = str(self._words["sources"]["from"][0])
        held = self._read(move.lead, name, "email")
        stored = [str(each) for each in self._words["sources"]["values"][move.source]]
        value = next((each for each in stored if each != held[name]), stored[0])
        fields = [{"objectTypeId": "0-1", "name": key, "value": text} for key, text in
                  (("email", str(held["email"])), (name, value), *self._facts(move).items())]  # fmt: skip
        self._call("POST", _FORM, {"fields": fields})

    def _changes(self, move: Move) -> None:
        self._write(move.lead, self._facts(move), by=move.by)
        self._give_company(move)

    def _moves(self, move: Move) -> None:
        bound = self._words["stages"][move.stage]
        actor = self._actor(move)
        values = self._facts(move) | self._reasons(move)
        shown = next((name for name in _CONTACT_STAGES if bound.get(name)), None)
        if shown:
            values[shown] = self._stored(shown, str(bound[shown][0]))
        if values:
            self._write(move.lead, values, by=actor)
        if not shown:
            self._deal(move.lead, str(bound["dealstage"][0]), by=actor)

    def _takes(self, move: Move) -> None:
        self._write(move.lead, {_OWNER: self._owner_id(self._actor(move))})

    def _returns(self, move: Move) -> None:
        """Give the contact back: nobody owns it, and where the portal keeps queues it stands in that one."""
        queue = f"{self._words['prefix']}queue".lower()
        values = {queue: move.to} if queue in self._properties else {}
        self._write(move.lead, {_OWNER: "", **values}, by=self._actor(move))

    def _touches(self, move: Move) -> None:
        rule = self._words["touch"]["any"][0]
        kind, values = _LOGGED[rule["activity"]]
        outcome = {"hs_call_disposition": str(rule["outcome"][0])} if rule.get("outcome") and kind == "calls" else {}
        self._log(move, kind, {**values, **outcome})

    def _mails(self, move: Move) -> None:
        """Let a sequence write in somebody's name."""
        kind, values = _LOGGED["email"]
        self._log(move, kind, {**values, "hs_email_subject": "Automatic reply", "hs_sequence_id": _SEQUENCE})

    def _converts(self, move: Move) -> None:
        self._deal(move.lead, "", by=move.by)

    def _log(self, move: Move, kind: str, values: Mapping[str, str]) -> None:
        actor = self._actor(move)
        body = {**values, "hs_timestamp": spell_instant(move.at), _OWNER: self._owner_id(actor)}
        self._create(kind, body, about=self.contacts[move.lead], by=actor)

    def _deal(self, lead: str, stage: str, *, by: str) -> None:
        """Move the deal of a contact into a stage, or create it."""
        contact = self.contacts[lead]
        linked = self._call("GET", f"/crm/v4/objects/contacts/{contact}/associations/deals")["results"]
        values = {"dealstage": stage} if stage else {}
        if linked:
            self._call("PATCH", f"{_CRM}/objects/deals/{linked[-1]['toObjectId']}", {"properties": values}, by=by)
            return
        if not stage:
            values = {"dealstage": self._call("GET", f"{_CRM}/pipelines/deals")["results"][0]["stages"][0]["id"]}
        owner = self._read(lead, _OWNER)[_OWNER]
        given = {"dealname": lead, **values, **({_OWNER: owner} if owner else {})}
        self._create("deals", given, about=contact, by=by)

    def _give_company(self, move: Move) -> None:
        """Associate the contact with a company for each fact that is read through it."""
        values = {
            str(bound["field"]): self._owner_id(str(move.facts[name])) if bound["field"] == _OWNER else str(move.facts[name])
            for name, bound in self._words["fields"].items()
            if bound.get("through") and name in move.facts
        }  # fmt: skip
        if values:
            contact = self.contacts[move.lead]
            company = self._create("companies", {"name": f"{move.lead.rpartition(' ')[2]} Ltd", **values})
            path = f"/crm/v4/objects/companies/{company}/associations/default/contacts/{contact}"
            self._call("PUT", path)

    def _actor(self, move: Move) -> str:
        """Return the e-mail of whoever acts; empty for the app."""
        if move.by not in {OWNER, COLLEAGUE}:
            return self._email(move.by) if move.by else ""
        owner = self._read(move.lead, _OWNER)[_OWNER]
        if not owner:
            raise RuntimeError(f"{move.lead} has no owner when its owner should act ({move.deed}).")
        email = next(each for each, identity in self._owners.items() if identity == owner)
        return email if move.by == OWNER else self._colleague(email)

    def _colleague(self, email: str) -> str:
        users = {str(each["userId"]): str(each["email"]) for each in self._people()}
        mine = [[users[user] for user in each["userIds"] if user in users] for each in self._teams]
        team = next((each for each in mine if email in each), list(self._owners))
        return next(each for each in team if each != email)

    def _people(self) -> Sequence[Mapping[str, Any]]:
        found: Sequence[Mapping[str, Any]] = self._call("GET", f"{_CRM}/owners?limit=500")["results"]
        return found

    def _email(self, name: str) -> str:
        return next(each for each in self._owners if name in {each, each.partition("@")[0]})

    def _owner_id(self, name: str) -> str:
        return self._owners[self._email(name)]

    def _facts(self, move: Move) -> dict[str, str]:
        bound = self._words["fields"]
        named = {
            str(bound[name]["field"]): value for name, value in move.facts.items() if not bound[name].get("through")
        }
        return {name: self._spelled(name, value) for name, value in named.items()}

    def _spelled(self, name: str, value: object) -> str:
        """Return a fact as the property holds it: a number falls into the bracket of a property that keeps brackets."""
        if isinstance(value, bool):
            return str(value).lower()
        options = [str(each["value"]) for each in self._properties.get(name, {}).get("options", ())]
        if not isinstance(value, int) or not options or str(value) in options:
            return str(value)
        return next((each for each in options if _within(each, value)), str(value))

    def _reasons(self, move: Move) -> dict[str, str]:
        own = str(self._words["prefix"]).lower()
        found = {f"{own}reason": move.reason, f"{own}reason_note": move.note}
        return {name: text for name, text in found.items() if text}

    def _first_stage(self) -> dict[str, str]:
        for bound in self._words["stages"].values():
            for name in _CONTACT_STAGES:
                if bound.get(name):
                    return {name: self._stored(name, str(bound[name][0]))}
        return {}

    def _stored(self, name: str, value: str) -> str:
        """Return the value that means a stage; a lifecycle stage of one's own has a number behind its label."""
        options = self._properties[name]["options"]
        labelled = (str(each["value"]) for each in options if each["label"] == value)
        return value if any(each["value"] == value for each in options) else next(labelled, value)

    def _source(self, source: str) -> str:
        return str(self._words["sources"]["values"][source][0])

    def _read(self, lead: str, *names: str) -> Mapping[str, str | None]:
        path = f"{_CRM}/objects/contacts/{self.contacts[lead]}?properties={','.join(names)}"
        found: Mapping[str, str | None] = self._call("GET", path)["properties"]
        return found

    def _create(self, kind: str, values: Mapping[str, str], *, about: str = "", by: str = "") -> str:
        body: dict[str, Any] = {"properties": dict(values)}
        if about:
            label = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": _LINKS[kind]}
            body["associations"] = [{"to": {"id": about}, "types": [label]}]
        return str(self._call("POST", f"{_CRM}/objects/{kind}", body, by=by)["id"])

    def _write(self, lead: str, values: Mapping[str, str], *, by: str = "") -> None:
        self._call("PATCH", f"{_CRM}/objects/contacts/{self.contacts[lead]}", {"properties": dict(values)}, by=by)

    def _call(self, method: str, path: str, body: object = None, *, by: str = "") -> Mapping[str, Any]:
        token = _portal(self._running).token_of(self._email(by)) if by else self._running.token
        for _ in range(_TRIES):
            answer = self._session.request(
                method,
                f"{self._running.url}{path}",
                json=body,
                headers={"Authorization": f"Bearer {token}"},
                timeout=_TIMEOUT,
            )
            # A refusal for haste moves the simulator's clock to the end of its window.
            if answer.status_code != TOO_MANY_REQUESTS:
                break
        if answer.status_code >= _REFUSED:
            raise RuntimeError(f"The portal refused {method} {path} by {by or 'the app'}: {answer.text}")
        found: Mapping[str, Any] = answer.json() if answer.content else {}
        return found


def _within(bracket: str, number: int) -> bool:
    """Return whether a number is within `50-100` or `1000+`; the upper end belongs to the next bracket."""
    low, dash, high = bracket.rstrip("+").partition("-")
    if not low.isdecimal() or (dash and not high.isdecimal()):
        return False
    return int(low) <= number and (not dash or number < int(high))
