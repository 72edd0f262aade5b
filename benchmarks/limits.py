"""Print what plan and audit cost where others fill a platform up to its limits: an org, and a portal; calls and seconds.

    python -m benchmarks.limits salesforce|hubspot

The size is how full it is, in percent. A full org: 740 fields, 450 validation rules and 500 flows of others, all about leads,
and 500 reports. A full portal: 800 properties, 1,000 lists and 900 workflows of others. What is left is room for ours. The
simulator runs in the same process, so that the seconds are those of both.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.growth import Steps, grow
from benchmarks.hubspot_portal import fill
from benchmarks.salesforce_plan import crowd
from sla_sync.connector import Connector
from sla_sync.connector.simulation import serve
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.drift import drift
from sla_sync.pipeline.look import look
from sla_sync.places import Place
from sla_sync.registry import load_connector

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (25, 50, 100)
TODAY, CLOCK = date(2026, 10, 5), datetime(2026, 10, 1, tzinfo=UTC)
ORG = {"CustomField": 740, "ValidationRule": 450, "Flow": 500, "Report": 500}
PORTAL = {"properties": 800, "lists": 1_000, "workflows": 900}
SWITCHES = {"tier": "enterprise", "burst_limit": 10**6}


def place_of(folder: Path, platform: str, served: dict[str, str]) -> Place:
    """Return the documents of acme beside a target that is a served simulator."""
    targets = folder / "configs" / "targets.yaml"
    text = (PROJECT / "configs" / "targets.yaml").read_text("utf-8")
    before, name, after = text.partition(f"  {platform}-simulator:\n")
    after = after.replace("simulator: true", f"simulator: {json.dumps(served)}", 1)
    targets.write_text(before + name + after, "utf-8")
    return Place(folder / "configs" / "acme" / "agreement.yaml", targets, folder / "state")


def work(size: int, steps: Steps) -> None:
    """Apply to a platform that others fill, then plan and audit it."""
    platform = sys.argv[3]
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as scratch:
        folder = Path(scratch)
        shutil.copytree(PROJECT / "configs", folder / "configs")
        (folder / "live").mkdir()
        connector = load_connector(platform)
        if platform == "salesforce":
            _through(connector, folder, platform, Steps(), ("apply",))
            steps.facts["components of others"] = crowd(
                folder / "live", {name: most * size // 100 for name, most in ORG.items()}, ("Lead",)
            )
            _through(connector, folder, platform, steps, ("plan, nothing to do", "audit"))
            return
        (folder / "live" / "switches.json").write_text(json.dumps(SWITCHES))
        filled = {name: most * size // 100 for name, most in PORTAL.items()}
        steps.facts["things of others"] = sum(filled.values())
        _through(connector, folder, platform, steps, ("apply", "plan, nothing to do", "audit"), filled)


def _through(
    connector: Connector, folder: Path, platform: str, steps: Steps, asked: tuple[str, ...],
    filled: dict[str, int] | None = None,
) -> None:  # fmt: skip
    make = connector.simulator
    if make is None:
        raise SystemExit("The connector ships no simulator.")
    with serve(make(), folder / "live", clock=CLOCK) as running:
        if filled:
            fill(running, **filled)
        served = {"url": running.url, "token": "TOKEN"} | ({"ca": str(running.ca)} if running.ca else {})
        place, environ, target = place_of(folder, platform, served), {"TOKEN": running.token}, f"{platform}-simulator"
        for step in asked:
            with steps.of(step, lambda: len(running.calls)):
                if step == "apply":
                    apply(place, target, environ=environ, today=TODAY)
                elif step == "audit":
                    found = drift(place, target, environ=environ, today=TODAY)
                else:
                    with look(place, target, environ=environ, today=TODAY, foresee=True) as sight:
                        if sight.plan.changes:
                            raise SystemExit(f"The plan after an apply is not empty: {sight.plan.changes[0].address}.")
            if step == "audit":
                steps.facts["findings"] = len(found.findings)


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        grow(__file__, "", SIZES, work, unit="")
    else:
        name = sys.argv.pop(1)
        title = "an org" if name == "salesforce" else "a portal"
        grow(__file__, f"{title} that others fill, with its simulator", SIZES, work, unit="percent full", also=(name,))
