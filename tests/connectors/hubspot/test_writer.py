"""Writing a portal: what is asked for stands there afterwards, others' work is kept, and half an apply can go on."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sla_sync.connector import (
    Action,
    Address,
    ExhaustedError,
    LockedError,
    Manifest,
    Outcome,
    PlatformError,
    Status,
    Translation,
    Values,
)
from sla_sync.connector.simulation.schedules import Cut
from sla_sync.reconcile.canonical import canonical_desired
from sla_sync_hubspot import connector
from sla_sync_hubspot.names import LOCK_PROPERTY
from sla_sync_hubspot.paths import Api
from sla_sync_hubspot.types import PROPERTY, PROPERTY_GROUP, PROPERTY_OPTION, SEGMENT, TYPES, WORKFLOW
from sla_sync_hubspot.writer import writing
from tests.connectors.hubspot.stories import AGREEMENT, Portal, added_statuses, portal, stamped

pytestmark = pytest.mark.slow

STAMP = Address(WORKFLOW, f"SLA | {AGREEMENT} | Stamp qualified")
HOT = Address(SEGMENT, f"0-1/SLA | {AGREEMENT} | Hot")
EMPTY = Manifest("digest", {})
MQL = Address(PROPERTY_OPTION, "contacts/hs_lead_status/MQL")


@pytest.fixture
def applied(served: Portal) -> Portal:
    """Return a portal to which the full example was applied."""
    outcomes = served.apply(stamped())
    assert {each.status for each in outcomes} == {Status.DONE}
    return served


def without(translation: Translation, *addresses: Address) -> Translation:
    kept = tuple(each for each in translation.desired if each.address not in addresses)
    return replace(translation, desired=kept)


def edited(translation: Translation, address: Address, values: Values) -> Translation:
    """Return the translation with these values in the place of others."""
    return replace(
        translation,
        desired=tuple(
            replace(each, values={**each.values, **values}) if each.address == address else each
            for each in translation.desired
        ),
    )


def lead_statuses(served: Portal) -> Mapping[str, Mapping[str, Any]]:
    found = served.client().call("GET", Api.PROPERTIES, "/contacts/hs_lead_status")
    return {each["value"]: each for each in found["options"]}


def test_what_was_applied_is_read_back_equal(applied: Portal) -> None:
    assert applied.changes(stamped()) == ()


def test_every_outcome_bears_the_id_that_the_portal_gave(served: Portal) -> None:
    outcomes = served.apply(stamped())
    snapshot, _ = served.read(stamped())
    assert {each.change.address: each.handle for each in outcomes} == {
        address: live.handle for address, live in snapshot.settings.items()
    }


def test_the_manifest_keeps_what_was_applied_with_its_ids(applied: Portal) -> None:
    snapshot, manifest = applied.read(stamped())
    assert manifest is not None
    assert manifest.applied == {
        each.address: canonical_desired(each.values, TYPES[each.address.type]) for each in stamped().desired
    }
    assert manifest.handles[HOT] == snapshot.handle(HOT)
    assert manifest.created == set(manifest.applied)


def test_a_second_apply_writes_nothing_but_its_lock(applied: Portal) -> None:
    before = applied.running.application.state_changes
    assert applied.apply(stamped()) == ()
    assert applied.running.application.state_changes == before + 2


def test_the_workflow_runs_on_the_segment_that_was_created_with_it(applied: Portal) -> None:
    snapshot, _ = applied.read(stamped())
    flow = applied.client().call("GET", Api.FLOWS, f"/{snapshot.handle(STAMP)}")
    member = flow["enrollmentCriteria"]["listFilterBranch"]["filterBranches"][0]["filters"][0]
    assert member["listId"] == snapshot.handle(Address(SEGMENT, f"0-1/SLA | {AGREEMENT} | Meets MQL"))
    assert flow["isEnabled"] is True


def test_a_workflow_is_created_switched_off_and_switched_on_last(served: Portal) -> None:
    served.apply(stamped())
    flow_calls = [method for method, path in served.running.calls if path.startswith("/automation/v4/flows/5")]
    assert flow_calls[-1] == "PUT"


def test_options_of_others_survive_ours(served: Portal) -> None:
    before = lead_statuses(served)
    served.apply(stamped())
    after = lead_statuses(served)
    assert {value: after[value] for value in before} == before
    assert after.keys() - before.keys() == set(added_statuses())


def test_an_option_that_somebody_adds_to_our_property_survives_an_update(applied: Portal) -> None:
    client = applied.client()
    found = client.call("GET", Api.PROPERTIES, "/contacts/sla_reason")
    mine = {"label": "Mine", "value": "mine", "displayOrder": 20, "hidden": False}
    body = {"options": [*found["options"], mine], "label": "Changed", "type": "enumeration", "fieldType": "select"}
    client.call("PATCH", Api.PROPERTIES, "/contacts/sla_reason", body=body)
    assert [each.action for each in applied.changes(stamped())] == [Action.UPDATE]
    applied.apply(stamped())
    after = client.call("GET", Api.PROPERTIES, "/contacts/sla_reason")
    assert after["label"] == "SLA Reason"
    assert "mine" in {each["value"] for each in after["options"]}


def test_members_of_a_workflow_that_we_do_not_name_survive_an_update(applied: Portal) -> None:
    client = applied.client()
    handle = applied.read(stamped())[0].handle(STAMP)
    raw = client.call("GET", Api.FLOWS, f"/{handle}")
    kept = {key: value for key, value in raw.items() if key not in {"createdAt", "updatedAt", "dataSources"}}
    window = {"day": "MONDAY", "startTime": {"hour": 9, "minute": 0}, "endTime": {"hour": 17, "minute": 0}}
    client.call("PUT", Api.FLOWS, f"/{handle}", body={**kept, "isEnabled": False, "timeWindows": [window]})
    applied.apply(stamped())
    after = client.call("GET", Api.FLOWS, f"/{handle}")
    assert after["isEnabled"] is True
    assert after["timeWindows"] == [window]
    assert after["enrollmentCriteria"] == raw["enrollmentCriteria"]


def test_a_changed_filter_is_put_back(applied: Portal) -> None:
    connector_simulator = connector.simulator
    assert connector_simulator is not None
    done = connector_simulator().administer(applied.running)
    assert len(done) == 2
    changed = applied.changes(stamped())
    assert {each.address.type for each in changed} == {SEGMENT, WORKFLOW}
    applied.apply(stamped())
    assert applied.changes(stamped()) == ()


def test_what_is_no_longer_agreed_is_released_and_stays(applied: Portal) -> None:
    less = without(stamped(), HOT)
    assert [each.action for each in applied.changes(less)] == [Action.RELEASE]
    assert [each.status for each in applied.apply(less)] == [Status.DONE]
    assert applied.changes(less) == ()
    assert HOT in applied.read(less)[0].settings


def test_what_holds_no_data_is_deleted_where_the_target_says_so(applied: Portal) -> None:
    entry = Address(SEGMENT, f"0-1/SLA | {AGREEMENT} | Meets MQL")
    note = Address(PROPERTY, "contacts/sla_due_at")
    less = without(stamped(), STAMP, entry, note)
    outcomes = applied.apply(less, delete_removed=True)
    assert [(each.change.address, each.status) for each in outcomes] == [
        (STAMP, Status.DONE), (entry, Status.DONE), (note, Status.DONE),
    ]  # fmt: skip
    left = applied.read(stamped())[0].settings
    assert not {STAMP, entry, note} & set(left)
    assert applied.changes(less, delete_removed=True) == ()


def test_what_somebody_else_made_is_adopted_with_what_it_held_before(served: Portal) -> None:
    client = served.client()
    body = {
        "name": "sla_reason_note", "label": "Why", "groupName": "contactinformation", "type": "string",
        "fieldType": "text", "description": "Theirs",
    }  # fmt: skip
    client.call("POST", Api.PROPERTIES, "/contacts", body=body)
    address = Address(PROPERTY, "contacts/sla_reason_note")
    adopting = [each for each in served.changes(stamped()) if each.address == address]
    assert [each.action for each in adopting] == [Action.ADOPT]
    served.apply(stamped())
    assert served.changes(stamped()) == ()
    manifest = served.read(stamped())[1]
    assert manifest is not None
    assert manifest.displaced[address]["description"] == "Theirs"
    assert address not in manifest.created


def test_one_refused_setting_stops_only_what_requires_it(served: Portal) -> None:
    broken = edited(stamped(), HOT, {"filterBranch": {"filterBranchType": "AND"}})
    outcomes = {each.change.address: each for each in served.apply(broken)}
    assert outcomes[HOT].status is Status.FAILED
    assert "filterBranch" in outcomes[HOT].detail
    assert outcomes[STAMP].status is Status.DONE
    manifest = served.read(stamped())[1]
    assert manifest is not None
    assert HOT not in manifest.applied
    assert HOT not in manifest.created
    assert STAMP in manifest.applied


def test_what_requires_a_refused_setting_is_skipped_and_names_it(served: Portal) -> None:
    entry = Address(SEGMENT, f"0-1/SLA | {AGREEMENT} | Meets MQL")
    broken = edited(stamped(), entry, {"filterBranch": {"filterBranchType": "AND"}})
    outcomes = {each.change.address: each for each in served.apply(broken)}
    assert outcomes[entry].status is Status.FAILED
    assert outcomes[STAMP].status is Status.SKIPPED
    assert str(entry) in outcomes[STAMP].detail
    served.apply(stamped())
    assert served.changes(stamped()) == ()


def test_one_refused_property_of_a_batch_does_not_hold_up_the_others(served: Portal) -> None:
    address = Address(PROPERTY, "contacts/sla_due_at")
    broken = edited(stamped(), address, {"fieldType": "select"})
    outcomes = {each.change.address: each for each in served.apply(broken)}
    failed = {each for each, outcome in outcomes.items() if outcome.status is not Status.DONE}
    assert failed == {address}


@pytest.mark.parametrize("fault", ["502-before", "502-after"])
def test_a_server_that_fails_around_the_batch_is_looked_at_before_anything_is_repeated(
    served: Portal, fault: str
) -> None:
    served.fail(fault, "POST /crm/v3/properties/contacts/batch*")
    assert {each.status for each in served.apply(stamped())} == {Status.DONE}
    assert served.changes(stamped()) == ()


def test_a_limit_that_is_used_up_stops_the_apply_and_the_next_one_goes_on(served: Portal) -> None:
    snapshot, manifest = served.read(stamped())
    changes = served.changes(stamped())
    # Taking the lock, reading the manifest, then the group and the batch of properties.
    served.switch(daily_limit=served.running.requests + 4)
    with pytest.raises(ExhaustedError), writing(served.connection(), snapshot) as writer:
        list(writer.apply(changes, manifest or EMPTY))
    served.switch()
    assert served.read(stamped())[1] is None
    served.apply(stamped())
    assert served.changes(stamped()) == ()


def test_every_change_has_its_outcome_also_when_the_apply_is_cut_off(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    changes = served.changes(stamped())
    outcomes: list[Outcome] = []
    with writing(served.connection(), snapshot) as writer:
        served.switch(daily_limit=served.running.requests + 4)
        running = writer.apply(changes, EMPTY)
        with pytest.raises(ExhaustedError):
            outcomes.extend(next(running) for _ in range(len(changes) + 1))
        served.switch()
    assert {each.change.address for each in outcomes} == {each.address for each in changes}
    assert [each.status for each in outcomes].count(Status.FAILED) == 1
    assert {each.status for each in outcomes} == {Status.DONE, Status.FAILED, Status.SKIPPED}


def test_a_workflow_that_is_gone_is_not_created_by_an_update(applied: Portal) -> None:
    client = applied.client()
    snapshot, manifest = applied.read(stamped())
    wanted = edited(stamped(), STAMP, {"description": "other"})
    handle = snapshot.handle(STAMP)
    client.call("DELETE", Api.FLOWS, f"/{handle}")
    change = [each for each in applied.changes(wanted) if each.address == STAMP]
    gone = replace(change[0], action=Action.UPDATE, live=snapshot.settings[STAMP])
    outcomes = applied.carry_out(wanted, [gone], snapshot, manifest)
    assert [each.status for each in outcomes] == [Status.FAILED]
    assert "is gone" in outcomes[0].detail


def test_somebody_elses_lock_is_respected_and_named(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    with writing(served.connection(token="theirs", who="kim on laptop"), snapshot):
        with (
            pytest.raises(LockedError, match=r"being applied to by kim on laptop since 2026-10-01") as caught,
            writing(served.connection(), snapshot),
        ):
            pass
        assert LOCK_PROPERTY in caught.value.hint
    with writing(served.connection(), snapshot):
        pass


def test_a_lock_of_our_own_that_stayed_behind_is_taken_over(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    left_behind = writing(served.connection(), snapshot)
    left_behind.__enter__()
    with writing(served.connection(), snapshot):
        pass
    assert LOCK_PROPERTY not in names(served)


def test_an_expired_lock_is_taken_over(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    writing(served.connection(token="theirs", lasts=0), snapshot).__enter__()
    with writing(served.connection(), snapshot):
        assert LOCK_PROPERTY in names(served)
    assert LOCK_PROPERTY not in names(served)


def test_the_lock_is_released_when_the_apply_fails(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    with pytest.raises(RuntimeError, match="mine"), writing(served.connection(), snapshot):
        raise RuntimeError("mine")
    assert LOCK_PROPERTY not in names(served)


def test_a_lock_that_was_taken_over_is_told_and_not_released_by_its_former_holder(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    other = writing(served.connection(token="theirs"), snapshot)
    with pytest.raises(LockedError, match="not ours any more"), writing(served.connection(lasts=0), snapshot):
        other.__enter__()
    assert LOCK_PROPERTY in names(served)


def names(served: Portal) -> set[str]:
    return {each["name"] for each in served.client().call("GET", Api.PROPERTIES, "/contacts")["results"]}


def test_a_writer_without_a_ticket_is_a_mistake_of_the_program(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    with pytest.raises(ValueError, match="ticket"), writing(replace(served.connection(), lock=None), snapshot):
        pass


def test_a_rehearsal_of_the_example_finds_nothing(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    with writing(served.connection(), snapshot) as writer:
        assert list(writer.rehearse(served.changes(stamped()), EMPTY)) == []


def test_a_rehearsal_finds_what_the_portal_would_refuse(served: Portal) -> None:
    status = next(each for each in stamped().desired if each.address == MQL)
    wrong = Address(PROPERTY_OPTION, "contacts/lifecyclestage/MQL")
    score = Address(PROPERTY, "contacts/sla_score")
    broken = edited(without(stamped(), Address(PROPERTY, "contacts/sla_student")), score, {"type": "string"})
    broken = replace(broken, desired=(*broken.desired, replace(status, address=wrong)))
    snapshot, _ = served.read(broken)
    with writing(served.connection(), snapshot) as writer:
        found = list(writer.rehearse(served.changes(broken), EMPTY))
    messages = " ".join(each.message for each in found)
    assert "does not let anybody change the options of contacts/lifecyclestage" in messages
    assert "tests the contact property 'sla_student', which does not exist" in messages
    assert "tests the contact property 'sla_score' as NUMBER, and it is of type string" in messages


def calls_of_one_apply(data: Path) -> list[str]:
    with portal(data) as served:
        served.apply(stamped())
        return [path for _, path in served.running.calls]


@pytest.mark.parametrize("before", [True, False], ids=["undone", "answer lost"])
def test_an_apply_that_is_cut_off_never_makes_a_workflow_twice(tmp_path: Path, before: bool) -> None:
    calls = calls_of_one_apply(tmp_path / "whole")
    cuts = [number for number, path in enumerate(calls, start=1) if path.startswith("/automation")]
    assert len(cuts) >= 4
    for number in cuts:
        data = tmp_path / str(number)
        with portal(data) as served:
            served.running.trouble = Cut(number, before=before)
            with pytest.raises(PlatformError):
                served.apply(stamped())
        with portal(data) as served:
            served.apply(stamped())
            assert served.changes(stamped()) == (), number
            flows = served.client().call("GET", Api.FLOWS)["results"]
            assert [(each["name"], each["isEnabled"]) for each in flows] == [(STAMP.key, True)], number
            assert LOCK_PROPERTY not in names(served), number


GROUP = Address(PROPERTY_GROUP, "contacts/sla_sync")
LOST = (
    ("POST", "/crm/v3/properties/contacts/groups"),
    ("POST", "/crm/v3/lists"),
    ("PATCH", "/crm/v3/properties/contacts/hs_lead_status"),
    ("PUT", "/automation/v4/flows"),
    ("POST", "/automation/v4/flows"),
)


@pytest.mark.parametrize(("method", "path"), LOST)
def test_a_server_that_fails_once_is_asked_what_it_did_and_the_apply_goes_on(
    served: Portal, method: str, path: str
) -> None:
    served.fail("503-before", f"{method} {path}*")
    assert {each.status for each in served.apply(stamped())} == {Status.DONE}
    assert served.changes(stamped()) == ()


def test_a_group_that_stands_there_with_another_label_gets_ours(served: Portal) -> None:
    body = {"name": "sla_sync", "label": "Old"}
    served.client().call("POST", Api.PROPERTIES, "/contacts/groups", body=body)
    assert [each.action for each in served.changes(stamped()) if each.address == GROUP] == [Action.UPDATE]
    served.apply(stamped())
    assert served.changes(stamped()) == ()


def test_what_appears_between_plan_and_apply_and_is_not_ours_is_left_alone(served: Portal) -> None:
    snapshot, manifest = served.read(stamped())
    changes = served.changes(stamped())
    body = {
        "name": "sla_score", "label": "Theirs", "groupName": "contactinformation", "type": "number",
        "fieldType": "number",
    }  # fmt: skip
    served.client().call("POST", Api.PROPERTIES, "/contacts", body=body)
    outcomes = {each.change.address: each for each in served.carry_out(stamped(), changes, snapshot, manifest)}
    score = Address(PROPERTY, "contacts/sla_score")
    assert outcomes[score].status is Status.FAILED
    assert "PROPERTY_EXISTS" in outcomes[score].detail
    assert served.client().call("GET", Api.PROPERTIES, "/contacts/sla_score")["label"] == "Theirs"


def test_a_workflow_that_the_token_may_not_see_is_created_once_and_stays_switched_off(served: Portal) -> None:
    served.switch(flows="unreadable")
    outcomes = {each.change.address: each for each in served.apply(stamped())}
    assert outcomes[STAMP].status is Status.FAILED
    assert "FLOW_ACCESS_DENIED" in outcomes[STAMP].detail
    assert set(served.read(stamped())[0].unreadable) == {STAMP}
    assert served.apply(stamped()) == ()
    served.switch()
    flows = served.client().call("GET", Api.FLOWS)["results"]
    assert [(each["name"], each["isEnabled"]) for each in flows] == [(STAMP.key, False)]
    assert [[field.path for field in each.fields] for each in served.changes(stamped())] == [[("isEnabled",)]]


def test_a_lock_that_nobody_signed_is_respected_until_it_is_archived(served: Portal) -> None:
    body = {
        "name": LOCK_PROPERTY, "label": "x", "groupName": "contactinformation", "type": "string", "fieldType": "text",
    }  # fmt: skip
    served.client().call("POST", Api.PROPERTIES, "/contacts", body=body)
    snapshot, _ = served.read(stamped())
    with pytest.raises(LockedError, match="left no name"), writing(served.connection(), snapshot):
        pass


def test_a_lock_that_cannot_be_released_is_said_with_its_end(served: Portal) -> None:
    snapshot, _ = served.read(stamped())
    with (
        pytest.raises(PlatformError, match="Everything was sent, and the apply lock stayed") as caught,
        writing(served.connection(), snapshot),
    ):
        served.running.trouble = Cut(served.running.requests + 1)
    assert "2026-10-01T00:30" in caught.value.hint
