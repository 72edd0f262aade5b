"""Reading a portal: what is found, what is hidden, what it costs."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sla_sync.connector import Address, Connection
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.reader import HubSpotReader, reading
from sla_sync_hubspot.simulator.stock import ADMINISTRATOR_TOKEN
from sla_sync_hubspot.types import PROPERTY, PROPERTY_OPTION, SEGMENT, WORKFLOW
from tests.connectors.hubspot.stories import AGREEMENT, Portal, added_statuses, stamped

pytestmark = pytest.mark.slow

STAMP = Address(WORKFLOW, f"SLA | {AGREEMENT} | Stamp qualified")
HOT = Address(SEGMENT, f"0-1/SLA | {AGREEMENT} | Hot")
MOST_CALLS = 18


@contextmanager
def reader_of(served: Portal, connection: Connection | None = None) -> Iterator[HubSpotReader]:
    with reading(connection or served.connection()) as reader:
        yield reader


@pytest.fixture
def applied(served: Portal) -> Portal:
    """Return a portal to which the full example was applied."""
    served.apply(stamped())
    return served


def rename(served: Portal, address: Address, name: str) -> None:
    client = served.client(token=ADMINISTRATOR_TOKEN)
    handle = served.read(stamped())[0].handle(address)
    if address.type == SEGMENT:
        client.call("PUT", Api.LISTS, f"/{handle}/update-list-name", query=[("listName", name)])
    else:
        raw = client.call("GET", Api.FLOWS, f"/{handle}")
        body = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
        client.call("PUT", Api.FLOWS, f"/{handle}", body={**body, "name": name})


def test_an_untouched_portal_has_nothing_of_ours_and_no_manifest(served: Portal) -> None:
    snapshot, manifest = served.read(stamped())
    assert snapshot.settings == {}
    assert manifest is None
    assert list(snapshot.containers) == [Address(PROPERTY, "contacts/hs_lead_status")]


def test_reading_changes_nothing(applied: Portal) -> None:
    before = applied.running.application.state_changes
    with reader_of(applied) as reader:
        list(reader.check())
        reader.read({each.address for each in stamped().desired})
        reader.manifest()
        list(reader.audit_trail(None))
    assert applied.running.application.state_changes == before


def test_a_plan_costs_a_constant_number_of_calls(applied: Portal) -> None:
    before = applied.running.requests
    with reader_of(applied) as reader:
        list(reader.check())
        reader.read({each.address for each in stamped().desired})
        reader.manifest()
        list(reader.audit_trail(None))
    assert applied.running.requests - before <= MOST_CALLS


def test_everything_that_was_applied_is_found_as_ours_with_its_id(applied: Portal) -> None:
    snapshot, _ = applied.read(stamped())
    assert {each.address for each in stamped().desired} == set(snapshot.settings)
    assert all(live.managed and live.handle for live in snapshot.settings.values())
    assert snapshot.settings[STAMP].revision == "2"


def test_what_bears_our_mark_is_found_although_nobody_asks_for_it(applied: Portal) -> None:
    with reader_of(applied) as reader:
        snapshot = reader.read(set())
    kinds = {each.type for each in snapshot.settings}
    assert kinds == {PROPERTY, PROPERTY_OPTION, SEGMENT, WORKFLOW}
    assert Address(PROPERTY, "contacts/email") not in snapshot.settings


def test_another_agreement_sees_nothing_of_this_one(applied: Portal) -> None:
    usual = applied.connection()
    other = Connection(usual.target, usual.options, type(usual.setup)("another"), usual.now, usual.lock)
    with reader_of(applied, other) as reader:
        assert reader.read(set()).settings == {}
        assert reader.manifest() is None


def test_a_container_carries_what_others_put_there(applied: Portal) -> None:
    snapshot, _ = applied.read(stamped())
    options = snapshot.containers[Address(PROPERTY, "contacts/hs_lead_status")].values["options"]
    assert {"NEW", "OPEN", *added_statuses()} <= {each["value"] for each in options}  # type: ignore[union-attr,index,call-overload]


def test_a_property_tells_who_changed_it(applied: Portal) -> None:
    client = applied.client(token=ADMINISTRATOR_TOKEN)
    body = {"label": "Due", "type": "datetime", "fieldType": "date"}
    client.call("PATCH", Api.PROPERTIES, "/contacts/sla_due_at", body=body)
    live = applied.read(stamped())[0].settings[Address(PROPERTY, "contacts/sla_due_at")]
    assert live.changed_by == "user 9000001"
    assert live.changed_at is not None
    assert live.changed_at.utcoffset() is not None


def test_hidden_workflows_are_unreadable_and_never_missing(applied: Portal) -> None:
    applied.switch(flows="unreadable")
    snapshot, _ = applied.read(stamped())
    assert set(snapshot.unreadable) == {STAMP}
    assert "FLOW_ACCESS_DENIED" in snapshot.unreadable[STAMP].because
    assert not [each for each in applied.changes(stamped()) if each.address.type == WORKFLOW]


def test_workflows_without_the_scope_are_unreadable_also_before_the_first_apply(served: Portal) -> None:
    served.switch(missing_scopes=["automation"])
    snapshot, _ = served.read(stamped())
    assert set(snapshot.unreadable) == {STAMP}


def test_a_workflow_that_somebody_deleted_is_missing(applied: Portal) -> None:
    handle = applied.read(stamped())[0].handle(STAMP)
    applied.client().call("DELETE", Api.FLOWS, f"/{handle}")
    snapshot, _ = applied.read(stamped())
    assert STAMP not in snapshot.settings
    assert STAMP not in snapshot.unreadable
    assert [each.address for each in applied.changes(stamped())] == [STAMP]


@pytest.mark.parametrize("address", [HOT, STAMP], ids=["segment", "workflow"])
def test_what_somebody_renamed_is_still_ours(applied: Portal, address: Address) -> None:
    rename(applied, address, "My own")
    changes = applied.changes(stamped())
    assert [(each.address, [field.path for field in each.fields]) for each in changes] == [(address, [("name",)])]
    assert all(each.status == "done" for each in applied.apply(stamped()))
    assert applied.changes(stamped()) == ()


def test_a_deleted_segment_is_missing(applied: Portal) -> None:
    handle = applied.read(stamped())[0].handle(HOT)
    applied.client().call("DELETE", Api.LISTS, f"/{handle}")
    assert [each.address for each in applied.changes(stamped())] == [HOT]


def test_the_audit_trail_is_empty_below_enterprise(applied: Portal) -> None:
    with reader_of(applied) as reader:
        assert list(reader.audit_trail(None)) == []


def test_the_audit_trail_names_person_and_setting_newest_first(applied: Portal) -> None:
    applied.switch(tier="enterprise")
    began = applied.running.application.now
    rename(applied, HOT, "My own")
    with reader_of(applied) as reader:
        reader.read({each.address for each in stamped().desired})
        everything = list(reader.audit_trail(None))
        recent = list(reader.audit_trail(began))
    assert [each.at for each in everything] == sorted((each.at for each in everything), reverse=True)
    assert (recent[0].address, recent[0].who) == (HOT, "user 9000001")
    assert len(everything) > len(recent)
