"""Reports for a browser at the command line: written besides what stdout gets, of one target, of a night, of a review."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.browser.reports import AWAY
from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints
from tests.pipeline.repository import CONFIGS, replaced, repository

PAGE = (PROJECT / "docs" / "reports.md").read_text(encoding="utf-8")
STEPS = [(shlex.split(each[0])[1:], each[1]) for each in re.findall(r"```\n\$ ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)]


def test_a_review_is_written_as_a_page_or_told_as_one(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(here / "small", CONFIGS / "examples" / "first")
    monkeypatch.chdir(folder)
    replaced(folder / "configs/acme/agreement.yaml", "within: 4 business hours", "within: 8 business hours")
    (command, _) = next(step for step in STEPS if step[0][0] == "review")
    written = run(*command, "--today", "2026-11-02")
    page = (folder / "review.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert "8 business hours" in page
    assert "8 business hours" in written.out
    told = run("review", "main", "--today", "2026-11-02", "--format", "html")
    assert (told.code, told.out) == (written.code, page)


@pytest.mark.slow
def test_audits_are_written_as_the_page_about_reports_shows(run: Run, here: Path) -> None:
    pages = {}
    for command, shown in STEPS:
        if command[0] == "drift":
            if "--all-targets" in command:
                targets = here / "configs/targets.yaml"
                targets.write_text(targets.read_text(encoding="utf-8") + AWAY, encoding="utf-8")
            answer = run(*command)
            assert answer.code == ("not audited" in shown)
            prints(f"{answer.out}\n{answer.err}", shown)
            name = command[command.index("--report") + 1]
            pages[name] = (here / name).read_text(encoding="utf-8")
    assert "hubspot-simulator: 53 changes of the agreement not applied yet." in pages["audit.html"]
    assert "The last audits" not in pages["audit.html"]
    assert "HUBSPOT_TOKEN_OF_NOBODY" in pages["night.html"]
    assert pages["night.html"].count("<svg") == 3
    assert run("drift", "--target", "hubspot-simulator", "--report", "nowhere/at/all.html").code == 1
