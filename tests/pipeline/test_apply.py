"""A plan that was saved is applied to the world that it was made for, and to no other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sla_sync.errors import StalePlanError
from sla_sync.pipeline.apply import refuse_moved, refuse_stale
from sla_sync.pipeline.look import Sight
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Address, Desired, Live, Manifest, Snapshot, Translation, Values
from sla_sync.render.plan import plan_as_plain
from sla_sync.testing.memory import TYPES

HOT, COLD = Address("Segment", "SLA | hot"), Address("Segment", "SLA | cold")
ENTRIES = Address("Table", "entries")
AGREED = (Desired(HOT, {"filter": "score > 60"}), Desired(COLD, {"filter": "score < 10"}))


def live(**filters: str) -> dict[Address, Live]:
    found = {Address("Segment", f"SLA | {name}"): {"filter": text} for name, text in filters.items()}
    return {address: Live(address, values, managed=True) for address, values in found.items()}


def planned(
    settings: Mapping[Address, Live],
    *,
    agreed: tuple[Desired, ...] = AGREED,
    digest: str = "one",
    table: Values | None = None,
    manifest: Manifest | None = None,
) -> Plan:
    snapshot = Snapshot(settings, {ENTRIES: Live(ENTRIES, table or {"a": {"n": 1}})})
    return make_plan(
        Translation(agreed), snapshot, TYPES, target="crm", agreement="acme", agreement_digest=digest, manifest=manifest
    )


THEN = planned(live(hot="score > 50"))
SAVED = json.loads(json.dumps(plan_as_plain(THEN)))
APPLIED = next_manifest(None, AGREED, (), Snapshot({}), TYPES, agreement_digest="one")


def test_a_plan_is_taken_where_nothing_moved() -> None:
    refuse_stale(SAVED, planned(live(hot="score > 50")))


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (planned(live(hot="score > 50"), digest="two"), "The agreement or its binding changed"),
        (planned(live(hot="score > 40")), "crm changed since the plan was made: Segment/SLA | hot."),
        (planned({}), "crm changed since the plan was made: Segment/SLA | hot."),
        (planned(live(hot="score > 50", cold="score < 5")), "crm changed since the plan was made: Segment/SLA | cold."),
        (planned(live(hot="score > 50"), table={"a": {"n": 2}}), "crm changed since the plan was made: Table/entries."),
        (
            planned(live(hot="score > 60", cold="score < 10"), manifest=APPLIED),
            "crm changed since the plan was made: Segment/SLA | cold, Segment/SLA | hot.",
        ),
    ],
    ids=["agreement", "edited", "deleted", "appeared", "a container", "applied already"],
)
def test_a_plan_is_refused_with_what_moved(now: Plan, says: str) -> None:
    with pytest.raises(StalePlanError) as raised:
        refuse_stale(SAVED, now)
    assert says in raised.value.message
    assert raised.value.hint.startswith("Plan again")
    assert raised.value.exit_code == 4


def test_what_is_left_over_of_another_apply_counts_as_moved() -> None:
    warm = Desired(Address("Segment", "SLA | warm"), {"filter": "score > 30"})
    manifest = next_manifest(None, (*AGREED, warm), (), Snapshot({}), TYPES, agreement_digest="one")
    with pytest.raises(StalePlanError, match=r"SLA \| warm"):
        refuse_stale(SAVED, planned(live(hot="score > 50"), manifest=manifest))


def damaged(**members: Any) -> dict[str, Any]:
    return {**SAVED, **members}


@pytest.mark.parametrize(
    "saved",
    [
        damaged(changes=SAVED["changes"][:1]),
        damaged(changes=[*SAVED["changes"], *SAVED["changes"]]),
        damaged(changes=[{**each, "action": "delete"} for each in SAVED["changes"]]),
        damaged(changes="none"),
        damaged(changes=[1, 2]),
        damaged(fingerprint="none"),
        damaged(fingerprint={}),
        damaged(fingerprint={"overall": THEN.fingerprint.overall}),
    ],
)
def test_a_plan_that_this_release_would_not_make_is_refused(saved: Mapping[str, object]) -> None:
    with pytest.raises(StalePlanError, match="is not the plan that this release makes"):
        refuse_stale(saved, THEN)


def test_a_digest_of_the_whole_does_not_hide_what_moved() -> None:
    forged = damaged(fingerprint={**SAVED["fingerprint"], "overall": replace(THEN).fingerprint.overall})
    with pytest.raises(StalePlanError, match="changed since the plan was made"):
        refuse_stale(forged, planned(live(hot="score > 40")))


def test_what_another_apply_recorded_is_never_written_over() -> None:
    sight = cast("Sight", SimpleNamespace(plan=THEN, manifest=None))
    refuse_moved(sight, THEN.fingerprint, None)
    with pytest.raises(
        StalePlanError, match="crm changed between the plan and its apply: what the last apply recorded"
    ):
        refuse_moved(sight, THEN.fingerprint, APPLIED)
