"""Whatever a platform answers while it is applied to, the apply ends in outcomes or in one sentence, and the next one mends it.

An example is applied to an empty simulator while one answer says something else, then once more while all is well: nothing
may be left to do after that.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from datetime import time as clock_time
from pathlib import Path
from typing import cast

from sla_sync.agreement.targets import Target
from sla_sync.connector import Setup
from sla_sync.connector.simulation import Application, Simulator
from sla_sync.pipeline.apply import perform
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.look import Conversation, Sight, binding_of, choose_target, coming_manifest, see
from sla_sync.pipeline.validate import Documents, judge, read
from sla_sync.places import Place
from sla_sync.targets import OpenTarget, open_target
from tests.fuzz.answers import CONFIGS, EXAMPLES, ended
from tests.fuzz.relay import Relay, Spoil

ROUNDS = 3
"""Applies after the spoiled one that may be needed until nothing is left to do: a lock that was left ends by itself."""


class Bench:
    """The documents of an example and its desired settings, made once for many empty simulators."""

    def __init__(self, platform: str, example: str) -> None:
        agreement, targets, self.name = EXAMPLES[platform][example]
        self._place = Place(CONFIGS / agreement / "agreement.yaml", CONFIGS / targets, Path("unused"))
        documents = read(self._place)
        self.said: Target = choose_target(documents, self.name)
        self.start = documents.usable.metadata.effective.start
        self.documents: Documents = judge(documents, today=self.start)
        self.prepared: Prepared = prepare(documents, binding_of(documents, self.said), self.said.people)

    def try_one(self, folder: Path, spoil: Spoil | None) -> tuple[str, Relay]:
        """Apply to an empty simulator; return how it ended otherwise than it may (empty where it ended well), and the relay."""
        made = self.prepared.connector.simulator
        assert made is not None
        relays: list[Relay] = []

        def relayed(data: Path, begins: datetime) -> Application:
            relays.append(Relay(made().create(data, begins), remembers=False))
            return cast("Application", relays[-1])

        def simulator() -> Simulator:
            return replace(made(), create=relayed, administer=lambda _: ())

        with open_target(
            self.name,
            self.said,
            replace(self.prepared.connector, simulator=simulator),
            Setup(agreement=self.documents.usable.metadata.name, people=self.said.people),
            state=folder,
            environ={},
            clock_start=datetime.combine(self.start, clock_time(), tzinfo=UTC),
        ) as opened:
            relay = relays[0]
            relay.expect(spoil)
            said = ended(lambda: self._apply(opened))
            relay.spoil = None
            if not said:
                said = ended(lambda: self._mend(opened))
            return said, relay

    def _see(self, opened: OpenTarget) -> Sight:
        with self.prepared.connector.open_reader(opened.connection) as reader:
            return see(Conversation(self.documents, self.prepared, opened, reader, self.said))

    def _apply(self, opened: OpenTarget) -> bool:
        with self.prepared.connector.open_reader(opened.connection) as reader:
            sight = see(Conversation(self.documents, self.prepared, opened, reader, self.said))
            result = perform(sight, coming_manifest(sight, commit=None))
        if result.error is not None:
            raise result.error
        return result.complete

    def _mend(self, opened: OpenTarget) -> None:
        for _ in range(ROUNDS):
            self._apply(opened)
            if not self._see(opened).plan.changes:
                return
        left = [str(each.address) for each in self._see(opened).plan.changes]
        raise AssertionError(f"still to do after {ROUNDS} applies: {left[:9]}")
