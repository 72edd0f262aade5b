"""What a run set out to make is kept before it is made, so that a run that was cut off leaves no orphan."""

from __future__ import annotations

from dataclasses import replace

from sla_sync.reconcile.diff import we_made
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json, next_manifest, opening_manifest
from sla_sync.reconcile.settings import Address, Desired, Live, Manifest, Snapshot, Unreadable
from sla_sync.testing.memory import TYPES

COLD, HOT = (Address("Segment", f"SLA | {name}") for name in ("cold", "hot"))
BEFORE = Manifest("d", {COLD: {"filter": "cold"}}, created=frozenset({COLD}))
COMING = replace(BEFORE, created=frozenset({COLD, HOT}))
CUT_OFF = replace(BEFORE, begun=frozenset({HOT}))


def live(address: Address, *, managed: bool = True) -> Live:
    return Live(address, {"filter": "x"}, managed=managed)


def snapshot(*found: Live) -> Snapshot:
    return Snapshot({each.address: each for each in found})


def after(found: Snapshot) -> Manifest:
    desired = [Desired(each, {"filter": "x"}) for each in (COLD, HOT)]
    return next_manifest(CUT_OFF, desired, (), found, TYPES, agreement_digest="d")


def test_what_will_be_made_is_kept_first_and_nothing_where_nothing_will() -> None:
    assert opening_manifest(BEFORE, COMING, atomic=False) == CUT_OFF
    assert opening_manifest(BEFORE, BEFORE, atomic=False) is None
    assert opening_manifest(None, COMING, atomic=False) == Manifest(
        "", {}, begun=frozenset({COLD, HOT}), canonicalisation=COMING.canonicalisation
    )


def test_what_is_made_with_its_manifest_need_not_be_kept_first() -> None:
    assert opening_manifest(BEFORE, COMING, atomic=True) is None


def test_what_stood_there_before_us_is_never_among_what_was_begun() -> None:
    adopted = replace(BEFORE, displaced={HOT: {"filter": "theirs"}})
    found = opening_manifest(CUT_OFF, adopted, atomic=False)
    assert found == replace(BEFORE, displaced={HOT: {"filter": "theirs"}})


def test_what_is_put_back_stays_known_until_it_was() -> None:
    before = replace(BEFORE, displaced={HOT: {"filter": "theirs"}})
    assert opening_manifest(before, Manifest("", {}), atomic=False) is None


def test_what_a_run_made_that_was_cut_off_is_ours_where_it_bears_our_mark() -> None:
    setting_type = TYPES[HOT.type]
    assert we_made(live(HOT), setting_type, CUT_OFF)
    assert not we_made(live(HOT, managed=False), setting_type, CUT_OFF)
    assert not we_made(live(HOT), setting_type, BEFORE)
    assert after(snapshot(live(COLD), live(HOT))).created == {COLD, HOT}
    assert after(snapshot(live(COLD), live(HOT, managed=False))).created == {COLD}
    assert after(snapshot(live(COLD))).created == {COLD}
    assert after(snapshot(live(COLD), live(HOT))).begun == frozenset()


def test_what_cannot_be_read_stays_begun() -> None:
    unread = replace(snapshot(live(COLD)), unreadable={HOT: Unreadable(HOT, "The platform hides it.")})
    assert after(unread).begun == {HOT}


def test_what_was_begun_survives_its_text_which_does_not_speak_of_it_otherwise() -> None:
    assert manifest_from_json(manifest_to_json(CUT_OFF)) == CUT_OFF
    assert "begun" not in manifest_to_json(BEFORE)
    assert manifest_from_json(manifest_to_json(BEFORE)) == BEFORE
    assert not replace(Manifest("", {}), begun=frozenset({HOT})).says_nothing
