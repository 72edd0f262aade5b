"""The laws of leaving: what was there before us stands as it stood, and nothing of ours is left."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_sync.conventions import bears_mark
from sla_sync.errors import SlaSyncError, UnreachableError
from sla_sync.reconcile.apply import apply
from sla_sync.reconcile.canonical import canonical_live
from sla_sync.reconcile.guard import guard
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.leaving import Ground, addresses_of_manifest
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.remove import Departure, departure, fingerprint_of, remaining_manifest
from sla_sync.reconcile.settings import (
    Action,
    Address,
    Change,
    Desired,
    Live,
    Mark,
    Reason,
    Removal,
    SettingType,
    Snapshot,
    Value,
    Values,
    deletion,
)
from sla_sync.testing.memory import TYPES, MemoryReader, MemoryWriter, RudePlatform
from tests.haste import examples
from tests.laws.test_engine import AGREEMENT, IN_MEMORY, apply_to, others, plan_for, seeds, wishes, words

LAW = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
EVERYTHING = frozenset({"everything"})


def ground_of(
    platform: RudePlatform,
    desired: tuple[Desired, ...],
    *,
    acknowledged: frozenset[str] = frozenset(),
    holdings: Mapping[Address, int] | None = None,
    keep: frozenset[Address] = frozenset(),
) -> Ground:
    reader = MemoryReader(platform)
    manifest = reader.manifest()
    asked = {each.address for each in desired} | addresses_of_manifest(manifest)
    ground = Ground(AGREEMENT, desired, reader.read(asked), TYPES, manifest, holdings or {}, keep=keep)
    if acknowledged == EVERYTHING:
        acknowledged = frozenset(map(deletion, ground.made))
    return Ground(AGREEMENT, desired, ground.snapshot, TYPES, manifest, holdings or {}, acknowledged, keep)


def leave(
    platform: RudePlatform,
    desired: tuple[Desired, ...],
    *,
    acknowledged: frozenset[str] = EVERYTHING,
    holdings: Mapping[Address, int] | None = None,
    keep: frozenset[Address] = frozenset(),
) -> Departure:
    ground = ground_of(platform, desired, acknowledged=acknowledged, holdings=holdings, keep=keep)
    found = departure(ground, target="memory")
    coming = remaining_manifest(ground)
    with NamedTemporaryFile(dir=IN_MEMORY) as file, open_journal(Path(file.name), lambda: datetime.now(UTC)) as journal:
        result = apply(found.plan, MemoryWriter(platform), coming, journal, previous=ground.manifest)
    if result.error:
        raise result.error
    return found


def standing(platform: RudePlatform) -> Mapping[Address, Values]:
    """Return what stands on the platform in canonical form; an empty text and none are the same."""
    return {
        address: {
            key: value
            for key, value in canonical_live(values, TYPES[address.type]).items()
            if value not in ("", {}, [])
        }
        for address, values in platform.settings.items()
    }


@st.composite
def taken_over(draw: st.DrawFn, desired: tuple[Desired, ...]) -> Mapping[Address, Values]:
    """Draw settings that stood there before us under names that the agreement asks for."""
    some = st.lists(st.sampled_from(desired), unique_by=lambda each: each.address) if desired else st.just([])
    chosen = draw(some)
    before: dict[Address, Values] = {}
    for each in chosen:
        values: dict[str, Value] = {"label": draw(words), "own": draw(words)}
        if each.address.type == "Field":
            values |= {"type": "enum", "description": draw(words), "length": draw(st.integers(1, 255))}
            values["options"] = [{"value": one, "label": "theirs"} for one in draw(st.lists(words, unique=True))]
        if TYPES[each.address.type].mark is not Mark.NAME:  # who chose our name for one of theirs shares it with us
            before[each.address] = values
    return before


@LAW
@given(wishes(), seeds)
def test_an_apply_and_a_removal_leave_everything_as_it_was(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    others(platform)
    before = standing(platform)
    apply_to(platform, desired)
    leave(platform, desired)
    assert standing(platform) == before
    assert platform.manifest is None


@LAW
@given(st.data(), wishes(), seeds)
def test_what_was_taken_over_becomes_what_it_was(data: st.DataObject, desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    for address, values in data.draw(taken_over(desired)).items():
        platform.settings[address] = values
        platform.handles[address] = f"theirs-{address}"
    before = standing(platform)
    apply_to(platform, desired)
    leave(platform, desired)
    assert standing(platform) == before
    assert platform.manifest is None


@LAW
@given(st.data(), wishes(), seeds)
def test_what_somebody_changed_since_is_theirs_and_stays(
    data: st.DataObject, desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    for address, values in data.draw(taken_over(desired)).items():
        platform.settings[address] = values
    theirs = [each for each in platform.settings if each.type == "Field"]
    apply_to(platform, desired)
    for address in theirs:
        platform.settings[address] = {**platform.settings[address], "label": "her own words"}
    leave(platform, desired)
    assert [platform.settings[each]["label"] for each in theirs] == ["her own words"] * len(theirs)


@LAW
@given(wishes(), seeds)
def test_what_others_made_is_never_touched(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    before = others(platform)
    apply_to(platform, desired)
    leave(platform, desired)
    assert not before.keys() & set(platform.written)


@LAW
@given(wishes(), seeds)
def test_a_field_that_may_hold_data_is_never_deleted_unless_it_is_named(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    fields = {each for each in platform.settings if each.type == "Field"}
    found = leave(platform, desired, acknowledged=frozenset())
    assert set(platform.settings) == fields
    assert {each.address for each in found.kept} == fields
    assert {each.ack for each in found.kept} == {deletion(each) for each in fields}
    assert not any(bears_mark(str(platform.settings[each]["description"]), AGREEMENT) for each in fields)
    assert platform.manifest is None


@LAW
@given(wishes(), seeds)
def test_a_field_that_holds_nothing_goes_without_being_named(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    nothing = dict.fromkeys(platform.settings, 0)
    found = leave(platform, desired, acknowledged=frozenset(), holdings=nothing)
    assert (platform.settings, found.kept) == ({}, ())


@LAW
@given(wishes(), seeds)
def test_a_second_removal_finds_nothing_to_do(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    leave(platform, desired, acknowledged=frozenset())
    assert departure(ground_of(platform, desired), target="memory").plan.changes == ()


@LAW
@given(wishes(), seeds)
def test_an_apply_after_a_removal_makes_all_of_it_anew(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    leave(platform, desired)
    assert {each.action for each in apply_to(platform, desired).changes} <= {Action.CREATE}
    assert plan_for(platform, desired).changes == ()


@LAW
@given(wishes(), seeds, st.integers(1, 40), st.booleans())
def test_a_removal_that_is_cut_off_after_any_call_converges_when_repeated(
    desired: tuple[Desired, ...], seed: int, cut: int, cut_before: bool
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    others(platform)
    before = standing(platform)
    apply_to(platform, desired)
    platform.cut_at, platform.cut_before = platform.calls + cut, cut_before
    with suppress(UnreachableError):
        leave(platform, desired)
    platform.cut_at = None
    leave(platform, desired)
    assert standing(platform) == before
    assert platform.manifest is None


@LAW
@given(wishes(), seeds)
def test_nothing_goes_before_what_needs_it_and_what_acts_goes_first(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    ground = ground_of(platform, desired, acknowledged=EVERYTHING)
    order = [each.address for each in departure(ground, target="memory").plan.changes]
    for each in desired:
        assert all(order.index(each.address) < order.index(needed) for needed in each.requires)
    acting = [bool(TYPES[each.type].at_rest) for each in order]
    assert acting == sorted(acting, reverse=True)


@LAW
@given(wishes(), seeds)
def test_what_is_kept_keeps_all_that_it_needs(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    asked = frozenset(each.address for each in desired if each.address.type == "Workflow")
    leave(platform, desired, keep=asked)
    left = platform.settings.keys()
    assert asked <= left
    for each in desired:
        assert each.address not in left or set(each.requires) <= left


@LAW
@given(wishes(), seeds)
def test_without_a_manifest_only_what_bears_our_mark_goes_unless_it_is_named(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    platform.manifest = None
    named = {each.address for each in desired if TYPES[each.address.type].mark is Mark.NAME}
    unproven = {each.address for each in desired if TYPES[each.address.type].mark is Mark.MANIFEST}
    fields = dict.fromkeys(platform.settings, 0)
    found = leave(platform, desired, acknowledged=frozenset(), holdings=fields)
    needed = {one for each in desired if each.address in named for one in each.requires}
    assert set(platform.settings) == named | needed | unproven
    assert set(found.unproven) == unproven
    leave(platform, desired, acknowledged=frozenset(map(deletion, named)), holdings=fields)
    assert set(platform.settings) == unproven | (needed - named)


@LAW
@given(wishes(), seeds)
def test_what_cannot_be_read_stays_in_the_manifest(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    hidden = {each.address for each in desired if each.address.type == "Workflow"}
    platform.unreadable = {"Workflow"}
    with suppress(SlaSyncError):
        leave(platform, desired)
    assert hidden <= platform.settings.keys()
    assert (platform.manifest is None) is not bool(hidden)
    platform.unreadable = set()
    leave(platform, desired)
    assert platform.settings == {}
    assert platform.manifest is None


@LAW
@given(wishes(), seeds)
def test_a_removal_is_guarded_by_its_number_like_any_large_plan(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    plan = departure(ground_of(platform, desired, acknowledged=EVERYTHING), target="memory").plan
    needed = {deletion(each) for each in platform.settings if each.type == "Field"}
    codes = {each.code for each in guard(plan, acknowledged=needed)}
    assert ("SLA821" in codes) is (len(plan.changes) >= 10)
    assert not {each.code for each in guard(plan, acknowledged={*needed, f"bulk:{len(plan.changes)}"})} - {"SLA822"}


def test_data_that_came_between_counts_as_moved() -> None:
    platform = RudePlatform(AGREEMENT, seed=1)
    wish = Desired(Address("Field", "due"), {"type": "date", "description": "managed by sla-sync acme-inbound"})
    apply_to(platform, (wish,))
    empty = ground_of(platform, (wish,), holdings={wish.address: 0})
    plan = departure(empty, target="memory").plan
    assert [(each.action, each.reason) for each in plan.changes] == [(Action.DELETE, Reason.LEAVING)]
    full = ground_of(platform, (wish,), holdings={wish.address: 7})
    assert plan.fingerprint.moved(fingerprint_of(full, plan.changes)) == ("Field/due",)
    assert plan.fingerprint.moved(fingerprint_of(empty, plan.changes)) == ()


def test_what_gave_way_when_ours_was_switched_on_is_switched_on_again() -> None:
    kind = SettingType("Rule", "rule", Mark.MANIFEST, sole="active", on_removal=Removal.DELETE)
    types = {kind.name: kind}
    theirs, ours = Address("Rule", "theirs"), Address("Rule", "ours")
    wish = Desired(ours, {"active": True})
    change = Change(Action.CREATE, ours, (), Reason.ABSENT, kind.consequence, desired=wish, switches_off=(theirs,))
    before = Snapshot({theirs: Live(theirs, {"active": True})})
    manifest = next_manifest(None, (wish,), (change,), before, types, agreement_digest="d")
    after = Snapshot({theirs: Live(theirs, {"active": False}), ours: Live(ours, {"active": True})})
    plan = departure(Ground(AGREEMENT, (wish,), after, types, manifest), target="memory").plan
    assert [(each.action, each.address) for each in plan.changes] == [(Action.UPDATE, theirs), (Action.DELETE, ours)]
    assert plan.changes[0].desired == Desired(theirs, {"active": True})
    on_again = Snapshot({theirs: Live(theirs, {"active": True}), ours: Live(ours, {"active": False})})
    again = departure(Ground(AGREEMENT, (wish,), on_again, types, manifest), target="memory").plan
    assert again.changes[0].fields == ()
