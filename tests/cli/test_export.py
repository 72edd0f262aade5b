"""`sla-sync export`: the page about it is true, nothing is written to a platform, and reports find what was kept."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.cli.conftest import Run, served
from tests.cli.test_readme import prints

PAGE = (Path(__file__).parents[2] / "docs" / "history.md").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_page_about_history_is_true(run: Run, here: Path) -> None:
    for line, printed in re.findall(r"```\n\$ sla-sync ([^\n]*)\n(.*?)```", PAGE, re.DOTALL):
        answer = run(*shlex.split(line))
        assert answer.code == 0, answer.err
        prints(answer.err + answer.out, printed.rstrip("\n"))
    assert (here / ".sla-sync" / "salesforce-simulator" / "history" / "manifest.json").is_file()
    measured = run("baseline", "--target", "salesforce-simulator")
    assert "No history of" not in measured.err


@pytest.mark.slow
def test_an_export_changes_nothing_there_and_the_next_one_goes_on(run: Run, here: Path) -> None:
    with served(here, "hubspot-simulator") as running:
        first = run("export", "--target", "hubspot-simulator", "--format", "json", "--out", "kept")
        assert first.code == 0, first.err
        told = json.loads(first.out)
        assert (told["folder"], told["went_on"], told["pseudonyms"]) == ("kept", False, True)
        assert told["untold"]
        second = run("export", "--target", "hubspot-simulator", "--format", "markdown", "--out", "kept")
        assert "what is new since the last export" in second.out
        assert running.application.state_changes == 0
        again = run("export", "--target", "hubspot-simulator", "--format", "json", "--out", "kept", "--anew")
        assert json.loads(again.out)["went_on"] is False


def test_tables_of_a_folder_are_taken_without_a_platform(run: Run, here: Path) -> None:
    (here / "elsewhere").mkdir()
    (here / "elsewhere" / "leads.csv").write_text("lead,created_at\n00Q1,2026-10-01T09:00:00Z\n", encoding="utf-8")
    answer = run("export", "--target", "salesforce-simulator", "--from", "elsewhere")
    assert answer.code == 0, answer.err
    assert re.search(r"leads +1 came +1 held", answer.out)
    gone = run("export", "--target", "salesforce-simulator", "--forget", "00Q1", "--format", "json")
    assert json.loads(gone.out)["removed"] == {"leads": 1}
    text = run("export", "--target", "salesforce-simulator", "--forget", "00Q1")
    assert "Nothing was kept" in text.out
    refused = run("export", "--target", "salesforce-simulator", "--from", "nowhere")
    assert (refused.code, "nowhere is no folder" in refused.err) == (1, True)
    assert run("export", "--target", "salesforce-simulator", "--since", "lately").code == 2
