"""The suite that every connector must pass against a platform that the test makes.

A connector's tests derive a class named `Test…` from `ConnectorContract` and answer its questions; where the connector
ships a simulator, from `sla_sync.testing.simulated.SimulatedContract`, which answers those about the platform.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import BaseModel

from sla_sync.connector import (
    Action,
    Address,
    Connection,
    Connector,
    LockedError,
    LockTicket,
    Manifest,
    Removal,
    SlaSyncError,
    Snapshot,
    Standing,
    Translation,
    UnauthorizedError,
    UnreachableError,
    Writer,
)
from sla_sync.diagnostics import errors_in
from sla_sync.reconcile.apply import Result, apply
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json, next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.references import addresses_of, references
from sla_sync.reconcile.scope import partial_manifest
from sla_sync.testing import verdicts
from sla_sync.testing.platform import Platform
from sla_sync.testing.rude import rude_reading
from sla_sync.testing.secrets import secret_options
from sla_sync.testing.translation import TranslationContract

__all__ = ["DIGEST", "START", "ConnectorContract", "Whole"]

START = datetime(2026, 10, 1, tzinfo=UTC)
"""When the clock of a platform under test begins."""
DIGEST = "0" * 64
_SEEDS = range(3)


@dataclass(frozen=True)
class Whole:
    """A platform after one whole apply: the folder with its state, and how many calls the apply took."""

    folder: Path
    calls: int


_WHOLE = pytest.StashKey[dict[type, Whole]]()


class ConnectorContract(TranslationContract):
    """What must hold of any connector. Subclasses give the connector, a translation, and a platform to apply it to."""

    cut_every = 1
    """At every how-manieth call an apply is cut; more where a connector's apply takes long."""
    judges_simulator = False
    """Whether the simulator that the connector ships is judged too, as SimulatedContract does."""

    def platform(self, folder: Path) -> AbstractContextManager[Platform]:
        """Open the platform whose state is in a folder: a new one where the folder is not there, else the one that is."""
        raise NotImplementedError(
            "Open a platform from `platform`; a connector with a simulator derives from SimulatedContract, which does."
        )

    def refused(self, platform: Platform, folder: Path) -> tuple[Connection, str] | None:
        """Return a connection with a wrong credential, and that; None where the platform asks for none."""
        raise NotImplementedError("Return a connection with a wrong credential from `refused`, or None.")

    def absent(self, folder: Path) -> Connection:
        """Return a connection to where no platform answers."""
        raise NotImplementedError("Return a connection to a place where nothing answers from `absent`.")

    def connect(self, options: BaseModel, now: Callable[[], datetime]) -> Connection:
        """Return a connection with these options, a ticket for the apply lock, and nothing to wait for."""
        ticket = LockTicket(who="contract", token="contract", expires=now() + timedelta(minutes=30))
        return Connection("contract", options, self.setup_of(), now, ticket, lambda _: None)

    @pytest.fixture
    def whole(self, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Whole:
        """Return a platform to which the translation was applied, as its folder; made once for the class."""
        made = request.config.stash.setdefault(_WHOLE, {})
        if type(self) not in made:
            made[type(self)] = self.make_whole(tmp_path_factory.mktemp("applied"))
        return made[type(self)]

    def make_whole(self, folder: Path) -> Whole:
        """Apply the translation to a new platform, and return it with how many calls that took."""
        with self.platform(folder / "data") as platform:
            result = self.carry_out(platform, folder)
            assert result.complete, verdicts.not_done(result)
            return Whole(folder / "data", platform.calls)

    @pytest.fixture
    def applied(self, whole: Whole, tmp_path: Path) -> Iterator[Platform]:
        """Yield a copy of that platform for one test."""
        shutil.copytree(whole.folder, tmp_path / "data")
        with self.platform(tmp_path / "data") as platform:
            yield platform

    def look(
        self, platform: Platform, only: Collection[Address] = (), *, translation: Translation | None = None
    ) -> tuple[Plan, Snapshot, Manifest | None]:
        """Read the platform and plan for it, or for some settings only."""
        asked = translation or self.translation()
        with platform.connector.open_reader(platform.connection) as reader:
            findings = tuple(reader.check())
            snapshot = reader.read(addresses_of(asked.desired))
            manifest = reader.manifest()
        plan = self.planned(asked, snapshot, manifest, only)
        return replace(plan, diagnostics=(*findings, *plan.diagnostics)), snapshot, manifest

    def planned(
        self, asked: Translation, snapshot: Snapshot, manifest: Manifest | None, only: Collection[Address] = ()
    ) -> Plan:
        """Return the plan that makes a reading what a translation asks for; what is no longer asked for is deleted."""
        return make_plan(
            asked,
            snapshot,
            self.connector().types,
            target="contract",
            agreement=self.setup_of().agreement,
            agreement_digest=DIGEST,
            manifest=manifest,
            delete_removed=True,
            only=only,
        )

    def carry_out(self, platform: Platform, folder: Path, only: Collection[Address] = ()) -> Result:
        """Plan and apply once."""
        return self.plan_and_apply(platform, folder, only)[1]

    def plan_and_apply(
        self,
        platform: Platform,
        folder: Path,
        only: Collection[Address] = (),
        *,
        translation: Translation | None = None,
    ) -> tuple[Plan, Result]:
        """Plan and apply once, and return the plan too."""
        plan, snapshot, manifest = self.look(platform, only, translation=translation)
        coming = self.coming(plan, snapshot, manifest, translation or self.translation())
        with (
            open_journal(folder / "journal.jsonl", lambda: START) as journal,
            platform.connector.open_writer(platform.connection, snapshot) as writer,
        ):
            return plan, apply(plan, writer, coming, journal, previous=manifest)

    def coming(self, plan: Plan, snapshot: Snapshot, manifest: Manifest | None, translation: Translation) -> Manifest:
        """Return the manifest that holds once a plan is carried out."""
        whole = next_manifest(
            manifest, translation.desired, plan.changes, snapshot, self.connector().types, agreement_digest=DIGEST
        )
        return whole if plan.scope is None else partial_manifest(manifest, whole, plan.scope)

    def test_apply_makes_live_what_was_asked_for_and_a_second_plan_is_empty(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            first, _, manifest = self.look(platform)
            assert manifest is None, "A new platform has no manifest."
            assert {change.action for change in first.changes} == {Action.CREATE}
            assert not first.refused, first.diagnostics
            result = self.carry_out(platform, tmp_path)
            assert result.complete, verdicts.not_done(result)
            second, _, manifest = self.look(platform)
            assert second.changes == (), verdicts.not_empty(second)
            asked = len(self.translation().desired)
            assert second.matched == asked, verdicts.not_matched(second, asked)
            assert manifest is not None, "Let apply write the manifest last, or with the changes."
            assert manifest.agreement_digest == DIGEST
            assert manifest_from_json(manifest_to_json(manifest)) == manifest

    def test_a_rehearsal_leaves_the_settings_as_they_are(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            plan, snapshot, manifest = self.look(platform)
            coming = self.coming(plan, snapshot, manifest, self.translation())
            with platform.connector.open_writer(platform.connection, snapshot) as writer:
                assert errors_in(writer.rehearse(plan.changes, coming)) == ()
            again, _, manifest = self.look(platform)
            assert manifest is None, "A rehearsal must leave no manifest."
            assert again.fingerprint == plan.fingerprint, verdicts.changed("A rehearsal")

    def test_looking_and_auditing_change_nothing(self, applied: Platform) -> None:
        before = applied.state()
        plan, snapshot, manifest = self.look(applied)
        with applied.connector.open_reader(applied.connection) as reader:
            trail = tuple(reader.audit_trail(None))
        types = self.connector().types
        found = audit(plan, self.translation().desired, snapshot, types, manifest=manifest, trail=trail)
        assert found.findings == (), verdicts.not_empty(plan)
        assert applied.state() == before, verdicts.changed("Reading")

    def test_the_spelling_of_an_answer_makes_no_difference(self, applied: Platform) -> None:
        polite, snapshot, manifest = self.look(applied)
        for seed in _SEEDS:
            rude = rude_reading(snapshot, self.connector().types, seed)
            plan = self.planned(self.translation(), rude, manifest)
            assert plan.changes == polite.changes == (), verdicts.not_read_alike(seed, polite, plan)

    def test_an_administrators_edits_are_found_with_the_value_that_was_applied_and_put_right_one_by_one(
        self, applied: Platform, tmp_path: Path
    ) -> None:
        edits = applied.administer()
        assert edits, "Let administer change a few applied settings, and say what it did."
        plan, snapshot, manifest = self.look(applied)
        found = audit(plan, self.translation().desired, snapshot, self.connector().types, manifest=manifest)
        drifted = {each.address for each in found.drifted}
        assert len(drifted) == len(edits), verdicts.not_found_again(edits, drifted)
        assert len(found.drifted) == len(found.findings)
        for each in found.drifted:
            assert each.agreed != each.live
        left = {change.address for change in plan.changes}
        for address in sorted(left):
            result = self.carry_out(applied, tmp_path, (address,))
            assert result.complete, verdicts.not_done(result)
            left.discard(address)
            again, _, after = self.look(applied)
            assert {change.action for change in again.changes} <= {Action.UPDATE}
            assert {change.address for change in again.changes} == left, verdicts.not_one_by_one(address, left, again)
            assert after is not None
            assert manifest is not None
            assert after.applied == manifest.applied, "Putting one setting right must leave the manifest as it was."

    def test_what_is_no_longer_asked_for_is_let_go_and_all_else_stays(self, applied: Platform, tmp_path: Path) -> None:
        whole, types = self.translation(), self.connector().types
        needed = {need for each in whole.desired for need in each.requires}
        needed |= {ref.address for each in whole.desired for _, ref in references(each.values)}
        free = [each.address for each in whole.desired if each.address not in needed]
        gone = max(free, key=lambda address: types[address.type].on_removal is Removal.DELETE)
        fewer = replace(whole, desired=tuple(each for each in whole.desired if each.address != gone))
        plan, result = self.plan_and_apply(applied, tmp_path, translation=fewer)
        assert [change.address for change in plan.changes] == [gone], verdicts.not_let_go(gone, plan)
        (action,) = {change.action for change in plan.changes}
        assert action in {Action.DELETE, Action.RELEASE}, verdicts.not_let_go(gone, plan)
        assert result.complete, verdicts.not_done(result)
        again, snapshot, manifest = self.look(applied, translation=fewer)
        assert again.changes == (), verdicts.not_empty(again)
        assert again.matched == len(fewer.desired), verdicts.not_matched(again, len(fewer.desired))
        assert action is Action.RELEASE or gone not in snapshot.settings, f"{gone} was to be deleted, and is there."
        assert manifest is not None
        assert gone not in manifest.applied

    def test_a_manifest_that_says_nothing_is_taken_away(self, applied: Platform) -> None:
        snapshot, manifest = self.look(applied)[1:]
        assert manifest is not None
        empty = Manifest("", {}, canonicalisation=manifest.canonicalisation)
        with applied.connector.open_writer(applied.connection, snapshot) as writer:
            assert tuple(writer.apply((), empty)) == ()
        assert self.look(applied)[2] is None, "Keep no manifest for which `says_nothing` is true: `remove` ends so."

    def test_the_platform_remembers_across_a_restart(self, applied: Platform) -> None:
        plan = self.look(applied)[0]
        assert plan.changes == (), verdicts.not_empty(plan)

    @pytest.mark.parametrize("cut_before", [True, False], ids=["before", "after"])
    def test_an_apply_that_is_cut_off_at_any_request_converges_when_repeated(
        self, whole: Whole, tmp_path: Path, cut_before: bool
    ) -> None:
        calls = whole.calls
        assert calls, "Let the platform count its calls, or the suite cannot cut an apply between them."
        for number in range(1, calls + 1, self.cut_every):
            with self.platform(tmp_path / f"cut-{number}") as platform:
                platform.cut(number, before=cut_before)
                try:
                    result: Result | None = self.carry_out(platform, tmp_path)
                except SlaSyncError:
                    result = None
                assert platform.calls >= number
                told = result is not None and result.complete
                assert not told or not cut_before or number == calls, (
                    f"Call {number} was cut, and apply says all is done."
                )
                platform.cut(None)
                plan, repeated = self.plan_and_apply(platform, tmp_path)
                assert {change.action for change in plan.changes} <= {Action.CREATE, Action.UPDATE}, number
                assert repeated.complete, f"Cut at call {number}: {verdicts.not_done(repeated)}"
                again = self.look(platform)[0]
                assert again.changes == (), f"Cut at call {number}: {verdicts.not_empty(again)}"

    def test_it_examines_what_it_relies_on_and_changes_nothing(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            before = platform.state()
            with platform.connector.open_reader(platform.connection) as reader:
                found = tuple(reader.examine())
            assert found, "Let examine yield at least whether the platform can be reached."
            assert len({(each.name, each.finding) for each in found}) == len(found)
            for each in found:
                assert each.finding, each
                assert each.hint or each.standing is Standing.GOOD, f"Say what to do about it: {each}"
            assert platform.state() == before, verdicts.changed("An examination")

    def test_a_record_that_nobody_knows_has_no_story(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            before = platform.state()
            with platform.connector.open_reader(platform.connection) as reader, pytest.raises(SlaSyncError) as raised:
                reader.story("nobody")
            assert str(raised.value).endswith("."), "An error is a whole sentence."
            assert raised.value.hint, "Say in the hint what to do."
            assert platform.state() == before, verdicts.changed("Asking for a story")

    def test_a_lock_that_another_holds_refuses_and_one_that_expired_does_not(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            mine, open_writer = platform.connection, platform.connector.open_writer
            assert mine.lock is not None, "Make the connection with `connect`: it lacks a ticket for the lock."
            theirs = replace(mine, lock=replace(mine.lock, who="somebody else", token="theirs"))
            snapshot = self.look(platform)[1]
            with (
                open_writer(theirs, snapshot),
                pytest.raises(LockedError, match="somebody else"),
                open_writer(mine, snapshot),
            ):
                pass
            with _losing(open_writer(theirs, snapshot)):
                platform.run_until(mine.now() + timedelta(hours=1))
                later = replace(mine, lock=replace(mine.lock, expires=mine.now() + timedelta(hours=1)))
                with open_writer(later, snapshot):
                    pass

    def test_a_run_that_lost_its_lock_writes_nothing_more(self, tmp_path: Path) -> None:
        with self.platform(tmp_path / "data") as platform:
            mine, open_writer = platform.connection, platform.connector.open_writer
            assert mine.lock is not None
            plan, snapshot, manifest = self.look(platform)
            coming = self.coming(plan, snapshot, manifest, self.translation())
            with _losing(open_writer(mine, snapshot)) as writer:
                platform.run_until(mine.now() + timedelta(hours=1))
                ticket = LockTicket("somebody else", "theirs", expires=mine.now() + timedelta(minutes=30))
                with open_writer(replace(mine, lock=ticket), snapshot):
                    before = platform.state()
                    with pytest.raises(LockedError):
                        tuple(writer.apply(plan.changes, coming))
                    assert platform.state() == before, "Look before every write whether the lock is still yours."
            assert self.look(platform)[2] is None, "A run that lost its lock must leave no manifest."

    def test_a_wrong_credential_is_refused_in_a_sentence_without_it(self, tmp_path: Path) -> None:
        secrets = secret_options(self.connector().options)
        with self.platform(tmp_path / "data") as platform:
            wrong = self.refused(platform, tmp_path / "data")
            assert (wrong is not None) == bool(secrets), f"The options hold {secrets}: `refused` must answer for them."
            if wrong is None:
                return
            connection, secret = wrong
            with pytest.raises(UnauthorizedError) as raised:
                self._ask(platform.connector, connection)
            assert secret not in str(raised.value), "The message repeats the credential."
            assert raised.value.hint, "Say in the hint what to do."

    def test_a_platform_that_does_not_answer_is_named(self, tmp_path: Path) -> None:
        connection = self.absent(tmp_path / "data")
        with pytest.raises(UnreachableError) as raised:
            self._ask(self.connector(), connection)
        assert raised.value.hint, "Say in the hint what to do."

    def _ask(self, connector: Connector, connection: Connection) -> None:
        with connector.open_reader(connection) as reader:
            tuple(reader.check())
            reader.read(addresses_of(self.translation().desired))

    def test_a_simulator_that_it_ships_is_judged_too(self) -> None:
        assert self.connector().simulator is None or self.judges_simulator, (
            "This connector ships a simulator: derive from sla_sync.testing.simulated.SimulatedContract."
        )


@contextmanager
def _losing(opened: AbstractContextManager[Writer]) -> Iterator[Writer]:
    """Open a writer whose lock will be taken over; that it says so when it is closed is no failure."""
    yield opened.__enter__()
    with suppress(LockedError):
        opened.__exit__(None, None, None)
