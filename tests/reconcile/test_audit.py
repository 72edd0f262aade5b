"""The class of a finding follows from three values; its name stays with the value; and nothing is found where nobody was."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import Drift, DriftClass, Finding, Trace
from sla_sync.reconcile.manifest import manifest_to_json
from sla_sync.reconcile.plan import make_plan
from sla_sync.reconcile.settings import Address, Consequence, Desired, Live, Manifest, SettingChange, Translation
from sla_sync.testing.memory import NAME_PREFIX, TYPES, MemoryReader, RudePlatform
from tests.haste import examples
from tests.laws.test_engine import AGREEMENT, MARK, apply_to, seeds, wishes

LAW = settings(max_examples=examples(60), deadline=None)
DUE = Address("Field", "due")
ATTRIBUTES = ("label", "length", "required", "tags")
THREE = {
    "label": ("Due", "Dew", "Do"),
    "length": (1, 2, 3),
    "required": (True, False, True),
    "tags": (["a"], ["b"], []),
}
numbers = st.integers(0, 2)
triples = st.fixed_dictionaries({name: st.tuples(numbers, numbers, numbers) for name in ATTRIBUTES})


def audited(platform: RudePlatform, desired: tuple[Desired, ...], *trail: SettingChange) -> Drift:
    reader = MemoryReader(platform)
    snapshot, manifest = reader.read({each.address for each in desired}), reader.manifest()
    plan = make_plan(
        Translation(desired),
        snapshot,
        TYPES,
        target="memory",
        agreement=AGREEMENT,
        agreement_digest="d",
        manifest=manifest,
    )
    return audit(plan, desired, snapshot, TYPES, manifest=manifest, trail=trail)


def expected(agreed: object, applied: object, live: object) -> DriftClass | None:
    """Return what the table of docs/audit.md says."""
    if live == agreed:
        return None
    if live == applied:
        return DriftClass.PENDING
    return DriftClass.CHANGED if agreed == applied else DriftClass.CONFLICT


@LAW
@given(triples, seeds)
def test_each_attribute_has_the_class_that_the_table_says_whatever_the_others_have(
    chosen: dict[str, tuple[int, int, int]], seed: int
) -> None:
    sides = [{name: THREE[name][chosen[name][side]] for name in ATTRIBUTES} for side in range(3)]
    agreed, applied, live = ({**each, "description": MARK} for each in sides)
    platform = RudePlatform(AGREEMENT, seed=seed)
    platform.settings[DUE] = live  # type: ignore[assignment]
    platform.manifest = manifest_to_json(Manifest("d", {DUE: applied}))  # type: ignore[dict-item]
    found = audited(platform, (Desired(DUE, agreed),)).findings  # type: ignore[arg-type]
    wanted = {name: expected(sides[0][name], sides[1][name], sides[2][name]) for name in ATTRIBUTES}
    assert {str(each.path[0]): each.drift for each in found} == {name: each for name, each in wanted.items() if each}
    assert len(found) == len({each.path for each in found})


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(wishes(), seeds)
def test_a_hundred_audits_of_an_untouched_platform_find_nothing(desired: tuple[Desired, ...], seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    written = list(platform.written)
    for _ in range(100):
        found = audited(platform, desired)
        assert found.in_sync
        assert found.matched == len(desired)
    assert platform.written == written


@LAW
@given(wishes(), seeds, seeds)
def test_a_finding_has_one_name_however_the_platform_answers(
    desired: tuple[Desired, ...], seed: int, other: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, desired)
    for address, values in list(platform.settings.items()):
        platform.settings[address] = {**values, "label": "somebody else's", "enabled": False, "sort": 99}
    first = [(each.id, each.identity) for each in audited(platform, desired).findings]
    platform.random.seed(other)
    assert [(each.id, each.identity) for each in audited(platform, desired).findings] == first


FIELDS = tuple(
    Desired(Address("Field", name), {"label": name, "description": MARK}) for name in ("due", "done", "owner", "team")
)


@given(seeds)
@settings(max_examples=examples(10))
def test_whoever_takes_the_manifest_away_turns_no_drift_into_what_waits_for_an_apply(seed: int) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    apply_to(platform, FIELDS)
    due, done = FIELDS[0].address, FIELDS[1].address
    platform.settings[due] = {**platform.settings[due], "label": "somebody else's"}
    del platform.settings[done]
    known = {(each.id, each.drift) for each in audited(platform, FIELDS).findings}
    platform.manifest = None
    found = audited(platform, FIELDS)
    assert {(each.id, each.drift) for each in found.findings} == known
    assert {drift for _, drift in known} == {DriftClass.CHANGED, DriftClass.MISSING}
    assert [each.what for each in found.unverifiable] == ["the manifest"]
    assert found.unreadable


def test_before_the_first_apply_nothing_is_drift_although_a_setting_of_another_agreement_bears_our_mark() -> None:
    platform = RudePlatform(AGREEMENT)
    platform.settings[FIELDS[0].address] = {**FIELDS[0].values, "label": "theirs"}
    found = audited(platform, FIELDS)
    assert {each.drift for each in found.findings} == {DriftClass.PENDING}
    assert not found.unverifiable


def finding(**changes: object) -> Finding:
    plain = Finding(
        DriftClass.CHANGED, Consequence.BREACH, DUE, ("label",), "a", "a", "b", None, None, (), target="production"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"drift": DriftClass.CONFLICT, "agreed": "c"}, True),
        ({"who": "Dana", "when": datetime(2026, 11, 3, tzinfo=UTC), "consequence": Consequence.COSMETIC}, True),
        ({"live": "c"}, False),
        ({"target": "staging"}, False),
        ({"path": ("length",)}, False),
        ({"address": Address("Field", "done")}, False),
        ({"what": "Flow 'Old'"}, False),
    ],
)
def test_the_name_of_a_finding_is_that_of_its_place_and_value(changes: dict[str, object], *, same: bool) -> None:
    assert (finding(**changes).id == finding().id) is same
    assert finding().id.startswith("D-")
    assert len(finding().id) == len("D-3f9a21")


def test_the_switch_that_the_type_names_is_known_as_one() -> None:
    flow = Desired(Address("Workflow", f"{NAME_PREFIX}stamp"), {"enabled": True})
    platform = RudePlatform(AGREEMENT)
    apply_to(platform, (flow,))
    platform.settings[flow.address] = {"enabled": False}
    assert [each.drift for each in audited(platform, (flow,)).findings] == [DriftClass.DISABLED]


@pytest.mark.parametrize("later", ["trail", "setting"])
def test_the_newest_of_trail_and_setting_tells_who_did_it(later: str) -> None:
    noon = datetime(2026, 11, 3, 12, tzinfo=UTC)
    of_trail = noon + timedelta(hours=1 if later == "trail" else -1)
    wish = Desired(DUE, {"label": "Due"})
    live = Live(DUE, {"label": "Dew"}, managed=True, changed_by="setting", changed_at=noon)
    platform = RudePlatform(AGREEMENT)
    reader = MemoryReader(platform)
    snapshot = replace(reader.read(()), settings={DUE: live})
    manifest = Manifest("d", {DUE: wish.values})
    plan = make_plan(
        Translation((wish,)), snapshot, TYPES, target="t", agreement="a", agreement_digest="d", manifest=manifest
    )
    lines = [SettingChange(of_trail, "trail", "…", DUE), SettingChange(of_trail - timedelta(days=1), "older", "…", DUE)]
    (told,) = audit(plan, (wish,), snapshot, TYPES, manifest=manifest, trail=reversed(lines)).findings
    assert (told.who, told.trace) == (later, Trace.TOLD)
    (untold,) = audit(
        plan, (wish,), replace(snapshot, settings={DUE: replace(live, changed_by=None)}), TYPES, manifest=manifest
    ).findings
    assert (untold.who, untold.trace) == (None, Trace.NOT_FOUND)
