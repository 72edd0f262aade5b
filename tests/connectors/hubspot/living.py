"""A portal without requests that lives a whole example: its contacts are asked, moved, given away, touched and timed."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.connector import Address, Desired, Setup, Translation, resolve
from sla_sync.pipeline.dates import Almanac
from sla_sync.semantics.calendars import calendars_of
from sla_sync_hubspot.asked import asked_of, columns, is_asking, written
from sla_sync_hubspot.simulator.associating import associate
from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.records import SCREENS, Source
from sla_sync_hubspot.simulator.saving import change_record, create_record
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock
from sla_sync_hubspot.translate import kept, translate
from sla_sync_hubspot.translate.touches import ACTIVITIES
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import OWNER, PROPERTY, PROPERTY_OPTION, WORKFLOW
from tests.connectors.hubspot.clock_stage import Bend, bent_agreement, example, id_there
from tests.connectors.hubspot.simulator.workshop import CONTACT, Workshop, open_workshop

MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=UTC)
"""Ten in the morning in London, in the office hours of the example."""
_TYPES = {"calls": "0-48", "emails": "0-49", "meetings": "0-47", "communications": "0-18"}
_OWN_VALUES: Mapping[str, Mapping[str, str]] = {
    "call": {"hs_call_status": "COMPLETED", "hs_call_direction": "OUTBOUND"},
    "email": {"hs_email_direction": "EMAIL", "hs_email_status": "SENT"},
    "meeting": {"hs_meeting_outcome": "SCHEDULED", "hs_meeting_source": "CRM_UI"},
    "communication": {},
}
_DEAL, _DEAL_TO_CONTACT = "0-3", (0, "0-1")


def in_words(vocabulary: Vocabulary) -> Translation:
    """Return everything that an example asks of a portal."""
    setup = Setup(vocabulary.resources.agreement, vocabulary.people)
    return translate(vocabulary.resources, vocabulary.binding, setup)


@dataclass
class Life:
    """A portal that lives an agreement, and one contact of it at a time."""

    shop: Workshop
    vocabulary: Vocabulary
    agreement: Agreement
    contact: str = ""
    """The contact that everything is told of."""

    @property
    def now(self) -> datetime:
        """The time of the portal."""
        return self.shop.portal.now

    def arrives(self, **values: str) -> None:
        """Let a person come in, by a form or an import."""
        number = len(list(self.shop.portal.records.of(CONTACT))) + 1
        known = {"email": f"person{number}@buyer.example", "company": "Buyer", "firstname": "Pia"}
        self.contact = self.shop.contact(**{**known, **self._ours(values)})

    def change(self, **values: str) -> None:
        """Write values of the contact; ours by their own name without the prefix."""
        self.shop.change(self.contact, **self._ours(values))

    def moves(self, status: str, **values: str) -> None:
        """Set the lead status, with what is said besides."""
        self.change(hs_lead_status=status, **values)

    def owned_by(self, name: str) -> None:
        """Give the contact to somebody; nobody where the name is empty."""
        self.change(hubspot_owner_id=self.owner_id(name) if name else "")

    def touches(self, by: str, activity: str = "call", **values: str) -> None:
        """Log an activity of somebody with the contact, and let the workflows look."""
        kind = ACTIVITIES[activity]
        own = {**_OWN_VALUES[activity], "hs_timestamp": spell_instant(self.now), **values}
        if by:
            own["hubspot_owner_id"] = self.owner_id(by)
        self._beside(_TYPES[kind.owner], own)

    def deals(self, stage: str) -> str:
        """Open a deal of the contact in a stage, and return its id."""
        return self._beside(_DEAL, {"dealname": "Deal", "dealstage": stage})

    def deal_moves(self, deal: str, stage: str) -> None:
        """Move a deal."""
        change_record(self.shop.portal, _DEAL, deal, {"dealstage": stage}, Source(SCREENS))
        self.shop.run(minutes=0)

    def _beside(self, object_id: str, values: Mapping[str, str]) -> str:
        record = create_record(self.shop.portal, object_id, values, Source(SCREENS))
        associate(self.shop.portal, (object_id, record), (CONTACT, self.contact), ())
        self.shop.run(minutes=0)
        return record

    def passes(self, **length: float) -> None:
        """Let time pass."""
        self.shop.run(**length)

    def clock(self) -> int:
        """Give everybody who asks the dates of their clocks, as `sla-sync clock` does; return how many they were."""
        names = columns(self.vocabulary.resources, self.vocabulary.binding)
        almanac = Almanac(self.agreement, calendars_of(self.agreement))
        teams = {self.owner_id(each): "reps" for each in self.vocabulary.people["reps"]}
        answered = 0
        for record in list(self.shop.portal.records.of(CONTACT)):
            said = {name: record.get(name) for name in record.history}
            contact = {"id": record.id, "properties": said}
            if is_asking(contact, names):
                given = almanac.given(asked_of(contact, names, lambda owner: teams.get(owner or "")), kept.SLOTS)
                self.shop.change(record.id, **written(given, contact, names))
                answered += 1
        return answered

    def until(self, moment: datetime, step: timedelta = timedelta(minutes=5)) -> None:
        """Let time pass with a run of the clock at each step."""
        while self.now < moment:
            self.clock()
            self.shop.run_to(min(self.now + step, moment))
        self.clock()

    def shows(self, name: str) -> str | None:
        """Return what a property of ours says; None where it says nothing."""
        return self.shop.value(self.contact, self.name(name)) or None

    def at(self, name: str) -> datetime | None:
        """Return an instant that a property of ours holds."""
        found = self.shows(name)
        return datetime.fromisoformat(found) if found else None

    def was(self, name: str) -> list[str]:
        """Return what a property of ours has held, the first first."""
        return [each.text for each in reversed(self.shop.told(self.contact, self.name(name)))]

    def state(self, clock: str) -> str | None:
        """Return how a clock stands."""
        return self.shows(kept.of_clock(clock, "state"))

    def status(self) -> str | None:
        """Return the lead status."""
        return self.shop.value(self.contact, "hs_lead_status")

    def owner(self) -> str | None:
        """Return the name of the owner."""
        found = self.shop.value(self.contact, "hubspot_owner_id")
        return self.name_of(found) if found else None

    def name_of(self, owner: str) -> str:
        """Return the name of an owner."""
        state = self.shop.portal.state
        return next(str(each["email"]).partition("@")[0] for each in state["owners"] if each["id"] == owner)

    def told(self) -> list[tuple[datetime, tuple[str, ...], str]]:
        """Return who was told what, and when."""
        return [
            (each.at, tuple(to.partition("@")[0] for to in each.to), each.subject.partition(":")[0])
            for each in self.shop.outbox()
        ]

    def failed(self) -> list[str]:
        """Return what workflows could not do."""
        return [
            f"{each.flow} {each.action} {each.text}" for each in self.shop.log() if each.event in {"FAILED", "SKIPPED"}
        ]

    def name(self, name: str) -> str:
        """Return a property of ours."""
        return f"{self.vocabulary.binding.prefix.lower()}{name}"

    def owner_id(self, name: str) -> str:
        """Return the id of an owner."""
        return self.resolved(Address(OWNER, name))

    def resolved(self, address: Address) -> str:
        """Return the id of a person or a team."""
        return id_there(self.shop, address)

    def _ours(self, values: Mapping[str, str]) -> dict[str, str]:
        theirs = {"email", "company", "firstname", "lastname", "country"}
        return {
            name if name in theirs or name.startswith(("hs_", "hubspot_")) else self.name(name): text
            for name, text in values.items()
        }


def live(
    name: str = "startup",
    clock: datetime = MONDAY,
    bend: Bend | None = None,
    **bound: Any,
) -> Life:
    """Return a portal that lives an example, whose agreement is bent and parts of whose binding are replaced."""
    if bend is None and not bound:
        copied: Life = pickle.loads(_built(name, clock))  # noqa: S301 - made by ourselves, right here
        return copied
    return live_with(example(name, bend=bend, **bound), bent_agreement(name, bend), clock)


@cache
def _built(name: str, clock: datetime) -> bytes:
    """Return a portal that lives an example as it stands, to be copied by each test."""
    return pickle.dumps(live_with(example(name), bent_agreement(name), clock))


def live_with(vocabulary: Vocabulary, agreement: Agreement, clock: datetime = MONDAY) -> Life:
    """Return a portal that lives an agreement in these words."""
    shop = open_workshop(clock, zone=vocabulary.resources.calendars[0].timezone)
    found = Life(shop, vocabulary, agreement)
    asked = in_words(vocabulary).desired
    for each in asked:
        if each.address.type == PROPERTY:
            _define(shop, each)
        elif each.address.type == PROPERTY_OPTION:
            _offer(shop, each)
    for each in asked:
        if each.address.type == WORKFLOW:
            body = _sent(resolve(each.values, found.resolved))
            shop.put(*body.pop("actions"), **body)
    return found


def _define(shop: Workshop, desired: Desired) -> None:
    values: Any = desired.values
    name = desired.address.key.partition("/")[2]
    options = tuple((str(each["value"]), str(each["label"])) for each in values.get("options", ()))
    stock = Stock(name, str(values["label"]), str(values["type"]), str(values["fieldType"]), "sla", options)
    made = spell_stock(stock, 0, "2026-01-01T00:00:00Z") | {"hubspotDefined": False}
    if "calculationFormula" in values:
        made |= {"calculated": True, "calculationFormula": values["calculationFormula"]}
        made["modificationMetadata"]["readOnlyValue"] = True
    shop.portal.state["properties"][CONTACT][name] = made


def _offer(shop: Workshop, desired: Desired) -> None:
    _, name, value = desired.address.key.split("/", 2)
    options = shop.portal.state["properties"][CONTACT][name]["options"]
    if all(each["value"] != value for each in options):
        options.append({"label": str(desired.values["label"]), "value": value, "displayOrder": -1, "hidden": False})


def _sent(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sent(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_sent(each) for each in value]
    return value
