"""What the tests of this folder agree on: the full example in HubSpot's words, a served portal, and one apply."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import (
    Change,
    Connection,
    LockTicket,
    Manifest,
    Outcome,
    Resources,
    Setup,
    Snapshot,
    Translation,
)
from sla_sync.connector.simulation import Running, serve
from sla_sync.connector.simulation.schedules import Line, Scripted
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.references import addresses_of
from sla_sync_hubspot.binding import HubSpotBinding
from sla_sync_hubspot.client import HubSpotClient
from sla_sync_hubspot.options import HubSpotOptions
from sla_sync_hubspot.reader import reading
from sla_sync_hubspot.simulator import simulator
from sla_sync_hubspot.translate import translate
from sla_sync_hubspot.types import TYPES
from sla_sync_hubspot.writer import writing

CONFIGS = Path(__file__).parents[3] / "configs"
AGREEMENT = "acme-inbound"
CLOCK = datetime(2026, 10, 1, tzinfo=UTC)
PEOPLE = {"president": ("pat",), "sdr": ("ana", "ben")}


def no_wait(_seconds: float) -> None:
    """Let no time pass."""


@cache
def acme_resources() -> Resources:
    """Return what the full example needs, in no platform's words."""
    agreement = load_agreement(CONFIGS / "acme" / "agreement.yaml", root=CONFIGS).value
    assert agreement is not None
    return compile_agreement(agreement, acme_binding().modes)


@cache
def acme_binding() -> HubSpotBinding:
    """Return the HubSpot binding of the full example."""
    bound = load_binding(CONFIGS / "acme" / "bindings" / "hubspot.yaml", HubSpotBinding, root=CONFIGS).value
    assert bound is not None
    return bound


@cache
def acme() -> Translation:
    """Return the full example in HubSpot's words."""
    return translate(acme_resources(), acme_binding(), Setup(AGREEMENT, PEOPLE))


def added_statuses() -> list[str]:
    """Return the values of Lead Status that the full example adds."""
    return [value for each in acme_binding().stages.values() if each.add for value in each.hs_lead_status]


@cache
def stamped() -> Translation:
    """Return the full example without a stage that opens cycles: one workflow, which needs the id of a segment."""
    stages = tuple(replace(each, qualifies=False) for each in acme_resources().stages)
    return translate(replace(acme_resources(), stages=stages), acme_binding(), Setup(AGREEMENT, PEOPLE))


def binding(**sections: Any) -> HubSpotBinding:
    """Return a small binding with these sections."""
    metadata = {"name": "small", "agreement": AGREEMENT, "connector": "hubspot"}
    return HubSpotBinding.model_validate({"metadata": metadata, **sections})


def resources(**parts: Any) -> Resources:
    """Return an agreement that needs only these parts."""
    return Resources(
        agreement=AGREEMENT, title="Acme", effective_from=date(2026, 10, 1), timezone="America/New_York", **parts
    )


@dataclass(frozen=True)
class Portal:
    """A served simulator and how to speak to it."""

    running: Running
    data: Path

    def connection(self, *, token: str = "ours", who: str = "the test", lasts: int = 30) -> Connection:
        """Return a connection whose lock is signed so and lasts so many minutes."""
        options = HubSpotOptions.model_validate({"url": self.running.url, "token": self.running.token})
        ticket = LockTicket(who, token, self.running.application.now + timedelta(minutes=lasts))
        return Connection(
            "hubspot-simulator",
            options,
            Setup(AGREEMENT, PEOPLE),
            lambda: self.running.application.now,
            ticket,
            no_wait,
        )

    def client(self, *, writes: bool = True, token: str | None = None) -> HubSpotClient:
        """Return a transport that waits for nothing."""
        options = HubSpotOptions.model_validate({"url": self.running.url, "token": token or self.running.token})
        return HubSpotClient(options, target="hubspot-simulator", writes=writes, wait=no_wait)

    def switch(self, **switches: Any) -> None:
        """Set the simulator's switches, and unset all others."""
        (self.data / "switches.json").write_text(json.dumps(switches))

    def fail(self, fault: str, call: str, times: int = 1) -> None:
        """Let a fault happen to the next requests of a call, such as `POST /crm/v3/lists*`."""
        self.running.trouble = Scripted((Line(fault, call=call, times=times),))

    def read(self, translation: Translation) -> tuple[Snapshot, Manifest | None]:
        """Return what stands on the portal."""
        with reading(self.connection()) as reader:
            return reader.read(addresses_of(translation.desired)), reader.manifest()

    def changes(self, translation: Translation, *, delete_removed: bool = False) -> tuple[Change, ...]:
        """Return what would have to change."""
        snapshot, manifest = self.read(translation)
        return diff(translation.desired, snapshot, TYPES, manifest=manifest, delete_removed=delete_removed)

    def apply(self, translation: Translation, *, delete_removed: bool = False) -> tuple[Outcome, ...]:
        """Make the portal what is asked for."""
        snapshot, manifest = self.read(translation)
        changes = diff(translation.desired, snapshot, TYPES, manifest=manifest, delete_removed=delete_removed)
        return self.carry_out(translation, changes, snapshot, manifest)

    def carry_out(
        self, translation: Translation, changes: Sequence[Change], snapshot: Snapshot, manifest: Manifest | None
    ) -> tuple[Outcome, ...]:
        """Carry out these changes."""
        coming = next_manifest(manifest, translation.desired, changes, snapshot, TYPES, agreement_digest="digest")
        with writing(self.connection(), snapshot) as writer:
            return tuple(writer.apply(changes, coming))


@contextmanager
def portal(data: Path) -> Iterator[Portal]:
    """Serve a portal until the context ends."""
    with serve(simulator, data, clock=CLOCK) as running:
        yield Portal(running, data)
