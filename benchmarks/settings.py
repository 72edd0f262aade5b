"""Print how one target with up to 20,000 settings costs: diff, plan, guard, their texts, apply and audit, in memory.

The platform answers from memory, so that what is measured is the engine. Half of the settings match at first, a quarter
differs, a quarter is missing. What an agreement that is so large costs before stands in agreements.py.
"""

from __future__ import annotations

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.growth import Steps, grow
from sla_sync.connector import Address, Desired, Translation, Values, describe
from sla_sync.reconcile.apply import apply
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.guard import guard
from sla_sync.reconcile.journal import open_journal
from sla_sync.reconcile.manifest import manifest_from_json, manifest_to_json, next_manifest
from sla_sync.reconcile.plan import make_plan
from sla_sync.reconcile.references import addresses_of
from sla_sync.render.drift import drift_as_text
from sla_sync.render.plan import plan_as_json, plan_as_text
from sla_sync.testing.memory import TYPES, MemoryPlatform, MemoryReader, MemoryWriter

SIZES = (2_500, 5_000, 10_000, 20_000)
AGREEMENT = "scale"
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def field(number: int, length: int) -> Values:
    """Return a field as a platform shows it: a dozen values, some of them in a list."""
    return {
        "label": f"Field {number}",
        "type": "text",
        "length": length,
        "description": describe(f"What field {number} means.", AGREEMENT, limit=1000),
        "options": [{"value": f"option_{index}", "label": f"Option {index}"} for index in range(3)],
    }


def world(size: int) -> tuple[Translation, MemoryPlatform]:
    """Return what is asked for, and a platform that holds half of it as asked, a quarter changed, a quarter not at all."""
    desired: list[Desired] = []
    platform = MemoryPlatform(AGREEMENT)
    for number in range(size):
        address = Address("Field", f"field_{number:05}")
        desired.append(Desired(address, field(number, 80), (desired[-1].address,) if number % 10 else ()))
        if number % 4 != 3:
            platform.put(address, field(number, 40 if number % 4 == 2 else 80))
    return Translation(tuple(desired)), platform


def work(size: int, steps: Steps) -> None:
    """Take one target from its first plan over an apply to an audit."""
    translation, platform = world(size)
    reader, asked = MemoryReader(platform), addresses_of(translation.desired)
    with steps.of("read", lambda: platform.calls):
        snapshot = reader.read(asked)
    with steps.of("diff and plan"):
        plan = make_plan(translation, snapshot, TYPES, target="memory", agreement=AGREEMENT, agreement_digest="0" * 64)
    with steps.of("guard"):
        guard(plan)
    with steps.of("plan as text"):
        plan_as_text(plan)
    with steps.of("plan as JSON"):
        plan_as_json(plan)
    with steps.of("next manifest"):
        coming = next_manifest(None, translation.desired, plan.changes, snapshot, TYPES, agreement_digest="0" * 64)
    with steps.of("manifest to text and back"):
        manifest = manifest_from_json(manifest_to_json(coming))
    with (
        tempfile.TemporaryDirectory(prefix="sla-sync-") as folder,
        open_journal(Path(folder) / "journal.jsonl", lambda: AT) as journal,
        steps.of("apply, each change on the disk", lambda: platform.calls),
    ):
        result = apply(plan, MemoryWriter(platform), coming, journal)
    if not result.complete:
        raise SystemExit(f"The apply was not complete: {result.error}")
    for number, each in enumerate(translation.desired[::10]):
        platform.put(each.address, field(number * 10, 50))
    snapshot = reader.read(asked)
    later = make_plan(
        translation, snapshot, TYPES, target="memory", agreement=AGREEMENT, agreement_digest="0" * 64,
        manifest=manifest,
    )  # fmt: skip
    with steps.of("audit, a tenth has drifted"):
        drift = audit(later, translation.desired, snapshot, TYPES, manifest=manifest)
    with steps.of("audit as text"):
        drift_as_text(drift)
    steps.facts |= {"changes applied": len(plan.changes), "findings": len(drift.findings)}


if __name__ == "__main__":
    grow(__file__, "one target, its platform in memory", SIZES, work, unit="settings")
