"""A portal without requests in which the clock workflows of an example run, and a contact as its cycle and turn leave it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Address, Desired, resolve
from sla_sync_hubspot.binding import Deadlines, HubSpotBinding
from sla_sync_hubspot.simulator.instants import spell_instant
from sla_sync_hubspot.simulator.running.outbox import Sent
from sla_sync_hubspot.simulator.stock_properties import Stock, spell_stock
from sla_sync_hubspot.translate import kept
from sla_sync_hubspot.translate.clock_flow import clock_workflows
from sla_sync_hubspot.translate.properties import properties
from sla_sync_hubspot.translate.vocabulary import Vocabulary
from sla_sync_hubspot.types import OWNER, USER
from tests.connectors.hubspot.simulator.workshop import CONTACT, Workshop, open_workshop

EXAMPLES = Path(__file__).parents[3] / "configs" / "examples"
Bend = Callable[[dict[str, Any]], None]


def example(
    name: str = "startup", deadlines: Deadlines = Deadlines.COMPUTED, bend: Bend | None = None, **bound: object
) -> Vocabulary:
    """Return the words of an example, with its agreement bent and parts of its binding replaced."""
    folder = EXAMPLES / name
    found = load_binding(folder / "bindings" / "hubspot.yaml", HubSpotBinding, root=EXAMPLES).value
    assert found is not None
    changed = found.model_copy(update={"deadlines": deadlines, **bound})
    agreement = bent_agreement(name, bend)
    return Vocabulary(compile_agreement(agreement, changed.modes), changed, _people(folder))


def bent_agreement(name: str = "startup", bend: Bend | None = None) -> Agreement:
    """Return the agreement of an example, bent."""
    path = EXAMPLES / name / "agreement.yaml"
    agreement = load_agreement(path, root=EXAMPLES).value
    assert agreement is not None
    if bend is None:
        return agreement
    document = _plain(yaml.safe_load(path.read_text(encoding="utf-8")))
    bend(document)
    return Agreement.model_validate(document)


def bent(agreement: Agreement, folder: Path, bend: Bend) -> Agreement:
    """Return an agreement as its file would have it after a bend."""
    document = _plain(yaml.safe_load((folder / "agreement.yaml").read_text(encoding="utf-8")))
    bend(document)
    return type(agreement).model_validate(document)


def _plain(value: Any) -> Any:
    """Return a document with its days as the text that they are written in."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


@cache
def _people(folder: Path) -> Mapping[str, tuple[str, ...]]:
    targets = yaml.safe_load((folder / "targets.yaml").read_text(encoding="utf-8"))["targets"]
    named = next(iter(targets.values()))["people"]
    return {role: (each,) if isinstance(each, str) else tuple(each) for role, each in named.items()}


@dataclass
class Stage:
    """A portal, the words by which its properties are named, and one contact."""

    shop: Workshop
    vocabulary: Vocabulary
    contact: str

    def name(self, name: str) -> str:
        """Return a property of ours."""
        return f"{self.vocabulary.binding.prefix.lower()}{name}"

    def set(self, **values: str) -> None:
        """Write properties of ours, or of the portal where they begin with hs_ or hubspot_."""
        own = {name if name.startswith(("hs_", "hubspot_")) else self.name(name): text for name, text in values.items()}
        self.shop.change(self.contact, **own)

    def start(self, clock: str, at: datetime, **values: str) -> None:
        """Start a clock as a turn does."""
        self.shop.run_to(at)
        for between in (kept.VOID, kept.IDLE) if self.state(clock) else ():
            self.set(**{kept.of_clock(clock, "state"): between})
        self.set(
            cycle_state=kept.OPEN,
            **values,
            **{kept.of_clock(clock, "started_at"): spell_instant(at), kept.of_clock(clock, "state"): kept.AWAITS},
        )

    def dates(self, *events: tuple[str, datetime]) -> None:
        """Write dates as `sla-sync clock` does; the clocks that awaited theirs run."""
        self.set(dates=kept.ASKED)
        rows = {
            name: text
            for number in range(1, kept.SLOTS + 1)
            for name, text in (
                (kept.slot_at(number), spell_instant(events[number - 1][1]) if number <= len(events) else ""),
                (kept.slot_what(number), events[number - 1][0] if number <= len(events) else ""),
            )
        }
        for clock in {key.rpartition(".")[0] for key, _ in events}:
            if self.state(clock) == kept.AWAITS:
                rows[kept.of_clock(clock, "state")] = kept.RUNNING
        self.set(dates=kept.WRITTEN, **rows)

    def state(self, clock: str) -> str | None:
        """Return how a clock stands."""
        return self.shop.value(self.contact, self.name(kept.of_clock(clock, "state")))

    def value(self, name: str) -> str | None:
        """Return what a property of ours holds."""
        return self.shop.value(self.contact, self.name(name))

    def happened(self, key: str) -> list[datetime]:
        """Return when an event happened, the first first."""
        found = self.shop.told(self.contact, self.name(kept.happened_at(key)))
        return [datetime.fromisoformat(each.text) for each in reversed(found) if each.text]

    def told(self) -> list[tuple[datetime, tuple[str, ...], str]]:
        """Return who was told what, and when."""
        return [(each.at, tuple(to.partition("@")[0] for to in each.to), _about(each)) for each in self.shop.outbox()]

    def owner(self) -> str | None:
        """Return the name of the owner of the contact."""
        found = self.shop.value(self.contact, "hubspot_owner_id")
        owners = {each["id"]: str(each["email"]).partition("@")[0] for each in self.shop.portal.state["owners"]}
        return owners.get(found or "")

    def owner_id(self, name: str) -> str:
        """Return the id of an owner."""
        return self.resolved(Address(OWNER, name))

    def resolved(self, address: Address) -> str:
        """Return the id of a person or a team."""
        return id_there(self.shop, address)


def id_there(shop: Workshop, address: Address) -> str:
    """Return the id of a person or a team of the portal."""
    state = shop.portal.state
    if address.type in {OWNER, USER}:
        owner = next(each for each in state["owners"] if each["email"].startswith(f"{address.key}@"))
        return str(owner["id"] if address.type == OWNER else owner["userId"])
    return str(next(each["id"] for each in state["teams"] if each["name"] == address.key))


def _about(sent: Sent) -> str:
    return sent.subject.partition(":")[0]


def open_stage(vocabulary: Vocabulary, clock: datetime, **pace: Any) -> Stage:
    """Return a portal with the properties and clock workflows of an example, and a contact owned by ana."""
    zone = vocabulary.resources.calendars[0].timezone
    shop = open_workshop(clock, zone=zone, **pace)
    defined = shop.portal.state["properties"][CONTACT]
    for each in properties(vocabulary):
        stock = _stock(each)
        defined[stock.name] = spell_stock(stock, 0, "2026-01-01T00:00:00Z")
    stage = Stage(shop, vocabulary, "")
    for flow in clock_workflows(vocabulary)[0]:
        put_flow(stage, flow)
    stage.contact = shop.contact(email="nora@example.com", firstname="Nora", lastname="Field")
    stage.set(hubspot_owner_id=stage.owner_id("ana"))
    return stage


def put_flow(stage: Stage, flow: Desired) -> None:
    """Create a workflow as the writer does: with ids in the place of references, and without what is not there."""
    body = _sent(resolve(flow.values, stage.resolved))
    stage.shop.put(*body.pop("actions"), **body)


def _sent(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sent(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_sent(each) for each in value]
    return value


def _stock(desired: Desired) -> Stock:
    values: Any = desired.values
    options = tuple((str(each["value"]), str(each["label"])) for each in values.get("options", ()))
    name = desired.address.key.partition("/")[2]
    return Stock(name, str(values["label"]), str(values["type"]), str(values["fieldType"]), "sla", options)
