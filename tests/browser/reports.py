"""Reports to be looked at: real ones of nights and a change on the simulators, and some whose every word is hostile."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

from sla_sync.cli import main
from sla_sync.connector.simulation import serve
from sla_sync.registry import load_connector
from sla_sync.render.html.drift import drift_told, report_of_drift
from sla_sync.render.html.night import report_of_night
from sla_sync.render.html.pack import report_of_page
from sla_sync.render.html.review import report_of_review
from sla_sync.render.pack.page import page_of
from tests.pipeline.repository import CONFIGS, commit, git, replaced
from tests.render import packs
from tests.render.reported import evil_drift, evil_review, night, now, quiet_drift, unreviewed, whole_review

START = datetime(2026, 10, 1, tzinfo=UTC)
TARGETS = {"salesforce-simulator": "salesforce", "hubspot-simulator": "hubspot"}
AWAY = """
  production:
    connector: hubspot
    binding: acme/bindings/hubspot.yaml
    agreements: [acme/agreement.yaml]
    token: HUBSPOT_TOKEN_OF_NOBODY
"""
CHANGES: Mapping[str, str] = {
    "hot: 15 business minutes": "hot: 30 business minutes",
    "threshold: 100": "threshold: 90",
}


def make(folder: Path) -> tuple[Path, ...]:
    """Write every report into a folder and return the files; what they are made from stays beside it."""
    work = folder.parent / "work"
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(CONFIGS, work / "configs")
    git(work, "init", "--quiet", "--initial-branch", "main")
    commit(work)
    with chdir(work):
        _real(folder)
    hostile = evil_drift()
    written = {
        "hostile-drift": report_of_drift(drift_told(hostile), night(hostile)[0].trend),
        "hostile-night": report_of_night(night(hostile, quiet_drift(), agreement=hostile.title), now()),
        "hostile-review": report_of_review(evil_review()),
        "in-sync": report_of_drift(drift_told(quiet_drift())),
        "whole-review": report_of_review(whole_review()),
        "first-review": report_of_review(unreviewed()),
        "pack": report_of_page(page_of(packs.usual())),
        "quiet-pack": report_of_page(page_of(packs.quiet())),
        "hostile-pack": report_of_page(page_of(packs.evil())),
    }
    for name, page in written.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return tuple(sorted(folder.glob("*.html")))


def _real(folder: Path) -> None:
    for target in TARGETS:
        _run(0, "apply", "--target", target, "--yes")
    _run(0, "drift", *(f"--target={each}" for each in TARGETS), "--record")
    for target, platform in TARGETS.items():
        simulator = load_connector(platform).simulator
        assert simulator is not None
        with serve(simulator(), Path(".sla-sync") / target / "simulator", clock=START) as running:
            assert simulator().administer(running)
    _run(3, "drift", "--target", "salesforce-simulator", "--record", "--report", str(folder / "drift.html"))
    targets = Path("configs/targets.yaml")
    targets.write_text(targets.read_text(encoding="utf-8") + AWAY, encoding="utf-8")
    _run(1, "drift", "--all-targets", "--report", str(folder / "night.html"))
    _run(0, "simulator", "history", "quarter")
    _run(0, "report", "--history", "quarter", "--as-of", "2026-12-08T10:00", "--out", "packs")
    shutil.copyfile("packs/pack-2026-12-08.html", folder / "made-up-pack.html")
    agreement = Path("configs/acme/agreement.yaml")
    for old, new in CHANGES.items():
        replaced(agreement, old, new)
    _run(1, "review", "main", "--today", "2026-11-02", "--write", f"html={folder / 'review.html'}")


def _run(code: int, *arguments: str) -> None:
    said = StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        found = main(arguments)
    if found != code:
        sys.exit(f"sla-sync {' '.join(arguments)} ended with {found}, not {code}:\n{said.getvalue()}")
