"""Drift is told apart from what was not applied yet, value by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sla_sync.conventions import mark_line
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import Drift, DriftClass
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.plan import make_plan
from sla_sync.reconcile.settings import (
    Address,
    Consequence,
    Desired,
    Gap,
    Live,
    Manifest,
    Probe,
    Ref,
    SettingChange,
    SettingType,
    Snapshot,
    Translation,
    Unreadable,
    Value,
    Values,
)
from sla_sync.reconcile.values import equal
from sla_sync.testing.memory import TYPES

MARK = f"Due.\n\n{mark_line('acme-inbound')}"
DUE = Address("Field", "due")
FLOW = Address("Workflow", "SLA | stamp")


def wish(**values: object) -> Desired:
    return Desired(
        DUE,
        {"label": "Due", "type": "date", "length": 20, "description": MARK, **values},  # type: ignore[dict-item]
        origins={(): ("commitments", "first-response"), ("length",): ("commitments", "first-response", "within")},
    )


def applied(desired: Desired) -> Manifest:
    return next_manifest(None, (desired,), (), Snapshot({}), TYPES, agreement_digest="d")


def drift_of(
    desired: Desired,
    live: Values | None,
    manifest: Manifest | None,
    *trail: SettingChange,
    managed: bool = True,
    types: Mapping[str, SettingType] = TYPES,
) -> Drift:
    found = {desired.address: Live(desired.address, live, managed=managed)} if live is not None else {}
    snapshot = Snapshot(found)
    plan = make_plan(
        Translation((desired,)),
        snapshot,
        types,
        target="t",
        agreement="acme-inbound",
        agreement_digest="d",
        manifest=manifest,
    )
    return audit(plan, (desired,), snapshot, types, manifest=manifest, trail=trail)


def test_a_value_that_only_the_platform_changed_is_drift() -> None:
    found = drift_of(wish(), {**wish().values, "length": 30}, applied(wish()))
    (only,) = found.findings
    assert (only.drift, only.path, only.agreed, only.applied, only.live) == (
        DriftClass.CHANGED,
        ("length",),
        20,
        20,
        30,
    )
    assert only.consequence is Consequence.BREACH
    assert only.commitment == ("commitments", "first-response", "within")
    assert found.drifted == found.findings
    assert not found.in_sync


def test_a_value_that_only_the_agreement_changed_is_pending_and_no_drift() -> None:
    found = drift_of(wish(length=30), wish().values, applied(wish()))
    (only,) = found.findings
    assert only.drift is DriftClass.PENDING
    assert found.drifted == ()
    assert not found.in_sync


def test_a_value_that_both_changed_differently_is_a_conflict() -> None:
    found = drift_of(wish(length=30), {**wish().values, "length": 40}, applied(wish()))
    (only,) = found.findings
    assert only.drift is DriftClass.CONFLICT
    assert (only.agreed, only.applied, only.live) == (30, 20, 40)


def test_a_value_that_both_changed_alike_is_no_finding() -> None:
    assert drift_of(wish(length=30), {**wish().values, "length": 30}, applied(wish())).findings == ()


def test_one_pending_and_one_drifted_value_of_one_setting_are_two_findings() -> None:
    found = drift_of(wish(length=30), {**wish().values, "label": "Overdue"}, applied(wish()))
    assert {each.path: each.drift for each in found.findings} == {
        ("length",): DriftClass.PENDING,
        ("label",): DriftClass.CHANGED,
    }
    assert [each.drift for each in found.findings] == [DriftClass.CHANGED, DriftClass.PENDING], "drift comes first"


def test_a_setting_that_was_applied_and_is_gone_is_missing_and_one_never_applied_is_pending() -> None:
    assert [each.drift for each in drift_of(wish(), None, applied(wish())).findings] == [DriftClass.MISSING]
    assert [each.drift for each in drift_of(wish(), None, None).findings] == [DriftClass.PENDING]


def test_a_setting_that_is_not_ours_is_foreign() -> None:
    found = drift_of(wish(), {"label": "Due"}, None, managed=False)
    assert [each.drift for each in found.findings] == [DriftClass.FOREIGN]


SWITCHES: Mapping[str, tuple[SettingType, Values]] = {
    "as we stop it": (replace(TYPES["Workflow"], at_rest={"status": ("Active", "Obsolete")}), {"status": "Obsolete"}),
    "as people stop it": (replace(TYPES["Workflow"], switched_off={"status": "Draft"}), {"status": "Draft"}),
    "by another of its type": (replace(TYPES["Workflow"], sole="status"), {"status": False}),
}


@pytest.mark.parametrize(("kind", "live"), SWITCHES.values(), ids=SWITCHES)
def test_a_setting_that_was_switched_off_is_disabled_by_every_word_for_it(kind: SettingType, live: Values) -> None:
    flow = Desired(FLOW, {"status": "Active", "steps": "x"})
    found = drift_of(flow, {**live, "steps": "x"}, applied(flow), types={"Workflow": kind})
    assert [each.drift for each in found.findings] == [DriftClass.DISABLED]
    other = drift_of(
        flow, {"status": "Active", "steps": {"status": live["status"]}}, applied(flow), types={"Workflow": kind}
    )
    assert [each.drift for each in other.findings] == [DriftClass.CHANGED]


def test_the_trail_says_who_and_when_and_no_trail_says_nobody() -> None:
    when = datetime(2026, 11, 3, 18, 42, tzinfo=UTC)
    line = SettingChange(when, "admin@acme.example", "changed the length", DUE)
    changed = {**wish().values, "length": 30}
    (told,) = drift_of(wish(), changed, applied(wish()), line).findings
    (untold,) = drift_of(wish(), changed, applied(wish())).findings
    assert (told.who, told.when) == ("admin@acme.example", when)
    assert (untold.who, untold.when) == (None, None)


@pytest.mark.parametrize("status", ["open", "unchecked"])
def test_nothing_is_called_in_sync_while_something_could_not_be_checked(status: str) -> None:
    probe = Probe(DUE, ("label",), "Other") if status == "open" else None
    gap = Gap("layout", "Page layout", "Put the field on the layout.", probe=probe)
    snapshot = Snapshot({DUE: Live(DUE, wish().values, managed=True)})
    plan = make_plan(Translation((wish(),), (gap,)), snapshot, TYPES, target="t", agreement="a", agreement_digest="d")
    found = audit(plan, (wish(),), snapshot, TYPES, manifest=applied(wish()))
    assert plan.steps[0].status == status
    assert found.findings == ()
    assert found.matched == 1
    assert not found.in_sync
    assert not found.unreadable


def test_a_manual_step_whose_probe_says_done_is_not_in_the_way() -> None:
    gap = Gap("layout", "Page layout", "Put the field on the layout.", probe=Probe(DUE, ("label",), "Due"))
    snapshot = Snapshot({DUE: Live(DUE, wish().values, managed=True)})
    plan = make_plan(Translation((wish(),), (gap,)), snapshot, TYPES, target="t", agreement="a", agreement_digest="d")
    assert audit(plan, (wish(),), snapshot, TYPES, manifest=applied(wish())).in_sync


def test_an_unreadable_setting_is_neither_matched_nor_missing() -> None:
    snapshot = Snapshot({}, unreadable={DUE: Unreadable(DUE, "hidden")})
    plan = make_plan(Translation((wish(),)), snapshot, TYPES, target="t", agreement="a", agreement_digest="d")
    found = audit(plan, (wish(),), snapshot, TYPES, manifest=applied(wish()))
    assert (found.findings, found.matched, found.unreadable, found.in_sync) == ((), 0, True, False)


@pytest.mark.parametrize(("agreed", "live"), [(True, 1), (False, 0), (1, True), ("1", 1)])
def test_values_of_different_kinds_are_different(agreed: Value, live: Value) -> None:
    assert not equal(agreed, live, lambda _: None)


@pytest.mark.parametrize(("agreed", "live"), [(60, 60.0), ({"a": [1]}, {"a": [1]}), (Ref(DUE), "7"), (Ref(DUE), 7)])
def test_spellings_of_one_value_are_equal(agreed: Value, live: Value) -> None:
    assert equal(agreed, live, {DUE: "7"}.get)
