"""Print what reports of up to 10,000 findings of one audit cost: as a page, as Markdown, as JSON and as text."""

from __future__ import annotations

from datetime import UTC, datetime

from benchmarks.growth import Steps, grow
from benchmarks.settings import AGREEMENT, world
from sla_sync.connector import Address, Live, Snapshot
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.plan import make_plan
from sla_sync.render.drift import drift_as_json, drift_as_markdown, drift_as_text
from sla_sync.render.html.drift import drift_told, report_of_drift
from sla_sync.testing.memory import TYPES

SIZES = (2_500, 5_000, 10_000)
AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def work(size: int, steps: Steps) -> None:
    """Audit a target of which each setting has drifted, and write what was found in every form."""
    translation, _ = world(size)
    live: dict[Address, Live] = {
        each.address: Live(each.address, {**each.values, "length": 40}, handle="h", managed=True)
        for each in translation.desired
    }
    snapshot = Snapshot(live)
    plan = make_plan(translation, snapshot, TYPES, target="memory", agreement=AGREEMENT, agreement_digest="0" * 64)
    drift = audit(plan, translation.desired, snapshot, TYPES, manifest=None)
    steps.facts["findings"] = len(drift.findings)
    for name, written in (("text", drift_as_text), ("Markdown", drift_as_markdown), ("JSON", drift_as_json)):
        with steps.of(name):
            said = written(drift)
        steps.facts[f"KiB as {name}"] = len(said.encode()) >> 10
    with steps.of("page"):
        page = report_of_drift(drift_told(drift))
    steps.facts["KiB as a page"] = len(page.encode()) >> 10


if __name__ == "__main__":
    grow(__file__, "the reports of one audit", SIZES, work, unit="settings that drifted")
