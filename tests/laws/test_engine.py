"""The laws of the engine, against a platform that answers in every permitted way but the expected one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sla_sync.conventions import mark_line
from sla_sync.errors import SlaSyncError, UnreachableError
from sla_sync.reconcile.apply import apply
from sla_sync.reconcile.diff import is_ours
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json, next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.settings import Action, Address, Desired, Ref, Translation, Value
from sla_sync.testing.memory import NAME_PREFIX, TYPES, MemoryPlatform, MemoryReader, MemoryWriter, RudePlatform
from tests.haste import examples

AGREEMENT = "acme-inbound"
IN_MEMORY = next((each for each in ("/dev/shm",) if Path(each).is_dir()), None)  # noqa: S108 - nothing there is shared
"""Where a journal is forced to no disk, which takes longer than an apply."""
MARK = mark_line(AGREEMENT)
LAW = settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.sampled_from(["hot", "warm", "mql", "sal", "due", "reason", "note", "fit"])
scalars = st.one_of(words, st.booleans(), st.integers(-3, 300), st.none())


@st.composite
def fields(draw: st.DrawFn) -> Desired:
    """Draw a field with options, marked in its description."""
    name = draw(words)
    values: dict[str, Value] = {
        "label": draw(words),
        "type": "enum",
        "length": draw(st.integers(1, 255)),
        "required": draw(st.booleans()),
        "description": f"{draw(words)} & more\n\n{MARK}",
        "options": [{"value": value, "label": draw(words)} for value in draw(st.lists(words, unique=True, max_size=4))],
        "tags": draw(st.lists(words, unique=True, max_size=3)),
    }
    if draw(st.booleans()):
        values["extra"] = draw(scalars)
    return Desired(Address("Field", name), values, origins={(): ("terms", name)})


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Desired, ...]:
    """Draw what an agreement asks for: fields, a segment on each, a workflow on each segment, entries in a table."""
    asked = {each.address: each for each in draw(st.lists(fields(), max_size=4))}
    for name in [address.key for address in asked]:
        if draw(st.booleans()):
            segment = Address("Segment", f"{NAME_PREFIX}{name}")
            asked[segment] = Desired(
                segment, {"filter": {"field": name, "is": draw(words)}}, requires=(Address("Field", name),)
            )
            if draw(st.booleans()):
                workflow = Address("Workflow", f"{NAME_PREFIX}{name}")
                asked[workflow] = Desired(
                    workflow,
                    {"enabled": True, "list": Ref(segment), "steps": [{"do": draw(words)}, {"do": draw(words)}]},
                    requires=(segment,),
                )
    for name in draw(st.lists(words, unique=True, max_size=2)):
        asked[Address("Entry", name)] = Desired(Address("Entry", name), {"sort": draw(st.integers(0, 9))})
    return tuple(draw(st.permutations(list(asked.values()))))


def others(platform: RudePlatform) -> dict[Address, object]:
    """Make settings that somebody else owns, written past the counters of the platform."""
    for each in ("hers", "his"):
        for kind in TYPES:
            platform.settings[Address(kind, each)] = {"label": each, "description": "not yours"}
            platform.handles[Address(kind, each)] = f"other-{kind}-{each}"
    return {address: dict(values) for address, values in platform.settings.items()}


def plan_for(platform: MemoryPlatform, desired: tuple[Desired, ...], *, delete_removed: bool = False) -> Plan:
    reader = MemoryReader(platform)
    return make_plan(
        Translation(desired),
        reader.read({each.address for each in desired}),
        TYPES,
        target="memory",
        agreement=AGREEMENT,
        agreement_digest="d",
        manifest=reader.manifest(),
        delete_removed=delete_removed,
    )


def apply_to(platform: MemoryPlatform, desired: tuple[Desired, ...], *, delete_removed: bool = False) -> Plan:
    reader = MemoryReader(platform)
    plan = plan_for(platform, desired, delete_removed=delete_removed)
    snapshot = reader.read({each.address for each in desired})
    previous = reader.manifest()
    manifest = next_manifest(previous, desired, plan.changes, snapshot, TYPES, agreement_digest=plan.agreement_digest)
    with NamedTemporaryFile(dir=IN_MEMORY) as file, open_journal(Path(file.name), lambda: datetime.now(UTC)) as journal:
        result = apply(plan, MemoryWriter(platform), manifest, journal, previous=previous)
    if result.error:
        raise result.error
    return plan


seeds = st.integers(0, 2**16)


def apply_cut_off(platform: MemoryPlatform, desired: tuple[Desired, ...], *, at: int) -> None:
    """Apply until the line is cut at this call of the platform; then it is whole again."""
    platform.cut_at = at
    with suppress(UnreachableError):
        apply_to(platform, desired)
    platform.cut_at = None


@LAW
@given(wishes(), seeds)
def test_a_plan_after_apply_is_empty(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    again = plan_for(platform, desired)
    assert again.changes == ()
    assert again.matched == len(desired)


@LAW
@given(wishes(), wishes(), seeds, st.booleans())
def test_a_changed_wish_is_reached_too_and_then_the_plan_is_empty(
    first: tuple[Desired, ...], second: tuple[Desired, ...], seed: int, delete_removed: bool
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, first)
    apply_to(platform, second, delete_removed=delete_removed)
    assert plan_for(platform, second, delete_removed=delete_removed).changes == ()


@LAW
@given(wishes(), wishes(), seeds)
def test_what_others_made_is_never_touched(first: tuple[Desired, ...], second: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    before = others(platform)
    apply_to(platform, first)
    apply_to(platform, second, delete_removed=True)
    for address, values in before.items():
        assert platform.settings[address] == values
        assert address not in platform.written


@LAW
@given(wishes(), seeds)
def test_members_that_we_do_not_name_survive_an_update(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    for address, values in list(platform.settings.items()):
        options = values.get("options", [])
        assert isinstance(options, list)
        platform.settings[address] = {
            **values,
            "theirs": "kept",
            "label": "renamed",
            **({"options": [*options, {"value": "their own", "label": "x"}]} if address.type == "Field" else {}),
        }
    plan = apply_to(platform, desired)
    assert {change.address for change in plan.changes} == {each.address for each in desired if "label" in each.values}
    for address, values in platform.settings.items():
        assert values["theirs"] == "kept"
        if address.type == "Field":
            options = values["options"]
            assert isinstance(options, list)
            assert {"value": "their own", "label": "x"} in options


@LAW
@given(wishes(), seeds)
def test_nothing_precedes_what_it_requires(desired: tuple[Desired, ...], seed: int) -> None:
    plan = plan_for(RudePlatform(AGREEMENT, seed=seed), desired)
    done: set[Address] = set()
    for change in plan.changes:
        assert change.desired is not None
        assert set(change.desired.requires) <= done
        done.add(change.address)


@LAW
@given(wishes(), seeds, st.randoms(use_true_random=False))
def test_neither_the_order_of_the_input_nor_a_second_reading_changes_the_fingerprint_or_the_plan(
    desired: tuple[Desired, ...], seed: int, dice: Random
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    others(platform)
    apply_to(platform, tuple(each for each in desired if each.address.type == "Field"))
    shuffled = list(desired)
    dice.shuffle(shuffled)
    one, other = plan_for(platform, desired), plan_for(platform, tuple(shuffled))
    assert [change.address for change in one.changes] == [change.address for change in other.changes]
    assert one.fingerprint.overall == other.fingerprint.overall
    assert one.fingerprint.moved(other.fingerprint) == ()


@LAW
@given(wishes(), seeds)
def test_everything_asked_for_is_ours_afterwards(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    reader = MemoryReader(platform)
    snapshot, manifest = reader.read(set()), reader.manifest()
    for each in desired:
        live = snapshot.settings[each.address]
        assert is_ours(live, manifest)
        if each.address.type != "Entry":
            assert live.managed


@LAW
@given(wishes(), seeds)
def test_only_what_we_made_is_deleted_and_what_we_displaced_is_released(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    displaced = {each.address for each in desired[::2]}
    for address in displaced:
        platform.settings[address] = {"label": "was here before"}
        platform.handles[address] = f"before-{address.key}"
    apply_to(platform, desired)
    plan = apply_to(platform, (), delete_removed=True)
    for change in plan.changes:
        deletable = change.address not in displaced and change.address.type != "Entry"
        assert change.action is (Action.DELETE if deletable else Action.RELEASE)
        assert (change.address in platform.settings) is not deletable
    assert {change.address for change in plan.changes} == {each.address for each in desired}


@LAW
@given(wishes(), seeds)
def test_what_we_made_and_let_go_of_is_stopped_once_and_what_somebody_else_made_is_not(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    hers = Address("Workflow", f"{NAME_PREFIX}hers")
    platform.settings[hers], platform.handles[hers] = {"enabled": True}, "other-workflow"
    apply_to(platform, desired)
    let_go = apply_to(platform, ())
    for change in let_go.changes:
        stopped = change.address.type == "Workflow" and change.address != hers
        assert change.action is Action.RELEASE
        assert [(each.path, each.before, each.after) for each in change.fields] == [
            (("enabled",), True, False)
        ] * stopped
    running = {
        each for each, values in platform.settings.items() if each.type == "Workflow" and values["enabled"] is True
    }
    assert running == {hers}
    assert plan_for(platform, ()).changes == ()


@LAW
@given(wishes(), seeds, st.integers(1, 40), st.booleans())
def test_what_stood_there_before_us_is_not_deleted_even_when_its_adoption_was_cut_off(
    desired: tuple[Desired, ...], seed: int, cut: int, cut_before: bool
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed, cut_before=cut_before)
    before_us = {each.address for each in desired if each.address.type == "Field"}
    for address in before_us:
        platform.settings[address] = {"label": "was here before"}
    apply_cut_off(platform, desired, at=cut)
    apply_to(platform, desired)
    apply_to(platform, (), delete_removed=True)
    assert before_us <= platform.settings.keys()


@LAW
@given(wishes(), seeds, st.integers(0, 3), st.booleans(), st.booleans())
def test_what_an_apply_made_that_was_cut_off_goes_with_what_we_made(
    desired: tuple[Desired, ...], seed: int, left: int, cut_before: bool, repeated: bool
) -> None:
    desired = (*desired, Desired(Address("Segment", f"{NAME_PREFIX}of all"), {"filter": {"is": "hot"}}))
    undisturbed = RudePlatform(AGREEMENT, seed=seed)
    apply_to(undisturbed, desired)
    platform = RudePlatform(AGREEMENT, seed=seed, cut_before=cut_before)
    apply_cut_off(platform, desired, at=undisturbed.calls - left)
    if repeated:
        apply_to(platform, desired)
    apply_to(platform, (), delete_removed=True)
    assert not {each for each in platform.settings if each.type == "Segment"}


@LAW
@given(wishes(), seeds, st.integers(4, 10), st.integers(8, 18), st.booleans())
def test_what_somebody_made_after_an_apply_was_cut_off_is_not_deleted(
    desired: tuple[Desired, ...], seed: int, cut: int, again: int, cut_before: bool
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed, cut_before=cut_before)
    assert_what_came_between_stays(platform, desired, cut, again)


@pytest.mark.parametrize("cut_before", [True, False])
def test_what_somebody_made_is_not_deleted_wherever_two_runs_for_one_field_were_cut_off(cut_before: bool) -> None:
    description = f"Hot\n\n{MARK}"
    field = Desired(
        Address("Field", "mql"), {"label": "MQL", "type": "enum", "description": description, "options": []}
    )
    undisturbed = MemoryPlatform(AGREEMENT)
    apply_to(undisturbed, (field,))
    calls = range(1, undisturbed.calls + 2)
    for cut, again in product(calls, calls):
        platform = MemoryPlatform(AGREEMENT, cut_before=cut_before)
        assert_what_came_between_stays(platform, (field,), cut, again)


def assert_what_came_between_stays(
    platform: MemoryPlatform, desired: tuple[Desired, ...], cut: int, again: int
) -> None:
    """Cut an apply off, let somebody make the fields that it had not reached, cut the next off too, and undo all."""
    apply_cut_off(platform, desired, at=cut)
    came_between = {each.address for each in desired if each.address.type == "Field"} - platform.settings.keys()
    platform.settings |= {each: {"label": "came between"} for each in came_between}
    apply_cut_off(platform, desired, at=platform.calls + again)
    apply_to(platform, desired)
    apply_to(platform, (), delete_removed=True)
    assert came_between <= platform.settings.keys()


@LAW
@given(wishes(), seeds)
def test_taking_over_what_is_not_ours_is_its_own_action_and_needs_an_acknowledgement(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    for each in desired:
        platform.settings[each.address] = {key: value for key, value in each.values.items() if key != "description"}
    for change in plan_for(platform, desired).changes:
        named = change.address.key.startswith(NAME_PREFIX)
        assert change.action is (Action.UPDATE if named else Action.ADOPT)
        assert change.ack == (None if named else f"adopt:{change.address}")


@LAW
@given(wishes(), wishes(), seeds, st.booleans(), st.data())
def test_an_apply_that_is_cut_off_after_any_call_converges_when_repeated(
    first: tuple[Desired, ...], second: tuple[Desired, ...], seed: int, cut_before: bool, data: st.DataObject
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed, cut_before=cut_before)
    before = others(platform)
    apply_to(platform, first)
    platform.cut_at = platform.calls + data.draw(st.integers(1, 40))
    try:
        apply_to(platform, second)
    except UnreachableError:
        platform.cut_at = None
        unmarked = [change for change in plan_for(platform, second).changes if change.action is Action.ADOPT]
        assert all(change.address.type == "Entry" for change in unmarked)
        apply_to(platform, second)
    platform.cut_at = None
    assert plan_for(platform, second).changes == ()
    for address, values in before.items():
        assert platform.settings[address] == values


@LAW
@given(wishes(), seeds)
def test_what_cannot_be_read_is_neither_created_nor_forgotten(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    platform.unreadable = {"Workflow", "Segment"}
    plan = plan_for(platform, desired)
    hidden = {each.address for each in desired if each.address.type in platform.unreadable}
    assert plan.changes == ()
    assert {each.address for each in plan.unreadable} == hidden
    assert plan.matched == len(desired) - len(hidden)
    apply_to(platform, desired)
    manifest = MemoryReader(platform).manifest()
    assert manifest is not None
    assert hidden <= manifest.applied.keys()


@LAW
@given(wishes(), seeds)
def test_a_manifest_survives_its_own_text(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    assert platform.manifest is not None
    assert manifest_to_json(manifest_from_json(platform.manifest)) == platform.manifest


def test_a_setting_that_moved_changes_the_fingerprint() -> None:
    address = Address("Segment", f"{NAME_PREFIX}hot")
    desired = (Desired(address, {"filter": "a"}),)
    platform = RudePlatform(AGREEMENT)
    apply_to(platform, desired)
    before = plan_for(platform, desired).fingerprint
    platform.settings[address] = {"filter": "b"}
    after = plan_for(platform, desired).fingerprint
    assert str(address) in before.moved(after)
    assert before.overall != after.overall


def test_a_circle_of_requirements_is_refused_by_name() -> None:
    one, other = Address("Segment", f"{NAME_PREFIX}a"), Address("Segment", f"{NAME_PREFIX}b")
    desired = (Desired(one, {"x": 1}, requires=(other,)), Desired(other, {"x": 1}, requires=(one,)))
    with pytest.raises(SlaSyncError, match="circle") as raised:
        plan_for(RudePlatform(AGREEMENT), desired)
    assert str(one) in str(raised.value)
