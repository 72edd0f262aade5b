"""The manifest of half an apply remembers what stands there and nothing else."""

from collections.abc import Mapping

from sla_sync.connector import Action, Address, Change, Consequence, Manifest, Outcome, Reason, Status, Values
from sla_sync_hubspot.settle import settled

OLD, NEW, GONE = (Address("Segment", name) for name in ("old", "new", "gone"))
BEFORE = Manifest("1", {OLD: {"a": 1}, GONE: {"g": 1}}, created=frozenset({OLD, GONE}), handles={OLD: "1", GONE: "3"})
PLANNED = Manifest("2", {OLD: {"a": 2}, NEW: {"b": 1}}, created=frozenset({OLD, NEW}), handles={OLD: "1"})


def outcome(address: Address, action: Action, status: Status) -> Outcome:
    return Outcome(Change(action, address, (), Reason.DIFFERENT, Consequence.BREACH), status)


def applied(*outcomes: Outcome, handles: Mapping[Address, str] | None = None) -> Mapping[Address, Values]:
    return settled(PLANNED, BEFORE, outcomes, handles or {}).applied


def test_where_everything_was_done_the_plan_holds_with_the_new_ids() -> None:
    outcomes = (outcome(OLD, Action.UPDATE, Status.DONE), outcome(NEW, Action.CREATE, Status.DONE))
    found = settled(PLANNED, BEFORE, outcomes, {NEW: "2", GONE: "3"})
    assert found.applied == PLANNED.applied
    assert found.handles == {OLD: "1", NEW: "2"}


def test_an_update_that_failed_leaves_what_was_applied_before() -> None:
    assert applied(outcome(OLD, Action.UPDATE, Status.FAILED))[OLD] == {"a": 1}


def test_a_creation_that_failed_is_neither_applied_nor_created() -> None:
    found = settled(PLANNED, BEFORE, [outcome(NEW, Action.CREATE, Status.SKIPPED)], {NEW: "2"})
    assert NEW not in found.applied
    assert NEW not in found.created
    assert NEW not in found.handles


def test_a_workflow_that_was_half_made_is_remembered_as_switched_off() -> None:
    half = Outcome(outcome(NEW, Action.CREATE, Status.FAILED).change, Status.FAILED, handle="2")
    found = settled(PLANNED, BEFORE, [half], {NEW: "2"})
    assert found.applied[NEW] == {"b": 1, "isEnabled": False}
    assert found.handles[NEW] == "2"
    assert NEW in found.created


def test_without_an_earlier_manifest_a_failure_leaves_nothing() -> None:
    found = settled(PLANNED, None, [outcome(OLD, Action.ADOPT, Status.FAILED)], {})
    assert OLD not in found.applied


def test_a_deletion_that_failed_is_still_ours() -> None:
    found = settled(PLANNED, BEFORE, [outcome(GONE, Action.DELETE, Status.FAILED)], {GONE: "3"})
    assert found.applied[GONE] == {"g": 1}
    assert GONE in found.created
    assert found.handles[GONE] == "3"


def test_a_release_that_was_not_done_is_not_remembered_as_one() -> None:
    planned = Manifest("2", {}, released=frozenset({GONE}))
    assert settled(planned, BEFORE, [outcome(GONE, Action.RELEASE, Status.SKIPPED)], {}).released == frozenset()
    assert settled(planned, BEFORE, [outcome(GONE, Action.RELEASE, Status.DONE)], {}).released == {GONE}
