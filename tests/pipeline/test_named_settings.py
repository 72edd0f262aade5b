"""Whoever asks for a plan of some settings names them by address or by finding, and is told what is there otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sla_sync.connector import Address, Desired, Live, Manifest, Snapshot, Translation
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.named_settings import named_settings
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.testing.memory import TYPES
from tests.pipeline.test_pulse import PREPARED

DUE, GUEST = Address("Field", "due"), Address("Segment", "SLA | guest")
WISH = Desired(DUE, {"label": "Due", "length": 20})
PREPARED_HERE = replace(PREPARED, connector=replace(PREPARED.connector, types=TYPES), translation=Translation((WISH,)))
SNAPSHOT = Snapshot(
    {DUE: Live(DUE, {"label": "Due", "length": 30}, managed=True), GUEST: Live(GUEST, {"label": "x"}, inside=DUE)}
)
MANIFEST = Manifest("d", {DUE: WISH.values}, created=frozenset({DUE}))


def planned(*, tidy: bool) -> Plan:
    return make_plan(
        PREPARED_HERE.translation,
        SNAPSHOT,
        TYPES,
        target="org",
        agreement="a",
        agreement_digest="d",
        manifest=MANIFEST,
        delete_removed=tidy,
    )


def named(*only: str, tidy: bool = False) -> tuple[Address, ...]:
    return named_settings(only, planned(tidy=tidy), PREPARED_HERE, SNAPSHOT, MANIFEST)


CHANGED, EXTRA = (each.id for each in audit(planned(tidy=False), (WISH,), SNAPSHOT, TYPES, manifest=MANIFEST).findings)


def test_a_setting_is_named_by_its_address_or_by_a_finding_about_it() -> None:
    assert named(str(DUE)) == named(CHANGED) == named(CHANGED, str(DUE)) == (DUE,)


def test_what_is_extra_is_restored_only_where_an_apply_takes_it_away() -> None:
    assert named(EXTRA, tidy=True) == (GUEST,)
    with pytest.raises(SlaSyncError, match=r"SLA \| guest is extra on org, and apply leaves what is extra\.") as raised:
        named(EXTRA)
    assert "removal: delete" in raised.value.hint


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("D-000000", f"There is: {', '.join(sorted([CHANGED, EXTRA]))}.", "Run `drift` again."),
        ("Field/duw", "asks for no setting 'Field/duw' on org.", "Write Field/due."),
        ("Nothing/like this at all", "asks for no setting", "Write the address as"),
    ],
)
def test_who_names_what_is_not_there_is_told_what_is(text: str, message: str, hint: str) -> None:
    with pytest.raises(SlaSyncError) as raised:
        named(text)
    assert message in raised.value.message
    assert raised.value.hint.startswith(hint)
