"""An apply of some settings only: nothing else moves, and nothing else is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sla_sync.reconcile.apply import apply
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.plan import Plan, make_plan
from sla_sync.reconcile.scope import partial_manifest, scope_of
from sla_sync.reconcile.settings import Address, Change, Desired, Translation
from sla_sync.testing.memory import TYPES, MemoryReader, MemoryWriter, RudePlatform
from tests.haste import examples
from tests.laws.test_engine import AGREEMENT, IN_MEMORY, apply_to, plan_for, seeds, wishes
from tests.reconcile.test_audit import audited

LAW = settings(max_examples=examples(60), deadline=None)


def restore(platform: RudePlatform, desired: tuple[Desired, ...], only: frozenset[Address]) -> Plan:
    """Apply the changes of these settings and of what they require, as the pipeline does."""
    reader = MemoryReader(platform)
    snapshot, previous = reader.read({each.address for each in desired}), reader.manifest()
    plan = make_plan(
        Translation(desired),
        snapshot,
        TYPES,
        target="memory",
        agreement=AGREEMENT,
        agreement_digest="new",
        manifest=previous,
        only=only,
    )
    assert plan.scope is not None
    whole = next_manifest(previous, desired, plan.changes, snapshot, TYPES, agreement_digest="new")
    coming = partial_manifest(previous, whole, plan.scope)
    with NamedTemporaryFile(dir=IN_MEMORY) as file, open_journal(Path(file.name), lambda: datetime.now(UTC)) as journal:
        assert apply(plan, MemoryWriter(platform), coming, journal, previous=previous).complete
    return plan


def told(changes: tuple[Change, ...]) -> list[tuple[object, ...]]:
    return [(each.action, each.address, each.fields, each.reason) for each in changes]


@LAW
@given(st.tuples(wishes(), wishes()), wishes(), st.data(), seeds)
def test_an_apply_of_some_settings_changes_nothing_else_and_forgets_nothing(
    earlier: tuple[tuple[Desired, ...], ...], second: tuple[Desired, ...], data: st.DataObject, seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    for each in earlier:
        apply_to(platform, each)
    for address in data.draw(
        st.lists(st.sampled_from(sorted(platform.settings) or [Address("Field", "x")]), unique=True)
    ):
        if address in platform.settings:
            platform.settings[address] = {**platform.settings[address], "label": "another", "enabled": False}
    before = plan_for(platform, second)
    assume(before.changes)
    named = frozenset(data.draw(st.lists(st.sampled_from([each.address for each in before.changes]), min_size=1)))
    scope = scope_of(named, second)
    settings_before = {address: values for address, values in platform.settings.items() if address not in scope}
    findings_before = [each for each in audited(platform, second).findings if each.address not in scope]
    manifest_before = MemoryReader(platform).manifest()

    done = restore(platform, second, named)

    assert {each.address for each in done.changes} == {each.address for each in before.changes} & scope
    assert {address: platform.settings[address] for address in settings_before} == settings_before
    assert told(plan_for(platform, second).changes) == told(
        tuple(each for each in before.changes if each.address not in scope)
    )
    assert [(each.id, each.drift) for each in audited(platform, second).findings] == [
        (each.id, each.drift) for each in findings_before
    ]
    manifest = MemoryReader(platform).manifest()
    assert manifest is not None
    if manifest_before is not None:
        assert manifest.agreement_digest == manifest_before.agreement_digest, "not all of it was applied"
        assert manifest.released - scope == manifest_before.released - scope
        assert {at: each for at, each in manifest.applied.items() if at not in scope} == {
            at: each for at, each in manifest_before.applied.items() if at not in scope
        }


@LAW
@given(wishes(), seeds)
def test_restoring_one_after_the_other_comes_to_what_one_apply_comes_to(
    desired: tuple[Desired, ...], seed: int
) -> None:
    platform = RudePlatform(AGREEMENT, seed=seed)
    while changes := plan_for(platform, desired).changes:
        restore(platform, desired, frozenset({changes[-1].address}))
    assert audited(platform, desired).findings == ()


def test_a_plan_of_some_settings_does_not_mind_what_moves_elsewhere() -> None:
    wanted = tuple(Desired(Address("Entry", name), {"sort": 1}) for name in ("a", "b"))
    platform = RudePlatform(AGREEMENT)

    def planned() -> Plan:
        reader = MemoryReader(platform)
        asked = {each.address for each in wanted}
        return make_plan(
            Translation(wanted),
            reader.read(asked),
            TYPES,
            target="t",
            agreement="a",
            agreement_digest="d",
            only=[wanted[0].address],
        )

    first = planned()
    assert (first.left, len(first.changes), first.only) == (1, 1, (wanted[0].address,))
    platform.settings[Address("Segment", "SLA | theirs")] = {"label": "theirs"}
    platform.unreadable.add("Workflow")
    assert first.fingerprint.moved(planned().fingerprint) == ()
    platform.settings[wanted[0].address] = {"sort": 3}
    assert "Entry/a" in first.fingerprint.moved(planned().fingerprint)
