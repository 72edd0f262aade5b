"""The suite that every connector must pass against its own simulator, over the wire.

A connector's tests derive a class named `Test…` from `ConnectorContract` and answer its three questions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sla_sync.connector import (
    CONTRACT,
    Action,
    Address,
    Connection,
    Connector,
    Gap,
    LockedError,
    LockTicket,
    Manifest,
    Setup,
    SlaSyncError,
    Snapshot,
    Standing,
    Translation,
    UnauthorizedError,
    UnreachableError,
)
from sla_sync.connector.simulation import Running, serve
from sla_sync.reconcile.apply import Result, apply
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json, next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync.reconcile.restore import partial_manifest

START = datetime(2026, 10, 1, tzinfo=UTC)
DIGEST = "0" * 64


class ConnectorContract:
    """What must hold of any connector. Subclasses give the connector, a translation, and a target's own options."""

    cut_every = 1
    """At every how-manieth request an apply is cut; more where a connector's apply takes long."""

    def connector(self) -> Connector:
        """Return the connector under test."""
        raise NotImplementedError

    def translation(self) -> Translation:
        """Return a translation with at least one setting that requires another."""
        raise NotImplementedError

    def setup_of(self) -> Setup:
        """Return whose agreement it is, and the people behind its roles."""
        raise NotImplementedError

    @contextmanager
    def platform(self, folder: Path) -> Iterator[tuple[Running, Connection]]:
        """Serve the connector's simulator and yield it with a connection to it."""
        connector = self.connector()
        assert connector.simulator is not None
        with serve(connector.simulator(), folder, clock=START) as running:
            yield running, self.connection(running)

    def connection(self, running: Running, *, token: str | None = None) -> Connection:
        """Return a connection to a running simulator."""
        given = {"url": running.url, "token": token or running.token, "ca": running.ca and str(running.ca)}
        options = self.connector().options.model_validate({key: value for key, value in given.items() if value})
        ticket = LockTicket(who="contract", token="contract", expires=running.application.now + timedelta(minutes=30))
        return Connection("contract", options, self.setup_of(), lambda: running.application.now, ticket, lambda _: None)

    def look(self, connection: Connection, only: Collection[Address] = ()) -> tuple[Plan, Snapshot, Manifest | None]:
        """Read the platform and plan for it, or for some settings only."""
        connector, translation = self.connector(), self.translation()
        with connector.open_reader(connection) as reader:
            findings = tuple(reader.check())
            snapshot = reader.read(addresses_of(translation.desired))
            manifest = reader.manifest()
        plan = make_plan(
            translation,
            snapshot,
            connector.types,
            target="contract",
            agreement=self.setup_of().agreement,
            agreement_digest=DIGEST,
            manifest=manifest,
            diagnostics=findings,
            only=only,
        )
        return plan, snapshot, manifest

    def carry_out(self, connection: Connection, folder: Path, only: Collection[Address] = ()) -> Result:
        """Plan and apply once."""
        return self.plan_and_apply(connection, folder, only)[1]

    def plan_and_apply(
        self, connection: Connection, folder: Path, only: Collection[Address] = ()
    ) -> tuple[Plan, Result]:
        """Plan and apply once, and return the plan too."""
        plan, snapshot, manifest = self.look(connection, only)
        coming = next_manifest(
            manifest,
            self.translation().desired,
            plan.changes,
            snapshot,
            self.connector().types,
            agreement_digest=DIGEST,
        )
        coming = coming if plan.scope is None else partial_manifest(manifest, coming, plan.scope)
        with (
            open_journal(folder / "journal.jsonl", lambda: START) as journal,
            self.connector().open_writer(connection, snapshot) as writer,
        ):
            return plan, apply(plan, writer, coming, journal, previous=manifest)

    def test_it_speaks_this_contract(self) -> None:
        assert self.connector().contract == CONTRACT

    def test_every_setting_that_it_asks_for_has_a_type_and_requires_only_what_is_asked_for(self) -> None:
        connector, desired = self.connector(), self.translation().desired
        asked = {each.address for each in desired}
        assert len(asked) == len(desired)
        assert any(each.requires for each in desired)
        for each in desired:
            assert each.address.type in connector.types
            assert set(each.requires) <= asked

    def test_every_gap_has_an_id_of_its_own_and_says_what_to_do(self) -> None:
        gaps: tuple[Gap, ...] = self.translation().gaps
        assert len({each.id for each in gaps}) == len(gaps)
        assert all(each.advice and each.name for each in gaps)

    def test_a_translation_is_the_same_every_time(self) -> None:
        assert self.translation() == self.translation()

    def test_apply_makes_live_what_was_asked_for_and_a_second_plan_is_empty(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (_, connection):
            first, _, manifest = self.look(connection)
            assert manifest is None
            assert {change.action for change in first.changes} == {Action.CREATE}
            assert not first.refused, first.diagnostics
            result = self.carry_out(connection, tmp_path)
            assert result.complete, [each for each in result.outcomes if each.status != "done"] or result.error
            second, _, manifest = self.look(connection)
            assert second.changes == ()
            assert second.matched == len(self.translation().desired)
            assert manifest is not None
            assert manifest.agreement_digest == DIGEST
            assert manifest_from_json(manifest_to_json(manifest)) == manifest

    def test_looking_and_auditing_change_nothing(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, connection):
            self.carry_out(connection, tmp_path)
            before = running.application.state_changes
            assert before > 0
            plan, snapshot, manifest = self.look(connection)
            with self.connector().open_reader(connection) as reader:
                trail = tuple(reader.audit_trail(None))
            found = audit(
                plan, self.translation().desired, snapshot, self.connector().types, manifest=manifest, trail=trail
            )
            assert found.findings == ()
            assert running.application.state_changes == before

    def test_an_administrators_edits_are_found_with_the_value_that_was_applied_and_put_right_one_by_one(
        self, tmp_path: Path
    ) -> None:
        connector = self.connector()
        assert connector.simulator is not None
        with self.platform(tmp_path / "data") as (running, connection):
            self.carry_out(connection, tmp_path)
            edits = connector.simulator().administer(running)
            plan, snapshot, manifest = self.look(connection)
            found = audit(plan, self.translation().desired, snapshot, connector.types, manifest=manifest)
            assert len({each.address for each in found.drifted}) == len(edits)
            assert len(found.drifted) == len(found.findings)
            for each in found.drifted:
                assert each.agreed != each.live
            left = {change.address for change in plan.changes}
            for address in sorted(left):
                assert self.carry_out(connection, tmp_path, (address,)).complete
                left.discard(address)
                again, _, after = self.look(connection)
                assert {change.action for change in again.changes} <= {Action.UPDATE}
                assert {change.address for change in again.changes} == left
                assert after is not None
                assert manifest is not None
                assert after.applied == manifest.applied

    def test_the_platform_remembers_across_a_restart(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (_, connection):
            self.carry_out(connection, tmp_path)
        with self.platform(tmp_path / "data") as (_, connection):
            assert self.look(connection)[0].changes == ()

    @pytest.mark.slow
    @pytest.mark.parametrize("cut_before", [True, False], ids=["before", "after"])
    def test_an_apply_that_is_cut_off_at_any_request_converges_when_repeated(
        self, tmp_path: Path, cut_before: bool
    ) -> None:
        with self.platform(tmp_path / "count") as (running, connection):
            self.carry_out(connection, tmp_path)
            requests = running.requests
        for number in range(1, requests + 1, self.cut_every):
            with self.platform(tmp_path / f"cut-{number}") as (running, connection):
                running.cut_at, running.cut_before = number, cut_before
                try:
                    result: Result | None = self.carry_out(connection, tmp_path)
                except SlaSyncError:
                    result = None
                assert running.requests >= number
                assert result is None or not result.complete or not cut_before or number == requests
                running.cut_at = None
                plan, repeated = self.plan_and_apply(connection, tmp_path)
                assert {change.action for change in plan.changes} <= {Action.CREATE, Action.UPDATE}, number
                assert repeated.complete, number
                assert self.look(connection)[0].changes == (), number

    def test_it_examines_what_it_relies_on_and_changes_nothing(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, connection):
            with self.connector().open_reader(connection) as reader:
                found = tuple(reader.examine())
            assert found
            assert len({(each.name, each.finding) for each in found}) == len(found)
            for each in found:
                assert each.finding, each
                assert each.hint or each.standing is Standing.GOOD, each
            assert running.application.state_changes == 0

    def test_a_record_that_nobody_knows_has_no_story(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, connection):
            with self.connector().open_reader(connection) as reader, pytest.raises(SlaSyncError) as raised:
                reader.story("nobody")
            assert str(raised.value).endswith(".")
            assert raised.value.hint
            assert running.application.state_changes == 0

    def test_the_clock_of_its_simulator_runs_on_and_never_back(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, _):
            running.run_until(START + timedelta(days=3))
            assert running.now == START + timedelta(days=3)
            with pytest.raises(ValueError, match="back"):
                running.run_until(START)
        with self.platform(tmp_path / "data") as (running, _):
            assert running.now == START + timedelta(days=3)

    def test_a_lock_that_another_holds_refuses_and_one_that_expired_does_not(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, connection):
            assert connection.lock is not None
            theirs = replace(connection, lock=replace(connection.lock, who="somebody else", token="theirs"))
            snapshot = self.look(connection)[1]
            with (
                self.connector().open_writer(theirs, snapshot),
                pytest.raises(LockedError, match="somebody else"),
                self.connector().open_writer(connection, snapshot),
            ):
                pass
            with self.connector().open_writer(theirs, snapshot):
                later = replace(connection, now=lambda: running.application.now + timedelta(hours=1))
                with self.connector().open_writer(later, snapshot):
                    pass

    def test_a_wrong_token_is_refused_in_a_sentence_without_the_token(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (running, _):
            wrong = f"{running.token[:20]}wrong"
            connection = self.connection(running, token=wrong)
            with pytest.raises(UnauthorizedError) as raised, self.connector().open_reader(connection) as reader:
                tuple(reader.check())
                reader.read(addresses_of(self.translation().desired))
            assert wrong not in str(raised.value)
            assert raised.value.hint

    def test_a_host_that_does_not_answer_is_named(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as (_, connection):
            pass
        with pytest.raises(UnreachableError) as raised, self.connector().open_reader(connection) as reader:
            tuple(reader.check())
            reader.read(addresses_of(self.translation().desired))
        assert raised.value.hint
