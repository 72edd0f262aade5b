"""The whole way over HTTP: read, plan, apply and read again, against the simulator."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from sla_sync.connector import (
    Action,
    Address,
    Change,
    Connection,
    Consequence,
    Desired,
    LockedError,
    LockTicket,
    Manifest,
    Outcome,
    Reason,
    Setup,
    Severity,
    Snapshot,
    Status,
    Translation,
    UnauthorizedError,
    UnreachableError,
    Values,
)
from sla_sync.connector.simulation import Running, serve
from sla_sync.reconcile.diff import diff
from sla_sync.reconcile.manifest import next_manifest
from sla_sync_salesforce import connector
from sla_sync_salesforce.client import Client
from sla_sync_salesforce.names import LOCK_NAME
from sla_sync_salesforce.options import SalesforceOptions
from sla_sync_salesforce.package import Component, mdapi_package, zipped
from sla_sync_salesforce.session import ReadOnlyError
from sla_sync_salesforce.translate import translate
from tests.connectors.salesforce.stories import SETUP, binding, resources, translation

pytestmark = pytest.mark.slow

START = datetime(2026, 10, 1, tzinfo=UTC)
CALLS_OF_A_PLAN = 14


@dataclass
class Org:
    """A running simulator, and what a command does with it."""

    running: Running
    setup: Setup = SETUP

    def options(self, **changes: object) -> SalesforceOptions:
        """Return the options of a target that points to it."""
        known = {"url": self.running.url, "token": self.running.token, "ca": self.running.ca}
        return SalesforceOptions.model_validate({**known, **changes})

    def connection(self, token: str = "ours", **changes: object) -> Connection:
        """Return what opening a conversation needs."""
        ticket = LockTicket("a test", token, self.now() + timedelta(minutes=30))
        return Connection("staging", self.options(**changes), self.setup, self.now, ticket)

    def now(self) -> datetime:
        """Return the simulator's clock."""
        return self.running.application.now

    def client(self) -> Client:
        """Return a conversation of somebody else, who may write."""
        return Client("staging", self.options(), may_write=True, pause=lambda _: None)

    def deploy(self, *components: Component) -> None:
        """Let somebody else deploy something."""
        client = self.client()
        deployed = client.deploy_result(client.start_deploy(zipped(mdapi_package(components)), check_only=False))
        assert deployed["status"] == "Succeeded", deployed
        client.close()

    def look(self, desired: Translation) -> tuple[Manifest | None, Snapshot]:
        """Read what a plan needs."""
        with connector.open_reader(self.connection()) as reader:
            return reader.manifest(), reader.read([each.address for each in desired.desired])

    def plan(self, desired: Translation, *, delete: bool = False) -> tuple[Change, ...]:
        """Return the changes towards a translation."""
        manifest, snapshot = self.look(desired)
        return diff(desired.desired, snapshot, connector.types, manifest=manifest, delete_removed=delete)

    def apply(self, desired: Translation, *, delete: bool = False) -> list[Outcome]:
        """Plan and carry out."""
        manifest, snapshot = self.look(desired)
        changes = diff(desired.desired, snapshot, connector.types, manifest=manifest, delete_removed=delete)
        coming = next_manifest(manifest, desired.desired, changes, snapshot, connector.types, agreement_digest="digest")
        with connector.open_writer(self.connection(), snapshot) as writer:
            return list(writer.apply(changes, coming))


@pytest.fixture
def org(tmp_path: Path) -> Iterator[Org]:
    assert connector.simulator is not None
    with serve(connector.simulator(), tmp_path / "org", clock=START) as running:
        yield Org(running)


def without(desired: Translation, *types: str) -> Translation:
    return replace(desired, desired=tuple(each for each in desired.desired if each.address.type not in types))


def test_after_apply_nothing_is_left_to_do(org: Org) -> None:
    outcomes = org.apply(translation())
    assert {each.status for each in outcomes} == {Status.DONE}
    assert org.plan(translation()) == ()


def test_everything_that_was_asked_for_bears_our_mark_or_stands_in_the_manifest(org: Org) -> None:
    org.apply(translation())
    manifest, snapshot = org.look(translation())
    assert manifest is not None
    for each in translation().desired:
        live = snapshot.settings[each.address]
        assert live.managed or (live.managed is None and each.address in manifest.applied)


def test_reading_changes_nothing_and_takes_few_calls(org: Org) -> None:
    org.apply(translation())
    before, requests = org.running.application.state_changes, len(org.running.calls)
    with connector.open_reader(org.connection()) as reader:
        assert list(reader.check()) == []
        reader.read([each.address for each in translation().desired])
        reader.manifest()
    assert org.running.application.state_changes == before
    assert len(org.running.calls) - requests <= CALLS_OF_A_PLAN


def test_a_reader_cannot_be_made_to_write(org: Org) -> None:
    with connector.open_reader(org.connection()) as reader:
        client: Client = reader._client  # type: ignore[attr-defined]
        for write in (
            lambda: client.start_deploy(b"zip", check_only=True),
            lambda: client.create("StaticResource", {"Name": "A"}),
            lambda: client.update("StaticResource", "081", {}),
            lambda: client.delete("StaticResource", "081"),
        ):
            with pytest.raises(ReadOnlyError):
                write()
    assert org.running.application.state_changes == 0


def test_a_rehearsal_saves_nothing(org: Org) -> None:
    manifest = Manifest("digest", {})
    _, snapshot = org.look(translation())
    changes = org.plan(translation())
    with connector.open_writer(replace(org.connection(), lock=None), snapshot) as writer:
        assert list(writer.rehearse(changes, manifest)) == []
    assert org.plan(translation()) == changes


def test_a_rehearsal_tells_what_the_org_would_refuse(org: Org) -> None:
    broken = Desired(
        Address("CustomField", "Lead.SLA_Broken__c"),
        {"label": "Broken", "type": "Checkbox", "formula": "No_Such_Field__c = 1"},
    )
    wrong = Translation((broken,))
    _, snapshot = org.look(wrong)
    with connector.open_writer(org.connection(), snapshot) as writer:
        found = list(writer.rehearse(org.plan(wrong), Manifest("digest", {})))
    assert [each.severity for each in found] == [Severity.ERROR]
    assert "Lead.SLA_Broken__c" in found[0].message
    assert "No_Such_Field__c" in found[0].message


def test_a_refused_deployment_leaves_the_org_as_it_was(org: Org) -> None:
    broken = Desired(Address("Report", "SLA_Sync/SLA_Lost"), {"name": "Lost", "format": "Tabular"})
    both = replace(translation(), desired=(*translation().desired, broken))
    outcomes = {each.change.address: each.status for each in org.apply(both)}
    assert outcomes.pop(broken.address) is Status.FAILED
    assert set(outcomes.values()) == {Status.SKIPPED}
    manifest, snapshot = org.look(translation())
    assert manifest is None
    assert not [each for each in translation().desired if each.address in snapshot.settings]


def test_what_others_put_into_our_settings_survives(org: Org) -> None:
    org.apply(translation())
    desired = translation()
    rule = next(each for each in desired.desired if each.address.type == "ValidationRule")
    field = Address("CustomField", "Lead.SLA_Need__c")
    _, snapshot = org.look(desired)
    org.deploy(
        Component(rule.address.type, rule.address.key, {**rule.values, "active": False}),
        Component(field.type, field.key, {**snapshot.settings[field].values, "label": "Pain", "externalId": True}),
    )
    changes = {each.address: each for each in org.plan(desired)}
    assert {path.path for path in changes[rule.address].fields} == {("active",)}
    assert {path.path for path in changes[field].fields} == {("label",)}
    org.apply(desired)
    _, snapshot = org.look(desired)
    assert snapshot.settings[field].values["label"] == "Need"
    assert snapshot.settings[field].values["externalId"] is True


def test_the_values_of_lead_status_that_others_added_stay(org: Org) -> None:
    _, snapshot = org.look(translation())
    container = snapshot.containers[Address("StandardValueSet", "LeadStatus")].values
    standard = container["standardValue"]
    assert isinstance(standard, list)
    parked: Values = {"fullName": "Parked", "default": False, "label": "Parked", "converted": False}
    org.deploy(Component("StandardValueSet", "LeadStatus", {**container, "standardValue": [parked, *standard]}))
    org.apply(translation())
    _, snapshot = org.look(translation())
    names = [each.key for each in snapshot.settings if each.type == "LeadStatusValue"]
    assert names[0] == "Parked"
    assert names[-2:] == ["MQL", "Nurture"]
    assert snapshot.settings[Address("LeadStatusValue", "Parked")].values.get("isActive", True) is True


def test_a_setting_that_stood_there_before_us_is_adopted_and_not_taken(org: Org) -> None:
    org.deploy(Component("CustomField", "Lead.SLA_Need__c", {"label": "Theirs", "type": "Text", "length": 80}))
    change = next(each for each in org.plan(translation()) if each.address.key == "Lead.SLA_Need__c")
    assert change.action is Action.ADOPT
    assert change.ack == "adopt:CustomField/Lead.SLA_Need__c"
    org.apply(translation())
    manifest, _ = org.look(translation())
    assert manifest is not None
    assert manifest.displaced[change.address]["label"] == "Theirs"
    assert org.plan(translation()) == ()


def test_what_the_agreement_no_longer_asks_for_can_be_deleted(org: Org) -> None:
    org.apply(translation())
    less = translate(
        resources(reports=(), gates=(), reason_sets=(), access=(), segments=(), exclusions=()), binding(), SETUP
    )
    outcomes = org.apply(less, delete=True)
    assert {each.status for each in outcomes} == {Status.DONE}, [each.detail for each in outcomes]
    deleted = {each.change.address.type for each in outcomes if each.change.action is Action.DELETE}
    assert deleted == {"CustomField", "PermissionSet", "PermissionSetAssignment", "Report", "ValidationRule"}
    assert org.plan(less, delete=True) == ()


def test_what_is_left_in_place_is_released_once(org: Org) -> None:
    org.apply(translation())
    less = without(translation(), "Report")
    released = org.apply(less)
    assert [each.change.action for each in released] == [Action.RELEASE]
    assert org.plan(less) == ()


def test_two_cannot_apply_at_once(org: Org) -> None:
    _, snapshot = org.look(translation())
    with (
        connector.open_writer(org.connection(), snapshot),
        pytest.raises(LockedError, match="is being applied to by a test since 2026-10-01"),
        connector.open_writer(org.connection(token="theirs"), snapshot),
    ):
        pass


def test_the_lock_is_given_back_also_when_the_run_failed(org: Org) -> None:
    _, snapshot = org.look(translation())
    with pytest.raises(ZeroDivisionError), connector.open_writer(org.connection(), snapshot):
        raise ZeroDivisionError
    with connector.open_writer(org.connection(token="theirs"), snapshot):
        pass


def test_a_lock_that_a_dead_run_left_is_taken_over_by_its_owner(org: Org) -> None:
    _, snapshot = org.look(translation())
    died = connector.open_writer(org.connection(), snapshot)
    died.__enter__()
    with connector.open_writer(org.connection(), snapshot):
        pass


def test_a_wrong_token_is_told_before_anything_else(org: Org) -> None:
    wrong = replace(org.connection(), options=org.options(token="00Dwrong!token"))
    with connector.open_reader(wrong) as reader, pytest.raises(UnauthorizedError) as raised:
        list(reader.check())
    assert "00Dwrong!token" not in str(raised.value)
    assert [path for _, path in org.running.calls] == ["/services/oauth2/userinfo"]


def test_the_authority_of_the_target_counts_and_not_that_of_the_environment(
    org: Org, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    monkeypatch.setenv("CURL_CA_BUNDLE", str(other))
    with connector.open_reader(org.connection()) as reader:
        assert list(reader.check()) == []
    with connector.open_reader(org.connection(ca=other)) as reader, pytest.raises(UnreachableError) as raised:
        list(reader.check())
    assert "is not trusted" in raised.value.message
    assert "`ca` of the target" in raised.value.hint


def test_people_who_are_not_there_are_named(org: Org) -> None:
    org.setup = replace(SETUP, people={"vp_sales": ("nobody",), "sdr": ("ana",)})
    with connector.open_reader(org.connection()) as reader:
        found = list(reader.check())
    assert [each.message for each in found] == ["No user of the org has the user name or alias «nobody»."]


def test_an_assignment_to_nobody_fails_alone_and_the_rest_is_done(org: Org) -> None:
    org.setup = replace(SETUP, people={"vp_sales": ("nobody",), "sdr": ("ana",), "revops": ("kim",)})
    desired = translate(resources(), binding(), org.setup)
    outcomes = {str(each.change.address): each.status for each in org.apply(desired)}
    nobody = {each for each in outcomes if each.endswith("/nobody")}
    assert {outcomes.pop(each) for each in nobody} == {Status.FAILED}
    assert set(outcomes.values()) == {Status.DONE}
    left = org.plan(desired)
    assert {(each.action, str(each.address)) for each in left} == {(Action.CREATE, each) for each in nobody}


def test_who_changed_a_setting_is_told(org: Org) -> None:
    assert connector.simulator is not None
    org.apply(translation())
    done = connector.simulator().administer(org.running)
    assert len(done) == 2
    with connector.open_reader(org.connection()) as reader:
        snapshot = reader.read([each.address for each in translation().desired])
        changes = diff(translation().desired, snapshot, connector.types, manifest=reader.manifest())
        trail = list(reader.audit_trail(START))
    assert len(changes) == 2
    named = {each.address for each in trail}
    for change in changes:
        live = snapshot.settings[change.address]
        assert live.changed_by
        assert live.changed_at
        assert change.address in named
    assert trail == sorted(trail, key=lambda each: each.at, reverse=True)


def test_what_was_built_and_deployed_by_others_is_in_step(org: Org) -> None:
    desired = translation()
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each)
        for each in desired.desired
    ]
    manifest = next_manifest(None, desired.desired, made, Snapshot({}), connector.types, agreement_digest="digest")
    built = connector.build["mdapi"](desired, manifest)
    package = {path.removeprefix("src/"): content for path, content in built.items() if path.startswith("src/")}
    client = org.client()
    assert client.deploy_result(client.start_deploy(zipped(package), check_only=False))["status"] == "Succeeded"
    client.close()
    left = org.plan(desired)
    assert {(each.action, each.address.type) for each in left} == {(Action.CREATE, "PermissionSetAssignment")}


def test_the_lock_of_a_long_apply_is_renewed_in_the_org(org: Org) -> None:
    desired = translation()
    manifest, snapshot = org.look(desired)
    changes = diff(desired.desired, snapshot, connector.types, manifest=manifest)
    coming = next_manifest(manifest, desired.desired, changes, snapshot, connector.types, agreement_digest="digest")
    waits: list[float] = []
    slow = replace(
        org.connection(),
        now=lambda: START + timedelta(minutes=11) * len(waits),
        wait=waits.append,
        lock=LockTicket("a test", "ours", START + timedelta(minutes=30)),
    )
    with connector.open_writer(slow, snapshot) as writer:
        assert {each.status for each in writer.apply(changes, coming)} == {Status.DONE}
        client = org.client()
        (held,) = client.query(f"SELECT Id FROM StaticResource WHERE Name = '{LOCK_NAME}'")
        said = json.loads(client.body("StaticResource", str(held["Id"])))
        client.close()
    assert datetime.fromisoformat(said["expires"]) > START + timedelta(minutes=30)
    assert said["since"] == START.isoformat()
